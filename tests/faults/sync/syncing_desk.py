"""A desk that records contacts and syncs as fast as it can, to be killed. See `tests/faults/busy_desk.py` for its shape.

Run with the folder of the desk, its key in hex, the address it syncs through and its office. Each line on its input
starts one desk in a process of its own: `NUMBER` to go on until it is killed from outside, or `NUMBER STEP` to kill itself
at that statement, line or byte sent or received. Each line on its output tells of what had returned before.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from desktop_app.core.clock import FixedClock
from tests.faults.sync.standing import StandingDesk
from tests.hub.running import RunningHub

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
_STEPS = frozenset({"execute", "executemany", "write", "sendall", "recv_into"})
_MOST_ROUNDS = 200  # nobody kills it: it ends by itself, and the test fails


def say(*words: object) -> None:
    """Tell the test; one write, so that a line is there or not."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def die_at(step: int, steps: frozenset[str] = _STEPS) -> None:
    """Kill this process before the given step."""
    left = step

    def count(_frame: Any, event: str, function: Callable[..., Any]) -> None:
        nonlocal left
        if event == "c_call" and function.__name__ in steps:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def work(folder: Path, key: bytes, address: str, office_id: str, number: int) -> None:
    """Record, correct, sync."""
    clock = FixedClock(START + timedelta(hours=number))
    desk = StandingDesk(folder.name, folder, cast("RunningHub", None), office_id, clock, address, key)
    say("open")
    last = ""
    for turn in range(_MOST_ROUNDS):
        material = f"{number}-{turn}"
        contact = desk.contact(material=material, note="Notiz " * (turn + 1))
        say("saved", contact, material)
        if last:
            desk.correct(last, material=f"{material}-berichtigt")
            say("saved", last, f"{material}-berichtigt")
        last = contact
        desk.round()
        say("round")


def main(folder: Path, key: bytes, address: str, office_id: str) -> None:
    """Start desks until the input ends; everything is imported once, each desk is a process of its own."""
    for line in sys.stdin:
        number, *step = map(int, line.split())
        sys.stdout.flush()
        desk = os.fork()
        if desk == 0:
            if step:
                die_at(step[0])
            work(folder, key, address, office_id, number)
            os._exit(3)
        say("started", desk)
        _pid, status = os.waitpid(desk, 0)
        say("ended", os.WTERMSIG(status) if os.WIFSIGNALED(status) else f"by itself with {os.WEXITSTATUS(status)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3], sys.argv[4])
