"""Keeping what did not stand, so that people find it in the inbox (`conflicts`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_app.sync.conflicts import may_read
from desktop_app.sync.documents import canonical
from desktop_app.sync.merging import Lost
from desktop_app.sync.records import ConflictKind
from desktop_app.sync.tables import SyncConflict

if TYPE_CHECKING:
    from desktop_app.core.ids import IdFactory
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.space_at import SpaceAt


class ConflictKeeper:
    """Writes values that did not stand, inside one unit of work, and tells the other desks of them."""

    def __init__(self, unit: UnitOfWork, ids: IdFactory, space: SpaceAt) -> None:
        """Keep what is found in `space`."""
        self._unit = unit
        self._ids = ids
        self._space = space

    def keep(
        self, collection: str, record_id: str, kind: ConflictKind, lost: Sequence[Lost], written_by: str | None = None
    ) -> int:
        """Keep what did not stand of a record; return how many conflicts that makes for whoever reads the outcome.

        `written_by` is the device that wrote the other values, where that is certain.
        """
        if not lost or collection == "sync_conflict":
            return 0
        conflict_id = self.conflict_id(collection, record_id, lost)
        with self._unit.own_changes():
            for one in lost:
                self._unit.insert(
                    SyncConflict,
                    {
                        "id": self.value_id(conflict_id, one),
                        "conflict_id": conflict_id,
                        "collection": collection,
                        "record_id": record_id,
                        "field": one.field,
                        "kind": kind.value,
                        "mine": canonical(one.mine),
                        "theirs": canonical(one.theirs),
                        "before": canonical(one.before),
                        "stands": "mine" if one.mine_stands else "theirs",
                        "device_label": self._space.device_label,
                        "found_at": self._unit.moment,
                        "state": "open" if one.is_open else "kept",
                        "theirs_device": written_by,
                    },
                )
        # A number alone would tell that there is something about a person.
        return int(any(may_read(self._space.role, collection, one.field) for one in lost))

    def conflict_id(self, collection: str, record_id: str, lost: Sequence[Lost]) -> str:  # noqa: ARG002 - for files
        """Return the id under which the values of one conflict stand together."""
        return self._ids.new_id()

    def value_id(self, conflict_id: str, one: Lost) -> str:  # noqa: ARG002 - for files
        """Return the id of one value."""
        return self._ids.new_id()
