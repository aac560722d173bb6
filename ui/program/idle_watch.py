"""Nobody is at the desk, or the computer slept: the time without input, measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from ui.shell.main_window import MainWindow
    from ui.shell.preferences import PreferencesFile

_LOCK_WARNING_S = 30
_IDLE_CHECK_MS = 1_000
#: the clock went on so much longer than the program did: the computer slept
_SLEPT_S = 20.0


class IdleWatch(QObject):
    """Locks after a while without a key or the mouse, and says so half a minute before; locks when the computer slept.

    ``lock_minutes`` of the preferences; 0 never locks by itself.
    """

    def __init__(
        self,
        window: MainWindow,
        preferences: PreferencesFile,
        lock: Callable[[], None],
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(window)
        self._window, self._preferences, self._lock = window, preferences, lock
        self._wall, self._last_wall = wall, wall()
        self._idle_ms = 0
        self._warned = False
        self._timer = QTimer(self)
        self._timer.setInterval(_IDLE_CHECK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)  # only input to the whole window, not every event of every widget

    def _tick(self) -> None:
        """A second went by for the program; how many for the clock?"""
        now = self._wall()
        slept, self._last_wall = now - self._last_wall, now
        if slept >= _SLEPT_S and not self._window.is_locked:
            self._idle_ms = 0
            self._warn(False)
            self._lock()
            return
        self.passed(_IDLE_CHECK_MS)

    def passed(self, milliseconds: int) -> None:
        """So much time went by without input."""
        limit = self._preferences.current.lock_minutes * 60_000
        if not limit or self._window.is_locked:
            self._idle_ms = 0
            return
        self._idle_ms += milliseconds
        if self._idle_ms >= limit:
            self._idle_ms = 0
            self._warn(False)
            self._lock()
        elif not self._warned and self._idle_ms >= limit - _LOCK_WARNING_S * 1000:
            self._warn(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {
            QEvent.Type.KeyPress,
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.Wheel,
        }:
            self._idle_ms = 0
            self._warn(False)
        return super().eventFilter(watched, event)

    def _warn(self, is_near: bool) -> None:
        if is_near != self._warned:
            self._warned = is_near
            words = tr("In 30 Sekunden wird gesperrt. Eine Taste oder die Maus genügt, um weiterzuarbeiten.")
            self._window.warn_of_lock(words if is_near else "")
