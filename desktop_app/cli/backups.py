"""What the commands on backups have in common: finding one by its name, and its shape as data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.clock import office_zone, to_text
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from datetime import datetime

    from desktop_app.backup.records import Backup, RestorePreview
    from desktop_app.environment.folders import DataFolder


def chosen_backup(name: str, known: Sequence[Backup], now: datetime, folder: DataFolder) -> Backup:
    """Return a backup by the name or path of its folder; without a name the newest by the clock of `now`.

    Raises:
        UserError: there is none.
        EnvironmentProblem: the chosen folder, where it may be, is not there.
    """
    from desktop_app.backup.choosing import by_trust
    from desktop_app.backup.manifest import read_backup

    for backup in by_trust(known, now):
        if not name or name in {backup.name, str(backup.folder)}:
            return backup
    found = read_backup(Path(name).expanduser().absolute()) if name else None
    if found is not None:
        return found
    away = folder_away(folder)
    if away:
        raise EnvironmentProblem(away)
    if not name:
        raise UserError(tr("Es gibt noch keine Sicherung."))
    raise UserError(
        tr("Die Sicherung „{name}“ gibt es nicht. Welche da sind, zeigt: quartierslotse backup --list", name=name)
    )


def folder_away(folder: DataFolder) -> str:
    """Return the sentence for a chosen backup folder that is not there; empty when it is."""
    from desktop_app.backup.state import BackupStateFile

    state = BackupStateFile(folder)
    if state.is_reachable():
        return ""
    return tr("Der Ordner der Sicherungen „{folder}“ ist nicht da. Bitte stecken Sie den Datenträger ein; erst dann ist zu sehen, "
              "welche Sicherungen dort liegen.", folder=state.target())  # fmt: skip


def backup_data(backup: Backup) -> dict[str, object]:
    """Return the shape of a backup."""
    return {
        "name": backup.name,
        "folder": str(backup.folder),
        "made_at": to_text(backup.made_at),
        "reason": backup.manifest.reason.value,
        "size": backup.manifest.size,
    }


def moment_text(moment: datetime | None) -> str:
    """Return a moment for people, in the office's time."""
    if moment is None:
        return tr("unbekannt")
    return moment.astimezone(office_zone()).strftime("%d.%m.%Y %H:%M")


def preview_lines(preview: RestorePreview) -> list[str]:
    """Say what a restore would change."""
    from desktop_app.cli.console import table

    headers = (tr("Was"), tr("jetzt"), tr("danach"))
    now = [str(line.now) if preview.present_is_readable else "?" for line in preview.lines]
    rows = [(line.label, count, str(line.then)) for line, count in zip(preview.lines, now, strict=True)]
    newest_now = moment_text(preview.newest_now) if preview.present_is_readable else "?"
    rows.append((tr("Neuester Kontakt"), newest_now, moment_text(preview.newest_then)))
    return table(headers, rows, right=frozenset({1, 2}))
