"""Long work on a backup in a process of its own, so that neither typing nor saving feels it.

Checking, copying and hashing a large database keeps a core and Python's lock busy enough to be seen as a stutter of the
window. The process gets the data key through a pipe, never on its command line or in its environment, runs with the
lowest priority, and stops when its pipe closes: nothing is left running when the program ends or dies.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.progress import Progress
from desktop_app.core.translation import current_language
from desktop_app.storage.copies import CopyReader
from desktop_app.storage.database import DamagedDatabase

WORKER = "desktop_app.backup.working_process"
_ROOT = Path(__file__).resolve().parents[2]


class CannotStart(Exception):
    """There is no process to be had; the work has to be done here."""


def can_work_beside() -> bool:
    """Tell whether this Python can start another one; a frozen program is none."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


def run_beside(
    task: Mapping[str, object],
    reader: CopyReader,
    progress: Progress,
    undo: Callable[[dict[str, Any]], None] = lambda _done: None,
) -> dict[str, Any]:
    """Let another process do `task` and return what it answers; `undo` takes back what was done when it was cancelled.

    Raises:
        CannotStart: the system starts no process; nothing was done.
        DamagedDatabase, EnvironmentProblem: what the process met, in its words.
        Cancelled: through `progress`; the process has tidied up and ended.
    """
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=_flags(),
        )
    except OSError as error:
        raise CannotStart from error
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a pipe that was asked for is missing")
    order = {**task, "key": reader.data_key.hex(), "language": current_language()}
    answer: dict[str, Any] = {}
    try:
        # It may have died at once: then it answers nothing, which is told below.
        with suppress(OSError):
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
        for line in process.stdout:
            answer = json.loads(line)
            if "step" in answer:
                done, total, text = answer["step"]
                progress.step(done, total, text)
    finally:
        # Closing its input asks it to stop; it removes what is half done before it ends.
        with suppress(OSError):
            process.stdin.close()
        last = [line for line in process.stdout if line.startswith(b'{"done"')]
        process.stdout.close()
        process.wait()
        if last:
            undo(json.loads(last[0])["done"])  # it had finished before it heard of the wish to stop
    return _result(answer)


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    if "damaged" in answer:
        raise DamagedDatabase(answer["damaged"])
    if "problem" in answer:
        raise EnvironmentProblem(answer["problem"])
    if "bug" in answer:
        raise RuntimeError(f"the backup process failed\n{answer['bug']}")
    if "done" not in answer:
        raise CannotStart
    return dict(answer["done"])


def _environment() -> dict[str, str]:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return 0
