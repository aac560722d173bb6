"""A desk that connects, to be killed at a step of it. See `tests/faults/sync/syncing_desk.py` for its shape.

Each line on its input, a JSON list of name, folder, key, office, code and step, is a desk whose database is there: it
connects in a process of its own and kills itself before that statement, line or byte sent or received. The line on the
output tells how it ended.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import cast

from desktop_app.core.clock import FixedClock
from tests.faults.sync.standing import StandingDesk
from tests.faults.sync.syncing_desk import START, die_at, say
from tests.hub.running import RunningHub


def connect(name: str, folder: str, key: str, office_id: str, code: str, step: int) -> None:
    """Connect, and die on the way."""
    clock = FixedClock(START)
    desk = StandingDesk(name, Path(folder), cast("RunningHub", None), office_id, clock, "", bytes.fromhex(key))
    die_at(step)
    desk.connect(code)


def main() -> None:
    """Start desks until the input ends."""
    for line in sys.stdin:
        sys.stdout.flush()
        desk = os.fork()
        if desk == 0:
            connect(*json.loads(line))
            os._exit(0)
        _pid, status = os.waitpid(desk, 0)
        say("killed" if os.WIFSIGNALED(status) else f"ended with {os.WEXITSTATUS(status)}")


if __name__ == "__main__":
    main()
