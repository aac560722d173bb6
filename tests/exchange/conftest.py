"""Two offices that know each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.clock import FixedClock
from tests.exchange.two_offices import NORTH, SOUTH, Hub, Pair, introduce, new_keys, open_desk


@pytest.fixture
def strangers(tmp_path: Path, clock: FixedClock, data_key: bytes) -> Iterator[Pair]:
    """Two offices that have not heard of each other."""
    north, south = (open_desk(tmp_path, office, clock, data_key, new_keys()) for office in (NORTH, SOUTH))
    yield Pair(north, south, Hub(), clock)
    north.store.close()
    south.store.close()


@pytest.fixture
def pair(strangers: Pair) -> Pair:
    """Two offices that have compared their numbers."""
    introduce(strangers.north, strangers.south)
    return strangers
