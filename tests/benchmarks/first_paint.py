"""When a window is usable: painted once, and the event loop has nothing left to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Calls back once, when the event loop waits for the first time after a widget's first paint."""

    def __init__(self, widget: QWidget, usable: Callable[[], None]) -> None:
        super().__init__(widget)
        self._widget, self._usable = widget, usable
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._widget.removeEventFilter(self)
            QAbstractEventDispatcher.instance().aboutToBlock.connect(self._idle)
        return False

    def _idle(self) -> None:
        QAbstractEventDispatcher.instance().aboutToBlock.disconnect(self._idle)
        self._usable()
