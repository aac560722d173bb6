"""The month on paper: a title page with the key figures, then per question a sentence, a chart and its table.

Imports ReportLab, therefore it is imported only when a report is made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reportlab.platypus import PageBreak

from desktop_app.core.translation import tr
from desktop_app.documents.blocks import Blocks
from desktop_app.documents.charts import Bar, grid, horizontal_bars, vertical_bars
from desktop_app.documents.dates import german_date
from desktop_app.documents.fonts import FontLibrary
from desktop_app.documents.page import DocumentInfo, build_pdf
from desktop_app.documents.paper import FontSize, PaperSize, style_set
from desktop_app.environment.folders import resources_folder
from desktop_app.statistics.export_xlsx import confidentiality_note
from desktop_app.statistics.records import TableKey
from desktop_app.statistics.wording import month_label, number_text, percent_text, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.graphics.shapes import Drawing
    from reportlab.platypus.flowables import Flowable

    from desktop_app.statistics.records import KeyFigure, MonthStatistics, StatisticsRow, StatisticsTable

_ROW_PADDING: Final = 0.17
_MOST_BARS: Final = 12
_CHART_SIZE: Final = 10.5
_COLUMN_CHART_HEIGHT: Final = 170.0
_MOST_GRID_COLUMNS: Final = 16


def month_pdf(statistics: MonthStatistics, fonts: FontLibrary | None = None) -> bytes:
    """Return the report as an A4 PDF.

    Raises:
        EnvironmentProblem: a font file is missing.
    """
    return _Report(statistics, fonts or FontLibrary(resources_folder() / "fonts")).pdf()


def table_chart(
    table: StatisticsTable, fonts: FontLibrary, *, width: float, size: float = _CHART_SIZE
) -> Drawing | None:
    """Return the chart of one question for paper or screen; None if there is nothing to draw.

    Long lists show their twelve largest values; the table below a chart is always complete.
    """
    if table.total == 0:
        return None
    if table.has_second_label and table.key is not TableKey.SERVICES:
        return _grid(table, fonts, width=width, size=size)
    bars = [Bar(_bar_label(row), row.count, hollow=row.open_answer) for row in table.rows]
    if table.key is TableKey.WEEKDAYS:
        return vertical_bars(bars, fonts, width=width, height=_COLUMN_CHART_HEIGHT, size=size)
    if len(bars) > _MOST_BARS:
        bars = [bar for bar in bars if bar.value]
    if len(bars) > _MOST_BARS:
        largest = sorted(bars, key=lambda bar: -bar.value)
        rest = largest[_MOST_BARS - 1 :]
        bars = [
            *largest[: _MOST_BARS - 1],
            Bar(tr("{count} weitere zusammen", count=len(rest)), sum(bar.value for bar in rest), hollow=True),
        ]
    return horizontal_bars(bars, fonts, width=width, size=size)


def _grid(table: StatisticsTable, fonts: FontLibrary, *, width: float, size: float) -> Drawing | None:
    rows = list(dict.fromkeys(row.label for row in table.rows))
    columns = list(dict.fromkeys(row.second_label or "" for row in table.rows))
    if table.key is TableKey.WEEKDAY_HOURS:
        columns.sort(key=_first_number)
    if len(columns) > _MOST_GRID_COLUMNS:
        return None
    values = {(row.label, row.second_label or ""): row.count for row in table.rows}
    cells = [[values.get((row, column), 0) for column in columns] for row in rows]
    heads = [_short(table, column) for column in columns]
    return grid(rows, heads, cells, fonts, width=width, size=size, total=tr("Summe"))


def _bar_label(row: StatisticsRow) -> str:
    return f"{row.label}, {row.second_label}" if row.second_label else row.label


def _first_number(text: str) -> int:
    digits = "".join(character if character.isdigit() else " " for character in text).split()
    return int(digits[0]) if digits else 0


def _short(table: StatisticsTable, column: str) -> str:
    """The hours of the day without the word behind them, which has no room above a narrow column."""
    hours = re.search(r"\d+–\d+", column) if table.key is TableKey.WEEKDAY_HOURS else None
    return hours[0] if hours else column


class _Report:
    """One report in the making."""

    def __init__(self, statistics: MonthStatistics, fonts: FontLibrary) -> None:
        self._statistics = statistics
        self._fonts = fonts
        self._styles = style_set(PaperSize.A4, FontSize.NORMAL)
        self._blocks = Blocks(fonts, self._styles)

    def pdf(self) -> bytes:
        """Return the finished document."""
        statistics = self._statistics
        month = month_label(statistics.month)
        story = [*self._title_page(month), PageBreak()]
        for table in statistics.tables:
            story += self._question(table)
        warning = [tr("Testdaten")] if statistics.test_data else []
        info = DocumentInfo(
            title=tr("Monatsbericht {month}", month=month),
            author=statistics.office_name,
            created=statistics.generated_at.date(),
            footer_left=tr("{office} · Monatsbericht {month}", office=statistics.office_name, month=month),
            footer_second=" · ".join([*warning, self._made()]),
        )
        return build_pdf(story, styles=self._styles, fonts=self._fonts, info=info)

    def _made(self) -> str:
        moment = self._statistics.generated_at
        return tr(
            "erstellt am {date} um {hour}:{minute:02d} Uhr",
            date=german_date(moment.date()),
            hour=moment.hour,
            minute=moment.minute,
        )

    def _title_page(self, month: str) -> list[Flowable]:
        blocks = self._blocks
        statistics = self._statistics
        story: list[Flowable] = [
            blocks.small(statistics.office_name, bold=True),
            *([blocks.small(statistics.carrier)] if statistics.carrier else []),
            blocks.space(0.15),
            blocks.rule(),
            blocks.space(1.2),
            blocks.title(tr("Monatsbericht {month}", month=month)),
        ]
        if statistics.test_data:
            warning = tr("Testdaten: Diese Zahlen sind erfunden.")
            story += [blocks.box([blocks.body(warning, strong=True)], fill=True), blocks.space(0.8)]
        story += [
            blocks.space(0.4),
            *self._figures(statistics.totals.key_figures),
            blocks.space(0.8),
            *blocks.section(tr("Strichliste"), self._tally()),
            blocks.space(0.8),
            *blocks.section(
                tr("So lesen Sie diesen Bericht"),
                [
                    blocks.body(
                        tr(
                            "Ein Kontakt kann mehrere Anliegen haben, ein Anliegen mehrere Weitervermittlungen. Anteile "
                            "beziehen sich auf die beantworteten Fragen; „nicht gefragt“, „weiß nicht“ und „keine Angabe“ "
                            "zählen nicht mit. Jede Frage steht für sich: ein Satz, ein Bild, eine Tabelle."
                        )
                    ),
                    blocks.body(confidentiality_note()),
                ],
            ),
        ]
        return story

    def _figures(self, figures: Sequence[KeyFigure]) -> list[Flowable]:
        return [self._blocks.figure(number_text(figure.value), figure.label) for figure in figures]

    def _tally(self) -> list[Flowable]:
        whole = self._styles.text_width
        figures = self._statistics.totals.tally_figures
        return [
            self._blocks.row((figure.label, number_text(figure.value)), (whole * 0.8, whole * 0.2), numbers=(1,))
            for figure in figures
        ]

    def _question(self, table: StatisticsTable) -> list[Flowable]:
        blocks = self._blocks
        head = [blocks.part_title(table.question), blocks.body(sentence(table))]
        chart = table_chart(table, self._fonts, width=self._styles.text_width)
        if chart is not None:
            head += [blocks.space(0.2), chart]
        # A grid is chart and table in one.
        is_grid = chart is not None and table.has_second_label and table.key is not TableKey.SERVICES
        rows = self._rows(table) if table.total and not is_grid else []
        head.append(blocks.space(0.3))
        end = blocks.space(1.4)
        whole = blocks.kept([*head, *rows, end], most=1.0)
        if len(whole) > len(head) + len(rows) + 1:
            return whole
        first, middle, last = rows[:3], rows[3:-3], rows[-3:]
        return [*blocks.kept([*head, *first], most=1.0), *middle, *blocks.kept(last), end]

    def _rows(self, table: StatisticsTable) -> list[Flowable]:
        whole = self._styles.text_width
        two = table.has_second_label
        # Two columns of labels need the room that a long word over the numbers would take.
        heads = (*table.columns[:-1], tr("Anzahl") if two else table.columns[-1], tr("Anteil"))
        number = max(whole * 0.13, self._blocks.width(heads[-2], self._styles.cell_strong) + self._styles.points)
        share = whole * 0.14
        rest = whole - number - share
        widths = (*((rest * 0.5, rest * 0.5) if two else (rest,)), number, share)
        rows = [self._line(heads, widths, header=True)]
        for row in table.rows:
            labels = (row.label, row.second_label or "") if two else (row.label,)
            part = "" if row.open_answer else percent_text(row.count, table.answered)
            rows.append(self._line((*labels, number_text(row.count), part), widths))
        total = (tr("Summe"), *(("",) if two else ()), number_text(table.total), "")
        rows.append(self._line(total, widths, strong=(0, len(widths) - 2)))
        return rows

    def _line(
        self, texts: Sequence[str], widths: Sequence[float], *, header: bool = False, strong: Sequence[int] = ()
    ) -> Flowable:
        numbers = (len(widths) - 2, len(widths) - 1)
        return self._blocks.row(texts, widths, numbers=numbers, header=header, strong=strong, padding=_ROW_PADDING)
