"""When an office is busy: working days, seasons, hours; pure."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from random import Random

from desktop_app.core.months import Month

#: How busy a month and a weekday are against the mean; July and August are quiet, January is not.
_SEASON = (1.16, 1.10, 1.08, 0.98, 0.96, 0.92, 0.80, 0.78, 1.04, 1.10, 1.12, 0.82)
_WEEKDAY = (1.20, 1.12, 0.85, 1.15, 0.66)
#: Contacts by hour; Tuesday and Thursday have a long afternoon, on Friday the office closes at one.
_MORNING = ((9, 22), (10, 30), (11, 26), (12, 12))
_AFTERNOON = ((13, 8), (14, 16), (15, 13))
_LATE = ((16, 9), (17, 5))
_HOURS = (
    _MORNING + _AFTERNOON,
    _MORNING + _AFTERNOON + _LATE,
    _MORNING,
    _MORNING + _AFTERNOON + _LATE,
    _MORNING,
)
_SATURDAY = 5


def working_days(months: int, today: date, until: Month | None = None) -> list[date]:
    """Return the working days of the last `months` months; without `until` they end before `today`."""
    end = until.last_day if until is not None else _last_working_day_before(today)
    month = Month.of(end)
    for _ in range(months - 1):
        month = month.previous()
    day, days = month.first_day, []
    while day <= end:
        if _is_working_day(day):
            days.append(day)
        day += timedelta(days=1)
    return days


def moments(days: list[date], count: int, random: Random) -> list[tuple[date, int]]:
    """Return `count` moments as (day, second of the day), in order, busier on busy days and hours."""
    weights = [_SEASON[day.month - 1] * _WEEKDAY[day.weekday()] for day in days]
    chosen = sorted(random.choices(range(len(days)), weights, k=count))
    found: list[tuple[date, int]] = []
    start = 0
    for position in [*(place + 1 for place, (one, two) in enumerate(pairwise(chosen)) if one != two), len(chosen)]:
        if position == start:
            continue
        day = days[chosen[start]]
        hours = [hour for hour, _ in _HOURS[day.weekday()]]
        shares = [share for _, share in _HOURS[day.weekday()]]
        seconds = (hour * 3600 + random.randrange(3600) for hour in random.choices(hours, shares, k=position - start))
        found += [(day, second) for second in sorted(seconds)]
        start = position
    return found


def _last_working_day_before(today: date) -> date:
    day = today - timedelta(days=1)
    while not _is_working_day(day):
        day -= timedelta(days=1)
    return day


def _is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and not _is_holiday(day)


def _is_holiday(day: date) -> bool:
    """Tell whether a day is a public holiday in all of Germany."""
    if (day.month, day.day) in {(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)}:
        return True
    return (day - _easter(day.year)).days in {-2, 1, 39, 50}


def _easter(year: int) -> date:
    """Return Easter Sunday (Gauss, as corrected by Lichtenberg)."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    cycle = year % 19
    seed = (19 * cycle + moon) % 30
    correction = (seed + cycle // 11) // 29
    border = 21 + seed - correction
    first_sunday = 7 - (year + year // 4 + sun) % 7
    distance = 7 - (border - first_sunday) % 7
    return date(year, 3, 1) + timedelta(days=border + distance - 1)
