"""Printing and saving sheets about visitors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.core.translation import tr, tr_count
from ui.handouts.printing import AskForPrinter, ask_with_system_dialog, print_job, send_to_printer
from ui.visitors.presenter import Paper

AskForFile = Callable[[QWidget, str], Path | None]
"""Asks where to save, given a suggested name; ``None`` means that the person changed their mind."""


def ask_with_file_dialog(parent: QWidget, suggested_name: str) -> Path | None:
    """Ask with the file dialog of the system, beginning in the documents folder."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or QDir.homePath()
    ending = Path(suggested_name).suffix
    chosen, _ = QFileDialog.getSaveFileName(
        parent,
        tr("Blatt speichern"),
        str(Path(folder) / suggested_name),
        tr("Datei (*{ending})", ending=ending),
    )
    return Path(chosen) if chosen else None


class PaperDesk:
    """Prints and saves. Returns a sentence, empty when the person changed their mind."""

    def __init__(
        self,
        parent: QWidget,
        *,
        ask_printer: AskForPrinter = ask_with_system_dialog,
        ask_file: AskForFile = ask_with_file_dialog,
    ) -> None:
        """Ask in windows over `parent`."""
        self._parent = parent
        self._ask_printer = ask_printer
        self._ask_file = ask_file

    def print_sheet(self, paper: Paper) -> str:
        """Print a sheet. Raises UserError and EnvironmentProblem."""
        job = print_job(paper.title, paper.make())
        printer = self._ask_printer(job, self._parent)
        if printer is None:
            return ""
        sides = send_to_printer(job, printer)
        return tr_count("1 Seite gedruckt.", "{count} Seiten gedruckt.", sides)

    def save(self, paper: Paper) -> str:
        """Save a sheet whole or not at all. Raises UserError and EnvironmentProblem."""
        from desktop_app.environment.output_files import write_whole

        target = self._ask_file(self._parent, paper.file_name)
        if target is None:
            return ""
        ending = Path(paper.file_name).suffix
        chosen = target if target.suffix.lower() == ending else target.with_name(target.name + ending)
        write_whole(chosen, paper.make(), overwrite=chosen == target)
        return tr("„{name}“ gespeichert.", name=chosen.name)
