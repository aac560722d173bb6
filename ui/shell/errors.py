"""What happens when something goes wrong that nobody expected.

A ``UserError`` or ``EnvironmentProblem`` that reaches here becomes a sentence on the page. Anything else is our bug: it
goes to the log without data values, and one calm window says that the work is kept and what to do now.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import QuartierslotseError

if TYPE_CHECKING:
    from ui.shell.error_dialog import ErrorDialog

_log = logging.getLogger("quartierslotse.ui.errors")


def where_it_happened(error: BaseException) -> str:
    """Kind of error and the lines it went through; no message and no values, so nothing personal."""
    lines = [f"{type(error).__module__}.{type(error).__name__}"]
    lines += [
        f"  {frame.filename}, {frame.lineno}, {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return "\n".join(lines)


class ErrorHandler(QObject):
    """Takes unexpected errors of every thread. ``install`` at start, ``remove`` at the end."""

    _arrived = Signal(object)

    def __init__(self, *, show_sentence: Callable[[str], bool], window: Callable[[], QWidget | None]) -> None:
        """``show_sentence`` shows a sentence on the page and says whether it could; ``window`` is the parent."""
        super().__init__()
        self._show_sentence = show_sentence
        self._window = window
        self._dialog: ErrorDialog | None = None
        self._previous: Callable[..., object] | None = None
        self._arrived.connect(self.show_error)

    def install(self) -> None:
        """Become ``sys.excepthook``."""
        self._previous = sys.excepthook
        sys.excepthook = self._hook

    def remove(self) -> None:
        """Give ``sys.excepthook`` back."""
        if self._previous is not None:
            sys.excepthook = self._previous
            self._previous = None

    @property
    def dialog(self) -> ErrorDialog | None:
        """The window that is open now, if any."""
        return self._dialog

    @Slot(object)
    def show_error(self, error: BaseException) -> None:
        """Show one error; while a window about another is open it is only logged."""
        if isinstance(error, QuartierslotseError) and self._show_sentence(str(error)):
            return
        details = str(error) if isinstance(error, QuartierslotseError) else where_it_happened(error)
        if not isinstance(error, QuartierslotseError):
            _log.error("unexpected error\n%s", details)
        if self._dialog is not None:
            return
        from ui.shell.error_dialog import ErrorDialog

        self._dialog = ErrorDialog(details, self._window())
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.finished.connect(self._closed)
        self._dialog.open()

    def _closed(self) -> None:
        self._dialog = None

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt) or not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        self._arrived.emit(error.with_traceback(trace))
