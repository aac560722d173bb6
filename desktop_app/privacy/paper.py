"""A document for the officer as PDF on A4, with room to write where the office fills in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from desktop_app.core.translation import tr
from desktop_app.privacy.markdown import Block, Kind, blocks

if TYPE_CHECKING:
    from reportlab.platypus.flowables import Flowable

    from desktop_app.documents.blocks import Blocks
    from desktop_app.documents.fonts import FontLibrary

_ROWS_WITH_HEAD: Final = 3
_TITLE, _SECTION = 1, 2
_BLANK: Final = "________"
_PADDING, _ROOM_TO_WRITE = 0.4, 0.9


def document_pdf(text: str, fonts: FontLibrary, *, title: str, office: str, created: date) -> bytes:
    """Return the PDF of a filled document.

    Raises:
        EnvironmentProblem: a font file is missing.
    """
    from desktop_app.documents.blocks import Blocks
    from desktop_app.documents.dates import german_date
    from desktop_app.documents.page import DocumentInfo, build_pdf
    from desktop_app.documents.paper import FontSize, PaperSize, style_set

    styles = style_set(PaperSize.A4, FontSize.NORMAL)
    kit = Blocks(fonts, styles)
    story: list[Flowable] = []
    heading: list[Flowable] = []
    for block in blocks(text):
        if block.kind is Kind.HEADING:
            story += heading
            heading = _heading(kit, block)
            continue
        content = _content(kit, block)
        if heading:
            # A heading never stands alone at the foot of a page.
            most = _ROWS_WITH_HEAD if block.kind is Kind.TABLE else 1
            story += [*kit.kept([*heading, *content[:most]]), *content[most:]]
            heading = []
        else:
            story += content
    story += heading
    info = DocumentInfo(
        title=title,
        author=office,
        created=created,
        footer_left=f"{title} – {office}",
        footer_second=tr("Stand {date}. Vorlage, vom Büro zu ergänzen und zu prüfen.", date=german_date(created)),
    )
    return build_pdf(story, styles=styles, fonts=fonts, info=info)


def _heading(kit: Blocks, block: Block) -> list[Flowable]:
    if block.level == _TITLE:
        return [kit.title(block.text)]
    if block.level == _SECTION:
        return [kit.space(0.4), kit.part_title(block.text)]
    return [kit.space(0.2), kit.body(block.text, strong=True)]


def _content(kit: Blocks, block: Block) -> list[Flowable]:
    if block.kind is Kind.PARAGRAPH:
        return [kit.body(block.text)]
    if block.kind is Kind.ITEM:
        return kit.items([block.text])
    widths = [weight * kit.styles.text_width for weight in block.weights]
    head, *rows = block.rows
    return [kit.row(head, widths, header=True), *(_row(kit, row, widths, block) for row in rows), kit.space(0.4)]


def _row(kit: Blocks, row: tuple[str, ...], widths: list[float], block: Block) -> Flowable:
    """A row; one with a cell that the office fills in is higher and leaves that cell empty."""
    texts = ["" if cell == _BLANK else cell for cell in row]
    padding = _ROOM_TO_WRITE if _BLANK in row else _PADDING
    return kit.row(texts, widths, strong=_strong(row, block), padding=padding)


def _strong(row: tuple[str, ...], block: Block) -> tuple[int, ...]:
    """The first of two columns names what the second says, unless it is as wide: then it is text itself."""
    return (0,) if len(row) == len(("name", "text")) and block.weights[0] < block.weights[1] else ()
