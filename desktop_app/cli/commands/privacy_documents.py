"""Writes the documents for the data protection officer."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from desktop_app.cli.command import Outcome
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.core.translation import tr, tr_count


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar=tr("ORDNER"), help=tr("der Ordner, in dem die Dateien entstehen")
    )
    parser.add_argument("--force", action="store_true", help=tr("vorhandene Dateien ersetzen"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Write."""
    with session.application() as application, session.progress() as progress:
        files = application.privacy.write(arguments.out, progress, overwrite=arguments.force)
        profile = application.settings.office().legal_profile
    lines = [
        tr_count(
            "Eine Datei liegt in „{folder}“.", "{count} Dateien liegen in „{folder}“.", len(files), folder=arguments.out
        ),
        tr("Rechtsprofil: {profile}", profile=profile.label),
        tr("Es sind Vorlagen: Bitte ergänzen Sie die freien Stellen und lassen Sie sie prüfen."),
    ]
    return Outcome(lines, {"files": [str(file) for file in files], "legal_profile": profile.value})
