"""Bringing a directory in: choose, look at what would happen, do it, read the report. Nothing changes before the preview."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QSizePolicy,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.directory.records import ImportReport
from desktop_app.storage.database import DamagedDatabase
from ui.directory.columns import ProblemModel, in_full
from ui.directory.import_wording import count_rows, headline, problem_line, save_report
from ui.shell.tasks import Task, TaskRunner
from ui.theme.resource_files import resource_file
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import Notice, ProgressPanel
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PageTitle, Words
from ui.widgets.record_view import KeyValueTable

if TYPE_CHECKING:
    from desktop_app.core.progress import Progress

_COLUMN = 860
_TABLE_ROWS = 8
_ALL_COLUMNS_FROM = 640


class RunImport(Protocol):
    """Reads a source; with ``dry_run`` it only says what would happen. Runs in a background thread."""

    def __call__(self, path: Path, *, dry_run: bool, progress: Progress) -> ImportReport:
        """Return the report. Raises UserError if nothing in the source can be read."""
        ...


BackUp = Callable[["Progress"], None]
"""Makes a backup before an import; runs in the background thread. Raises EnvironmentProblem if it can't be made."""

AskForSource = Callable[[QWidget], Path | None]
AskForTarget = Callable[[QWidget, str], Path | None]


def ask_for_file(parent: QWidget) -> Path | None:
    """Ask for a file with the dialog of the system."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent, tr("Verzeichnisdatei wählen"), "", tr("Verzeichnis (*.zip *.json);;Alle Dateien (*)")
    )
    return Path(chosen) if chosen else None


def ask_for_folder(parent: QWidget) -> Path | None:
    """Ask for a folder with the dialog of the system."""
    chosen = QFileDialog.getExistingDirectory(parent, tr("Ordner mit den CSV-Dateien wählen"))
    return Path(chosen) if chosen else None


def ask_for_report(parent: QWidget, suggested_name: str) -> Path | None:
    """Ask where the report goes."""
    chosen, _ = QFileDialog.getSaveFileName(parent, tr("Bericht speichern"), suggested_name, tr("CSV-Datei (*.csv)"))
    return Path(chosen) if chosen else None


def sample_directory() -> Path | None:
    """The directory of the shipped fictional town, if it is shipped."""
    folder = resource_file("sample", "directory")
    return folder if folder.is_dir() else None


class _NoBackup(Exception):
    """The backup before the import can't be made; nothing has been imported yet."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _backed_up(back_up: BackUp, progress: Progress) -> None:
    try:
        back_up(progress)
    except DamagedDatabase:
        raise
    except EnvironmentProblem as problem:
        raise _NoBackup(problem.message) from problem


class ImportPanel(QWidget):
    """Four views of one import: choosing, working, preview, result."""

    close_requested = Signal()
    finished = Signal(object)
    """The report of a run that was not a dry run."""

    def __init__(
        self,
        run_import: RunImport,
        tasks: TaskRunner,
        *,
        back_up: BackUp | None = None,
        file_question: AskForSource = ask_for_file,
        folder_question: AskForSource = ask_for_folder,
        target_question: AskForTarget = ask_for_report,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._run_import = run_import
        self._tasks = tasks
        self._back_up = back_up
        self._ask_file, self._ask_folder, self._ask_target = file_question, folder_question, target_question
        self._task: Task | None = None
        self._path: Path | None = None
        self._label = ""
        self._report: ImportReport | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        outer.addWidget(self._stack)
        self._choose = ScrollPage(width=_COLUMN, margin=16)
        self._work = ScrollPage(width=_COLUMN, margin=16)
        self._result = ScrollPage(width=_COLUMN, margin=16)
        self._build_choose()
        self._build_work()
        self._build_result()
        for page in (self._choose, self._work, self._result):
            self._stack.addWidget(page)

    # For the owner

    @property
    def is_working(self) -> bool:
        """Whether an import or its preview is under way."""
        return self._task is not None

    def begin(self, path: Path | None = None, label: str = "") -> None:
        """Start over: choose a source, or look at ``path`` (called ``label`` on the screen) at once."""
        if self.is_working:
            return
        self.problem.hide()
        self._report = None
        if path is None:
            self._stack.setCurrentWidget(self._choose)
            self.file_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._label = label or path.name
            self._start(path, dry_run=True)

    def _begin_anew(self) -> None:
        self.begin()

    def choose_file(self) -> None:
        """Ask for a file and look at it."""
        self._look_at(self._ask_file(self))

    def choose_folder(self) -> None:
        """Ask for a folder and look at it."""
        self._look_at(self._ask_folder(self))

    def go_back(self) -> bool:
        """One step back; ``False`` if there is none left inside the panel. Work under way is asked to stop."""
        if self._task is not None:
            self.progress.cancel.click()
            return True
        if self._stack.currentWidget() is self._result and self._report is not None and self._report.dry_run:
            self.begin()
            return True
        return False

    # Building

    def _build_choose(self) -> None:
        body = self._choose.body
        body.addWidget(PageTitle(tr("Verzeichnis einlesen")))
        self.problem = Notice()
        body.addWidget(self.problem)
        card = Card()
        card.body.addWidget(
            Words(
                tr(
                    "Quartierslotse liest Verzeichnisse im offenen Format „Open Referral HSDS 3“: eine ZIP- oder JSON-Datei "
                    "oder einen Ordner mit CSV-Dateien. Zuerst wird nur geprüft, was sich ändern würde."
                ),
                wrap=True,
            )
        )
        row = QWidget()
        flow = FlowLayout(row, gap=active_theme().px(8))
        self.file_button = PrimaryButton(tr("&Datei wählen …"), icon_name="file-input")
        self.file_button.clicked.connect(self.choose_file)
        self.folder_button = Button(tr("&Ordner wählen …"), icon_name="folder-open")
        self.folder_button.clicked.connect(self.choose_folder)
        self.back_button = QuietButton(tr("&Zurück"), icon_name="arrow-left")
        self.back_button.clicked.connect(self.close_requested)
        for button in (self.file_button, self.folder_button, self.back_button):
            flow.addWidget(button)
        card.body.addWidget(row)
        body.addWidget(card)
        body.addStretch(1)

    def _build_work(self) -> None:
        self._work.body.addWidget(PageTitle(tr("Verzeichnis einlesen")))
        self.progress = ProgressPanel()
        self.progress.cancel_requested.connect(self._cancel)
        self._work.body.addWidget(self.progress)
        self._work.body.addStretch(1)

    def _build_result(self) -> None:
        body = self._result.body
        theme = active_theme()
        body.addWidget(PageTitle(tr("Verzeichnis einlesen")))
        self.outcome = Notice(closable=False)
        self.outcome.action_requested.connect(self._import_without_backup)
        body.addWidget(self.outcome)
        row = QWidget()
        flow = FlowLayout(row, gap=theme.px(8))
        self.import_button = PrimaryButton(tr("Jetzt &einlesen"), icon_name="check")
        self.import_button.clicked.connect(self._import)
        self.done_button = PrimaryButton(tr("Zum &Verzeichnis"), icon_name="book-open")
        self.done_button.clicked.connect(self.close_requested)
        self.report_button = Button(tr("Bericht &speichern …"), icon_name="download")
        self.report_button.clicked.connect(self._save_report)
        self.other_button = QuietButton(tr("&Andere Quelle"), icon_name="arrow-left")
        self.other_button.clicked.connect(self._begin_anew)
        for button in (self.import_button, self.done_button, self.report_button, self.other_button):
            flow.addWidget(button)
        body.addWidget(row)
        counts = Card()
        self._source = Words("", "muted", wrap=True, selectable=True)
        counts.body.addWidget(self._source)
        self._counts = KeyValueTable()
        counts.body.addWidget(self._counts)
        body.addWidget(counts)
        self._findings = Card(tr("Auffälligkeiten"))
        self._findings_line = Words("", wrap=True)
        self._findings.body.addWidget(self._findings_line)
        self.model = ProblemModel()
        self.table = QTableView()
        self.table.setAccessibleName(tr("Auffälligkeiten, Zeile für Zeile"))
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table.selectionModel().currentRowChanged.connect(self._show_detail)
        self._findings.body.addWidget(self.table)
        self._detail = Words("", wrap=True, selectable=True)
        self._findings.body.addWidget(self._detail)
        body.addWidget(self._findings)
        body.addStretch(1)

    # Working

    def _look_at(self, path: Path | None) -> None:
        if path is not None:
            self._label = path.name
            self._start(path, dry_run=True)

    def _import(self) -> None:
        if self._path is not None:
            self._start(self._path, dry_run=False)

    def _import_without_backup(self) -> None:
        if self._path is not None:
            self._start(self._path, dry_run=False, with_backup=False)

    def _start(self, path: Path, *, dry_run: bool, with_backup: bool = True) -> None:
        if self.is_working:
            return
        self._path = path
        self.problem.hide()
        self.progress.start(
            tr("„{name}“ wird geprüft …", name=self._label)
            if dry_run
            else tr("„{name}“ wird eingelesen …", name=self._label)
        )
        self._stack.setCurrentWidget(self._work)
        self.progress.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        back_up = self._back_up if with_backup and not dry_run else None

        def work(progress: Progress) -> ImportReport:
            if back_up is not None:
                _backed_up(back_up, progress)
            return self._run_import(path, dry_run=dry_run, progress=progress)

        self._task = self._tasks.run(
            work,
            on_done=self._show_report,
            on_error=self._show_problem,
            on_cancelled=self._cancelled,
            on_progress=self.progress.show_step,
        )

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _cancelled(self) -> None:
        self._task = None
        self.begin()

    def _show_problem(self, problem: Exception) -> None:
        self._task = None
        if isinstance(problem, _NoBackup):
            self._ask_without_backup(problem)
            return
        self.begin()
        if isinstance(problem, QuartierslotseError):
            self.problem.show_text(str(problem), Tone.DANGER)
            return
        self.problem.show_text(
            tr(
                "Beim Einlesen ist ein Fehler im Programm aufgetreten. Am Verzeichnis ist nichts halb Fertiges zurückgeblieben."
            ),
            Tone.DANGER,
        )
        self._tasks.failed.emit(problem)

    def _ask_without_backup(self, problem: _NoBackup) -> None:
        """Back to the preview: „Jetzt einlesen“ tries the backup again, the notice goes on without it."""
        self._stack.setCurrentWidget(self._result)
        self.outcome.show_text(problem.sentence, Tone.WARNING, action=tr("&Ohne Sicherung einlesen"))
        self.import_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._result.show_beginning()

    def _show_report(self, report: ImportReport) -> None:
        self._task = None
        if report.dry_run and report.cancelled:
            self.begin()
            return
        self._report = report
        can_import = report.dry_run and report.changed_anything
        tone = Tone.INFO if report.dry_run else Tone.SUCCESS
        if report.cancelled or not report.changed_anything:
            tone = (
                Tone.WARNING
                if report.cancelled or any(count.rejected for count in report.counts.values())
                else Tone.INFO
            )
        self.outcome.show_text(headline(report), tone)
        self._source.setText(tr("Quelle: {name}", name=self._label))
        self._counts.set_rows(count_rows(report))
        self._findings_line.setText(problem_line(report))
        self.model.set_problems(report.problems)
        has_problems = bool(report.problems)
        self.table.setVisible(has_problems)
        self._detail.setVisible(has_problems)
        self.report_button.setVisible(has_problems)
        self.import_button.setVisible(can_import)
        self.done_button.setVisible(not can_import)
        self.other_button.setVisible(report.dry_run)
        self._fit_table()
        if has_problems:
            self.table.selectRow(0)
        self._stack.setCurrentWidget(self._result)
        (self.import_button if can_import else self.done_button).setFocus(Qt.FocusReason.OtherFocusReason)
        self._result.show_beginning()
        if not report.dry_run:
            self.finished.emit(report)

    def _show_detail(self, current: QModelIndex) -> None:
        self._detail.setText(in_full(self.model.problem_at(current.row())) if current.isValid() else "")

    def _fit_table(self) -> None:
        theme = active_theme()
        header = self.table.horizontalHeader()
        for column, width in enumerate((100, 210, 120)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, theme.scale.with_text(width))
        for column in (3, 4):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        # What does not fit stands in full below the table.
        is_narrow = self.width() / theme.scale.factor < _ALL_COLUMNS_FROM
        for column in (2, 4):
            self.table.setColumnHidden(column, is_narrow)
        header.setMinimumSectionSize(theme.scale.with_text(60))
        row = self.table.fontMetrics().height() + theme.px(14)
        self.table.verticalHeader().setDefaultSectionSize(row)
        shown = min(_TABLE_ROWS, max(1, self.model.rowCount()))
        self.table.setFixedHeight(row * shown + header.sizeHint().height() + theme.px(16))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_table()

    def _save_report(self) -> None:
        if self._report is None:
            return
        name = tr("Bericht {name}.csv", name=Path(self._label).stem)
        target = self._ask_target(self, name)
        if target is None:
            return
        try:
            saved = save_report(self._report, target)
        except QuartierslotseError as problem:
            self.outcome.show_text(str(problem), Tone.DANGER)
            return
        self.outcome.show_text(
            tr("{sentence} Bericht gespeichert: {name}", sentence=headline(self._report), name=saved.name)
        )
