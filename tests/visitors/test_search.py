"""Finding people: as spelled, as it sounds, by number; and nothing for whoever leafs through."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.visitors.records import VisitorEntry
from tests.visitors.office import Counselling


def names(office: Counselling, text: str) -> list[str]:
    return [hit.name for hit in office.found.search(text)]


@pytest.fixture
def filled(office: Counselling) -> Counselling:
    office.person("Helga Müller", birth_year=1941, phone="+49 208 123456")
    office.person("Möller, Karl", birth_year=1950)
    office.person("Jürgen Meyer")
    office.person("Anna Schmidt", former_name="Mayr", phone="0176-555 44 33")
    office.person("Ирина Петрова")
    return office


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("müller", ["Helga Müller", "Möller, Karl"]),
        ("Mueller", ["Helga Müller", "Möller, Karl"]),
        ("MULLER HELGA", ["Helga Müller"]),
        ("hel mül", ["Helga Müller"]),
        ("Maier", ["Anna Schmidt", "Jürgen Meyer"]),
        ("jurgen", ["Jürgen Meyer"]),
        ("Schmitt", ["Anna Schmidt"]),
        ("0208 1234", ["Helga Müller"]),
        ("0049208123456", ["Helga Müller"]),
        ("017655", ["Anna Schmidt"]),
        ("петр", ["Ирина Петрова"]),
        ("m", []),
        ("", []),
        ("%", []),
        ("__", []),
        ("Huber", []),
        ("müller schmidt", []),
    ],
)
def test_what_is_found(filled: Counselling, text: str, found: list[str]) -> None:
    assert names(filled, text) == found


def test_what_is_spelled_so_comes_first(filled: Counselling) -> None:
    filled.person("Zora Maier")
    hits = filled.found.search("Maier")
    assert [(hit.name, hit.by_sound) for hit in hits] == [
        ("Zora Maier", False),
        ("Anna Schmidt", True),
        ("Jürgen Meyer", True),
    ]


def test_a_changed_name_is_found_and_the_former_one_no_more(filled: Counselling) -> None:
    visitor_id = filled.found.search("Jürgen")[0].visitor_id
    filled.files.change_file(filled.erika, visitor_id, VisitorEntry(name="Jürgen Lehmann"), revision=1)
    assert names(filled, "Lehmann") == ["Jürgen Lehmann"]
    assert "Jürgen Lehmann" not in names(filled, "Meyer")


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (VisitorEntry(name="Helga Mueller", birth_year=1942), ["Helga Müller"]),
        (VisitorEntry(name="Müller", birth_date=date(1939, 2, 1)), ["Helga Müller"]),
        (VisitorEntry(name="Helga Müller", birth_year=1950), []),
        (VisitorEntry(name="Helga Müller"), ["Helga Müller"]),
        (VisitorEntry(name="Grete Müller", birth_year=1941), []),
        (VisitorEntry(name="A. Maier"), ["Anna Schmidt"]),
        (VisitorEntry(phone="0208 123456"), ["Helga Müller"]),
        (VisitorEntry(name="Horst Krause"), []),
    ],
)
def test_who_may_be_the_same_person(filled: Counselling, entry: VisitorEntry, found: list[str]) -> None:
    hits = [hit.name for hit in filled.found.possible_duplicates(entry)]
    assert [name for name in hits if name not in {"Möller, Karl", "Jürgen Meyer"}] == found


def test_a_file_is_no_duplicate_of_itself(filled: Counselling) -> None:
    helga = filled.found.search("Helga")[0].visitor_id
    assert filled.found.possible_duplicates(VisitorEntry(name="Helga Müller"), but=helga) == ()
