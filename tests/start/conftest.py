"""A small project of its own for start.py: real environments, real pip, and no network."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ECHO = """\
import json, os, sys
print(json.dumps({"module": __spec__.name, "arguments": sys.argv[1:], "folder": os.getcwd(), "prefix": sys.prefix,
                  "platform": os.environ.get("QT_QPA_PLATFORM", "")}))
sys.exit(int(os.environ.get("EXIT_CODE", "0")))
"""


class House:
    """A copy of start.py with echoing programs and locks that need no network."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.wheels = root / "wheels"
        self.marker = root / ".venv" / "quartierslotse.json"
        self.python = root / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        for folder in ("ui", "requirements", "wheels"):
            (root / folder).mkdir(parents=True)
        shutil.copy(ROOT / "start.py", root)
        (root / "ui" / "__init__.py").touch()
        for name in ("__main__", "demo", "command_line"):
            (root / "ui" / f"{name}.py").write_text(ECHO, encoding="utf-8")
        (root / "hub" / "cli").mkdir(parents=True)
        for package in (root / "hub", root / "hub" / "cli"):
            (package / "__init__.py").touch()
        (root / "hub" / "cli" / "trial.py").write_text(ECHO, encoding="utf-8")
        self.write_lock("runtime", "")
        self.write_lock("hub", "")
        self.write_lock("development", "")

    def write_lock(self, kind: str, text: str) -> None:
        (self.root / "requirements" / f"{kind}.lock").write_text(text, encoding="utf-8")

    def make_wheel(self, name: str, version: str) -> str:
        """Put a package with one module into the wheel folder and return its line for a lock."""
        path = self.wheels / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{name}.py", f"VERSION = {version!r}\n")
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"

    def start(self, *arguments: str, folder: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run start.py as a process, without a display and without a network."""
        environment = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}}
        environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.wheels.as_uri(), "PYTHONUTF8": "1"}
        environment.pop("QT_QPA_PLATFORM", None)
        return subprocess.run(
            [sys.executable, str(self.root / "start.py"), *arguments],
            cwd=folder or self.root,
            env=environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    def installed(self, name: str) -> str:
        """Return the version of one of our small packages in the environment, or an empty text."""
        code = f"import {name}; print({name}.VERSION)"
        return subprocess.run([self.python, "-c", code], capture_output=True, text=True, check=False).stdout.strip()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A project in a folder with spaces and umlauts, not started yet."""
    return House(tmp_path / "Büro Süd" / "Quartiers Lotse")
