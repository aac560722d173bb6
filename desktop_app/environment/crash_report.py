"""What a report about a failure of the program says: version, system, kind of failure, places. Never any data."""

from __future__ import annotations

import faulthandler
import os
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from typing import TextIO

import desktop_app
from desktop_app.core.clock import to_text
from desktop_app.core.tracebacks import short_place, traceback_without_values
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder

_PARTS = ("PySide6-Essentials", "peewee", "sqlcipher3", "reportlab", "pypdfium2")
_LARGEST_CRASH_LOG = 200_000
_FRAME = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\d+) in (?P<name>[\w<>.]+)$')
_HEADING = re.compile(
    r"^(Fatal Python error: (Segmentation fault|Aborted|Bus error|Floating[- ]point exception|Illegal instruction)"
    r"|Windows fatal exception: [\w :]+"
    r"|Current thread .*|Thread 0x.*|Stack .*)$"
)
_THREAD = re.compile(r"^(Current thread|Thread) 0x[0-9a-f]+.*$")


@dataclass(frozen=True, slots=True)
class CrashReport:
    """All that is told about one failure."""

    happened_at: datetime
    failure: str
    """Types and places of one or several errors, without texts and values."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Further parts of the program with their versions."""

    def text(self) -> str:
        """Return the report as it is shown, copied and saved: there is no other version of it."""
        lines = [
            tr("Fehlerbericht von Quartierslotse"),
            "",
            tr("Zeitpunkt: {moment}", moment=to_text(self.happened_at)),
            tr("Programm: {version}", version=desktop_app.__version__),
            tr("System: {system}", system=_system()),
            f"Python: {platform.python_version()} ({platform.architecture()[0]})",
            *(f"{name}: {version}" for name, version in {**_versions(), **self.parts}.items()),
            "",
            tr("Was geschah:"),
            self.failure or "-",
            "",
            tr("Dieser Bericht enthält keine Namen, keine Inhalte und keine Ordner dieses Rechners."),
        ]
        return "\n".join(lines) + "\n"


def report_of(error: BaseException, now: datetime) -> CrashReport:
    """Return the report about an error of the program."""
    return CrashReport(now, traceback_without_values(error))


class CrashLog:
    """Where Python writes its places when the process dies at once (a fault in a library, a killed thread)."""

    def __init__(self, folder: DataFolder) -> None:
        """Prepare the log of a data folder; nothing is opened yet."""
        self._path = folder.logs / "absturz.log"
        self._file: TextIO | None = None

    def begin(self) -> str:
        """Return what the last run left, cleaned of anything but places, and watch over this run.

        A folder that can't be written only costs the log.
        """
        left = self._left()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8")
            faulthandler.enable(self._file, all_threads=True)
        except (OSError, ValueError):
            self._file = None
        return left

    def end(self) -> None:
        """Stop watching; a log in which nothing was written goes."""
        file, self._file = self._file, None
        if file is None:
            return
        faulthandler.disable()
        file.close()
        try:
            if self._path.stat().st_size == 0:
                self._path.unlink()
        except OSError:
            return

    def _left(self) -> str:
        try:
            with self._path.open(encoding="utf-8", errors="replace") as file:
                return redacted_fault(file.read(_LARGEST_CRASH_LOG))
        except OSError:
            return ""


def redacted_fault(text: str) -> str:
    """Return the lines of a fault log that name threads and places, with short names of files; drop all others."""
    lines = []
    for line in text.splitlines():
        frame = _FRAME.match(line)
        if frame:
            lines.append(f"  {short_place(frame['file'])}:{frame['line']} in {frame['name']}")
        elif _THREAD.match(line):
            lines.append("Current thread" if line.startswith("Current") else "Thread")
        elif _HEADING.match(line):
            lines.append(line)
    return "\n".join(lines)


def _system() -> str:
    return f"{platform.system()} {platform.release()} ({platform.machine()}), {sys.platform}, {os.cpu_count()} CPU"


def _versions() -> dict[str, str]:
    found = {}
    for name in _PARTS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "?"
    return found
