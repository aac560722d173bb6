"""Erases again what a restored backup would bring back.

Every erasure leaves the ids of what went in `erasure_journal` (ids only). What the present database and younger backups list
and the backup does not was erased after the backup was made; it is erased in the copy before that copy takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.core.errors import UserError
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.retention.erasing import FORGET_FORMER_CHANGES, Eraser
from desktop_app.retention.records import RepeatedErasures
from desktop_app.retention.tables import ErasureJournalTable

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.storage.store import Store

Read = Callable[[str], list[tuple[Any, ...]]]

_BATCH = 50
_HAS_JOURNAL = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'erasure_journal'"
_JOURNAL = "SELECT id, what, record_id, erased_on FROM erasure_journal ORDER BY id"
_MERGES_INTO = "SELECT id FROM visitor_merge WHERE kept_id = ? AND undone_at IS NULL ORDER BY merged_at DESC, id DESC"


@dataclass(frozen=True, slots=True, order=True)
class ErasedRecord:
    """One line of the list of what was erased."""

    entry_id: str
    what: str
    record_id: str
    erased_on: str


def read_erased(read: Read) -> tuple[ErasedRecord, ...]:
    """Return what a database lists as erased; nothing for one of an older program. `read` runs a SELECT."""
    if not read(_HAS_JOURNAL)[0][0]:
        return ()
    return tuple(ErasedRecord(*row) for row in read(_JOURNAL))


def missing_erasures(read: Read, known: Iterable[ErasedRecord]) -> list[ErasedRecord]:
    """Return what is in `known` and not in the list of the database that `read` reads."""
    own = {entry.entry_id for entry in read_erased(read)}
    return sorted({entry.entry_id: entry for entry in known if entry.entry_id not in own}.values())


def repeat_erasures(
    store: Store,
    actor: Actor,
    known: Iterable[ErasedRecord],
    subject: tuple[str, str],
    progress: Progress | None = None,
    *,
    source_was_read: bool = True,
) -> RepeatedErasures:
    """Erase in `store` what is in `known` and not yet in its own list; rewrite the file if anything was.

    `subject` names in the audit log what made it necessary, `source_was_read` whether the database that knows best could
    be read.

    Raises:
        EnvironmentProblem: the disk refuses.
        Cancelled: through `progress`; what was erased by then stays erased.
    """
    progress = progress or NoProgress()
    missing = missing_erasures(store.sql, known)
    if not missing:
        return RepeatedErasures(0, 0, source_was_read=source_was_read)
    with store.unit_of_work(actor, "repeat_erasures", subject):
        pass
    visitors = {entry.record_id for entry in missing if entry.what == "visitor"}
    _part_merged(store, actor, visitors)
    eraser = Eraser(store)
    for start in range(0, len(missing), _BATCH):
        progress.step(start, len(missing), tr("Löschungen werden wiederholt"))
        with store.unit_of_work(actor, "erase_data", subject) as unit:
            for entry in missing[start : start + _BATCH]:
                eraser.repeat(unit, entry.what, entry.record_id)
                unit.insert(
                    ErasureJournalTable,
                    {
                        "id": entry.entry_id,
                        "what": entry.what,
                        "record_id": entry.record_id,
                        "erased_on": entry.erased_on,
                    },
                )
    with store.unit_of_work(actor, "forget_changes", None) as unit:
        unit.derived(FORGET_FORMER_CHANGES)
    progress.step(len(missing), len(missing), tr("Die Datei wird neu geschrieben"))
    store.compact()
    return RepeatedErasures(len(missing), eraser.counts.total(), source_was_read=source_was_read)


def _part_merged(store: Store, actor: Actor, visitors: set[str]) -> None:
    """Part files that were merged on the day of the backup, where only one of both was erased later."""
    from desktop_app.visitors.merging import MergeService

    merging = MergeService(store)
    for visitor_id in sorted(visitors):
        tried: set[str] = set()
        while True:
            rows = store.sql("SELECT merged_into FROM visitor WHERE id = ?", (visitor_id,))
            kept = rows[0][0] if rows else None
            if kept is None or kept in visitors:
                break
            merge = next((row[0] for row in store.sql(_MERGES_INTO, (kept,)) if row[0] not in tried), None)
            if merge is None:
                break
            tried.add(merge)
            try:
                merging.undo_merge(actor, merge)
            except UserError:
                continue
