"""Two real programs over one folder: the second says so and ends, a killed first one leaves nothing in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
import ui.app
from PySide6.QtCore import QTimer
from pathlib import Path
from desktop_app.environment.folders import DataFolder

ui.app.make_qt([])
with ui.app.running(DataFolder(Path(sys.argv[1])), is_named=True) as program:
    program.start()
    program.gate.called.connect(lambda: print("called", flush=True))
    front = program.problem_page or program.wizard
    print("second" if program.gate.is_taken else "first", type(front).__name__, flush=True)
    if program.gate.is_taken:
        QTimer.singleShot(0, front.close)
    else:
        QTimer.singleShot(60_000, program.close)
    program.qt.exec()
"""


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process")
def test_one_window_even_after_a_crash(tmp_path: Path) -> None:
    folder = tmp_path / "daten"
    first = start(folder)
    try:
        assert first_line(first) == "first SetUpWizard"
        second = start(folder)
        said, complaints = second.communicate(timeout=60)
        assert said.strip() == "second EmptyState", complaints
        assert second.returncode == 0
        assert first_line(first) == "called"
        for number in range(3):
            first.kill()
            first.communicate()
            first = start(folder)
            expected = "first SetUpWizard" if number < 2 else "first SafeStartPage"
            assert first_line(first) == expected
    finally:
        first.kill()
        first.communicate()
