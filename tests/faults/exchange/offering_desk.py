"""A desk that offers a person and syncs, to be killed. See `tests/faults/sync/syncing_desk.py` for its shape.

Run with the folder of the desk, its key in hex, the address it syncs through and its office. Each line on its input starts
one desk in a process of its own: `alone` to die as soon as the offer is written, `round` to sync and be killed from outside.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from desktop_app.core.clock import FixedClock
from tests.faults.sync.standing import StandingDesk
from tests.faults.sync.syncing_desk import say
from tests.hub.running import RunningHub
from tests.sync.sharing import Sharing

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def work(folder: Path, key: bytes, address: str, office_id: str, number: int, *, syncs: bool) -> None:
    """Offer, sync."""
    clock = FixedClock(START + timedelta(minutes=number))
    desk = StandingDesk("Empfang", folder, cast("RunningHub", None), office_id, clock, address, key)
    sharing = Sharing(desk)
    say("offered", sharing.offer(sharing.person(f"Person {number}")))
    if not syncs:
        os.kill(os.getpid(), signal.SIGKILL)
    desk.round()


def main(folder: Path, key: bytes, address: str, office_id: str) -> None:
    """Start desks until the input ends."""
    for number, line in enumerate(sys.stdin):
        sys.stdout.flush()
        desk = os.fork()
        if desk == 0:
            work(folder, key, address, office_id, number, syncs=line.strip() == "round")
            os._exit(3)
        say("started", desk)
        _pid, status = os.waitpid(desk, 0)
        say("ended", os.WTERMSIG(status) if os.WIFSIGNALED(status) else f"by itself with {os.WEXITSTATUS(status)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3], sys.argv[4])
