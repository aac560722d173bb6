"""Hands on a real window: they press keys where the keyboard is and wait until the window has done its work."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr
from ui.demo.key_script import KeyPress, key_presses
from ui.shell.tasks import TaskRunner

_LONGEST_WAIT_S = 60.0
#: What was just typed starts its search or its preview only after a short pause.
_TYPING_PAUSE_S = 0.4
_STEP_MS = 20


class Hands:
    """Plays key scripts in one window."""

    def __init__(self, window: QWidget, tasks: TaskRunner) -> None:
        self._window = window
        self._tasks = tasks

    def play(self, script: str) -> int:
        """Press the keys of a script (see `key_script`); return how many they were."""
        count = 0
        for press in key_presses(script):
            _press(QApplication.focusWidget() or self._window, press)
            QApplication.processEvents()
            count += 1
        return count

    def settle(self) -> None:
        """Let the window work until nothing runs beside it any more."""
        begun = time.monotonic()
        self.wait_for(lambda: time.monotonic() - begun > _TYPING_PAUSE_S and self._tasks.running == 0)

    @staticmethod
    def wait_for(done: Callable[[], bool]) -> None:
        """Let the window work until `done`.

        Raises:
            EnvironmentProblem: it takes more than a minute.
        """
        begun = time.monotonic()
        while not done():
            # An event loop lets other threads run while it waits; QTest.qWait() would hold them up.
            loop = QEventLoop()
            QTimer.singleShot(_STEP_MS, loop.quit)
            loop.exec()
            if time.monotonic() - begun > _LONGEST_WAIT_S:
                raise EnvironmentProblem(tr("Die Vorführung kam nicht weiter: Eine Arbeit dauert zu lange."))


def _press(target: QWidget, press: KeyPress) -> None:
    if isinstance(press.key, Qt.Key):
        QTest.keyClick(target, press.key, press.modifiers)
    elif press.key.isascii():
        if press.modifiers == Qt.KeyboardModifier.NoModifier:
            QTest.keyClicks(target, press.key)
        else:
            QTest.keyClick(target, Qt.Key(ord(press.key.upper())), press.modifiers)
    else:
        # QTest knows the keys of an American keyboard only; ü and – come as text, as from an input method.
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, 0, press.modifiers, press.key))
