"""The consent to a visitor file: three separate ticks, purpose, end, revocation, legal basis."""

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


def consent_form(fonts: FontLibrary, office: Office, *, partner: str, purpose: str, day: date) -> bytes:
    """Return the form as a PDF on A4, blank but for partner and purpose if they are known.

    Raises:
        EnvironmentProblem: a font file is missing.
    """
    form = Form.on(fonts, office)
    blocks = form.blocks
    law = legal_wording(office.legal_profile)
    pass_on = (
        [blocks.body(tr("An: {partner}\nWofür: {purpose}", partner=partner, purpose=purpose))]
        if partner and purpose
        else [form.indented_line(tr("An wen (Stelle)")), form.indented_line(tr("Wofür (Zweck)"))]
    )
    story = [
        *form.head(tr("Einwilligung in die Personenakte")),
        blocks.body(
            tr(
                "Beratung und Auskunft bekommen Sie bei uns auch, ohne Ihren Namen zu nennen. Eine Akte legen wir nur an, "
                "wenn Sie das möchten. Kreuzen Sie an, was Sie erlauben. Jedes Kreuz gilt für sich."
            )
        ),
        form.line(tr("Name, Vorname")),
        blocks.space(0.2),
        form.ticked(
            tr("Personenakte führen"),
            tr(
                "Das Büro darf meinen Namen, meine Kontaktdaten und das, worum es in unseren Gesprächen ging, in einer "
                "verschlüsselten Akte speichern. Zweck: Ich muss nicht jedes Mal von vorn erzählen, und Absprachen gehen "
                "nicht verloren. Das schließt Angaben zu Gesundheit und Pflege ein, die ich selbst mache."
            ),
        ),
        blocks.space(0.2),
        form.ticked(
            tr("Wieder Kontakt aufnehmen"),
            tr(
                "Das Büro darf mich anrufen, mir schreiben oder mich besuchen, um nachzufragen, ob die Hilfe angekommen ist."
            ),
        ),
        blocks.space(0.2),
        form.ticked(
            tr("Angaben weitergeben"),
            tr("Das Büro darf weitergeben, was für den Zweck nötig ist:"),
            *pass_on,
        ),
        form.line(tr("Gilt bis (freiwillig; ohne Tag gilt die Einwilligung bis zum Widerruf)")),
        *blocks.heading(tr("Freiwillig, jederzeit widerrufbar, Ihre Rechte")),
        blocks.small(
            tr(
                "Die Einwilligung ist freiwillig. Wer sie nicht gibt, hat keinen Nachteil. Sie können jedes Kreuz einzeln "
                "und jederzeit ohne Begründung widerrufen ({revocation}): mündlich, am Telefon oder schriftlich beim Büro. "
                "Was bis dahin geschehen ist, bleibt rechtmäßig. Nach dem Widerruf wird Ihre Akte gelöscht; "
                "was in der Statistik steht, enthält keinen Namen.",
                revocation=law.revocation,
            )
        ),
        blocks.small(
            tr(
                "{carrier} ist für Ihre Daten verantwortlich. Rechtsgrundlage ist Ihre Einwilligung nach {consent}, für Angaben zur "
                "Gesundheit nach {sensitive}. Wer im Büro arbeitet, ist zur Verschwiegenheit verpflichtet.",
                carrier=office.carrier,
                consent=law.consent,
                sensitive=law.sensitive,
            )
        ),
        blocks.small(
            tr(
                "Nach {rights} dürfen Sie Auskunft, Berichtigung, Löschung, Einschränkung und eine Kopie Ihrer Daten "
                "verlangen. Beschweren können Sie sich {supervision}.",
                rights=law.rights,
                supervision=law.supervision,
            )
        ),
        form.line(tr("Ort und Datum, Unterschrift")),
    ]
    return form.pdf(story, tr("Einwilligung in die Personenakte"), day, form.version_line(FORM_VERSION, day))
