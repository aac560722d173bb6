"""Which backup is meant when nobody names one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from desktop_app.backup.records import Backup
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.storage.database import DamagedDatabase

_CLOCKS_DIFFER = timedelta(hours=1)
Looked = TypeVar("Looked")


def by_trust(backups: Iterable[Backup], now: datetime) -> list[Backup]:
    """Return backups newest first; those of a moment that has not come, made by a wrong clock, stand last."""
    latest = now + _CLOCKS_DIFFER
    return sorted(backups, key=lambda backup: (backup.made_at <= latest, backup.made_at), reverse=True)


def first_good(
    backups: Iterable[Backup], look: Callable[[Backup], Looked]
) -> tuple[Backup | None, Looked | None, list[Backup]]:
    """Return the first backup that `look` finds good with what it says of it, and those before that are not.

    Raises:
        DamagedDatabase: `look` met a damaged place in the present database, which says nothing of a backup.
    """
    passed_over: list[Backup] = []
    for backup in backups:
        try:
            return backup, look(backup), passed_over
        except DamagedDatabase:
            raise
        except EnvironmentProblem:
            passed_over.append(backup)
    return None, None, passed_over
