"""How a referral stands, whatever order its parts arrive in; which consent allows it. Pure.

A referral is two parts, each with one writer: the offer (sender) and the answer (receiver). How it stands follows from the
two parts alone, from no clock and no order of arrival, so both sides end at the same. An offer only ever goes on
(offered, closed, withdrawn); the first answer at the hub stands. A withdrawal says whether its writer had seen an
acceptance; if not, it beats every answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from desktop_app.core.translation import tr
from desktop_app.directory.folding import words
from desktop_app.exchange.records import (
    Answer,
    Cause,
    ConsentFact,
    ContentField,
    DeclineReason,
    OfferState,
    Outcome,
    PartnerOffice,
    ReferralContent,
)
from desktop_app.visitors.records import Consent, ConsentKind, ConsentState

#: an offer that nobody answers is withdrawn after so many days
DAYS_OPEN: Final = 14
LONGEST_MESSAGE: Final = 1000
LONGEST_ANSWER: Final = 300

_RANK: Final = {OfferState.OFFERED: 0, OfferState.CLOSED: 1, OfferState.WITHDRAWN: 2}
#: legal forms and small words, that nobody is known by
_FILLERS: Final = frozenset(words("e. V. eV gGmbH GmbH gemeinnützige der die das dem den im in am an für und von zu"))
#: words that many carriers begin with
_COMMON: Final = frozenset(
    words(
        "Verband Kreisverband Stadtverband Ortsverband Bezirksverband Landesverband Stiftung Stadt Träger Verein Büro"
    )
)
_SHORTEST_BEGINNING: Final = 3


@dataclass(frozen=True, slots=True)
class OfferPart:
    """What the sender says."""

    state: OfferState
    cause: Cause | None = None
    after_acceptance: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """What the receiver says."""

    answer: Answer
    reason: DeclineReason | None = None
    text: str = ""
    at: str = ""


def joined_offer(mine: OfferPart, from_hub: OfferPart) -> OfferPart:
    """Return the one that went on further; of two that went equally far the hub's, which others have read."""
    return mine if _RANK[mine.state] > _RANK[from_hub.state] else from_hub


def withdrawn(offer: OfferPart, answer: AnswerPart | None, cause: Cause, at: str) -> OfferPart:
    """Return the withdrawal of an offer; one that is withdrawn stays as it is."""
    if offer.state is OfferState.WITHDRAWN:
        return offer
    seen = answer is not None and answer.answer is Answer.ACCEPTED
    return OfferPart(OfferState.WITHDRAWN, cause, seen, at)


def after_answer(offer: OfferPart, answer: AnswerPart | None) -> OfferPart:
    """Return the offer once its answer is known: its content need not stay at the hub."""
    if answer is not None and offer.state is OfferState.OFFERED:
        return OfferPart(OfferState.CLOSED)
    return offer


def outcome(offer: OfferPart, answer: AnswerPart | None) -> Outcome:
    """Return how a referral stands."""
    if offer.state is OfferState.WITHDRAWN:
        return Outcome.WITHDRAWN_AFTER_ACCEPTANCE if offer.after_acceptance else Outcome.WITHDRAWN
    if answer is None:
        return Outcome.WAITING
    return Outcome.ACCEPTED if answer.answer is Answer.ACCEPTED else Outcome.DECLINED


def told_answer(offer: OfferPart, answer: AnswerPart | None) -> AnswerPart | None:
    """Return the answer that the receiver tells the hub: none after a withdrawal, which beats it."""
    return answer if offer.state is not OfferState.WITHDRAWN else None


def is_expired(expires_on: date, today: date) -> bool:
    """Tell whether nobody can answer any more; the last day counts."""
    return today > expires_on


def expiry(today: date) -> date:
    """Return the last day of an offer made today."""
    return today + timedelta(days=DAYS_OPEN)


def lost_ground(state: Outcome, consent: Consent | None, expires_on: date, today: date) -> Cause | None:
    """Return why an offer must be withdrawn now, None while it may stand. `consent` is None when it was erased.

    A revocation or an erasure is told to the other office even after an answer. That a consent ran out, or that nobody
    answered in time, only ends an offer that still waits.
    """
    if state in {Outcome.WITHDRAWN, Outcome.WITHDRAWN_AFTER_ACCEPTANCE}:
        return None
    if consent is None:
        return Cause.ERASED
    worth = consent.state(today)
    if worth is ConsentState.REVOKED:
        return Cause.REVOKED
    if state is Outcome.WAITING:
        if worth is not ConsentState.VALID:
            return Cause.ENDED
        if is_expired(expires_on, today):
            return Cause.EXPIRED
    return None


# Consent and office ---------------------------------------------------------------------------------


def names_office(partner: str, office: PartnerOffice, others: Iterable[PartnerOffice] = ()) -> bool:
    """Tell whether the partner of a consent names an office, by its whole name or by its carrier, and nobody else.

    „Caritas“ names an office of „Caritasverband Musterstadt e. V.“, and so does „Caritas, Quartiersbüro Nord“;
    „Pflegedienst Nord“ and „Caritas-Pflegedienst“ don't. Where two offices have the same name, the carrier must be named.
    """
    said = [word for word in words(partner) if word not in _FILLERS]
    own = [word for word in words(office.name) if word not in _FILLERS]
    carrier = [word for word in words(office.carrier) if word not in _FILLERS]
    if not said or not all(word in own or _begins_one(word, carrier) for word in said):
        return False
    telling = next((word for word in carrier if word not in _COMMON), None)
    if telling is not None and any(_begins_one(word, [telling]) for word in said):
        return True
    is_shared = any(words(other.name) == words(office.name) for other in others if other.office_id != office.office_id)
    return bool(own) and set(own) <= set(said) and not is_shared


def _begins_one(word: str, names: Iterable[str]) -> bool:
    return any(name == word or (len(word) >= _SHORTEST_BEGINNING and name.startswith(word)) for name in names)


def usable_consents(
    consents: Iterable[Consent], office: PartnerOffice, others: Sequence[PartnerOffice], day: date
) -> tuple[Consent, ...]:
    """Return the consents in force that allow passing on to an office."""
    return tuple(
        consent
        for consent in consents
        if consent.kind is ConsentKind.PASS_ON
        and consent.state(day) is ConsentState.VALID
        and names_office(consent.partner, office, others)
    )


def consent_fact(consent: Consent) -> ConsentFact:
    """Return what travels of a consent."""
    return ConsentFact(consent.given_on, consent.form_version, consent.partner, consent.purpose, consent.ends_on)


def fields_of(content: ReferralContent) -> frozenset[ContentField]:
    """Return what a content passes on."""
    held = {
        ContentField.NAME: content.name,
        ContentField.PHONE: content.phone,
        ContentField.BIRTH_YEAR: content.birth_year,
        ContentField.TOPIC: content.topic_name,
        ContentField.MESSAGE: content.message,
    }
    return frozenset(field for field, value in held.items() if value)


# Words ----------------------------------------------------------------------------------------------


def field_label(field: ContentField) -> str:
    """Return the word for a field."""
    return {
        ContentField.NAME: tr("Name"),
        ContentField.PHONE: tr("Telefon"),
        ContentField.BIRTH_YEAR: tr("Geburtsjahr"),
        ContentField.TOPIC: tr("Thema des Anliegens"),
        ContentField.MESSAGE: tr("Nachricht"),
    }[field]


def reason_label(reason: DeclineReason) -> str:
    """Return the words for a reason to decline."""
    return {
        DeclineReason.NO_CAPACITY: tr("zurzeit kein freier Platz"),
        DeclineReason.NOT_RESPONSIBLE: tr("dieses Büro ist nicht zuständig"),
        DeclineReason.PERSON_UNREACHABLE: tr("Person nicht erreicht"),
        DeclineReason.PERSON_DECLINED: tr("Person möchte nicht (mehr)"),
        DeclineReason.ALREADY_SUPPORTED: tr("wird hier schon begleitet"),
        DeclineReason.INCOMPLETE: tr("Angaben reichen nicht, bitte rufen Sie an"),
        DeclineReason.OTHER: tr("anderer Grund"),
    }[reason]


def cause_label(cause: Cause) -> str:
    """Return why an offer was withdrawn."""
    return {
        Cause.BY_HAND: tr("vom anbietenden Büro"),
        Cause.REVOKED: tr("Einwilligung widerrufen"),
        Cause.ENDED: tr("Einwilligung abgelaufen"),
        Cause.ERASED: tr("Daten der Person gelöscht"),
        Cause.EXPIRED: tr("keine Antwort in 14 Tagen"),
    }[cause]


def outcome_label(state: Outcome) -> str:
    """Return how a referral stands, in a word."""
    return {
        Outcome.WAITING: tr("wartet auf Antwort"),
        Outcome.ACCEPTED: tr("angenommen"),
        Outcome.DECLINED: tr("abgelehnt"),
        Outcome.WITHDRAWN: tr("zurückgezogen"),
        Outcome.WITHDRAWN_AFTER_ACCEPTANCE: tr("nach der Annahme zurückgezogen"),
    }[state]


def fields_text(fields: Iterable[ContentField]) -> str:
    """Return fields in words, in their order."""
    chosen = set(fields)
    return ", ".join(field_label(field) for field in ContentField if field in chosen)
