"""Opening a database: create, refuse what is newer, migrate with a way back."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import peewee

from desktop_app.core.clock import Clock
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.ids import IdFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.translation import tr
from desktop_app.storage.backup_copy import write_backup_copy
from desktop_app.storage.database import EncryptedDatabase
from desktop_app.storage.store import Store

MIGRATIONS = Path(__file__).with_name("migrations")
_SIDE_FILES = ("", "-wal", "-shm")
_logger = logging.getLogger("quartierslotse.storage")


def newest_schema(migrations: Path = MIGRATIONS) -> int:
    """Return the number of the newest migration this program knows."""
    return max(int(path.name[:4]) for path in migrations.glob("[0-9][0-9][0-9][0-9]_*.py"))


def create_store(path: Path, key: bytes, clock: Clock, ids: IdFactory, notices: NoticeBoard) -> Store:
    """Create a new database file at `path` and return it open.

    Raises:
        UserError: there is already a file; it is left alone.
        EnvironmentProblem: the folder can't be written.
    """
    if path.exists():
        raise UserError(
            tr("Die Datei „{name}“ gibt es schon. Sie wird nicht überschrieben.", name=path.name)
        )
    database = EncryptedDatabase(path, key)
    database.check_readable()
    _migrate(database, MIGRATIONS)
    return Store(database, clock, ids, notices)


def open_store(
    path: Path,
    key: bytes,
    clock: Clock,
    ids: IdFactory,
    notices: NoticeBoard,
    *,
    backups: Path,
    migrations: Path = MIGRATIONS,
) -> Store:
    """Open the database file at `path`, migrating it if it is older than this program.

    Before a migration an encrypted copy is written to `backups`; when the migration fails the copy takes
    the database's place and the failed file is set aside.

    Raises:
        EnvironmentProblem: the file is missing, damaged or does not fit the key.
        UserError: the file was written by a newer program.
    """
    if not path.is_file():
        raise EnvironmentProblem(
            tr(
                "Die Datenbank „{name}“ fehlt im Ordner „{folder}“. Bitte prüfen Sie, ob der Ordner oder das Laufwerk da ist, "
                "oder spielen Sie eine Sicherung ein.",
                name=path.name,
                folder=path.parent,
            )
        )
    database = EncryptedDatabase(path, key)
    database.check_readable()
    newest = newest_schema(migrations)
    found = schema_version(database)
    if found > newest:
        database.close_all()
        raise UserError(
            tr(
                "Diese Daten wurden mit einer neueren Version von Quartierslotse gespeichert (Stand {found}, dieses Programm "
                "kennt {newest}). Bitte installieren Sie die neue Version. An den Daten wurde nichts geändert.",
                found=found,
                newest=newest,
            )
        )
    if found < newest:
        stamp = clock.now().strftime("%Y%m%d-%H%M%S")
        copy = backups / f"vor-umstellung-{found:04d}-{stamp}.db"
        write_backup_copy(database, copy)
        try:
            _migrate(database, migrations)
        except Exception as error:
            database.close_all()
            _put_back(path, copy, stamp)
            _logger.exception("migration from schema %d to %d failed", found, newest)
            raise EnvironmentProblem(
                tr(
                    "Die Daten konnten nicht auf den neuen Stand gebracht werden. Der vorherige Stand ist wiederhergestellt; "
                    "die Sicherung liegt in „{folder}“. Bitte benutzen Sie vorerst die bisherige Programmversion.",
                    folder=backups,
                )
            ) from error
    return Store(database, clock, ids, notices)


def schema_version(database: EncryptedDatabase) -> int:
    """Return the schema number the file was left at; 0 for an empty file."""
    return int(database.execute_sql("PRAGMA user_version").fetchone()[0])


def _migrate(database: EncryptedDatabase, migrations: Path) -> None:
    # Imported here: the runner is not needed on the way to an up-to-date database.
    from playhouse.migrations import Runner

    Runner(database, str(migrations)).up()
    database.execute_sql(f"PRAGMA user_version = {newest_schema(migrations)}")
    problems = database.execute_sql("PRAGMA foreign_key_check").fetchall()
    if problems:
        raise peewee.IntegrityError(f"{len(problems)} rows break foreign keys after the migration")


def _put_back(path: Path, copy: Path, stamp: str, rename: Callable[[Path, Path], Path] = Path.rename) -> None:
    for suffix in _SIDE_FILES:
        part = path.with_name(path.name + suffix)
        if part.exists():
            rename(part, path.with_name(f"{path.stem}.umstellung-fehlgeschlagen-{stamp}{path.suffix}{suffix}"))
    shutil.copyfile(copy, path)
