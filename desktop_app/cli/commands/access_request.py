"""Answers an access request (Art. 15 DSGVO): everything about one person, as PDF and as JSON."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Final

from desktop_app.cli.command import Outcome
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr, tr_count
from desktop_app.environment.output_files import check_writable, write_whole

_NOTHING_WRITTEN: Final = {"pdf": None, "json": None, "contacts": None}


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument("visitor_id", nargs="?", default="", metavar=tr("NUMMER"), help=tr("Nummer der Personenakte"))
    parser.add_argument(
        "--name-file",
        type=Path,
        metavar=tr("DATEI"),
        help=tr(
            "Datei mit dem Namen der Person („-“ liest die Eingabe), wenn die Nummer nicht bekannt ist; so steht kein Name "
            "in der Liste der Befehle"
        ),
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar=tr("DATEI"),
        help=tr("die PDF-Datei, die entsteht; die Daten kommen als JSON mit demselben Namen daneben"),
    )
    parser.add_argument("--force", action="store_true", help=tr("vorhandene Dateien ersetzen"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Write both files, or list the files that fit the name."""
    if bool(arguments.visitor_id) == (arguments.name_file is not None):
        raise UserError(tr("Bitte nennen Sie entweder die Nummer der Personenakte oder eine Datei mit dem Namen."))
    name = session.text_of(arguments.name_file).strip() if arguments.name_file is not None else ""
    with session.application() as application:
        visitor_id = arguments.visitor_id
        if name:
            hits = application.visitor_queries.search(name)
            if len(hits) != 1 or arguments.out is None:
                lines = [f"{hit.visitor_id}  {hit.name or hit.former_name}  {hit.birth_text}".rstrip() for hit in hits]
                result = [{"visitor_id": hit.visitor_id, "name": hit.name, "birth": hit.birth_text} for hit in hits]
                return Outcome(lines or [tr("Keine Person gefunden.")], {"found": result, **_NOTHING_WRITTEN})
            visitor_id = hits[0].visitor_id
        if not visitor_id:
            raise UserError(tr("In der Datei mit dem Namen steht nichts."))
        if arguments.out is None:
            raise UserError(tr("Bitte nennen Sie mit --out die PDF-Datei, die entstehen soll."))
        targets = (arguments.out, arguments.out.with_suffix(".json"))
        if targets[0] == targets[1]:
            raise UserError(tr("Bitte nennen Sie mit --out die PDF-Datei, nicht die JSON-Datei."))
        for target in targets:
            check_writable(target, overwrite=arguments.force)
        office, today = application.settings.office(), application.clock.today()
        report = application.visitors.access_report(application.actor, visitor_id)
        contents = (
            application.visitor_forms.access_answer(office, report, day=today),
            application.visitor_forms.access_data(office, report, day=today),
        )
        for target, content in zip(targets, contents, strict=True):
            write_whole(target, content, overwrite=arguments.force)
    count = len(report.contacts)
    lines = [
        tr_count(
            "Die Auskunft mit einem Kontakt steht in „{pdf}“ und „{data}“.",
            "Die Auskunft mit {count} Kontakten steht in „{pdf}“ und „{data}“.",
            count,
            pdf=targets[0],
            data=targets[1],
        ),
        tr("Beide Dateien sind nicht verschlüsselt. Bitte löschen Sie sie, sobald die Person sie hat."),
    ]
    return Outcome(lines, {"found": [], "pdf": str(targets[0]), "json": str(targets[1]), "contacts": count})
