"""Three desks of an office, edited, cut off, put back and brought into step in any order: all end alike, nothing is lost unseen.

More histories: `QUARTIERSLOTSE_HISTORIES=250`; the test is there in four parts, so that several processes can share them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop_app.core.clock import FixedClock
from tests.faults.sync.proxy import FaultyProxy
from tests.faults.sync.standing import StandingDesk
from tests.hub.running import TEST_SETTINGS, HubThread
from tests.sync.desks import OfficeDesk, in_step
from tests.sync.histories import STEPS, At, History

NAMES = ("Empfang", "Beratung", "Leitung")
HISTORIES = int(os.environ.get("QUARTIERSLOTSE_HISTORIES", "3"))
PARTS = 4
START = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
#: Flushing to a real disk says nothing here.
_IN_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Template:
    """Three desks that know each other and are in step, closed, with their hub: to be copied for each history."""

    folder: Path
    office_id: str
    keys: dict[str, bytes]

    @contextmanager
    def copied(self, folder: Path) -> Iterator[History]:
        """A copy that runs."""
        shutil.copyfile(self.folder / "hub.db", folder / "hub.db")
        hub = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
        proxy = FaultyProxy(hub.port)
        clock = FixedClock(START.replace(hour=11))
        desks = [self._desk(name, folder, hub, proxy, clock) for name in NAMES]
        try:
            yield History(hub, proxy, [At(desk) for desk in desks], folder)
        finally:
            for desk in desks:
                desk.close()
            proxy.close()
            hub.close()

    def _desk(self, name: str, folder: Path, hub: HubThread, proxy: FaultyProxy, clock: FixedClock) -> StandingDesk:
        (folder / name).mkdir()
        shutil.copyfile(self.folder / name / "quartierslotse.db", folder / name / "quartierslotse.db")
        return StandingDesk(name, folder / name, hub, self.office_id, clock, proxy.address, self.keys[name])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("drei")
    hub = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
    office, clock = hub.add_office("Träger", "Büro Nord"), FixedClock(START)
    desks = [OfficeDesk(name, folder / name, hub, office, clock) for name in NAMES]
    desks[0].connect()
    for desk in desks[1:]:
        desk.join(desks[0])
    in_step(*desks, rounds=8)
    for desk in desks:
        for conflict in desk.sync.conflicts():
            desk.sync.dismiss(desk.actor, conflict.conflict_id)
    in_step(*desks, rounds=8)
    for desk in desks:
        desk.close()
    hub.close()
    return Template(folder, office, {desk.name: desk.data_key for desk in desks})


@pytest.mark.parametrize("part", range(PARTS))
@settings(
    max_examples=HISTORIES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 11)), min_size=8, max_size=30)
)
def test_all_end_alike_and_what_lost_is_kept(template: Template, part: int, steps: list[tuple[str, int, int]]) -> None:
    assert part < PARTS
    with (
        tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder,
        template.copied(Path(folder)) as history,
    ):
        history.begin()
        for step, who, which in steps:
            history.do(step, who, which)
        history.end()
