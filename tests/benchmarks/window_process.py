"""A fresh process that shows a window, says when it is usable, and how much memory it holds when idle.

`program FOLDER` opens the program's own window over the installation in FOLDER, signed in with the data key that lies in
the environment variable; `bare` opens a QMainWindow with a label. Both are usable when the first paint is done and the
event loop waits for the first time after it. Lines on standard output: `usable`, then `idle` with the memory as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from ui.shell.main_window import MainWindow

KEY_VARIABLE = "QUARTIERSLOTSE_BENCH_KEY"
ACCOUNT_VARIABLE = "QUARTIERSLOTSE_BENCH_ACCOUNT"
TODAY_VARIABLE = "QUARTIERSLOTSE_BENCH_TODAY"
IDLE_MS = 1_500


class FirstPaint(QObject):
    """Calls back once, when the event loop has nothing to do after a widget's first paint."""

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


def say(line: str) -> None:
    """Tell the measuring process at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def usable() -> None:
    """Say so, and how much memory there is when nothing more happens."""
    say("usable")
    QTimer.singleShot(IDLE_MS, tell_memory)


def tell_memory() -> None:
    """Say how much memory is held, and end."""
    say("idle " + json.dumps(memory()))
    QApplication.quit()


def memory() -> dict[str, int]:
    """Return kilobytes by kind; empty where the system does not tell."""
    found = {}
    for file, names in (("status", ("VmRSS", "RssAnon")), ("smaps_rollup", ("Pss",))):
        try:
            lines = Path("/proc/self", file).read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        for line in lines:
            name, _, rest = line.partition(":")
            if name in names:
                found[name] = int(rest.split()[0])
    return found


def show_bare() -> QWidget:
    """Show a label in a window of the same size."""
    from PySide6.QtWidgets import QLabel, QMainWindow

    window = QMainWindow()
    label = QLabel("Guten Tag")
    window.setCentralWidget(label)
    window.resize(1280, 820)
    window.show()
    window.watch = FirstPaint(label, usable)
    return window


def show_program(qt: QApplication, folder: Path) -> MainWindow:
    """Open the program's window the way `ui.app.main` does, but for the sign-in."""
    from desktop_app.bootstrap import Surroundings, _open
    from desktop_app.environment.folders import DataFolder
    from desktop_app.environment.logs import start_logging
    from ui.app import DesktopProgram
    from ui.shell.errors import ErrorHandler
    from ui.shell.preferences import PreferencesFile
    from ui.theme.theme import ThemeController, ThemeMode

    data = DataFolder(folder)
    start_logging(data)
    preferences = PreferencesFile(data.root)
    chosen = preferences.current
    theme = ThemeController(qt, mode=ThemeMode(chosen.mode), text_percent=chosen.text_percent)
    surroundings = Surroundings.of_this_computer()
    program = DesktopProgram(qt, data, surroundings, theme, preferences)
    ErrorHandler(show_sentence=program.show_sentence, window=program.front).install()
    key = bytes.fromhex(os.environ.pop(KEY_VARIABLE))
    application = _open(data, key, os.environ[ACCOUNT_VARIABLE], surroundings)
    window = program.open_window(application)
    window.program = program
    window.watch = FirstPaint(window.current_page(), lambda: check_filled(window))
    return window


def check_filled(window: MainWindow) -> None:
    """Only a window that shows today's contacts is usable."""
    usable()
    rows = window.current_page().day.today.row_count()
    if rows < int(os.environ[TODAY_VARIABLE]):
        say(f"broken: {rows} contacts are shown")


def main() -> int:
    """Show one of the two windows."""
    if sys.argv[1] == "program":
        from ui.app import make_qt

        qt = make_qt([])
        window: QWidget = show_program(qt, Path(sys.argv[2]))
    else:
        qt = QApplication(["bare"])
        window = show_bare()
    code = qt.exec()
    window.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
