"""The calm windows about what went wrong where no page can say it. Loaded when they are needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.environment.output_files import write_whole
from ui.theme.theme import active_theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Words

FileQuestion = Callable[[QWidget, str], Path | None]
"""Asks where to save a file with this proposed name; None when nobody wants to."""


def ask_for_file(parent: QWidget, name: str) -> Path | None:
    """Ask with the dialog of the system, which also asks before a file is replaced."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    chosen, _kind = QFileDialog.getSaveFileName(parent, tr("Bericht speichern"), str(Path(folder) / name))
    return Path(chosen) if chosen else None


class ProblemDialog(QDialog):
    """A sentence about something the user or whoever looks after the computer can put right."""

    def __init__(self, problem: QuartierslotseError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        from_outside = isinstance(problem, EnvironmentProblem)
        title = tr("Der Rechner lässt das gerade nicht zu") if from_outside else tr("Bitte prüfen")
        self.setWindowTitle(title)
        self.setModal(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.px(24),) * 4)
        layout.setSpacing(theme.px(12))
        layout.addWidget(Words(title, "section", wrap=True))
        self.sentence = Words(problem.message, wrap=True, selectable=True)
        layout.addWidget(self.sentence)
        layout.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        self.ok = PrimaryButton(tr("Weiterarbeiten"))
        self.ok.clicked.connect(self.accept)
        row.addWidget(self.ok)
        layout.addLayout(row)
        self.setMinimumWidth(theme.scale.with_text(480))
        self.ok.setFocus()


class ErrorDialog(QDialog):
    """Says once that the program failed, and shows the whole report; only the user copies or saves it.

    ``add`` puts a further failure into the same report while the window is open.
    """

    def __init__(
        self, report: str, parent: QWidget | None = None, *, file_name: str, file_question: FileQuestion = ask_for_file
    ) -> None:
        super().__init__(parent)
        self._file_name, self._file_question = file_name, file_question
        theme = active_theme()
        self.setWindowTitle(tr("Etwas hat nicht geklappt"))
        self.setModal(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.px(24),) * 4)
        layout.setSpacing(theme.px(12))
        layout.addWidget(
            Words(tr("Das hat nicht geklappt – der Fehler liegt beim Programm, nicht bei Ihnen."), "section", wrap=True)
        )
        self.sentence = Words(
            tr(
                "Alles bisher Gespeicherte ist sicher. Sie können weiterarbeiten. Dies ist der ganze Bericht; er enthält keine "
                "Angaben über Besucherinnen und Besucher und wird nirgendwohin geschickt. Geben Sie ihn weiter, wenn Sie "
                "möchten, dass der Fehler behoben wird."
            ),
            wrap=True,
        )
        layout.addWidget(self.sentence)
        self.details = QPlainTextEdit(report)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(tr("Fehlerbericht"))
        self.details.setMinimumHeight(theme.scale.with_text(300))
        layout.addWidget(self.details, 1)
        self.done_words = Words("", "muted", wrap=True)
        layout.addWidget(self.done_words)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        self.copy_button = Button(tr("Bericht &kopieren"), icon_name="copy")
        self.copy_button.clicked.connect(self._copy)
        row.addWidget(self.copy_button)
        self.save_button = Button(tr("Bericht &speichern …"), icon_name="save")
        self.save_button.clicked.connect(self._save)
        row.addWidget(self.save_button)
        row.addStretch(1)
        self.ok = PrimaryButton(tr("Weiterarbeiten"))
        self.ok.clicked.connect(self.accept)
        row.addWidget(self.ok)
        layout.addLayout(row)
        self.setMinimumWidth(theme.scale.with_text(640))
        self.ok.setFocus()

    def add(self, failure: str) -> None:
        """Show a further failure below the first."""
        self.details.appendPlainText("\n" + failure)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        self.done_words.setText(tr("Der Bericht ist in der Zwischenablage."))

    def _save(self) -> None:
        path = self._file_question(self, self._file_name)
        if path is None:
            return
        try:
            write_whole(path, self.details.toPlainText().encode("utf-8"), overwrite=True)
        except QuartierslotseError as problem:
            self.done_words.setText(problem.message)
            return
        self.done_words.setText(tr("Gespeichert: {name}", name=path.name))
