"""A way back when the database itself does not open: the newest good backup, or what can still be read.

Works on the closed files and with a password only. The damaged database is set aside, never overwritten or removed.
"""

from __future__ import annotations

from pathlib import Path

from desktop_app.backup.manifest import NotOurs, backups_in, unsealed
from desktop_app.backup.placing import aside_name, incoming, put_in_place, take_back
from desktop_app.backup.records import Backup, Restored, RestorePreview, Salvage, Verification
from desktop_app.backup.restoring import bring_in, erased_by_then, note_in_place, preview, restore
from desktop_app.backup.salvage import salvage
from desktop_app.backup.state import BackupStateFile
from desktop_app.backup.verifying import checked_contents, verify
from desktop_app.core.actor import Actor
from desktop_app.core.clock import Clock
from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError, UserError
from desktop_app.core.ids import IdFactory
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_slots import KeySlot, SlotKind, WrongSecret, open_slot, read_slots
from desktop_app.storage.copies import CopyReader, UnreadableCopy

DAMAGED_WORD = "beschaedigt"


class Rescue:
    """A damaged or missing installation, entered with a password that opens its key slots or those of a backup."""

    def __init__(
        self, folder: DataFolder, data_key: bytes, account_id: str, login_name: str, clock: Clock, ids: IdFactory,
        *, own_slots: bool,
    ) -> None:  # fmt: skip
        """Use `open_rescue`."""
        self.folder = folder
        self._reader = CopyReader(data_key)
        self._actor = Actor(account_id, login_name, "")
        self._clock, self._ids = clock, ids
        self._own_slots = own_slots

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups of this installation, newest first, in the chosen folder and beside the data."""
        found = found_backups(self.folder)
        return tuple(backup for backup in found if self.is_ours(backup))

    def is_ours(self, backup: Backup) -> bool:
        """Tell whether a backup belongs to the key."""
        try:
            unsealed(backup, self._reader.sealing_key())
        except NotOurs:
            return False
        return True

    def newest_good(self, progress: Progress | None = None) -> Backup | None:
        """Return the newest backup that really opens and is complete.

        Raises:
            Cancelled: through `progress`.
        """
        return next((backup for backup in self.backups() if self.verify(backup, progress).is_good), None)

    def verify(self, backup: Backup, progress: Progress | None = None) -> Verification:
        """Open and count a backup."""
        return verify(backup, self._reader, self._clock.now(), progress)

    def preview(self, backup: Backup, progress: Progress | None = None) -> RestorePreview:
        """Check a backup and compare it with the present database, as far as that can be read.

        Raises:
            EnvironmentProblem: the backup is not good.
            Cancelled: through `progress`.
        """
        stored = checked_contents(backup, self._reader, progress)
        try:
            with self._reader.open(self.folder.database) as present:
                return preview(backup, stored, present.sql)
        except UnreadableCopy:
            return preview(backup, stored, None)

    def restore(self, backup: Backup, progress: Progress | None = None) -> Restored:
        """Let a backup take the place of the damaged database, which is set aside.

        Raises:
            EnvironmentProblem: the backup is not good, or the folder refuses; everything is as before.
            Cancelled: through `progress`; everything is as before.
        """
        younger = [other for other in self.backups() if other.made_at > backup.made_at]
        erased, was_read = erased_by_then(self._reader, self.folder.database, younger)
        brought = bring_in(
            self.folder, backup, self._reader, erased, progress or NoProgress(),
            actor=self._actor, clock=self._clock, ids=self._ids, source_was_read=was_read,
        )  # fmt: skip
        return restore(
            self.folder,
            backup,
            brought,
            self._reader,
            actor=self._actor,
            clock=self._clock,
            ids=self._ids,
            keep_slots=self._own_slots,
            over_damaged=True,
        )

    def salvage(self, progress: Progress | None = None) -> Salvage:
        """Write what is readable into a new database, which takes the damaged one's place; that one is set aside.

        Raises:
            EnvironmentProblem: nothing is readable, what is readable does not open, or the folder refuses; everything
                is as before.
            Cancelled: through `progress`; everything is as before.
        """
        from dataclasses import replace

        target = incoming(self.folder)
        target.unlink(missing_ok=True)
        saved = salvage(self.folder.database, self._reader.data_key, target, progress or NoProgress())
        now = self._clock.now()
        aside = put_in_place(self.folder, target, DAMAGED_WORD, now)
        try:
            note_in_place(
                self.folder,
                self._reader,
                "salvage_database",
                ("database", self.folder.database.name),
                actor=self._actor,
                clock=self._clock,
                ids=self._ids,
            )
        except QuartierslotseError:
            take_back(self.folder, aside, aside_name(self.folder.database, "rettung-fehlgeschlagen", now))
            raise
        return replace(saved, file=self.folder.database, set_aside=aside)


def found_backups(folder: DataFolder) -> tuple[Backup, ...]:
    """Return every backup that is there, newest first, without asking for a key."""
    places = dict.fromkeys((BackupStateFile(folder).target(), folder.backups))
    found = [backup for place in places for backup in backups_in(place)]
    return tuple(sorted(found, key=lambda backup: backup.made_at, reverse=True))


def open_rescue(
    folder: DataFolder, login_name: str, password: str, clock: Clock, ids: IdFactory, *, backup: Backup | None = None
) -> Rescue:
    """Enter with a password; if the key slots are gone too, with the password of the day of `backup` (or the newest).

    Raises:
        WrongSecret: the password opens nothing.
        UserError: the account has to be named.
        EnvironmentProblem: there are no readable key slots anywhere.
    """
    own: EnvironmentProblem | None = None
    try:
        slot = _slot(folder.key_slots, login_name)
        return _opened(folder, slot, password, clock, ids, own_slots=True)
    except EnvironmentProblem as error:
        own = error
    except WrongSecret:
        if backup is None:
            raise
    for candidate in (backup,) if backup is not None else found_backups(folder):
        try:
            return _opened(folder, _slot(candidate.key_slots, login_name), password, clock, ids, own_slots=False)
        except EnvironmentProblem:
            continue
    raise own or WrongSecret(tr("Das Passwort öffnet weder die Daten noch die Sicherung."))


def _opened(
    folder: DataFolder, slot: KeySlot, password: str, clock: Clock, ids: IdFactory, *, own_slots: bool
) -> Rescue:
    key = open_slot(slot, password)
    return Rescue(folder, key, slot.account_id, slot.login_name, clock, ids, own_slots=own_slots)


def _slot(path: Path, login_name: str) -> KeySlot:
    slots = [slot for slot in read_slots(path) if slot.kind is SlotKind.PASSWORD]
    if not login_name and len(slots) > 1:
        raise UserError(tr("Es gibt mehrere Konten. Bitte nennen Sie den Anmeldenamen."))
    for slot in slots:
        if not login_name or slot.login_name.casefold() == login_name.strip().casefold():
            return slot
    raise WrongSecret(tr("Das Konto „{name}“ gibt es hier nicht.", name=login_name))
