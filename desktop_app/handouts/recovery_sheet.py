"""The recovery sheet: the one way back into the data if every password is forgotten. Printed once, kept in a safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from datetime import date

    from reportlab.platypus.flowables import Flowable

    from desktop_app.documents.fonts import FontLibrary

_GROUPS_IN_A_LINE: Final = 3


def recovery_sheet(
    fonts: FontLibrary, *, office: str, carrier: str, recovery_key_groups: tuple[str, ...], created: date
) -> bytes:
    """Return the sheet as a PDF on A4. The key is in its text and QR code only, never in the properties.

    Raises:
        UserError: there is no key.
        EnvironmentProblem: a font file is missing.
    """
    if not recovery_key_groups or not all(group.strip() for group in recovery_key_groups):
        raise UserError(tr("Es gibt noch keinen Wiederherstellungsschlüssel, der gedruckt werden kann."))
    from desktop_app.documents.blocks import Blocks, KeyGroups, WritingLine
    from desktop_app.documents.dates import german_date
    from desktop_app.documents.page import DocumentInfo, build_pdf
    from desktop_app.documents.paper import MILLIMETRE, FontSize, PaperSize, style_set
    from desktop_app.documents.qr import QrCode

    styles = style_set(PaperSize.A4, FontSize.NORMAL)
    blocks = Blocks(fonts, styles)
    groups = [group.strip() for group in recovery_key_groups]
    key = KeyGroups(
        groups,
        fonts,
        columns=min(_GROUPS_IN_A_LINE, len(groups)),
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
        blocks.space(0.8),
        blocks.title(tr("Wiederherstellungsblatt")),
        blocks.body(
            tr(
                "Alle Daten von Quartierslotse in Ihrem Büro sind verschlüsselt. Wenn niemand mehr sein Passwort weiß, "
                "öffnet nur noch dieser Schlüssel die Daten. Auch der Hersteller kann sie dann nicht öffnen."
            )
        ),
        blocks.space(0.3),
        blocks.box([blocks.body(tr("Ihr Schlüssel"), strong=True), key], thickness=1.6),
        blocks.space(0.3),
        blocks.small(
            tr(
                "Der Schlüssel besteht aus Ziffern und Buchstaben. Groß oder klein geschrieben gilt gleich. "
                "Die letzte Gruppe ist die Prüfgruppe: An ihr erkennt das Programm Tippfehler."
            )
        ),
        *blocks.heading(tr("So bewahren Sie dieses Blatt auf")),
        *blocks.items(
            [
                tr("Legen Sie es in den Tresor oder in einen verschlossenen Umschlag bei der Leitung."),
                tr("Bewahren Sie es nicht neben dem Computer auf. Fotografieren Sie es nicht."),
                tr("Ein zweites Blatt an einem anderen Ort schützt vor Feuer und Wasser."),
                tr("Geht das Blatt verloren, sagen Sie sofort der Leitung Bescheid."),
            ]
        ),
        *blocks.heading(tr("So benutzen Sie den Schlüssel")),
        blocks.with_pictures(
            [
                blocks.body(
                    tr(
                        "Wählen Sie bei der Anmeldung „Neues Passwort setzen“. Tippen Sie alle Gruppen der "
                        "Reihe nach ab, von links nach rechts. Vergeben Sie danach ein neues Passwort."
                    )
                )
            ],
            [(QrCode("-".join(groups), 34 * MILLIMETRE), tr("Schlüssel als Bild"))],
        ),
        blocks.space(0.4),
        blocks.body(tr("Erstellt am {date}", date=day)),
        blocks.space(0.2),
        WritingLine(blocks.caption(tr("Ort und Datum, Unterschrift der Leitung")), line, 34.0),
        blocks.space(0.2),
        WritingLine(blocks.caption(tr("Hier wird das Blatt aufbewahrt")), line, 34.0),
    ]
    info = DocumentInfo(
        title=tr("Wiederherstellungsblatt"),
        author=office,
        created=created,
        footer_left=office,
        footer_second=tr("Vertraulich. Nur für die Leitung. Erstellt am {date}.", date=day),
    )
    return build_pdf(story, styles=styles, fonts=fonts, info=info)
