"""A fresh process with the program's window in which somebody types and saves while a desk comes into step.

`FOLDER` is an installation that is let in but has received nothing yet; data key and account come from the environment. One
line of JSON on standard output: the longest time in milliseconds that the event loop did not come round, first without
and then with the sync.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from tests.benchmarks.backup_process import ACCOUNT_VARIABLE, KEY_VARIABLE, SETTLE_MS, _Typing


def main() -> int:
    """Type, then type while everything of the office comes in, and tell."""
    import_module("ui.__main__")
    from PySide6.QtCore import QTimer

    from desktop_app.backup.state import BackupStateFile
    from desktop_app.bootstrap import Surroundings, open_with_key
    from desktop_app.core.clock import SystemClock, to_text
    from desktop_app.environment.folders import DataFolder

    folder = DataFolder(Path(sys.argv[1]))
    with import_module("ui.app").running(folder) as program:
        key = bytes.fromhex(os.environ.pop(KEY_VARIABLE))
        # The window begins the backup of the day by itself a few seconds after it opened; only sync is measured.
        BackupStateFile(folder).change(last_good=to_text(SystemClock().now()))
        application = open_with_key(folder, key, os.environ[ACCOUNT_VARIABLE], Surroundings.of_this_computer())
        # Its own schedule rests: only the sync below is measured.
        application.sync.pause(application.actor)
        # By itself it would have asked the hub soon after the start, and have loaded all that a round needs.
        for name in ("urllib3", "truststore", "desktop_app.sync.round"):
            import_module(name)
        window = program.open_window(application)
        typing = _TypingDuringSync(application, window)
        QTimer.singleShot(SETTLE_MS, window, typing.begin)
        code = program.qt.exec()
        sys.stdout.write(json.dumps(typing.result) + "\n")
        return int(code)


class _TypingDuringSync(_Typing):
    """The same hands; beside them the desk fetches what the office has."""

    def _back_up(self, progress: object) -> object:
        received = 0
        try:
            while True:
                result = self._application.sync.run(self._application.actor, progress)
                received += result.received
                if result.is_complete:
                    return received
        finally:
            self._application.store.end_thread()

    def _done(self, received: object) -> None:
        self.result["sync_s"] = round(time.perf_counter() - self._backup_began, 2)
        self.result["received"] = received
        self._until = 0.0


if __name__ == "__main__":
    sys.exit(main())
