"""Applying what a file says: first the hub's versions, as if they had been pulled, then what the other desk did since.

Both go the way of a page of the hub (`applying`); the differences stand here. The cursor does not move: what the file had of
the hub's versions is known when it is pulled, and skipped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from desktop_app.sync.applying import PageApplier
from desktop_app.sync.bundle_causes import (
    State,
    common_base,
    joined,
    keep_states,
    marks_of,
    merge_side_by_side,
    read_states,
)
from desktop_app.sync.bundle_lines import ERASED, LIVE, BundleRecord, OwnState
from desktop_app.sync.codec import Opened
from desktop_app.sync.documents import Document, canonical, document_text, same_content
from desktop_app.sync.keeping_conflicts import ConflictKeeper
from desktop_app.sync.merging import Lost, Merged
from desktop_app.sync.merging_with_ours import RecordMerging
from desktop_app.sync.protocol import Record
from desktop_app.sync.records import ConflictKind
from desktop_app.sync.shadows import Shadow, gone, known_document
from desktop_app.sync.waiting_records import unpark_older
from desktop_app.sync.what_travels import COLLECTIONS

if TYPE_CHECKING:
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.space_at import SpaceAt


class FileReading:
    """Reads records that were opened with the file."""

    def __init__(self, space: SpaceAt) -> None:
        """Name places as the space's codec does."""
        self._codec = space.codec
        self._opened: dict[tuple[str, str], Opened] = {}

    def open(self, record: Record) -> Opened:
        """Return what was in the file."""
        return self._opened[record["collection"], record["id"]]

    def take(self, one: BundleRecord, seq: int, owner: str | None, deleted: int, document: Document | None) -> Record:
        """Return a record as it would stand on the wire."""
        collection, wire = self._codec.place(one.collection, one.record_id)
        record = Record(
            seq=seq, collection=collection, id=wire, deleted=deleted > 0, erased=deleted == ERASED, owner=owner, data=""
        )
        self._opened[collection, wire] = Opened(record, one.collection, one.record_id, document, None)
        return record


class HubVersionApplier(PageApplier):
    """Applies the hub's versions that the other desk knows and this one does not."""

    def __init__(self, store: Store, unit: UnitOfWork, space: SpaceAt) -> None:
        """Apply inside a unit that is `from_outside`: the hub has it already."""
        self._file = FileReading(space)
        super().__init__(store, unit, space, reading=self._file)
        self._told_shadows: dict[str, Shadow] = {}

    def take(self, records: Iterable[BundleRecord]) -> None:
        """Apply records."""
        wire = []
        for one in records:
            if one.hub is not None:
                hub = one.hub
                self._told_shadows[one.key] = hub
                document = one.hub_document if not hub.deleted else None
                wire.append(self._file.take(one, hub.seq, hub.owner, hub.deleted, document))
        self.apply(wire)

    def _is_known(self, item: Opened, shadow: Shadow | None) -> bool:
        if shadow is not None and shadow.seq < 0:
            return True  # the hub came back from a backup and is being read anew
        return super()._is_known(item, shadow)

    def _keep_shadow(self, item: Opened, shadow: Shadow | None) -> None:
        record, told = item.record, self._told_shadows[item.key]
        text = told.document if item.document is not None else None
        writers = joined(shadow.writers if shadow else {}, told.writers)
        self._changed[item.key] = Shadow(record["seq"], record["owner"], gone(record), text, writers, told.key_id)

    def _park(self, record: Record, reason: str, key: str = "") -> None:  # noqa: ARG002 - it comes with the next file
        self.outcome.parked += 1

    def _unpark(self, record: Record) -> None:
        """A younger version that waits goes on waiting."""
        unpark_older(self._unit, self._space.name, record)


class OwnStateApplier(PageApplier):
    """Merges what the other desk has beyond the hub. Whatever that changes here is told to the hub."""

    def __init__(
        self, store: Store, unit: UnitOfWork, space: SpaceAt, own: str, other: str, *, same_epoch: bool
    ) -> None:
        """Merge states of the lineage `other` into those of `own`."""
        self._file = FileReading(space)
        super().__init__(
            store,
            unit,
            space,
            reading=self._file,
            merging=SideBySideMerging(unit, space, mine_is_first=own < other),
            conflicts=ConflictOnceKeeper(unit, store.ids, space),
        )
        self._other, self._same_epoch = other, same_epoch
        self._records: dict[str, BundleRecord] = {}
        self._states: Mapping[str, Sequence[State]] = {}
        self._taken: list[tuple[State, str | None]] = []

    def take(self, records: Iterable[BundleRecord]) -> None:
        """Merge records."""
        wire = []
        for one in records:
            if one.own is not None:
                self._records[one.key] = one
                deleted = 0 if one.own.kind == LIVE else one.own.kind
                owner = one.hub.owner if one.hub is not None else None
                wire.append(self._file.take(one, 1, owner, deleted, one.own.document))
        self.apply(wire)
        keep_states(self._unit, self._taken)

    def _read(self, opened: Sequence[Opened]) -> None:
        super()._read(opened)
        self._states = read_states(self._unit, [item.key for item in opened])

    def _own_state(self, item: Opened) -> OwnState:
        own = self._records[item.key].own
        if own is None:
            raise AssertionError("a record without a state of its own")
        return own

    def _is_known(self, item: Opened, shadow: Shadow | None) -> bool:
        own = self._own_state(item)
        if marks_of(known_document(shadow)).get(self._other, 0) >= own.number:
            return True
        if any(one.lineage == self._other and one.number >= own.number for one in self._states.get(item.key, ())):
            return True
        base = self._base_of(item, shadow)
        is_gone_here = item.key not in self._own.documents and item.key not in self._own.erased
        if is_gone_here and item.document is not None and base is not None and same_content(item.document, base):
            self._note(item)  # deleted here and not changed there: it stays deleted
            return True
        return False

    def _is_fresh(self, item: Opened, shadow: Shadow | None) -> bool:  # noqa: ARG002 - the file's seal says who wrote it
        return True

    def _take(self, item: Opened, shadow: Shadow | None) -> bool:
        base = self._base_of(item, shadow)
        pseudo = Shadow(1, item.record["owner"], 0, document_text(base)) if base is not None else None
        is_done = super()._take(item, pseudo)
        if is_done:
            self._note(item)
        return is_done

    def _base_of(self, item: Opened, shadow: Shadow | None) -> Document | None:
        """Return what both desks began with: a state that went by file, or the older of the hub's versions they know."""
        own, told = self._own_state(item), self._records[item.key].hub
        hub = self._records[item.key].hub_document
        if not self._same_epoch and (hub is None or told is None or shadow is None or told.document != shadow.document):
            hub = None
        known = marks_of(hub)
        states = [
            one
            for one in self._states.get(item.key, ())
            if one.number > known.get(one.lineage, 0)
            and (
                one.number in own.former if one.lineage == self._other else own.vector.get(one.lineage, 0) >= one.number
            )
        ]
        return common_base(states, hub)

    def _keep_shadow(self, item: Opened, shadow: Shadow | None) -> None:
        """What the hub has is not said here."""

    def _refuse(self, item: Opened, shadow: Shadow | None) -> None:
        """It was erased here: our next file says so."""

    def _note(self, item: Opened) -> None:
        own = self._own_state(item)
        is_gone = item.document is None or item.key in self._own.erased
        text = None if is_gone else own.text
        self._taken.append((State(item.key, self._other, own.number, item.document, own.vector), text))

    def _park(self, record: Record, reason: str, key: str = "") -> None:  # noqa: ARG002 - it comes with the next file
        self.outcome.parked += 1

    def _unpark(self, record: Record) -> None:
        """What waits came from the hub."""


class SideBySideMerging(RecordMerging):
    """Merges states of two desks of which no hub says which was the later one."""

    def __init__(self, unit: UnitOfWork, space: SpaceAt, *, mine_is_first: bool) -> None:
        """Merge so that the other desk, for which the order is the other way round, comes to the same."""
        super().__init__(unit, space)
        self._mine_is_first = mine_is_first

    def base_of(self, item: Opened, shadow: Shadow | None) -> Document | None:  # noqa: ARG002 - chosen already
        """Return what was chosen as the base."""
        return known_document(shadow)

    def merged(self, base: Document | None, mine: Document, theirs: Document) -> Merged:
        """Merge field by field."""
        return merge_side_by_side(base, mine, theirs, mine_is_first=self._mine_is_first)


class ConflictOnceKeeper(ConflictKeeper):
    """Both desks may find the same: then it stands in the inbox once."""

    def keep(
        self, collection: str, record_id: str, kind: ConflictKind, lost: Sequence[Lost], written_by: str | None = None
    ) -> int:
        """Keep what is not kept yet."""
        if not lost:
            return 0
        conflict_id = self.conflict_id(collection, record_id, lost)
        known = {row[0] for row in self._unit.sql("SELECT id FROM sync_conflict WHERE conflict_id = ?", (conflict_id,))}
        new = [one for one in lost if self.value_id(conflict_id, one) not in known]
        return super().keep(collection, record_id, kind, new, written_by)

    def conflict_id(self, collection: str, record_id: str, lost: Sequence[Lost]) -> str:
        """Return what both desks come to."""
        values = sorted(canonical([one.field, sorted([canonical(one.mine), canonical(one.theirs)])]) for one in lost)
        return _digest(canonical([collection, record_id, values]))

    def value_id(self, conflict_id: str, one: Lost) -> str:
        """Return what both desks come to."""
        return _digest(canonical([conflict_id, one.field]))


def is_foreign(record: BundleRecord, carrier_id: str) -> bool:
    """Tell whether a record belongs to another carrier."""
    owner = record.hub.owner if record.hub is not None else None
    return COLLECTIONS[record.collection].space.value == "directory" and owner not in {None, carrier_id}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
