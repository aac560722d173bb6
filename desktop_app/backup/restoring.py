"""Restoring a backup: look first, copy beside, then change places; the present database is set aside."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop_app.backup.contents import Read, contents_labels, count_contents
from desktop_app.backup.making import writing_problem
from desktop_app.backup.placing import aside_name, check_nobody_else, incoming, put_in_place, take_back
from desktop_app.backup.records import Backup, Comparison, Contents, Restored, RestorePreview
from desktop_app.backup.state import moment
from desktop_app.backup.verifying import checked_contents, file_hash
from desktop_app.core.actor import Actor
from desktop_app.core.clock import Clock, to_text
from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError
from desktop_app.core.ids import IdFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_file, flush_folder
from desktop_app.environment.folders import DataFolder
from desktop_app.storage.copies import CopyReader
from desktop_app.storage.opening import open_store

SET_ASIDE_WORD = "vor-rueckspielung"


def preview(backup: Backup, stored: Contents, read_present: Read | None) -> RestorePreview:
    """Compare what is there with what would be; `read_present` is None when the database can't be read."""
    present = count_contents(read_present) if read_present is not None else None
    lines = []
    for table, label in contents_labels().items():
        now = present.rows.get(table, 0) if present else 0
        then = stored.rows.get(table, 0)
        if table in stored.rows or (present is not None and table in present.rows):
            lines.append(Comparison(label, now, then))
    lost = 0
    if read_present is not None:
        since = to_text(backup.made_at)
        lost = int(read_present(f"SELECT count(*) FROM contact WHERE recorded_at > '{since}'")[0][0])  # noqa: S608
    return RestorePreview(
        backup,
        tuple(lines),
        newest_now=moment(present.newest_contact) if present else None,
        newest_then=moment(stored.newest_contact),
        lost_contacts=lost,
        present_is_readable=present is not None,
    )


def bring_in(folder: DataFolder, backup: Backup, reader: CopyReader, progress: Progress) -> Path:
    """Check a backup and copy its database beside the present one; return the copy.

    Raises:
        EnvironmentProblem: the backup is not good, or there is no room; nothing is left.
        Cancelled: through `progress`; nothing is left.
    """
    checked_contents(backup, reader, progress)
    target = incoming(folder)
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(backup.database, target)
        flush_file(target)
        _check_copied(target, backup, progress)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise writing_problem(folder.root, error) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def _check_copied(target: Path, backup: Backup, progress: Progress) -> None:
    if file_hash(target, progress) != backup.manifest.sha256:
        raise EnvironmentProblem(
            tr("Die Sicherung „{name}“ ließ sich nicht fehlerfrei kopieren. Bitte prüfen Sie den Datenträger.",
               name=backup.name)
        )  # fmt: skip


def restore(
    folder: DataFolder,
    backup: Backup,
    brought: Path,
    reader: CopyReader,
    *,
    actor: Actor,
    clock: Clock,
    ids: IdFactory,
    keep_slots: bool,
    over_damaged: bool = False,
) -> Restored:
    """Let the copy that was brought in take the database's place; the database must be closed.

    The present key slots stay if they fit (`keep_slots`), so that a removed account stays removed; else they are
    set aside too and those of the backup take their place. Beside a damaged database a crash may have left a journal
    (`over_damaged`); else a journal means that somebody has the database open.

    Raises:
        UserError: somebody else has the database open.
        EnvironmentProblem: the folder refuses or the restored database does not open; the former one has its place.
    """
    if not over_damaged:
        check_nobody_else(folder)
    return _change_places(folder, backup, brought, reader, actor, clock, ids, keep_slots=keep_slots)


def _change_places(
    folder: DataFolder, backup: Backup, brought: Path, reader: CopyReader, actor: Actor, clock: Clock, ids: IdFactory,
    *, keep_slots: bool,
) -> Restored:  # fmt: skip
    now = clock.now()
    former_slots = None if keep_slots else _replace_slots(folder, backup, clock)
    try:
        aside = put_in_place(folder, brought, SET_ASIDE_WORD, now)
    except EnvironmentProblem:
        _slots_back(folder, former_slots)
        raise
    try:
        note_in_place(folder, reader, "restore_backup", ("backup", backup.name), actor=actor, clock=clock, ids=ids)
    except QuartierslotseError:
        take_back(folder, aside, aside_name(folder.database, "rueckspielung-fehlgeschlagen", now))
        _slots_back(folder, former_slots)
        raise
    return Restored(backup, aside, not keep_slots)


def note_in_place(
    folder: DataFolder, reader: CopyReader, action: str, subject: tuple[str, str],
    *, actor: Actor, clock: Clock, ids: IdFactory,
) -> None:  # fmt: skip
    """Open the database that took its place as the program would, and write the audit entry.

    Raises:
        QuartierslotseError: it does not open.
    """
    store = open_store(folder.database, reader.data_key, clock, ids, NoticeBoard(), backups=folder.backups)
    try:
        with store.unit_of_work(actor, action, subject):
            pass
    finally:
        store.close()


def _replace_slots(folder: DataFolder, backup: Backup, clock: Clock) -> Path | None:
    former = aside_name(folder.key_slots, SET_ASIDE_WORD, clock.now()) if folder.key_slots.exists() else None
    try:
        if former is not None:
            folder.key_slots.rename(former)
        shutil.copyfile(backup.key_slots, folder.key_slots)
        flush_file(folder.key_slots)
        flush_folder(folder.root)
    except OSError as error:
        _slots_back(folder, former)
        raise writing_problem(folder.root, error) from error
    return former


def _slots_back(folder: DataFolder, former: Path | None) -> None:
    if former is not None and former.exists():
        former.replace(folder.key_slots)
