"""Taking over a file that was checked: slice by slice, so that whoever saves a contact meanwhile hardly waits.

Stopped or killed in the middle, it can simply be taken over again: what was done is known by record.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_app.core.translation import tr
from desktop_app.sync.applying import Outcome, SpaceAt
from desktop_app.sync.bundle_applying import HubVersionApplier, OwnStateApplier, is_foreign
from desktop_app.sync.bundle_lines import BundleRecord, Heading, OwnState
from desktop_app.sync.connection import HUB, Space, read_connection
from desktop_app.sync.documents import document_from
from desktop_app.sync.tables import SyncHub
from desktop_app.sync.what_travels import COLLECTIONS

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.core.progress import Progress
    from desktop_app.storage.store import Store

_SLICE_SECONDS = 0.02
_SMALLEST_SLICE, _FIRST_SLICE, _LARGEST_SLICE = 4, 20, 200
_BREATH_SECONDS = 0.001  # a lock is not handed on by itself


@dataclass(slots=True)
class Importer:
    """Takes the records of one file over."""

    store: Store
    actor: Actor
    heading: Heading
    own_lineage: str
    progress: Progress
    outcome: Outcome
    _slice: int = _FIRST_SLICE

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
            for piece in self._pieces(wanted):
                self.progress.step(done, total, tr("Neues wird übernommen"))
                if is_hub:
                    self._take_hub_versions(at, piece)
                else:
                    self._take_own_states(space, at, piece)
                done += len(piece)

    def _same_epoch(self, space: Space) -> bool:
        told = self.heading.spaces.get(space.kind, "")
        return bool(told) and told == space.epoch and not space.is_renewed

    def _take_hub_versions(self, at: SpaceAt, records: Sequence[BundleRecord]) -> None:
        with self.store.unit_of_work(self.actor, "sync_applied", ("sync", at.name), from_outside=True) as unit:
            # This database may have been put back: numbers that were given may not be given again.
            highest = max((one.hub.writers.get(at.device_id, 0) for one in records if one.hub is not None), default=0)
            connection = read_connection(unit)
            if connection is not None and highest > connection.counter:
                unit.update(SyncHub, HUB, {"counter": highest})
            applier = HubVersionApplier(self.store, unit, at)
            applier.take(records)
        self._count(applier.outcome)

    def _take_own_states(self, space: Space, at: SpaceAt, records: Sequence[BundleRecord]) -> None:
        with self.store.unit_of_work(self.actor, "sync_applied", ("sync", at.name)) as unit:
            applier = OwnStateApplier(
                self.store,
                unit,
                at,
                self.own_lineage,
                self.heading.lineage,
                same_epoch=self._same_epoch(space),
            )
            applier.take(records)
        self._count(applier.outcome)

    def _count(self, outcome: Outcome) -> None:
        self.outcome.received += outcome.received
        self.outcome.conflicts += outcome.conflicts
        self.outcome.parked += outcome.parked

    def _pieces(self, records: Sequence[BundleRecord]) -> Iterator[Sequence[BundleRecord]]:
        start = 0
        while start < len(records):
            piece = records[start : start + self._slice]
            start += len(piece)
            begun = time.perf_counter()
            yield piece
            took = time.perf_counter() - begun
            if took > _SLICE_SECONDS:
                self._slice = max(self._slice // 2, _SMALLEST_SLICE)
            elif took < _SLICE_SECONDS / 2:
                self._slice = min(self._slice + self._slice // 2, _LARGEST_SLICE)
            time.sleep(_BREATH_SECONDS)


def _as_own(one: BundleRecord, heading: Heading) -> BundleRecord:
    """One of the two desks knows the hub from before it came back from a backup: its numbers say nothing to both."""
    if one.own is not None or one.hub is None:
        return one
    hub = one.hub
    document = document_from(hub.document) if hub.document and not hub.deleted else None
    if document is None and not hub.deleted:
        return one
    own = OwnState(hub.deleted, document, heading.number, frozenset(), {heading.lineage: heading.number})
    return replace(one, own=own)
