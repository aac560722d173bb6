"""Offers, withdrawals, answers, expiry, revocation and erasure in any order, doubled, lost, reordered, with a restored hub.

Real databases and real sealed texts. Both offices end in the same state, nothing is left where it must not be.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import UserError
from desktop_app.exchange.mailbox import WireChange, WireRecord
from desktop_app.exchange.passing_on import forget_visitor
from desktop_app.exchange.records import ContentField, DeclineReason, Outcome
from desktop_app.visitors.erasing import erase_file
from desktop_app.visitors.records import VisitorEntry
from tests.exchange.two_offices import NORTH, PASS_ON, SOUTH, Desk, Hub, Pair, introduce, new_keys, open_desk
from tests.fresh_store import fresh_key

_STEPS = (
    "offer", "withdraw", "undo_withdrawal", "accept", "decline", "undo_answer", "revoke", "erase", "wait", "expire",
    "push_north", "push_south", "repeat_push", "pull_north", "pull_south", "redeliver", "shuffle", "restore_hub",
)  # fmt: skip
_GONE = {Outcome.WITHDRAWN, Outcome.WITHDRAWN_AFTER_ACCEPTANCE}


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    folder = tmp_path_factory.mktemp("bueros")
    north, south = (open_desk(folder, office, clock, fresh_key(), new_keys()) for office in (NORTH, SOUTH))
    introduce(north, south)
    yield Pair(north, south, Hub(), clock)
    north.store.close()
    south.store.close()


@dataclass
class History:
    """One run: its people and referrals; what was seen on the wire can come again at any time."""

    pair: Pair
    people: list[str] = field(default_factory=list)
    referrals: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    seen: list[WireRecord] = field(default_factory=list)
    prepared: list[WireChange] = field(default_factory=list)
    snapshot: Hub | None = None

    def do(self, step: str, number: int) -> None:
        self.pair.clock.advance(timedelta(seconds=11))
        try:
            getattr(self, step)(number)
        except UserError:
            return

    def _one(self, number: int) -> str:
        if not self.referrals:
            self.offer(number)
        return self.referrals[number % len(self.referrals)]

    def offer(self, _number: int) -> None:
        entry = VisitorEntry(name="Zq Mensch", phone="0208 1")
        consent = replace(PASS_ON, given_on=self.pair.clock.today(), ends_on=None)
        person = self.pair.north.person(entry, consent)
        self.people.append(person)
        self.referrals.append(self.pair.north.offer(person, frozenset({ContentField.NAME, ContentField.PHONE})))

    def withdraw(self, number: int) -> None:
        self.pair.north.service.withdraw(self.pair.north.erika, self._one(number))

    def undo_withdrawal(self, number: int) -> None:
        self.pair.north.service.undo_withdrawal(self.pair.north.erika, self._one(number))

    def accept(self, number: int) -> None:
        self.pair.south.service.accept(self.pair.south.erika, self._one(number))

    def decline(self, number: int) -> None:
        self.pair.south.service.decline(self.pair.south.erika, self._one(number), DeclineReason.NO_CAPACITY)

    def undo_answer(self, number: int) -> None:
        self.pair.south.service.undo_answer(self.pair.south.erika, self._one(number))

    def revoke(self, number: int) -> None:
        referral_id = self._one(number)
        self.pair.north.revoke(self.people[self.referrals.index(referral_id)])
        self.ended.add(referral_id)

    def erase(self, number: int) -> None:
        referral_id = self._one(number)
        person = self.people[self.referrals.index(referral_id)]
        with self.pair.north.store.unit_of_work(self.pair.north.erika, "erase_data", ("visitor", person)) as unit:
            forget_visitor(unit, person)
            erase_file(unit, person)
        self.ended.add(referral_id)

    def wait(self, number: int) -> None:
        self.pair.clock.advance(timedelta(days=number))

    def expire(self, _number: int) -> None:
        self.pair.clock.advance(timedelta(days=15))

    def push_north(self, _number: int) -> None:
        self._push(self.pair.north)

    def push_south(self, _number: int) -> None:
        self._push(self.pair.south)

    def repeat_push(self, number: int) -> None:
        """An answer was lost: the same bytes once more, long after."""
        if self.prepared:
            self.pair.hub.push([self.prepared[number % len(self.prepared)]])

    def pull_north(self, number: int) -> None:
        self._pull(self.pair.north, number)

    def pull_south(self, number: int) -> None:
        self._pull(self.pair.south, number)

    def redeliver(self, number: int) -> None:
        """A record of any time comes again, to either side."""
        if self.seen:
            desk = self.pair.north if number % 2 else self.pair.south
            desk.hear([self.seen[number % len(self.seen)]])

    def shuffle(self, number: int) -> None:
        """One by one in no order."""
        records = self.pair.hub.pull()
        random.Random(number).shuffle(records)
        for record in records:
            (self.pair.south if number % 2 else self.pair.north).hear([record])

    def restore_hub(self, number: int) -> None:
        """The hub comes back from an older backup (or empty) with a new epoch."""
        if number % 3 == 0:
            self.snapshot = copy.deepcopy(self.pair.hub)
            return
        older = self.snapshot or Hub()
        self.pair.hub.records = dict(older.records)
        self.pair.hub.seq += 1000
        self.seen.clear()  # no engine hands out pages of the former epoch
        self.prepared.clear()
        for desk in (self.pair.north, self.pair.south):
            with desk.store.unit_of_work(desk.erika, "sync_applied", ("space", "exchange")) as unit:
                desk.post.restarted(unit, desk.other)

    def _push(self, desk: Desk) -> None:
        changes = desk.post.outgoing(desk.erika, desk.other, desk.pair)
        self.prepared += changes
        desk.hear(self.pair.hub.push(changes))
        self.seen += self.pair.hub.pull()

    def _pull(self, desk: Desk, number: int) -> None:
        records = self.pair.hub.pull()
        self.seen += records
        desk.hear(records[: number + 1] if number % 2 else records)

    def end(self) -> None:
        """Let both sides talk until there is nothing to say, then compare."""
        north, south, hub = self.pair.north, self.pair.south, self.pair.hub
        for _ in range(4):
            for desk in (north, south):
                desk.hear(hub.pull())
                desk.hear(hub.push(desk.post.outgoing(desk.erika, desk.other, desk.pair)))
                desk.hear(hub.pull())
        for desk in (north, south):
            assert desk.post.outgoing(desk.erika, desk.other, desk.pair) == ()
        for referral_id in self.referrals:
            self._check(referral_id)

    def _check(self, referral_id: str) -> None:
        mine, theirs = self.pair.north.referral(referral_id), self.pair.south.referral(referral_id)
        assert mine is not None
        if theirs is None:
            assert mine.outcome in _GONE  # taken back before the other office heard of it
        else:
            assert theirs.outcome is mine.outcome
            assert theirs.cause is mine.cause
            assert theirs.is_told
        assert mine.is_told
        if referral_id in self.ended:
            assert mine.outcome in _GONE
            assert not mine.has_content
        for one in (mine, theirs):
            if one is not None and one.outcome is Outcome.WITHDRAWN:
                assert not one.has_content
            if one is not None and one.outcome is Outcome.WAITING:
                assert one.has_content


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@example(steps=[("offer", 0), ("push_north", 0), ("pull_south", 0), ("restore_hub", 1), ("withdraw", 0)])
@example(steps=[("push_north", 0), ("pull_south", 0), ("withdraw", 0), ("accept", 0)])
@given(steps=st.lists(st.tuples(st.sampled_from(_STEPS), st.integers(0, 9)), min_size=3, max_size=22))
def test_both_offices_end_in_the_same_state(offices: Pair, steps: list[tuple[str, int]]) -> None:
    # The databases go on from one history to the next; the hub and what waited begin anew.
    offices.hub = Hub()
    for desk in (offices.north, offices.south):
        with desk.store.unit_of_work(desk.erika, "clear", None) as unit:
            unit.derived("DELETE FROM exchange_wire")
            unit.derived("DELETE FROM exchange_referral")
    history = History(offices)
    for step, number in [("offer", 0), *steps]:
        history.do(step, number)
    history.end()
