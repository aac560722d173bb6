"""The release from secrecy (§ 203 StGB): to whom, about what, for what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from desktop_app.core.translation import tr
from desktop_app.visitors.forms.frame import Form
from desktop_app.visitors.forms.law import legal_wording
from desktop_app.visitors.rules import FORM_VERSION

if TYPE_CHECKING:
    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.settings.records import Office


def secrecy_release(fonts: FontLibrary, office: Office, *, person: str, partner: str, purpose: str, day: date) -> bytes:
    """Return the form as a PDF on A4; what is empty is left as a line to write on.

    Raises:
        EnvironmentProblem: a font file is missing.
    """
    form = Form.on(fonts, office)
    blocks = form.blocks
    law = legal_wording(office.legal_profile)
    filled = [
        blocks.body(f"{caption}: {text}") if text else form.line(caption)
        for caption, text in (
            (tr("Name, Vorname"), person),
            (tr("Gegenüber dieser Stelle"), partner),
            (tr("Zu diesem Zweck"), purpose),
        )
    ]
    story = [
        *form.head(tr("Entbindung von der Schweigepflicht")),
        blocks.body(
            tr(
                "Wer in diesem Büro berät, muss über alles schweigen, was Sie uns anvertrauen, schon darüber, dass Sie hier "
                "waren (§ 203 Strafgesetzbuch). Mit Ihrer Unterschrift erlauben Sie eine Ausnahme, und nur diese."
            )
        ),
        *filled,
        form.line(tr("Nur über diese Angelegenheit (was besprochen werden darf)")),
        blocks.space(0.4),
        form.ticked(
            tr("Das Büro darf dieser Stelle berichten"),
            tr(
                "Ich entbinde die Beraterinnen und Berater des Büros gegenüber der genannten Stelle von der Schweigepflicht."
            ),
        ),
        blocks.space(0.3),
        form.ticked(
            tr("Diese Stelle darf dem Büro berichten"),
            tr("Ich entbinde auch die genannte Stelle gegenüber dem Büro von ihrer Schweigepflicht."),
        ),
        blocks.space(0.4),
        form.line(tr("Gilt bis (ohne Tag: bis der Zweck erreicht ist, höchstens ein Jahr)")),
        *blocks.heading(tr("Freiwillig und jederzeit widerrufbar")),
        blocks.body(
            tr(
                "Die Entbindung ist freiwillig; ohne sie werden Sie genauso beraten. Sie können sie jederzeit ohne Begründung "
                "mit Wirkung für die Zukunft beim Büro widerrufen. Für die Daten, die dabei weitergegeben werden, "
                "ist Rechtsgrundlage Ihre Einwilligung nach {consent}, für Angaben zur Gesundheit nach {sensitive}; "
                "auch sie können Sie widerrufen ({revocation}).",
                consent=law.consent,
                sensitive=law.sensitive,
                revocation=law.revocation,
            )
        ),
        blocks.space(0.4),
        form.line(tr("Ort und Datum, Unterschrift")),
    ]
    return form.pdf(story, tr("Entbindung von der Schweigepflicht"), day, form.version_line(FORM_VERSION, day))
