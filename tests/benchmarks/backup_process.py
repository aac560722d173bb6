"""A fresh process with the program's window in which somebody types and saves while a backup is made.

`FOLDER` is an installation; data key and account come from the environment. One line of JSON on standard output: the
longest time in milliseconds that the event loop did not come round, without a backup, with one, and without again.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

KEY_VARIABLE = "QUARTIERSLOTSE_BENCH_KEY"
ACCOUNT_VARIABLE = "QUARTIERSLOTSE_BENCH_ACCOUNT"
SETTLE_MS = 3_000
TICK_MS = 2
KEY_EVERY_S = 0.08
SAVE_EVERY_S = 0.5
WITHOUT_S = 3.0
#: What people look for, letter by letter, and then empty the field: one to four words, one of them misspelt.
SEARCHES = (
    "Kurzzeitpflege Nordstadt",
    "Mittagstisch",
    "Pflegegrad beantragen",
    "Begleitung zum Arzt",
    "Wohnungsanpasung",
)


def main() -> int:
    """Type, then type while a backup is made, and tell."""
    from importlib import import_module

    import_module("ui.__main__")
    from PySide6.QtCore import QTimer

    from desktop_app.backup.state import BackupStateFile
    from desktop_app.bootstrap import Surroundings, open_with_key
    from desktop_app.core.clock import SystemClock, to_text
    from desktop_app.environment.folders import DataFolder

    folder = DataFolder(Path(sys.argv[1]))
    with import_module("ui.app").running(folder) as program:
        key = bytes.fromhex(os.environ.pop(KEY_VARIABLE))
        # The window begins the backup of the day by itself a few seconds after it opened; only ours is measured.
        BackupStateFile(folder).change(last_good=to_text(SystemClock().now()))
        application = open_with_key(folder, key, os.environ[ACCOUNT_VARIABLE], Surroundings.of_this_computer())
        window = program.open_window(application)
        typing = _Typing(application, window)
        QTimer.singleShot(SETTLE_MS, window, typing.begin)
        code = program.qt.exec()
        sys.stdout.write(json.dumps(typing.result) + "\n")
        return int(code)


class _Typing:
    """Keys into the search of the directory and saved contacts, at the pace of a quick front desk."""

    def __init__(self, application: object, window: object) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._application, self._window = application, window
        self._timer = QTimer(window)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._last = self._next_key = self._next_save = self._until = 0.0
        self._gaps: list[float] = []
        self._slices: list[float] = []
        self._began = 0.0
        self._saves: list[float] = []
        self._keys = self._searches = 0
        self._to_type: list[str] = []
        self._with_backup = self._had_backup = False
        self.result: dict[str, object] = {}

    def begin(self) -> None:
        """Start without a backup, about as long as one takes."""
        from ui.widgets.search_list import SearchField

        page = self._window.open_page("directory")
        self._field = page.findChild(SearchField)
        self._field.setFocus()
        self._start(WITHOUT_S)

    def _start(self, seconds: float) -> None:
        self._gaps, self._saves, self._keys, self._slices = [], [], 0, []
        self._searches, self._to_type = 0, []
        self._began = now = time.perf_counter()
        self._last, self._next_key, self._next_save, self._until = now, now, now, now + seconds
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        gap = (now - self._last) * 1000 - TICK_MS
        self._gaps.append(gap)
        place = int((now - self._began) / WITHOUT_S)
        self._slices += [0.0] * (place + 1 - len(self._slices))
        self._slices[place] = max(self._slices[place], gap)
        self._last = now
        if now >= self._next_key:
            self._next_key = now + KEY_EVERY_S
            self._press()
        if now >= self._next_save:
            self._next_save = now + SAVE_EVERY_S
            self._save()
        if now >= self._until:
            self._ended()

    def _press(self) -> None:
        from PySide6.QtTest import QTest

        if not self._to_type:
            self._field.clear()
            self._to_type = list(SEARCHES[self._searches % len(SEARCHES)])
            self._searches += 1
        # To the window, as the system does; it hands the letter to the field.
        QTest.keyClick(self._window.windowHandle(), self._to_type.pop(0))
        self._keys += 1

    def _save(self) -> None:
        from desktop_app.contacts.records import ContactEntry, NeedEntry

        begin = time.perf_counter()
        self._application.contacts.record_contact(self._application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
        self._saves.append((time.perf_counter() - begin) * 1000)

    def _told(self) -> dict[str, object]:
        ordered = sorted(self._gaps)
        return {
            "longest_ms": round(ordered[-1], 2),
            # So that a long backup on a busy machine can be compared with the short times around it.
            "longest_each_3_s_ms": [round(longest, 2) for longest in self._slices],
            "p99_ms": round(ordered[int(len(ordered) * 0.99)], 2),
            "longest_save_ms": round(max(self._saves), 2),
            "saves": len(self._saves),
            "keys": self._keys,
        }

    def _ended(self) -> None:
        self._timer.stop()
        if self._with_backup:
            self.result["with"] = self._told()
            self._with_backup, self._had_backup = False, True
            self._start(WITHOUT_S)
        elif not self._had_backup:
            self.result["before"] = self._told()
            self._with_backup = True
            self._backup_began = time.perf_counter()
            self._window.tasks.run(self._back_up, on_done=self._done, on_error=self._failed)
            self._start(600.0)
        else:
            from PySide6.QtWidgets import QApplication

            self.result["after"] = self._told()
            self._window.close()
            QApplication.quit()

    def _back_up(self, progress: object) -> object:
        try:
            self._application.backups.check_database()
            return self._application.backups.make(progress=progress)
        finally:
            self._application.store.end_thread()

    def _failed(self, error: Exception) -> None:
        sys.stderr.write(f"{error}\n")
        os._exit(1)

    def _done(self, backup: object) -> None:
        self.result["backup_s"] = round(time.perf_counter() - self._backup_began, 2)
        self.result["backup_bytes"] = backup.manifest.size
        self._until = 0.0


if __name__ == "__main__":
    sys.exit(main())
