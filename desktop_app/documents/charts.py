"""Bar charts from (label, value) pairs, drawn once with ReportLab's graphics for paper and screen alike.

They say the same on a black-and-white printer: one dark fill, the value written at every bar, no legend.
Zero is a bar of no length with its "0", never left out.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_app.documents.markup import single_line
from desktop_app.documents.numbers import german_number
from desktop_app.documents.paper import RULE_GREY
from desktop_app.documents.shortening import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.graphics.shapes import Drawing, Group

    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.documents.render import PageImage

_BAR: Final = (0.16, 0.30, 0.42)
"""Dark blue: prints as dark grey, contrast to paper above 8:1."""
_DARKEST_CELL: Final = 0.42
"""Black numbers keep a contrast of 6:1 on the darkest cell."""
_SMALLEST: Final = 8.0
_LABEL_PART: Final = 0.38
_MOST_LABEL_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is and how many."""

    label: str
    value: int
    hollow: bool = False
    """Only an outline: for what is not an answer like the others, such as „nicht gefragt“ or the rest of a list."""


def horizontal_bars(bars: Sequence[Bar], fonts: FontLibrary, *, width: float, size: float = 11.0) -> Drawing:
    """Return bars from left to right with their labels on the left. Lengths are points; the height follows."""
    from reportlab.graphics.shapes import Drawing

    label_width = min(
        width * _LABEL_PART, max((fonts.width(single_line(bar.label), size) for bar in bars), default=0.0) + size
    )
    value_width = (
        max((fonts.width(german_number(bar.value), size, bold=True) for bar in bars), default=0.0) + size * 0.8
    )
    longest = max(1.0, width - label_width - value_width)
    highest = max((bar.value for bar in bars), default=0) or 1
    labels = [_wrapped(fonts, bar.label, size, label_width - size * 0.8) for bar in bars]
    heights = [max(size * 1.9, size * 1.2 * len(lines) + size * 0.7) for lines in labels]
    height = sum(heights) + size * 0.4
    drawing = Drawing(width, height)
    top = height - size * 0.2
    for bar, lines, row in zip(bars, labels, heights, strict=True):
        middle = top - row / 2
        first = middle + size * 1.2 * (len(lines) - 1) / 2 - size * 0.35
        for number, line in enumerate(lines):
            _text(drawing, fonts, line, (label_width - size * 0.8, first - number * size * 1.2), size, anchor=1.0)
        length = longest * bar.value / highest
        _bar(drawing, (label_width, middle - size * 0.6), (length, size * 1.2), hollow=bar.hollow)
        value = german_number(bar.value)
        _text(drawing, fonts, value, (label_width + length + size * 0.35, middle - size * 0.35), size, bold=True)
        top -= row
    _axis(drawing, (label_width, 0.0), (label_width, height))
    return drawing


def vertical_bars(
    bars: Sequence[Bar], fonts: FontLibrary, *, width: float, height: float, size: float = 11.0
) -> Drawing:
    """Return columns from left to right, for few bars in a natural order such as weekdays or hours."""
    from reportlab.graphics.shapes import Drawing

    drawing = Drawing(width, height)
    if not bars:
        return drawing
    step = width / len(bars)
    labels = [_wrapped(fonts, bar.label, size, step * 0.96) for bar in bars]
    base = size * (1.2 * max(len(lines) for lines in labels) + 0.5)
    tallest = height - base - size * 1.6
    highest = max(bar.value for bar in bars) or 1
    thickness = min(step * 0.62, size * 4)
    for position, (bar, lines) in enumerate(zip(bars, labels, strict=True)):
        middle = step * (position + 0.5)
        length = tallest * bar.value / highest
        _bar(drawing, (middle - thickness / 2, base), (thickness, length), hollow=bar.hollow)
        value = german_number(bar.value)
        _text(drawing, fonts, value, (middle, base + length + size * 0.35), size, bold=True, anchor=0.5)
        for number, line in enumerate(lines):
            _text(drawing, fonts, line, (middle, base - size * (1.15 + 1.2 * number)), size, anchor=0.5)
    _axis(drawing, (0.0, base), (width, base))
    return drawing


def grid(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[int]],
    fonts: FontLibrary,
    *,
    width: float,
    size: float = 11.0,
    total: str = "",
) -> Drawing:
    """Return a table of numbers in which more is darker. The numbers are written out: the grey is only a help.

    `total` is the heading of a row and a column of sums; empty for none.
    """
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import Color

    highest = max((value for row in values for value in row), default=0) or 1
    if total:
        sums = [sum(row[column] for row in values) for column in range(len(columns))]
        rows, columns = [*rows, total], [*columns, total]
        values = [[*row, sum(row)] for row in [*values, sums]]
    label_width = min(
        width * _LABEL_PART, max((fonts.width(single_line(row), size) for row in rows), default=0.0) + size
    )
    step = (width - label_width) / max(1, len(columns))
    longest = max((fonts.width(word, size, bold=True) for column in columns for word in column.split()), default=0.0)
    head_size = min(size, max(_SMALLEST, size * step * 0.9 / max(longest, 1.0)))
    heads = [_wrapped(fonts, column, head_size, step * 0.9, bold=True) for column in columns]
    line = size * 2.0
    head = size * (1.2 * max((len(lines) for lines in heads), default=1) + 0.5)
    height = head + line * len(rows)
    drawing = Drawing(width, height)
    for number, lines in enumerate(heads):
        for position, text in enumerate(lines):
            middle = label_width + step * (number + 0.5)
            base = height - size * (1.0 + 1.2 * position)
            _text(drawing, fonts, text, (middle, base), head_size, bold=True, anchor=0.5)
    for number, (label, cells) in enumerate(zip(rows, values, strict=True)):
        bottom = height - head - line * (number + 1)
        base = bottom + line / 2 - size * 0.35
        _text(drawing, fonts, shortened(fonts, label, size, label_width - size * 0.6), (0.0, base), size)
        is_sum = bool(total) and number == len(rows) - 1
        for column, value in enumerate(cells):
            left = label_width + step * column
            counts = not is_sum and not (total and column == len(columns) - 1)
            grey = 1.0 - _DARKEST_CELL * value / highest if counts else 1.0
            edge = Color(1, 1, 1)
            drawing.add(Rect(left, bottom, step, line, fillColor=Color(grey, grey, grey), strokeColor=edge))
            _text(drawing, fonts, german_number(value), (left + step / 2, base), size, bold=not counts, anchor=0.5)
    return drawing


def chart_svg(drawing: Drawing, *, family: str = "Atkinson Hyperlegible Next") -> str:
    """Return a chart as SVG text whose letters are set in the named family."""
    from reportlab.graphics import renderSVG

    from desktop_app.documents.fonts import TEXT_BOLD, TEXT_REGULAR, WIDE_BOLD, WIDE_REGULAR

    svg = str(renderSVG.drawToString(drawing))
    for name, style in (
        (TEXT_BOLD, f"{family}; font-weight: bold"),
        (WIDE_BOLD, "Noto Sans; font-weight: bold"),
        (TEXT_REGULAR, family),
        (WIDE_REGULAR, "Noto Sans"),
    ):
        svg = svg.replace(f"font-family: {name};", f"font-family: {style};")
    return svg


def chart_image(drawing: Drawing, dots_per_inch: float) -> PageImage:
    """Return a chart as a picture for the screen, drawn by the same engine as the preview of the page."""
    from reportlab.graphics import renderPDF

    from desktop_app.documents.render import page_images

    buffer = io.BytesIO()
    renderPDF.drawToFile(drawing, buffer)
    return page_images(buffer.getvalue(), dots_per_inch)[0]


def _bar(drawing: Drawing, corner: tuple[float, float], extent: tuple[float, float], *, hollow: bool) -> None:
    from reportlab.graphics.shapes import Rect
    from reportlab.lib.colors import Color

    if min(extent) <= 0:
        return
    dark = Color(*_BAR)
    if hollow:
        drawing.add(Rect(*corner, *extent, fillColor=Color(1, 1, 1), strokeColor=dark, strokeWidth=1))
    else:
        drawing.add(Rect(*corner, *extent, fillColor=dark, strokeColor=None))


def _axis(drawing: Drawing, start: tuple[float, float], end: tuple[float, float]) -> None:
    from reportlab.graphics.shapes import Line
    from reportlab.lib.colors import Color

    drawing.add(Line(*start, *end, strokeColor=Color(*RULE_GREY), strokeWidth=0.8))


def _text(
    target: Drawing | Group,
    fonts: FontLibrary,
    text: str,
    origin: tuple[float, float],
    size: float,
    *,
    bold: bool = False,
    anchor: float = 0.0,
) -> None:
    """Add a line of text; `anchor` is the part of its width left of the origin."""
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import black
    from reportlab.pdfbase.pdfmetrics import stringWidth

    x, y = origin
    x -= anchor * fonts.width(text, size, bold=bold)
    for run in fonts.runs(text, bold=bold):
        target.add(String(x, y, run.text, fontName=run.font, fontSize=size, fillColor=black))
        x += stringWidth(run.text, run.font, size)


def _wrapped(fonts: FontLibrary, text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Break a label into at most two lines, the last one cut with "…" if needed."""
    words = single_line(text).split(" ")
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if fonts.width(longer, size, bold=bold) <= room or len(lines) == _MOST_LABEL_LINES:
            lines[-1] = longer
        else:
            lines.append(word)
    return [shortened(fonts, line, size, room, bold=bold) for line in lines]
