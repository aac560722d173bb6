"""A desk that records contacts and syncs as fast as it can, to be killed (see `mortal`).

Run with the folder of the desk, its key in hex, the address it syncs through and its office. Its order is `NUMBER` to go on
until it is killed from outside, or `NUMBER STEP` to kill itself at that statement, line or byte sent or received.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from desktop_app.core.clock import FixedClock
from tests.faults.mortal import EXCHANGES, die_at, say, start_desks
from tests.faults.sync.standing import StandingDesk
from tests.hub.running import RunningHub

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
_MOST_ROUNDS = 200  # nobody kills it: it ends by itself, and the test fails


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


def start(order: str) -> None:
    """Start a desk with a number, and where it is to die."""
    number, *step = map(int, order.split())
    if step:
        die_at(step[0], EXCHANGES)
    work(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3], sys.argv[4], number)


if __name__ == "__main__":
    start_desks(start)
