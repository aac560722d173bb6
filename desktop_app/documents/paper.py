"""Paper sizes and the three print sizes of text as one set of styles each.

All lengths are points (1/72 inch). Text is left aligned, lines are at most about 75 characters long, and the
space between lines grows with the letters: the reader may be 78 and hold the sheet at arm's length.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from desktop_app.documents.fonts import TEXT_BOLD, TEXT_REGULAR

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

MILLIMETRE: Final = 72 / 25.4
BLACK: Final = (0.0, 0.0, 0.0)
RULE_GREY: Final = (0.45, 0.45, 0.45)
FILL_GREY: Final = (0.93, 0.93, 0.93)

_FOOTER_LINES: Final = 2
_LINE_LENGTH_IN_LETTERS: Final = 75
_LETTER_WIDTH: Final = 0.49
"""Mean width of a letter of German text in the shipped font, as a part of the font size."""


class PaperSize(Enum):
    """The paper formats that German office printers take."""

    A4 = "A4"
    A5 = "A5"

    @property
    def width(self) -> float:
        """Width upright, in points."""
        return {PaperSize.A4: 210.0, PaperSize.A5: 148.0}[self] * MILLIMETRE

    @property
    def height(self) -> float:
        """Height upright, in points."""
        return {PaperSize.A4: 297.0, PaperSize.A5: 210.0}[self] * MILLIMETRE

    @property
    def margin(self) -> float:
        """Blank border, wide enough for every office printer and for holes."""
        return {PaperSize.A4: 20.0, PaperSize.A5: 13.0}[self] * MILLIMETRE


class FontSize(IntEnum):
    """Size of the running text in points."""

    NORMAL = 12
    LARGE = 14
    VERY_LARGE = 18


@dataclass(frozen=True, slots=True)
class StyleSet:
    """The styles of one paper and text size. `points` is the size of the running text."""

    paper: PaperSize
    points: int
    text_width: float
    text_height: float
    """Height of the text area of a page, above the footer."""
    text_bottom: float
    """Where the text area ends, from the lower edge of the paper."""
    footer_bottom: float
    """Base line of the lowest footer line."""
    gap: float
    title: ParagraphStyle
    part_title: ParagraphStyle
    """The name of one of several services on a sheet."""
    heading: ParagraphStyle
    body: ParagraphStyle
    strong: ParagraphStyle
    item: ParagraphStyle
    phone: ParagraphStyle
    cell: ParagraphStyle
    cell_strong: ParagraphStyle
    cell_number: ParagraphStyle
    cell_number_strong: ParagraphStyle
    small: ParagraphStyle
    caption: ParagraphStyle
    footer_size: float
    footer_leading: float


@lru_cache(maxsize=len(PaperSize) * len(FontSize))
def style_set(paper: PaperSize, size: FontSize) -> StyleSet:
    """Return the styles for a paper and a text size; made once per pair."""
    from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle

    points = float(size)
    narrow = paper is PaperSize.A5
    text_width = min(paper.width - 2 * paper.margin, _LINE_LENGTH_IN_LETTERS * _LETTER_WIDTH * points)
    footer_size = max(10.0, points * 0.7)
    footer_leading = footer_size * 1.3
    footer_bottom = max(9 * MILLIMETRE, paper.margin * 0.6)
    text_bottom = footer_bottom + footer_leading * _FOOTER_LINES + points * 0.9

    def style(
        name: str,
        scale: float,
        *,
        bold: bool = False,
        line: float = 1.38,
        before: float = 0.0,
        after: float = 0.0,
        indent: float = 0.0,
        alignment: int = TA_LEFT,
    ) -> ParagraphStyle:
        letters = max(10.0, points * scale)
        return ParagraphStyle(
            f"{name}-{paper.value}-{int(size)}",
            fontName=TEXT_BOLD if bold else TEXT_REGULAR,
            fontSize=letters,
            leading=letters * line,
            spaceBefore=before * points,
            spaceAfter=after * points,
            leftIndent=indent * points,
            bulletIndent=0.25 * points if indent else 0.0,
            bulletFontName=TEXT_REGULAR,
            bulletFontSize=letters,
            alignment=alignment,
            allowWidows=0,
            allowOrphans=0,
            splitLongWords=1,
            embeddedHyphenation=1,
        )

    return StyleSet(
        paper=paper,
        points=int(size),
        text_width=text_width,
        text_height=paper.height - paper.margin - text_bottom,
        text_bottom=text_bottom,
        footer_bottom=footer_bottom,
        gap=points * 0.9,
        title=style("title", 1.5 if narrow else 1.75, bold=True, line=1.18, after=0.4),
        part_title=style("part-title", 1.35, bold=True, line=1.2, after=0.25),
        heading=style("heading", 1.1, bold=True, line=1.25, before=0.45, after=0.15),
        body=style("body", 1.0, after=0.35),
        strong=style("strong", 1.0, bold=True, after=0.35),
        item=style("item", 1.0, after=0.2, indent=1.5),
        phone=style("phone", 1.5 if narrow else 1.9, bold=True, line=1.25),
        cell=style("cell", 1.0, line=1.3),
        cell_strong=style("cell-strong", 1.0, bold=True, line=1.3),
        cell_number=style("cell-number", 1.0, line=1.3, alignment=TA_RIGHT),
        cell_number_strong=style("cell-number-strong", 1.0, bold=True, line=1.3, alignment=TA_RIGHT),
        small=style("small", 0.8, line=1.35, after=0.15),
        caption=style("caption", 0.7, line=1.15, alignment=TA_CENTER),
        footer_size=footer_size,
        footer_leading=footer_leading,
    )
