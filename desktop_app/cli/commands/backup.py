"""Makes a backup, checks it, and says which there are."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.backups import backup_data, folder_away, moment_text
from desktop_app.cli.command import Outcome
from desktop_app.cli.console import table
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.core.clock import to_text
from desktop_app.core.translation import tr, tr_count

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.environment.folders import DataFolder

_MEBIBYTE = 1024 * 1024


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--to", type=Path, metavar=tr("ORDNER"), help=tr("ab jetzt in diesen Ordner oder auf diesen Stick sichern")
    )
    parser.add_argument("--due", action="store_true", help=tr("nur sichern, wenn es heute noch keine Sicherung gibt"))
    parser.add_argument("--list", action="store_true", help=tr("nicht sichern, nur zeigen, welche Sicherungen da sind"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Make one, or list."""
    with session.application() as application, session.progress() as progress:
        service = application.backups
        if arguments.to is not None:
            service.choose_folder(application.actor, arguments.to)
        made = None
        if arguments.due:
            made = service.make_due(progress)
        elif not arguments.list:
            made = service.make(progress=progress)
        return _outcome(application, session.folder, made)


def _outcome(application: Application, folder: DataFolder, made: object) -> Outcome:
    from desktop_app.backup.records import Backup

    status, backups = application.backups.status(), application.backups.backups()
    lines = []
    if isinstance(made, Backup):
        lines.append(tr("Gesichert und geprüft: „{name}“ in „{folder}“.", name=made.name, folder=status.folder))
    away = folder_away(folder)
    lines.append(away or tr_count("{count} Sicherung ist da:", "{count} Sicherungen sind da:", len(backups)))
    rows = [
        (backup.name, moment_text(backup.made_at), backup.manifest.reason.label,
         tr("{size} MB", size=backup.manifest.size // _MEBIBYTE + 1))
        for backup in backups
    ]  # fmt: skip
    lines += table((tr("Name"), tr("Von"), tr("Anlass"), tr("Größe")), rows, right=frozenset({3})) if rows else []
    if status.warning:
        lines.append(status.warning)
    result = {
        "made": backup_data(made) if isinstance(made, Backup) else None,
        "folder": str(status.folder),
        "chosen": status.chosen,
        "reachable": status.reachable,
        "last_good": to_text(status.last_good) if status.last_good else None,
        "warning": status.warning,
        "backups": [backup_data(backup) for backup in backups],
    }
    return Outcome(lines, result)
