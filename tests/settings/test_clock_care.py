"""A clock that runs behind the data or the program is told; work goes on; people put it right or confirm it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.clock import CorrectedClock, FixedClock
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.clock_check import BUILT_ON, ClockState, judge_clock
from desktop_app.settings.clock_care import ClockCare
from desktop_app.settings.tables import SocialSpaceTable
from desktop_app.storage.opening import create_store
from desktop_app.storage.store import Store


def add(store: Store, actor: Actor) -> str:
    space_id = store.ids.new_id()
    with store.unit_of_work(actor, "add_space", ("office", space_id)) as unit:
        unit.insert(SocialSpaceTable, {"id": space_id, "name": space_id, "position": 0, "active": 1})
    return store.sql("SELECT at FROM audit_entry ORDER BY sequence DESC LIMIT 1")[0][0]


@pytest.mark.parametrize(
    ("now", "newest", "state"),
    [
        (BUILT_ON + timedelta(days=20), None, ClockState.PLAUSIBLE),
        (datetime(1970, 1, 1, tzinfo=UTC), None, ClockState.BEFORE_PROGRAM),
        (BUILT_ON - timedelta(hours=20), None, ClockState.PLAUSIBLE),
        (BUILT_ON + timedelta(days=20), BUILT_ON + timedelta(days=20, hours=5), ClockState.PLAUSIBLE),
        (BUILT_ON + timedelta(days=20), BUILT_ON + timedelta(days=20, hours=7), ClockState.BEFORE_RECORDS),
        (BUILT_ON + timedelta(days=4000), None, ClockState.FAR_AHEAD),
    ],
)
def test_what_a_clock_is_judged_by(now: datetime, newest: datetime | None, state: ClockState) -> None:
    assert judge_clock(now, newest).state is state


def test_a_clock_set_back_is_told_and_contacts_can_still_be_written(
    store: Store, actor: Actor, clock: FixedClock
) -> None:
    care = ClockCare(store)
    assert care.sentence(care.verdict()) == ""
    add(store, actor)
    clock.advance(timedelta(days=-3))
    verdict = care.verdict()
    assert verdict.state is ClockState.BEFORE_RECORDS
    assert care.sentence(verdict) == (
        "Die Uhr dieses Rechners zeigt den 19.11.2026, es gibt aber schon Daten vom 22.11.2026. Kontakte bekommen sonst "
        "ein falsches Datum."
    )
    add(store, actor)
    assert care.verdict().is_doubtful


def test_confirming_forgets_a_record_from_the_future(store: Store, actor: Actor, clock: FixedClock) -> None:
    clock.advance(timedelta(days=700))
    add(store, actor)
    clock.advance(timedelta(days=-700))
    care = ClockCare(store)
    assert care.verdict().is_doubtful
    care.confirm(actor)
    assert not care.verdict().is_doubtful
    add(store, actor)
    clock.advance(timedelta(days=-2))
    assert care.verdict().is_doubtful


def test_far_ahead_can_be_confirmed(store: Store, actor: Actor, clock: FixedClock) -> None:
    clock.advance(timedelta(days=4000))
    care = ClockCare(store)
    assert care.verdict().state is ClockState.FAR_AHEAD
    assert "kaum stimmen" in care.sentence(care.verdict())
    care.confirm(actor)
    assert not care.verdict().is_doubtful


@pytest.fixture
def elapsed() -> list[float]:
    return [100.0]


@pytest.fixture
def wrong_store(tmp_path, clock: FixedClock, actor: Actor, data_key: bytes, elapsed: list[float]):
    wrong = CorrectedClock(clock, lambda: elapsed[0])
    store = create_store(tmp_path / "uhr.db", data_key, wrong, UuidFactory(wrong), board())
    yield store
    store.close()


def board():
    from desktop_app.core.notices import NoticeBoard

    return NoticeBoard()


def test_putting_the_clock_right_holds_for_this_run_whatever_the_computer_does(
    wrong_store: Store, actor: Actor, clock: FixedClock, elapsed: list[float]
) -> None:
    add(wrong_store, actor)
    clock.set(datetime(2001, 1, 1, tzinfo=UTC))
    care = ClockCare(wrong_store)
    assert care.verdict().is_doubtful
    care.put_right(actor, "23.11.2026 10:40")
    assert not care.verdict().is_doubtful
    clock.set(datetime(2026, 11, 23, 12, tzinfo=UTC))  # the computer finds the right time by itself
    elapsed[0] += 60
    assert add(wrong_store, actor) == "2026-11-23T09:41:00.000Z"
    assert wrong_store.clock.today().isoformat() == "2026-11-23"


@pytest.mark.parametrize("text", ["", "gestern", "31.02.2026 10:00", "2026-11-23 10:40", "23.11.26"])
def test_what_is_no_day_is_refused(wrong_store: Store, actor: Actor, text: str) -> None:
    with pytest.raises(InputError, match="Tag und Uhrzeit so ein"):
        ClockCare(wrong_store).put_right(actor, text)


def test_a_day_before_the_data_is_refused(wrong_store: Store, actor: Actor) -> None:
    add(wrong_store, actor)
    with pytest.raises(InputError, match="vor Daten"):
        ClockCare(wrong_store).put_right(actor, "01.11.2026 10:40")


def test_a_clock_that_cannot_be_put_right_says_so(store: Store, actor: Actor) -> None:
    with pytest.raises(UserError, match="stellen Sie die Uhr des Rechners"):
        ClockCare(store).put_right(actor, "23.11.2026 10:40")


def test_a_naive_moment_is_no_moment(clock: FixedClock) -> None:
    with pytest.raises(ValueError, match="aware"):
        CorrectedClock(clock).put_right(datetime(2026, 11, 23))  # noqa: DTZ001
