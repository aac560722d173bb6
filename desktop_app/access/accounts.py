"""Managing accounts: add, change role, reset, remove, and changing the own password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from desktop_app.access.guard import NotAllowed
from desktop_app.access.records import AccountRecord, AccountsChanged, AccountState, IssuedCode, RemovedAccount
from desktop_app.access.wording import role_label
from desktop_app.core.actor import Actor
from desktop_app.core.clock import from_text
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.permissions import Role, may_manage
from desktop_app.core.translation import tr
from desktop_app.security.accounts import NewAccount, checked_account, insert_account
from desktop_app.security.key_ring import ACCOUNT_KINDS, KeyRing
from desktop_app.security.key_slots import KeySlot, SlotKind, WrongSecret, same_secret
from desktop_app.security.login_names import is_taken
from desktop_app.security.passwords import check_new_password
from desktop_app.security.tables import AccountTable
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork


class AccountService:
    """The accounts of an office: their rows in the database and their slots beside it, changed together.

    A new slot needs the data key, and that is had only by opening a slot: commands that make one ask for the password of
    whoever gives them.
    """

    def __init__(self, store: Store, keys: KeyRing) -> None:
        """Work on the rows in `store` and the slots in `keys`."""
        self._store = store
        self._keys = keys

    def accounts(self, *, with_removed: bool = False) -> tuple[AccountRecord, ...]:
        """Return the accounts by name."""
        slots = {slot.account_id: slot for slot in self._keys.slots() if slot.kind in ACCOUNT_KINDS}
        records = [
            _record(row, slots.get(row["id"]))
            for row in self._store.rows(AccountTable.select().order_by(AccountTable.id))
        ]
        shown = [record for record in records if with_removed or record.state is not AccountState.REMOVED]
        return tuple(sorted(shown, key=lambda record: (record.display_name.casefold(), record.account_id)))

    def add_account(self, actor: Actor, account: NewAccount, role: Role, own_password: str) -> IssuedCode:
        """Add an account; its owner sets the password with the one-time code, so nobody else ever knows it.

        Raises:
            InputError: a name is missing, not what it looks like, or taken by one that looks like it.
            WrongSecret: `own_password` is not the actor's.
            NotAllowed: the actor may not give this role.
        """
        account = checked_account(account)
        self._check_may_manage(actor, role)
        if is_taken(account.login_name, [str(row["login_name"]) for row in self._store.rows(AccountTable.select())]):
            raise InputError(
                "login_name",
                tr("Den Anmeldenamen „{name}“ gibt es schon oder gab es einmal. Bitte wählen Sie einen anderen.",
                   name=account.login_name),
            )  # fmt: skip
        data_key = self._data_key(actor, own_password)
        account_id = self._store.ids.new_id()
        slot, code = self._keys.sealed_code(data_key, account_id, account.login_name)
        with self._unit(actor, "add_account", account_id) as unit:
            insert_account(unit, account_id, account, role)
            self._keys.replace(self._keys.with_account(slot))
        return _issued(slot, code)

    def issue_code(self, actor: Actor, account_id: str, own_password: str) -> IssuedCode:
        """Give an account a one-time code for a new password; its former password opens nothing from now on.

        Raises:
            UserError: it is the actor's own account, or there is no such account.
            WrongSecret: `own_password` is not the actor's.
            NotAllowed: the actor may not manage accounts of this role.
        """
        record = self._managed(actor, account_id)
        data_key = self._data_key(actor, own_password)
        slot, code = self._keys.sealed_code(data_key, account_id, record.login_name)
        with self._unit(actor, "reset_account", account_id):
            self._keys.replace(self._keys.with_account(slot))
        return _issued(slot, code)

    def change_role(self, actor: Actor, account_id: str, role: Role) -> None:
        """Give an account another role; it counts from its next sign-in.

        Raises:
            UserError: it is the actor's own account, or the last one with all rights.
            NotAllowed: the actor may not manage accounts of the former or the new role.
        """
        record = self._managed(actor, account_id)
        self._check_may_manage(actor, role)
        if role is not Role.COORDINATION:
            self._check_not_last(record)
        with self._unit(actor, "change_role", account_id) as unit:
            unit.update(AccountTable, account_id, {"role": role.value})

    def remove_account(self, actor: Actor, account_id: str) -> RemovedAccount:
        """Take an account's way to the data away; what it recorded stays and keeps its initials.

        Raises:
            UserError: it is the actor's own account, or the last one with all rights.
            NotAllowed: the actor may not manage accounts of this role.
        """
        record = self._managed(actor, account_id)
        self._check_not_last(record)
        kept = self._keys.without_account(account_id)
        removed = tuple(slot for slot in self._keys.slots() if slot not in kept)
        with self._unit(actor, "remove_account", account_id) as unit:
            unit.update(AccountTable, account_id, {"disabled_at": unit.moment})
            self._keys.replace(kept)
        return RemovedAccount(account_id, removed)

    def restore_account(self, actor: Actor, removed: RemovedAccount) -> None:
        """Take a removal back: the account opens with the password it had.

        Raises:
            UserError: the account was not removed.
            NotAllowed: the actor may not manage accounts of this role.
        """
        row = self._row(removed.account_id)
        self._check_may_manage(actor, Role(row["role"]))
        if not row["disabled_at"]:
            raise UserError(tr("Dieses Konto ist nicht entfernt."))
        with self._unit(actor, "restore_account", removed.account_id) as unit:
            unit.update(AccountTable, removed.account_id, {"disabled_at": None})
            self._keys.replace((*self._keys.without_account(removed.account_id), *removed.slots))

    def change_own_password(self, actor: Actor, old: str, new: str) -> None:
        """Change the actor's password; the old one opens nothing any more.

        Raises:
            InputError: the new password is too easy to guess, or the old one.
            WrongSecret: `old` is not the actor's password.
        """
        slot = self._keys.of_account(actor.account_id)
        check_new_password(new, slot.login_name)
        data_key = self._keys.open_password(slot, old)
        if same_secret(old, new):
            raise InputError("password", tr("Das ist dasselbe wie bisher. Bitte wählen Sie ein anderes Passwort."))
        renewed = self._keys.sealed(data_key, new, actor.account_id, slot.login_name)
        with self._unit(actor, "change_password", actor.account_id):
            self._keys.replace(self._keys.with_account(renewed))

    def _data_key(self, actor: Actor, own_password: str) -> bytes:
        try:
            return self._keys.open_password(self._keys.of_account(actor.account_id), own_password)
        except WrongSecret as error:
            raise InputError(
                "own_password", tr("Ihr eigenes Passwort stimmt nicht. Es wurde nichts geändert.")
            ) from error

    def _managed(self, actor: Actor, account_id: str) -> AccountRecord:
        row = self._row(account_id)
        if account_id == actor.account_id:
            raise UserError(
                tr("Das ist Ihr eigenes Konto. Rolle, Einmal-Code und Entfernen macht jemand anderes mit diesem Recht.")
            )
        if row["disabled_at"]:
            raise UserError(tr("Dieses Konto ist schon entfernt."))
        record = _record(row, None)
        self._check_may_manage(actor, record.role)
        return record

    def _row(self, account_id: str) -> dict[str, Any]:
        row = self._store.first(AccountTable.select().where(AccountTable.id == account_id))
        if row is None:
            raise UserError(tr("Dieses Konto gibt es in der Datenbank nicht (mehr)."))
        return row

    def _check_not_last(self, record: AccountRecord) -> None:
        if record.role is not Role.COORDINATION:
            return
        others = [
            other
            for other in self.accounts()
            if other.role is Role.COORDINATION
            and other.state is AccountState.ACTIVE
            and other.account_id != record.account_id
        ]
        if not others:
            raise UserError(
                tr("Das ist das letzte Konto der Koordination. Bitte geben Sie zuerst jemand anderem diese Rolle.")
            )

    @staticmethod
    def _check_may_manage(actor: Actor, role: Role) -> None:
        if not may_manage(actor.role, role):
            raise NotAllowed(tr("Konten der Rolle „{role}“ verwaltet nur die Koordination.", role=role_label(role)))

    @contextmanager
    def _unit(self, actor: Actor, action: str, account_id: str) -> Iterator[UnitOfWork]:
        """Change rows and slots together: when the rows can't be stored, the slots are put back."""
        before = self._keys.slots()
        try:
            with self._store.unit_of_work(actor, action, ("account", account_id)) as unit:
                unit.notify(AccountsChanged(account_id))
                yield unit
        except BaseException:
            if self._keys.slots() != before:
                self._keys.replace(before)
            raise


def _record(row: dict[str, Any], slot: KeySlot | None) -> AccountRecord:
    state, until = AccountState.ACTIVE, None
    if row["disabled_at"]:
        state = AccountState.REMOVED
    elif slot is None or slot.kind is SlotKind.ONE_TIME:
        state = AccountState.WAITING
        until = from_text(slot.expires_at) if slot else None
    return AccountRecord(
        account_id=str(row["id"]),
        login_name=str(row["login_name"]),
        display_name=str(row["display_name"]),
        initials=str(row["initials"]),
        role=Role(row["role"]),
        state=state,
        code_until=until,
    )


def _issued(slot: KeySlot, code: str) -> IssuedCode:
    return IssuedCode(slot.account_id, slot.login_name, code, from_text(slot.expires_at))
