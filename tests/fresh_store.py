"""New databases for tests that are not about making one: the migrations run once per process and key, tests get copies."""

from __future__ import annotations

import atexit
import secrets
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from itertools import cycle
from pathlib import Path

from desktop_app.core.clock import Clock, FixedClock
from desktop_app.core.ids import IdFactory, UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.storage.opening import create_store, open_store
from desktop_app.storage.store import Store

# As many as desks meet in one test; with a key of its own for every copy SQLCipher would write all pages anew.
_KEYS = [secrets.token_bytes(32) for _ in range(6)]
_next_keys = cycle(_KEYS)


def fresh_key() -> bytes:
    """Return a data key that none of the last five desks has."""
    return next(_next_keys)


@cache
def _template(key: bytes) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="quartierslotse-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path, clock = folder / "quartierslotse.db", FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    create_store(path, key, clock, UuidFactory(clock), NoticeBoard()).close()
    return path


def fresh_store(path: Path, key: bytes, clock: Clock, ids: IdFactory) -> Store:
    """Open a new database at `path`, as `create_store` leaves it; `key` is one of `fresh_key`."""
    shutil.copy(_template(key), path)
    return open_store(path, key, clock, ids, NoticeBoard(), backups=path.parent / "backups")
