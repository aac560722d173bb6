"""A desk that gives out and takes over files of a stick, to be killed; see `syncing_desk` for its shape.

Run with the folder of the desk, its key in hex and its office. Each line on its input starts one desk in a process of its
own: `export FOLDER STEP` or `import FOLDER STEP`; it kills itself at that statement, line written or file named, if it comes
so far, or at the first call of the function that is named there. Each line on its output says how one ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import cast

from desktop_app.core.clock import FixedClock
from desktop_app.sync import bundle_export, bundle_import
from desktop_app.sync.bundle_service import BundleService
from tests.faults.sync.standing import StandingDesk
from tests.faults.sync.syncing_desk import START, die_at, say
from tests.hub.running import RunningHub

STEPS = frozenset({"execute", "executemany", "write", "fsync", "rename", "unlink"})


def work(folder: Path, key: bytes, office_id: str, what: str, stick: Path, step: str) -> None:
    """Give out or take over, in many small transactions."""
    bundle_export._PIECE, bundle_import._PIECE, bundle_import._TRANSACTION_SECONDS = 10, 2, 0
    # Its clock stands still: what one killed desk began may not look like what the next one does.
    clock = FixedClock(START)
    desk = StandingDesk(folder.name, folder, cast("RunningHub", None), office_id, clock, "http://127.0.0.1:9", key)
    service = BundleService(desk.store, desk.engine)
    die_at(*((int(step), STEPS) if step.isdecimal() else (0, frozenset({step}))))
    if what == "export":
        service.export(desk.actor, stick)
    else:
        service.take_over(desk.actor, stick)
    sys.setprofile(None)
    os._exit(0)


def main(folder: Path, key: bytes, office_id: str) -> None:
    """Start desks until the input ends."""
    for line in sys.stdin:
        what, stick, step = line.split()
        sys.stdout.flush()
        desk = os.fork()
        if desk == 0:
            try:
                work(folder, key, office_id, what, Path(stick), step)
            finally:
                os._exit(3)
        _pid, status = os.waitpid(desk, 0)
        say("killed" if os.WIFSIGNALED(status) else "done" if os.WEXITSTATUS(status) == 0 else "failed")


if __name__ == "__main__":
    main(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3])
