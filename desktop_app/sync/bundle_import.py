"""Taking over a file that was checked: one transaction goes on until somebody else wants to save, but not for long.

Stopped or killed in the middle, it can simply be taken over again: what was done is known by record.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_app.core.translation import tr
from desktop_app.sync.applying import Outcome
from desktop_app.sync.bundle_applying import HubVersionApplier, OwnStateApplier, is_foreign
from desktop_app.sync.bundle_lines import BundleRecord, Heading, OwnState
from desktop_app.sync.connection import HUB, Space, read_connection
from desktop_app.sync.tables import SyncHub
from desktop_app.sync.what_travels import COLLECTIONS

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.core.progress import Progress
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.space_at import SpaceAt

_PIECE = 20  # records between two looks at whether somebody waits
#: So long a transaction goes on at most: a commit costs as much as many records.
_TRANSACTION_SECONDS = 0.1
#: Between two of them. Neither a lock nor the file is handed on by itself; another program looks only now and then.
_BREATH_SECONDS = 0.005


@dataclass(slots=True)
class Importer:
    """Takes the records of one file over."""

    store: Store
    actor: Actor
    heading: Heading
    own_lineage: str
    progress: Progress
    outcome: Outcome

    def take(self, records: Sequence[BundleRecord], spaces: Sequence[tuple[Space, SpaceAt]]) -> None:
        """Take records over: the hub's versions of all spaces first, for states refer to them.

        Raises:
            Cancelled: through `progress`; what was taken stays.
        """
        done = 0
        jobs: list[tuple[Space, SpaceAt, list[BundleRecord], bool]] = []
        for space, at in spaces:
            here = [one for one in records if COLLECTIONS[one.collection].space is space.kind]
            if self._same_epoch(space):
                jobs.append((space, at, [one for one in here if one.hub is not None], True))
        for space, at in spaces:
            here = [one for one in records if COLLECTIONS[one.collection].space is space.kind]
            if not self._same_epoch(space):
                here = [_as_own(one, self.heading) for one in here]
            jobs.append(
                (space, at, [one for one in here if one.own is not None and not is_foreign(one, at.carrier_id)], False)
            )
        total = sum(len(job[2]) for job in jobs)
        for space, at, wanted, is_hub in jobs:
            taken = 0
            while taken < len(wanted):
                self.progress.step(done + taken, total, tr("Neues wird übernommen"))
                taken = self._transaction(space, at, wanted, taken, is_hub=is_hub)
                time.sleep(_BREATH_SECONDS)
            done += taken

    def _transaction(
        self, space: Space, at: SpaceAt, records: Sequence[BundleRecord], start: int, *, is_hub: bool
    ) -> int:
        """Take over what one transaction holds, from `start`; return how far it came."""
        end = start
        outcomes: list[Outcome] = []
        with self.store.unit_of_work(self.actor, "sync_applied", ("sync", at.name), from_outside=is_hub) as unit:
            until = time.perf_counter() + _TRANSACTION_SECONDS
            while end < len(records):
                piece = records[end : end + _PIECE]
                outcomes.append(
                    self._take_hub_versions(unit, at, piece)
                    if is_hub
                    else self._take_own_states(unit, space, at, piece)
                )
                end += len(piece)
                self.store.give_way()
                if self.store.writer_lane.is_wanted or time.perf_counter() >= until:
                    break
        for outcome in outcomes:
            self._count(outcome)
        return end

    def _same_epoch(self, space: Space) -> bool:
        told = self.heading.spaces.get(space.kind, "")
        return bool(told) and told == space.epoch and not space.is_renewed

    def _take_hub_versions(self, unit: UnitOfWork, at: SpaceAt, records: Sequence[BundleRecord]) -> Outcome:
        # This database may have been put back: numbers that were given may not be given again.
        highest = max((one.hub.writers.get(at.device_id, 0) for one in records if one.hub is not None), default=0)
        connection = read_connection(unit)
        if connection is not None and highest > connection.counter:
            unit.update(SyncHub, HUB, {"counter": highest})
        applier = HubVersionApplier(self.store, unit, at)
        applier.take(records)
        return applier.outcome

    def _take_own_states(self, unit: UnitOfWork, space: Space, at: SpaceAt, records: Sequence[BundleRecord]) -> Outcome:
        applier = OwnStateApplier(
            self.store, unit, at, self.own_lineage, self.heading.lineage, same_epoch=self._same_epoch(space)
        )
        applier.take(records)
        return applier.outcome

    def _count(self, outcome: Outcome) -> None:
        self.outcome.received += outcome.received
        self.outcome.conflicts += outcome.conflicts
        self.outcome.parked += outcome.parked


def _as_own(one: BundleRecord, heading: Heading) -> BundleRecord:
    """One of the two desks knows the hub from before it came back from a backup: its numbers say nothing to both."""
    if one.own is not None or one.hub is None:
        return one
    hub = one.hub
    document = one.hub_document if not hub.deleted else None
    if document is None and not hub.deleted:
        return one
    text = hub.document if document is not None else None
    own = OwnState(hub.deleted, document, text, heading.number, frozenset(), {heading.lineage: heading.number})
    return replace(one, own=own)
