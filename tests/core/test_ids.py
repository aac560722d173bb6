"""Ids: RFC 9562 version 7, rising, unique, whatever the clock does."""

from __future__ import annotations

import itertools
import threading
import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import SequentialIds, UuidFactory

START = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
moments = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2500, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(moments)
def test_layout_follows_the_rfc(moment: datetime) -> None:
    identifier = uuid.UUID(UuidFactory(FixedClock(moment)).new_id())
    assert identifier.version == 7
    assert identifier.variant == uuid.RFC_4122
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert identifier.int >> 80 == (moment - epoch) // timedelta(milliseconds=1)


def test_text_is_36_lower_case_characters() -> None:
    text = UuidFactory(FixedClock(START)).new_id()
    assert len(text) == 36
    assert text == str(uuid.UUID(text))


@given(st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_ids_rise_and_are_unique_however_the_clock_jumps(steps: list[int], random: object) -> None:
    clock = FixedClock(START)
    factory = UuidFactory(clock, random.getrandbits)  # type: ignore[attr-defined]
    made = []
    for step in steps:
        clock.advance(timedelta(milliseconds=step))
        made.append(factory.new_id())
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_burst_within_one_millisecond_goes_on_rising() -> None:
    factory = UuidFactory(FixedClock(START), lambda bits: (1 << bits) - 1)
    made = [factory.new_id() for _ in range(10_000)]
    assert all(one < other for one, other in itertools.pairwise(made))
    assert {uuid.UUID(text).version for text in made} == {7}


def test_a_clock_before_1970_still_gives_valid_rising_ids() -> None:
    factory = UuidFactory(FixedClock(datetime(1904, 1, 1, tzinfo=UTC)))
    made = [factory.new_id() for _ in range(3)]
    assert made == sorted(set(made))
    assert all(uuid.UUID(text).int >> 80 == 0 for text in made)


def test_two_machines_do_not_collide() -> None:
    clock = FixedClock(START)
    one, other = UuidFactory(clock), UuidFactory(clock)
    assert not {one.new_id() for _ in range(2_000)} & {other.new_id() for _ in range(2_000)}


def test_threads_share_a_factory() -> None:
    factory = UuidFactory(FixedClock(START))
    made: list[list[str]] = []

    def work() -> None:
        made.append([factory.new_id() for _ in range(2_000)])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = list(itertools.chain.from_iterable(made))
    assert len(set(everything)) == 8_000
    assert all(part == sorted(part) for part in made)


def test_sequential_ids_are_known_beforehand() -> None:
    ids = SequentialIds(5)
    first, second = ids.new_id(), ids.new_id()
    assert first == "00000000-0000-7000-8000-000000000005"
    assert second > first
    assert uuid.UUID(first).version == 7
