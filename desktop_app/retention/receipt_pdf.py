"""The receipt of an erasure on paper: what kind, how many, when, by whom, by which rule; a line to sign. No content.

Imports ReportLab, therefore it is imported only when a receipt is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.clock import office_zone
from desktop_app.core.translation import tr
from desktop_app.documents.blocks import Blocks, WritingLine
from desktop_app.documents.dates import german_date
from desktop_app.documents.fonts import FontLibrary
from desktop_app.documents.numbers import german_number
from desktop_app.documents.page import DocumentInfo, build_pdf
from desktop_app.documents.paper import FontSize, PaperSize, style_set
from desktop_app.environment.folders import resources_folder
from desktop_app.retention.wording import backup_sentence, clean_sentence

if TYPE_CHECKING:
    from reportlab.platypus.flowables import Flowable

    from desktop_app.retention.records import ErasureReceipt
    from desktop_app.settings.records import Office


def receipt_pdf(receipt: ErasureReceipt, office: Office) -> bytes:
    """Return the receipt as an A4 PDF.

    Raises:
        EnvironmentProblem: a font file is missing.
    """
    styles = style_set(PaperSize.A4, FontSize.NORMAL)
    fonts = FontLibrary(resources_folder() / "fonts")
    blocks = Blocks(fonts, styles)
    whole = styles.text_width
    local = receipt.at.astimezone(office_zone())
    moment = tr("{date}, {hour}:{minute:02d} Uhr", date=german_date(local.date()), hour=local.hour, minute=local.minute)
    facts = (
        (tr("Gelöscht am"), moment),
        (tr("Was"), receipt.subject),
        (tr("Regel"), receipt.rule),
        (tr("Durchgeführt von"), receipt.done_by),
        (tr("Nummer"), receipt.receipt_id),
    )
    story: list[Flowable] = [
        blocks.small(office.name, bold=True),
        blocks.small(office.carrier),
        blocks.space(0.2),
        blocks.rule(),
        blocks.space(0.8),
        blocks.title(tr("Löschquittung")),
        *(blocks.row(fact, (whole * 0.3, whole * 0.7)) for fact in facts),
        *blocks.heading(tr("Was gelöscht wurde")),
    ]
    for counted in receipt.counts:
        cells = (counted.label, german_number(counted.count))
        story.append(blocks.row(cells, (whole * 0.8, whole * 0.2), numbers=(1,)))
    story += [
        blocks.space(0.6),
        blocks.body(clean_sentence(receipt)),
        blocks.body(tr("Die anonymen Zahlen der Statistik sind unverändert.")),
        blocks.body(backup_sentence(receipt)),
        blocks.space(0.8),
        WritingLine(blocks.caption(tr("Ort und Datum, Unterschrift")), whole / 2, 34.0),
    ]
    info = DocumentInfo(
        title=tr("Löschquittung"),
        author=office.name,
        created=local.date(),
        footer_left=office.name,
        footer_second=tr("Löschquittung vom {date}", date=moment),
    )
    return build_pdf(story, styles=styles, fonts=fonts, info=info)
