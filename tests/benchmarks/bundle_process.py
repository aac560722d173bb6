"""A fresh process without a window: a desk takes a file over that another desk of its office gave out.

`FOLDER FILE`; data key and account come from the environment. One line of JSON on standard output: seconds, seconds of this
process's own CPU, and how long somebody who saves meanwhile waited at most, in milliseconds.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

from tests.benchmarks.backup_process import ACCOUNT_VARIABLE, KEY_VARIABLE

_SAVE_EVERY_S = 0.5


def main() -> int:
    """Take over, and tell."""
    from desktop_app.bootstrap import Surroundings, open_with_key
    from desktop_app.environment.folders import DataFolder

    key = bytes.fromhex(os.environ.pop(KEY_VARIABLE))
    account = os.environ[ACCOUNT_VARIABLE]
    application = open_with_key(DataFolder(Path(sys.argv[1])), key, account, Surroundings.of_this_computer())
    waited: list[float] = []
    is_over = threading.Event()

    def save() -> None:
        while not is_over.wait(_SAVE_EVERY_S):
            began = time.perf_counter()
            with application.store.unit_of_work(application.actor, "measured", ("office", "")):
                pass
            waited.append(time.perf_counter() - began)
        application.store.end_thread()

    saving = threading.Thread(target=save)
    try:
        saving.start()
        began, began_cpu = time.perf_counter(), time.process_time()
        taken = application.bundles.take_over(application.actor, Path(sys.argv[2]))
        answer: dict[str, object] = {
            "seconds": time.perf_counter() - began,
            "cpu_seconds": time.process_time() - began_cpu,
            "received": taken.received,
            "left_out": taken.left_out,
        }
        is_over.set()
        saving.join()
        ((contacts,),) = application.store.sql("SELECT count(*) FROM contact")
        answer |= {"contacts": contacts, "longest_save_ms": max(waited, default=0.0) * 1000}
        sys.stdout.write(json.dumps(answer) + "\n")
    finally:
        is_over.set()
        application.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
