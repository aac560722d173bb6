"""The net goes, or the desk is killed, anywhere on the way into an office: the next round goes on, nobody waits for ever."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from desktop_app.core.clock import FixedClock
from desktop_app.sync.hub_problems import HubProblem
from desktop_app.sync.records import ConnectionState
from tests.faults.mortal import mortal_desks
from tests.faults.sync.proxy import Fault, lost_after, lost_before
from tests.faults.sync.standing import Standing, StandingDesk
from tests.faults.sync.syncing_desk import START
from tests.sync.desks import OfficeDesk, in_step

UNFINISHED = "Die Anmeldung ist noch nicht zu Ende; der nächste Abgleich macht damit weiter."
MOST_STEPS = 150  # so many statements and bytes sent it takes to have entered


@pytest.fixture
def made() -> Iterator[list[OfficeDesk]]:
    desks: list[OfficeDesk] = []
    yield desks
    for desk in desks:
        desk.close()


def _desk(standing: Standing, made: list[OfficeDesk], folder: Path, office_id: str) -> OfficeDesk:
    name = f"Platz {len(made)}"
    desk = OfficeDesk(name, folder / name, standing.hub, office_id, FixedClock(START), standing.proxy.address)
    made.append(desk)
    desk.contact(material=name)
    return desk


def _go_on(desk: OfficeDesk, code: str) -> None:
    """What the program does by itself, or the person who tries the same code once more."""
    if desk.sync.status().state is ConnectionState.NOT_CONNECTED:
        desk.connect(code)
    desk.round()


@pytest.mark.parametrize("fault", [lost_before, lost_after])
def test_the_net_goes_while_a_first_desk_connects(standing: Standing, tmp_path: Path, made, fault: Fault) -> None:
    for number in count():
        office_id = standing.hub.add_office(f"Träger {number}", f"Büro {number}")
        desk = _desk(standing, made, tmp_path, office_id)
        code = desk.code()
        standing.proxy.on("", fault, skip=number)
        try:
            desk.connect(code)
        except HubProblem:
            standing.proxy.heal()
        else:
            break
        status = desk.sync.status()
        assert status.state is not ConnectionState.WAITING_FOR_ADMISSION, "it would wait for a desk that does not exist"
        _go_on(desk, code)
        status = desk.sync.status()
        assert status.state is ConnectionState.IN_STEP, f"after request {number}: {status.sentence}"
        assert status.needs_recovery_sheet
    assert number > 6, "the net went nowhere"
    standing.proxy.heal()


@pytest.mark.parametrize("fault", [lost_before, lost_after])
def test_the_net_goes_while_a_further_desk_connects(standing: Standing, tmp_path: Path, made, fault: Fault) -> None:
    for number in range(9):  # the fewest requests of this way
        desk = _desk(standing, made, tmp_path, standing.one.office_id)
        code = desk.code()
        standing.proxy.on("", fault, skip=number)
        with pytest.raises(HubProblem):
            desk.connect(code)
        standing.proxy.heal()
        _go_on(desk, code)
        status = desk.sync.status()
        assert status.state is ConnectionState.WAITING_FOR_ADMISSION, f"after request {number}: {status.sentence}"
        assert not status.needs_recovery_sheet
    asking = {desk.device_id for desk in standing.two.sync.waiting_desks()}
    assert asking == {desk.engine.connection.device_id for desk in made}


def test_a_first_desk_without_its_key_says_so_and_the_same_code_goes_on(
    standing: Standing, tmp_path: Path, made
) -> None:
    desk = _desk(standing, made, tmp_path, standing.hub.add_office("Träger Süd", "Büro Süd"))
    code = desk.code()
    standing.proxy.on("/spaces/", lost_before, times=None)
    with pytest.raises(HubProblem):
        desk.connect(code)
    assert desk.sync.status().sentence == UNFINISHED
    with pytest.raises(HubProblem):
        desk.connect(code)
    standing.proxy.heal()
    desk.connect(code)
    status = desk.sync.status()
    assert (status.state, status.needs_recovery_sheet) == (ConnectionState.IN_STEP, True)


def test_a_backup_from_before_the_key_was_made_is_put_back(standing: Standing, tmp_path: Path, made) -> None:
    """The hub has the key still, sealed to this desk by itself: a second one would leave all that is there unreadable."""
    desk = _desk(standing, made, tmp_path, standing.hub.add_office("Träger Süd", "Büro Süd"))
    standing.proxy.on("/spaces/", lost_before, times=None)
    with pytest.raises(HubProblem):
        desk.connect(desk.code())
    desk.close()
    backup = desk.path.read_bytes()
    desk.open_again()
    standing.proxy.heal()
    desk.round()
    desk.contact(material="danach")
    desk.round()
    key, before = desk.engine.post.office_keys(desk.store).current, desk.state()
    desk.close()
    desk.path.write_bytes(backup)
    desk.open_again()
    for _ in range(3):
        desk.round()
    assert desk.engine.post.office_keys(desk.store).current == key
    assert desk.state() == before
    assert desk.sync.parked() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
def test_a_first_desk_is_killed_while_it_connects(on_both: Standing, tmp_path: Path, made) -> None:
    standing = on_both
    chance = random.Random(20261129)
    with mortal_desks("tests.faults.sync.connecting_desk") as desks:
        for number in range(24 if standing.postgres is None else 6):
            office_id = standing.hub.add_office(f"Träger {number}", f"Büro {number}")
            desk = _desk(standing, made, tmp_path, office_id)
            code, key, step = desk.code(), desk.data_key, chance.randint(1, MOST_STEPS)
            desk.close()
            assert desks.run(json.dumps([desk.name, str(desk.folder), key.hex(), office_id, code, step]))
            again = StandingDesk(desk.name, desk.folder, standing.hub, office_id, FixedClock(START), "", key)
            made[-1] = again
            _go_on(again, code)
            status = again.sync.status()
            assert (status.state, status.needs_recovery_sheet) == (ConnectionState.IN_STEP, True), f"killed at {step}"
    # The keys it made in the end are the office's: a second desk gets everything with them.
    second = _desk(standing, made, tmp_path, again.office_id)
    second.address = ""
    second.join(again)
    in_step(again, second)
    assert sorted(second.store.sql("SELECT material FROM contact")) == sorted([(again.name,), (second.name,)])
