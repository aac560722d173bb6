"""The protocol of a restore drill on paper: what was tried, with what result, and a line to sign.

Imports ReportLab, therefore it is imported only when a protocol is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.backup.contents import contents_labels
from desktop_app.core.clock import office_zone
from desktop_app.core.translation import tr
from desktop_app.documents.blocks import Blocks, WritingLine
from desktop_app.documents.dates import german_date
from desktop_app.documents.fonts import FontLibrary
from desktop_app.documents.page import DocumentInfo, build_pdf
from desktop_app.documents.paper import FontSize, PaperSize, style_set
from desktop_app.environment.folders import resources_folder

if TYPE_CHECKING:
    from datetime import datetime

    from reportlab.platypus.flowables import Flowable

    from desktop_app.backup.records import DrillReport
    from desktop_app.settings.records import Office


def protocol_pdf(report: DrillReport, office: Office, done_by: str) -> bytes:
    """Return the protocol as an A4 PDF. It holds numbers, no names of visitors.

    Raises:
        EnvironmentProblem: a font file is missing.
    """
    fonts = FontLibrary(resources_folder() / "fonts")
    styles = style_set(PaperSize.A4, FontSize.NORMAL)
    blocks = Blocks(fonts, styles)
    whole = styles.text_width
    result = (
        tr("Ergebnis: Die Sicherung lässt sich zurückspielen.")
        if report.is_good
        else tr("Ergebnis: Die Sicherung lässt sich NICHT zurückspielen. Bitte sofort eine neue anlegen und prüfen.")
    )
    story: list[Flowable] = [
        blocks.small(office.name, bold=True),
        blocks.small(office.carrier),
        blocks.space(0.2),
        blocks.rule(),
        blocks.space(0.8),
        blocks.title(tr("Protokoll der Rückspielprobe")),
        blocks.box([blocks.body(result, strong=True)], fill=report.is_good),
        blocks.space(0.5),
        blocks.row((tr("Probe am"), _moment(report.at)), (whole * 0.35, whole * 0.65)),
        blocks.row((tr("Sicherung vom"), _moment(report.backup.made_at)), (whole * 0.35, whole * 0.65)),
        blocks.row((tr("Name der Sicherung"), report.backup.name), (whole * 0.35, whole * 0.65)),
        blocks.row((tr("Durchgeführt von"), done_by), (whole * 0.35, whole * 0.65)),
        *blocks.heading(tr("Was geprüft wurde")),
    ]
    widths = (whole * 0.34, whole * 0.43, whole * 0.23)  # the last takes „fehlgeschlagen“ in bold as one word
    story.append(blocks.row((tr("Schritt"), tr("Befund"), tr("Ergebnis")), widths, header=True))
    for step in report.steps:
        verdict = tr("in Ordnung") if step.is_good else tr("fehlgeschlagen")
        story.append(blocks.row((step.name, step.remark, verdict), widths, strong=() if step.is_good else (2,)))
    if report.contents is not None:
        story += blocks.heading(tr("Was in der Sicherung ist"))
        for table, label in contents_labels().items():
            if table in report.contents.rows:
                number = f"{report.contents.rows[table]:,}".replace(",", ".")
                story.append(blocks.row((label, number), (whole * 0.8, whole * 0.2), numbers=(1,)))
    story += [
        blocks.space(0.6),
        blocks.small(
            tr("Die Sicherung wurde in einen Probeordner kopiert, dort geöffnet und gezählt; der Probeordner ist gelöscht. "
               "An den Daten des Büros wurde nichts verändert.")
            if report.is_good
            else tr("Die Probe endete mit dem Schritt, der fehlschlug; der Probeordner ist gelöscht. An den Daten des Büros wurde "
                    "nichts verändert.")
        ),
        blocks.space(0.8),
        WritingLine(blocks.caption(tr("Ort und Datum, Unterschrift")), whole / 2, 34.0),
    ]  # fmt: skip
    info = DocumentInfo(
        title=tr("Protokoll der Rückspielprobe"),
        author=office.name,
        created=report.at.astimezone(office_zone()).date(),
        footer_left=office.name,
        footer_second=tr("Rückspielprobe vom {date}", date=_moment(report.at)),
    )
    return build_pdf(story, styles=styles, fonts=fonts, info=info)


def _moment(moment: datetime) -> str:
    local = moment.astimezone(office_zone())
    return tr("{date}, {hour}:{minute:02d} Uhr", date=german_date(local.date()), hour=local.hour, minute=local.minute)
