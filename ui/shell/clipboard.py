"""What was copied from a page about people leaves the clipboard again, with a countdown in sight.

Other programs read the clipboard, some keep a history of it; that history can't be reached from here.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

CLEAR_AFTER_S = 30


class ClipboardCare(QObject):
    """Watches the clipboard of this program while a page about people is in front.

    ``is_personal`` says whether one is. ``seconds_left`` tells the countdown, 0 that it is over. What another program
    copied meanwhile is left alone.
    """

    seconds_left = Signal(int)

    def __init__(self, is_personal: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_personal = is_personal
        self._left = 0
        self._copied = ""
        self._timer = QTimer(self)
        self._timer.setInterval(1_000)
        self._timer.timeout.connect(self.tick)
        self._clipboard = QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._changed)

    def copy(self, text: str) -> None:
        """Copy something personal, whatever page is in front."""
        self._clipboard.setText(text)
        self._begin(text)

    def tick(self) -> None:
        """A second went by."""
        if not self._left:
            return
        self._left -= 1
        if self._left:
            self.seconds_left.emit(self._left)
        else:
            self.clear()

    def clear(self) -> None:
        """Clear it now if it still holds what was copied here (the countdown ended, the screen locks, the window closes)."""
        copied, self._copied = self._copied, ""
        self._stop()
        if copied and self._clipboard.text() == copied:
            self._clipboard.clear()

    def _changed(self) -> None:
        text = self._clipboard.text()
        if self._copied and text != self._copied:
            self._copied = ""
            self._stop()
        # Who owns the clipboard tells nothing: tools that keep its history take it over at once.
        if text and QGuiApplication.focusWindow() is not None and self._is_personal():
            self._begin(text)

    def _begin(self, text: str) -> None:
        self._copied = text
        self._left = CLEAR_AFTER_S
        self._timer.start()
        self.seconds_left.emit(self._left)

    def _stop(self) -> None:
        self._timer.stop()
        self._left = 0
        self.seconds_left.emit(0)
