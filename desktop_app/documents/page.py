"""From flowables to the bytes of a PDF: page frame, footer with "Seite x von y", document properties.

The pages are laid out once; the footers are drawn when the number of pages is known.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from desktop_app.core.translation import tr
from desktop_app.documents.markup import single_line
from desktop_app.documents.paper import BLACK, RULE_GREY
from desktop_app.documents.shortening import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportlab.platypus.flowables import Flowable

    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.documents.paper import StyleSet

LANGUAGE_TAG: Final = "de-DE"
# ReportLab reads the letters that it embeds through one position in the file of the font, which all documents share.
_EMBEDDING: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What the PDF says about itself. The author is the office, never a person."""

    title: str
    author: str
    created: date
    footer_left: str
    """First line of the footer, normally the name and number of the office."""
    footer_second: str = ""
    language: str = LANGUAGE_TAG


def build_pdf(story: Sequence[Flowable], *, styles: StyleSet, fonts: FontLibrary, info: DocumentInfo) -> bytes:
    """Lay out the flowables in one column and return the PDF. The flowables are used up."""
    # Binary streams instead of ReportLab's text encoding of them: a quarter smaller and faster.
    rl_config.useA85 = 0
    buffer = io.BytesIO()
    paper = styles.paper
    footer = _Footer(styles, fonts, info)
    frame = Frame(
        paper.margin,
        styles.text_bottom,
        styles.text_width,
        styles.text_height,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    template = BaseDocTemplate(
        buffer,
        pagesize=(paper.width, paper.height),
        title=single_line(info.title),
        author=single_line(info.author),
        creator="Quartierslotse",
        producer="Quartierslotse",
        lang=info.language,
        pageCompression=1,
    )
    template.addPageTemplates([PageTemplate(id="page", frames=[frame])])
    template.build(list(story), canvasmaker=_canvas_maker(footer, info))
    return buffer.getvalue()


def _canvas_maker(footer: _Footer, info: DocumentInfo) -> Callable[..., Canvas]:
    def make(*arguments: object, **options: object) -> Canvas:
        canvas = _CountedCanvas(*arguments, footer=footer, **options)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.setDateFormatter(
            lambda *_now: f"D:{info.created.year:04d}{info.created.month:02d}{info.created.day:02d}000000Z"
        )
        return canvas

    return make


class _CountedCanvas(Canvas):
    """Holds finished pages back until their number is known."""

    def __init__(self, *arguments: object, footer: _Footer, **options: object) -> None:
        super().__init__(*arguments, **options)
        self._footer = footer
        self._held_pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 ReportLab's name
        """Keep the page for later."""
        self._held_pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages with their footers, then the document."""
        pages = self._held_pages
        for number, page in enumerate(pages, start=1):
            self.__dict__.update(page)
            self._footer.draw(self, number, len(pages))
            super().showPage()
        with _EMBEDDING:
            super().save()


class _Footer:
    """Two small lines below a rule: the office on the left, the page number on the right."""

    def __init__(self, styles: StyleSet, fonts: FontLibrary, info: DocumentInfo) -> None:
        self._styles = styles
        self._fonts = fonts
        self._info = info

    def draw(self, canvas: Canvas, page: int, pages: int) -> None:
        """Draw the footer of one page."""
        size = self._styles.footer_size
        left = self._styles.paper.margin
        right = left + self._styles.text_width
        first = self._styles.footer_bottom + self._styles.footer_leading
        canvas.saveState()
        canvas.setStrokeColorRGB(*RULE_GREY)
        canvas.setLineWidth(0.6)
        canvas.line(left, first + size * 1.25, right, first + size * 1.25)
        canvas.setFillColorRGB(*BLACK)
        counter = tr("Seite {page} von {pages}", page=page, pages=pages)
        counter_width = self._fonts.width(counter, size)
        room = right - left - counter_width - size
        self._line(canvas, left, first, shortened(self._fonts, self._info.footer_left, size, room))
        self._line(canvas, right - counter_width, first, counter)
        if self._info.footer_second:
            second = shortened(self._fonts, self._info.footer_second, size, right - left)
            self._line(canvas, left, self._styles.footer_bottom, second)
        canvas.restoreState()

    def _line(self, canvas: Canvas, x: float, y: float, text: str) -> None:
        for run in self._fonts.runs(text):
            canvas.setFont(run.font, self._styles.footer_size)
            canvas.drawString(x, y, run.text)
            x += canvas.stringWidth(run.text, run.font, self._styles.footer_size)
