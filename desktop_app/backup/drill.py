"""The restore drill: a backup is restored for practice into a scratch folder, opened as on a bad day, and counted."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from desktop_app.backup.contents import count_contents
from desktop_app.backup.manifest import unsealed
from desktop_app.backup.records import Backup, Contents, DrillReport, DrillStep
from desktop_app.backup.verifying import check_copy, check_file
from desktop_app.core.actor import Actor
from desktop_app.core.clock import Clock
from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError
from desktop_app.core.ids import IdFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr, tr_count
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_slots import SlotKind, read_slots
from desktop_app.storage.copies import CopyReader
from desktop_app.storage.opening import open_store


class Drill:
    """One drill under way; `run` tells what was tried. Nothing of the office's own data is touched."""

    def __init__(
        self,
        backup: Backup,
        reader: CopyReader,
        present_slots: Path,
        *,
        actor: Actor,
        clock: Clock,
        ids: IdFactory,
        progress: Progress,
    ) -> None:
        """Prepare a drill on `backup`."""
        self._backup, self._reader, self._present_slots = backup, reader, present_slots
        self._actor, self._clock, self._ids, self._progress = actor, clock, ids, progress
        self._steps: list[DrillStep] = []
        self._contents: Contents | None = None

    def run(self) -> DrillReport:
        """Do all steps; the first that fails is the last.

        Raises:
            Cancelled: through the progress; the scratch folder is gone.
        """
        scratch = Path(tempfile.mkdtemp(prefix="quartierslotse-probe-"))
        try:
            folder = DataFolder(scratch)
            steps = (
                (tr("Sicherung lesen"), self._read),
                (tr("In einen Probeordner kopieren"), lambda: self._copy(folder)),
                (tr("Schlüssel prüfen"), lambda: self._slots(folder)),
                (tr("Jede Seite und alle Zusammenhänge prüfen"), lambda: self._check(folder)),
                (tr("Wie beim Start öffnen"), lambda: self._open(folder)),
            )
            for number, (name, action) in enumerate(steps):
                self._progress.step(number, len(steps), name)
                if not self._try(name, action):
                    break
            self._progress.step(len(steps), len(steps), tr("Probeordner aufräumen"))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return DrillReport(self._clock.now(), self._backup, tuple(self._steps), self._contents)

    def _try(self, name: str, action: Callable[[], str]) -> bool:
        start = time.monotonic()
        try:
            remark, is_good = action(), True
        except QuartierslotseError as error:
            remark, is_good = error.message, False
        except OSError:
            remark, is_good = (
                tr("Der Datenträger oder der Probeordner hat nicht genug Platz oder antwortet nicht."),
                False,
            )
        self._steps.append(DrillStep(name, remark, is_good, time.monotonic() - start))
        return is_good

    def _read(self) -> str:
        check_file(self._backup, self._progress)
        return tr("Die Datei ist unverändert.")

    def _copy(self, folder: DataFolder) -> str:
        shutil.copyfile(self._backup.database, folder.database)
        shutil.copyfile(self._backup.key_slots, folder.key_slots)
        return tr("{size} MB", size=max(1, self._backup.manifest.size // (1024 * 1024)))

    def _slots(self, folder: DataFolder) -> str:
        slots = read_slots(folder.key_slots)
        passwords = [slot for slot in slots if slot.kind is SlotKind.PASSWORD]
        if not passwords and not any(slot.kind is SlotKind.RECOVERY for slot in slots):
            raise EnvironmentProblem(tr("In der Schlüsseldatei steht kein Zugang. Diese Sicherung öffnet niemand."))
        remark = tr_count("{count} Zugang mit Passwort.", "{count} Zugänge mit Passwort.", len(passwords))
        opens = tr("Zum Öffnen braucht es ein Passwort vom Tag der Sicherung oder das Wiederherstellungsblatt.")
        with suppress(EnvironmentProblem):
            present = read_slots(self._present_slots)
            mine = {slot.sealed_key for slot in present if slot.account_id == self._actor.account_id}
            if mine & {slot.sealed_key for slot in passwords}:
                opens = tr("Ihr heutiges Passwort öffnet sie.")
        return f"{remark} {opens}"

    def _check(self, folder: DataFolder) -> str:
        expected = unsealed(self._backup, self._reader.sealing_key())
        with self._reader.open(folder.database) as copy:
            self._contents = check_copy(copy, self._backup, expected)
        total = sum(self._contents.rows.values())
        return tr_count("{count} Eintrag, wie gesichert.", "{count} Einträge, wie gesichert.", total)

    def _open(self, folder: DataFolder) -> str:
        """Open with all that belongs to it: an older schema is brought up to date."""
        store = open_store(
            folder.database, self._reader.data_key, self._clock, self._ids, NoticeBoard(), backups=folder.backups
        )
        try:
            found = count_contents(store.sql)
        finally:
            store.close()
        return tr_count("{count} Kontakt ist da.", "{count} Kontakte sind da.", found.rows.get("contact", 0))
