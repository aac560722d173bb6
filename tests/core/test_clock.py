"""Time: aware moments in UTC, days of the office, stored text that sorts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.clock import FixedClock, SystemClock, from_text, office_zone, to_text

moments = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2199, 12, 30),  # noqa: DTZ001
    timezones=st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))),
)


def test_the_system_clock_is_aware_and_now() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)
    assert SystemClock().local_now().tzinfo is not None


def test_the_day_is_the_day_of_the_office() -> None:
    clock = FixedClock(datetime(2026, 7, 31, 22, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 8, 1)
    assert clock.local_now().hour == 0


def test_summer_and_winter_time() -> None:
    clock = FixedClock(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert clock.local_now().hour == 2
    clock.advance(timedelta(hours=1))
    assert clock.local_now().hour == 2
    clock.advance(timedelta(hours=1))
    assert clock.local_now().hour == 3


def test_a_fixed_clock_refuses_a_naive_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_a_fixed_clock_moves_only_when_moved() -> None:
    clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(days=-1))
    assert clock.today() == date(2026, 11, 21)
    clock.set(datetime(2026, 1, 1, 12, tzinfo=office_zone()))
    assert clock.now() == datetime(2026, 1, 1, 11, tzinfo=UTC)


def test_stored_text_has_milliseconds_and_ends_in_z() -> None:
    moment = datetime(2026, 11, 22, 9, 40, 58, 123_999, tzinfo=timezone(timedelta(hours=1)))
    assert to_text(moment) == "2026-11-22T08:40:58.123Z"


@given(moments)
def test_stored_text_comes_back_to_the_millisecond(moment: datetime) -> None:
    back = from_text(to_text(moment))
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)
    assert back.utcoffset() == timedelta(0)


@given(moments, moments)
def test_stored_text_sorts_like_time(one: datetime, other: datetime) -> None:
    if abs(one - other) >= timedelta(milliseconds=1):
        assert (to_text(one) < to_text(other)) == (one < other)


@pytest.mark.parametrize("text", ["", "gestern", "2026-13-01T00:00:00.000Z"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_text(text)
