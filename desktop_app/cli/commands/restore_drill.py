"""Restores a backup for practice into a scratch folder and writes the protocol."""

from __future__ import annotations

from argparse import Namespace

from desktop_app.cli.backups import backup_data, chosen_backup
from desktop_app.cli.command import DONE, USER_CAN_FIX, Outcome
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.core.translation import tr


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help=tr("welche Sicherung; sonst die neueste"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Try."""
    with session.application() as application, session.progress() as progress:
        service = application.backups
        backup = chosen_backup(arguments.name, service.backups(), application.clock.now(), session.folder)
        report = service.drill(application.actor, backup, progress)
    lines = []
    for step in report.steps:
        verdict = tr("in Ordnung") if step.is_good else tr("fehlgeschlagen")
        lines.append(f"{step.name}: {verdict}. {step.remark}")
    lines.append(
        tr("Die Sicherung „{name}“ lässt sich zurückspielen.", name=backup.name)
        if report.is_good
        else tr("Die Sicherung „{name}“ lässt sich nicht zurückspielen.", name=backup.name)
    )
    lines.append(tr("Das Protokoll steht in „{file}“.", file=report.protocol))
    result = {
        "backup": backup_data(backup),
        "ok": report.is_good,
        "steps": [{"name": step.name, "ok": step.is_good, "remark": step.remark} for step in report.steps],
        "protocol": str(report.protocol),
    }
    return Outcome(lines, result, DONE if report.is_good else USER_CAN_FIX)
