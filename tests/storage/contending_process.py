"""A second program on the same file. Run with the path, the key in hex and what to do: `hold` or a number of rows."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from desktop_app.core.actor import Actor
from desktop_app.core.clock import SystemClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.settings.tables import SocialSpaceTable
from desktop_app.storage.opening import open_store


def main(path: Path, key: bytes, task: str) -> None:
    clock = SystemClock()
    ids = UuidFactory(clock)
    store = open_store(path, key, clock, ids, NoticeBoard(), backups=path.parent)
    actor = Actor(ids.new_id(), "Zweites Programm", "ZP")
    if task == "hold":
        with store.unit_of_work(actor, "hold", ("office", "x")) as unit:
            unit.insert(SocialSpaceTable, {"id": "held", "name": "held", "position": 0, "active": 1})
            print("held", flush=True)
            sys.stdin.readline()
    else:
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(int(task)):
            with store.unit_of_work(actor, "count", ("office", "x")) as unit:
                position = unit.sql("SELECT count(*) FROM social_space")[0][0]
                row = {"id": ids.new_id(), "name": secrets.token_hex(4), "position": position, "active": 1}
                unit.insert(SocialSpaceTable, row)
    store.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3])
