"""Statistik: choose a month, read five figures and one chart per question, hand the month on as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QEvent, QSignalBlocker, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.contacts.records import ContactsChanged, ReferralsChanged, TallyChanged
from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.months import Month
from desktop_app.core.translation import tr
from desktop_app.settings.records import OfficeChanged
from desktop_app.statistics.service import ExportFormat
from ui.shell.page import Page
from ui.shell.tasks import Task, TaskRunner
from ui.statistics.figures import FigureRow
from ui.statistics.presenter import MonthView, StatisticsPresenter
from ui.statistics.question_card import QuestionCard
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import IconButton, PrimaryButton
from ui.widgets.choices import Choice, SegmentedControl
from ui.widgets.containers import FoldOut, ScrollPage
from ui.widgets.feedback import EmptyState, Notice, ProgressPanel
from ui.widgets.fields import CalmComboBox
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PageTitle, Words

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress
    from ui.shell.notices import NoticeBridge

AskForTarget = Callable[[QWidget, str, ExportFormat], Path | None]

_COLUMN = 1100
_SHOW_PROGRESS_AFTER_MS = 400
_REFRESH_PAUSE_MS = 250


def ask_for_target(parent: QWidget, suggested_name: str, export_format: ExportFormat) -> Path | None:
    """Ask where the month goes, beginning in the documents folder."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or QDir.homePath()
    chosen, _ = QFileDialog.getSaveFileName(
        parent,
        tr("Statistik speichern"),
        str(Path(folder) / suggested_name),
        f"{export_format.label} (*.{export_format.value})",
    )
    return Path(chosen) if chosen else None


class StatisticsPage(Page):
    """The month in numbers. Counting and writing run beside the window."""

    loaded = Signal(object)

    def __init__(
        self,
        application: Application,
        notices: NoticeBridge,
        parent: QWidget | None = None,
        *,
        tasks: TaskRunner | None = None,
        target_question: AskForTarget = ask_for_target,
    ) -> None:
        super().__init__(tr("Statistik"), "chart-column", "statistics", parent=parent)
        self._presenter = StatisticsPresenter(application)
        self._tasks = tasks or TaskRunner(self)
        self._ask_target = target_question
        self._month = self._presenter.current_month()
        self._view: MonthView | None = None
        self._is_stale = True
        self._loading: Task | None = None
        self._exporting: Task | None = None
        self._cards: list[QuestionCard] = []
        self._build()
        self._show_months()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_SHOW_PROGRESS_AFTER_MS)
        self._wait.timeout.connect(self._show_waiting)
        self._refresh_timer = QTimer(self)
        self._refresh_timer.setSingleShot(True)
        self._refresh_timer.setInterval(_REFRESH_PAUSE_MS)
        self._refresh_timer.timeout.connect(self._load)
        for kind in (ContactsChanged, ReferralsChanged, TallyChanged, OfficeChanged):
            notices.listen(kind, lambda _notice: self._became_stale(), owner=self)

    # Page

    def main_focus(self) -> QWidget | None:
        return self.month_box

    def on_shown(self) -> None:
        if self._is_stale:
            self._load()

    def go_back(self) -> bool:
        if self._exporting is not None:
            self.progress.cancel.click()
            return True
        return False

    # For others

    def month(self) -> Month:
        """The month that is chosen."""
        return self._month

    def show_month(self, month: Month) -> None:
        """Choose a month and count it."""
        self._month = min(month, self._presenter.current_month())
        self._show_months()
        self._load()

    def cards(self) -> list[QuestionCard]:
        """The questions shown."""
        return list(self._cards)

    # Building

    def _build(self) -> None:
        theme = active_theme()
        head = QVBoxLayout()
        head.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(4))
        head.setSpacing(theme.px(8))
        head.addWidget(PageTitle(tr("Statistik")))
        head.addWidget(self._tools())
        self.progress = ProgressPanel()
        self.progress.cancel_requested.connect(self._cancel_export)
        self.progress.hide()
        head.addWidget(self.progress)
        self.body.addLayout(head)
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)
        self._waiting = ScrollPage(width=_COLUMN, margin=16)
        self.counting = ProgressPanel(tr("Der Monat wird gezählt …"))
        self.counting.cancel_requested.connect(self._cancel_loading)
        self.counting.hide()
        self._waiting.body.addWidget(self.counting)
        self._waiting.body.addStretch(1)
        self._stack.addWidget(self._waiting)
        self._stopped = EmptyState(
            "chart-column", tr("Der Monat wurde nicht gezählt."), action=tr("Noch einmal zählen")
        )
        self._stopped.action_requested.connect(self._load)
        self._stopped_page = ScrollPage(margin=0)
        self._stopped_page.body.addWidget(self._stopped)
        self._stack.addWidget(self._stopped_page)
        self._content = ScrollPage(width=_COLUMN, margin=16)
        self._build_content()
        self._stack.addWidget(self._content)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.export)

    def _tools(self) -> QWidget:
        theme = active_theme()
        tools = QWidget()
        flow = FlowLayout(tools, gap=theme.px(12))
        chooser = QWidget()
        line = QHBoxLayout(chooser)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(2))
        self.previous_button = IconButton("chevron-left", tr("Vorheriger Monat"))
        self.previous_button.clicked.connect(lambda: self.show_month(self._month.previous()))
        self.month_box = CalmComboBox()
        self.month_box.setAccessibleName(tr("Monat"))
        self.month_box.setMinimumContentsLength(15)
        self.month_box.currentIndexChanged.connect(self._month_chosen)
        self.next_button = IconButton("chevron-right", tr("Nächster Monat"))
        self.next_button.clicked.connect(lambda: self.show_month(self._month.next()))
        for widget in (self.previous_button, self.month_box, self.next_button):
            line.addWidget(widget)
        flow.addWidget(chooser)
        export = QWidget()
        line = QHBoxLayout(export)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        self.format = SegmentedControl(
            tr("Dateiformat"),
            [Choice(ExportFormat.PDF, "&PDF"), Choice(ExportFormat.XLSX, "&XLSX"), Choice(ExportFormat.CSV, "&CSV")],
        )
        for code in self.format.codes():
            self.format.button(code).setToolTip(ExportFormat(code).label)
        self._fit_tools()
        line.addWidget(self.format)
        self.export_button = PrimaryButton(tr("Monat &speichern …"), icon_name="download")
        self.export_button.setToolTip(tr("Monat als Datei speichern (Strg+S)"))
        self.export_button.clicked.connect(self.export)
        line.addWidget(self.export_button)
        flow.addWidget(export)
        return tools

    def _fit_tools(self) -> None:
        """Keep the three formats in one row."""
        self.format.setFixedWidth(sum(self.format.button(code).sizeHint().width() for code in self.format.codes()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and hasattr(self, "format"):
            self._fit_tools()
        return super().event(event)

    def _build_content(self) -> None:
        body = self._content.body
        self.test_notice = Notice(
            tr("Diese Datenbank enthält erzeugte Testdaten. Die Zahlen sind nicht echt."), Tone.WARNING, closable=False
        )
        body.addWidget(self.test_notice)
        self.figures = FigureRow()
        body.addWidget(self.figures)
        self.tally = Words("", "muted", wrap=True)
        body.addWidget(self.tally)
        self.empty = EmptyState(
            "chart-column",
            tr("In diesem Monat ist noch nichts erfasst."),
            detail=tr("Kontakte werden am Empfang erfasst und erscheinen hier sofort."),
            action=tr("Zum Empfang"),
        )
        self.empty.action_requested.connect(lambda: self.open_requested.emit("reception", None))
        body.addWidget(self.empty)
        self._questions = QVBoxLayout()
        self._questions.setSpacing(active_theme().px(16))
        body.addLayout(self._questions)
        self.more = FoldOut(tr("Weitere Fragen"))
        self.more.expanded.connect(self._fill_more)
        body.addWidget(self.more)
        body.addStretch(1)

    # Choosing

    def _show_months(self) -> None:
        with QSignalBlocker(self.month_box):
            self.month_box.clear()
            for code, label in self._presenter.months(self._month):
                self.month_box.addItem(label, code)
            self.month_box.setCurrentIndex(self.month_box.findData(str(self._month)))
        self.next_button.setEnabled(self._month < self._presenter.current_month())

    def _month_chosen(self) -> None:
        self.show_month(Month.parse(str(self.month_box.currentData())))

    def _became_stale(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._refresh_timer.start()

    # Counting

    def _load(self) -> None:
        self._refresh_timer.stop()
        if self._loading is not None:
            self._loading.cancel()
        self._is_stale = False
        self.clear_problem()
        self.counting.start(tr("Der Monat wird gezählt …"))
        self.counting.hide()
        self._wait.start()
        month = self._month

        def work(progress: Progress) -> MonthView:
            return self._presenter.load(month, progress)

        self._loading = task = self._tasks.run(
            work,
            on_done=lambda view: self._show_view(view, task),
            on_error=lambda problem: self._not_loaded(problem, task),
            on_cancelled=lambda: self._not_loaded(None, task),
            on_progress=self.counting.show_step,
        )

    def _show_waiting(self) -> None:
        self.counting.show()
        self._stack.setCurrentWidget(self._waiting)

    def _cancel_loading(self) -> None:
        if self._loading is not None:
            self._loading.cancel()

    def _not_loaded(self, problem: Exception | None, task: Task) -> None:
        if task is not self._loading:
            return
        self._loading = None
        self._wait.stop()
        self._is_stale = True
        self._stack.setCurrentWidget(self._stopped_page)
        if isinstance(problem, QuartierslotseError):
            self.show_problem(problem)
        elif problem is not None:
            self._tasks.failed.emit(problem)

    def _show_view(self, view: MonthView, task: Task) -> None:
        if task is not self._loading:
            return
        self._loading = None
        self._wait.stop()
        if view != self._view:
            self._view = view
            self._fill(view)
        self._stack.setCurrentWidget(self._content)
        self.loaded.emit(view)

    def _fill(self, view: MonthView) -> None:
        self.test_notice.setVisible(view.test_data)
        self.figures.show_figures(view.figures)
        self.tally.setText(
            tr("Strichliste: {figures}", figures=" · ".join(f"{label} {number}" for label, number in view.tally))
        )
        for card in self._cards:
            card.hide()
            card.deleteLater()
        self._cards = []
        self.empty.setVisible(view.is_empty)
        self.more.setVisible(bool(view.more) and not view.is_empty)
        if view.is_empty:
            return
        for table in view.main:
            card = QuestionCard(table)
            self._questions.addWidget(card)
            self._cards.append(card)
        if self.more.is_open():
            self._fill_more(is_open=True)

    def _fill_more(self, is_open: bool) -> None:
        if not is_open or self._view is None:
            return
        shown = {card.key for card in self._cards}
        for table in self._view.more:
            if table.key not in shown:
                card = QuestionCard(table)
                self.more.body.addWidget(card)
                self._cards.append(card)

    # Exporting

    def export(self) -> None:
        """Ask where to and write the month in the chosen format."""
        if self._exporting is not None:
            return
        month, export_format = self._month, ExportFormat(self.format.value())
        target = self._ask_target(self, self._presenter.file_name(month, export_format), export_format)
        if target is None:
            return
        self.clear_problem()
        self.export_button.setEnabled(False)
        self.progress.start(tr("„{name}“ wird geschrieben …", name=target.name))

        def work(progress: Progress) -> Path:
            return self._presenter.export(month, export_format, target, progress)

        self._exporting = self._tasks.run(
            work,
            on_done=self._exported,
            on_error=self._not_exported,
            on_cancelled=lambda: self._export_ended(tr("Nicht gespeichert: abgebrochen."), Tone.NEUTRAL),
            on_progress=self.progress.show_step,
        )

    def _cancel_export(self) -> None:
        if self._exporting is not None:
            self._exporting.cancel()

    def _exported(self, target: Path) -> None:
        self._export_ended(tr("„{name}“ gespeichert.", name=target.name), Tone.SUCCESS)

    def _not_exported(self, problem: Exception) -> None:
        self._export_ended("", Tone.DANGER)
        if isinstance(problem, QuartierslotseError):
            self.show_problem(problem)
        else:
            self.show_problem(tr("Die Datei konnte wegen eines Fehlers im Programm nicht geschrieben werden."))
            self._tasks.failed.emit(problem)

    def _export_ended(self, text: str, tone: Tone) -> None:
        focused: QWidget | None = self.focusWidget()
        had_focus = focused is not None and self.progress.isAncestorOf(focused)
        self._exporting = None
        self.progress.hide()
        self.export_button.setEnabled(True)
        if had_focus:
            self.export_button.setFocus(Qt.FocusReason.OtherFocusReason)
        if text:
            self.say(text, tone=tone)
