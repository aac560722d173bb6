"""Restoring a backup: look first, copy beside, then change places; the present database is set aside."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from desktop_app.audit.records import Anchor
from desktop_app.backup.account_changes import account_changes
from desktop_app.backup.contents import Read, contents_labels, count_contents
from desktop_app.backup.making import writing_problem
from desktop_app.backup.placing import (
    aside_name,
    check_nobody_else,
    discard_incoming,
    incoming,
    put_in_place,
    take_back,
)
from desktop_app.backup.records import Backup, Brought, Comparison, Contents, Restored, RestorePreview
from desktop_app.backup.state import moment
from desktop_app.backup.verifying import checked_contents, file_hash
from desktop_app.core.actor import Actor
from desktop_app.core.clock import Clock, to_text
from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError
from desktop_app.core.ids import IdFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.progress import Cancelled, NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_file, flush_folder
from desktop_app.environment.folders import DataFolder
from desktop_app.retention.records import RepeatedErasures
from desktop_app.retention.repeating import ErasedRecord, missing_erasures, read_erased, repeat_erasures
from desktop_app.storage.copies import CopyReader, UnreadableCopy
from desktop_app.storage.opening import open_store

SET_ASIDE_WORD = "vor-rueckspielung"
_STEPS = 2
_CONNECTED = "connected"  # as sync keeps it


def preview(
    backup: Backup, stored: Contents, read_present: Read | None, read_backup: Read | None = None
) -> RestorePreview:
    """Compare what is there with what would be; `read_present` is None when the database can't be read."""
    present = count_contents(read_present) if read_present is not None else None
    lines = []
    for table, label in contents_labels().items():
        now = present.rows.get(table, 0) if present else 0
        then = stored.rows.get(table, 0)
        if table in stored.rows or (present is not None and table in present.rows):
            lines.append(Comparison(label, now, then))
    lost = returning = 0
    if read_present is not None:
        since = to_text(backup.made_at)
        lost = int(read_present("SELECT count(*) FROM contact WHERE recorded_at > ?", (since,))[0][0])
        returning = _returning(read_present, since)
    return RestorePreview(
        backup,
        tuple(lines),
        newest_now=moment(present.newest_contact) if present else None,
        newest_then=moment(stored.newest_contact),
        lost_contacts=lost,
        present_is_readable=present is not None,
        returning_contacts=returning,
        account_changes=account_changes(read_present, read_backup) if read_present and read_backup else (),
    )


def _returning(read: Read, since: str) -> int:
    """Count the contacts recorded since then that a desk which was connected by then has sent."""
    if not read("SELECT 1 FROM sqlite_master WHERE name = 'sync_hub'", ()):
        return 0  # a database of a program that could not be connected
    sent = (
        "SELECT count(*) FROM contact WHERE recorded_at > ? "
        "AND id NOT IN (SELECT record_id FROM outbox WHERE collection = 'contact') "
        "AND EXISTS (SELECT 1 FROM sync_hub WHERE state = ? AND connected_at <= ?)"
    )
    return int(read(sent, (since, _CONNECTED, since))[0][0])


def bring_in(
    folder: DataFolder, backup: Backup, reader: CopyReader, erased: Sequence[ErasedRecord], progress: Progress,
    *, actor: Actor, clock: Clock, ids: IdFactory, source_was_read: bool = True,
) -> Brought:  # fmt: skip
    """Check a backup, copy its database beside the present one, and erase in the copy what is listed as `erased`.

    Raises:
        EnvironmentProblem: the backup is not good, or there is no room; nothing is left.
        Cancelled: through `progress`; nothing is left.
    """
    checked_contents(backup, reader, progress)
    target = incoming(folder)
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
        discard_incoming(folder)
        shutil.copyfile(backup.database, target)
        flush_file(target)
        _check_copied(target, backup, progress)
        repeated = _without_erased(
            folder, reader, erased, ("backup", backup.name), progress, actor=actor, clock=clock, ids=ids,
            source_was_read=source_was_read,
        )  # fmt: skip
    except OSError as error:
        discard_incoming(folder)
        raise writing_problem(folder.root, error) from error
    except BaseException:
        discard_incoming(folder)
        raise
    return Brought(target, repeated)


def erased_by_then(
    reader: CopyReader, present: Path, younger: Sequence[Backup]
) -> tuple[tuple[ErasedRecord, ...], bool]:
    """Return what a closed database and backups list as erased, and whether the database itself could be read."""
    found, was_read = {}, False
    for path in (present, *(backup.database for backup in younger)):
        try:
            with reader.open(path) as copy:
                found.update({entry.entry_id: entry for entry in read_erased(copy.sql)})
        except UnreadableCopy:
            continue
        was_read = was_read or path is present
    return tuple(found.values()), was_read


def _without_erased(
    folder: DataFolder, reader: CopyReader, erased: Sequence[ErasedRecord], subject: tuple[str, str], progress: Progress,
    *, actor: Actor, clock: Clock, ids: IdFactory, source_was_read: bool,
) -> RepeatedErasures:  # fmt: skip
    """Erase in the copy, so that nothing of it ever stands in the database's place."""
    target = incoming(folder)
    with reader.open(target) as copy:
        if not missing_erasures(copy.sql, erased):
            return RepeatedErasures(0, 0, source_was_read=source_was_read)
    # A copy before a change of the schema would keep what is to go; the backup itself is the way back.
    before = folder.root / "quartierslotse.db.rueckspielung-vorher"
    try:
        store = open_store(target, reader.data_key, clock, ids, NoticeBoard(), backups=before)
        try:
            return repeat_erasures(store, actor, erased, subject, progress, source_was_read=source_was_read)
        finally:
            store.close()
    finally:
        shutil.rmtree(before, ignore_errors=True)


def _check_copied(target: Path, backup: Backup, progress: Progress) -> None:
    if file_hash(target, progress) != backup.manifest.sha256:
        raise EnvironmentProblem(
            tr("Die Sicherung „{name}“ ließ sich nicht fehlerfrei kopieren. Bitte prüfen Sie den Datenträger.",
               name=backup.name)
        )  # fmt: skip


def restore(
    folder: DataFolder,
    backup: Backup,
    brought: Brought,
    reader: CopyReader,
    *,
    actor: Actor,
    clock: Clock,
    ids: IdFactory,
    keep_slots: bool,
    over_damaged: bool = False,
    progress: Progress | None = None,
) -> Restored:
    """Let the copy that was brought in take the database's place; the database must be closed.

    The present key slots stay if they fit (`keep_slots`), so that a removed account stays removed; else they are
    set aside too and those of the backup take their place. Beside a damaged database a crash may have left a journal
    (`over_damaged`); else a journal means that somebody has the database open.

    Raises:
        UserError: somebody else has the database open.
        EnvironmentProblem: the folder refuses or the restored database does not open; the former one has its place.
        Cancelled: through `progress`; the former one has its place.
    """
    progress = progress or NoProgress()
    try:
        if not over_damaged:
            check_nobody_else(folder)
        progress.step(0, _STEPS, tr("Die bisherige Datenbank wird zur Seite gelegt"))
        done = _change_places(folder, backup, brought, reader, actor, clock, ids, progress, keep_slots=keep_slots)
    except BaseException:
        with suppress(OSError):
            discard_incoming(folder)  # a whole copy of the data
        raise
    with suppress(Cancelled):  # too late
        progress.step(_STEPS, _STEPS, tr("Die Sicherung ist an ihrem Platz"))
    return done


def _change_places(
    folder: DataFolder, backup: Backup, brought: Brought, reader: CopyReader, actor: Actor, clock: Clock, ids: IdFactory,
    progress: Progress, *, keep_slots: bool,
) -> Restored:  # fmt: skip
    now = clock.now()
    former_slots = None if keep_slots else replace_slots(folder, backup, clock)
    try:
        aside = put_in_place(folder, brought.database, SET_ASIDE_WORD, now)
    except EnvironmentProblem:
        slots_back(folder, former_slots)
        raise
    try:
        progress.step(1, _STEPS, tr("Die Sicherung wird geöffnet"))
        entries = [("restore_backup", ("backup", backup.name)), *_former_log(reader, aside)]
        note_in_place(folder, reader, entries, actor=actor, clock=clock, ids=ids)
    except (QuartierslotseError, Cancelled):
        take_back(folder, aside, aside_name(folder.database, "rueckspielung-fehlgeschlagen", now))
        slots_back(folder, former_slots)
        raise
    # Of a database that was gone only its journal can be aside.
    return Restored(backup, aside if aside is not None and aside.exists() else None, not keep_slots, brought.repeated)


def _former_log(reader: CopyReader, aside: Path | None) -> list[tuple[str, tuple[str, str]]]:
    """Return the entry that keeps where the log of the former database ended: what it says since the backup is gone."""
    if aside is None:
        return []
    try:
        with reader.open(aside) as former:
            rows = former.sql("SELECT sequence, hash FROM audit_entry ORDER BY sequence DESC LIMIT 1")
    except UnreadableCopy:
        return []
    return [("leave_log", ("audit_end", Anchor(*rows[0]).short))] if rows else []


def note_in_place(
    folder: DataFolder, reader: CopyReader, entries: Sequence[tuple[str, tuple[str, str]]],
    *, actor: Actor, clock: Clock, ids: IdFactory,
) -> None:  # fmt: skip
    """Open the database that took its place as the program would, and write audit entries: action and subject.

    Raises:
        QuartierslotseError: it does not open.
    """
    store = open_store(folder.database, reader.data_key, clock, ids, NoticeBoard(), backups=folder.backups)
    try:
        for action, subject in entries:
            with store.unit_of_work(actor, action, subject):
                pass
    finally:
        store.close()


def replace_slots(folder: DataFolder, backup: Backup, clock: Clock) -> Path | None:
    """Put the key slots of a backup in place; return under which name the former ones lie beside, None if there were none.

    Raises:
        EnvironmentProblem: the folder refuses, or the backup can't be read; the former ones have their place.
    """
    former = aside_name(folder.key_slots, SET_ASIDE_WORD, clock.now()) if folder.key_slots.exists() else None
    try:
        if former is not None:
            folder.key_slots.rename(former)
        shutil.copyfile(backup.key_slots, folder.key_slots)
        flush_file(folder.key_slots)
        flush_folder(folder.root)
    except OSError as error:
        slots_back(folder, former)
        raise writing_problem(folder.root, error) from error
    return former


def slots_back(folder: DataFolder, former: Path | None) -> None:
    """Take `replace_slots` back."""
    if former is not None and former.exists():
        former.replace(folder.key_slots)
