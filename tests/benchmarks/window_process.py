"""A fresh process that shows a window, says when it is usable, and how much memory it holds when idle.

`sign-in FOLDER` starts the program over the installation in FOLDER as `python -m ui` does; `reception FOLDER` opens its
window at once with the data key from the environment; `bare` opens a QMainWindow with a label. All are usable when the
first paint is done and the event loop waits for the first time after it. Lines on standard output: `usable`, then `idle`
with the memory as JSON.
"""

from __future__ import annotations

# Nothing else here: whatever the program avoids to load, or loads in a better order, must count.
import os
import sys
from importlib import import_module

KEY_VARIABLE = "QUARTIERSLOTSE_BENCH_KEY"
ACCOUNT_VARIABLE = "QUARTIERSLOTSE_BENCH_ACCOUNT"
TODAY_VARIABLE = "QUARTIERSLOTSE_BENCH_TODAY"
IDLE_MS = 3_000


def say(line: str) -> None:
    """Tell the measuring process at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def usable() -> None:
    """Say so, and how much memory there is when nothing more happens."""
    from PySide6.QtCore import QTimer

    say("usable")
    QTimer.singleShot(IDLE_MS, tell_memory)


def tell_memory() -> None:
    """Say how much memory is held, and end."""
    from PySide6.QtWidgets import QApplication

    found = memory()
    import json

    say("idle " + json.dumps(found))
    QApplication.quit()


def memory() -> dict[str, int]:
    """Return kilobytes by kind; empty where the system does not tell."""
    from pathlib import Path

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


def show_bare() -> int:
    """Show a label in a window of the same size."""
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    from tests.benchmarks.first_paint import FirstPaint

    qt = QApplication(["bare"])
    window = QMainWindow()
    label = QLabel("Guten Tag")
    window.setCentralWidget(label)
    window.resize(1280, 820)
    window.show()
    watch = FirstPaint(label, usable)
    code = qt.exec()
    watch.deleteLater()
    window.close()
    return code


def show_program(kind: str, folder: str) -> int:
    """Start the program as `python -m ui` does; without the sign-in for `reception`."""
    # First, and by its own way in: its order of imports counts.
    import_module("ui.__main__")
    program_module = import_module("ui.app")

    from pathlib import Path

    from desktop_app.environment.folders import DataFolder

    data = DataFolder(Path(folder))
    with program_module.running(data) as program:
        if kind == "sign-in":
            program.start()
            _watch(program.sign_in_page, usable)
        else:
            page = _opened_without_sign_in(program, data)
            _watch(page, lambda: _usable_if_filled(page))
        return program.qt.exec()


def _watch(widget: object, ready: object) -> None:
    from tests.benchmarks.first_paint import FirstPaint

    widget.first_paint = FirstPaint(widget, ready)


def _opened_without_sign_in(program: object, data: object) -> object:
    """Open the window with the data key and return its first page."""
    from desktop_app.bootstrap import open_with_key

    key = bytes.fromhex(os.environ.pop(KEY_VARIABLE))
    window = program.open_window(open_with_key(data, key, os.environ[ACCOUNT_VARIABLE], _surroundings()))
    return window.current_page()


def _surroundings() -> object:
    from desktop_app.bootstrap import Surroundings

    return Surroundings.of_this_computer()


def _usable_if_filled(page: object) -> None:
    """Only a window that shows today's contacts is usable."""
    usable()
    rows = page.day.today.row_count()
    if rows < int(os.environ[TODAY_VARIABLE]):
        say(f"broken: {rows} contacts are shown")


def main() -> int:
    """Show one of the windows."""
    if sys.argv[1] == "bare":
        return show_bare()
    return show_program(sys.argv[1], sys.argv[2])


if __name__ == "__main__":
    sys.exit(main())
