"""The key file in use: finding an account's slot, opening it with the wait after wrong secrets, sealing new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from desktop_app.core.clock import Clock, from_text, to_text
from desktop_app.core.errors import UserError
from desktop_app.core.ids import IdFactory
from desktop_app.core.translation import tr
from desktop_app.security.key_slots import (
    DerivationCost,
    KeySlot,
    SlotKind,
    WrongSecret,
    open_slot,
    read_slots,
    seal_slot,
    write_slots,
)
from desktop_app.security.one_time_code import VALID_FOR, new_one_time_code, parse_one_time_code
from desktop_app.security.recovery_key import new_recovery_key, parse_recovery_key
from desktop_app.security.throttle import Attempts

ACCOUNT_KINDS = frozenset({SlotKind.PASSWORD, SlotKind.ONE_TIME})
_RECOVERY = "recovery"


class KeyRing:
    """The slots beside the database. The data key is handed out only for a password, a code or the printed key."""

    def __init__(
        self, path: Path, attempts: Attempts, clock: Clock, ids: IdFactory, cost: Callable[[], DerivationCost]
    ) -> None:
        """Use the key file at `path`; `cost` is asked once for every new slot."""
        self._path = path
        self._attempts = attempts
        self._clock = clock
        self._ids = ids
        self._cost = cost

    def slots(self) -> tuple[KeySlot, ...]:
        """Return all slots.

        Raises:
            EnvironmentProblem: the key file is missing or damaged.
        """
        return read_slots(self._path)

    def replace(self, slots: Iterable[KeySlot]) -> None:
        """Write the key file anew.

        Raises:
            EnvironmentProblem: the folder can't be written; the old file still stands.
        """
        write_slots(self._path, tuple(slots))

    def with_account(self, renewed: KeySlot) -> tuple[KeySlot, ...]:
        """Return all slots with this one in the place of its account's former one, or at the end."""
        slots = self.slots()
        if not any(_same_account(slot, renewed) for slot in slots):
            return (*slots, renewed)
        return tuple(renewed if _same_account(slot, renewed) else slot for slot in slots)

    def without_account(self, account_id: str) -> tuple[KeySlot, ...]:
        """Return the slots of everybody else, and the recovery key's."""
        return tuple(
            slot for slot in self.slots() if not (slot.kind in ACCOUNT_KINDS and slot.account_id == account_id)
        )

    def named(self, login_name: str) -> KeySlot:
        """Return the slot of the account with this login name; empty means the only account.

        Raises:
            WrongSecret: there is no such account.
            UserError: the name is needed.
        """
        slots = [slot for slot in self.slots() if slot.kind in ACCOUNT_KINDS]
        if not login_name and len(slots) > 1:
            raise UserError(
                tr(
                    "Es gibt mehrere Konten. Bitte nennen Sie den Anmeldenamen, auf der Kommandozeile mit --account NAME."
                )
            )
        for slot in slots:
            if not login_name or slot.login_name.casefold() == login_name.strip().casefold():
                return slot
        raise WrongSecret(tr("Das Konto „{name}“ gibt es hier nicht.", name=login_name))

    def of_account(self, account_id: str) -> KeySlot:
        """Return the slot of an account.

        Raises:
            UserError: the account has none any more.
        """
        for slot in self.slots():
            if slot.kind in ACCOUNT_KINDS and slot.account_id == account_id:
                return slot
        raise UserError(tr("Dieses Konto gibt es nicht mehr. Bitte starten Sie das Programm neu."))

    def open_password(self, slot: KeySlot, password: str) -> bytes:
        """Return the data key for an account's password.

        Raises:
            WrongSecret: the password does not fit.
            TooManyAttempts: wrong too often.
            UserError: the account waits for a new password.
        """
        if slot.kind is SlotKind.ONE_TIME:
            raise UserError(
                tr(
                    "Für das Konto „{name}“ gibt es einen Einmal-Code. Bitte wählen Sie „Neues Passwort setzen“ und geben "
                    "Sie den Code dort ein.",
                    name=slot.login_name,
                )
            )
        return self._open(slot, password, slot.account_id)

    def open_code(self, slot: KeySlot, code: str) -> bytes:
        """Return the data key for an account's one-time code.

        Raises:
            InputError: a typing mistake.
            WrongSecret: it is another code, the account has none, or it has expired.
            TooManyAttempts: wrong too often.
        """
        secret = parse_one_time_code(code)
        if slot.kind is not SlotKind.ONE_TIME:
            raise WrongSecret(
                tr("Für dieses Konto gibt es keinen Einmal-Code (mehr). Bitte melden Sie sich mit Ihrem Passwort an.")
            )
        if self._clock.now() >= from_text(slot.expires_at):
            raise WrongSecret(
                tr("Dieser Einmal-Code ist abgelaufen. Bitte lassen Sie sich von der Koordination einen neuen geben.")
            )
        return self._open(slot, secret, slot.account_id)

    def open_recovery(self, recovery_key: str) -> bytes:
        """Return the data key for the printed recovery key.

        Raises:
            InputError: a typing mistake.
            WrongSecret: the key belongs to other data.
            TooManyAttempts: wrong too often.
        """
        secret = parse_recovery_key(recovery_key)
        for slot in self.slots():
            if slot.kind is SlotKind.RECOVERY:
                return self._open(slot, secret, _RECOVERY)
        raise WrongSecret(
            tr("Zu diesen Daten gibt es kein Wiederherstellungsblatt. Bitte fragen Sie die Koordination.")
        )

    def unreported(self, account_id: str, *, with_recovery: bool = False) -> int:
        """Return how many wrong secrets for this account (and the recovery key) are not in the audit log yet."""
        return sum(map(self._attempts.unreported, _names(account_id, with_recovery=with_recovery)))

    def reported(self, account_id: str, *, with_recovery: bool = False) -> None:
        """Note that they are in the audit log now."""
        for name in _names(account_id, with_recovery=with_recovery):
            self._attempts.reported(name)

    def sealed(self, data_key: bytes, password: str, account_id: str, login_name: str) -> KeySlot:
        """Return a slot for a password; it is not written yet."""
        return self._seal(data_key, password, SlotKind.PASSWORD, account_id, login_name)

    def sealed_code(self, data_key: bytes, account_id: str, login_name: str) -> tuple[KeySlot, str]:
        """Return a slot for a new one-time code and the code; it is not written yet."""
        code = new_one_time_code()
        expires_at = to_text(self._clock.now() + VALID_FOR)
        secret = parse_one_time_code(code)
        return self._seal(data_key, secret, SlotKind.ONE_TIME, account_id, login_name, expires_at), code

    def sealed_recovery(self, data_key: bytes) -> tuple[KeySlot, tuple[str, ...]]:
        """Return a slot for a new recovery key and the groups to print; it is not written yet."""
        groups = new_recovery_key()
        return self._seal(data_key, parse_recovery_key("".join(groups)), SlotKind.RECOVERY, "", ""), groups

    def _open(self, slot: KeySlot, secret: str, name: str) -> bytes:
        self._attempts.begin(name)
        data_key = open_slot(slot, secret)
        self._attempts.succeed(name)
        return data_key

    def _seal(
        self, data_key: bytes, secret: str, kind: SlotKind, account_id: str, login_name: str, expires_at: str = ""
    ) -> KeySlot:
        return seal_slot(
            data_key,
            secret,
            slot_id=self._ids.new_id(),
            kind=kind,
            account_id=account_id,
            login_name=login_name,
            cost=self._cost(),
            expires_at=expires_at,
        )


def _names(account_id: str, *, with_recovery: bool) -> tuple[str, ...]:
    return (account_id, _RECOVERY) if with_recovery else (account_id,)


def _same_account(slot: KeySlot, other: KeySlot) -> bool:
    return slot.kind in ACCOUNT_KINDS and slot.account_id == other.account_id
