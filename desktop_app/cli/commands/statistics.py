"""Shows or exports the numbers of a month."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import Outcome
from desktop_app.cli.console import table
from desktop_app.cli.parser import CommandParser, WrongUsage
from desktop_app.cli.session import Session
from desktop_app.cli.shapes import statistics_data
from desktop_app.cli.values import month
from desktop_app.core.translation import tr
from desktop_app.environment.output_files import check_writable

if TYPE_CHECKING:
    from desktop_app.statistics.records import MonthStatistics, StatisticsTable

FORMATS = ("csv", "xlsx", "pdf")


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--month", type=month, required=True, metavar=tr("MONAT"), help=tr("der Monat, zum Beispiel 2026-11")
    )
    parser.add_argument("--format", choices=FORMATS, help=tr("Art der Datei (sonst nach der Endung von --out)"))
    parser.add_argument(
        "--out", type=Path, metavar=tr("DATEI"), help=tr("die Datei, die entsteht; ohne sie erscheinen die Zahlen hier")
    )
    parser.add_argument("--force", action="store_true", help=tr("eine vorhandene Datei ersetzen"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Show or export."""
    kind = _format(arguments)
    if arguments.out is not None:
        check_writable(arguments.out, overwrite=arguments.force)
    lines = []
    with session.application() as application, session.progress() as progress:
        if kind:
            figures = application.statistics.export(
                application.actor, arguments.month, kind, arguments.out, progress, overwrite=arguments.force
            )
        else:
            figures = application.statistics.month(arguments.month, progress)
    if kind:
        lines.append(tr("„{file}“ ist geschrieben.", file=arguments.out))
    else:
        lines += _overview(figures)
    if figures.test_data:
        lines.append(tr("Achtung: Diese Datenbank enthält erfundene Testdaten."))
    result = {**statistics_data(figures), "file": str(arguments.out) if arguments.out is not None else None}
    return Outcome(lines, result)


def _format(arguments: Namespace) -> str:
    """Return the format of the file, empty when the numbers are only shown."""
    if arguments.out is None:
        if arguments.format:
            raise WrongUsage(tr("Zu --format gehört --out mit dem Namen der Datei."))
        return ""
    kind = arguments.format or arguments.out.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise WrongUsage(tr("Welche Art Datei soll es werden? Bitte --format csv, xlsx oder pdf angeben."))
    return str(kind)


def _overview(figures: MonthStatistics) -> list[str]:
    from desktop_app.documents.dates import month_name

    month_text = tr("{month} {year}", month=month_name(figures.month.number), year=figures.month.year)
    totals = [(figure.label, str(figure.value)) for figure in figures.totals.key_figures]
    tally = [(figure.label, str(figure.value)) for figure in figures.totals.tally_figures if figure.value]
    lines = [f"{figures.office_name}, {month_text}", ""]
    lines += table((tr("Im Monat"), tr("Anzahl")), totals + tally, right=frozenset({1}))
    for one in figures.tables:
        lines += _table_lines(one)
    return lines


def _table_lines(one: StatisticsTable) -> list[str]:
    """Return a table without its empty rows; nothing when all of it is empty."""
    rows = [row for row in one.rows if row.count]
    if not rows or one.has_second_label:
        # Tables with two columns of labels are for spreadsheets: too long here.
        return []
    cells = [(row.label, str(row.count)) for row in rows]
    return ["", one.title, *table(one.columns, cells, right=frozenset({1}))]
