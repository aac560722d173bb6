"""Applying records of the hub to the rows of this desk: one page, one transaction, nothing of it told back.

Here stands the order of it: what is opened (`opening_records`), what stands where this desk has the record too
(`merging_with_ours`), what is erased (`incoming_erasures`), what waits (`waiting_records`) and what follows (`following`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import peewee

from desktop_app.sync.codec import KEY_RECORDS, Opened, Reading
from desktop_app.sync.documents import Document, as_the_hub_has_it, document_text, row_of, same_content
from desktop_app.sync.erased_parts import OUTLIVING, without_erased
from desktop_app.sync.following import follow_up, note_clean_up
from desktop_app.sync.incoming_erasures import IncomingErasures
from desktop_app.sync.keeping_conflicts import ConflictKeeper
from desktop_app.sync.merging import Lost
from desktop_app.sync.merging_with_ours import RecordMerging
from desktop_app.sync.opening_records import open_records, reason_to_refuse
from desktop_app.sync.own_records import OwnRecords
from desktop_app.sync.records import ConflictKind, SpaceKind, SyncChanged
from desktop_app.sync.shadows import Shadow, gone, known_document, read_shadows, store_shadows, writers_with
from desktop_app.sync.waiting_records import park, something_waits, unpark
from desktop_app.sync.what_travels import COLLECTIONS
from desktop_app.sync.writing import UnusableDocument, Writer, check_usable

if TYPE_CHECKING:
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.protocol import Record
    from desktop_app.sync.space_at import SpaceAt


@dataclass(slots=True)
class Outcome:
    """What came of a page."""

    received: int = 0
    conflicts: int = 0
    parked: int = 0


class PageApplier:
    """Applies the records of one page inside one unit of work that is `from_outside`."""

    def __init__(
        self,
        store: Store,
        unit: UnitOfWork,
        space: SpaceAt,
        *,
        reading: Reading | None = None,
        merging: RecordMerging | None = None,
        conflicts: ConflictKeeper | None = None,
    ) -> None:
        """Apply records of `space`; the rest says how they are opened, merged and kept when they came by another way."""
        self._store = store
        self._unit = unit
        self._space = space
        self._reading = reading or space.codec
        self._merging = merging or RecordMerging(unit, space)
        self._conflicts = conflicts or ConflictKeeper(unit, store.ids, space)
        self._writer = Writer(unit, store.ids)
        self._own = OwnRecords(unit)
        self._erasures = IncomingErasures(store, unit, self._own, self._writer)
        self._shadows: dict[str, Shadow] = {}
        self._changed: dict[str, Shadow] = {}
        self._something_waits = False
        self.outcome = Outcome()

    def apply(self, records: Sequence[Record]) -> None:
        """Apply records; what can't be applied is parked.

        Raises:
            RestoredHere: this database was put back to an earlier state; nothing may be sealed under its device id.
        """
        key_records = [record for record in records if self._has_keys(record)]
        others = [record for record in records if not self._has_keys(record)]
        opened, closed = open_records(self._store, self._reading, others)
        for record, reason in closed:
            self._park(record, reason)
        if key_records:
            self._take_keys(key_records)
        self._read(opened)
        self._store.give_way()
        for item in opened:
            self._one(item)
            self._store.give_way()
        store_shadows(self._unit, self._space.name, self._changed.items())
        follow_up(self._store, self._unit, self._writer)
        if self._erasures.left_traces:
            note_clean_up(self._unit)
        self._unit.notify(SyncChanged())

    # Before -----------------------------------------------------------------------------------------

    def _has_keys(self, record: Record) -> bool:
        return record["collection"] == KEY_RECORDS and self._space.kind is SpaceKind.OFFICE

    def _take_keys(self, records: Sequence[Record]) -> None:
        if self._space.keys is not None:
            self._space.keys.incoming(self._unit, records)
        # Their numbers belong to the digest of the space.
        self._changed.update((f"wire:{KEY_RECORDS}/{record['id']}", Shadow(seq=record["seq"])) for record in records)

    def _read(self, opened: Sequence[Opened]) -> None:
        self._shadows = read_shadows(self._unit, [item.key for item in opened])
        self._own.read(opened)
        self._something_waits = something_waits(self._unit, self._space.name)
        self._merging.read(opened)

    # One record -------------------------------------------------------------------------------------

    def _one(self, item: Opened) -> None:
        shadow = self._shadows.get(item.key)
        if self._is_known(item, shadow) or not self._is_fresh(item, shadow):
            return
        document = item.document
        if item.collection not in COLLECTIONS or (document is not None and document.is_newer):
            self._park(item.record, "newer", item.key)
            return
        if COLLECTIONS[item.collection].space is not self._space.kind:
            self._park(item.record, "misplaced", item.key)
            return
        # A record that can't be stored must not hold up the page.
        self._unit.derived("SAVEPOINT one_record")
        try:
            is_done = self._take(item, shadow)
        except (UnusableDocument, peewee.IntegrityError, KeyError, TypeError, IndexError, StopIteration):
            self._unit.derived("ROLLBACK TO one_record")
            self._changed.pop(item.key, None)
            self._park(item.record, "unusable", item.key)
            is_done = False
        self._unit.derived("RELEASE one_record")
        if is_done:
            if self._something_waits:
                self._unpark(item.record)
            self.outcome.received += 1

    def _is_known(self, item: Opened, shadow: Shadow | None) -> bool:
        seq = item.record["seq"]
        if shadow is None or shadow.seq == 0:
            return False
        if shadow.seq > 0:
            return seq <= shadow.seq
        # Read after the hub came back from a backup: the number we knew is kept as a negative one.
        if seq > -shadow.seq:
            return False
        if seq == -shadow.seq:
            self._changed[item.key] = replace(shadow, seq=seq)
            return True
        # The hub has an earlier state than we saw: ours goes there again.
        self._keep_shadow(item, shadow)
        self._tell(item)
        return True

    def _is_fresh(self, item: Opened, shadow: Shadow | None) -> bool:
        reason = reason_to_refuse(self._store, self._space, item, shadow)
        if reason:
            self._park(item.record, reason, item.key)
        return not reason

    def _take(self, item: Opened, shadow: Shadow | None) -> bool:
        """Take a record; return whether it need not wait."""
        if item.record["erased"]:
            self._erasures.take(item)
            self._keep_shadow(item, shadow)
            return True
        if item.key in self._own.erased:
            self._refuse(item, shadow)
            return True
        if item.document is None:
            self._take_deletion(item, shadow)
            return True
        return self._take_document(item, item.document, shadow)

    def _refuse(self, item: Opened, shadow: Shadow | None) -> None:
        """It was erased here: the others hear of that, and what came is not kept."""
        record, writers = item.record, writers_with(shadow, item.stamp)
        self._changed[item.key] = Shadow(record["seq"], record["owner"], 0, None, writers, _key_id(item))
        self._unit.tell(item.collection, item.record_id)

    def _take_deletion(self, item: Opened, shadow: Shadow | None) -> None:
        local = self._own.documents.get(item.key)
        if local is not None:
            base, is_foreign = known_document(shadow), self._space.is_foreign(item.record["owner"])
            is_changed = base is None or not same_content(as_the_hub_has_it(local, base), base)
            if COLLECTIONS[item.collection].is_never_deleted or (is_changed and not is_foreign):
                self._tell(item)
            else:
                self._writer.delete(local)
                del self._own.documents[item.key]
            if is_changed:
                kind = ConflictKind.NOT_OURS if is_foreign else ConflictKind.EDIT_AGAINST_DELETION
                before = base.fields if base is not None else None
                self._keep_lost(item, kind, [Lost("", before, local.fields, None, not is_foreign, is_open=False)])
        self._keep_shadow(item, shadow)

    def _take_document(self, item: Opened, document: Document, shadow: Shadow | None) -> bool:
        missing, erased = self._own.missing_and_erased_parents(document)
        theirs = document
        if erased:
            if document.collection not in OUTLIVING:
                self._erasures.take(item)
                self._refuse(item, shadow)
                return True
            theirs = without_erased(document, erased)
        if missing:
            self._park(item.record, "parent", item.key)
            return False
        local = self._own.documents.get(item.key)
        if local is None and self._erasures.is_of_before(document, self._changed):
            self._erasures.take(item)
            self._refuse(item, shadow)
            return True
        check_usable(document)
        standing = self._merging.standing(item, theirs, local, shadow)
        self._erasures.write(standing.document, local, document)
        self._keep_shadow(item, shadow)
        self._keep_lost(item, standing.kind, standing.lost, standing.written_by)
        if not same_content(standing.document, document):
            self._tell(item)
        self._own.put(item, standing.document)
        return True

    # Trail ------------------------------------------------------------------------------------------

    def _keep_shadow(self, item: Opened, shadow: Shadow | None) -> None:
        """Remember that this is what the hub has."""
        record = item.record
        text = document_text(item.document) if item.document is not None else None
        writers = writers_with(shadow, item.stamp)
        self._changed[item.key] = Shadow(record["seq"], record["owner"], gone(record), text, writers, _key_id(item))

    def _tell(self, item: Opened) -> None:
        """Let the others hear what stands here."""
        if item.collection in COLLECTIONS:
            row_id = row_of(self._unit, item.collection, item.record_id)
            if row_id is not None:
                self._unit.tell(item.collection, row_id)

    def _keep_lost(self, item: Opened, kind: ConflictKind, lost: Sequence[Lost], written_by: str | None = None) -> None:
        self.outcome.conflicts += self._conflicts.keep(item.collection, item.record_id, kind, lost, written_by)

    def _park(self, record: Record, reason: str, key: str = "") -> None:
        park(self._unit, self._space.name, record, reason, key)
        self.outcome.parked += 1

    def _unpark(self, record: Record) -> None:
        unpark(self._unit, self._space.name, record)


def _key_id(item: Opened) -> str:
    return item.stamp.key_id if item.stamp is not None else ""
