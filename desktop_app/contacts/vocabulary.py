"""The closed word lists of a contact: stored codes and what people read.

Codes are stored and never change; labels may. Every optional question shares three answers besides its
own: not asked (the default), unknown, no answer.
"""

from __future__ import annotations

from enum import StrEnum

from desktop_app.core.translation import tr

NOT_ASKED = "not_asked"
UNKNOWN = "unknown"
NO_ANSWER = "no_answer"


class Channel(StrEnum):
    """How the visitor reached the office."""

    OFFICE = "office"
    PHONE = "phone"
    MAIL = "mail"
    HOME_VISIT = "home_visit"
    OUTREACH = "outreach"
    VIDEO = "video"

    @property
    def label(self) -> str:
        """The German word."""
        return {
            Channel.OFFICE: tr("Im Büro"),
            Channel.PHONE: tr("Telefon"),
            Channel.MAIL: tr("Brief, E-Mail"),
            Channel.HOME_VISIT: tr("Hausbesuch"),
            Channel.OUTREACH: tr("Unterwegs"),
            Channel.VIDEO: tr("Video"),
        }[self]


class Depth(StrEnum):
    """How much help the contact was."""

    INFORMATION = "information"
    COUNSELLING = "counselling"
    ACCOMPANIMENT = "accompaniment"

    @property
    def label(self) -> str:
        """The German word."""
        return {
            Depth.INFORMATION: tr("Auskunft"),
            Depth.COUNSELLING: tr("Beratung"),
            Depth.ACCOMPANIMENT: tr("Begleitung"),
        }[self]


class Result(StrEnum):
    """What became of a need."""

    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"
    OPEN = "open"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The German word."""
        return {
            Result.MET: tr("Geklärt"),
            Result.PARTLY: tr("Teilweise"),
            Result.UNMET: tr("Nicht geklärt"),
            Result.OPEN: tr("Noch offen"),
            Result.UNKNOWN: tr("Unbekannt"),
        }[self]


class UnmetReason(StrEnum):
    """Why a need was not met or only partly."""

    NO_OFFER = "no_offer"
    FULL = "full"
    NOT_ELIGIBLE = "not_eligible"
    TOO_EXPENSIVE = "too_expensive"
    ACCESS = "access"
    LANGUAGE = "language"
    NO_STAFF = "no_staff"
    NO_REPLY = "no_reply"
    NOT_WANTED = "not_wanted"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The German words."""
        return {
            UnmetReason.NO_OFFER: tr("Kein Angebot vorhanden"),
            UnmetReason.FULL: tr("Voll oder Warteliste"),
            UnmetReason.NOT_ELIGIBLE: tr("Voraussetzung nicht erfüllt"),
            UnmetReason.TOO_EXPENSIVE: tr("Zu teuer"),
            UnmetReason.ACCESS: tr("Weg, Barriere oder Uhrzeit"),
            UnmetReason.LANGUAGE: tr("Sprache"),
            UnmetReason.NO_STAFF: tr("Kein Personal"),
            UnmetReason.NO_REPLY: tr("Anbieter meldet sich nicht"),
            UnmetReason.NOT_WANTED: tr("Person möchte nicht"),
            UnmetReason.UNKNOWN: tr("Grund unbekannt"),
        }[self]


class ReferralMode(StrEnum):
    """How the visitor was passed on."""

    NAMED = "named"
    SHEET = "sheet"
    ANNOUNCED = "announced"
    ACCOMPANIED = "accompanied"

    @property
    def label(self) -> str:
        """The German word."""
        return {
            ReferralMode.NAMED: tr("Genannt"),
            ReferralMode.SHEET: tr("Zettel"),
            ReferralMode.ANNOUNCED: tr("Angekündigt"),
            ReferralMode.ACCOMPANIED: tr("Begleitet"),
        }[self]


class ReferralState(StrEnum):
    """What became of a referral."""

    OPEN = "open"
    CONTACTED = "contacted"
    HELP_RECEIVED = "help_received"
    DECLINED = "declined"
    DID_NOT_GO = "did_not_go"
    NOT_TRACEABLE = "not_traceable"

    @property
    def label(self) -> str:
        """The German words."""
        return {
            ReferralState.OPEN: tr("Offen"),
            ReferralState.CONTACTED: tr("Kontakt besteht"),
            ReferralState.HELP_RECEIVED: tr("Hilfe erhalten"),
            ReferralState.DECLINED: tr("Abgelehnt"),
            ReferralState.DID_NOT_GO: tr("Nicht hingegangen"),
            ReferralState.NOT_TRACEABLE: tr("Nicht nachvollziehbar"),
        }[self]


class TallyKind(StrEnum):
    """What the tally counts besides contacts."""

    VISITOR = "visitor"
    CALL = "call"
    LEAFLET = "leaflet"

    @property
    def label(self) -> str:
        """The German words."""
        return {
            TallyKind.VISITOR: tr("Besuch ohne Gespräch"),
            TallyKind.CALL: tr("Kurzer Anruf"),
            TallyKind.LEAFLET: tr("Faltblatt mitgegeben"),
        }[self]


class Fact(StrEnum):
    """An optional question about the person concerned; the value is the column's name."""

    FOR_WHOM = "for_whom"
    AGE_BAND = "age_band"
    GENDER = "gender"
    SOCIAL_SPACE = "social_space"
    VISIT_KIND = "visit_kind"
    CARE_LEVEL = "care_level"
    LANGUAGE = "language"
    ACCESS_ROUTE = "access_route"
    DURATION = "duration"

    @property
    def label(self) -> str:
        """The German question in one or two words."""
        return {
            Fact.FOR_WHOM: tr("Für wen"),
            Fact.AGE_BAND: tr("Altersgruppe"),
            Fact.GENDER: tr("Geschlecht"),
            Fact.SOCIAL_SPACE: tr("Sozialraum"),
            Fact.VISIT_KIND: tr("Erst- oder Folgekontakt"),
            Fact.CARE_LEVEL: tr("Pflegegrad"),
            Fact.LANGUAGE: tr("Sprache"),
            Fact.ACCESS_ROUTE: tr("Zugangsweg"),
            Fact.DURATION: tr("Dauer"),
        }[self]


AGE_BANDS = ("under_60", "60_64", "65_69", "70_74", "75_79", "80_84", "85_89", "90_plus")
DURATIONS = ("5", "10", "15", "30", "45", "60", "90")
OUTSIDE_SOCIAL_SPACES = "outside"


def open_answers() -> dict[str, str]:
    """Return the three answers every optional question has, code to label."""
    return {NOT_ASKED: tr("nicht gefragt"), UNKNOWN: tr("weiß nicht"), NO_ANSWER: tr("keine Angabe")}


def fact_answers(fact: Fact) -> dict[str, str]:
    """Return a question's own answers, code to label, in order; social spaces come from the office's settings."""
    return {
        Fact.FOR_WHOM: {
            "self": tr("für sich selbst"),
            "relative": tr("für Angehörige"),
            "neighbour": tr("für Nachbarn oder Freunde"),
            "professional": tr("als Fachkraft für jemanden"),
        },
        Fact.AGE_BAND: {
            "under_60": tr("unter 60"),
            "60_64": "60–64",
            "65_69": "65–69",
            "70_74": "70–74",
            "75_79": "75–79",
            "80_84": "80–84",
            "85_89": "85–89",
            "90_plus": tr("90 und älter"),
        },
        Fact.GENDER: {"female": tr("weiblich"), "male": tr("männlich"), "diverse": tr("divers")},
        Fact.SOCIAL_SPACE: {OUTSIDE_SOCIAL_SPACES: tr("von außerhalb")},
        Fact.VISIT_KIND: {"first": tr("Erstkontakt"), "follow_up": tr("Folgekontakt")},
        Fact.CARE_LEVEL: {
            "none": tr("kein Pflegegrad"),
            "applied": tr("beantragt"),
            "1": tr("Pflegegrad 1"),
            "2": tr("Pflegegrad 2"),
            "3": tr("Pflegegrad 3"),
            "4": tr("Pflegegrad 4"),
            "5": tr("Pflegegrad 5"),
        },
        Fact.LANGUAGE: {
            "de": tr("Deutsch"),
            "tr": tr("Türkisch"),
            "ar": tr("Arabisch"),
            "ru": tr("Russisch"),
            "uk": tr("Ukrainisch"),
            "pl": tr("Polnisch"),
            "fa": tr("Farsi"),
            "en": tr("Englisch"),
            "fr": tr("Französisch"),
            "vi": tr("Vietnamesisch"),
            "other": tr("andere Sprache"),
        },
        Fact.ACCESS_ROUTE: {
            "own": tr("aus eigenem Antrieb"),
            "family": tr("Familie oder Bekannte"),
            "doctor": tr("Arztpraxis oder Klinik"),
            "authority": tr("Amt oder Pflegekasse"),
            "partner": tr("andere Beratungsstelle"),
            "press": tr("Zeitung, Aushang, Faltblatt"),
            "internet": tr("Internet"),
            "event": tr("Veranstaltung"),
        },
        Fact.DURATION: {
            "5": tr("bis 5 Minuten"),
            "10": tr("bis 10 Minuten"),
            "15": tr("bis 15 Minuten"),
            "30": tr("bis 30 Minuten"),
            "45": tr("bis 45 Minuten"),
            "60": tr("bis 60 Minuten"),
            "90": tr("über 60 Minuten"),
        },
    }[fact]


def answer_label(fact: Fact, code: str, social_spaces: dict[str, str] | None = None) -> str:
    """Return the label of an answer; a code nobody knows (any more) is shown as it is."""
    if code in (social_spaces or {}) and fact is Fact.SOCIAL_SPACE:
        return (social_spaces or {})[code]
    return fact_answers(fact).get(code) or open_answers().get(code) or code
