"""The office's time zone is there on systems that bring no time zones: Windows, bare containers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
from datetime import UTC, datetime
from desktop_app.core.clock import office_zone
for month in (1, 7):
    print(datetime(2026, month, 1, 12, tzinfo=UTC).astimezone(office_zone()).isoformat())
"""


def test_summer_time_does_not_depend_on_files_of_the_system(root: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=root,
        env={**os.environ, "PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == ["2026-01-01T13:00:00+01:00", "2026-07-01T14:00:00+02:00"]
