"""Pure rules of the directory: topics suggested from words, what counts as active."""

from __future__ import annotations

import re
from functools import lru_cache

from desktop_app.directory.folding import fold, plain_text

#: German words, one table for all topics. They are folded before use. A word is found anywhere in a text
#: ("pflege" in „Kurzzeitpflege“), "=word" only as a whole word, "word-" only at the beginning of one.
# fmt: off
TOPIC_WORDS: dict[str, tuple[str, ...]] = {
    "gesundheit": (
        "gesundheit", "=arzt", "arztin", "ärzte", "medizin", "=praxis", "arztpraxis", "heilkunde", "therapie",
        "therapeut", "klinik", "krankenhaus", "chirurgie", "orthopäd", "neurolog", "psychiatr", "psycholog",
        "radiolog", "urolog", "hebamme", "geburtshilfe", "apotheke", "sucht-", "drogen-", "alkohol-",
        "depression", "krebs-", "reha-", "aids-", "=hiv", "hospiz", "palliativ", "ernährungsberat",
        "selbsthilfe", "rheuma", "diabet", "zahnarzt", "herzsport", "schwangerschaft", "anästhesi",
        "durchgangsarzt", "geriatr", "optiker", "gedächtnistraining",
    ),
    "pflege": (
        "pflegedienst", "pflegestützpunkt", "pflegeberat", "pflegeheim", "pflegegrad", "pflegewohn",
        "tagespflege-", "kurzzeitpflege", "altenpflege", "altenhilfe", "seniorenheim", "häusliche pflege",
        "pflegende", "=pflege", "sozialstation", "demenz", "pflegekurs", "seniorenpflege",
    ),
    "hilfsmittel": (
        "hilfsmittel", "rollator", "rollstuhl", "sanitätshaus", "hörgerät", "sehhilfe", "treppenlift",
        "hausnotruf", "wohnraumanpassung", "prothese",
    ),
    "kultur": (
        "kultur", "theater", "museum", "musik", "konzert", "galerie", "kunst", "bibliothek", "kino",
        "literatur", "tanz-", "chor-", "=chor", "lesung", "ausstellung", "künstler", "filmvorführ",
    ),
    "freizeit": (
        "freizeit", "sport-", "=sport", "spiel-", "wander-", "radwander", "spazier", "tanz-",
        "ausflüge", "reise-", "kreativ", "basteln",
        "handarbeit", "gymnastik", "yoga", "schach", "=skat", "kochen", "garten-", "hobby", "fahrten",
        "fitness", "schwimm", "fußball", "kegeln", "hotel", "tierpark",
    ),
    "ehrenamt": (
        "ehrenamt", "freiwillig", "bürgerschaftlich", "engagement", "patenschaft", "nachbarschaftshilfe",
    ),
    "dienstleistungen": (
        "haushaltshilfe", "hauswirtschaft", "einkaufsdienst", "einkaufshilfe", "besuchsdienst",
        "mahlzeitendienst", "essen auf rädern", "handwerk", "reparatur", "vermietung", "wäscherei", "friseur",
        "fußpflege", "mietbar", "catering", "buffet", "dienstleistung", "kleiderkammer", "tierheim",
        "tierschutz", "hausnotruf", "nachbarschaftshilfe",
    ),
    "wohnen": (
        "wohnen", "wohnung", "wohngemeinschaft", "wohnheim", "wohnprojekt", "mieter", "obdachlos",
        "wohnungslos", "notunterkunft", "wohnhilfe", "wohngruppe", "wohngeld", "wohnberat", "wohnraum",
    ),
    "begegnung": (
        "begegnung", "treffpunkt", "nachbarschaft", "stadtteilzentrum", "kieztreff", "familientreff",
        "seniorentreff", "familienzentrum", "café", "cafe", "gruppentreff", "stammtisch", "gesprächskreis",
        "klubnachmittag", "seniorenclub", "versammlung", "raumvermietung", "veranstaltungsraum", "frühstück",
        "kontaktladen", "geselligkeit", "mehrgenerationen", "=treff", "mittagstisch",
    ),
    "finanzen": (
        "schulden", "finanz", "insolvenz", "sozialleistung", "grundsicherung", "arbeitslosengeld",
        "rentenberat", "rentenversicherung", "behörde", "bürgeramt", "antragstellung", "sozialamt",
        "jobcenter", "berlinpass", "=rente", "haushaltsplan", "spenden", "schwerbehindertenausweis", "wohngeld",
    ),
    "soziales": (
        "sozialberat", "sozialarbeit", "soziale", "beratungsstelle", "krise", "integration", "migrat",
        "flüchtling", "behinder", "inklusion", "gewaltprävention", "gewaltschutz", "opferhilfe",
        "familienberat", "familienhilfe", "telefonseelsorge", "seelsorge", "lebensberat", "betreuung",
        "frauenhaus", "frauenzentrum", "entwicklungspolit", "eine-welt", "solidar", "gemeinwesen", "einsam-",
        "=trauer", "trauercafe", "trauerbegleit", "trauergruppe",
    ),
    "bildung": (
        "bildung", "schule", "schüler", "nachhilfe", "hausaufgaben", "sprachkurs", "deutschkurs",
        "volkshochschule", "kurse", "lernen", "lernwerkstatt", "unterricht", "seminar", "workshop", "vortrag",
        "alphabetisierung", "weiterbildung", "gedächtnistraining",
    ),
    "jugend": (
        "jugend", "kinder", "=jfe", "=kita", "mädchen", "jungen-", "familie", "eltern", "krabbel", "baby",
        "streetwork", "schulsozialarbeit", "schulstation", "spielplatz", "erzieh", "abenteuer", "hort-",
        "jugendliche",
    ),
    "arbeit": (
        "arbeitslos", "berufsorient", "berufsberat", "bewerbung", "ausbildung", "beschäftigung",
        "arbeitsmarkt", "arbeitsplatz", "arbeitsvermitt", "jobcenter", "jobcoach", "existenzgründ",
        "qualifizierung", "werkstatt für behinderte",
    ),
    "mobilitaet": (
        "fahrdienst", "mobilität", "mobilitätshilfe", "fahrrad", "bahn und bus", "begleitdienst",
        "begleitservice", "parkplatz", "führerschein", "verkehrsberat",
    ),
    "digitales": (
        "computer", "internet", "digital", "smartphone", "tablet-", "medienkompetenz", "=pc", "edv",
        "multimedia", "online", "medienarbeit", "medienbereich",
    ),
    "recht": (
        "rechtsberat", "rechtsanw", "=recht", "rechtliche", "betreuungsverein", "vorsorgevollmacht",
        "patientenverfügung", "mediation", "=gericht", "gerichtlich", "amtsgericht",
        "sozialgericht", "verbraucher", "straffällig", "täter-opfer", "mietrecht", "mieterberat", "schiedsamt", "asyl",
    ),
}
# fmt: on

TOPIC_CODES: tuple[str, ...] = tuple(TOPIC_WORDS)

#: How a topic is called, to be found by its name; the office's own wording stays with its settings.
TOPIC_NAMES: dict[str, str] = {
    "gesundheit": "Gesundheit",
    "pflege": "Pflege",
    "hilfsmittel": "Hilfsmittel",
    "kultur": "Kultur",
    "freizeit": "Freizeit",
    "ehrenamt": "Ehrenamt",
    "dienstleistungen": "Dienstleistungen",
    "wohnen": "Wohnen",
    "begegnung": "Begegnung",
    "finanzen": "Finanzen und Behörden",
    "soziales": "Soziales",
    "bildung": "Bildung",
    "jugend": "Jugend und Familie",
    "arbeit": "Arbeit",
    "mobilitaet": "Mobilität",
    "digitales": "Digitales",
    "recht": "Recht",
}

CLOSED_STATUSES = frozenset({"inactive", "defunct"})
_MAXIMUM_SUGGESTIONS = 4
_NAME_WEIGHT = 3


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {code: re.compile("|".join(map(_pattern, topic_words))) for code, topic_words in TOPIC_WORDS.items()}


def _pattern(word: str) -> str:
    if word.startswith("="):
        return rf"\b{re.escape(fold(word))}\b"
    if word.endswith("-"):
        return rf"\b{re.escape(fold(word))}"
    return re.escape(fold(word))


def suggest_topics(name: str, description: str) -> tuple[str, ...]:
    """Return the topic codes that the words of a service speak for, the strongest first, at most four."""
    folded_name = fold(name)
    folded_description = fold(plain_text(description))
    weights: dict[str, int] = {}
    for code, pattern in _patterns().items():
        weight = _NAME_WEIGHT * len(set(pattern.findall(folded_name))) + len(set(pattern.findall(folded_description)))
        if weight:
            weights[code] = weight
    ranked = sorted(weights, key=lambda code: (-weights[code], TOPIC_CODES.index(code)))
    return tuple(ranked[:_MAXIMUM_SUGGESTIONS])


def is_active(status: str | None, *, withdrawn: bool) -> bool:
    """Whether a service can be recommended: neither withdrawn nor closed for good."""
    return not withdrawn and (status or "").casefold() not in CLOSED_STATUSES
