"""PySide does not read our sources while the window is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_SCRIPT = """
import linecache
from ui.app import make_qt
qt = make_qt([])
linecache.clearcache()
import ui.reception.page
import desktop_app.bootstrap
read = [name for name in linecache.cache if "reception" in name or "bootstrap" in name]
print("read:", len(read))
"""


def test_our_modules_are_imported_without_their_source_being_read() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout.strip() == "read: 0"
