"""The month as a workbook: an overview, then one sheet per question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.translation import tr
from desktop_app.documents.dates import german_date
from desktop_app.documents.spreadsheet import Column, ColumnKind, SheetContent, workbook_bytes
from desktop_app.statistics.wording import month_label, sentence

if TYPE_CHECKING:
    from desktop_app.documents.spreadsheet import CellValue
    from desktop_app.statistics.records import MonthStatistics, StatisticsRow, StatisticsTable


def month_xlsx(statistics: MonthStatistics) -> bytes:
    """Return the XLSX file."""
    title = tr("Monatszahlen {month}", month=month_label(statistics.month))
    sheets = [_overview(statistics, title), *(_sheet(table) for table in statistics.tables)]
    return workbook_bytes(sheets, title=title, author=statistics.office_name, created=statistics.generated_at)


def confidentiality_note() -> str:
    """What whoever holds the figures has to know before passing them on."""
    return tr(
        "Nur für das Büro: Kleine Zahlen sind hier nicht verdeckt. Bitte geben Sie diese Zahlen so nicht weiter, "
        "denn aus kleinen Zahlen lassen sich einzelne Menschen erkennen."
    )


def _overview(statistics: MonthStatistics, title: str) -> SheetContent:
    origin = " · ".join(part for part in (statistics.office_name, statistics.carrier) if part)
    made = tr("Erstellt am {date}", date=german_date(statistics.generated_at.date()))
    warning = (tr("Testdaten: Diese Zahlen sind erfunden."),) if statistics.test_data else ()
    totals = statistics.totals
    figures = [*totals.key_figures, *totals.tally_figures]
    return SheetContent(
        name=tr("Übersicht"),
        columns=(Column(tr("Kennzahl"), width=46), Column(tr("Anzahl"), ColumnKind.WHOLE_NUMBER)),
        rows=tuple((figure.label, figure.value) for figure in figures),
        heading=(title, origin, made, *warning, confidentiality_note()),
    )


def _sheet(table: StatisticsTable) -> SheetContent:
    labels = tuple(Column(title) for title in table.columns[:-1])
    numbers = (Column(table.columns[-1], ColumnKind.WHOLE_NUMBER), Column(tr("Anteil"), ColumnKind.PERCENT))
    blanks: tuple[CellValue, ...] = (None,) if table.has_second_label else ()
    return SheetContent(
        name=table.title,
        columns=(*labels, *numbers),
        rows=tuple(_cells(table, row) for row in table.rows),
        heading=(table.question, sentence(table)),
        total=(tr("Summe"), *blanks, table.total, None),
    )


def _cells(table: StatisticsTable, row: StatisticsRow) -> tuple[CellValue, ...]:
    """Shares are of the real answers; an open answer has none."""
    second = (row.second_label,) if table.has_second_label else ()
    share = None if row.open_answer or not table.answered else row.count / table.answered
    return (row.label, *second, row.count, share)
