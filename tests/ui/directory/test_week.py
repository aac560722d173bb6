"""Opening hours as a week: nothing is guessed, nothing is dropped."""

from __future__ import annotations

import pytest

from desktop_app.directory.records import HoursRow
from ui.directory.week import week_hours


def times_by_day(*rows: HoursRow) -> dict[str, tuple[str, ...]]:
    return {day.name: day.times for day in week_hours(rows).days if day.times}


def test_ranges_and_lists_are_spread_over_the_week() -> None:
    assert times_by_day(HoursRow("Mo–Mi, Fr", "9:00–12:00"), HoursRow("Mi", "14:00–16:00")) == {
        "Montag": ("9:00–12:00",),
        "Dienstag": ("9:00–12:00",),
        "Mittwoch": ("9:00–12:00", "14:00–16:00"),
        "Freitag": ("9:00–12:00",),
    }


def test_a_week_has_all_seven_days_in_order() -> None:
    names = [day.name for day in week_hours([HoursRow("So", "10:00–11:00")]).days]
    assert names == ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]


@pytest.mark.parametrize(
    "row",
    [
        HoursRow("", "nach Vereinbarung / bitte erfragen"),
        HoursRow("1. Sa im Monat", "10:00–12:00"),
        HoursRow("Mo (alle 2 Wochen)", "10:00–12:00"),
        HoursRow("Fr–Mo", "10:00–12:00"),
        HoursRow("PH", "geschlossen"),
        HoursRow("Mo", "", "nur nach Anruf"),
    ],
)
def test_what_is_not_a_plain_weekday_stays_a_sentence(row: HoursRow) -> None:
    week = week_hours([row])

    assert week.days == ()
    (sentence,) = week.sentences
    assert all(part in sentence for part in (row.days, row.times, row.note))


def test_remarks_stay_with_their_day_and_doubles_are_told_once() -> None:
    week = week_hours([HoursRow("Di", "9:00–12:00", "mit Anmeldung"), HoursRow("Di", "9:00–12:00", "mit Anmeldung")])

    tuesday = week.days[1]
    assert (tuesday.times, tuesday.remark) == (("9:00–12:00",), "mit Anmeldung")
