"""A desk that connects, to be killed (see `mortal`).

Its order is a JSON list of its name, folder, key, office, code and the step; it kills itself before that statement, line or
byte sent or received.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from desktop_app.core.clock import FixedClock
from tests.faults.mortal import EXCHANGES, die_at, start_desks
from tests.faults.sync.standing import StandingDesk
from tests.faults.sync.syncing_desk import START
from tests.hub.running import RunningHub


def start(order: str) -> None:
    """Connect, and die on the way."""
    name, folder, key, office_id, code, step = json.loads(order)
    clock = FixedClock(START)
    desk = StandingDesk(name, Path(folder), cast("RunningHub", None), office_id, clock, "", bytes.fromhex(key))
    die_at(step, EXCHANGES)
    desk.connect(code)


if __name__ == "__main__":
    start_desks(start)
