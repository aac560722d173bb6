"""The process in which a large backup is checked and written; see `desktop_app.backup.beside`.

One line of JSON on standard input says what to do, lines of JSON on standard output say how far it is and how it ended.
The end of the input means: stop.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from desktop_app.backup.checking import check_database
from desktop_app.backup.making import make_backup
from desktop_app.backup.records import BackupReason
from desktop_app.core.clock import SystemClock, from_text
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.progress import Cancelled
from desktop_app.core.tracebacks import traceback_without_values
from desktop_app.core.translation import use_language
from desktop_app.storage.database import DamagedDatabase, EncryptedDatabase
from desktop_app.storage.store import Store

_SHORTEST_PAUSE_S = 0.1
_LOWEST_PRIORITY = 19


class _Telling:
    """Progress that goes to the other process; stops when nobody listens any more."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last = 0.0
        self.is_stopped = threading.Event()

    def step(self, done: int, total: int, text: str) -> None:
        """Tell now and then; raises Cancelled when the other side has gone."""
        if self.is_stopped.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._last >= _SHORTEST_PAUSE_S or done >= total:
            self._last = now
            self.tell({"step": [done, total, text]})

    def tell(self, answer: dict[str, Any]) -> None:
        """Write one line."""
        try:
            self._out.write(json.dumps(answer) + "\n")
            self._out.flush()
        except OSError as error:
            self.is_stopped.set()
            raise Cancelled from error


def main() -> int:
    """Do what the first line says."""
    order = json.loads(sys.stdin.readline())
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(_LOWEST_PRIORITY)
    telling = _Telling(sys.stdout)
    threading.Thread(target=_wait_for_end, args=(telling,), daemon=True).start()
    try:
        with use_language(order["language"]):
            answer = _answer(order, telling)
        telling.tell(answer)
    except Cancelled:
        return 1
    return 0


def _wait_for_end(telling: _Telling) -> None:
    sys.stdin.read()
    telling.is_stopped.set()


def _answer(order: dict[str, Any], telling: _Telling) -> dict[str, Any]:
    try:
        return {"done": _work(order, telling)}
    except Cancelled:
        raise
    except DamagedDatabase as problem:
        return {"damaged": problem.message}
    except EnvironmentProblem as problem:
        return {"problem": problem.message}
    except Exception as error:  # noqa: BLE001 - the other process raises it as a bug
        return {"bug": traceback_without_values(error)}


def _work(order: dict[str, Any], telling: _Telling) -> dict[str, Any]:
    database = EncryptedDatabase(Path(order["database"]), bytes.fromhex(order.pop("key")))
    database.check_readable()
    clock = SystemClock()
    store = Store(database, clock, UuidFactory(clock), NoticeBoard())
    try:
        if order["task"] == "check":
            check_database(store)
            return {}
        backup = make_backup(
            store,
            Path(order["key_slots"]),
            Path(order["target"]),
            BackupReason(order["reason"]),
            from_text(order["moment"]),
            telling,
        )[0]
        return {"folder": str(backup.folder)}
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
