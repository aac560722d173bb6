"""The window of the first run: steps on the left, one step in front, back and next at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.bootstrap import Surroundings
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder
from ui.setup.form_steps import AccountStep, OfficeStep, SetUpStep, SpacesStep
from ui.setup.presenter import SetUpPresenter, Step, step_name
from ui.setup.recovery_step import RecoveryStep
from ui.setup.sheet_keeper import AskForFile, PrintSheet, ask_for_pdf, print_with_system
from ui.shell.tasks import TaskRunner
from ui.theme.theme import active_theme
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.containers import ScrollPage
from ui.widgets.feedback import EmptyState
from ui.widgets.labels import Words

if TYPE_CHECKING:
    from ui.setup.directory_step import DirectoryStep

_LIST_FROM = 900


class _StepLine(QWidget):
    """A step in the list: done, in front, or to come."""

    def __init__(self, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = step
        self._current = Step.OFFICE
        theme = active_theme()
        self.setMinimumHeight(theme.scale.target)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_current(Step.OFFICE)

    def show_current(self, current: Step) -> None:
        """Say which step is in front."""
        self._current = current
        state = tr("erledigt") if self._step < current else tr("jetzt") if self._step == current else tr("kommt noch")
        self.setAccessibleName(f"{step_name(self._step)}: {state}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_current, is_done = self._step == self._current, self._step < self._current
        side = theme.scale.font() + theme.px(12)
        top = (self.height() - side) // 2
        painter.setPen(theme.colour("on_rail"))
        painter.setBrush(theme.colour("on_rail_selected" if is_current else "rail_selected" if is_done else "rail"))
        painter.drawEllipse(theme.px(4), top, side, side)
        painter.setPen(theme.colour("rail" if is_current else "on_rail"))
        painter.setFont(theme.font(weight=QFont.Weight.Bold))
        if is_done:
            mark = theme.icon_size(16)
            painter.drawPixmap(
                theme.px(4) + (side - mark) // 2,
                top + (side - mark) // 2,
                theme.pixmap("check", "on_rail_selected", 16),
            )
        else:
            painter.drawText(theme.px(4), top, side, side, int(Qt.AlignmentFlag.AlignCenter), str(self._step + 1))
        painter.setFont(theme.font(weight=QFont.Weight.DemiBold if is_current else QFont.Weight.Normal))
        painter.setPen(theme.colour("on_rail_selected" if is_current else "on_rail"))
        left = theme.px(4) + side + theme.px(12)
        painter.drawText(
            left, 0, self.width() - left, self.height(), int(Qt.AlignmentFlag.AlignVCenter), step_name(self._step)
        )


class SetUpWizard(QWidget):
    """The first run. ``finished(application)`` hands the open application on; closing the window before does not."""

    finished = Signal(object)

    def __init__(
        self,
        folder: DataFolder,
        surroundings: Surroundings,
        tasks: TaskRunner,
        *,
        file_question: AskForFile = ask_for_pdf,
        print_sheet: PrintSheet = print_with_system,
    ) -> None:
        super().__init__()
        self.setWindowTitle(tr("Quartierslotse einrichten"))
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tasks = tasks
        self._handed_on = False
        self.presenter = SetUpPresenter(folder, surroundings, tasks)
        self.office = OfficeStep(self.presenter)
        self.spaces = SpacesStep(self.presenter)
        self.account = AccountStep(self.presenter)
        self.recovery = RecoveryStep(self.presenter, file_question=file_question, print_sheet=print_sheet)
        self._directory: DirectoryStep | None = None
        self._step = Step.OFFICE
        self._build()
        for step in (self.office, self.spaces, self.account):
            step.next_requested.connect(self.go_on)
        self.recovery.ready_changed.connect(self._renew_buttons)
        self.resize(1100, 780)
        self._show(Step.OFFICE)

    @property
    def step(self) -> Step:
        """The step in front."""
        return self._step

    def go_on(self) -> None:
        """The main button: finish this step and show the next."""
        if self.presenter.is_busy or not self.next_button.isEnabled():
            return
        widget = self.pages.currentWidget()
        if isinstance(widget, SetUpStep) and not widget.leave():
            return
        if self._step is Step.ACCOUNT and not self.presenter.is_created:
            self._create()
        elif self._step is Step.DONE:
            self._finish()
        else:
            self._show(Step(self._step + 1))

    def go_back(self) -> None:
        """One step back; what was typed stays. Behind the account there is no way back: the data exists."""
        if self._step is Step.DIRECTORY:
            self._directory_step().go_back()
        elif self._can_go_back():
            self._show(Step(self._step - 1))
        self._renew_buttons()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tasks.close()
        if not self._handed_on and self.presenter.application is not None:
            self.presenter.application.close()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= active_theme().scale.with_text(_LIST_FROM)
        self._list.setVisible(wide)
        self._progress.setVisible(not wide)

    # -- building ------------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = active_theme()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._list = QFrame()
        self._list.setProperty("part", "rail")
        self._list.setFixedWidth(theme.scale.with_text(230))
        lines = QVBoxLayout(self._list)
        lines.setContentsMargins(theme.px(12), theme.px(32), theme.px(12), theme.px(12))
        self._lines = [_StepLine(step) for step in Step]
        for line in self._lines:
            lines.addWidget(line)
        lines.addStretch(1)
        row.addWidget(self._list)
        column = QVBoxLayout()
        column.setSpacing(0)
        self.pages = QStackedWidget()
        for widget in (self.office, self.spaces, self.account, self.recovery):
            self.pages.addWidget(widget)
        column.addWidget(self.pages, 1)
        foot = QFrame()
        foot.setProperty("part", "foot")
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(theme.px(24), theme.px(8), theme.px(24), theme.px(8))
        self.back_button = QuietButton(tr("&Zurück"), icon_name="arrow-left")
        self.back_button.clicked.connect(self.go_back)
        self.next_button = PrimaryButton(tr("&Weiter"))
        self.next_button.clicked.connect(self.go_on)
        self._progress = Words("", "muted")
        buttons.addWidget(self.back_button)
        buttons.addStretch(1)
        buttons.addWidget(self._progress)
        buttons.addSpacing(theme.px(12))
        buttons.addWidget(self.next_button)
        column.addWidget(foot)
        row.addLayout(column, 1)
        self._done = ScrollPage(width=640)
        self.done_text = EmptyState(
            "circle-check",
            tr("Ihr Büro ist eingerichtet."),
            detail=tr("Am Empfang halten Sie ab jetzt Kontakte fest: Thema drücken, Strg+Enter. Mit F1 gibt es auf jeder "
                      "Seite Hilfe."),
        )  # fmt: skip
        self._done.body.addWidget(self.done_text)

    # -- inside --------------------------------------------------------------------------------------

    def _show(self, step: Step) -> None:
        self._step = step
        if step is Step.DIRECTORY:
            page: QWidget = self._directory_step()
        elif step is Step.DONE:
            page = self._done
        else:
            page = (self.office, self.spaces, self.account, self.recovery)[step]
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        for line in self._lines:
            line.show_current(step)
        self._progress.setText(
            tr("Schritt {number} von {count}: {name}", number=step + 1, count=len(Step), name=step_name(step))
        )
        self._renew_buttons()
        enter = getattr(page, "enter", None)
        if enter is not None:
            enter()
        else:
            self.next_button.setFocus()

    def _renew_buttons(self) -> None:
        self.back_button.setVisible(self._can_go_back())
        busy = self.presenter.is_busy
        directory = self._directory
        may_go_on = {
            Step.RECOVERY: self.recovery.is_ready,
            Step.DIRECTORY: directory is None or directory.may_go_on,
        }.get(self._step, True)
        self.next_button.setEnabled(not busy and may_go_on)
        words = {
            Step.ACCOUNT: tr("Büro &anlegen"),
            Step.DIRECTORY: tr("&Weiter") if directory is not None and directory.is_filled else tr("&Leer anfangen"),
            Step.DONE: tr("Zum &Empfang"),
        }
        self.next_button.setText(tr("Wird angelegt …") if busy else words.get(self._step, tr("&Weiter")))

    def _can_go_back(self) -> bool:
        return self._step in {Step.SPACES, Step.ACCOUNT} and not self.presenter.is_busy

    def _create(self) -> None:
        self.presenter.create(done=self._created, failed=self._not_created)
        self._renew_buttons()

    def _created(self) -> None:
        self.account.password.clear()
        self._show(Step.RECOVERY)

    def _not_created(self, sentence: str, field: str) -> None:
        self._renew_buttons()
        self.account.show_field_problem(field, sentence)

    def _directory_step(self) -> DirectoryStep:
        if self._directory is None:
            from ui.setup.directory_step import DirectoryStep  # loaded when it is reached

            self._directory = DirectoryStep(self.presenter, self._tasks)
            self._directory.filled.connect(self._filled)
            self._directory.state_changed.connect(self._renew_buttons)
        return self._directory

    def _filled(self, sentence: str) -> None:
        self.done_text.sentence.setText(tr("Ihr Büro ist eingerichtet. {sentence}", sentence=sentence))

    def _finish(self) -> None:
        self._handed_on = True
        self.finished.emit(self.presenter.application)
