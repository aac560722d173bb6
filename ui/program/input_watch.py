"""Tells long work beside the window when somebody types or clicks, so that it lets the window go first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.foreground import Foreground

_INPUT = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.Wheel}


class InputWatch(QObject):
    """Lives with a window that is shown; ``foreground`` gives whom to tell, which may change when the data is closed and opened."""

    def __init__(self, window: QWidget, foreground: Callable[[], Foreground]) -> None:
        super().__init__(window)
        self._foreground = foreground
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)  # only input to the whole window, not every event of every widget

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._foreground().touch()
        return super().eventFilter(watched, event)
