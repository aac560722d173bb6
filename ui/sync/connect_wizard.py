"""Connecting this desk, step by step: the code, what it means, the first sync, the sheet of the office."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.sync.records import ConnectionPreview, ConnectionState, RoundResult
from ui.setup.sheet_keeper import AskForFile, PrintSheet, ask_for_pdf, print_with_system
from ui.sync.connect_steps import AskForPicture, CodeStep, PreviewStep, SheetStep, ask_for_picture
from ui.sync.presenter import Done
from ui.sync.wording import round_words
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.containers import ScrollPage
from ui.widgets.feedback import Notice, ProgressPanel
from ui.widgets.labels import PageTitle, Words
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from desktop_app.core.progress import Progress
    from ui.shell.tasks import Task, TaskRunner
    from ui.sync.presenter import SyncPresenter

_COLUMN = 720


class Step(IntEnum):
    """Where the wizard is."""

    CODE = 0
    PREVIEW = 1
    SHEET = 2


class ConnectWizard(QWidget):
    """``finished(Done)`` when the desk is connected or waits at the door, ``left`` when nothing was connected."""

    finished = Signal(object)
    left = Signal()

    def __init__(
        self,
        presenter: SyncPresenter,
        tasks: TaskRunner,
        *,
        ask_picture: AskForPicture = ask_for_picture,
        file_question: AskForFile = ask_for_pdf,
        print_sheet: PrintSheet = print_with_system,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter, self._tasks = presenter, tasks
        self._task: Task | None = None
        self._code = ""
        self._result: RoundResult | None = None
        self._is_sheet_only = False
        self.step = Step.CODE
        theme = active_theme()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.pane = ScrollPage(width=_COLUMN, margin=16)
        self.title = PageTitle(tr("Mit anderen verbinden"))
        self.title.setWordWrap(True)
        self.pane.body.addWidget(self.title)
        self.where = Words("", "muted")
        self.pane.body.addWidget(self.where)
        self.notice = Notice()
        self.pane.body.addWidget(self.notice)
        self.progress = ProgressPanel()
        self.progress.cancel_requested.connect(self._cancel_task)
        self.progress.hide()
        self.pane.body.addWidget(self.progress)
        self.code_step = CodeStep(ask_picture=ask_picture)
        self.code_step.submitted.connect(self.go_on)
        self.preview_step = PreviewStep()
        self.preview_step.submitted.connect(self._go_to_button)
        self.sheet_step = SheetStep(file_question=file_question, print_sheet=print_sheet)
        self.sheet_step.ready_changed.connect(lambda _ready: self._renew())
        self._steps: dict[Step, QWidget] = {
            Step.CODE: self.code_step,
            Step.PREVIEW: self.preview_step,
            Step.SHEET: self.sheet_step,
        }
        for widget in self._steps.values():
            self.pane.body.addWidget(widget)
        self.pane.body.addStretch(1)
        outer.addWidget(self.pane, 1)
        foot = QFrame()
        foot.setProperty("part", "foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4))
        row.setSpacing(theme.px(8))
        self.back_button = QuietButton(tr("&Zurück"), icon_name="arrow-left")
        self.back_button.clicked.connect(lambda _on: self.go_back())
        self.next_button = PrimaryButton(tr("&Weiter"))
        self.next_button.clicked.connect(lambda _on: self.go_on())
        row.addWidget(self.back_button)
        row.addStretch(1)
        row.addWidget(self.next_button)
        outer.addWidget(foot)
        self._show(Step.CODE)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return self._task is not None

    def begin(self) -> None:
        """Start anew with the code; what was typed before is still there."""
        self._is_sheet_only = False
        self._show(Step.CODE)
        self.code_step.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_sheet(self) -> None:
        """Only the sheet is left to do."""
        self._result = None
        self._is_sheet_only = True
        self.sheet_step.group.set_text("")
        self._enter_sheet()

    def go_on(self) -> None:
        """The main button."""
        if self._task is not None or not self.next_button.isEnabled():
            return
        if self.step is Step.CODE:
            self._look()
        elif self.step is Step.PREVIEW:
            self._connect()
        else:
            self._confirm_sheet()

    def go_back(self) -> None:
        """One step back, or out; work under way is stopped first."""
        if self._task is not None:
            self.progress.cancel.click()
        elif self.step is Step.PREVIEW:
            self.begin()
        else:
            self.notice.hide()
            self.sheet_step.keeper.forget()
            self.left.emit()

    # Steps

    def _go_to_button(self) -> None:
        self.next_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _look(self) -> None:
        code = self.code_step.code()
        try:
            begun = self._presenter.begun_with(code)
        except QuartierslotseError as problem:
            self.code_step.show_problem(problem.message)
            return
        if begun:  # agreed to before, and broken off
            self._run(
                tr("Dieser Rechner wird verbunden und abgeglichen"),
                lambda progress: self._presenter.connect(code, begun, progress),
                self._connected,
            )
            return
        self._run(
            tr("Der Server wird gefragt"),
            lambda progress: self._presenter.preview(code, progress),
            lambda preview: self._looked(code, preview),
        )

    def _looked(self, code: str, preview: object) -> None:
        if isinstance(preview, ConnectionPreview):
            self._code = code
            self.preview_step.show_preview(preview)
            self._show(Step.PREVIEW)
            self.pane.verticalScrollBar().setValue(0)
            # Not on the button: the second Enter of a scanner would connect before anybody has read what it means.
            self.preview_step.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        label = self.preview_step.label.text()
        if not label:
            self.preview_step.label.set_error(tr("Bitte geben Sie diesem Rechner einen Namen, zum Beispiel „Empfang“."))
            self.preview_step.label.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        code = self._code
        set_shown(self.preview_step.not_yet, False)  # from here on something is
        self._run(
            tr("Dieser Rechner wird verbunden und abgeglichen"),
            lambda progress: self._presenter.connect(code, label, progress),
            self._connected,
        )

    def _connected(self, result: object) -> None:
        self.code_step.edit.clear()
        self._result = result if isinstance(result, RoundResult) else None
        if self._presenter.status().needs_recovery_sheet:
            self._enter_sheet()
            return
        self._finish()

    def _enter_sheet(self) -> None:
        self._show(Step.SHEET)
        self.sheet_step.keeper.wait()
        self._run(tr("Das Blatt wird vorbereitet"), self._presenter.recovery_sheet, self._sheet_made)

    def _sheet_made(self, pdf: object) -> None:
        if isinstance(pdf, bytes):
            self.sheet_step.keeper.show_sheet(pdf)
            self.sheet_step.keeper.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirm_sheet(self) -> None:
        try:
            self._presenter.confirm_recovery(self.sheet_step.group.text())
        except QuartierslotseError as problem:
            self.sheet_step.group.set_error(problem.message)
            self.sheet_step.group.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.sheet_step.keeper.forget()
        self.sheet_step.group.set_text("")
        self._finish()

    def _finish(self) -> None:
        self.notice.hide()
        self.finished.emit(Done(self._last_words()))

    def _last_words(self) -> str:
        status = self._presenter.status()
        if status.state is ConnectionState.WAITING_FOR_ADMISSION:
            return tr("Verbunden. Jetzt muss ein anderer Rechner diesen aufnehmen.")
        if self._is_sheet_only:
            return tr("Der Büro-Schlüssel ist gedruckt.")
        if self._result is None:
            # Without the sheet it broke off before there was a key; the sentence says that whole.
            return tr("Verbunden. Was noch fehlt, folgt von selbst.") if self.step is Step.SHEET else status.sentence
        moved = self._result.received or self._result.sent
        told = round_words(self._result) if moved else tr("Alles ist abgeglichen.")
        return tr("Verbunden. {told}", told=told)

    # Work beside the window

    def _run(self, title: str, work: Callable[[Progress], object], done: Callable[[object], None]) -> None:
        self.notice.hide()
        self.progress.start(title)
        pressed = QApplication.focusWidget()

        def finish(result: object) -> None:
            self._end()
            done(result)

        self._task = self._tasks.run(
            work,
            on_done=finish,
            on_error=self._failed,
            on_cancelled=self._cancelled,
            on_progress=self.progress.show_step,
        )
        self._renew()
        self.progress.hold_focus(pressed)
        self.pane.verticalScrollBar().setValue(0)  # where the progress is

    def _end(self) -> None:
        self._task = None
        self._renew()
        self.progress.give_focus_back()
        self.progress.hide()

    def _failed(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, QuartierslotseError):
            raise error
        if self.step is Step.CODE and isinstance(error, InputError):
            self.code_step.show_problem(error.message)
            return
        if self.step is not Step.SHEET and self._is_in():
            self._connected(None)
            self.notice.show_text(
                tr(
                    "Dieser Rechner ist verbunden, nur der erste Abgleich ist noch nicht zu Ende. {why}",
                    why=error.message,
                ),
                Tone.WARNING,
            )
            return
        self.notice.show_text(error.message, Tone.DANGER)
        self.pane.verticalScrollBar().setValue(0)

    def _is_in(self) -> bool:
        """Whether the hub knows this desk by now; what is missing follows in the background."""
        status = self._presenter.status()
        return status.state is not ConnectionState.NOT_CONNECTED and not status.is_shut_out

    def _cancelled(self) -> None:
        self._end()
        if self._is_in():
            self._connected(None)
            return
        self.notice.show_text(
            tr("Abgebrochen. Es ist nichts Halbes zurückgeblieben; Sie können neu beginnen."), Tone.INFO
        )

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    # Showing

    def _show(self, step: Step) -> None:
        self.step = step
        for key, widget in self._steps.items():
            set_shown(widget, key is step)
        self.notice.hide()
        self.title.setText(tr("Büro-Schlüssel drucken") if self._is_sheet_only else tr("Mit anderen verbinden"))
        set_shown(self.where, not self._is_sheet_only)
        names = (tr("der Code"), tr("was geteilt wird"), tr("der Büro-Schlüssel"))
        self.where.setText(tr("Schritt {number}: {name}", number=step + 1, name=names[step]))
        self._renew()

    def _renew(self) -> None:
        self.back_button.setText(tr("&Zurück") if self.step is Step.PREVIEW else tr("&Abbrechen"))
        if self.step is Step.SHEET:
            self.back_button.setText(tr("&Später"))
        words = {Step.CODE: tr("&Weiter"), Step.PREVIEW: tr("&Verbinden und abgleichen"), Step.SHEET: tr("&Fertig")}
        self.next_button.setText(words[self.step])
        ready = self.step is not Step.SHEET or self.sheet_step.is_ready
        self.next_button.setEnabled(self._task is None and ready)
        for widget in self._steps.values():
            widget.setEnabled(self._task is None or self.step is Step.SHEET)
