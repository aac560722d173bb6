"""Who does something: every command is done by an actor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The account on whose behalf a command runs."""

    account_id: str
    display_name: str
    initials: str
