"""Every place of this computer's backups, and what lies beside the data: thinned by one rule, named where that can't be.

A former folder is remembered with its mark: an empty place where a stick was is not mistaken for it. What a restore, a
rescue or a change of the schema set aside is a database with everybody in it; it is gone after as long as a backup.
"""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from desktop_app.backup.manifest import backups_in
from desktop_app.backup.placing import SIDE_FILES, side_file
from desktop_app.backup.records import Backup, FormerPlace, SetAside
from desktop_app.backup.rules import LONGEST_DAYS, kept, office_day
from desktop_app.backup.state import BackupStateFile, FormerFolder, read_mark
from desktop_app.core.clock import office_zone
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.private_files import make_private
from desktop_app.retention.records import CopiesLeft

_STAMPED = re.compile(r"-(\d{8}-\d{6})(?:-\d+)?\.(?:db|json)$")
_logger = logging.getLogger("quartierslotse.backup")


class BackupPlaces:
    """Where backups of this installation lie or lay. Nothing here needs the key but the question whose a backup is."""

    def __init__(self, folder: DataFolder, state: BackupStateFile) -> None:
        """Look at the places that `state` knows, and beside the data in `folder`."""
        self._folder, self._state = folder, state

    def thin(self, target: Path, today: date, is_ours: Callable[[Backup], bool]) -> None:
        """Remove in every reachable place what the rule does not keep; a backup was just made in `target`."""
        current = {target, self._state.target()}
        former = [Path(former.folder) for former in self._state.read().former if _is_there(former)]
        places = {target, self._folder.backups, *former}
        if self._state.is_reachable():
            places.add(self._state.target())
        for place in places:
            _thin_place(place, today, is_ours, keep_newest=place in current)
        for place in former:
            if not any(map(is_ours, backups_in(place))):
                self._state.forget(str(place))
        for aside in self.set_aside():
            if aside.gone_by <= today:
                with suppress(OSError):  # the next one tries again
                    remove_set_aside(aside)
                    _logger.info("removed what was set aside on %s", office_day(aside.at))

    def former(self, is_ours: Callable[[Backup], bool]) -> tuple[FormerPlace, ...]:
        """Return the places besides the chosen one where backups of ours lie, or may lie."""
        state = self._state.read()
        places = [
            FormerPlace(Path(former.folder), *_seen(Path(former.folder), is_ours), is_reachable=True)
            if _is_there(former)
            else FormerPlace(Path(former.folder), 0, None, is_reachable=False)
            for former in state.former
        ]
        if state.folder:
            places.append(FormerPlace(self._folder.backups, *_seen(self._folder.backups, is_ours), is_reachable=True))
        return tuple(place for place in places if place.count or not place.is_reachable)

    def set_aside(self) -> tuple[SetAside, ...]:
        """Return the databases that were set aside, oldest first."""
        found = (_set_aside(path) for path in self._candidates())
        return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.at, one.file.name)))

    def copies_left(self) -> CopiesLeft:
        """Return what a receipt has to say of them."""
        aside = [one for one in self.set_aside() if one.is_database]
        return CopiesLeft(
            set_aside=len(aside),
            set_aside_gone_by=max((one.gone_by for one in aside), default=None),
            not_reachable=tuple(former.folder for former in self._state.read().former if not _is_there(former)),
        )

    def _candidates(self) -> Iterator[Path]:
        root, backups = self._folder.root, self._folder.backups
        yield from _matching(root, f"{self._folder.database.stem}.*-*.db")
        yield from _matching(root, f"{self._folder.key_slots.stem}.*-*.json")
        yield from _matching(backups, "vor-umstellung-*.db")


def remove_set_aside(aside: SetAside) -> None:
    """Delete a file that was set aside, with its journal.

    Raises:
        OSError: the folder refuses.
    """
    for suffix in (*SIDE_FILES, ""):
        side_file(aside.file, suffix).unlink(missing_ok=True)


def _thin_place(place: Path, today: date, is_ours: Callable[[Backup], bool], *, keep_newest: bool) -> None:
    """Remove what the rule does not keep; only backups that our key opens are ever removed."""
    ours = [backup for backup in backups_in(place) if is_ours(backup)]
    stay = kept([backup.made_at for backup in ours], today, keep_newest=keep_newest)
    for backup in ours:
        make_private(backup.folder)  # a stick whose files know no rights stays as it is
        if backup.made_at not in stay:
            shutil.rmtree(backup.folder, ignore_errors=True)
            _logger.info("removed the backup of %s", office_day(backup.made_at))


def _is_there(former: FormerFolder) -> bool:
    return read_mark(Path(former.folder)) == former.mark


def _seen(place: Path, is_ours: Callable[[Backup], bool]) -> tuple[int, date | None]:
    ours = [backup for backup in backups_in(place) if is_ours(backup)]
    return len(ours), max((gone_by(backup.made_at) for backup in ours), default=None)


def gone_by(moment: datetime) -> date:
    """Return the day on which what was made at a moment is gone at the latest."""
    return office_day(moment) + timedelta(days=LONGEST_DAYS)


def _matching(folder: Path, pattern: str) -> list[Path]:
    try:
        return [path for path in folder.glob(pattern) if path.is_file()]
    except OSError:
        return []


def _set_aside(path: Path) -> SetAside | None:
    """What a name says; the time of the file is that of its last entry and says nothing."""
    stamp = _STAMPED.search(path.name)
    if stamp is None:
        return None
    try:
        at = datetime.strptime(stamp[1], "%Y%m%d-%H%M%S").replace(tzinfo=office_zone())
        size = path.stat().st_size
    except (OSError, ValueError):
        return None
    return SetAside(path, at, size, gone_by(at))
