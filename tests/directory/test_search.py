"""Search as you type over the sample directory."""

from __future__ import annotations

import json
import random
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.directory.folding import fold
from desktop_app.directory.rules import TOPIC_CODES

PROJECT = Path(__file__).resolve().parents[2]
NAUGHTY = json.loads((PROJECT / "tests" / "data" / "text" / "blns.json").read_text(encoding="utf-8"))


def names(directory: Any, text: str, **options: Any) -> list[str]:
    return [hit.service_name for hit in directory.queries.search(text, **options)]


@pytest.mark.parametrize("typed", ["Die Brücke", "brücke", "Bruecke", "BRUCKE", "brück", "bruec", "brü"])
def test_every_spelling_and_beginning_finds(typed: str, shared_sample: Any) -> None:
    assert 'Familien- und Begegnungszentrum "Die Brücke"' in names(shared_sample, typed, limit=50)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("begegnungszentrum", "Die Brücke"),
        ("zentrum brücke", "Die Brücke"),
        ("brück begegn", "Die Brücke"),
        ("sozialarbeit", "Schulsozialarbeit"),
        ("schulsozail", "Schulsozialarbeit"),
        ("schulsozialabeit", "Schulsozialarbeit"),
        ("Tirheim", "Tierheim"),
        ("Tehater Parkaue", "Theater an der Parkaue"),
        ("wohnpark", "Senioren-Wohnpark-Lichtenberg"),
        ("residenz", "Seniorenresidenz"),
    ],
)
def test_parts_of_compounds_and_slips(typed: str, part: str, shared_sample: Any) -> None:
    assert part in names(shared_sample, typed)[0]


@pytest.mark.parametrize(
    ("typed", "column"),
    [
        ("tierheim", "Name"),
        ("arbeiterwohlfahrt", "Träger"),
        ("gewaltprävention", "Beschreibung"),
        ("gensinger straße", "Ort"),
        ("10315", "Ort"),
        ("030 51009508", "Telefon"),
        ("03051009508", "Telefon"),
    ],
)
def test_the_reason_is_told(typed: str, column: str, shared_sample: Any) -> None:
    hits = shared_sample.queries.search(typed)
    assert hits
    assert all(column in hit.reason for hit in hits[:3])


def test_the_topic_is_a_reason(shared_sample: Any) -> None:
    hits = shared_sample.queries.search("jugend und familie", limit=40)
    assert any("Thema: Jugend und Familie" in hit.reason for hit in hits)


def test_a_snippet_shows_the_word(shared_sample: Any) -> None:
    (hit, *_) = shared_sample.queries.search("gewaltprävention")
    assert "Gewaltprävention" in hit.reason


def test_marked_letters_are_the_typed_ones(shared_sample: Any) -> None:
    for typed in ("brueck", "TIERH", "wohnpark", "sozial"):
        for hit in shared_sample.queries.search(typed):
            for begin, end in hit.match_spans:
                assert fold(hit.service_name[begin:end]) == fold(typed)


def test_names_come_before_everything_else(shared_sample: Any) -> None:
    reasons = [hit.reason.split(":")[0] for hit in shared_sample.queries.search("theater", limit=50)]
    in_name = [reason.startswith("Name") for reason in reasons]
    assert in_name[0]
    assert in_name == sorted(in_name, reverse=True)


def test_a_whole_word_comes_before_a_beginning(shared_sample: Any) -> None:
    found = names(shared_sample, "kita")
    assert "Kita Pusteblume" in found[0]


def test_all_words_are_wanted(shared_sample: Any) -> None:
    for hit in shared_sample.queries.search("jfe 13051"):
        assert "JFE" in hit.service_name
        assert "13051" in hit.place


def test_if_nothing_has_all_words_some_will_do(shared_sample: Any) -> None:
    found = names(shared_sample, "tierheim xqzvw")
    assert "Tierheim" in found[0]


def test_topics_narrow(shared_sample: Any) -> None:
    everything = shared_sample.queries.search("beratung", limit=300)
    narrowed = shared_sample.queries.search("beratung", limit=300, topics=["bildung", "kultur"])
    assert 0 < len(narrowed) < len(everything)
    assert all({"bildung", "kultur"} & set(hit.topics) for hit in narrowed)
    assert all(hit.topics and set(hit.topics) <= set(TOPIC_CODES) for hit in narrowed)


def test_an_area_narrows(shared_sample: Any) -> None:
    hits = shared_sample.queries.search("", limit=400, area="13055")
    assert len(hits) == 46
    assert all("13055" in hit.place for hit in hits)
    assert shared_sample.queries.search("", area="Ringel Nirgendwo") == []
    combined = shared_sample.queries.search("jugend", limit=400, topics=["jugend"], area="13055 Berlin")
    assert combined
    assert all("13055" in hit.place and "jugend" in hit.topics for hit in combined)


def test_topics_that_nobody_knows_find_nothing(shared_sample: Any) -> None:
    assert shared_sample.queries.search("beratung", topics=["gibt es nicht", '"} : x']) == []


def test_without_text_the_first_by_name(shared_sample: Any) -> None:
    found = names(shared_sample, "", limit=30)
    assert len(found) == 30
    assert [fold(name) for name in found] == sorted(fold(name) for name in found)
    assert names(shared_sample, "  \n ", limit=30) == found


def test_one_letter_lists_the_beginning(shared_sample: Any) -> None:
    assert all(fold(name).startswith("t") for name in names(shared_sample, "T"))


def test_only_signs_find_nothing(shared_sample: Any) -> None:
    for typed in ("?!", '"', "***", "-", "()", ":-)"):
        assert shared_sample.queries.search(typed) == []


def test_the_limit_is_kept(shared_sample: Any) -> None:
    assert len(shared_sample.queries.search("praxis", limit=7)) == 7


def test_naughty_strings(shared_sample: Any) -> None:
    for typed in NAUGHTY:
        shared_sample.queries.search(typed)
    for typed in NAUGHTY[::4]:
        shared_sample.queries.search("beratung", area=typed)


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_nothing_typed_is_an_error(shared_sample: Any, text: str) -> None:
    for hit in shared_sample.queries.search(text):
        assert all(0 <= begin < end <= len(hit.service_name) for begin, end in hit.match_spans)


@given(
    st.lists(
        st.sampled_from(
            ["AND", "OR", "NOT", "NEAR(", "NEAR/5", '"', '""', "*", "^", "{name}", ":", "(", ")", "-", "+", "beratung", "ber", "'",
             "col:", "\\", "%", "_", ";--"]
        ),
        max_size=10,
    )
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_query_syntax_is_only_text(shared_sample: Any, parts: list[str]) -> None:
    shared_sample.queries.search(" ".join(parts))
    shared_sample.queries.search("".join(parts))


def test_typing_letter_by_letter_always_shows_the_service(shared_sample: Any) -> None:
    rows = shared_sample.store.sql("SELECT service_id, service_name FROM search_entry ORDER BY number")
    for service_id, name in rows[::41]:
        first = name.split()[0]
        for length in range(3, len(name) + 1):
            typed = name[:length]
            if length >= len(first) + 4:
                found = [hit.service_id for hit in shared_sample.queries.search(typed, limit=250)]
                assert service_id in found, typed


def test_words_that_come_later_are_known(sample: Any, tmp_path: Path, sources: Any) -> None:
    assert sample.queries.search("Mondscheinfest") == []
    tables = sources.one_service()
    tables["services"][0]["name"] = "Mondscheinfest"
    sample.load(sources.write_tables(tmp_path / "in", tables))
    assert names(sample, "modnscheinfest") == ["Mondscheinfest"]
    assert names(sample, "scheinfest") == ["Mondscheinfest"]


def test_several_threads_search_at_once(sample: Any) -> None:
    expected = names(sample, "schulsozail")
    failures: list[object] = []

    def search() -> None:
        try:
            failures.extend(found for _ in range(15) if (found := names(sample, "schulsozail")) != expected)
        except Exception as error:  # noqa: BLE001 - whatever it is, it has to be seen
            failures.append(error)
        finally:
            sample.store.end_thread()

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_index_agrees_with_itself_after_many_changes(tmp_path: Path, directory: Any, sources: Any) -> None:
    folder = sources.first_of_sample(tmp_path / "in", 25)
    tables = sources.read_tables(folder)
    directory.load(folder)
    for turn, status in enumerate(("inactive", "active", "defunct", "active")):
        for service in tables["services"][turn::3]:
            service["status"] = status
            service["name"] = f"{service['name']} Nr{turn}"
        for place in tables["addresses"][turn::4]:
            place["city"] = f"Ort{turn}"
        directory.load(sources.write_tables(folder, tables))
    for table in ("search_index", "search_word_parts"):
        directory.store.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    active = {row["id"] for row in tables["services"] if row["status"] == "active"}
    listed = {hit.service_id for hit in directory.queries.search("", limit=1000)}
    assert listed == active
    assert directory.store.sql("SELECT count(*) FROM search_index") == [(len(active),)]
    for row in tables["services"]:
        found = {hit.service_id for hit in directory.queries.search(row["name"], limit=100)}
        assert (row["id"] in found) == (row["id"] in active), row["name"]


def _slip(word: str, chance: random.Random) -> str:
    """Leave out, swap, replace or add a letter, not the first."""
    place = chance.randrange(1, len(word) - 1)
    letter = chance.choice("abcdefghiklmnoprstu")
    return chance.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + letter + word[place + 1 :],
            word[:place] + letter + word[place:],
        )
    )


@pytest.mark.parametrize(("kind", "at_least"), [("whole", 1.0), ("beginning", 0.98), ("part", 0.97), ("slip", 0.96)])
def test_recall_over_all_words_of_names(kind: str, at_least: float, shared_sample: Any) -> None:
    chance = random.Random(1)
    services: dict[str, set[str]] = {}
    for service_id, name in shared_sample.store.sql(
        "SELECT service_id, service_name FROM search_entry ORDER BY number"
    ):
        for word in re.findall(r"[^\W\d_]{6,}", name):
            services.setdefault(word, set()).add(service_id)
    typed_forms = {
        "whole": lambda word: word,
        "beginning": lambda word: word[: max(5, len(word) * 7 // 10)],
        "part": lambda word: word[3:],
        "slip": lambda word: _slip(word, chance),
    }
    typed_words = [(typed_forms[kind](word), expected) for word, expected in services.items()]
    missed = [
        typed
        for typed, expected in typed_words
        if not expected & {hit.service_id for hit in shared_sample.queries.search(typed)}
    ]
    assert len(missed) <= (1 - at_least) * len(services), missed
