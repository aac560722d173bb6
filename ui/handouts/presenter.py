"""What the sheet panel does, without any widget: gather, make, name and save."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from desktop_app.core.translation import tr
from desktop_app.environment.output_files import write_whole
from desktop_app.handouts.from_office import sender_of
from desktop_app.handouts.records import Sender, SheetEntry, SheetOptions

if TYPE_CHECKING:
    from datetime import date

    from desktop_app.bootstrap import Application

OPTIONS_SETTING = "handout_options"
LONGEST_NOTE = 600
PAPERS: tuple[Literal["A4", "A5"], ...] = ("A4", "A5")
FONT_SIZES: tuple[Literal[12, 14, 18], ...] = (12, 14, 18)


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """Everything one version of a sheet is made of; the note is only in memory."""

    entries: tuple[SheetEntry, ...]
    options: SheetOptions
    sender: Sender
    today: date
    personal_note: str = ""

    @property
    def is_basket(self) -> bool:
        """Whether there are several services: a Merkzettel with an overview."""
        return len(self.entries) > 1

    def __repr__(self) -> str:
        """Without the note: it must not reach a log."""
        return f"SheetOrder({len(self.entries)} entries, {self.options})"


class HandoutPresenter:
    """Makes sheets for the services of the directory."""

    def __init__(self, application: Application) -> None:
        self._application = application

    # What is on the sheet

    def entries(self, service_ids: Sequence[str]) -> tuple[SheetEntry, ...]:
        """What is printed about the services, in their order, each once.

        Raises:
            UserError: a service is no longer in the directory.
        """
        from desktop_app.handouts.from_directory import sheet_entry

        return tuple(
            sheet_entry(self._application.directory_queries.service(service_id))
            for service_id in dict.fromkeys(service_ids)
        )

    def order(self, entries: Sequence[SheetEntry], options: SheetOptions, personal_note: str = "") -> SheetOrder:
        """Put together what the next version is made of."""
        return SheetOrder(
            tuple(entries),
            options,
            self.sender(),
            self._application.clock.today(),
            personal_note.strip()[:LONGEST_NOTE],
        )

    def sender(self) -> Sender:
        """The office as it stands on the sheet."""
        return sender_of(self._application.settings.office())

    def make(self, order: SheetOrder) -> bytes:
        """Return the PDF. May run in a background thread.

        Raises:
            UserError: there is nothing on the sheet.
            EnvironmentProblem: a font is missing.
        """
        return self._application.handouts.info_sheet(
            order.entries, order.options, order.sender, today=order.today, personal_note=order.personal_note
        )

    # Options are remembered on this computer

    def options(self) -> SheetOptions:
        """Paper and text size as last used here."""
        stored = self._application.settings.value(OPTIONS_SETTING, {})
        paper, points = "A4", 14
        if isinstance(stored, dict):
            paper = stored.get("paper", paper)
            points = stored.get("font_points", points)
        if paper not in PAPERS or points not in FONT_SIZES:
            return SheetOptions()
        return SheetOptions(paper=paper, font_points=points)

    def remember_options(self, options: SheetOptions) -> None:
        """Use these the next time too."""
        if options != self.options():
            self._application.settings.set_value(
                self._application.actor, OPTIONS_SETTING, {"paper": options.paper, "font_points": options.font_points}
            )

    # Names and files

    @staticmethod
    def title(order: SheetOrder) -> str:
        """What the sheet is called on the screen and at the printer; never a word of the note."""
        return tr("Merkzettel") if order.is_basket else tr("Infoblatt {name}", name=order.entries[0].title)

    def file_name(self, order: SheetOrder) -> str:
        """A file name that every system takes."""
        title = self.title(order)
        if order.is_basket:
            title = f"{title} {order.today.isoformat()}"
        plain = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", title)
        return f"{' '.join(plain.split())[:80].rstrip(' .')}.pdf"


def save_pdf(pdf: bytes, target: Path) -> Path:
    """Write the PDF whole or not at all; the ending is added if it is missing. Returns the file.

    The system's dialog has asked before an existing file is replaced; one that the added ending hits is left alone.

    Raises:
        UserError: the target is a folder, or its folder does not exist.
        EnvironmentProblem: the folder can't be written.
    """
    chosen = with_ending(target, ".pdf")
    write_whole(chosen, pdf, overwrite=chosen == target)
    return chosen


def with_ending(target: Path, ending: str) -> Path:
    """The file with the ending that belongs to it."""
    return target if target.suffix.lower() == ending else target.with_name(target.name + ending)
