"""A fresh process without a window: a desk that is let in fetches everything its office has, and then has nothing to do.

`FOLDER ROUNDS`; data key and account come from the environment. One line of JSON on standard output: seconds and seconds of
this process's own CPU of the first sync, and of each round after it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from tests.benchmarks.backup_process import ACCOUNT_VARIABLE, KEY_VARIABLE


def main() -> int:
    """Fetch, rest, and tell."""
    from desktop_app.bootstrap import Surroundings, open_with_key
    from desktop_app.core.progress import NoProgress
    from desktop_app.environment.folders import DataFolder

    key = bytes.fromhex(os.environ.pop(KEY_VARIABLE))
    account = os.environ[ACCOUNT_VARIABLE]
    application = open_with_key(DataFolder(Path(sys.argv[1])), key, account, Surroundings.of_this_computer())
    try:
        progress = NoProgress()
        began, began_cpu = time.perf_counter(), time.process_time()
        received = 0
        while True:
            result = application.sync.run(application.actor, progress)
            received += result.received
            if result.is_complete:
                break
        ((contacts,),) = application.store.sql("SELECT count(*) FROM contact")
        answer: dict[str, object] = {
            "seconds": time.perf_counter() - began,
            "cpu_seconds": time.process_time() - began_cpu,
            "received": received,
            "contacts": contacts,
        }
        idle = []
        for _ in range(int(sys.argv[2])):
            began_cpu = time.process_time()
            result = application.sync.run(application.actor, progress)
            idle.append(time.process_time() - began_cpu)
            assert result.is_complete
            assert not result.received
            assert not result.sent
        answer["idle_cpu_seconds"] = idle
        sys.stdout.write(json.dumps(answer) + "\n")
    finally:
        application.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
