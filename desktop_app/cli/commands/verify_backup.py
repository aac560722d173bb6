"""Opens backups and counts their rows against what was written."""

from __future__ import annotations

from argparse import Namespace

from desktop_app.cli.backups import backup_data, chosen_backup, moment_text
from desktop_app.cli.command import DONE, USER_CAN_FIX, Outcome
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.core.translation import tr


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help=tr("welche Sicherung; sonst die neueste"))
    parser.add_argument("--all", action="store_true", help=tr("alle Sicherungen prüfen"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Check."""
    with session.application() as application, session.progress() as progress:
        service = application.backups
        known, now = service.backups(), application.clock.now()
        every = arguments.all and known
        chosen = list(known) if every else [chosen_backup(arguments.name, known, now, session.folder)]
        found = [service.verify(backup, progress) for backup in chosen]
    lines = []
    for one in found:
        verdict = one.problem
        if one.contents is not None:
            contacts = one.contents.rows.get("contact", 0)
            verdict = tr("in Ordnung: geöffnet und gezählt, Kontakte: {count}", count=contacts)
        lines.append(f"{one.backup.name} ({moment_text(one.backup.made_at)}): {verdict}")
    result = {
        "checked": [
            {
                **backup_data(one.backup),
                "ok": one.is_good,
                "problem": one.problem,
                "rows": dict(one.contents.rows) if one.contents else {},
            }
            for one in found
        ]
    }
    return Outcome(lines, result, DONE if all(one.is_good for one in found) else USER_CAN_FIX)
