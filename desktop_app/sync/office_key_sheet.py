"""The sheet with the office's printed key: the way back when no desk is left that could let another in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from datetime import date

    from reportlab.platypus.flowables import Flowable

    from desktop_app.documents.fonts import FontLibrary

_GROUPS_IN_A_LINE: Final = 3


def office_key_sheet(fonts: FontLibrary, *, office: str, carrier: str, groups: tuple[str, ...], created: date) -> bytes:
    """Return the sheet as a PDF on A4. The key is in its text and QR code only, never in the properties.

    Raises:
        UserError: there is no key.
        EnvironmentProblem: a font file is missing.
    """
    if not groups or not all(group.strip() for group in groups):
        raise UserError(tr("Es gibt noch keinen Büro-Schlüssel, der gedruckt werden kann."))
    from desktop_app.documents.blocks import Blocks, KeyGroups, WritingLine
    from desktop_app.documents.dates import german_date
    from desktop_app.documents.page import DocumentInfo, build_pdf
    from desktop_app.documents.paper import MILLIMETRE, FontSize, PaperSize, style_set
    from desktop_app.documents.qr import QrCode

    styles = style_set(PaperSize.A4, FontSize.NORMAL)
    blocks = Blocks(fonts, styles)
    key = KeyGroups(
        [group.strip() for group in groups],
        fonts,
        columns=_GROUPS_IN_A_LINE,
        width=styles.text_width - 2 * blocks.box_padding,
        size=24.0,
    )
    day = german_date(created)
    line = (styles.text_width - styles.gap) / 2
    story: list[Flowable] = [
        blocks.small(office, bold=True),
        *([blocks.small(carrier)] if carrier.strip() else []),
        blocks.space(0.2),
        blocks.rule(),
        blocks.space(0.6),
        blocks.title(tr("Büro-Schlüssel für den Abgleich")),
        blocks.body(
            tr(
                "Was Ihr Büro abgleicht, liegt verschlüsselt auf dem Abgleich-Server. Öffnen können es nur die Rechner des "
                "Büros. Sind alle verloren, holt ein neuer Rechner die Daten mit diesem Schlüssel zurück."
            )
        ),
        blocks.space(0.3),
        blocks.box([blocks.body(tr("Ihr Büro-Schlüssel"), strong=True), key], thickness=1.6),
        blocks.space(0.2),
        blocks.small(
            tr(
                "Das ist nicht das Wiederherstellungsblatt eines Rechners: Jenes hilft, wenn Passwörter vergessen sind. "
                "Groß oder klein geschrieben gilt gleich; an der letzten Gruppe erkennt das Programm Tippfehler."
            )
        ),
        *blocks.heading(tr("So bewahren Sie dieses Blatt auf")),
        *blocks.items(
            [
                tr("Legen Sie es in den Tresor oder in einen verschlossenen Umschlag bei der Leitung."),
                tr(
                    "Wer es hat und sich beim Abgleich-Server anmelden darf, kann alles lesen. Fotografieren Sie es nicht."
                ),
                tr(
                    "Ist es verloren oder war es in fremden Händen, drucken Sie sofort ein neues. Was danach gespeichert wird, "
                    "öffnet das alte nicht mehr."
                ),
            ]
        ),
        *blocks.heading(tr("So benutzen Sie den Schlüssel")),
        blocks.with_pictures(
            [
                blocks.body(
                    tr(
                        "Verbinden Sie den neuen Rechner mit einem Anmeldecode vom Betreiber des Abgleich-Servers. Wählen "
                        "Sie dann „Kein anderer Rechner mehr da“ und tippen Sie alle Gruppen ab. Drucken Sie danach "
                        "ein neues Blatt."
                    )
                )
            ],
            [(QrCode("-".join(group.strip() for group in groups), 34 * MILLIMETRE), tr("Schlüssel als Bild"))],
        ),
        blocks.space(0.2),
        WritingLine(blocks.caption(tr("Ort und Datum, Unterschrift der Leitung")), line, 34.0),
        blocks.space(0.2),
        WritingLine(blocks.caption(tr("Hier wird das Blatt aufbewahrt")), line, 34.0),
    ]
    info = DocumentInfo(
        title=tr("Büro-Schlüssel für den Abgleich"),
        author=office,
        created=created,
        footer_left=office,
        footer_second=tr("Vertraulich. Nur für die Leitung. Erstellt am {date}.", date=day),
    )
    return build_pdf(story, styles=styles, fonts=fonts, info=info)
