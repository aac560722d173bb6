"""What the page says about moments, shares, desks, rounds and conflicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from desktop_app.sync.records import (
    Choice,
    Conflict,
    ConflictField,
    ConflictKind,
    ConnectionState,
    Desk,
    RoundResult,
    Share,
    SpaceKind,
    SyncStatus,
)
from ui.sync.wording import (
    choice_words,
    conflict_row,
    conflict_sentence,
    desk_badge,
    desk_facts,
    moment_words,
    plan_line,
    round_words,
    share_lines,
    short_value,
    state_icon,
    status_facts,
    status_words,
)

NOW = datetime(2026, 11, 22, 9, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (None, ""),
        (NOW - timedelta(minutes=3), "heute um 10:42"),
        (NOW - timedelta(days=1), "gestern um 10:45"),
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "heute um 00:30"),  # the office's day, not the one in London
        (NOW - timedelta(days=9), "13.11.2026 um 10:45"),
    ],
)
def test_moments_as_people_say_them(moment: datetime | None, words: str) -> None:
    assert moment_words(moment, NOW) == words


def test_the_state_in_facts() -> None:
    waits = SyncStatus(ConnectionState.WAITING, "", NOW - timedelta(hours=2), NOW + timedelta(minutes=4), 12, 1)
    assert status_facts(waits, NOW) == [
        ("Zuletzt abgeglichen", "heute um 08:45"),
        ("Noch zu senden", "12 Änderungen warten"),
        ("Nächster Versuch", "heute um 10:49"),
        ("Konflikte", "1 anzusehen"),
    ]
    new = SyncStatus(ConnectionState.IN_STEP, "")
    assert status_facts(new, NOW)[:2] == [("Zuletzt abgeglichen", "noch nie"), ("Noch zu senden", "nichts")]
    rests = SyncStatus(ConnectionState.WAITING, "", next_try=NOW + timedelta(minutes=4), is_paused=True)
    assert dict(status_facts(rests, NOW))["Nächster Versuch"] == ""
    assert state_icon(rests)[0] == "pause"


def test_a_share_says_with_whom_and_what_went_when() -> None:
    share = Share(SpaceKind.OFFICE, "t", "s", ("Empfang", "Büro 2"), 5, 1, NOW, NOW - timedelta(days=1))
    assert share_lines(share, NOW) == [
        "Mit: Empfang, Büro 2",
        "Zuletzt empfangen heute um 10:45 · zuletzt gesendet gestern um 10:45 · 1 Änderung wartet",
    ]
    assert share_lines(Share(SpaceKind.DIRECTORY, "t", "s", (), 0), NOW) == []
    nothing_yet = Share(SpaceKind.EXCHANGE, "t", "s", ("das Büro",), 0, last_sent=NOW)
    assert share_lines(nothing_yet, NOW) == ["Mit: das Büro"], "a round that had nothing to send sent nothing"
    assert share_lines(Share(SpaceKind.STATISTICS, "t", "s", ("niemand",), 0, last_sent=NOW), NOW) == []


def test_at_rest_it_does_not_count_nothing() -> None:
    rests = SyncStatus(ConnectionState.WAITING, "Abgleich angehalten; 0 Änderungen warten", is_paused=True)
    assert status_words(rests) == "Abgleich angehalten"
    waits = SyncStatus(
        ConnectionState.WAITING, "Abgleich angehalten; 2 Änderungen warten", waiting_changes=2, is_paused=True
    )
    assert status_words(waits) == waits.sentence


@pytest.mark.parametrize(
    ("kind", "records", "words"),
    [
        (SpaceKind.OFFICE, 10_412, "Von diesem Rechner gehen 10.412 Einträge dorthin."),
        (SpaceKind.OFFICE, 1, "Von diesem Rechner geht 1 Eintrag dorthin."),
        (SpaceKind.DIRECTORY, 0, "Von diesem Rechner ist noch nichts dabei."),
    ],
)
def test_before_connecting_it_says_how_much_would_go(kind: SpaceKind, records: int, words: str) -> None:
    assert plan_line(Share(kind, "t", "s", (), records)) == words


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (RoundResult(0, 0, 0, 0, True), "Alles war schon abgeglichen."),
        (RoundResult(1412, 7, 0, 0, True), "Abgeglichen: 1.412 empfangen, 7 gesendet."),
        (RoundResult(0, 1, 2, 0, True), "Abgeglichen: 0 empfangen, 1 gesendet. 2 Konflikte sind neu."),
    ],
)
def test_what_a_round_did(result: RoundResult, words: str) -> None:
    assert round_words(result) == words


def test_a_desk_in_one_line() -> None:
    today = date(2026, 11, 22)
    here = Desk("1", "Empfang", True, True, date(2026, 3, 2), today, None)
    gone = Desk("2", "Laptop", False, False, date(2026, 3, 2), date(2026, 5, 1), date(2026, 11, 21))
    door = Desk("3", "Neu", False, False, today, None, None)
    assert desk_facts(here, today) == "Verbunden seit 02.03.2026 · zuletzt gesehen heute"
    assert desk_facts(gone, today) == "Verbunden seit 02.03.2026 · gesperrt gestern"
    assert [badge.text for badge in map(desk_badge, (here, gone, door)) if badge] == [
        "dieser Rechner",
        "gesperrt",
        "wartet",
    ]


def conflict(kind: ConflictKind, *, is_open: bool = False, is_decided: bool = False) -> Conflict:
    field = ConflictField("phone", "Telefon", "1", "2", "3", Choice.THEIRS, is_open)
    return Conflict("c", kind, "Angebot", "Mittagstisch", NOW, (field,), is_decided)


def test_every_kind_of_conflict_is_explained() -> None:
    sentences = {kind: conflict_sentence(conflict(kind)) for kind in ConflictKind}
    assert len(set(sentences.values())) == len(ConflictKind)
    assert "Bitte wählen Sie" in conflict_sentence(conflict(ConflictKind.BOTH_CHANGED, is_open=True))


def test_whom_to_tell_of_an_entry_of_another_carrier_is_named() -> None:
    unknown = conflict(ConflictKind.NOT_OURS)
    assert conflict_sentence(unknown).endswith("Wenn sie stimmt, sagen Sie dem anderen Büro Bescheid.")
    of_many = replace(unknown, owner="Caritas")
    assert conflict_sentence(of_many) == (
        "Dieser Eintrag gehört „Caritas“; dessen Stand gilt. Ihre Änderung ist aufbewahrt. Wenn sie stimmt, sagen Sie dort "
        "Bescheid."
    )
    of_one = replace(of_many, owner_office="Büro Süd")
    assert conflict_sentence(of_one).endswith("Wenn sie stimmt, sagen Sie dort Bescheid: „Büro Süd“.")


def test_the_columns_say_where_a_value_was_written() -> None:
    found_elsewhere = replace(
        conflict(ConflictKind.BOTH_CHANGED), mine_where="an „Beratung“", theirs_where="an einem anderen Rechner"
    )
    assert {choice: choice_words(found_elsewhere, choice) for choice in Choice} == {
        Choice.BEFORE: "vorher",
        Choice.MINE: "an „Beratung“",
        Choice.THEIRS: "an einem anderen Rechner",
    }


def test_a_conflict_in_the_list_is_marked_when_somebody_has_to_decide() -> None:
    row = conflict_row(conflict(ConflictKind.BOTH_CHANGED, is_open=True), NOW)
    assert (row.title, row.detail) == ("Mittagstisch", "Angebot · Telefon · heute um 10:45")
    assert [badge.text for badge in row.badges] == ["Bitte entscheiden"]
    assert conflict_row(conflict(ConflictKind.BOTH_CHANGED, is_open=True, is_decided=True), NOW).badges == ()
    assert conflict_row(conflict(ConflictKind.BOTH_CHANGED), NOW).badges == ()


def test_one_line_of_a_long_value_says_that_more_follows() -> None:
    assert short_value("Rollator") == "Rollator"
    assert short_value("") == "(leer)"
    assert short_value("montags\nund dienstags") == "montags und dienstags"
    short = short_value("Ruft vormittags an. " * 100)
    assert short.endswith(" …")
    assert len(short) < 120
    assert len(short_value("x" * 2000)) < 120


@pytest.mark.parametrize("kind", ConflictKind)
def test_what_is_kept_is_not_said_to_be_annulled(kind: ConflictKind) -> None:
    """„Aufgehoben“ means both."""
    moment = datetime(2026, 11, 22, 9, 45, tzinfo=UTC)
    for is_asked in (False, True):
        field = ConflictField("phone", "Telefon", "1", "2", "3", Choice.MINE, is_asked)
        words = conflict_sentence(Conflict("c1", kind, "Angebot", "Tafel", moment, (field,), False))
        assert "aufgehoben" not in words
