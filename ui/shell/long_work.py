"""One piece of long work of a page: shown in its progress panel, its failure in its notice, never two at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.progress import Progress
from ui.widgets.badge import Tone
from ui.widgets.feedback import Notice, ProgressPanel

if TYPE_CHECKING:
    from ui.shell.tasks import Task, TaskRunner

Result = TypeVar("Result")


class LongWork(QObject):
    """Runs one work at a time; ``began`` and ``ended`` say when buttons change, ``failed`` comes after the notice."""

    began = Signal()
    ended = Signal()
    failed = Signal()
    cancelled = Signal()

    def __init__(self, tasks: TaskRunner, progress: ProgressPanel, notice: Notice, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self._progress, self._notice = tasks, progress, notice
        self._task: Task | None = None
        progress.cancel_requested.connect(self._cancel)

    @property
    def is_running(self) -> bool:
        """Whether a work is under way."""
        return self._task is not None

    def run(self, title: str, work: Callable[[Progress], Result], done: Callable[[Result], None]) -> None:
        """Run ``work(progress)`` beside the window and hand its result to ``done``; nothing if one is under way."""
        if self._task is not None:
            return
        self._notice.hide()
        self._progress.start(title)
        pressed = QApplication.focusWidget()

        def finish(result: Result) -> None:
            self._end()
            done(result)

        self._task = self._tasks.run(
            work,
            on_done=finish,
            on_error=self._failed,
            on_cancelled=self._cancelled,
            on_progress=self._progress.show_step,
        )
        self.began.emit()
        self._progress.hold_focus(pressed)

    def _end(self) -> None:
        self._task = None
        self.ended.emit()
        self._progress.give_focus_back()
        self._progress.hide()

    def _failed(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, QuartierslotseError):
            raise error
        self._notice.show_text(error.message, Tone.DANGER)
        self.failed.emit()

    def _cancelled(self) -> None:
        self._end()
        self.cancelled.emit()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
