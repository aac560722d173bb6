"""Reads a directory in HSDS and says per row what became of it."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import INTERRUPTED, Outcome
from desktop_app.cli.console import table
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.cli.shapes import import_data
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr, tr_count
from desktop_app.environment.output_files import check_writable, write_whole

if TYPE_CHECKING:
    from desktop_app.backup.records import Backup
    from desktop_app.bootstrap import Application
    from desktop_app.cli.console import ConsoleProgress
    from desktop_app.directory.records import ImportReport

_SHOWN_PROBLEMS = 12


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "path", type=Path, metavar=tr("PFAD"), help=tr("Ordner, ZIP- oder JSON-Datei mit dem Verzeichnis")
    )
    parser.add_argument("--dry-run", action="store_true", help=tr("nur sagen, was geschähe; nichts ändern"))
    parser.add_argument(
        "--report",
        type=Path,
        metavar=tr("DATEI"),
        help=tr("alle Befunde in eine Datei schreiben: .json, sonst CSV für die Tabellenkalkulation"),
    )
    parser.add_argument("--force", action="store_true", help=tr("eine vorhandene Berichtsdatei ersetzen"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Import or only look."""
    if arguments.report is not None:
        check_writable(arguments.report, overwrite=arguments.force)
    with session.application() as application, session.progress() as progress:
        made = None if arguments.dry_run else _back_up(session, application, progress)
        report = application.directory.import_directory(
            application.actor, arguments.path, dry_run=arguments.dry_run, progress=progress
        )
    lines = [_headline(report), "", *_count_lines(report), "", *_problem_lines(report)]
    if made is not None:
        lines += ["", tr("Vorher gesichert: „{name}“ in „{folder}“.", name=made.name, folder=made.folder.parent)]
    if arguments.report is not None:
        write_whole(arguments.report, _report_file(report, arguments.report), overwrite=arguments.force)
        lines.append(tr("Alle Befunde stehen in „{file}“.", file=arguments.report))
    return Outcome(lines, import_data(report), INTERRUPTED if report.cancelled else 0)


def _back_up(session: Session, application: Application, progress: ConsoleProgress) -> Backup | None:
    """Back up first. Nobody may sit here to be asked: without a backup the import goes on and says so."""
    from desktop_app.storage.database import DamagedDatabase

    try:
        return application.backups.make_before_import(progress)
    except DamagedDatabase:
        raise
    except EnvironmentProblem as problem:
        progress.clear()
        session.console.problem(tr("Hinweis: Es wird ohne Sicherung eingelesen. {sentence}", sentence=problem.message))
        return None


def _headline(report: ImportReport) -> str:
    if report.dry_run:
        return tr("Probelauf mit „{source}“: Es wurde nichts geändert.", source=report.source)
    if report.cancelled:
        return tr("Abgebrochen. Was aus „{source}“ schon fertig war, ist übernommen.", source=report.source)
    if report.changed_anything:
        return tr("Das Verzeichnis aus „{source}“ ist eingelesen.", source=report.source)
    return tr("In „{source}“ steht nichts Neues. Es wurde nichts geändert.", source=report.source)


def _count_lines(report: ImportReport) -> list[str]:
    headers = (tr("Art"), tr("neu"), tr("geändert"), tr("gleich"), tr("entfernt"), tr("abgelehnt"), tr("fehlt jetzt"))
    names = _object_names()
    rows = [
        (
            names.get(kind, kind),
            str(count.new),
            str(count.changed),
            str(count.unchanged),
            str(count.removed),
            str(count.rejected),
            str(count.missing),
        )
        for kind, count in report.counts.items()
        if count.total or count.removed or count.missing
    ]
    return table(headers, rows, right=frozenset(range(1, len(headers))))


def _problem_lines(report: ImportReport) -> list[str]:
    total = len(report.problems) + report.problems_left_out
    if not total:
        return [tr("Es gibt nichts zu beanstanden.")]
    lines = [tr_count("Ein Befund:", "{count} Befunde:", total)]
    for problem in report.problems[:_SHOWN_PROBLEMS]:
        place = tr("{file}, Zeile {row}", file=problem.file, row=problem.row) if problem.row else problem.file
        field = f", {problem.field}" if problem.field else ""
        sentences = " ".join(part for part in (problem.what, problem.why, problem.action) if part)
        lines.append(f"- {place}{field}: {sentences}")
    if total > _SHOWN_PROBLEMS:
        more = total - _SHOWN_PROBLEMS
        lines.append(
            tr_count("- und ein weiterer (mit --report alle)", "- und {count} weitere (mit --report alle)", more)
        )
    return lines


def _object_names() -> dict[str, str]:
    return {
        "organization": tr("Organisationen"),
        "service": tr("Angebote"),
        "location": tr("Orte"),
        "service_at_location": tr("Angebote an Orten"),
        "phone": tr("Telefonnummern"),
        "address": tr("Adressen"),
        "schedule": tr("Öffnungszeiten"),
        "contact": tr("Ansprechstellen"),
        "taxonomy": tr("Begriffslisten"),
        "taxonomy_term": tr("Begriffe"),
        "attribute": tr("Merkmale"),
        "language": tr("Sprachen"),
        "accessibility": tr("Angaben zur Barrierefreiheit"),
        "cost_option": tr("Kosten"),
        "required_document": tr("nötige Unterlagen"),
        "service_area": tr("Einzugsgebiete"),
    }


def _report_file(report: ImportReport, path: Path) -> bytes:
    if path.suffix.lower() == ".json":
        return json.dumps(import_data(report), ensure_ascii=False, indent=2).encode("utf-8")
    from desktop_app.directory.import_report import report_csv

    return report_csv(report)
