"""Building blocks of a page: headings that never stand alone at the foot, rows, boxes, pictures with a caption.

Imported only when a document is made, because ReportLab is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Paragraph, Spacer
from reportlab.platypus.flowables import Flowable

from desktop_app.documents.markup import Block, BlockKind, Markup, single_line
from desktop_app.documents.paper import FILL_GREY, RULE_GREY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.pdfgen.canvas import Canvas

    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.documents.paper import StyleSet

_ENDLESS = 1_000_000.0
_SHORT_PARAGRAPH_LINES = 7
_LINES_WITH_HEADING = 4
_BREAKING_PART = 0.4
"""Rows and boxes lower than this part of the paper are never broken."""


class Row(Flowable):
    """Cells side by side, each a paragraph; breaks over pages even inside a cell."""

    def __init__(
        self,
        cells: Sequence[Paragraph],
        widths: Sequence[float],
        *,
        padding: float,
        breaks_above: float,
        rule: bool = True,
        fill: bool = False,
    ) -> None:
        """`breaks_above`: a lower row moves to the next page as a whole, in points."""
        super().__init__()
        self._cells = tuple(cells)
        self._widths = tuple(widths)
        self._padding = padding
        self._breaks_above = breaks_above
        self._rule = rule
        self._fill = fill
        self._heights: tuple[float, ...] = ()

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803, ARG002
        """Return the size; the widths are fixed, the tallest cell decides the height."""
        self._heights = tuple(
            cell.wrap(width, _ENDLESS)[1] for cell, width in zip(self._cells, self._widths, strict=True)
        )
        self.width = sum(self._widths)
        self.height = max(self._heights) + 2 * self._padding
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803, ARG002
        """Break a row that is taller than a page; a row that fits on a page moves as a whole."""
        if self.height <= availHeight:
            return [self]
        if self.height <= self._breaks_above:
            return []
        room = availHeight - 2 * self._padding
        parts = [
            cell.split(width, room) if height > room else [cell]
            for cell, width, height in zip(self._cells, self._widths, self._heights, strict=True)
        ]
        if not all(parts):
            return []
        empty = Paragraph("", self._cells[0].style)
        rest = [part[1] if len(part) > 1 else empty for part in parts]
        return [self._part([part[0] for part in parts], rule=False), self._part(rest, rule=self._rule)]

    def draw(self) -> None:
        """Draw the cells, their tops in line."""
        canvas: Canvas = self.canv
        if self._fill:
            canvas.setFillColorRGB(*FILL_GREY)
            canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        left = 0.0
        for cell, width, height in zip(self._cells, self._widths, self._heights, strict=True):
            cell.drawOn(canvas, left, self.height - self._padding - height)
            left += width
        if self._rule:
            canvas.setStrokeColorRGB(*RULE_GREY)
            canvas.setLineWidth(0.6)
            canvas.line(0, 0, self.width, 0)

    def _part(self, cells: Sequence[Paragraph], *, rule: bool) -> Row:
        return Row(
            cells,
            self._widths,
            padding=self._padding,
            breaks_above=self._breaks_above,
            rule=rule,
            fill=self._fill,
        )


class Rule(Flowable):
    """A thin line over the text width."""

    def __init__(self, width: float, *, thickness: float = 0.8) -> None:
        super().__init__()
        self.width = width
        self.height = thickness
        self._thickness = thickness

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803, ARG002
        """Return the fixed size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the line."""
        self.canv.setStrokeColorRGB(*RULE_GREY)
        self.canv.setLineWidth(self._thickness)
        self.canv.line(0, 0, self.width, 0)


class WritingLine(Flowable):
    """A line to write on, with words below it."""

    def __init__(self, caption: Paragraph, width: float, room: float) -> None:
        super().__init__()
        self._caption = caption
        self.width = width
        self._room = room

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803, ARG002
        """Return the room for handwriting plus the caption."""
        _width, caption_height = self._caption.wrap(self.width, _ENDLESS)
        self.height = self._room + caption_height
        return self.width, self.height

    def draw(self) -> None:
        """Draw the line and the words below it."""
        below = self.height - self._room
        self.canv.setStrokeColorRGB(0, 0, 0)
        self.canv.setLineWidth(0.8)
        self.canv.line(0, below, self.width, below)
        self._caption.drawOn(self.canv, 0, 0)


class Beside(Flowable):
    """Text with a picture at its right, never broken: the text must be short."""

    def __init__(self, text: Sequence[Flowable], picture: Flowable, caption: Paragraph, *, gap: float) -> None:
        super().__init__()
        self._text = tuple(text)
        self._picture = picture
        self._caption = caption
        self._gap = gap
        self._text_heights: tuple[float, ...] = ()

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803, ARG002
        """Return the size: the higher of text and picture with caption."""
        room = availWidth - self._picture.width - self._gap
        self._text_heights = tuple(line.wrap(room, _ENDLESS)[1] for line in self._text)
        self._caption_height = self._caption.wrap(self._picture.width, _ENDLESS)[1]
        self.width = availWidth
        self.height = max(sum(self._text_heights), self._picture.height + self._caption_height)
        return self.width, self.height

    def draw(self) -> None:
        """Draw the text from the top, the picture at the right edge."""
        top = self.height
        for line, height in zip(self._text, self._text_heights, strict=True):
            line.drawOn(self.canv, 0, top - height)
            top -= height
        left = self.width - self._picture.width
        self._picture.drawOn(self.canv, left, self.height - self._picture.height)
        self._caption.drawOn(self.canv, left, self.height - self._picture.height - self._caption_height)


class Blocks:
    """Makes the flowables of one document in one set of styles. Every text goes through `Markup`."""

    def __init__(self, fonts: FontLibrary, styles: StyleSet) -> None:
        fonts.ready()
        self._fonts = fonts
        self.markup = Markup(fonts)
        self.styles = styles
        self.box_padding = styles.gap * 0.7

    def space(self, gaps: float = 1.0) -> Flowable:
        """Vertical space, in units of the gap between sections."""
        return Spacer(1, self.styles.gap * gaps)

    def title(self, text: str) -> Flowable:
        """The name of the sheet. A word that is too long for the line makes all of it smaller."""
        return Paragraph(self.markup.line(text, bold=True), self.fitting(text, self.styles.title))

    def heading(self, text: str, *, level_with_title: bool = False) -> list[Flowable]:
        """A heading with the promise that a few lines of text follow on the same page."""
        base = self.styles.title if level_with_title else self.styles.heading
        style = self.fitting(text, base)
        needed = style.spaceBefore + style.leading + self.styles.body.leading * 2
        return [CondPageBreak(needed), Paragraph(self.markup.line(text, bold=True), style)]

    def body(self, text: str, *, strong: bool = False) -> Flowable:
        """One paragraph of plain text; line breaks are kept."""
        style = self.styles.strong if strong else self.styles.body
        return Paragraph(self.markup.plain(text, bold=strong), style)

    def section(self, title: str, content: Sequence[Flowable]) -> list[Flowable]:
        """A heading with what belongs to it; nothing if there is no content.

        The heading stays with a short first paragraph as a whole, with four lines of a longer one.
        """
        if not content:
            return []
        heading = self.heading(title)
        style = heading[-1].style
        _width, height = content[0].wrap(self.styles.text_width, _ENDLESS)
        line = self.styles.body.leading
        wanted = height if height <= line * _SHORT_PARAGRAPH_LINES else line * _LINES_WITH_HEADING
        needed = style.spaceBefore + style.leading + style.spaceAfter + wanted
        return [CondPageBreak(needed), *heading[1:], *content]

    def subheading(self, text: str) -> list[Flowable]:
        """A bold line that keeps the two lines after it on its page."""
        needed = self.styles.strong.leading + self.styles.body.leading * 2
        return [CondPageBreak(needed), self.body(text, strong=True)]

    def kept(self, flowables: Sequence[Flowable]) -> list[Flowable]:
        """Keep a short run of flowables on one page; a run of more than 40 % of the page may break."""
        heights = [
            flowable.getSpaceBefore() + flowable.wrap(self.styles.text_width, _ENDLESS)[1] + flowable.getSpaceAfter()
            for flowable in flowables
            if not isinstance(flowable, CondPageBreak)
        ]
        if sum(heights) > self.styles.paper.height * _BREAKING_PART:
            return list(flowables)
        return [CondPageBreak(sum(heights)), *flowables]

    def small(self, text: str, *, bold: bool = False) -> Flowable:
        """A paragraph in small print (never below 10 points)."""
        return Paragraph(self._small_markup(text, bold=bold), self.styles.small)

    def long_text(self, text: str) -> list[Flowable]:
        """The paragraphs, lists and bold lines of a text from data, plain or HTML."""
        story: list[Flowable] = []
        for block in self.markup.blocks(text):
            if block.kind is BlockKind.HEADING:
                story.append(CondPageBreak(self.styles.strong.leading + self.styles.body.leading * 2))
            story.append(self._block(block))
        return story

    def items(self, texts: Sequence[str]) -> list[Flowable]:
        """A list with bullets; each text may hold line breaks."""
        return [
            Paragraph(self.markup.plain(text), self.styles.item, bulletText="•") for text in texts if text.strip()
        ]

    def box(self, lines: Sequence[Flowable], *, thickness: float = 1.2, fill: bool = False) -> Flowable:
        """Set paragraphs in a frame. Taller than a page, the frame is drawn on each page."""
        return Box(
            lines,
            padding=self.box_padding,
            breaks_above=self.styles.paper.height * _BREAKING_PART,
            thickness=thickness,
            fill=fill,
        )

    def rule(self) -> Flowable:
        """A thin line over the text width."""
        return Rule(self.styles.text_width)

    def row(
        self,
        texts: Sequence[str],
        widths: Sequence[float],
        *,
        strong: Sequence[int] = (),
        numbers: Sequence[int] = (),
        header: bool = False,
    ) -> Flowable:
        """A line of a table. `strong` and `numbers` are the indexes of bold and of right-aligned cells."""
        cells = []
        for index, text in enumerate(texts):
            bold = header or index in strong
            right = index in numbers
            style = {
                (False, False): self.styles.cell,
                (True, False): self.styles.cell_strong,
                (False, True): self.styles.cell_number,
                (True, True): self.styles.cell_number_strong,
            }[bold, right]
            # Room between neighbouring columns, without cell borders.
            padded = style.clone(style.name, leftIndent=0, rightIndent=0 if right else self.styles.points * 0.6)
            cells.append(Paragraph(self.markup.plain(text, bold=bold), padded))
        return Row(
            cells,
            widths,
            padding=self.styles.points * 0.3,
            breaks_above=self.styles.paper.height * _BREAKING_PART,
            fill=header,
        )

    def address(self, label: str, address: str, *, room: float | None = None) -> Flowable:
        """A label and a web or mail address below it, broken only after marks such as a slash or a dot."""
        style = self.styles.body
        room = self.styles.text_width if room is None else room
        lines = [""]
        for part in re.findall(r"[^/.@?&=_-]*[/.@?&=_-]*", single_line(address)):
            if lines[-1] and self.width(lines[-1] + part, style) > room:
                lines.append("")
            lines[-1] += part
        return Paragraph(self.markup.plain("\n".join([label, *lines])), style)

    def with_picture(self, text: Sequence[Flowable], picture: Flowable, caption: str) -> Flowable:
        """Short text with a picture at its right and small print below the picture."""
        small = Paragraph(self.markup.plain(caption), self.styles.caption)
        return Beside(text, picture, small, gap=self.styles.points)

    def width(self, text: str, style: ParagraphStyle) -> float:
        """Width in points of a line of text in this style."""
        return self._fonts.width(text, style.fontSize, bold=style.fontName == self._fonts.base(bold=True))

    def fitting(
        self, text: str, style: ParagraphStyle, *, width: float | None = None, smallest: float | None = None
    ) -> ParagraphStyle:
        """Return the style, or a smaller one in which the longest word of the text fits the width.

        A no-break space does not end a word. Never smaller than `smallest`, normally the size of running text.
        """
        room = (width if width is not None else self.styles.text_width) - style.leftIndent
        longest = max((self.width(word, style) for word in re.split(r"[ \n]+", text)), default=0.0)
        if longest <= room:
            return style
        floor = self.styles.body.fontSize if smallest is None else smallest
        size = max(floor, style.fontSize * room / longest * 0.98)
        return style.clone(style.name, fontSize=size, leading=style.leading * size / style.fontSize)

    def _small_markup(self, text: str, *, bold: bool) -> str:
        marked = self.markup.plain(text, bold=bold)
        return f'<font name="{self._fonts.base(bold=True)}">{marked}</font>' if bold else marked

    def _block(self, block: Block) -> Flowable:
        if block.kind is BlockKind.HEADING:
            return Paragraph(block.markup, self.styles.strong)
        if block.kind is BlockKind.ITEM:
            return Paragraph(block.markup, self.styles.item, bulletText=block.label)
        return Paragraph(block.markup, self.styles.body)


class Box(Flowable):
    """Flowables in a frame; breaks over pages between its lines and inside them."""

    def __init__(
        self, lines: Sequence[Flowable], *, padding: float, breaks_above: float, thickness: float, fill: bool
    ) -> None:
        """`breaks_above`: a lower box moves to the next page as a whole, in points."""
        super().__init__()
        self._lines = list(lines)
        self._padding = padding
        self._breaks_above = breaks_above
        self._thickness = thickness
        self._fill = fill
        self._heights: list[float] = []

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803, ARG002
        """Return the size: the whole width, the lines and the padding."""
        inner = availWidth - 2 * self._padding
        self._heights = [line.wrap(inner, _ENDLESS)[1] + self._after(index) for index, line in enumerate(self._lines)]
        self.width = availWidth
        self.height = sum(self._heights) + 2 * self._padding
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Fill the page and go on in a second frame."""
        if self.height <= availHeight:
            return [self]
        if self.height <= self._breaks_above:
            return []
        inner = availWidth - 2 * self._padding
        room = availHeight - 2 * self._padding
        first: list[Flowable] = []
        rest = list(self._lines)
        for height in self._heights:
            if height > room:
                break
            room -= height
            first.append(rest.pop(0))
        if rest:
            parts = rest[0].split(inner, room)
            if len(parts) > 1:
                first.append(parts[0])
                rest[:1] = parts[1:]
        if not first or not rest:
            return []
        return [self._part(first), self._part(rest)]

    def draw(self) -> None:
        """Draw the frame and the lines from top to bottom."""
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.setLineWidth(self._thickness)
        canvas.setStrokeColorRGB(0, 0, 0)
        canvas.setFillColorRGB(*FILL_GREY)
        canvas.roundRect(0, 0, self.width, self.height, 5, stroke=1, fill=1 if self._fill else 0)
        canvas.restoreState()
        top = self.height - self._padding
        for index, (line, height) in enumerate(zip(self._lines, self._heights, strict=True)):
            line.drawOn(canvas, self._padding, top - height + self._after(index))
            top -= height

    def _after(self, index: int) -> float:
        return float(self._lines[index].getSpaceAfter()) if index < len(self._lines) - 1 else 0.0

    def _part(self, lines: Sequence[Flowable]) -> Box:
        return Box(
            lines,
            padding=self._padding,
            breaks_above=self._breaks_above,
            thickness=self._thickness,
            fill=self._fill,
        )
