"""What many tests need: a clock that stands still, known ids, a real encrypted store."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.storage.opening import create_store
from desktop_app.storage.store import Store

# Tests never need a screen; a screen that is there is left alone only if the caller says so.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def clock() -> FixedClock:
    """Sunday, 22 November 2026, 10:40 in Berlin."""
    return FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))


@pytest.fixture
def ids(clock: FixedClock) -> UuidFactory:
    """Ids as the program makes them."""
    return UuidFactory(clock)


@pytest.fixture
def actor() -> Actor:
    """A front-desk account."""
    return Actor(account_id="018f0000-0000-7000-8000-000000000001", display_name="Erika Muster", initials="EM")


@pytest.fixture
def data_key() -> bytes:
    """A random data key."""
    return secrets.token_bytes(32)


@pytest.fixture
def store(tmp_path: Path, clock: FixedClock, ids: UuidFactory, data_key: bytes) -> Iterator[Store]:
    """A real SQLCipher database with the current schema."""
    opened = create_store(tmp_path / "quartierslotse.db", data_key, clock, ids, NoticeBoard())
    yield opened
    opened.close()
