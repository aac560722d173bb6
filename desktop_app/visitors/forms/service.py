"""Makes the paper about visitors. Nothing is stored and nothing about a sheet is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.settings.records import Office
    from desktop_app.visitors.records import AccessReport


class VisitorFormService:
    """Consent, release from secrecy, visit card, and the answer to an access request, from the office's legal profile."""

    def __init__(self, fonts: FontLibrary) -> None:
        """Print with `fonts`; ReportLab is loaded with the first sheet."""
        self._fonts = fonts

    def consent_form(self, office: Office, *, day: date, partner: str = "", purpose: str = "") -> bytes:
        """Return the consent form as a PDF.

        Raises:
            EnvironmentProblem: a font file is missing.
        """
        from desktop_app.visitors.forms.consent_form import consent_form

        return consent_form(self._fonts, office, partner=partner, purpose=purpose, day=day)

    def secrecy_release(
        self, office: Office, *, day: date, person: str = "", partner: str = "", purpose: str = ""
    ) -> bytes:
        """Return the release from secrecy as a PDF.

        Raises:
            EnvironmentProblem: a font file is missing.
        """
        from desktop_app.visitors.forms.secrecy_release import secrecy_release

        return secrecy_release(self._fonts, office, person=person, partner=partner, purpose=purpose, day=day)

    def visit_card(self, office: Office, *, code: str, day: date) -> bytes:
        """Return a visit card as a PDF.

        Raises:
            EnvironmentProblem: a font file is missing.
        """
        from desktop_app.visitors.forms.visit_card import visit_card

        return visit_card(self._fonts, office, code=code, day=day)

    def access_answer(self, office: Office, report: AccessReport, *, day: date) -> bytes:
        """Return the answer to an access request as a PDF.

        Raises:
            EnvironmentProblem: a font file is missing.
        """
        from desktop_app.visitors.forms.access_answer import access_answer

        return access_answer(self._fonts, office, report, day=day)

    def access_data(self, office: Office, report: AccessReport, *, day: date) -> bytes:
        """Return the answer to an access request as JSON."""
        from desktop_app.visitors.forms.access_answer import access_data

        return access_data(office, report, day=day)
