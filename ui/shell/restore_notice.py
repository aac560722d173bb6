"""The notice with which a page asks the program to put a backup in the database's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.backup.records import Backup, Brought


@dataclass(frozen=True, slots=True)
class RestoreReady:
    """A backup lies beside the database and waits to take its place; the window has to close for it."""

    backup: Backup
    brought: Brought
