"""The invented half of the sample directory: what a front desk for older people looks for is there and whole."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
INVENTED_NUMBER = re.compile(r"030 231259\d\d|0171 39200\d\d")

WORDS = {
    "Pflege": "Pflegestützpunkt Musterstadt",
    "pflegedienst": "Ambulanter Pflegedienst Sonnenweg",
    "Tagespflege": "Tagespflege Sonnenweg",
    "Haushaltshilfe": "Haushaltshilfe und Entlastung im Alltag",
    "Demenz": "Demenz-Beratung",
    "pflegende angehoerige": "Angehörigengruppe Demenz",
    "Hausnotruf": "Hausnotruf",
    "essen auf raedern": "Essen auf Rädern",
    "Fahrdienst": "Begleit- und Fahrdienst",
    "sanitaetshaus": "Sanitätshaus und Hilfsmittelverleih",
    "Rollator": "Sanitätshaus und Hilfsmittelverleih",
    "Treppenlift": "Wohnberatung und Wohnraumanpassung",
    "Grundsicherung": "Grundsicherung im Alter",
    "Sozialamt": "Grundsicherung im Alter",
    "Wohngeld": "Wohngeldstelle",
    "Schuldnerberatung": "Schuldnerberatung",
    "Mieterberatung": "Mieterberatung",
    "patientenverfuegung": "Vorsorgevollmacht und Patientenverfügung",
    "Vorsorgevollmacht": "Vorsorgevollmacht und Patientenverfügung",
    "Besuchsdienst": "Besuchsdienst",
    "Nachbarschaftshilfe": "Nachbarschaftshilfe",
    "Einsamkeit": "Silbertelefon",
    "Seniorentreff": "Treff am Nachmittag mit Kaffee und Kuchen",
    "Kaffee": "Treff am Nachmittag mit Kaffee und Kuchen",
    "Mittagstisch": "Mittagstisch im Lindenhof",
    "spazier": "Spaziergruppe",
    "Tanz": "Tanz ab 60",
    "gedaechtnis": "Gedächtnistraining",
    "Vorlesen": "Vorlesen und Bücher nach Hause",
    "Smartphone": "Smartphone-Sprechstunde",
    "Handy": "Smartphone-Sprechstunde",
    "Deutschkurs": "Deutschkurs für ältere Zugewanderte",
    "Ehrenamt": "Ehrenamtsbörse",
    "Nachhilfe": "Lernpatenschaft",
    "Trauer": "Trauercafé",
    "Hospiz": "Ambulanter Hospizdienst",
    "Selbsthilfe": "Selbsthilfe-Kontaktstelle",
}
FIRST_TOPIC = {
    "Pflegestützpunkt Musterstadt": "pflege",
    "Grundsicherung im Alter": "finanzen",
    "Wohnberatung und Wohnraumanpassung": "wohnen",
    "Sanitätshaus und Hilfsmittelverleih": "hilfsmittel",
    "Essen auf Rädern": "dienstleistungen",
    "Begleit- und Fahrdienst": "mobilitaet",
    "Treff am Nachmittag mit Kaffee und Kuchen": "begegnung",
    "Spaziergruppe": "freizeit",
    "Vorlesen und Bücher nach Hause": "kultur",
    "Ehrenamtsbörse": "ehrenamt",
    "Smartphone-Sprechstunde": "digitales",
    "Deutschkurs für ältere Zugewanderte": "bildung",
    "Vorsorgevollmacht und Patientenverfügung": "recht",
    "Silbertelefon": "soziales",
    "Selbsthilfe-Kontaktstelle": "gesundheit",
}


@pytest.fixture(scope="module")
def invented() -> Any:
    """The rows that `musterstadt.py` makes of its text."""
    specification = importlib.util.spec_from_file_location("musterstadt", SAMPLE / "musterstadt.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.tables()


@pytest.fixture(scope="module")
def records(invented: Any, shared_sample: Any) -> dict[str, Any]:
    """The invented services as they were imported, by name."""
    found = shared_sample.queries.services_by_ids([row["id"] for row in invented["services"]])
    return {record.name: record for record in found}


def test_the_package_has_what_the_text_says(invented: Any, sources: Any) -> None:
    tables = sources.read_tables(sources.sample)
    for name, rows in invented.items():
        shipped = {row["id"]: {key: value for key, value in row.items() if value} for row in tables[name]}
        ids = [row["id"] for row in rows]
        assert len(set(ids)) == len(ids), name
        for row in rows:
            assert shipped[row["id"]] == {key: value for key, value in row.items() if value}, name


def test_nothing_invented_reaches_anybody(invented: Any) -> None:
    numbers = [row["number"] for row in invented["phones"]]
    assert all(INVENTED_NUMBER.fullmatch(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    for name, column in (("organizations", "email"), ("services", "email"), ("services", "assurer_email")):
        assert all(row[column].endswith(".example.org") for row in invented[name] if column in row)
    pages = [
        row[key]
        for name in ("organizations", "services")
        for row in invented[name]
        for key in row
        if key in "url website"
    ]
    assert pages
    assert all(re.fullmatch(r"https://[a-z-]+\.example\.org(/[a-z]+)?", page) for page in pages)
    assert {row["postal_code"] for row in invented["addresses"]} == {"12345"}


def test_numbers_of_the_two_parts_do_not_meet(invented: Any, sources: Any) -> None:
    own = {row["id"] for row in invented["phones"]}
    others = {row["number"] for row in sources.read_tables(sources.sample)["phones"] if row["id"] not in own}
    assert not others & {row["number"] for row in invented["phones"]}


@pytest.mark.parametrize(("typed", "name"), WORDS.items())
def test_what_a_front_desk_looks_for_is_found_first(typed: str, name: str, shared_sample: Any) -> None:
    assert shared_sample.queries.search(typed, limit=5)[0].service_name == name


@pytest.mark.parametrize(("name", "topic"), FIRST_TOPIC.items())
def test_the_topic_that_fits_is_suggested_first(name: str, topic: str, records: dict[str, Any]) -> None:
    assert records[name].topics[0] == topic


def test_every_service_has_all_that_a_sheet_needs(records: dict[str, Any]) -> None:
    assert len(records) == 32
    for record in records.values():
        assert record.description, record.name
        assert record.phones, record.name
        assert record.languages, record.name
        assert record.topics, record.name
        assert record.costs or record.fees, record.name
        assert "erfragen" not in record.hours[0].times, record.name
        for place in record.places:
            assert place.address_lines[-1] == "12345 Musterstadt"
            assert place.transportation, record.name
            assert place.accessibility, record.name
        # What a provider has assured to somebody else is no check of our own.
        assert record.last_verified is None


def test_hours_and_prices_read_as_written(records: dict[str, Any]) -> None:
    shop = records["Sanitätshaus und Hilfsmittelverleih"]
    assert [(row.days, row.times) for row in shop.hours] == [
        ("Mo–Fr", "9:00–13:00"), ("Mo–Fr", "14:30–18:00"), ("Sa", "9:30–12:30"),
    ]  # fmt: skip
    assert shop.costs[0] == "Rollstuhl leihen, 15,00 €, je Woche"
    assert records["Trauercafé"].hours[0].days == "3. So im Monat"
    assert records["Tanz ab 60"].hours[0].days == "Fr (alle 2 Wochen)"
    assert [place.name for place in records["Smartphone-Sprechstunde"].places] == ["Volkshochschule", "Bürgerhaus Nord"]
    assert all(place.hours for place in records["Smartphone-Sprechstunde"].places)
    assert records["Wohngeldstelle"].alert.startswith("Zurzeit dauert die Bearbeitung länger.")


def test_all_of_one_part_of_the_town(shared_sample: Any) -> None:
    hits = shared_sample.queries.search("", limit=100, area="Musterstadt Nord")
    assert {hit.service_name for hit in hits} >= {"Tagespflege Sonnenweg", "Trauercafé", "Smartphone-Sprechstunde"}
    assert "Mieterberatung" not in {hit.service_name for hit in hits}
