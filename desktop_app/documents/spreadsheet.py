"""XLSX files: typed cells, a bold filled header that stays in view, a filter, widths that fit.

Text is always written as text: nothing from data becomes a formula, a link or a number.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from desktop_app.documents.markup import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

CellValue = str | int | float | date | datetime | None

_LONGEST_CELL: Final = 32_767
_LONGEST_NAME: Final = 31
_NARROWEST: Final = 8
_WIDEST: Final = 60
_HEADER_FILL: Final = "#DDE5EA"


class ColumnKind(Enum):
    """How the cells of a column are typed and shown. The value is the number format of Excel."""

    TEXT = "@"
    WHOLE_NUMBER = "#,##0"
    DECIMAL = "#,##0.00"
    PERCENT = "0 %"
    DATE = "dd.mm.yyyy"
    DATE_TIME = "dd.mm.yyyy hh:mm"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet. `width` is in characters; None measures the content."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: float | None = None


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet: lines above the table (the first as a title), the table, a bold last row for a sum."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    heading: tuple[str, ...] = ()
    total: tuple[CellValue, ...] = ()


def workbook_bytes(sheets: Sequence[SheetContent], *, title: str, author: str, created: datetime) -> bytes:
    """Return an XLSX file with these sheets. `author` is the office, never a person."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": ColumnKind.DATE.value,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties(
        {"title": clean(title), "author": clean(author), "created": created.replace(tzinfo=None), "comments": ""}
    )
    formats = _formats(book)
    for sheet, name in zip(sheets, sheet_names([sheet.name for sheet in sheets]), strict=True):
        _write_sheet(book.add_worksheet(name), sheet, formats)
    book.close()
    return buffer.getvalue()


def sheet_names(wanted: Sequence[str]) -> tuple[str, ...]:
    """Return names that Excel accepts: allowed characters, 31 at most, each only once."""
    names: list[str] = []
    for number, text in enumerate(wanted, start=1):
        name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", clean(text))
        name = re.sub(r"\s+", " ", name).strip(" '")[:_LONGEST_NAME].rstrip(" '")
        if not name or name.casefold() == "history":
            name = f"Tabelle {number}"
        taken = {other.casefold() for other in names}
        free, copy = name, 2
        while free.casefold() in taken:
            mark = f" ({copy})"
            free, copy = name[: _LONGEST_NAME - len(mark)] + mark, copy + 1
        names.append(free)
    return tuple(names)


def _formats(book: Any) -> dict[tuple[str, ColumnKind], Any]:
    formats: dict[tuple[str, ColumnKind], Any] = {}
    for kind in ColumnKind:
        side = {"align": "left" if kind is ColumnKind.TEXT else "right", "valign": "top"}
        formats["cell", kind] = book.add_format(
            {"num_format": kind.value, "text_wrap": kind is ColumnKind.TEXT, **side}
        )
        formats["total", kind] = book.add_format({"num_format": kind.value, "bold": True, "top": 1, **side})
        formats["header", kind] = book.add_format(
            {"bold": True, "bg_color": _HEADER_FILL, "bottom": 1, "text_wrap": True, **side}
        )
    formats["title", ColumnKind.TEXT] = book.add_format({"bold": True, "font_size": 14})
    formats["note", ColumnKind.TEXT] = book.add_format({})
    return formats


def _write_sheet(page: Any, sheet: SheetContent, formats: Mapping[tuple[str, ColumnKind], Any]) -> None:
    row = 0
    for number, line in enumerate(sheet.heading):
        style = "note" if number else "title"
        page.write_string(row, 0, _cell_text(line), formats[style, ColumnKind.TEXT])
        row += 1
    header = row + 1 if sheet.heading else 0
    for position, column in enumerate(sheet.columns):
        page.write_string(header, position, _cell_text(column.title), formats["header", column.kind])
        page.set_column(position, position, _width(sheet, position))
    row = header + 1
    for cells in sheet.rows:
        for position, (column, cell) in enumerate(zip(sheet.columns, cells, strict=True)):
            _write_cell(page, (row, position), cell, column.kind, formats["cell", column.kind])
        row += 1
    if sheet.columns:
        page.autofilter(header, 0, max(header, row - 1), len(sheet.columns) - 1)
        page.freeze_panes(header + 1, 0)
    for position, cell in enumerate(sheet.total):
        kind = sheet.columns[position].kind
        _write_cell(page, (row, position), cell, kind, formats["total", kind])
    page.repeat_rows(header)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _write_cell(page: Any, place: tuple[int, int], cell: CellValue, kind: ColumnKind, style: Any) -> None:
    if cell is None or cell == "":
        page.write_blank(*place, None, style)
    elif isinstance(cell, str) or kind is ColumnKind.TEXT:
        page.write_string(*place, _cell_text(str(cell)), style)
    elif isinstance(cell, datetime):
        page.write_datetime(*place, cell.replace(tzinfo=None), style)
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, style)
    else:
        page.write_number(*place, cell, style)


def _cell_text(text: str) -> str:
    text = clean(text)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"


def _width(sheet: SheetContent, position: int) -> float:
    column = sheet.columns[position]
    if column.width is not None:
        return column.width
    cells = [row[position] for row in (*sheet.rows, sheet.total) if len(row) > position]
    longest = max((len(line) for cell in cells for line in _shown(cell).split("\n")), default=0)
    # Room for the arrow of the filter beside the title.
    return float(min(_WIDEST, max(_NARROWEST, longest + 2, len(column.title) + 4)))


def _shown(cell: CellValue) -> str:
    if isinstance(cell, datetime):
        return "00.00.0000 00:00"
    if isinstance(cell, date):
        return "00.00.0000"
    return "" if cell is None else str(cell)
