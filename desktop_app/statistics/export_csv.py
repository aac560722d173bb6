"""The month as one tidy CSV file: one line per number, every line says what it is without the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.translation import tr
from desktop_app.documents.csv_text import csv_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.documents.csv_text import Cell
    from desktop_app.statistics.records import MonthStatistics

KEY_FIGURES = "key_figures"
TALLY = "tally"


def month_csv(statistics: MonthStatistics) -> bytes:
    """Return the file: UTF-8 with a byte order mark, semicolons, CRLF."""
    return csv_bytes([_header(), *_lines(statistics)])


def _header() -> tuple[str, ...]:
    return (
        tr("Monat"),
        tr("Büro"),
        tr("Träger"),
        tr("Schlüssel"),
        tr("Tabelle"),
        tr("Bezeichnung"),
        tr("Unterteilung"),
        tr("Gezählt werden"),
        tr("Anzahl"),
        tr("Hinweis"),
    )


def _lines(statistics: MonthStatistics) -> Iterator[tuple[Cell, ...]]:
    origin = (str(statistics.month), statistics.office_name, statistics.carrier)
    remark = tr("Testdaten") if statistics.test_data else ""
    for key, title, figures in (
        (KEY_FIGURES, tr("Kennzahlen"), statistics.totals.key_figures),
        (TALLY, tr("Strichliste"), statistics.totals.tally_figures),
    ):
        for figure in figures:
            yield (*origin, key, title, figure.label, "", "", figure.value, remark)
    for table in statistics.tables:
        for row in table.rows:
            yield (
                *origin,
                table.key.value,
                table.title,
                row.label,
                row.second_label or "",
                table.counted.label,
                row.count,
                remark,
            )
