"""Months as people and files write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import InputError
from desktop_app.core.months import Month

months = st.builds(Month, st.integers(2, 9998), st.integers(1, 12))


def test_a_month_is_read_and_written() -> None:
    assert Month.parse(" 2026-11 ") == Month(2026, 11)
    assert str(Month(2026, 3)) == "2026-03"
    assert Month.of(date(2026, 11, 22)) == Month(2026, 11)


def test_february_knows_leap_years() -> None:
    assert Month(2028, 2).last_day == date(2028, 2, 29)
    assert Month(2100, 2).last_day == date(2100, 2, 28)


def test_the_last_month_of_the_calendar_has_days() -> None:
    assert Month.parse("9999-12").last_day == date(9999, 12, 31)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "11-2026", "2026-1", "2026-11-01", "0000-01"])
def test_what_is_no_month_says_how_to_write_one(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Month.parse(text)
    assert caught.value.field == "month"
    assert "2026-11" in caught.value.message
    assert f"„{text}“" in caught.value.message


@given(months)
def test_next_and_previous_are_neighbours(month: Month) -> None:
    assert month.next().previous() == month
    assert month.previous().next() == month
    assert month.previous() < month < month.next()
    assert month.last_day + timedelta(days=1) == month.next().first_day
    assert Month.parse(str(month)) == month


@given(st.dates())
def test_every_day_lies_in_its_month(day: date) -> None:
    month = Month.of(day)
    assert month.first_day <= day <= month.last_day
