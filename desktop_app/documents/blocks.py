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
_KEY_NUMBER_SIZE = 11.0
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
        bottom: bool = False,
    ) -> None:
        """`breaks_above`: a lower row moves to the next page as a whole, in points.

        `bottom` sets the last lines of all cells level instead of the first.
        """
        super().__init__()
        self._cells = tuple(cells)
        self._widths = tuple(widths)
        self._padding = padding
        self._breaks_above = breaks_above
        self._rule = rule
        self._fill = fill
        self._bottom = bottom
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
            below = self._padding if self._bottom else self.height - self._padding - height
            cell.drawOn(canvas, left, below)
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
    """Text with captioned pictures at its right, never broken: the text must be short."""

    def __init__(self, text: Sequence[Flowable], pictures: Sequence[tuple[Flowable, Paragraph]], *, gap: float) -> None:
        super().__init__()
        self._text = tuple(text)
        self._pictures = tuple(pictures)
        self._gap = gap
        self._text_heights: tuple[float, ...] = ()
        self._caption_heights: tuple[float, ...] = ()

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803, ARG002
        """Return the size: the higher of the text and of the highest picture with its caption."""
        room = availWidth - sum(picture.width + self._gap for picture, _caption in self._pictures)
        self._text_heights = tuple(line.wrap(room, _ENDLESS)[1] for line in self._text)
        self._caption_heights = tuple(caption.wrap(picture.width, _ENDLESS)[1] for picture, caption in self._pictures)
        pictures = zip(self._pictures, self._caption_heights, strict=True)
        self.width = availWidth
        self.height = max(sum(self._text_heights), *(picture.height + below for (picture, _), below in pictures))
        return self.width, self.height

    def draw(self) -> None:
        """Draw the text from the top, the pictures up to the right edge."""
        top = self.height
        for line, height in zip(self._text, self._text_heights, strict=True):
            line.drawOn(self.canv, 0, top - height)
            top -= height
        left = self.width
        for (picture, caption), height in zip(reversed(self._pictures), reversed(self._caption_heights), strict=True):
            left -= picture.width
            picture.drawOn(self.canv, left, self.height - picture.height)
            caption.drawOn(self.canv, left, self.height - picture.height - height)
            left -= self._gap


class KeyGroups(Flowable):
    """Groups of characters to be typed off: big, evenly spaced and numbered."""

    def __init__(self, groups: Sequence[str], fonts: FontLibrary, *, columns: int, width: float, size: float) -> None:
        """`size` is made smaller if a group would be wider than its column."""
        super().__init__()
        self._groups = tuple(groups)
        self._fonts = fonts
        self._columns = columns
        self.width = width
        self._number_width = fonts.width("00. ", _KEY_NUMBER_SIZE)
        # All characters get the width of the widest, so that the eye can count them.
        widest = fonts.width("W", 1.0, bold=True)
        longest = max(len(characters) for characters in self._groups)
        room = width / columns - self._number_width
        self._size = min(size, room * 0.9 / (longest * widest))
        self._pitch = self._size * widest
        self._line = self._size * 1.7
        self.height = self._line * -(-len(self._groups) // columns)

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803, ARG002
        """Return the fixed size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw each character in the middle of its own place."""
        canvas: Canvas = self.canv
        bold, regular = self._fonts.base(bold=True), self._fonts.base(bold=False)
        canvas.setFillGray(0)
        for position, characters in enumerate(self._groups):
            left = position % self._columns * self.width / self._columns
            base = self.height - position // self._columns * self._line - self._size * 1.15
            text = canvas.beginText()
            text.setFont(regular, _KEY_NUMBER_SIZE)
            text.setTextOrigin(left, base)
            text.textOut(f"{position + 1}.")
            text.setFont(bold, self._size)
            for place, character in enumerate(characters):
                slack = self._pitch - canvas.stringWidth(character, bold, self._size)
                text.setTextOrigin(left + self._number_width + place * self._pitch + slack / 2, base)
                text.textOut(character)
            canvas.drawText(text)


class OnlyIfRoom(Flowable):
    """Shows its content if the page has room for it, and nothing otherwise: never a page for this alone."""

    def __init__(self, content: Flowable) -> None:
        super().__init__()
        self._content = content
        self._fits = False

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """Return the size of the content, or no height."""
        self.width, height = self._content.wrap(availWidth, availHeight)
        self._fits = height <= availHeight
        self.height = height if self._fits else 0.0
        return self.width, self.height

    def draw(self) -> None:
        """Draw the content if it fits."""
        if self._fits:
            self._content.drawOn(self.canv, 0, 0)


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

    def part_title(self, text: str) -> Flowable:
        """The name of one part of a longer document."""
        return Paragraph(self.markup.line(text, bold=True), self.fitting(text, self.styles.part_title))

    def heading(self, text: str) -> list[Flowable]:
        """A heading with the promise that a few lines of text follow on the same page."""
        style = self.fitting(text, self.styles.heading)
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

    def kept(self, flowables: Sequence[Flowable], *, most: float = _BREAKING_PART) -> list[Flowable]:
        """Keep a run of flowables on one page unless it needs more than this part of the page."""
        heights = [
            flowable.getSpaceBefore() + flowable.wrap(self.styles.text_width, _ENDLESS)[1] + flowable.getSpaceAfter()
            for flowable in flowables
            if not isinstance(flowable, CondPageBreak)
        ]
        if sum(heights) > self.styles.text_height * most:
            return list(flowables)
        return [CondPageBreak(sum(heights)), *flowables]

    def line(self, text: str) -> Flowable:
        """A line of text with no space to the next one."""
        return Paragraph(self.markup.plain(text), self.styles.cell)

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
        return [Paragraph(self.markup.plain(text), self.styles.item, bulletText="•") for text in texts if text.strip()]

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
        padding: float = 0.3,
    ) -> Flowable:
        """A line of a table. `strong` and `numbers` are the indexes of bold and of right-aligned cells.

        `padding` above and below is in parts of the text size.
        """
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
            padding=self.styles.points * padding,
            breaks_above=self.styles.paper.height * _BREAKING_PART,
            fill=header,
        )

    def address(self, label: str, address: str, *, room: float | None = None) -> Flowable:
        """A label and a web or mail address, broken only after marks such as a slash or a dot."""
        style = self.styles.body
        room = self.styles.text_width if room is None else room
        address = single_line(address)
        if self.width(f"{label} {address}", style) <= room:
            return self.line(f"{label} {address}")
        lines = [""]
        for part in re.findall(r"[^/.@?&=_-]*[/.@?&=_-]*", address):
            if lines[-1] and self.width(lines[-1] + part, style) > room:
                lines.append("")
            lines[-1] += part
        return self.line("\n".join([label, *lines]))

    def figure(self, number: str, label: str) -> Flowable:
        """A big number with its label at the right."""
        first = self.styles.text_width * 0.26
        cells = [
            Paragraph(self.markup.line(number, bold=True), self.fitting(number, self.styles.phone, width=first)),
            Paragraph(self.markup.plain(label), self.styles.cell.clone("figure", spaceBefore=0)),
        ]
        return Row(
            cells,
            (first, self.styles.text_width - first),
            padding=self.styles.points * 0.35,
            breaks_above=self.styles.paper.height * _BREAKING_PART,
            bottom=True,
        )

    def caption(self, text: str) -> Paragraph:
        """Small print that belongs to a line or a picture."""
        return Paragraph(self.markup.plain(text), self.styles.small)

    def with_pictures(self, text: Sequence[Flowable], pictures: Sequence[tuple[Flowable, str]]) -> Flowable:
        """Short text with pictures at its right and small print below each picture."""
        captioned = [(picture, Paragraph(self.markup.plain(words), self.styles.caption)) for picture, words in pictures]
        return Beside(text, captioned, gap=self.styles.points * 0.6)

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
