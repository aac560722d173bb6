"""What an access request has to tell of two desks that wrote differently: the values that did not stand are stored too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.sync.tables import SyncConflict
from desktop_app.sync.value_words import value_text
from desktop_app.sync.wording import collection_label, field_label
from desktop_app.visitors.records import OtherValue

if TYPE_CHECKING:
    from desktop_app.storage.store import Store

_OF_VISITOR = """
WITH person AS (SELECT id FROM visitor WHERE id = ?1 OR merged_into = ?1)
SELECT id FROM sync_conflict WHERE collection = 'visitor' AND record_id IN person
UNION SELECT conflict.id FROM sync_conflict AS conflict JOIN visitor_consent AS consent ON consent.id = conflict.record_id
 WHERE conflict.collection = 'visitor_consent' AND consent.visitor_id IN person
UNION SELECT conflict.id FROM sync_conflict AS conflict JOIN contact_visitor AS link ON link.contact_id = conflict.record_id
 WHERE conflict.collection = 'contact' AND link.visitor_id IN person
"""


class ValuesThatLost:
    """Answers what visitor files ask, for a desk that has sync."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store

    def is_connected(self) -> bool:
        """Tell whether this desk is connected to a hub."""
        return bool(self._store.sql("SELECT 1 FROM sync_hub WHERE state <> 'enrolling'"))

    def of_visitor(self, visitor_id: str) -> tuple[OtherValue, ...]:
        """Return every field of a person's file, consents and contacts that two desks wrote differently."""
        store = self._store
        ids = [row[0] for row in store.sql(_OF_VISITOR, (visitor_id,))]
        rows = store.rows(
            SyncConflict.select().where(SyncConflict.id.in_(ids)).order_by(SyncConflict.found_at, SyncConflict.id)
        )
        found = []
        for row in rows:
            collection, field = row["collection"], row["field"]
            texts = (value_text(store, collection, field, row[name]) for name in ("before", "mine", "theirs"))
            found.append(
                OtherValue(
                    collection_label(collection),
                    field_label(store, collection, field),
                    tuple(dict.fromkeys(text for text in texts if text)),
                )
            )
        return tuple(found)
