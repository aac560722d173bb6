"""Which backups stay."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.backup.rules import LONGEST_DAYS, is_drill_due, is_due_today, is_overdue, kept, office_day

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def days_ago(days: int, hour: int = 11) -> datetime:
    return NOON.replace(hour=hour) - timedelta(days=days)


def test_after_years_of_daily_backups_some_of_each_age_stay() -> None:
    stay = kept([days_ago(day) for day in range(1000)], TODAY)
    ages = sorted((TODAY - office_day(moment)).days for moment in stay)
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert 18 <= len(ages) <= 7 + 4 + 12
    assert ages[-1] > 300
    assert all(later - earlier <= 31 for earlier, later in pairwise(ages))


def test_everything_of_today_and_yesterday_stays() -> None:
    moments = [days_ago(day, hour) for day in (0, 1) for hour in (8, 9, 10)]
    assert kept(moments, TODAY) == set(moments)


def test_of_an_older_day_the_newest_stays() -> None:
    assert kept([days_ago(0), days_ago(3, 8), days_ago(3, 15)], TODAY) == {days_ago(0), days_ago(3, 15)}


def test_the_newest_stays_however_old() -> None:
    assert kept([days_ago(800), days_ago(900)], TODAY) == {days_ago(800)}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(min_value=0, max_value=1500), min_size=1, max_size=60))
def test_no_backup_but_the_newest_outlives_a_year_and_few_are_kept(ages: list[int]) -> None:
    moments = [days_ago(age) for age in ages]
    stay = kept(moments, TODAY)
    assert max(moments) in stay
    assert stay <= set(moments)
    assert all((TODAY - office_day(moment)).days < LONGEST_DAYS for moment in stay - {max(moments)})
    assert kept(sorted(stay), TODAY) == stay, "thinning again removes nothing more"
    assert len(stay) <= 7 + 5 + 13


def test_a_day_has_one_backup_of_its_own() -> None:
    assert is_due_today(None, TODAY)
    assert is_due_today(days_ago(1, 22), TODAY)
    assert not is_due_today(days_ago(0, 6), TODAY)
    assert is_due_today(days_ago(-3), TODAY), "a clock that was wrong does not spare the backup"


def test_the_warning_comes_after_three_days() -> None:
    assert not is_overdue(None, None, NOON)
    assert not is_overdue(days_ago(3), None, NOON)
    assert is_overdue(days_ago(3) - timedelta(minutes=1), None, NOON)
    assert is_overdue(None, days_ago(4), NOON)
    assert not is_overdue(None, days_ago(2), NOON)


def test_the_drill_is_due_monthly() -> None:
    assert is_drill_due(None, days_ago(40), NOON)
    assert is_drill_due(days_ago(32), days_ago(400), NOON)
    assert not is_drill_due(days_ago(20), days_ago(400), NOON)
