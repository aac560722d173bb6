"""Shadows: what the hub has of each record as far as this desk knows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.sync.documents import Document, Reader, canonical, document_from

if TYPE_CHECKING:
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.protocol import Record
    from desktop_app.sync.sealing import Stamp

_STORE_SQL = """
INSERT OR REPLACE INTO sync_shadow (id, space, seq, owner, deleted, document, writers, key_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(slots=True)
class Shadow:
    """What the hub has of a record as far as we know."""

    seq: int = 0
    owner: str | None = None
    deleted: int = 0
    document: str | None = None
    writers: dict[str, int] = field(default_factory=dict)
    key_id: str = ""


def read_shadows(reader: Reader, keys: Iterable[str]) -> dict[str, Shadow]:
    """Return the shadows of documents by their keys."""
    rows = reader.sql(
        "SELECT id, seq, owner, deleted, document, writers, key_id FROM sync_shadow "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )
    return {
        key: Shadow(seq, owner, deleted, text, json.loads(writers), key_id)
        for key, seq, owner, deleted, text, writers, key_id in rows
    }


def store_shadows(unit: UnitOfWork, space: str, shadows: Iterable[tuple[str, Shadow]]) -> None:
    """Write shadows."""
    unit.derived_many(
        _STORE_SQL,
        [
            (key, space, one.seq, one.owner, one.deleted, one.document, canonical(one.writers), one.key_id)
            for key, one in shadows
        ],
    )


def known_document(shadow: Shadow | None) -> Document | None:
    """Return what the hub has of a record as far as we know; None where it has nothing, or nothing readable."""
    return document_from(shadow.document) if shadow is not None and shadow.document else None


def gone(record: Record) -> int:
    """Return how a record is gone, as a shadow says it: 0 not at all, 1 deleted, 2 erased for good."""
    return 2 if record["erased"] else int(record["deleted"])


def writers_with(shadow: Shadow | None, stamp: Stamp | None) -> dict[str, int]:
    """Return the highest number that was seen of each writer, that of a seal included."""
    writers = dict(shadow.writers) if shadow is not None else {}
    if stamp is not None:
        writers[stamp.writer] = max(stamp.counter, writers.get(stamp.writer, -1))
    return writers
