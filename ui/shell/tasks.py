"""Long work beside the window: progress, a way to stop, and answers that arrive in the GUI thread.

::

    task = context.tasks.run(
        lambda progress: importer.import_file(path, progress),  # runs in its own thread; no widgets there
        on_done=self._show_report,
        on_error=self.show_problem,  # without it the window shows the problem
        on_cancelled=self._forget,
        on_progress=panel.show_step,  # done: int, total: int, text: str
    )
    panel.cancel_requested.connect(task.cancel)
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop_app.core.progress import Cancelled, Progress

Result = TypeVar("Result")

_SHORTEST_PAUSE_S = 0.04


class Task(QObject):
    """One piece of work under way. Ends with exactly one of done, error or cancelled, in the GUI thread."""

    _moved = Signal(int, int, str)
    _ended = Signal(object)

    ended = Signal()
    failed = Signal(object)

    def __init__(
        self,
        parent: QObject,
        *,
        on_done: Callable[[object], None] | None,
        on_error: Callable[[Exception], None] | None,
        on_cancelled: Callable[[], None] | None,
        on_progress: Callable[[int, int, str], None] | None,
    ) -> None:
        super().__init__(parent)
        self._on_done, self._on_error = on_done, on_error
        self._on_cancelled, self._on_progress = on_cancelled, on_progress
        self._cancel_wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._last_step = 0.0
        self._is_silent = False
        self._moved.connect(self._tell_progress, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._tell_end, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Whether the thread still works."""
        return self._thread is not None and self._thread.is_alive()

    def cancel(self) -> None:
        """Ask the work to stop; it does so at its next step."""
        self._cancel_wanted.set()

    def step(self, done: int, total: int, text: str) -> None:
        """Called by the work: report, or raise :class:`Cancelled` if stopping was asked for."""
        if self._cancel_wanted.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._last_step >= _SHORTEST_PAUSE_S or done >= total:
            self._last_step = now
            self._moved.emit(done, total, text)

    def start(self, work: Callable[[Progress], object]) -> None:
        """Begin. The language of the calling thread holds in the work too."""
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._do, work), name="quartierslotse-task")
        self._thread.start()

    def finish_silently(self) -> None:
        """Stop, wait for the thread, and tell nobody (the window closes)."""
        self._is_silent = True
        self.cancel()
        if self._thread is not None:
            self._thread.join()
        self._let_go()

    def _do(self, work: Callable[[Progress], object]) -> None:
        try:
            outcome: object = _Done(work(self))
        except Cancelled:
            outcome = _CancelledOutcome()
        except Exception as error:  # noqa: BLE001 - handed to the GUI thread, nothing is swallowed
            outcome = error
        self._ended.emit(outcome)

    @Slot(int, int, str)
    def _tell_progress(self, done: int, total: int, text: str) -> None:
        if self._on_progress is not None and not self._is_silent and not self._cancel_wanted.is_set():
            self._on_progress(done, total, text)

    @Slot(object)
    def _tell_end(self, outcome: object) -> None:
        if self._thread is not None:
            self._thread.join()
        on_done, on_error, on_cancelled = self._on_done, self._on_error, self._on_cancelled
        self._let_go()
        self.ended.emit()
        if self._is_silent:
            return
        if isinstance(outcome, _Done):
            if on_done is not None:
                on_done(outcome.result)
        elif isinstance(outcome, Exception):
            if on_error is not None:
                on_error(outcome)
            else:
                self.failed.emit(outcome)
        elif on_cancelled is not None:
            on_cancelled()

    def _let_go(self) -> None:
        """Forget whom to tell.

        A caller that holds the runner would go with this task, and take its parent along while Qt still deletes the task.
        """
        self._on_done = self._on_error = self._on_cancelled = self._on_progress = None


class _Done:
    """The work came to its end."""

    def __init__(self, result: object) -> None:
        self.result = result


class _CancelledOutcome:
    """The work stopped because it was asked to."""


class TaskRunner(QObject):
    """Starts tasks and knows which are under way. ``failed`` carries problems nobody else takes.

    ``count_changed`` comes whenever one begins or ends, with how many there are to tell people of.
    """

    failed = Signal(object)
    count_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: list[Task] = []
        self._quiet: list[Task] = []

    def run(
        self,
        work: Callable[[Progress], Result],
        *,
        on_done: Callable[[Result], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
        on_progress: Callable[[int, int, str], None] | None = None,
        is_quiet: bool = False,
    ) -> Task:
        """Run ``work(progress)`` in a thread of its own; the callbacks are called in the GUI thread.

        One that ``is_quiet`` is not told of at the foot of the window: it looks again and again whether something came.
        """
        task = Task(
            self,
            on_done=on_done,  # type: ignore[arg-type]  # the result of this very work
            on_error=on_error,
            on_cancelled=on_cancelled,
            on_progress=on_progress,
        )
        self._tasks.append(task)
        # No lambda: it would hold the runner, and the last task to go would take its own parent along while it dies.
        task.ended.connect(self._task_ended)
        task.failed.connect(self.failed)
        if is_quiet:
            self._quiet.append(task)
        self._tell_count()
        task.start(work)
        return task

    @property
    def running(self) -> int:
        """How many tasks have not ended."""
        return len(self._tasks)

    def close(self) -> None:
        """Stop everything and wait; afterwards no thread is left and no callback comes."""
        for task in self._tasks:
            task.cancel()
        for task in list(self._tasks):
            task.finish_silently()
        self._tasks.clear()
        self._quiet.clear()

    @Slot()
    def _task_ended(self) -> None:
        task = self.sender()
        if isinstance(task, Task) and task in self._tasks:
            self._tasks.remove(task)
            if task in self._quiet:
                self._quiet.remove(task)
            task.deleteLater()
            self._tell_count()

    def _tell_count(self) -> None:
        self.count_changed.emit(len(self._tasks) - len(self._quiet))
