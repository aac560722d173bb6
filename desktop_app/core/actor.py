"""Who does something: every command is done by an actor."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.permissions import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The account on whose behalf a command runs."""

    account_id: str
    display_name: str
    initials: str
    role: Role = Role.COORDINATION
