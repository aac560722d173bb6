"""A scrolling page of a part that does long work: its notice and its progress stand at the top of the column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.shell.long_work import LongWork
from ui.widgets.containers import ScrollPage
from ui.widgets.feedback import Notice, ProgressPanel

if TYPE_CHECKING:
    from ui.shell.tasks import TaskRunner

_COLUMN = 760


class WorkPage(ScrollPage):
    """Fills ``owner``. ``work`` runs one thing at a time; when it begins or fails, what tells of it comes into view."""

    def __init__(self, owner: QWidget, tasks: TaskRunner) -> None:
        super().__init__(width=_COLUMN, margin=16)
        outer = QVBoxLayout(owner)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self)
        self.notice = Notice()
        self.body.addWidget(self.notice)
        self.progress = ProgressPanel()
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.work = LongWork(tasks, self.progress, self.notice, owner)
        for signal in (self.work.began, self.work.failed):
            signal.connect(self.show_top)

    def show_top(self) -> None:
        """Bring the notice and the progress into view."""
        self.show_beginning()
