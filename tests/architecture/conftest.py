"""What the house rules are checked against: the files of the project as they are committed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = {".git", ".venv", "build", "dist", "demo-ausgabe", "__pycache__"}


def tracked_files(root: Path) -> list[Path]:
    """Return the committed files; in a copy without git, all files but the products."""
    if shutil.which("git") and (root / ".git").exists():
        answer = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=root, capture_output=True, check=True
        )
        names = [name for name in answer.stdout.decode("utf-8").split("\0") if name]
        return [path for path in (root / name for name in names) if path.is_file()]
    return [
        path
        for path in root.rglob("*")
        if path.is_file() and not LEFT_OUT & set(path.relative_to(root).parts) and "_cache" not in path.as_posix()
    ]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    return tracked_files(ROOT)
