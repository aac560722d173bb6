"""What the statistics screen does, without any widget: months to choose from, tables in words, the export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.months import Month
from desktop_app.core.translation import tr, tr_count
from desktop_app.statistics.records import StatisticsTable, TableKey
from desktop_app.statistics.service import ExportFormat
from desktop_app.statistics.wording import month_label, number_text, percent_text, sentence

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress
    from desktop_app.statistics.records import MonthStatistics

#: What stands on top; the other questions fold out below.
MAIN_TABLES = (
    TableKey.TOPICS,
    TableKey.CHANNELS,
    TableKey.AGE_BANDS,
    TableKey.SOCIAL_SPACES,
    TableKey.WEEKDAY_HOURS,
    TableKey.RESULTS,
    TableKey.UNMET_REASONS,
    TableKey.PARTNERS,
)
_MONTHS_BACK = 36
_MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class BarView:
    """One bar of a chart."""

    label: str
    count: int
    text: str
    is_open: bool = False
    """Drawn quietly: not a real answer."""


@dataclass(frozen=True, slots=True)
class GridView:
    """A table with two questions at once: rows by columns."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """One question in words: title, sentence, chart and table with the same numbers."""

    key: TableKey
    title: str
    question: str
    sentence: str
    headings: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    """The last row is the sum."""
    bars: tuple[BarView, ...] = ()
    bars_left_out: int = 0
    grid: GridView | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        return not any(bar.count for bar in self.bars) and self.grid is None


@dataclass(frozen=True, slots=True)
class MonthView:
    """The month in words."""

    month: Month
    title: str
    figures: tuple[tuple[str, str], ...]
    tally: tuple[tuple[str, str], ...]
    main: tuple[TableView, ...]
    more: tuple[TableView, ...]
    is_empty: bool
    test_data: bool


class StatisticsPresenter:
    """Counts months and writes files; both may run in a background thread."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def current_month(self) -> Month:
        """The month that is under way."""
        return Month.of(self._application.clock.today())

    def months(self, chosen: Month) -> list[tuple[str, str]]:
        """Months to choose from, newest first, as (``2026-11``, ``November 2026``); ``chosen`` is always among them."""
        months: list[tuple[str, str]] = []
        month = max(self.current_month(), chosen)
        while len(months) < _MONTHS_BACK or month >= chosen:
            months.append((str(month), month_label(month)))
            month = month.previous()
        return months

    def load(self, month: Month, progress: Progress | None = None) -> MonthView:
        """Count a month and put it into words."""
        try:
            return month_view(self._application.statistics.month(month, progress))
        finally:
            self._end_thread(progress)

    def export(self, month: Month, export_format: ExportFormat, target: Path, progress: Progress) -> Path:
        """Write the month to a file; the ending is added if it is missing. Returns the file.

        Raises:
            UserError: the folder is missing, or the added ending would hit a file that exists.
            EnvironmentProblem: the folder can't be written.
            Cancelled: the work was asked to stop; no file is left behind.
        """
        ending = f".{export_format.value}"
        chosen = target if target.suffix.lower() == ending else target.with_name(target.name + ending)
        try:
            # The system's dialog has asked before replacing the very file that was chosen.
            self._application.statistics.export(
                self._application.actor, month, export_format, chosen, progress, overwrite=chosen == target
            )
        finally:
            self._end_thread(progress)
        return chosen

    def file_name(self, month: Month, export_format: ExportFormat) -> str:
        """A name for the file of a month."""
        office = "".join(
            character if character.isalnum() else " " for character in self._application.settings.office().name
        )
        return f"{tr('Statistik')} {month} {' '.join(office.split())}.{export_format.value}"

    def _end_thread(self, progress: Progress | None) -> None:
        if progress is not None:
            self._application.store.end_thread()


def month_view(statistics: MonthStatistics) -> MonthView:
    """Put the figures of a month into words."""
    views = {table.key: table_view(table) for table in statistics.tables}
    totals = statistics.totals
    main = tuple(views[key] for key in MAIN_TABLES if key in views)
    return MonthView(
        month=statistics.month,
        title=month_label(statistics.month),
        figures=tuple((figure.label, number_text(figure.value)) for figure in totals.key_figures),
        tally=tuple((figure.label, number_text(figure.value)) for figure in totals.tally_figures),
        main=main,
        more=tuple(view for key, view in views.items() if key not in MAIN_TABLES),
        is_empty=totals.contacts == 0 and not any(figure.value for figure in totals.tally_figures),
        test_data=statistics.test_data,
    )


def table_view(table: StatisticsTable) -> TableView:
    """Put one table into words."""
    cells = [
        (
            row.label,
            *(() if row.second_label is None else (row.second_label,)),
            number_text(row.count),
            "" if row.open_answer else percent_text(row.count, table.answered),
        )
        for row in table.rows
    ]
    if table.rows:
        gap = ("",) if table.has_second_label else ()
        cells.append((tr("Summe"), *gap, number_text(table.total), ""))
    grid = _grid(table) if table.key in {TableKey.WEEKDAY_HOURS, TableKey.TOPIC_RESULTS} and table.total else None
    bars = () if grid is not None else _bars(table)
    return TableView(
        key=table.key,
        title=table.title,
        question=table.question,
        sentence=sentence(table),
        headings=(*table.columns, tr("Anteil")),
        cells=tuple(cells),
        bars=bars[:_MOST_BARS] if table.key in {TableKey.PARTNERS, TableKey.SERVICES, TableKey.LANGUAGES} else bars,
        bars_left_out=max(0, len(bars) - _MOST_BARS)
        if table.key in {TableKey.PARTNERS, TableKey.SERVICES, TableKey.LANGUAGES}
        else 0,
        grid=grid,
    )


def _bars(table: StatisticsTable) -> tuple[BarView, ...]:
    return tuple(
        BarView(
            row.label if not row.second_label or row.second_label == row.label else f"{row.label} – {row.second_label}",
            row.count,
            number_text(row.count),
            row.open_answer,
        )
        for row in table.rows
    )


def _grid(table: StatisticsTable) -> GridView:
    rows = tuple(dict.fromkeys(row.label for row in table.rows))
    columns = tuple(dict.fromkeys(row.second_label or "" for row in table.rows))
    if table.key is TableKey.WEEKDAY_HOURS:
        columns = tuple(sorted(columns, key=_first_number))
    counts = {(row.label, row.second_label or ""): row.count for row in table.rows}
    return GridView(rows, columns, tuple(tuple(counts.get((row, column), 0) for column in columns) for row in rows))


def _first_number(text: str) -> int:
    digits = "".join(character if character.isdigit() else " " for character in text).split()
    return int(digits[0]) if digits else 0


def bars_left_out_text(count: int) -> str:
    """The line below a chart that does not show everything."""
    return tr_count("1 weitere Zeile steht in der Tabelle.", "{count} weitere Zeilen stehen in der Tabelle.", count)
