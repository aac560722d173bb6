"""Writes an info sheet, or a Merkzettel of several services, as PDF."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from desktop_app.cli.command import Outcome
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.core.translation import tr, tr_count
from desktop_app.environment.output_files import check_writable, write_whole

_SIZES = (12, 14, 18)
_PAPERS = ("A4", "A5")


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "service_id", nargs="+", metavar=tr("NUMMER"), help=tr("Nummern der Angebote, wie „search“ sie zeigt")
    )
    parser.add_argument("--size", type=int, choices=_SIZES, default=14, help=tr("Schriftgröße in Punkt (sonst 14)"))
    parser.add_argument("--paper", type=str.upper, choices=_PAPERS, default="A4", help=tr("Papier (sonst A4)"))
    parser.add_argument(
        "--note-file",
        type=Path,
        metavar=tr("DATEI"),
        help=tr(
            "Datei mit einer persönlichen Notiz („-“ liest die Eingabe); sie wird gedruckt und nirgends gespeichert"
        ),
    )
    parser.add_argument("--out", type=Path, required=True, metavar=tr("DATEI"), help=tr("die PDF-Datei, die entsteht"))
    parser.add_argument("--force", action="store_true", help=tr("eine vorhandene Datei ersetzen"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Write."""
    from desktop_app.documents.render import page_count
    from desktop_app.handouts.from_directory import sheet_entry
    from desktop_app.handouts.from_office import sender_of
    from desktop_app.handouts.records import SheetOptions

    check_writable(arguments.out, overwrite=arguments.force)
    note = session.text_of(arguments.note_file) if arguments.note_file is not None else ""
    with session.application() as application:
        services = [application.directory_queries.service(one) for one in dict.fromkeys(arguments.service_id)]
        pdf = application.handouts.info_sheet(
            [sheet_entry(service) for service in services],
            SheetOptions(paper=arguments.paper, font_points=arguments.size),
            sender_of(application.settings.office()),
            today=application.clock.today(),
            personal_note=note,
        )
    write_whole(arguments.out, pdf, overwrite=arguments.force)
    pages = page_count(pdf)
    lines = [tr_count("„{file}“ ist geschrieben: eine Seite.", "„{file}“ ist geschrieben: {count} Seiten.", pages,
                      file=arguments.out)]  # fmt: skip
    result = {"file": str(arguments.out), "pages": pages, "services": [service.service_id for service in services]}
    return Outcome(lines, result)
