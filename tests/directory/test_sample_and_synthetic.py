"""The directory that ships, and invented services for measuring."""

from __future__ import annotations

import re
from typing import Any

from desktop_app.directory.rules import TOPIC_CODES, suggest_topics
from desktop_app.directory.synthetic import insert_synthetic_services, synthetic_services

PERSON = re.compile(r"\b(Frau|Herrn?|Dr\.|Prof\.|Dipl\.)\s+[A-ZÄÖÜ]")
SURNAME_FIRST = re.compile(r"[A-ZÄÖÜ][a-zäöüß-]+, ?[A-ZÄÖÜ][a-zäöüß-]+$")
#: The second part: mobile numbers that are kept free for invented use.
MOBILE = re.compile(r"(\+49 ?|\b0)1[567]\d(?! 39200)")


def test_the_sample_names_no_people(sources: Any) -> None:
    tables = sources.read_tables(sources.sample)
    for table, rows in tables.items():
        for row in rows:
            for column, value in row.items():
                assert not PERSON.search(value), (table, column, value)
                assert not (column == "number" and MOBILE.search(value)), value
    for name in ("organizations", "services", "locations"):
        assert not [
            row["name"] for row in tables[name] if SURNAME_FIRST.search(row["name"]) and "Praxis" not in row["name"]
        ]
    local_parts = [row["email"].split("@")[0] for row in tables["services"] if row["email"]]
    assert not [part for part in local_parts if re.fullmatch(r"[a-z]\.[a-z]+", part)]
    assert not [row["url"] for row in tables["services"] if "@" in row["url"]]


def test_practices_have_numbers_that_reach_nobody(sources: Any) -> None:
    tables = sources.read_tables(sources.sample)
    practices = {row["id"] for row in tables["services"] if "praxis" in row["name"].casefold()}
    numbers = [row["number"] for row in tables["phones"] if row["service_id"] in practices]
    assert len(practices) > 150
    assert all(number.startswith("030 23125") for number in numbers)


def test_topics_are_suggested_from_german_words() -> None:
    assert suggest_topics("Schuldnerberatung", "Hilfe bei Schulden und Insolvenz") == ("finanzen",)
    assert "pflege" in suggest_topics("Pflegestützpunkt", "<p>Pflegeberatung f&uuml;r Angeh&ouml;rige</p>")
    assert suggest_topics("Computerkurs", "Smartphone und Tablet üben")[0] == "digitales"
    assert suggest_topics("", "") == ()
    everything = suggest_topics("Beratung", "Pflege, Kultur, Sport, Wohnen, Recht, Schule, Jugend, Theater, Mietrecht")
    assert len(everything) == 4
    assert set(everything) <= set(TOPIC_CODES)


def test_invented_services_are_repeatable() -> None:
    first = list(synthetic_services(50, seed=3))
    assert first == list(synthetic_services(50, seed=3))
    assert first != list(synthetic_services(50, seed=4))
    assert sum(len(organization["service"]) for organization in first) == 50


def test_invented_services_are_found_and_shown(directory: Any) -> None:
    insert_synthetic_services(directory.store, directory.actor, 700, seed=5)
    assert directory.queries.count().services == 700
    ((service_id, name),) = directory.store.sql("SELECT id, name FROM service ORDER BY id LIMIT 1")
    assert service_id in [hit.service_id for hit in directory.queries.search(name)]
    record = directory.queries.service(service_id)
    assert record.places[0].address_lines
    assert record.phones
    assert record.topics
    assert directory.count_of("outbox") == 0
