"""Rows as they go over the wire."""

from __future__ import annotations

from desktop_app.sync import protocol
from hub.storage.records import StoredPosition, StoredRecord
from hub.storage.tables import ERASED, PRESENT


def as_record(row: StoredRecord) -> protocol.Record:
    """Return a record with its data."""
    seq, collection, record_id, state, owner, data = row
    return {
        "seq": seq,
        "collection": collection,
        "id": record_id,
        "deleted": state != PRESENT,
        "erased": state == ERASED,
        "owner": owner,
        "data": data,
    }


def as_position(row: StoredPosition) -> protocol.Position:
    """Return a record without its data."""
    seq, collection, record_id, state, owner = row
    return {
        "seq": seq,
        "collection": collection,
        "id": record_id,
        "deleted": state != PRESENT,
        "erased": state == ERASED,
        "owner": owner,
    }
