"""Makes the documents for the data protection officer in a folder of the user's choice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button
from ui.widgets.containers import Card
from ui.widgets.feedback import Notice
from ui.widgets.labels import Words

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.tasks import TaskRunner

FolderQuestion = Callable[[QWidget], Path | None]
"""Asks for a folder; None when nobody wants one."""


def ask_for_folder(parent: QWidget) -> Path | None:
    """Ask with the dialog of the system."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    chosen = QFileDialog.getExistingDirectory(parent, tr("Ordner für die Unterlagen"), documents)
    return Path(chosen) if chosen else None


class PrivacyCard(Card):
    """A button; ``written`` says where the documents lie."""

    written = Signal(str)

    def __init__(
        self,
        application: Application,
        tasks: TaskRunner,
        *,
        folder_question: FolderQuestion = ask_for_folder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Unterlagen für den Datenschutz"), parent=parent)
        self._application, self._tasks, self._folder_question = application, tasks, folder_question
        self.body.addWidget(
            Words(
                tr("Verarbeitungsverzeichnis, Löschkonzept und technische Maßnahmen, passend zum Rechtsprofil des Büros: als "
                   "PDF zum Unterschreiben und als Text zum Weiterschreiben. Es sind Vorlagen; die freien Stellen füllt das "
                   "Büro aus."),
                "muted", wrap=True,
            )
        )  # fmt: skip
        self.button = Button(tr("&Unterlagen erstellen …"), icon_name="shield-check")
        self.button.clicked.connect(lambda _on: self.make())
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.notice = Notice()
        self.body.addWidget(self.notice)

    def make(self) -> None:
        """Ask for the folder and write; files that are there stay."""
        folder = self._folder_question(self)
        if folder is None:
            return
        self.notice.hide()
        self.button.setEnabled(False)
        documents = self._application.privacy
        self._tasks.run(
            lambda progress: documents.write(folder, progress),
            on_done=lambda files: self._finish(
                tr("{count} Dateien liegen in „{folder}“.", count=len(files), folder=folder)
            ),
            on_error=self._refuse,
            on_cancelled=lambda: self.button.setEnabled(True),
        )

    def _finish(self, sentence: str) -> None:
        self.button.setEnabled(True)
        self.notice.show_text(sentence, Tone.SUCCESS)
        self.written.emit(sentence)

    def _refuse(self, error: Exception) -> None:
        self.button.setEnabled(True)
        if not isinstance(error, QuartierslotseError):
            raise error
        self.notice.show_text(error.message, Tone.DANGER)
