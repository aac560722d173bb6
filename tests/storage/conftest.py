"""Opening the same file again, as a second start of the program would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.storage.opening import open_store
from desktop_app.storage.store import Store

Reopen = Callable[[Path], Store]


@pytest.fixture
def reopen(tmp_path: Path, clock: FixedClock, ids: UuidFactory, data_key: bytes) -> Iterator[Reopen]:
    """Open a database file with the data key of this test; closed at the end."""
    opened: list[Store] = []

    def open_again(path: Path) -> Store:
        store = open_store(path, data_key, clock, ids, NoticeBoard(), backups=tmp_path / "sicherungen")
        opened.append(store)
        return store

    yield open_again
    for store in opened:
        store.close()
