"""Start-up time is imports: what the first window does not need is imported when it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def fresh_python(code: str, *words: str) -> Any:
    """Run code in a fresh Python that finds the program; return the JSON of its last line."""
    answer = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])


#: Imports each module as the first of ours; a foreign one stays from then on, so its name is put down where it came in.
ONE_BY_ONE = """
import importlib, json, sys
came_with, known = {}, set()
for module in sys.argv[1:]:
    for name in [name for name in sys.modules if name.partition(".")[0] in {"desktop_app", "ui"}]:
        del sys.modules[name]
    importlib.import_module(module)
    loaded = {name.partition(".")[0] for name in sys.modules}
    came_with[module] = sorted(loaded - known)
    known |= loaded
print(json.dumps(came_with))
"""


@pytest.fixture(scope="module")
def came_with() -> dict[str, list[str]]:
    """The top-level names that were not loaded before, by the module of ours that brought them."""
    return dict(fresh_python(ONE_BY_ONE, *entry_modules()))


@pytest.mark.parametrize("module", entry_modules())
def test_the_way_to_the_first_window_imports_nothing_heavy(module: str, came_with: dict[str, list[str]]) -> None:
    assert set(came_with[module]) & HEAVY == set()


def test_every_part_below_the_screen_comes_without_qt() -> None:
    modules = [module_name(path) for path in sorted((ROOT / "desktop_app").rglob("*.py")) if not path.stem[0].isdigit()]
    code = (
        f"import {', '.join(modules)}, json, sys; print(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    )
    assert not set(fresh_python(code)) & {"PySide6", "shiboken6"}
