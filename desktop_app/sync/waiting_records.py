"""Records that came and could not be taken: they wait, and some are tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.sync.documents import canonical

if TYPE_CHECKING:
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.protocol import Record

#: Reasons for which a record waits that may come to fit by itself.
RETRIED = ("parent", "key", "old_key", "newer", "unusable")


def wire_key(space: str, record: Record) -> str:
    """Return the id under which a record is parked."""
    return f"{space}/{record['collection']}/{record['id']}"


def something_waits(unit: UnitOfWork, space: str) -> bool:
    """Tell whether anything of a space waits."""
    return bool(unit.sql("SELECT 1 FROM sync_parked WHERE space = ? LIMIT 1", (space,)))


def park(unit: UnitOfWork, space: str, record: Record, reason: str, key: str = "") -> None:
    """Let a record wait; `key` names its document, where it could be opened."""
    unit.derived(
        "INSERT INTO sync_parked (id, space, document_id, record, reason, parked_at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET document_id = excluded.document_id, record = excluded.record, "
        "reason = excluded.reason",
        (wire_key(space, record), space, key, canonical(record), reason, unit.moment),
    )


def unpark(unit: UnitOfWork, space: str, record: Record) -> None:
    """Forget what waited of a record, for it was taken."""
    unit.derived("DELETE FROM sync_parked WHERE id = ?", (wire_key(space, record),))


def unpark_older(unit: UnitOfWork, space: str, record: Record) -> None:
    """Forget what waited of a record, but not a version that is younger."""
    unit.derived(
        "DELETE FROM sync_parked WHERE id = ? AND record <> '' AND json_extract(record, '$.seq') <= ?",
        (wire_key(space, record), record["seq"]),
    )
