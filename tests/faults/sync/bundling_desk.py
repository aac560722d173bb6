"""A desk that gives out and takes over files of a stick, to be killed (see `mortal`).

Run with the folder of the desk, its key in hex and its office. Its order is a JSON list: "export" or "import", the folder of
the stick, and the step; it kills itself at that statement, line written or file named, if it comes so far, or at the first
call of the function that is named there.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import cast

from desktop_app.core.clock import FixedClock
from desktop_app.sync import bundle_export, bundle_import
from desktop_app.sync.bundle_service import BundleService
from tests.faults.mortal import STATEMENTS, die_at, start_desks
from tests.faults.sync.standing import StandingDesk
from tests.faults.sync.syncing_desk import START
from tests.hub.running import RunningHub

STEPS = STATEMENTS | {"fsync", "rename", "unlink"}


def start(order: str) -> None:
    """Give out or take over, in many small transactions."""
    folder, key, office_id = sys.argv[1:]
    what, stick, step = json.loads(order)
    bundle_export._PIECE, bundle_import._PIECE, bundle_import._TRANSACTION_SECONDS = 10, 2, 0
    # Its clock stands still: what one killed desk began may not look like what the next one does.
    clock = FixedClock(START)
    desk = StandingDesk(
        Path(folder).name,
        Path(folder),
        cast("RunningHub", None),
        office_id,
        clock,
        "http://127.0.0.1:9",
        bytes.fromhex(key),
    )
    service = BundleService(desk.store, desk.engine)
    die_at(*((step, STEPS) if isinstance(step, int) else (0, frozenset({step}))))
    if what == "export":
        service.export(desk.actor, Path(stick))
    else:
        service.take_over(desk.actor, Path(stick))


if __name__ == "__main__":
    start_desks(start)
