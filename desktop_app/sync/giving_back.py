"""Putting records that belong to another carrier back to what the hub has; what was changed here goes to the inbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_app.sync.documents import Document, as_the_hub_has_it, read_documents
from desktop_app.sync.following import follow_up
from desktop_app.sync.keeping_conflicts import ConflictKeeper
from desktop_app.sync.merging import Lost, differences
from desktop_app.sync.records import ConflictKind, SyncChanged
from desktop_app.sync.shadows import known_document, read_shadows
from desktop_app.sync.what_travels import COLLECTIONS
from desktop_app.sync.writing import Writer

if TYPE_CHECKING:
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.space_at import SpaceAt


def give_back(store: Store, unit: UnitOfWork, space: SpaceAt, keys: Sequence[str]) -> int:
    """Put records back inside a unit that is `from_outside`; return how many conflicts that makes for the reader."""
    writer, conflicts = Writer(unit, store.ids), ConflictKeeper(unit, store.ids, space)
    shadows = read_shadows(unit, keys)
    wanted: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        collection, _, record_id = key.partition("/")
        wanted[collection].append(record_id)
    found = 0
    for collection, ids in wanted.items():
        there = read_documents(unit, collection, ids)
        for record_id in ids:
            base, local = known_document(shadows.get(f"{collection}/{record_id}")), there.get(record_id)
            lost = _put_back(writer, base, local)
            found += conflicts.keep(collection, record_id, ConflictKind.NOT_OURS, lost)
    follow_up(store, unit, writer)
    unit.notify(SyncChanged())
    return found


def _put_back(writer: Writer, base: Document | None, local: Document | None) -> list[Lost]:
    """Write what the hub has, and return what does not stand any more."""
    if base is None:
        if local is None or COLLECTIONS[local.collection].is_never_deleted:
            return []
        writer.delete(local)
        return [Lost("", None, local.fields, None, mine_stands=False, is_open=False)]
    if local is None:
        lost = [Lost("", base.fields, None, base.fields, mine_stands=False, is_open=False)]
    else:
        lost = differences(base, as_the_hub_has_it(local, base), base)
    if lost:
        writer.write(base, local)
    return lost
