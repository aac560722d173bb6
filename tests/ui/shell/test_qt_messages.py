"""Qt's messages in a process of its own: one is empty talk, the others go to the log."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

_SCRIPT = """
import logging
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
from ui.app import make_qt
qt = make_qt([])
from PySide6.QtCore import qCritical, qWarning
from PySide6.QtWidgets import QWidget
window = QWidget()
window.setMinimumSize(200, 100)
window.show()
window.setMinimumSize(300, 200)
qWarning("Etwas fehlt: 100 %s")
qCritical("Etwas ist kaputt")
"""


def test_messages_go_to_the_log_but_for_the_one_that_means_nothing() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert finished.stdout == ""
    assert finished.stderr.splitlines() == [
        "WARNING quartierslotse.qt: Etwas fehlt: 100 %s",
        "ERROR quartierslotse.qt: Etwas ist kaputt",
    ]
