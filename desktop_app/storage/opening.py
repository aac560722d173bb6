"""Opening a database: create, refuse what is newer, migrate with a way back."""

from __future__ import annotations

import logging
import os
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path

import peewee

from desktop_app.core.clock import Clock
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.ids import IdFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.tracebacks import traceback_without_values
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_file, flush_folder, move_durably
from desktop_app.environment.private_files import FILE_MODE
from desktop_app.storage.backup_copy import write_backup_copy
from desktop_app.storage.database import (
    PAGE_BYTES,
    DamagedDatabase,
    EncryptedDatabase,
    MissingDatabase,
    damaged_sentence,
    unreadable_problem,
)
from desktop_app.storage.store import Store

MIGRATIONS = Path(__file__).with_name("migrations")
_SIDE_FILES = ("", "-wal", "-shm")
_logger = logging.getLogger("quartierslotse.storage")


def newest_schema(migrations: Path = MIGRATIONS) -> int:
    """Return the number of the newest migration this program knows."""
    return max(int(path.name[:4]) for path in migrations.glob("[0-9][0-9][0-9][0-9]_*.py"))


def create_store(
    path: Path, key: bytes, clock: Clock, ids: IdFactory, notices: NoticeBoard, *, migrations: Path = MIGRATIONS
) -> Store:
    """Create a new database file at `path` and return it open.

    Raises:
        UserError: there is already a file; it is left alone.
        EnvironmentProblem: the folder can't be written or is full.
    """
    if path.exists():
        raise UserError(tr("Die Datei „{name}“ gibt es schon. Sie wird nicht überschrieben.", name=path.name))
    with suppress(OSError):  # what refuses here refuses SQLite too, and is told there
        # SQLite gives its side files the rights of the database.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))
    database = EncryptedDatabase(path, key)
    database.check_readable()
    try:
        _migrate(database, migrations)
    except peewee.DatabaseError as error:
        database.close_all()
        raise unreadable_problem(path, error) from error
    except BaseException:
        database.close_all()
        raise
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
        MissingDatabase: there is no file.
        EnvironmentProblem: it is damaged or does not fit the key.
        UserError: the file was written by a newer program.
    """
    _check_file(path)
    database = EncryptedDatabase(path, key)
    try:
        database.check_readable()
        found, newest = schema_version(database), newest_schema(migrations)
        _check_schema(path, found, newest)
        if found < newest:
            _upgrade(database, found, clock.now().strftime("%Y%m%d-%H%M%S"), backups, migrations)
    except peewee.DatabaseError as error:
        database.close_all()
        raise unreadable_problem(path, error) from error
    except BaseException:
        database.close_all()
        raise
    return Store(database, clock, ids, notices)


def schema_version(database: EncryptedDatabase) -> int:
    """Return the schema number the file was left at; 0 for an empty file."""
    return int(database.execute_sql("PRAGMA user_version").fetchone()[0])


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:
        size = None
    if size is None:
        raise MissingDatabase(
            tr(
                "Die Datenbank „{name}“ fehlt im Ordner „{folder}“. Bitte prüfen Sie, ob der Ordner oder das Laufwerk da ist, "
                "oder spielen Sie eine Sicherung ein.",
                name=path.name,
                folder=path.parent,
            )
        )
    if size < PAGE_BYTES:
        # SQLite takes a file of no or one byte for a new database and would begin to write into it.
        raise DamagedDatabase(damaged_sentence(path))


def _check_schema(path: Path, found: int, newest: int) -> None:
    if found == 0:
        # Readable, but nothing in it was ever finished. It must not be filled as if it were new.
        raise DamagedDatabase(damaged_sentence(path))
    if found > newest:
        raise UserError(
            tr(
                "Diese Daten wurden mit einer neueren Version von Quartierslotse gespeichert (Stand {found}, dieses Programm "
                "kennt {newest}). Bitte installieren Sie die neue Version. An den Daten wurde nichts geändert.",
                found=found,
                newest=newest,
            )
        )


def _migrate(database: EncryptedDatabase, migrations: Path) -> None:
    # Imported here: the runner is not needed on the way to an up-to-date database.
    from playhouse.migrations import Runner

    Runner(database, str(migrations)).up()
    problems = database.execute_sql("PRAGMA foreign_key_check").fetchall()
    if problems:
        raise peewee.IntegrityError(f"{len(problems)} rows break foreign keys after the migration")
    database.execute_sql(f"PRAGMA user_version = {newest_schema(migrations)}")


def _upgrade(database: EncryptedDatabase, found: int, stamp: str, backups: Path, migrations: Path) -> None:
    copy = _free_name(backups / f"vor-umstellung-{found:04d}-{stamp}.db")
    write_backup_copy(database, copy)
    try:
        _migrate(database, migrations)
    except Exception as error:
        database.close_all()
        # Not `exception`: the text of an error may quote data.
        _logger.error("migration from %d failed\n%s", found, traceback_without_values(error))  # noqa: TRY400
        _put_back(database.path, copy, stamp)
        raise EnvironmentProblem(
            tr(
                "Die Daten konnten nicht auf den neuen Stand gebracht werden. Der vorherige Stand ist wiederhergestellt; "
                "die Sicherung liegt in „{folder}“. Bitte benutzen Sie vorerst die bisherige Programmversion.",
                folder=backups,
            )
        ) from error


def _put_back(path: Path, copy: Path, stamp: str) -> None:
    restored = path.with_name(path.name + ".wiederhergestellt")
    aside = _free_name(path.with_name(f"{path.stem}.umstellung-fehlgeschlagen-{stamp}{path.suffix}"))
    try:
        shutil.copyfile(copy, restored)
        flush_file(restored)
        for suffix in _SIDE_FILES:
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        move_durably(restored, path)
        flush_folder(path.parent)
    except OSError as error:
        raise EnvironmentProblem(
            tr(
                "Die Daten konnten nicht auf den neuen Stand gebracht werden, und der vorherige Stand ließ sich nicht "
                "zurückspielen. Er liegt vollständig in „{copy}“. Bitte kopieren Sie diese Datei an einen sicheren Ort und "
                "prüfen Sie Platz und Rechte im Ordner „{folder}“.",
                copy=copy,
                folder=path.parent,
            )
        ) from error


def _free_name(path: Path) -> Path:
    if not path.exists():
        return path
    return next(
        candidate
        for number in count(2)
        if not (candidate := path.with_name(f"{path.stem}-{number}{path.suffix}")).exists()
    )
