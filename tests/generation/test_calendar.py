"""Working days and busy hours."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest

from desktop_app.core.months import Month
from desktop_app.generation.calendar import moments, working_days


def test_weekends_and_public_holidays_are_free():
    days = working_days(12, date(2027, 1, 4), Month(2026, 12))
    assert all(day.weekday() < 5 for day in days)
    free = {
        date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25),
        date(2026, 12, 25),
    }  # fmt: skip
    assert not free & set(days)
    assert {date(2026, 4, 2), date(2026, 4, 7), date(2026, 5, 15), date(2026, 12, 24)} <= set(days)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 22), date(2026, 11, 2), date(2026, 11, 20)),
        (date(2026, 11, 2), date(2026, 10, 1), date(2026, 10, 30)),
        (date(2027, 1, 1), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_the_last_month_is_the_one_with_the_last_working_day(today, first, last):
    days = working_days(1, today)
    assert (days[0], days[-1]) == (first, last)


def test_months_are_counted_backwards():
    days = working_days(14, date(2026, 11, 22))
    assert days[0] == date(2025, 10, 1)


def test_moments_are_in_order_within_office_hours_and_busier_when_people_come():
    days = working_days(12, date(2026, 11, 22))
    found = moments(days, 20_000, Random(1))
    assert found == sorted(found)
    assert len(found) == 20_000
    hours = Counter(second // 3600 for _, second in found)
    assert min(hours) >= 9
    assert max(hours) <= 17
    assert hours[10] > 3 * hours[16]
    assert all(second < 13 * 3600 for day, second in found if day.weekday() in {2, 4})
    by_month = Counter(day.month for day, _ in found)
    assert by_month[1] > by_month[8]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_moments(count):
    assert len(moments([date(2026, 11, 20)], count, Random(count))) == count
