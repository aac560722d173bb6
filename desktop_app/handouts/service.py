"""Makes sheets for visitors as PDF. Nothing is stored and nothing about a sheet is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr, use_language

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.handouts.records import Sender, SheetEntry, SheetOptions


class HandoutService:
    """The one way to a sheet; screens, printer and command line get the same bytes."""

    def __init__(self, fonts: FontLibrary) -> None:
        self._fonts = fonts

    def prepare(self) -> None:
        """Load ReportLab and the fonts ahead of the first sheet, from a background thread."""
        from desktop_app.handouts import sheet  # noqa: F401 the import is the work

        self._fonts.ready()

    def info_sheet(
        self,
        entries: Sequence[SheetEntry],
        options: SheetOptions,
        sender: Sender,
        *,
        today: date,
        personal_note: str = "",
    ) -> bytes:
        """Return a PDF: an info sheet for one entry, a Merkzettel with an overview for several.

        Raises:
            UserError: there is no entry, or paper or text size are unknown.
            EnvironmentProblem: a font file is missing.
        """
        from desktop_app.documents.paper import FontSize, PaperSize
        from desktop_app.handouts.sheet import Sheet

        if not entries:
            raise UserError(tr("Der Merkzettel ist leer. Bitte wählen Sie mindestens ein Angebot aus."))
        try:
            paper, size = PaperSize(options.paper), FontSize(options.font_points)
        except ValueError as problem:
            raise UserError(
                tr("Das Blatt gibt es auf A4 und A5 und mit 12, 14 oder 18 Punkt großer Schrift.")
            ) from problem
        with use_language(options.language):
            sheet = Sheet(self._fonts, paper, size, sender, today)
            return sheet.pdf(entries, personal_note=personal_note, language=options.language)

    def recovery_sheet(self, *, office: str, carrier: str, groups: tuple[str, ...], created: date) -> bytes:
        """Return the recovery sheet of the office, see `handouts.recovery_sheet`."""
        from desktop_app.handouts.recovery_sheet import recovery_sheet

        return recovery_sheet(self._fonts, office=office, carrier=carrier, recovery_key_groups=groups, created=created)
