"""What happens when something goes wrong that nobody expected.

A ``UserError`` or ``EnvironmentProblem`` that reaches here becomes a sentence: on the page in front, or in a small window
where there is no page. Anything else is our bug: it goes to the log without data values, and one calm window shows the
whole report, says that the work is kept and what to do now.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.core.errors import LockedData, QuartierslotseError
from desktop_app.core.tracebacks import traceback_without_values
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from ui.shell.error_dialog import ErrorDialog

_log = logging.getLogger("quartierslotse.ui.errors")
_MOST_IN_ONE_WINDOW = 5


class ErrorHandler(QObject):
    """Takes unexpected errors of every thread. ``install`` at start, ``remove`` at the end."""

    bug_shown = Signal()
    """The program failed (not the user, not the surroundings)."""
    _arrived = Signal(object)

    def __init__(
        self,
        *,
        show_sentence: Callable[[str], bool],
        window: Callable[[], QWidget | None],
        damaged: Callable[[], bool] = lambda: False,
    ) -> None:
        """``show_sentence`` shows a sentence on the page and says whether it could; ``window`` is the parent.

        ``damaged`` leads to the way back when the database is damaged, and says whether it does.
        """
        super().__init__()
        self._damaged = damaged
        self._show_sentence = show_sentence
        self._window = window
        self._dialog: QDialog | None = None
        self._report: ErrorDialog | None = None
        self._in_window: list[str] = []
        self._shown: set[str] = set()
        self._previous: tuple[Callable[..., object], Callable[..., object]] | None = None
        self._arrived.connect(self.show_error)

    def install(self) -> None:
        """Become ``sys.excepthook`` and ``threading.excepthook``."""
        self._previous = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def remove(self) -> None:
        """Give the hooks back."""
        if self._previous is not None:
            sys.excepthook, threading.excepthook = self._previous
            self._previous = None

    @property
    def dialog(self) -> QDialog | None:
        """The window that is open now, if any."""
        return self._dialog

    @Slot(object)
    def show_error(self, error: BaseException) -> None:
        """Show one error; a further one goes into the window that is open, never into a second one."""
        if isinstance(error, LockedData):
            return  # a clock that ticks beneath the lock; it ticks again when the screen is open
        if isinstance(error, QuartierslotseError):
            self._show_problem(error)
        else:
            self._show_bug(error)

    def _show_problem(self, problem: QuartierslotseError) -> None:
        from desktop_app.storage.database import DamagedDatabase

        if isinstance(problem, DamagedDatabase) and self._damaged():
            return
        if self._show_sentence(problem.message) or self._dialog is not None:
            return
        from ui.shell.error_dialog import ProblemDialog

        self._open(ProblemDialog(problem, self._window()))

    def _show_bug(self, error: BaseException) -> None:
        failure = traceback_without_values(error)
        _log.error("unexpected error\n%s", failure)
        self.bug_shown.emit()
        if self._report is not None:
            if failure not in self._in_window and len(self._in_window) < _MOST_IN_ONE_WINDOW:
                self._in_window.append(failure)
                self._report.add(failure)
            return
        if self._dialog is not None:
            return
        if failure in self._shown and self._show_sentence(
            tr(
                "Derselbe Fehler im Programm ist noch einmal aufgetreten. Ihre Daten sind sicher; bitte starten Sie neu."
            )
        ):
            return  # once a window, then a sentence: a fault that comes again and again must not stop the work
        self._shown.add(failure)
        from desktop_app.core.clock import SystemClock
        from desktop_app.environment.crash_report import report_of
        from ui.shell.error_dialog import ErrorDialog

        clock = SystemClock()
        name = tr("fehlerbericht-{moment}.txt", moment=clock.local_now().strftime("%Y-%m-%d-%H%M"))
        self._report = ErrorDialog(report_of(error, clock.now()).text(), self._window(), file_name=name)
        self._in_window = [failure]
        self._open(self._report)

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self._dialog = self._report = None

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt) or not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        self._arrived.emit(error.with_traceback(trace))

    def _thread_hook(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._hook(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
