"""Writing one backup: a folder that appears whole and checked, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from desktop_app import __version__
from desktop_app.backup.contents import count_contents
from desktop_app.backup.manifest import sealed_manifest, write_manifest
from desktop_app.backup.records import DATABASE_NAME, SLOTS_NAME, Backup, BackupReason, Contents
from desktop_app.backup.verifying import check_copy, file_hash
from desktop_app.core.clock import office_zone
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_file, flush_folder, move_durably
from desktop_app.storage.store import Store

UNFINISHED = ".unfertig-"
_LEFTOVER_AFTER_S = 24 * 3600
_MEBIBYTE = 1024 * 1024
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
_SAID_OF_ANY_FOLDER = _NO_ROOM | _NO_RIGHT


def make_backup(
    store: Store, key_slots: Path, target: Path, reason: BackupReason, moment: datetime, progress: Progress
) -> tuple[Backup, Contents]:
    """Write a backup into a new folder below `target` and check it; return it with what it holds.

    Raises:
        EnvironmentProblem: no room, no right to write, the stick was pulled, or what was written can't be read back.
            Nothing is left, and backups that are there stay as they are.
        Cancelled: through `progress`; nothing is left.
    """
    _check_room(store.path, target)
    _remove_leftovers(target)
    # A name of its own: another program (the command line beside the window) may back up in the same second.
    unfinished = target / f"{UNFINISHED}{_stamp(moment)}-{secrets.token_hex(4)}"
    try:
        unfinished.mkdir()
        contents, schema = _consistent_copy(store, unfinished / DATABASE_NAME, progress)
        shutil.copyfile(key_slots, unfinished / SLOTS_NAME)
        flush_file(unfinished / SLOTS_NAME)
        reader = store.copy_reader()
        manifest = sealed_manifest(
            made_at=moment,
            reason=reason,
            program=__version__,
            schema=schema,
            size=(unfinished / DATABASE_NAME).stat().st_size,
            sha256=file_hash(unfinished / DATABASE_NAME, progress),
            contents=contents,
            sealing_key=reader.sealing_key(),
        )
        _read_back(Backup(unfinished, manifest), contents, store)
        write_manifest(unfinished, manifest)
        flush_folder(unfinished)
        folder = _given_name(unfinished, target, moment)
    except OSError as error:
        _remove(unfinished)
        raise writing_problem(target, error) from error
    except BaseException as error:
        _remove(unfinished)
        if isinstance(error, EnvironmentProblem) and not target.is_dir():
            raise writing_problem(target, FileNotFoundError()) from error  # the stick was pulled
        raise
    return Backup(folder, manifest), contents


def writing_problem(target: Path, error: OSError) -> EnvironmentProblem:
    """Return the sentence for a backup folder that refuses."""
    if error.errno in _NO_ROOM:
        return EnvironmentProblem(
            tr("Keine Sicherung: Im Ordner „{folder}“ ist kein Platz mehr. Bitte schaffen Sie dort Platz oder wählen Sie einen "
               "anderen Ordner. Ihre Daten und die vorhandenen Sicherungen sind unverändert.", folder=target)
        )  # fmt: skip
    if error.errno in _NO_RIGHT:
        return EnvironmentProblem(
            tr("Keine Sicherung: In den Ordner „{folder}“ darf nicht geschrieben werden. Bitte prüfen Sie den Schreibschutz "
               "und Ihre Rechte oder wählen Sie einen anderen Ordner. Ihre Daten sind unverändert.", folder=target)
        )  # fmt: skip
    return EnvironmentProblem(
        tr("Keine Sicherung: Der Ordner „{folder}“ ist nicht mehr erreichbar. Bitte prüfen Sie, ob der Datenträger "
           "eingesteckt ist. Ihre Daten sind unverändert.", folder=target)
    )  # fmt: skip


def choosing_problem(folder: Path, error: OSError) -> EnvironmentProblem:
    """Return the sentence for a folder that is there and takes no backups."""
    if folder.is_dir() and error.errno not in _SAID_OF_ANY_FOLDER:
        return EnvironmentProblem(
            tr("In den Ordner „{folder}“ lässt sich nichts schreiben. Bitte wählen Sie einen anderen.", folder=folder)
        )
    return writing_problem(folder, error)


def _consistent_copy(store: Store, target: Path, progress: Progress) -> tuple[Contents, int]:
    """Write the copy; return what the live database held at that moment and its schema.

    A save in between makes counting and copying see different moments: then the copy's own numbers count. The copy is
    whole in any case.
    """
    before = _version(store)
    contents = count_contents(store.sql)
    store.write_backup_copy(target, progress)
    if _version(store) != before:
        with store.copy_reader().open(target) as copy:
            contents = count_contents(copy.sql)
    return contents, int(store.sql("PRAGMA user_version")[0][0])


def _version(store: Store) -> int:
    # Changes with every commit of any other connection.
    return int(store.sql("PRAGMA data_version")[0][0])


def _read_back(backup: Backup, expected: Contents, store: Store) -> None:
    with store.copy_reader().open(backup.database) as copy:
        check_copy(copy, backup, expected)


def _check_room(database: Path, target: Path) -> None:
    try:
        needed = database.stat().st_size
        free = shutil.disk_usage(target).free
    except OSError as error:
        raise writing_problem(target, error) from error
    if free < needed + _MEBIBYTE:
        raise EnvironmentProblem(
            tr("Keine Sicherung: Im Ordner „{folder}“ sind nur noch {free} MB frei, gebraucht werden {needed} MB. Bitte "
               "schaffen Sie dort Platz oder wählen Sie einen anderen Ordner. Ihre Daten sind unverändert.",
               folder=target, free=free // _MEBIBYTE, needed=needed // _MEBIBYTE + 1)
        )  # fmt: skip


def _given_name(unfinished: Path, target: Path, moment: datetime) -> Path:
    """Give a finished backup a free name and return it."""
    for number in count(1):
        folder = target / f"sicherung-{_stamp(moment)}{f'-{number}' if number > 1 else ''}"
        if os.path.lexists(folder):
            continue
        try:
            move_durably(unfinished, folder)
        except OSError:
            if unfinished.is_dir() and folder.is_dir():
                continue  # somebody took the name in between
            raise
        return folder
    raise AssertionError("numbers came to an end")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(office_zone()).strftime("%Y-%m-%d-%H%M%S")


def _remove_leftovers(target: Path) -> None:
    """Remove what was left by backups that a power cut ended; one that is being written is younger than that."""
    long_ago = time.time() - _LEFTOVER_AFTER_S
    with suppress(OSError):
        for path in target.glob(f"{UNFINISHED}*"):
            if path.stat().st_mtime < long_ago:
                _remove(path)


def _remove(folder: Path) -> None:
    """Remove what a backup left that was not finished; a folder that refuses keeps it until the next one."""
    shutil.rmtree(folder, ignore_errors=True)
