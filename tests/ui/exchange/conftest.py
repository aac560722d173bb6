"""The office that the screens are tried in, connected to another one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.bootstrap import Application
from desktop_app.core.clock import FixedClock
from tests.exchange.two_offices import NORTH, SOUTH, Desk, Hub, hub_offices, new_keys, open_desk
from tests.fresh_store import fresh_key
from tests.ui.exchange.connected import Connected
from tests.ui.office import application, empty_application, office_templates, surroundings

__all__ = ["application", "empty_application", "office_templates", "surroundings"]


@pytest.fixture
def connected(application: Application, tmp_path: Path, clock: FixedClock) -> Iterator[Connected]:
    """The office of the screens (north) and another one, which have compared their numbers."""
    south: Desk = open_desk(tmp_path, SOUTH, clock, fresh_key(), new_keys())
    own = new_keys()
    pair = Connected(application, south, Hub(), own, hub_offices({NORTH: own, SOUTH: south.keys[0]}))
    pair.introduce()
    yield pair
    south.store.close()
