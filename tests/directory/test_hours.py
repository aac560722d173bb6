"""Opening hours are shown as they were told."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.directory.hours import hours_rows, unknown_hours
from desktop_app.directory.records import HoursRow

TODAY = date(2026, 11, 22)


def row(**schedule: str) -> HoursRow:
    (only,) = hours_rows([schedule], TODAY)
    return only


@pytest.mark.parametrize(
    ("byday", "days"),
    [
        ("MO,TU,WE,TH,FR", "Mo–Fr"),
        ("MO,TU", "Mo, Di"),
        ("FR,MO,WE,TU", "Mo–Mi, Fr"),
        ("SU", "So"),
        ("1MO", "1. Mo im Monat"),
        ("2TU,4TU", "2. Di, 4. Di im Monat"),
        ("-1FR", "letzter Fr im Monat"),
        ("mo, tu , we", "Mo–Mi"),
        ("werktags", "werktags"),
    ],
)
def test_weekdays(byday: str, days: str) -> None:
    assert row(byday=byday, opens_at="09:00", closes_at="12:00").days == days


@pytest.mark.parametrize(
    ("opens", "closes", "times"),
    [
        ("09:00:00", "12:30:00", "9:00–12:30"),
        ("09:00Z", "", "ab 9:00"),
        ("", "24:00", "bis 24:00"),
        ("vormittags", "", "ab vormittags"),
    ],
)
def test_times(opens: str, closes: str, times: str) -> None:
    assert row(byday="MO", opens_at=opens, closes_at=closes).times == times


def test_rhythm_period_and_notes_are_not_lost() -> None:
    told = row(
        byday="TH", opens_at="14:00", closes_at="16:00", freq="WEEKLY", interval="2", description="nach Anmeldung",
        notes="nicht in den Ferien", valid_from="2026-10-01", valid_to="2026-12-31",
    )  # fmt: skip
    assert told == HoursRow(
        "Do (alle 2 Wochen)", "14:00–16:00", "nach Anmeldung; nicht in den Ferien; gilt von 01.10.2026 bis 31.12.2026"
    )


def test_what_is_over_is_not_shown() -> None:
    assert hours_rows([{"byday": "MO", "opens_at": "09:00", "valid_to": "2026-11-21"}], TODAY) == ()
    assert hours_rows([{"byday": "MO", "opens_at": "09:00", "until": "2025-01-01"}], TODAY) == ()
    assert hours_rows([{"byday": "MO", "opens_at": "09:00", "valid_to": "2026-11-22"}], TODAY)
    assert hours_rows([{"byday": "MO", "opens_at": "09:00", "valid_to": "irgendwann"}], TODAY)


def test_lines_come_in_the_order_of_the_week_and_once() -> None:
    friday = {"byday": "FR", "opens_at": "09:00", "closes_at": "12:00"}
    monday = {"byday": "MO", "opens_at": "14:00", "closes_at": "16:00"}
    assert [line.days for line in hours_rows([friday, monday, dict(friday)], TODAY)] == ["Mo", "Fr"]


def test_a_description_alone_is_a_line() -> None:
    assert row(description="nach Vereinbarung") == HoursRow("", "", "nach Vereinbarung")


def test_nothing_told_is_no_line_and_unknown_says_so() -> None:
    assert hours_rows([{}], TODAY) == ()
    assert unknown_hours().times == "nach Vereinbarung / bitte erfragen"
