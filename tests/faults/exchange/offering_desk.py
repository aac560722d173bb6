"""A desk that offers a person and syncs, to be killed (see `mortal`).

Run with the folder of the desk, its key in hex, the address it syncs through and its office. Its order is `NUMBER alone` to
die as soon as the offer is written, or `NUMBER round` to sync and be killed from outside.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from desktop_app.core.clock import FixedClock
from tests.faults.mortal import say, start_desks
from tests.faults.sync.standing import StandingDesk
from tests.hub.running import RunningHub
from tests.sync.sharing import Sharing

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def start(order: str) -> None:
    """Offer, sync."""
    folder, key, address, office_id = sys.argv[1:]
    number, what = order.split()
    clock = FixedClock(START + timedelta(minutes=int(number)))
    desk = StandingDesk(
        "Empfang", Path(folder), cast("RunningHub", None), office_id, clock, address, bytes.fromhex(key)
    )
    sharing = Sharing(desk)
    say("offered", sharing.offer(sharing.person(f"Person {number}")))
    if what == "alone":
        os.kill(os.getpid(), signal.SIGKILL)
    desk.round()


if __name__ == "__main__":
    start_desks(start)
