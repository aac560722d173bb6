"""Waiting after wrong passwords, whatever the clock does in between."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app.core.clock import FixedClock
from desktop_app.security.throttle import Attempts, TooManyAttempts, wait_after


class Running:
    """Seconds since the computer was started."""

    def __init__(self) -> None:
        self.seconds = 5_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def running() -> Running:
    return Running()


@pytest.fixture
def attempts(tmp_path: Path, clock: FixedClock, running: Running) -> Attempts:
    return Attempts(tmp_path / "versuche.json", clock, running)


def passes(clock: FixedClock, running: Running, seconds: float) -> None:
    clock.advance(timedelta(seconds=seconds))
    running.seconds += seconds


def fail(attempts: Attempts, times: int) -> None:
    for _ in range(times):
        attempts.begin("erika")


def left(attempts: Attempts) -> float:
    with pytest.raises(TooManyAttempts) as caught:
        attempts.begin("erika")
    return caught.value.seconds


def test_the_wait_grows_and_ends_somewhere() -> None:
    assert [wait_after(count) for count in range(1, 9)] == [0, 0, 0, 0, 5, 10, 20, 40]
    assert wait_after(60) == 900


def test_a_few_mistakes_cost_nothing_then_one_waits(attempts: Attempts, clock: FixedClock, running: Running) -> None:
    fail(attempts, 5)
    assert left(attempts) == 5
    passes(clock, running, 4)
    assert left(attempts) == 1
    passes(clock, running, 1)
    attempts.begin("erika")
    assert left(attempts) == 10


def test_others_do_not_wait_with_them_and_the_right_password_ends_it(attempts: Attempts) -> None:
    fail(attempts, 5)
    attempts.begin("karl")
    attempts.succeed("erika")
    attempts.begin("erika")


def test_it_survives_the_end_of_the_program(
    attempts: Attempts, tmp_path: Path, clock: FixedClock, running: Running
) -> None:
    fail(attempts, 5)
    assert left(Attempts(tmp_path / "versuche.json", clock, running)) == 5


def test_putting_the_clock_forward_shortens_nothing(attempts: Attempts, clock: FixedClock) -> None:
    fail(attempts, 5)
    clock.advance(timedelta(days=1))
    assert left(attempts) == 5


def test_putting_the_clock_back_does_not_lock_out_for_ever(
    attempts: Attempts, clock: FixedClock, running: Running
) -> None:
    fail(attempts, 5)
    clock.advance(timedelta(days=-400))
    assert left(attempts) == 5
    running.seconds += 5
    attempts.begin("erika")


def test_after_a_restart_of_the_computer_the_clock_counts(
    attempts: Attempts, clock: FixedClock, running: Running
) -> None:
    fail(attempts, 5)
    passes(clock, running, 5)
    fail(attempts, 1)
    running.seconds = 30.0
    clock.advance(timedelta(seconds=3))
    assert left(attempts) == 7
    clock.advance(timedelta(seconds=7))
    attempts.begin("erika")


def test_the_sentence_says_how_long() -> None:
    assert "1 Sekunde " in TooManyAttempts(0.2).message
    assert "40 Sekunden" in TooManyAttempts(39.5).message
    assert "11 Minuten" in TooManyAttempts(640).message


@pytest.mark.parametrize("content", ["", "{", "[]", '{"erika": 3}', '{"erika": {"failures": "x"}}', "\x00"])
def test_a_damaged_count_keeps_nobody_out(content: str, tmp_path: Path, clock: FixedClock, running: Running) -> None:
    (tmp_path / "versuche.json").write_text(content, encoding="utf-8")
    Attempts(tmp_path / "versuche.json", clock, running).begin("erika")
    assert json.loads((tmp_path / "versuche.json").read_text(encoding="utf-8"))["erika"]["failures"] == 1


def test_a_folder_that_cannot_be_written_keeps_nobody_out(tmp_path: Path, clock: FixedClock, running: Running) -> None:
    attempts = Attempts(tmp_path / "weg" / "versuche.json", clock, running)
    fail(attempts, 9)
