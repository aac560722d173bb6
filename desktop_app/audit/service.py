"""Checking the log and handing it on. May be used from a worker thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.audit.export import AuditFormat, csv_file, json_file
from desktop_app.audit.records import Anchor, ChainReport
from desktop_app.audit.verifying import ChainWalk
from desktop_app.core.actor import Actor
from desktop_app.core.clock import to_text
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.environment.output_files import check_writable, write_whole
from desktop_app.security.tables import AccountTable
from desktop_app.storage.store import Store

_BATCH = 2_000
_BEFORE_ALL = -(2**63)
# By hand: these are the fields the hash covers, in its order.
_ROWS = (
    "SELECT sequence, at, account_id, action, subject_kind, subject_id, hash FROM audit_entry "
    "WHERE sequence > ? ORDER BY sequence LIMIT ?"
)
_COLUMNS = ("sequence", "at", "account_id", "action", "subject_kind", "subject_id", "hash")


@dataclass(frozen=True, slots=True)
class AuditExport:
    """What was written: how many entries, and the anchor of the last one."""

    entries: int
    anchor: Anchor


class AuditService:
    """Checks the chain, tells its anchor, writes it to a file."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store

    def verify(self, progress: Progress | None = None, *, anchor: Anchor | None = None) -> ChainReport:
        """Walk the whole chain and tell what was found; `anchor` is a value that was kept elsewhere.

        Raises:
            Cancelled: through `progress`.
        """
        walk = ChainWalk(anchor)
        for rows in self._batches(progress or NoProgress(), tr("Das Protokoll wird geprüft")):
            for row in rows:
                walk.take(row)
        return walk.report()

    def anchor(self) -> Anchor | None:
        """Return number and hash of the last entry, to be kept outside this computer; None for an empty log."""
        found = self._store.sql("SELECT sequence, hash FROM audit_entry ORDER BY sequence DESC LIMIT 1")
        return Anchor(int(found[0][0]), str(found[0][1])) if found else None

    def export(
        self,
        actor: Actor,
        export_format: AuditFormat | str,
        target: Path,
        progress: Progress | None = None,
        *,
        overwrite: bool = False,
    ) -> AuditExport:
        """Write the whole log to `target`. That it leaves the program is an entry itself, the last one in the file.

        Raises:
            InputError: there is no such format.
            UserError: the folder is missing, or the file exists and must not be replaced.
            EnvironmentProblem: the folder can't be written.
            Cancelled: through `progress`; no file is left behind.
        """
        progress = progress or NoProgress()
        chosen = AuditFormat.parse(export_format)
        check_writable(target, overwrite=overwrite)
        with self._store.unit_of_work(actor, "export_audit", ("audit", "")):
            pass
        rows = [
            dict(zip(_COLUMNS, row, strict=True))
            for batch in self._batches(progress, tr("Das Protokoll wird gelesen"))
            for row in batch
        ]
        anchor = Anchor(rows[-1]["sequence"], str(rows[-1]["hash"]))
        names = dict(self._store.tuples(AccountTable.select(AccountTable.id, AccountTable.display_name)))
        if chosen is AuditFormat.CSV:
            content = csv_file(rows, names)
        else:
            content = json_file(rows, names, anchor, to_text(self._store.clock.now()))
        write_whole(target, content, overwrite=overwrite)
        return AuditExport(len(rows), anchor)

    def _batches(self, progress: Progress, text: str) -> Iterator[list[tuple[Any, ...]]]:
        """Yield all entries in order. Each batch is a read of its own: nobody who writes waits for a long check."""
        total = int(self._store.sql("SELECT count(*) FROM audit_entry")[0][0])
        done, last = 0, _BEFORE_ALL
        while True:
            progress.step(min(done, total), total, text)
            rows = self._store.sql(_ROWS, (last, _BATCH))
            if not rows:
                return
            yield rows
            done, last = done + len(rows), int(rows[-1][0])
