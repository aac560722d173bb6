"""Work beside the window gives way while somebody types, and only then."""

from __future__ import annotations

import pytest

from desktop_app.core.foreground import Foreground


class Time:
    """A clock that only moves when it is told to, and counts what was rested."""

    def __init__(self) -> None:
        self.now = 100.0
        self.rests: list[float] = []

    def read(self) -> float:
        return self.now

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def foreground(time: Time) -> Foreground:
    return Foreground(time.read, time.rest)


def test_without_somebody_at_the_window_nothing_rests(foreground: Foreground, time: Time) -> None:
    for _ in range(5):
        time.now += 0.001
        foreground.give_way()
    assert time.rests == []
    assert foreground.rested == 0


def test_after_a_key_work_rests_as_long_as_it_works_but_never_long(foreground: Foreground, time: Time) -> None:
    foreground.give_way()
    foreground.touch()
    time.now += 0.001
    foreground.give_way()
    time.now += 0.05
    foreground.give_way()
    assert time.rests == pytest.approx([0.001, 0.003])
    assert foreground.rested == pytest.approx(0.004)


def test_a_moment_after_the_last_key_it_goes_on_at_full_speed(foreground: Foreground, time: Time) -> None:
    foreground.touch()
    time.now += 0.3
    foreground.give_way()
    assert time.rests == []
