"""The visit card: a code for the pocket, without a name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from desktop_app.core.translation import tr
from desktop_app.documents.blocks import KeyGroups
from desktop_app.documents.dates import german_date
from desktop_app.documents.paper import MILLIMETRE, PaperSize
from desktop_app.documents.qr import QrCode
from desktop_app.visitors.forms.frame import Form

if TYPE_CHECKING:
    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.settings.records import Office

_CODE_SIZE = 26.0
_QR = 34 * MILLIMETRE


def visit_card(fonts: FontLibrary, office: Office, *, code: str, day: date) -> bytes:
    """Return the card as a PDF on A5. The code is in its text and QR code only, never in the properties.

    Raises:
        EnvironmentProblem: a font file is missing.
    """
    form = Form.on(fonts, office, PaperSize.A5)
    blocks = form.blocks
    groups = code.split("-")
    key = KeyGroups(
        groups, fonts, columns=len(groups), width=form.styles.text_width - 2 * blocks.box_padding, size=_CODE_SIZE
    )
    story = [
        *form.head(tr("Besuchskarte")),
        blocks.body(
            tr("Mit dieser Karte wissen wir, dass Sie schon einmal da waren. Ihren Namen brauchen wir dafür nicht.")
        ),
        blocks.space(0.2),
        blocks.box([blocks.body(tr("Ihr Code"), strong=True), key], thickness=1.6),
        blocks.space(0.4),
        blocks.with_pictures(
            [
                blocks.body(tr("Zeigen Sie die Karte beim nächsten Besuch oder nennen Sie den Code am Telefon.")),
                blocks.body(
                    tr("Gespeichert ist der Code nicht, nur ein Prüfwert. Geht die Karte verloren, gibt es eine neue.")
                ),
                blocks.body(
                    tr("Auf Ihren Wunsch lösen wir die Verbindung zwischen Ihren Besuchen. Dafür genügt diese Karte.")
                ),
            ],
            [(QrCode(code, _QR), tr("Code als Bild"))],
        ),
    ]
    title = tr("Besuchskarte")
    return form.pdf(story, title, day, tr("Ausgegeben am {day}", day=german_date(day)))
