"""Accounts as the screen and the command line see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop_app.core.permissions import Role
from desktop_app.security.key_slots import KeySlot


class AccountState(StrEnum):
    """Whether somebody can sign in."""

    ACTIVE = "active"
    WAITING = "waiting"  # for the one-time code to be used
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A person's account. `code_until` is the end of an unused one-time code."""

    account_id: str
    login_name: str
    display_name: str
    initials: str
    role: Role
    state: AccountState
    code_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A one-time code: shown once, kept nowhere."""

    account_id: str
    login_name: str
    code: str
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class RemovedAccount:
    """What `restore_account` needs to take a removal back; it opens nothing without the person's password."""

    account_id: str
    slots: tuple[KeySlot, ...]


@dataclass(frozen=True, slots=True)
class AccountsChanged:
    """Notice: an account was added, changed or removed."""

    account_id: str
