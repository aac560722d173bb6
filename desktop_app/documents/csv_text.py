"""CSV as German Excel opens it with a double click: UTF-8 with a byte order mark, semicolons, CRLF.

A cell that a spreadsheet would take as a formula gets an apostrophe in front. Reading takes exactly this
apostrophe away again, so that every text survives the way out and back unchanged. Numbers and telephone
numbers with a sign ("+49 30 123", "-0203", "-80.19") cannot run anything and stay as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr

Cell = str | int | float | date | datetime | None

_BYTE_ORDER_MARK: Final = "\ufeff"
# Full-width signs count: some spreadsheets take them as the plain ones.
_FORMULA: Final = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")
_NUMBER_OR_PHONE: Final = re.compile(r"[+-]?(?:\d[\d ()/.,-]*)?")


def protected(text: str) -> str:
    """Return the text so that no spreadsheet runs it."""
    return f"'{text}" if _is_dangerous(text) else text


def unprotected(text: str) -> str:
    """Return the text as it was before `protected`."""
    return text[1:] if text.startswith("'") and _is_dangerous(text[1:]) else text


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as a CSV file. Numbers get a decimal comma, dates are written YYYY-MM-DD, None is empty."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    # A lone surrogate is no text; it becomes a question mark rather than an error after an hour of work.
    return (_BYTE_ORDER_MARK + buffer.getvalue()).encode("utf-8", errors="replace")


def read_csv(data: bytes) -> list[list[str]]:
    """Return the rows of a file made by `csv_bytes`, protection taken away.

    Raises:
        UserError: the file is not UTF-8 text or not CSV.
    """
    try:
        text = data.decode("utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        return [[unprotected(cell) for cell in row] for row in rows]
    except (UnicodeDecodeError, csv.Error) as problem:
        raise UserError(
            tr("Diese Datei ist keine CSV-Datei in UTF-8. Bitte speichern Sie sie als „CSV UTF-8“.")
        ) from problem


def _is_dangerous(text: str) -> bool:
    return _FORMULA.match(text) is not None and _NUMBER_OR_PHONE.fullmatch(text) is None


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return protected(cell)
    if isinstance(cell, float):
        return repr(cell).replace(".", ",")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
