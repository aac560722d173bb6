"""Filling the directory: read a file, take the sample, or begin empty."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.translation import tr, tr_count
from desktop_app.directory.records import ImportReport
from ui.directory.import_panel import ImportPanel, sample_directory
from ui.directory.welcome import DirectoryWelcome
from ui.setup.presenter import SetUpPresenter
from ui.shell.tasks import TaskRunner
from ui.widgets.labels import Words


class DirectoryStep(QWidget):
    """The three ways of the directory page, inside the first run. ``filled`` when something was read in."""

    filled = Signal(str)
    state_changed = Signal()

    def __init__(self, presenter: SetUpPresenter, tasks: TaskRunner) -> None:
        super().__init__()
        self._presenter = presenter
        self._sample = sample_directory()
        self.is_filled = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        layout.addWidget(self._stack)
        self.welcome = DirectoryWelcome(with_sample=self._sample is not None)
        self.welcome.body.insertWidget(
            self.welcome.body.count() - 1,
            Words(tr("Oder beginnen Sie mit einem leeren Verzeichnis und füllen es später."), "muted", wrap=True),
        )
        self._stack.addWidget(self.welcome)
        self.panel = ImportPanel(presenter.import_directory, tasks)
        self.panel.close_requested.connect(self._close_panel)
        self.panel.finished.connect(self._finished)
        self._stack.addWidget(self.panel)
        self.welcome.file_requested.connect(self._choose_file)
        self.welcome.folder_requested.connect(self._choose_folder)
        self.welcome.sample_requested.connect(self._use_sample)

    @property
    def may_go_on(self) -> bool:
        """Whether the step can be left: something was read in, or nothing has been begun."""
        return self.is_filled or self._stack.currentWidget() is self.welcome

    def enter(self) -> None:
        """Called when the step comes to the front."""
        self.welcome.file_button.setFocus()

    def go_back(self) -> bool:
        """One step back inside; ``False`` if there is none."""
        if self._stack.currentWidget() is self.welcome:
            return False
        if not self.panel.go_back():
            self._close_panel()
        return True

    def _choose_file(self) -> None:
        self._open_panel()
        self.panel.choose_file()

    def _choose_folder(self) -> None:
        self._open_panel()
        self.panel.choose_folder()

    def _use_sample(self) -> None:
        self._show(self.panel)
        self.panel.begin(self._sample)

    def _open_panel(self) -> None:
        self._show(self.panel)
        self.panel.begin()

    def _close_panel(self) -> None:
        self._show(self.welcome)

    def _show(self, widget: QWidget) -> None:
        self._stack.setCurrentWidget(widget)
        self.state_changed.emit()

    def _finished(self, report: ImportReport) -> None:
        self.is_filled = self.is_filled or not report.cancelled
        new = report.count("service").new
        self.filled.emit(
            tr_count("{count} Angebot ist im Verzeichnis.", "{count} Angebote sind im Verzeichnis.", new)
            if new
            else tr("Das Verzeichnis ist eingelesen.")
        )
        self.state_changed.emit()
