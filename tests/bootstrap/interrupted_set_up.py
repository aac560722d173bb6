"""Kills first runs at given steps. Run with a folder and step numbers; prints the number of steps of a whole run.

A step is a call that changes something on disk. Each kill happens in a forked copy of this process.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import argon2.low_level  # noqa: F401 - imported before the copies are made
import nacl.bindings  # noqa: F401
import playhouse.migrations  # noqa: F401

from desktop_app.bootstrap import Surroundings, is_set_up, set_up
from desktop_app.core.clock import SystemClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_slots import DerivationCost
from tests.bootstrap.conftest import WISHES

STEPS = {"execute", "executemany", "fsync", "replace", "rename", "unlink", "open", "close", "mkdir", "write"}


def run_until(root: Path, last_step: int | None) -> int:
    """Run a first run; die before step `last_step`, or return the number of steps."""
    step = 0

    def count(_frame: Any, event: str, function: Any) -> None:
        nonlocal step
        if event == "c_call" and function.__name__ in STEPS:
            if step == last_step:
                os.kill(os.getpid(), signal.SIGKILL)
            step += 1

    clock = SystemClock()
    surroundings = Surroundings(clock, UuidFactory(clock), DerivationCost(1, 64, 1))
    folder = DataFolder(root)
    if is_set_up(folder):
        return -1
    sys.setprofile(count)
    application, _recovery_key = set_up(folder, WISHES, surroundings)
    sys.setprofile(None)
    application.close()
    return step


def main(root: Path, numbers: list[int]) -> None:
    run_until(root / "first", None)  # imports what is imported late, so that the next count is the one of all copies
    print(run_until(root / "whole", None), flush=True)
    for number in numbers:
        for attempt in (number, number // 2):
            child = os.fork()
            if child == 0:
                try:
                    run_until(root / str(number), attempt)
                finally:
                    os._exit(0)
            _pid, status = os.waitpid(child, 0)
            print(number, attempt, os.WTERMSIG(status) if os.WIFSIGNALED(status) else "ended", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(text) for text in sys.argv[2:]])
