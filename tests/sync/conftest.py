"""A hub and desks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.clock import FixedClock
from tests.hub.fixtures import any_hub, hub, hub_process, postgres, postgres_hub  # noqa: F401
from tests.hub.running import HubThread, RunningHub
from tests.sync.desks import Maker, OfficeDesk, in_step


@pytest.fixture
def make_desk(hub: HubThread, tmp_path: Path, clock: FixedClock) -> Iterator[Maker]:  # noqa: F811
    """Make desks; of the office named, or the first one of all."""
    offices: dict[str, str] = {}
    desks: list[OfficeDesk] = []

    def make(name: str, office: str = "Büro Nord", *, running: RunningHub | None = None) -> OfficeDesk:
        at = running or hub
        if office not in offices:
            offices[office] = at.add_office(f"Träger von {office}", office)
        desks.append(OfficeDesk(name, tmp_path / f"desk-{len(desks)}", at, offices[office], clock))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def pair(make_desk: Maker) -> tuple[OfficeDesk, OfficeDesk]:
    """Two desks of one office, in step, no conflict left to look at."""
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    in_step(one, two)
    for desk in (one, two):
        for conflict in desk.sync.conflicts():
            desk.sync.dismiss(desk.actor, conflict.conflict_id)
    in_step(one, two)
    return one, two
