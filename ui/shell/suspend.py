"""Hears from the system that the computer is about to sleep, or that its session was locked, so that we lock too.

What each system tells:

* Linux: ``systemd-logind`` on the system bus (:mod:`ui.shell.suspend_logind`). We hold its *delay* inhibitor, so that it
  waits with the sleep until the lock has closed the data.
* Windows: power and session messages to a hidden window (:mod:`ui.shell.suspend_windows`).
* macOS: nothing here; it would need another library. There, and wherever the above is missing, ``IdleWatch`` sees after
  waking up that the clock went on without the program, and locks within a second.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Protocol

_log = logging.getLogger("quartierslotse.suspend")


class SuspendWatch(Protocol):
    """Calls ``lock`` when the system says so, until it is ended."""

    def end(self) -> None:
        """Hear nothing any more and hold nothing up."""


def watch_suspend(lock: Callable[[], None]) -> SuspendWatch | None:
    """Call ``lock`` before the computer sleeps and when its session is locked; ``None`` where nobody tells.

    Takes a few milliseconds (libraries, the way to the bus), so it is not for the first picture.
    """
    try:
        if sys.platform == "win32":
            from ui.shell.suspend_windows import WindowsSuspendWatch

            return WindowsSuspendWatch(lock)
        if sys.platform == "darwin":
            return None
        from ui.shell.suspend_logind import LogindWatch
    except ImportError:  # a Qt without D-Bus
        _log.info("No word from the system before it sleeps: a library is missing.")
        return None
    watch = LogindWatch(lock)
    return watch if watch.begin() else None
