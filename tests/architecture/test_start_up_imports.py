"""Start-up time is imports: what the first window does not need is imported when it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"reportlab", "xlsxwriter", "pypdfium2", "openpyxl", "rapidfuzz", "PIL", "segno", "nh3", "phonenumbers", "dns"}
ENTRIES = (
    "desktop_app.bootstrap",
    "ui.__main__",
    "ui.command_line",
    "ui.app",
    "ui.pages",
    "ui.shell",
    "ui.sign_in.page",
    "ui.reception.page",
)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def entry_modules() -> list[str]:
    """Return the modules that are loaded before the first window, as far as they exist."""
    names = {module_name(path) for package in ("desktop_app", "ui") for path in (ROOT / package).rglob("*.py")}
    return sorted(name for name in names if name in ENTRIES or name.startswith("ui.shell."))


def loaded_by(statement: str) -> set[str]:
    """Return the top-level names of all modules that a fresh Python has after a statement."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert answer.returncode == 0, answer.stderr
    return set(json.loads(answer.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", entry_modules())
def test_the_way_to_the_first_window_imports_nothing_heavy(module: str) -> None:
    assert loaded_by(f"import {module}") & HEAVY == set()


def test_every_part_below_the_screen_comes_without_qt() -> None:
    modules = [module_name(path) for path in sorted((ROOT / "desktop_app").rglob("*.py")) if not path.stem[0].isdigit()]
    assert not loaded_by("import " + ", ".join(modules)) & {"PySide6", "shiboken6"}
