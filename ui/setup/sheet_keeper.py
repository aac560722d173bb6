"""Keeping a recovery sheet: print it or save it, put it away, and say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.feedback import Notice
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Words

AskForFile = Callable[[QWidget, str], Path | None]
PrintSheet = Callable[[QWidget, str, bytes], bool]


def ask_for_pdf(parent: QWidget, suggested_name: str) -> Path | None:
    """Ask where the sheet is to be saved."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or QDir.homePath()
    chosen, _ = QFileDialog.getSaveFileName(
        parent, tr("Wiederherstellungsblatt speichern"), str(Path(folder) / suggested_name), tr("PDF-Datei (*.pdf)")
    )
    return Path(chosen) if chosen else None


def print_with_system(parent: QWidget, title: str, pdf: bytes) -> bool:
    """Print with the dialog of the system; ``False`` if the person changed their mind. Raises UserError."""
    from ui.handouts.printing import ask_with_system_dialog, print_job, send_to_printer

    job = print_job(title, pdf)
    printer = ask_with_system_dialog(job, parent)
    return printer is not None and send_to_printer(job, printer) > 0


class SheetKeeper(QWidget):
    """Print or save, then tick that it lies safe. ``title`` names the print job and the file.

    ``kept`` comes when the sheet was printed or saved, ``ready_changed`` with every step towards lying safe.
    """

    kept = Signal()
    ready_changed = Signal(bool)

    def __init__(
        self,
        *,
        file_question: AskForFile = ask_for_pdf,
        print_sheet: PrintSheet = print_with_system,
        title: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ask_file, self._print_sheet = file_question, print_sheet
        self._title = title or tr("Wiederherstellungsblatt")
        self._pdf = b""
        self._is_kept = False
        theme = active_theme()
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(theme.px(12))
        body.addWidget(
            Words(tr("1. Drucken Sie das Blatt aus oder speichern Sie es auf einem USB-Stick, nicht auf diesem Rechner."),
                  wrap=True)
        )  # fmt: skip
        row = QWidget()
        flow = FlowLayout(row, gap=theme.px(8))
        self.print_button = PrimaryButton(tr("Blatt &drucken …"), icon_name="printer")
        self.print_button.clicked.connect(self._print)
        self.save_button = Button(tr("Als &PDF speichern …"), icon_name="download")
        self.save_button.clicked.connect(self._save)
        flow.addWidget(self.print_button)
        flow.addWidget(self.save_button)
        body.addWidget(row)
        self.result = Notice(closable=False)
        body.addWidget(self.result)
        body.addWidget(Words(tr("2. Legen Sie es verschlossen weg, zum Beispiel beim Träger im Tresor."), wrap=True))
        self.safe = QCheckBox(tr("Das Blatt &liegt sicher"))
        self.safe.toggled.connect(self._tell)
        body.addWidget(self.safe, 0, Qt.AlignmentFlag.AlignLeft)
        self.forget()

    @property
    def is_ready(self) -> bool:
        """Whether the sheet is kept and lies safe."""
        return self._is_kept and self.safe.isChecked()

    @property
    def has_sheet(self) -> bool:
        """Whether there is a sheet to keep."""
        return bool(self._pdf)

    def wait(self) -> None:
        """Say that the sheet is being made."""
        self.forget()
        self.result.show_text(tr("Das Blatt wird vorbereitet …"), Tone.INFO)

    def show_sheet(self, pdf: bytes) -> None:
        """Offer a sheet, with the keyboard on the print button."""
        self.forget()
        self._pdf = pdf
        self.print_button.setEnabled(True)
        self.save_button.setEnabled(True)
        self.print_button.setFocus()

    def show_problem(self, sentence: str) -> None:
        """Say why there is no sheet."""
        self.result.show_text(sentence, Tone.DANGER)

    def forget(self) -> None:
        """Hold no sheet any more: it opens everything."""
        self._pdf = b""
        self._is_kept = False
        self.print_button.setEnabled(False)
        self.save_button.setEnabled(False)
        self.safe.setChecked(False)
        self.safe.setEnabled(False)
        self.result.hide()

    def _print(self) -> None:
        try:
            printed = self._print_sheet(self, self._title, self._pdf)
        except QuartierslotseError as problem:
            self.result.show_text(problem.message, Tone.WARNING)
            return
        if printed:
            self._keep(tr("Das Blatt ist beim Drucker. Prüfen Sie, ob es gut lesbar ist."))

    def _save(self) -> None:
        from ui.handouts.presenter import save_pdf

        target = self._ask_file(self, tr("{title} Quartierslotse.pdf", title=self._title))
        if target is None:
            return
        try:
            written = save_pdf(self._pdf, target)
        except QuartierslotseError as problem:
            self.result.show_text(problem.message, Tone.DANGER)
            return
        self._keep(tr("Gespeichert als „{name}“.", name=written.name))

    def _keep(self, sentence: str) -> None:
        self._is_kept = True
        self.result.show_text(sentence, Tone.SUCCESS)
        self.safe.setEnabled(True)
        self.safe.setFocus()
        self.kept.emit()
        self._tell()

    def _tell(self) -> None:
        self.ready_changed.emit(self.is_ready)
