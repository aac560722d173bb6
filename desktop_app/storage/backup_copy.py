"""A consistent encrypted copy of a live database.

Copying the file of a live WAL database can lose every committed row; `VACUUM INTO` keeps all and the
copy is encrypted with the same key.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.progress import Cancelled, NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_file, move_durably
from desktop_app.storage.database import (
    PAGE_BYTES,
    DamagedDatabase,
    EncryptedDatabase,
    damaged_sentence,
    is_damage,
    is_full,
)

# About every two milliseconds of work; the copy of 100,000 contacts looks up two hundred times.
_STEPS_BETWEEN_LOOKS = 20_000
_CACHE_KIBIBYTES = 2 * 1024


def write_backup_copy(database: EncryptedDatabase, target: Path, progress: Progress | None = None) -> None:
    """Write a copy of `database` to `target`, which must not exist yet; on disk when this returns.

    Runs on the calling thread's connection. Neither reading nor saving elsewhere waits for it.

    Raises:
        EnvironmentProblem: the target exists, the disk is full or the folder can't be written.
        DamagedDatabase: the database itself can't be read to its end.
        Cancelled: through `progress`; nothing of the copy is left.
    """
    if target.exists():
        raise EnvironmentProblem(
            tr("Die Sicherung „{name}“ gibt es schon; sie wird nicht überschrieben.", name=target.name)
        )
    unfinished = target.with_name(target.name + ".unfertig")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        with _watched(database, unfinished, progress or NoProgress()):
            database.execute_sql("VACUUM INTO ?", (str(unfinished),))
        flush_file(unfinished)
        move_durably(unfinished, target)
    except Cancelled:
        _remove_quietly(unfinished)
        raise
    except (OSError, peewee.DatabaseError) as error:
        _remove_quietly(unfinished)
        if is_damage(error):
            raise DamagedDatabase(damaged_sentence(database.path)) from error
        if is_full(error) or getattr(error, "errno", None) == errno.ENOSPC:
            raise EnvironmentProblem(
                tr("Keine Sicherung: Im Ordner „{folder}“ ist kein Platz mehr. Bitte schaffen Sie dort Platz oder wählen Sie "
                   "einen anderen Ordner. Ihre Daten und die vorhandenen Sicherungen sind unverändert.",
                   folder=target.parent)
            ) from error  # fmt: skip
        raise EnvironmentProblem(
            tr(
                "Die Sicherung konnte nicht nach „{folder}“ geschrieben werden. Bitte prüfen Sie Platz und Rechte dort.",
                folder=target.parent,
            )
        ) from error


@contextmanager
def _watched(database: EncryptedDatabase, unfinished: Path, progress: Progress) -> Iterator[None]:
    """Report how far the copy is, and stop it when that is asked for."""
    pages = int(database.execute_sql("PRAGMA page_count").fetchone()[0])
    free = int(database.execute_sql("PRAGMA freelist_count").fetchone()[0])
    watch = _Watch(unfinished, max(1, (pages - free) * PAGE_BYTES), progress)
    watch.tell(0)
    connection = database.connection()
    cache = int(database.execute_sql("PRAGMA cache_size").fetchone()[0])
    # The copy's cache is as large as this one: a small one lets it grow on disk evenly instead of all at the end.
    database.execute_sql(f"PRAGMA cache_size = {-_CACHE_KIBIBYTES}")
    connection.set_progress_handler(watch.look, _STEPS_BETWEEN_LOOKS)
    try:
        yield
    except peewee.OperationalError:
        if watch.stopped_by is not None:
            raise watch.stopped_by from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
        database.execute_sql(f"PRAGMA cache_size = {cache}")


class _Watch:
    """Looks at the growing file from within SQLite's work."""

    def __init__(self, unfinished: Path, total: int, progress: Progress) -> None:
        self._unfinished, self._total, self._progress = unfinished, total, progress
        self.stopped_by: BaseException | None = None

    def tell(self, size: int) -> None:
        """Report; raises what `progress` raises."""
        self._progress.step(min(size, self._total), self._total, tr("Die Daten werden kopiert"))

    def look(self) -> int:
        """Return 1 to stop the copy. Nothing may leave this call but a number."""
        try:
            size = self._unfinished.stat().st_size if self._unfinished.exists() else 0
            self.tell(size)
        except BaseException as error:  # noqa: BLE001 - raised again once SQLite has let go
            self.stopped_by = error
            return 1
        return 0


def _remove_quietly(unfinished: Path) -> None:
    try:
        unfinished.unlink(missing_ok=True)
    except OSError:
        # The folder refuses altogether: the sentence about the backup says it, and nothing was left there.
        return
