"""Python's cyclic garbage is collected in the GUI thread only.

By itself Python collects in whichever thread happens to allocate. A worker that makes a PDF would then delete widgets whose
cycles it finds, and Qt objects must not be deleted outside their own thread.
"""

from __future__ import annotations

import gc
import linecache

from PySide6.QtCore import QObject, QTimer

#: everything is new until then, and looking for rubbish finds none
_FIRST_MS = 1_000
_INTERVAL_MS = 10_000
_FULL_EVERY = 6


class GuiThreadCollector(QObject):
    """Takes over from the automatic collection for as long as it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._rounds = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.setInterval(_INTERVAL_MS)
        QTimer.singleShot(_FIRST_MS, self, self._settle)

    def collect(self) -> None:
        """Collect what is young; every minute everything."""
        self._rounds += 1
        if self._rounds % _FULL_EVERY == 0:
            gc.collect()
        elif gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(1)

    def _settle(self) -> None:
        """What was loaded at the start is here to stay and need not be looked through again."""
        linecache.clearcache()
        gc.collect()
        gc.freeze()
        self._timer.start()
