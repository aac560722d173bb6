"""What every form has: the office at its head, boxes to tick, lines to sign, the version at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from reportlab.platypus.flowables import Flowable

from desktop_app.core.translation import tr
from desktop_app.documents.blocks import Blocks, WritingLine
from desktop_app.documents.dates import german_date
from desktop_app.documents.page import DocumentInfo, build_pdf
from desktop_app.documents.paper import FontSize, PaperSize, StyleSet, style_set

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.settings.records import Office

_TICK: Final = 13.0
_SIGNING_ROOM: Final = 30.0


class Ticked(Flowable):
    """Paragraphs with an empty box to tick at their left; never broken over pages."""

    def __init__(self, content: Sequence[Flowable], *, indent: float) -> None:
        """`indent` is the room for the box, in points."""
        super().__init__()
        self._content = tuple(content)
        self._indent = indent
        self._heights: tuple[float, ...] = ()

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """Return the size: the paragraphs beside the box."""
        self._heights = tuple(
            part.wrap(availWidth - self._indent, availHeight)[1] + part.getSpaceAfter() for part in self._content
        )
        self.width, self.height = availWidth, sum(self._heights)
        return self.width, self.height

    def draw(self) -> None:
        """Draw the box level with the first line."""
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.setLineWidth(1.2)
        canvas.rect(1, self.height - _TICK - 2, _TICK, _TICK, stroke=1, fill=0)
        canvas.restoreState()
        top = self.height
        for part, height in zip(self._content, self._heights, strict=True):
            top -= height
            part.drawOn(canvas, self._indent, top + part.getSpaceAfter())


@dataclass(frozen=True, slots=True)
class Form:
    """One form in the making: its blocks, and the office that hands it out."""

    fonts: FontLibrary
    office: Office
    blocks: Blocks
    styles: StyleSet

    @classmethod
    def on(cls, fonts: FontLibrary, office: Office, paper: PaperSize = PaperSize.A4) -> Form:
        """Begin a form."""
        styles = style_set(paper, FontSize.NORMAL)
        return cls(fonts, office, Blocks(fonts, styles), styles)

    def head(self, title: str) -> list[Flowable]:
        """Return the office as the responsible body, and the title."""
        office = self.office
        reach = " · ".join(text for text in (*office.address_lines, office.phone, office.email) if text)
        return [
            self.blocks.small(office.name, bold=True),
            self.blocks.small(office.carrier),
            *([self.blocks.small(reach)] if reach else []),
            self.blocks.space(0.2),
            self.blocks.rule(),
            self.blocks.space(0.6),
            self.blocks.title(title),
        ]

    def ticked(self, title: str, text: str, *more: Flowable) -> Flowable:
        """Return a box to tick with what it stands for."""
        words = [self.blocks.body(title, strong=True), self.blocks.body(text), *more]
        return Ticked(words, indent=_TICK * 2)

    def line(self, caption: str, part: float = 1.0) -> Flowable:
        """Return a line to write on; `part` of the text width."""
        return WritingLine(self.blocks.caption(caption), self.styles.text_width * part, _SIGNING_ROOM)

    def indented_line(self, caption: str) -> Flowable:
        """Return a line to write on beside a box to tick."""
        return WritingLine(self.blocks.caption(caption), self.styles.text_width - _TICK * 2, _SIGNING_ROOM * 0.8)

    def pdf(self, story: list[Flowable], title: str, day: date, second: str) -> bytes:
        """Return the form as a PDF; `second` is the second line of the foot."""
        info = DocumentInfo(
            title=title, author=self.office.name, created=day, footer_left=self.office.name, footer_second=second
        )
        return build_pdf(story, styles=self.styles, fonts=self.fonts, info=info)

    def version_line(self, version: str, day: date) -> str:
        """Return the foot of a blank form."""
        return tr("Formular {version}, gedruckt am {day}", version=version, day=german_date(day))
