"""Whom a code belongs to, before anything is agreed to: another office, another hub, a coordination, a beginning of before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core.errors import InputError
from desktop_app.sync.enrolment_code import make_enrolment_code
from desktop_app.sync.hub_problems import HubProblem
from desktop_app.sync.records import ConnectionState, SpaceKind
from tests.faults.sync.proxy import FaultyProxy, lost_after
from tests.hub.running import TEST_SETTINGS, HubThread
from tests.sync.desks import Maker


def test_a_desk_of_another_office_is_told_so(make_desk: Maker, hub: HubThread) -> None:
    desk = make_desk("Empfang")
    ours = desk.office.desk.settings.office()
    other = hub.add_office("Diakonie", "Büro Kalk")
    code = make_enrolment_code(hub.address, hub.code(other), hub.hub_id)
    said = desk.sync.preview(code).other_office
    assert f"„{ours.name}“" in said
    assert "„Büro Kalk“ (Diakonie)" in said
    same = hub.add_office(ours.carrier.upper(), f" {ours.name} ")
    assert desk.sync.preview(make_enrolment_code(hub.address, hub.code(same), hub.hub_id)).other_office == ""


def test_another_hub_does_not_get_to_see_the_code(make_desk: Maker, hub: HubThread, tmp_path: Path) -> None:
    desk = make_desk("Empfang")
    foreign = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{tmp_path}/foreign.db"))
    proxy = FaultyProxy(foreign.port)
    try:
        code = make_enrolment_code(proxy.address, hub.code(desk.office_id), hub.hub_id)
        for ask in (desk.sync.preview, desk.connect):
            with pytest.raises(InputError, match="antwortet ein anderer Abgleich-Server"):
                ask(code)
        assert {line.split(" ")[1] for line in proxy.seen} == {"/healthz"}
    finally:
        proxy.close()
        foreign.close()


def test_a_coordination_reads_the_directory_and_nothing_else(make_desk: Maker, hub: HubThread) -> None:
    office, coordination = make_desk("Empfang"), make_desk("Rathaus")
    office.connect()
    office.contact()
    office.round()
    coordination.office_id = hub.add_office("Stadt", "Koordination", "coordination")
    preview = coordination.sync.preview(code := coordination.code())
    assert (preview.is_coordination, preview.is_first_desk, preview.other_office) == (True, False, "")
    assert [(share.kind, share.records) for share in preview.shares] == [
        (SpaceKind.DIRECTORY, 0),
        (SpaceKind.STATISTICS, 0),
    ]
    coordination.connect(code)
    status = coordination.sync.status()
    assert (status.state, status.needs_recovery_sheet) == (ConnectionState.IN_STEP, False), status.sentence
    assert coordination.store.sql("SELECT count(*) FROM service") == office.store.sql("SELECT count(*) FROM service")
    assert coordination.store.sql("SELECT count(*) FROM contact") == [(0,)]
    coordination.contact()
    coordination.round()
    office.round()
    assert coordination.sync.status().state is ConnectionState.IN_STEP
    assert office.store.sql("SELECT count(*) FROM contact") == [(1,)]


def test_what_broke_off_goes_on_with_the_same_code_although_the_hub_has_used_it_up(
    make_desk: Maker, hub: HubThread
) -> None:
    desk = make_desk("Empfang")
    proxy = FaultyProxy(hub.port)
    try:
        code = make_enrolment_code(proxy.address, hub.code(desk.office_id), hub.hub_id)
        assert desk.sync.begun_with(code) == ""
        desk.address = proxy.address
        proxy.on("/enrol$", lost_after)
        with pytest.raises(HubProblem):
            desk.connect(code)
        assert desk.sync.begun_with(code) == "Empfang"
        desk.connect(code)
        assert desk.sync.status().state is ConnectionState.IN_STEP
        assert desk.sync.begun_with(code) == ""
    finally:
        proxy.close()


def test_the_office_is_reminded_of_a_new_sheet_after_the_printed_key_was_used(make_desk: Maker) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    one.sync.recovery_sheet(one.actor)
    groups = one.sync._recovery_groups
    one.sync.confirm_recovery(one.actor, groups[0])
    assert not one.sync.status().needs_recovery_sheet
    one.round()
    two.connect()
    two.sync.recover(two.actor, "-".join(groups))
    assert two.sync.status().needs_recovery_sheet


def test_the_others_see_that_a_desk_has_left(make_desk: Maker, hub: HubThread) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    two.sync.disconnect(two.actor)
    (left,) = [desk for desk in one.sync.desks() if desk.label == "Beratung"]
    assert left.revoked_on is not None
    assert left.is_admitted, "it has known the key: somebody is to change that"
    # Also the last one that leaves: the key of the office was made once.
    one.sync.disconnect(one.actor)
    assert not one.sync.preview(one.code()).is_first_desk


def test_a_desk_leaves_without_a_net_too(make_desk: Maker, hub: HubThread) -> None:
    desk = make_desk("Empfang")
    desk.connect()
    hub.stop()
    desk.sync.disconnect(desk.actor)
    assert desk.sync.status().state is ConnectionState.NOT_CONNECTED
    hub.start()
