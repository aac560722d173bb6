"""The layers hold: the contracts in pyproject.toml, and two rules that they can't express."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

PACKAGES = ("desktop_app", "ui", "hub")
SCREEN = {"PySide6", "shiboken6", "ui"}
SHAPELESS_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}


def modules_of(root: Path, *packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((root / package).rglob("*.py"))]


def imported_names(path: Path) -> set[str]:
    """Return every name that a file imports anywhere, also inside functions and type checking blocks."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


def test_the_import_contracts_are_kept(root: Path) -> None:
    command = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    answer = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], cwd=root, capture_output=True, text=True, encoding="utf-8"
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_desktop_app_knows_no_screen(root: Path) -> None:
    offenders = {
        path.relative_to(root).as_posix(): sorted(found)
        for path in modules_of(root, "desktop_app", "hub")
        if (found := {name for name in imported_names(path) if name.split(".")[0] in SCREEN})
    }
    assert offenders == {}


def test_every_module_has_a_name_that_says_something(root: Path) -> None:
    shapeless = [
        path.relative_to(root).as_posix()
        for path in modules_of(root, *PACKAGES)
        if SHAPELESS_NAMES & {path.stem, *path.relative_to(root).parts[:-1]}
    ]
    assert shapeless == []


def test_every_folder_of_code_is_a_package(root: Path) -> None:
    folders = {path.parent for path in modules_of(root, *PACKAGES)}
    assert [folder.relative_to(root).as_posix() for folder in folders if not (folder / "__init__.py").exists()] == []


def test_no_folder_of_tests_is_a_package(root: Path) -> None:
    assert [path.relative_to(root).as_posix() for path in (root / "tests").rglob("__init__.py")] == []
