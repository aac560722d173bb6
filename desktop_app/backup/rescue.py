"""A way back when the database itself does not open: the newest good backup, or what can still be read.

Works on the closed files, with the password of an account that may restore or with the printed recovery key. What an
account may do stands in the database: if that can't be read, in the newest backup, or in what was salvaged. The damaged
database is set aside, never overwritten or removed.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from desktop_app.access.guard import NotAllowed, require
from desktop_app.backup.choosing import by_trust
from desktop_app.backup.manifest import NotOurs, backups_in, unsealed
from desktop_app.backup.placing import aside_name, incoming, put_in_place, take_back
from desktop_app.backup.records import Backup, Restored, RestorePreview, Salvage, Verification
from desktop_app.backup.restoring import (
    bring_in,
    erased_by_then,
    note_in_place,
    preview,
    replace_slots,
    restore,
    slots_back,
)
from desktop_app.backup.salvage import salvage
from desktop_app.backup.state import BackupStateFile
from desktop_app.backup.verifying import checked_contents, verify
from desktop_app.core.actor import Actor
from desktop_app.core.clock import Clock
from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError, UserError
from desktop_app.core.ids import IdFactory
from desktop_app.core.permissions import Action, Role
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_slots import KeySlot, SlotKind, WrongSecret, open_slot, read_slots
from desktop_app.security.recovery_key import parse_recovery_key
from desktop_app.storage.copies import CopyReader, UnreadableCopy

DAMAGED_WORD = "beschaedigt"


class Rescue:
    """A damaged or missing installation, entered with a secret that opens its key slots or those of a backup."""

    def __init__(
        self, folder: DataFolder, data_key: bytes, account_id: str, login_name: str, clock: Clock, ids: IdFactory,
        *, slots_of: Backup | None = None, with_recovery_key: bool = False,
    ) -> None:  # fmt: skip
        """Use `open_rescue`; `slots_of` is the backup whose key slots stand in for those that are lost."""
        self._with_recovery_key = with_recovery_key
        self.folder = folder
        self._reader = CopyReader(data_key)
        self._actor = Actor(account_id, login_name, "")
        self._clock, self._ids = clock, ids
        #: the backup whose key slots opened, because those of the installation are lost
        self.slots_of = slots_of

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
        """Return the newest backup that really opens and is complete; one of a wrong clock only if there is no other.

        Raises:
            Cancelled: through `progress`.
        """
        backups = by_trust(self.backups(), self._clock.now())
        return next((backup for backup in backups if self.verify(backup, progress).is_good), None)

    def verify(self, backup: Backup, progress: Progress | None = None) -> Verification:
        """Open and count a backup."""
        return verify(backup, self._reader, self._clock.now(), progress)

    def check_allowed(self, *also: Backup) -> None:
        """Refuse what the role of the account forbids; the recovery key may everything. `also` may tell the role too.

        Raises:
            NotAllowed: the role lacks the right, or the account was removed, or nothing that can be read tells its role.
        """
        if not self._with_recovery_key:
            backups = (backup.database for backup in (*self.backups(), *also))
            self._require(self._role(self.folder.database, *backups))

    def preview(self, backup: Backup, progress: Progress | None = None) -> RestorePreview:
        """Check a backup and compare it with the present database, as far as that can be read.

        Raises:
            NotAllowed: the account may not restore.
            EnvironmentProblem: the backup is not good.
            Cancelled: through `progress`.
        """
        self.check_allowed(backup)
        stored = checked_contents(backup, self._reader, progress)
        try:
            with self._reader.open(self.folder.database) as present, self._reader.open(backup.database) as copy:
                return preview(backup, stored, present.sql, copy.sql)
        except UnreadableCopy:
            return preview(backup, stored, None)

    def restore(self, backup: Backup, progress: Progress | None = None) -> Restored:
        """Let a backup take the place of the damaged database, which is set aside.

        Raises:
            NotAllowed: the account may not restore.
            EnvironmentProblem: the backup is not good, or the folder refuses; everything is as before.
            Cancelled: through `progress`; everything is as before.
        """
        self.check_allowed(backup)
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
            keep_slots=self.slots_of is None,
            over_damaged=True,
            progress=progress,
        )

    def salvage(self, progress: Progress | None = None) -> Salvage:
        """Write what is readable into a new database, which takes the damaged one's place; that one is set aside.

        Raises:
            NotAllowed: the account may not restore.
            EnvironmentProblem: nothing is readable, what is readable does not open, or the folder refuses; everything
                is as before.
            Cancelled: through `progress`; everything is as before.
        """
        from dataclasses import replace

        target = incoming(self.folder)
        target.unlink(missing_ok=True)
        saved = salvage(self.folder.database, self._reader.data_key, target, progress or NoProgress())
        if not self._with_recovery_key:
            try:
                backups = (backup.database for backup in self.backups())
                self._require(self._role(self.folder.database, target, *backups))
            except NotAllowed:
                target.unlink(missing_ok=True)
                raise
        now = self._clock.now()
        former_slots = replace_slots(self.folder, self.slots_of, self._clock) if self.slots_of is not None else None
        try:
            aside = put_in_place(self.folder, target, DAMAGED_WORD, now)
        except EnvironmentProblem:
            slots_back(self.folder, former_slots)
            raise
        try:
            note_in_place(
                self.folder,
                self._reader,
                [("salvage_database", ("database", self.folder.database.name))],
                actor=self._actor,
                clock=self._clock,
                ids=self._ids,
            )
        except QuartierslotseError:
            take_back(self.folder, aside, aside_name(self.folder.database, "rettung-fehlgeschlagen", now))
            slots_back(self.folder, former_slots)
            raise
        return replace(saved, file=self.folder.database, set_aside=aside)

    def lacks_only_keys(self) -> bool:
        """Tell whether the key slots are lost and the database is whole: every page is read."""
        if self.slots_of is None:
            return False
        try:
            with self._reader.open(self.folder.database) as present:
                return not (present.has_damaged_pages() or present.has_broken_structure())
        except UnreadableCopy:
            return False

    def bring_back_keys(self) -> None:
        """Put the key slots of the backup in the place of the lost ones; the database stays as it is.

        Raises:
            NotAllowed: the account may not restore.
            EnvironmentProblem: the folder refuses; everything is as before.
        """
        if self.slots_of is None:
            raise ValueError("the key slots are there")
        self.check_allowed()
        former = replace_slots(self.folder, self.slots_of, self._clock)
        try:
            note_in_place(
                self.folder,
                self._reader,
                [("bring_back_keys", ("backup", self.slots_of.name))],
                actor=self._actor,
                clock=self._clock,
                ids=self._ids,
            )
        except QuartierslotseError:
            slots_back(self.folder, former)
            raise

    def _role(self, *places: Path) -> Role | None:
        """Return the role as the first database says it that can be read so far; None for a removed account."""
        for place in places:
            try:
                with self._reader.open(place) as copy:
                    rows = copy.sql("SELECT role, disabled_at FROM account WHERE id = ?", (self._actor.account_id,))
            except UnreadableCopy:
                continue
            if rows:
                role, removed = rows[0]
                return None if removed or role not in set(Role) else Role(role)
        return None

    def _require(self, role: Role | None) -> None:
        if role is None:
            raise NotAllowed(
                tr("Welche Rolle das Konto „{name}“ hat, lässt sich in diesen Daten nicht lesen. Zum Zurückspielen und Retten "
                   "braucht es deshalb das Wiederherstellungsblatt: Wählen Sie bei der Anmeldung „Neues Passwort setzen“.",
                   name=self._actor.display_name)
            )  # fmt: skip
        require(role, Action.RESTORE_BACKUPS)


def found_backups(folder: DataFolder) -> tuple[Backup, ...]:
    """Return every backup that is there, newest first, without asking for a key."""
    places = dict.fromkeys((BackupStateFile(folder).target(), folder.backups))
    found = [backup for place in places for backup in backups_in(place)]
    return tuple(sorted(found, key=lambda backup: backup.made_at, reverse=True))


def keys_are_lost(folder: DataFolder) -> bool:
    """Tell whether the key slots are missing or no longer what was written; those of a newer program are not lost."""
    try:
        read_slots(folder.key_slots)
    except EnvironmentProblem as error:
        return isinstance(error.__cause__, FileNotFoundError | ValueError | KeyError | TypeError | RecursionError)
    return False


def login_names_for_rescue(folder: DataFolder) -> list[str]:
    """Return who can enter over a missing database or lost keys: by the key slots that are there, or by those of the newest backup."""
    for path in (folder.key_slots, *(backup.key_slots for backup in found_backups(folder))):
        with suppress(EnvironmentProblem):
            return [slot.login_name for slot in read_slots(path) if slot.kind is not SlotKind.RECOVERY]
    return []


def open_rescue(
    folder: DataFolder, login_name: str, password: str, clock: Clock, ids: IdFactory, *, backup: Backup | None = None,
    recovery_key: str = "",
) -> Rescue:  # fmt: skip
    """Enter with a password or, in its place, the printed recovery key.

    If the key slots are gone too, those of `backup` (or the newest) are used, with the secrets of its day.

    Raises:
        WrongSecret: the secret opens nothing.
        InputError: the recovery key has a typing mistake.
        UserError: the account has to be named.
        EnvironmentProblem: there are no readable key slots anywhere.
    """
    secret = parse_recovery_key(recovery_key) if recovery_key else password

    def opened(slots: Path, slots_of: Backup | None) -> Rescue:
        slot = _recovery_slot(slots) if recovery_key else _slot(slots, login_name)
        key = open_slot(slot, secret)
        whose = _named(slots, login_name) if recovery_key else slot
        return Rescue(
            folder, key, whose.account_id, whose.login_name, clock, ids,
            slots_of=slots_of, with_recovery_key=bool(recovery_key),
        )  # fmt: skip

    own: EnvironmentProblem | None = None
    try:
        return opened(folder.key_slots, None)
    except EnvironmentProblem as error:
        own = error
    except WrongSecret:
        if backup is None:
            raise
    for candidate in (backup,) if backup is not None else found_backups(folder):
        try:
            return opened(candidate.key_slots, candidate)
        except EnvironmentProblem:
            continue
    raise own or WrongSecret(tr("Das Passwort öffnet weder die Daten noch die Sicherung."))


def _recovery_slot(path: Path) -> KeySlot:
    for slot in read_slots(path):
        if slot.kind is SlotKind.RECOVERY:
            return slot
    raise WrongSecret(tr("Zu diesen Daten gibt es kein Wiederherstellungsblatt. Bitte fragen Sie die Koordination."))


def _named(path: Path, login_name: str) -> KeySlot:
    """Return the slot of the account that holds the recovery key in its hand, for the audit log."""
    slots = [slot for slot in read_slots(path) if slot.kind is not SlotKind.RECOVERY]
    named = [slot for slot in slots if slot.login_name.casefold() == login_name.strip().casefold()]
    if named or not slots:
        return named[0] if named else _recovery_slot(path)
    return slots[0] if len(slots) == 1 and not login_name.strip() else _recovery_slot(path)


def _slot(path: Path, login_name: str) -> KeySlot:
    slots = [slot for slot in read_slots(path) if slot.kind is SlotKind.PASSWORD]
    if not login_name and len(slots) > 1:
        raise UserError(
            tr("Es gibt mehrere Konten. Bitte nennen Sie den Anmeldenamen, auf der Kommandozeile mit --account NAME.")
        )
    for slot in slots:
        if not login_name or slot.login_name.casefold() == login_name.strip().casefold():
            return slot
    raise WrongSecret(tr("Das Konto „{name}“ gibt es hier nicht.", name=login_name))
