"""Commands and reads on the backups of an open installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from desktop_app.backup.beside import CannotStart, can_work_beside, run_beside
from desktop_app.backup.checking import check_database
from desktop_app.backup.choosing import by_trust
from desktop_app.backup.making import choosing_problem, make_backup, writing_problem
from desktop_app.backup.manifest import NotOurs, backups_in, read_backup, unsealed
from desktop_app.backup.records import (
    Backup,
    BackupReason,
    BackupsChanged,
    BackupStatus,
    Brought,
    DrillReport,
    FormerPlace,
    RestorePreview,
    SetAside,
    Verification,
)
from desktop_app.backup.rules import is_drill_due, is_due_today, is_overdue, office_day
from desktop_app.backup.state import BackupStateFile, moment, write_mark
from desktop_app.backup.thinning import BackupPlaces, remove_set_aside
from desktop_app.backup.verifying import verify
from desktop_app.core.actor import Actor
from desktop_app.core.clock import from_text, to_text
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr, tr_count
from desktop_app.environment.durable_files import flush_folder
from desktop_app.environment.folders import DataFolder
from desktop_app.settings.service import SettingsService
from desktop_app.storage.database import DamagedDatabase
from desktop_app.storage.store import DamageFound, Store

BESIDE_FROM_BYTES = 4 * 1024 * 1024
_LOOK_EVERY_S = 0.1


class BackupService:
    """Makes, checks, thins and tries backups. Long work may run in a thread of its own; it blocks nobody who saves."""

    def __init__(
        self, store: Store, folder: DataFolder, settings: SettingsService, *, beside_from: int = BESIDE_FROM_BYTES
    ) -> None:
        """Back up `store`, which lies in `folder`; from `beside_from` bytes on in a process of its own."""
        self._store, self._folder, self._settings = store, folder, settings
        self._beside_from = beside_from
        self._making = RLock()
        self._state = BackupStateFile(folder)
        self._places = BackupPlaces(folder, self._state)

    # Reads

    def status(self) -> BackupStatus:
        """Return how things stand, with a sentence if something has to be done."""
        state, now = self._state.read(), self._store.clock.now()
        last_good, first = self._last_good(), moment(state.first_use)
        last_drill = moment(state.last_drill)
        reachable = self._state.is_reachable()
        stand_in = self._stand_in(last_good)
        protocol = Path(state.last_protocol) if state.last_protocol else None
        return BackupStatus(
            folder=self._state.target(),
            chosen=bool(state.folder),
            reachable=reachable,
            last_good=last_good,
            last_drill=last_drill,
            warning=self._warning(last_good, first, now, stand_in, reachable=reachable),
            drill_due=is_drill_due(last_drill, first, now),
            last_protocol=protocol if protocol is not None and protocol.is_file() else None,
            stand_in=stand_in,
        )

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups of this installation in the chosen folder, newest first; others are left out."""
        return tuple(backup for backup in backups_in(self._state.target()) if self._is_ours(backup))

    def former_places(self) -> tuple[FormerPlace, ...]:
        """Return the places besides the chosen folder where backups of this installation lie, or may lie."""
        return self._places.former(self._is_ours)

    def set_aside(self) -> tuple[SetAside, ...]:
        """Return what a restore, a rescue or a change of the schema set aside, oldest first."""
        return self._places.set_aside()

    def preview(self, backup: Backup, progress: Progress | None = None) -> RestorePreview:
        """Check a backup and compare it with today.

        Raises:
            EnvironmentProblem: the backup is not good.
            Cancelled: through `progress`.
        """
        from desktop_app.backup.restoring import preview
        from desktop_app.backup.verifying import checked_contents

        reader = self._store.copy_reader()
        stored = checked_contents(backup, reader, progress)
        with reader.open(backup.database) as copy:
            return preview(backup, stored, self._store.sql, copy.sql)

    # Commands

    def choose_folder(self, actor: Actor, folder: Path) -> None:
        """Use a folder or stick from now on; it is marked, so that an empty place where a stick was is not mistaken for it.

        Raises:
            UserError: the folder lies in the data folder or does not exist.
            EnvironmentProblem: it can't be written.
        """
        folder = folder.expanduser().absolute()
        if folder.exists() and not folder.is_dir():
            raise UserError(tr("„{folder}“ ist kein Ordner. Bitte wählen Sie einen.", folder=folder))
        if not folder.is_dir():
            raise UserError(tr("Den Ordner „{folder}“ gibt es nicht. Bitte wählen Sie einen anderen.", folder=folder))
        if folder.resolve().is_relative_to(self._folder.root.resolve()):
            raise UserError(
                tr("Dieser Ordner gehört zu den Daten selbst. Bitte wählen Sie einen auf einem anderen Datenträger, am besten "
                   "auf einem USB-Stick.")
            )  # fmt: skip
        try:
            mark = write_mark(folder)
        except OSError as error:
            raise choosing_problem(folder, error) from error
        with self._store.unit_of_work(actor, "choose_backup_folder", ("setting", "backup_folder")) as unit:
            unit.notify(BackupsChanged())
        found = next(iter(backup for backup in backups_in(folder) if self._is_ours(backup)), None)
        self._state.choose(folder, mark, to_text(found.made_at) if found is not None else "")

    def forget_place(self, actor: Actor, folder: Path) -> None:
        """No longer name a former folder that is not there: its backups were deleted, or the stick destroyed.

        Raises:
            UserError: it is not one of those.
        """
        if not any(place.folder == folder and not place.is_reachable for place in self.former_places()):
            raise UserError(tr("„{folder}“ ist kein früherer Ordner, der gerade fehlt.", folder=folder))
        self._state.forget(str(folder))
        with self._store.unit_of_work(actor, "forget_backup_folder", ("setting", "backup_folder")) as unit:
            unit.notify(BackupsChanged())

    def remove_set_aside(self, actor: Actor, name: str) -> None:
        """Delete at once what was set aside; there is no way back.

        Raises:
            UserError: there is none of that name.
            EnvironmentProblem: the folder refuses.
        """
        aside = next((one for one in self.set_aside() if one.file.name == name), None)
        if aside is None:
            raise UserError(tr("Eine beiseitegelegte Datei „{name}“ gibt es nicht.", name=name))
        with self._store.unit_of_work(actor, "remove_set_aside", ("database", name)) as unit:
            unit.notify(BackupsChanged())
        try:
            remove_set_aside(aside)
        except OSError as error:
            raise EnvironmentProblem(
                tr("„{name}“ lässt sich nicht löschen. Bitte prüfen Sie die Rechte im Ordner.", name=name)
            ) from error

    def make(self, reason: BackupReason = BackupReason.BY_HAND, progress: Progress | None = None) -> Backup:
        """Make a backup now, check it by opening and counting, and thin the older ones.

        Raises:
            EnvironmentProblem: the folder is not reachable, full or read-only. Nothing is lost.
            DamagedDatabase: the database itself is damaged; older backups are kept.
            Cancelled: through `progress`; nothing is left.
        """
        self._check_reachable()
        target = self._state.target()
        if not self._state.read().folder:
            target = self._own_folder()
        try:
            return self._make(target, reason, progress or NoProgress())
        except DamagedDatabase:
            self._store.notices.publish(DamageFound())
            raise

    def make_due(self, progress: Progress | None = None) -> Backup | None:
        """Make the backup of the day unless there is one; the database is checked before, so that no damaged one is copied.

        Raises:
            EnvironmentProblem: as `make`.
            DamagedDatabase: the database is damaged.
            Cancelled: through `progress`.
        """
        now = self._store.clock.now()
        if not self._state.read().first_use:
            self._state.change(first_use=to_text(now))
        with self._one_at_a_time(progress or NoProgress()):
            if not is_due_today(self._last_good(), self._store.clock.today()):
                return None
            self.check_database()
            return self.make(BackupReason.DAILY, progress)

    def make_before(self, reason: BackupReason, progress: Progress | None = None) -> Backup:
        """Make a backup before a risky step; beside the data when the chosen folder can't take it.

        Raises:
            EnvironmentProblem: there is no room beside the data either.
            Cancelled: through `progress`.
        """
        try:
            return self.make(reason, progress)
        except DamagedDatabase:
            raise
        except EnvironmentProblem:
            if not self._state.read().folder:
                raise
            return self._make(self._own_folder(), reason, progress or NoProgress())

    def make_before_import(self, progress: Progress | None = None) -> Backup | None:
        """Make a backup before a directory is brought in; None on a first run, when there is nothing to lose yet.

        Raises:
            EnvironmentProblem: as `make_before`; whether to import all the same is for people to decide.
            DamagedDatabase: the database is damaged; nothing more should be written into it.
            Cancelled: through `progress`.
        """
        holds = "SELECT EXISTS (SELECT 1 FROM organization) OR EXISTS (SELECT 1 FROM contact)"
        if not self._store.sql(holds)[0][0]:
            return None
        return self.make_before(BackupReason.BEFORE_IMPORT, progress)

    def verify(self, backup: Backup, progress: Progress | None = None) -> Verification:
        """Open a backup and count its rows against its manifest.

        Raises:
            Cancelled: through `progress`.
        """
        return verify(backup, self._store.copy_reader(), self._store.clock.now(), progress)

    def check_database(self) -> None:
        """Read the whole database: every page's seal, then its structure.

        Raises:
            DamagedDatabase: it is damaged.
        """
        try:
            self._check()
        except DamagedDatabase:
            self._state.change(damaged=to_text(self._store.clock.now()))
            raise
        if self._state.read().damaged:
            self._state.change(damaged="")

    def drill(self, actor: Actor, backup: Backup | None = None, progress: Progress | None = None) -> DrillReport:
        """Restore a backup (the newest) for practice into a scratch folder and write the protocol as PDF.

        Raises:
            UserError: there is no backup.
            EnvironmentProblem: the protocol can't be written.
            Cancelled: through `progress`.
        """
        from dataclasses import replace

        from desktop_app.backup.drill import Drill
        from desktop_app.backup.protocol_pdf import protocol_pdf
        from desktop_app.environment.output_files import write_whole

        self._check_reachable()
        backup = backup or next(iter(by_trust(self.backups(), self._store.clock.now())), None)
        if backup is None:
            raise UserError(
                tr("Es gibt noch keine Sicherung, mit der geprobt werden kann. Bitte legen Sie zuerst eine an.")
            )
        report = Drill(
            backup,
            self._store.copy_reader(),
            self._folder.key_slots,
            actor=actor,
            clock=self._store.clock,
            ids=self._store.ids,
            progress=progress or NoProgress(),
        ).run()
        pdf = protocol_pdf(report, self._settings.office(), actor.display_name)
        protocol = self._protocol_name(report.at)
        write_whole(protocol, pdf)
        changes: dict[str, str] = {"last_protocol": str(protocol)}
        if report.is_good:
            changes["last_drill"] = to_text(report.at)
        self._state.change(**changes)
        self._store.notices.publish(BackupsChanged())
        return replace(report, protocol=protocol)

    def bring_in(self, actor: Actor, backup: Backup, progress: Progress | None = None) -> Brought:
        """First half of a restore: back up today, check the backup and lay its copy beside the database.

        What was erased since the backup is erased in the copy.

        Raises:
            EnvironmentProblem: the backup is not good, or there is no room; nothing is left.
            Cancelled: through `progress`; nothing is left.
        """
        from desktop_app.backup.restoring import bring_in
        from desktop_app.retention.repeating import read_erased

        progress = progress or NoProgress()
        self.make_before(BackupReason.BEFORE_RESTORE, progress)
        erased = read_erased(self._store.sql)
        return bring_in(
            self._folder, backup, self._store.copy_reader(), erased, progress,
            actor=actor, clock=self._store.clock, ids=self._store.ids,
        )  # fmt: skip

    # Inside

    def _check(self) -> None:
        if self._goes_beside():
            with suppress(CannotStart):
                run_beside(self._task("check"), self._store.copy_reader(), NoProgress())
                return
        check_database(self._store)

    def _write(self, target: Path, reason: BackupReason, now: datetime, progress: Progress) -> Backup:
        if self._goes_beside():
            task = self._task(
                "make",
                key_slots=str(self._folder.key_slots),
                target=str(target),
                reason=reason.value,
                moment=to_text(now),
            )
            with suppress(CannotStart):
                done = run_beside(task, self._store.copy_reader(), progress, _remove_made)
                made = read_backup(Path(done["folder"]))
                if made is None:
                    raise writing_problem(target, FileNotFoundError())  # pulled the moment after
                return made
        return make_backup(self._store, self._folder.key_slots, target, reason, now, progress)[0]

    def _goes_beside(self) -> bool:
        """Tell whether the work is long enough to be felt; a small database is copied before a process has begun."""
        try:
            return can_work_beside() and self._store.path.stat().st_size >= self._beside_from
        except OSError:
            return False

    def _task(self, task: str, **details: str) -> dict[str, object]:
        return {"task": task, "database": str(self._store.path), **details}

    @contextmanager
    def _one_at_a_time(self, progress: Progress) -> Iterator[None]:
        """Wait until no other thread makes a backup: the one of the day may be under way when one is made by hand."""
        while not self._making.acquire(timeout=_LOOK_EVERY_S):
            progress.step(0, 1, tr("Es wird gerade schon gesichert. Diese Sicherung folgt danach."))
        try:
            yield
        finally:
            self._making.release()

    def _make(self, target: Path, reason: BackupReason, progress: Progress) -> Backup:
        with self._one_at_a_time(progress):
            return self._make_alone(target, reason, progress)

    def _make_alone(self, target: Path, reason: BackupReason, progress: Progress) -> Backup:
        now = from_text(to_text(self._store.clock.now()))  # as exact as it is kept
        backup = self._write(target, reason, now, progress)
        changes = {"first_use": self._state.read().first_use or to_text(now)}
        if target == self._state.target():
            changes["last_good"] = to_text(now)
        self._state.change(**changes)
        self._places.thin(target, self._store.clock.today(), self._is_ours)
        self._store.notices.publish(BackupsChanged())
        return backup

    def _is_ours(self, backup: Backup) -> bool:
        try:
            unsealed(backup, self._store.copy_reader().sealing_key())
        except NotOurs:
            return False
        return True

    def _last_good(self) -> datetime | None:
        """Return when the newest backup was made that lies in the chosen folder; while that is away, as it was noted."""
        noted = moment(self._state.read().last_good)
        if noted is None or not self._state.is_reachable():
            return noted
        there = backups_in(self._state.target())
        if any(backup.made_at == noted for backup in there):
            return noted
        # Removed by hand, or noted by an older version for a backup elsewhere.
        if not self._store.knows_key:
            return None
        return next((backup.made_at for backup in there if self._is_ours(backup)), None)

    def _stand_in(self, last_good: datetime | None) -> Backup | None:
        if not self._state.read().folder:
            return None
        newest = next(iter(backups_in(self._folder.backups)), None)
        return newest if newest is not None and (last_good is None or newest.made_at > last_good) else None

    def _check_reachable(self) -> None:
        if not self._state.is_reachable():
            raise EnvironmentProblem(
                tr("Keine Sicherung: Der Ordner „{folder}“ ist nicht da. Bitte stecken Sie den Datenträger ein oder wählen Sie "
                   "einen anderen Ordner. Ihre Daten sind unverändert.", folder=self._state.target())
            )  # fmt: skip

    def _own_folder(self) -> Path:
        folder = self._folder.backups
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise writing_problem(folder, error) from error
        return folder

    def _protocol_name(self, at: datetime) -> Path:
        folder = self._folder.root / "rueckspielproben"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            flush_folder(self._folder.root)
        except OSError as error:
            raise writing_problem(folder, error) from error
        name, number = folder / f"rueckspielprobe-{office_day(at).isoformat()}.pdf", 2
        while name.exists():
            name, number = folder / f"rueckspielprobe-{office_day(at).isoformat()}-{number}.pdf", number + 1
        return name

    def _warning(
        self,
        last_good: datetime | None,
        first: datetime | None,
        now: datetime,
        stand_in: Backup | None,
        *,
        reachable: bool,
    ) -> str:
        if not is_overdue(last_good, first, now):
            return ""
        if last_good is not None:
            days = (office_day(now) - office_day(last_good)).days
            sentence = tr_count(
                "Die letzte gute Sicherung ist {count} Tag alt.",
                "Die letzte gute Sicherung ist {count} Tage alt.",
                days,
            )
        elif self._state.read().folder:
            sentence = tr("Im gewählten Ordner liegt noch keine Sicherung.")
        else:
            sentence = tr("Es gibt noch keine Sicherung.")
        what_now = (
            tr("Bitte legen Sie heute eine an.")
            if reachable
            else tr("Der Ordner dafür ist nicht da: Bitte stecken Sie den Datenträger ein.")
        )
        if stand_in is None:
            return f"{sentence} {what_now}"
        beside = tr(
            "Eine jüngere vom {date} liegt nur ersatzweise auf diesem Rechner, im Ordner „{folder}“.",
            date=office_day(stand_in.made_at).strftime("%d.%m.%Y"),
            folder=stand_in.folder.parent,
        )
        return f"{sentence} {what_now} {beside}"


def _remove_made(done: dict[str, Any]) -> None:
    import shutil

    shutil.rmtree(done["folder"], ignore_errors=True)
