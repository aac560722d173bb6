"""The recovery sheet: it must be printed or saved before the first run goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from ui.setup.form_steps import SetUpStep
from ui.setup.presenter import SetUpPresenter
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


class RecoveryStep(SetUpStep):
    """Print or save, then tick that it lies safe. ``ready_changed`` says whether one may go on."""

    ready_changed = Signal(bool)

    def __init__(
        self,
        presenter: SetUpPresenter,
        *,
        file_question: AskForFile = ask_for_pdf,
        print_sheet: PrintSheet = print_with_system,
    ) -> None:
        super().__init__(
            presenter,
            tr("Das Wiederherstellungsblatt"),
            tr("Wenn das Passwort verloren geht, öffnet nur dieses Blatt die Daten. Ohne beides sind sie verloren – es gibt "
               "keinen anderen Weg."),
        )  # fmt: skip
        self._ask_file, self._print_sheet = file_question, print_sheet
        self._pdf = b""
        body = self.card.body
        body.addWidget(
            Words(tr("1. Drucken Sie das Blatt aus oder speichern Sie es auf einem USB-Stick, nicht auf diesem Rechner."),
                  wrap=True)
        )  # fmt: skip
        row = QWidget()
        flow = FlowLayout(row, gap=active_theme().px(8))
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
        self.safe.setEnabled(False)
        self.safe.toggled.connect(self._tell)
        body.addWidget(self.safe, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def is_ready(self) -> bool:
        """Whether the sheet is kept and lies safe."""
        return self.presenter.sheet_is_kept and self.safe.isChecked()

    def enter(self) -> None:
        self.print_button.setEnabled(bool(self._pdf))
        self.save_button.setEnabled(bool(self._pdf))
        if not self._pdf:
            self.result.show_text(tr("Das Blatt wird vorbereitet …"), Tone.INFO)
            self.presenter.make_sheet(done=self._made, failed=self._not_made)
        self._tell()

    def leave(self) -> bool:
        if not self.is_ready:
            return False
        self.presenter.forget_key()
        self._pdf = b""
        return True

    def _made(self, pdf: bytes) -> None:
        self._pdf = pdf
        self.result.hide()
        self.print_button.setEnabled(True)
        self.save_button.setEnabled(True)
        self.print_button.setFocus()

    def _not_made(self, error: Exception) -> None:
        if not isinstance(error, QuartierslotseError):
            raise error
        self.result.show_text(error.message, Tone.DANGER)

    def _print(self) -> None:
        try:
            printed = self._print_sheet(self, tr("Wiederherstellungsblatt"), self._pdf)
        except QuartierslotseError as problem:
            self.result.show_text(problem.message, Tone.WARNING)
            return
        if printed:
            self._keep(tr("Das Blatt ist beim Drucker. Prüfen Sie, ob es gut lesbar ist."))

    def _save(self) -> None:
        from ui.handouts.presenter import save_pdf

        target = self._ask_file(self, self.presenter.sheet_file_name())
        if target is None:
            return
        try:
            written = save_pdf(self._pdf, target)
        except QuartierslotseError as problem:
            self.result.show_text(problem.message, Tone.DANGER)
            return
        self._keep(tr("Gespeichert als „{name}“.", name=written.name))

    def _keep(self, sentence: str) -> None:
        self.presenter.sheet_is_kept = True
        self.result.show_text(sentence, Tone.SUCCESS)
        self.safe.setEnabled(True)
        self.safe.setFocus()
        self._tell()

    def _tell(self) -> None:
        self.ready_changed.emit(self.is_ready)
