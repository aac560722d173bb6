"""Which accounts come back, go, or have another role after a restore: rights that were taken would return without a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.access.wording import role_label
from desktop_app.core.permissions import Role
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.backup.contents import Read


@dataclass(frozen=True, slots=True)
class AccountChange:
    """One account; None: there is none, or it was removed."""

    login_name: str
    now: Role | None
    then: Role | None


def account_changes(read_now: Read, read_then: Read) -> tuple[AccountChange, ...]:
    """Compare the accounts of today with those of a backup, by id."""
    now, then = _accounts(read_now), _accounts(read_then)
    changes = []
    for account_id in now.keys() | then.keys():
        name_now, role_now = now.get(account_id, ("", None))
        name_then, role_then = then.get(account_id, ("", None))
        if role_now is not role_then:
            changes.append(AccountChange(name_now or name_then, role_now, role_then))
    return tuple(sorted(changes, key=lambda change: change.login_name))


def account_sentences(changes: tuple[AccountChange, ...]) -> tuple[str, ...]:
    """Say what restoring means for who may do what."""
    return tuple(_sentence(change) for change in changes)


def _sentence(change: AccountChange) -> str:
    if change.then is None:
        return tr("„{name}“ hat danach kein Konto mehr.", name=change.login_name)
    if change.now is None:
        return tr(
            "„{name}“ hat danach wieder ein Konto (Rolle {role}).", name=change.login_name, role=role_label(change.then)
        )
    return tr(
        "„{name}“ hat danach wieder die Rolle {then} (jetzt {now}).",
        name=change.login_name,
        then=role_label(change.then),
        now=role_label(change.now),
    )


def _accounts(read: Read) -> dict[str, tuple[str, Role | None]]:
    columns = {row[1] for row in read("PRAGMA table_info(account)")}
    if "role" not in columns:
        return {}  # of a program that knew no roles yet: there is nothing to compare
    rows = read("SELECT id, login_name, role, disabled_at FROM account")
    return {row[0]: (row[1], Role(row[2]) if row[3] is None else None) for row in rows}
