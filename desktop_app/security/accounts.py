"""Accounts in the database: who works here, as what, and who did."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.actor import Actor
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.permissions import Role
from desktop_app.core.translation import tr
from desktop_app.security.login_names import checked_display_name, checked_login_name, is_visible
from desktop_app.security.tables import AccountTable
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork

_LONGEST_INITIALS = 4


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account as it is entered."""

    login_name: str
    display_name: str
    initials: str


def suggested_initials(display_name: str) -> str:
    """Return initials for a name: „Erika Muster“ gives EM."""
    return "".join(word[0] for word in display_name.split() if word[0].isalpha()).upper()[:_LONGEST_INITIALS]


def checked_account(account: NewAccount) -> NewAccount:
    """Return the account with blanks trimmed and initials filled in.

    Raises:
        InputError: a name is missing, too long, or not what it looks like.
    """
    login_name = checked_login_name(account.login_name)
    display_name = checked_display_name(account.display_name) or login_name
    initials = account.initials.strip()[:_LONGEST_INITIALS]
    if not is_visible(initials):
        raise InputError("initials", tr("Das Kürzel enthält unsichtbare Zeichen. Bitte tippen Sie es neu."))
    return NewAccount(login_name, display_name, initials or suggested_initials(display_name) or "?")


def create_account(
    store: Store, account_id: str, account: NewAccount, role: Role = Role.COORDINATION, *, by: Actor | None = None
) -> Actor:
    """Write a new account and return it as an actor; the first one of an office is made by itself."""
    actor = Actor(account_id, account.display_name, account.initials, role)
    with store.unit_of_work(by or actor, "create_account", ("account", account_id)) as unit:
        insert_account(unit, account_id, account, role)
    return actor


def insert_account(unit: UnitOfWork, account_id: str, account: NewAccount, role: Role) -> None:
    """Write a new account inside a unit of work."""
    unit.insert(
        AccountTable,
        {
            "id": account_id,
            "login_name": account.login_name,
            "display_name": account.display_name,
            "initials": account.initials,
            "created_at": unit.moment,
            "role": role.value,
            "disabled_at": None,
        },
    )


def account_actor(store: Store, account_id: str) -> Actor:
    """Return the actor of an account.

    Raises:
        UserError: the account does not exist in this database, or was removed.
    """
    row = store.first(AccountTable.select().where(AccountTable.id == account_id))
    if row is None or row["disabled_at"]:
        raise UserError(tr("Dieses Konto gibt es in der Datenbank nicht (mehr)."))
    return Actor(row["id"], row["display_name"], row["initials"], Role(row["role"]))
