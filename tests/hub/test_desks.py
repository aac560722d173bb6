"""Coming in with a code, being shut out, going on after a restore, offices and their keys."""

from __future__ import annotations

import secrets
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_app.sync import protocol
from tests.hub.running import TEST_SETTINGS, Desk, HubThread, RunningHub, change


def successor_of(desk: Desk) -> tuple[Desk, dict[str, str]]:
    new = Desk(desk.hub, office_id=desk.office_id)
    return new, {"device_id": new.device_id, "token": new.token, "public_key": new.public_key}


def test_a_lost_answer_is_asked_for_again(any_hub: RunningHub):
    office = any_hub.add_office("AWO", "Nippes")
    code, desk = any_hub.code(office), Desk(any_hub, office_id=office)

    first = any_hub.enrol(desk, code)
    second = any_hub.enrol(desk, code.lower())

    assert first.status == 200
    assert first.json == second.json == desk.ask("GET", protocol.ME).json
    assert first.json["office"] == {"id": office, "name": "Nippes"}
    assert first.json["carrier"]["name"] == "AWO"
    assert first.json["role"] == "office"
    assert first.json["hub_id"] == any_hub.hub_id
    assert {space["name"]: (space["kind"], space["read"], space["write"]) for space in first.json["spaces"]} == {
        "directory": ("directory", True, True),
        "statistics": ("statistics", True, True),
        desk.office_space: ("office", True, True),
    }


def test_a_code_lets_one_desk_in(any_hub: RunningHub):
    office = any_hub.add_office("AWO", "Nippes")
    code = any_hub.code(office)
    desks = [Desk(any_hub) for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda desk: any_hub.enrol(desk, code), desks))

    assert sorted(answer.status for answer in answers) == [200, 403, 403, 403, 403, 403]
    assert {answer.error for answer in answers if answer.status != 200} == {"bad_code"}


def test_the_same_device_with_another_token_does_not_get_in(hub: HubThread):
    code = hub.code(hub.add_office("AWO", "Nippes"))
    desk = Desk(hub)
    assert hub.enrol(desk, code).status == 200
    desk.token = secrets.token_urlsafe(32)
    assert hub.enrol(desk, code).error == "bad_code"


def test_a_code_says_whose_it_is_and_stays_good(any_hub: RunningHub):
    office = any_hub.add_office("AWO", "Nippes")
    code = any_hub.code(office, "Beratungszimmer")

    first = any_hub.ask("POST", protocol.ENROL_PREVIEW, {"code": code})
    any_hub.desk(office)
    second = any_hub.ask("POST", protocol.ENROL_PREVIEW, {"code": code})
    entered = any_hub.enrol(Desk(any_hub), code)
    used = any_hub.ask("POST", protocol.ENROL_PREVIEW, {"code": code})

    assert first.json["office"] == {"id": office, "name": "Nippes"}
    assert (first.json["carrier"]["name"], first.json["hub_id"]) == ("AWO", any_hub.hub_id)
    assert (first.json["desks"], second.json["desks"]) == (0, 1)
    assert first.json["label"] == "Beratungszimmer"
    assert entered.status == 200
    assert (used.status, used.error) == (403, "bad_code")


@pytest.mark.parametrize("code", ["A" * 26, "", "kurz", "Ä" * 26, "A" * 64])
def test_an_unknown_code_is_refused(hub: HubThread, code: str):
    for answer in (hub.enrol(Desk(hub), code), hub.ask("POST", protocol.ENROL_PREVIEW, {"code": code})):
        assert (answer.status, answer.error) == (403, "bad_code")


def test_a_code_that_is_too_old_is_refused(tmp_path: Path):
    moment = datetime(2026, 11, 22, 9, tzinfo=UTC)
    hub = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{tmp_path}/hub.db"), now=lambda: moment)
    code = hub.code(hub.add_office("AWO", "Nippes"), hours=24)
    moment += timedelta(hours=25)
    assert hub.enrol(Desk(hub), code).error == "bad_code"
    moment -= timedelta(hours=2)
    assert hub.enrol(Desk(hub), code).status == 200
    hub.close()


def test_a_device_id_in_use_is_refused_and_the_code_stays_good(any_hub: RunningHub):
    office = any_hub.add_office("AWO", "Nippes")
    first = any_hub.desk(office)
    code = any_hub.code(office)
    answer = any_hub.enrol(Desk(any_hub, device_id=first.device_id), code)
    assert (answer.status, answer.error) == (409, "device_taken")
    assert any_hub.enrol(Desk(any_hub, token=first.token), code).error == "device_taken"
    assert any_hub.enrol(Desk(any_hub), code).status == 200


def test_an_office_adds_and_shuts_out_its_own_desks(any_hub: RunningHub):
    office = any_hub.add_office("AWO", "Nippes")
    first = any_hub.desk(office, "Empfang")
    invitation = first.ask("POST", protocol.INVITATIONS, {"label": "Büro 2"}).json
    second = Desk(any_hub, office_id=office)

    assert any_hub.enrol(second, invitation["code"], label="").json["device"]["label"] == "Büro 2"
    shut = first.ask("POST", f"/v1/devices/{second.device_id}/revoke")
    again = first.ask("POST", f"/v1/devices/{second.device_id}/revoke")

    assert shut.json == again.json
    assert shut.json["revoked_at"]
    assert second.ask("GET", protocol.ME).error == "revoked"
    labels = [(info["label"], bool(info["revoked_at"])) for info in first.ask("GET", protocol.DEVICES).json]
    assert sorted(labels) == [("Büro 2", True), ("Empfang", False)]


def test_a_desk_goes_on_under_a_new_id_after_a_restore(any_hub: RunningHub):
    old = any_hub.desk(any_hub.add_office("AWO", "Nippes"), "Empfang")
    new, body = successor_of(old)

    first = old.ask("POST", protocol.SUCCESSOR, body)
    again = old.ask("POST", protocol.SUCCESSOR, body)
    _other, another = successor_of(old)

    assert first.status == 200
    assert first.json == again.json == new.ask("GET", protocol.ME).json
    assert first.json["device"] == {"id": new.device_id, "label": "Empfang"}
    assert old.ask("GET", protocol.ME).error == "revoked"
    assert old.ask("POST", protocol.SUCCESSOR, another).error == "revoked"


def test_of_two_copies_one_goes_on(any_hub: RunningHub):
    old = any_hub.desk(any_hub.add_office("AWO", "Nippes"))
    bodies = [successor_of(old)[1] for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(
            answer.status for answer in pool.map(lambda b: old.ask("POST", protocol.SUCCESSOR, b), bodies)
        )
    assert statuses == [200, 401, 401, 401]


def test_a_successor_that_was_shut_out_stays_out(hub: HubThread):
    office = hub.add_office("AWO", "Nippes")
    other, old = hub.desk(office), hub.desk(office)
    new, body = successor_of(old)
    old.ask("POST", protocol.SUCCESSOR, body)
    other.ask("POST", f"/v1/devices/{new.device_id}/revoke")
    assert old.ask("POST", protocol.SUCCESSOR, body).error == "revoked"


def test_a_repeated_push_counts_for_the_successor_too(hub: HubThread):
    old = hub.desk(hub.add_office("AWO", "Nippes"))
    push_id = str(uuid.uuid4())
    first = old.push(old.office_space, change("a"), push_id=push_id)
    new, body = successor_of(old)
    old.ask("POST", protocol.SUCCESSOR, body)
    assert new.push(new.office_space, change("a"), push_id=push_id).json == first.json


def test_the_public_key_is_replaced_by_who_knows_the_former_one(any_hub: RunningHub):
    office = any_hub.add_office("AWO", "Nippes")
    first, second = any_hub.desk(office), any_hub.desk(office)
    one, two = "a" * 43 + "=", "b" * 43 + "="

    assert first.ask("PUT", protocol.OFFICE_PUBLIC_KEY, {"public_key": one, "replaces": None}).status == 200
    assert first.ask("PUT", protocol.OFFICE_PUBLIC_KEY, {"public_key": one, "replaces": None}).status == 200
    late = second.ask("PUT", protocol.OFFICE_PUBLIC_KEY, {"public_key": two, "replaces": None})
    assert (late.status, late.error) == (409, "key_changed")
    assert second.ask("PUT", protocol.OFFICE_PUBLIC_KEY, {"public_key": two, "replaces": one}).status == 200
    assert first.ask("GET", protocol.OFFICES).json[0]["public_key"] == two


def test_an_exchange_is_the_same_from_both_sides(any_hub: RunningHub):
    here = any_hub.desk(any_hub.add_office("AWO", "Nippes"))
    there = any_hub.desk(any_hub.add_office("Caritas", "Mülheim"))
    wishes = [(here, there.office_id), (there, here.office_id)] * 3

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda w: w[0].ask("POST", protocol.EXCHANGES, {"office_id": w[1]}), wishes))

    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["name"] for answer in answers}) == 1
    name = answers[0].json["name"]
    assert [space["with_office"] for space in here.ask("GET", protocol.ME).json["spaces"] if space["name"] == name] == [
        there.office_id
    ]
    itself = here.ask("POST", protocol.EXCHANGES, {"office_id": here.office_id})
    nobody = here.ask("POST", protocol.EXCHANGES, {"office_id": str(uuid.uuid4())})
    assert (itself.status, nobody.status) == (422, 404)


def test_the_coordination_hands_over_and_everybody_hears(any_hub: RunningHub):
    here = any_hub.desk(any_hub.add_office("AWO", "Nippes"))
    there = any_hub.desk(any_hub.add_office("Caritas", "Mülheim"))
    town = any_hub.desk(any_hub.add_office("Stadt", "Koordination", "coordination"))
    carrier = there.ask("GET", protocol.ME).json["carrier"]["id"]
    here.push("directory", change("a"), change("b"), change("gone"))
    here.push("directory", change("gone", "", erased=True))
    wish = {"changes": [{"collection": "r", "id": name, "owner": carrier} for name in ("a", "gone", "never")]}

    first = town.ask("POST", protocol.HAND_OVER, wish).json
    again = town.ask("POST", protocol.HAND_OVER, wish).json

    assert first["applied"] == again["applied"] == [{"collection": "r", "id": "a", "seq": 5}]
    assert [entry["id"] for entry in first["missing"]] == ["gone", "never"]
    (moved,) = there.pull("directory", 4).json["records"]
    assert (moved["id"], moved["owner"]) == ("a", carrier)
    assert there.push("directory", change("a", "ours", base=5)).json["applied"]
    assert here.push("directory", change("a", "still mine", base=6)).json["conflicts"][0]["reason"] == "owned"
    unknown = {"changes": [{"collection": "r", "id": "a", "owner": str(uuid.uuid4())}]}
    assert town.ask("POST", protocol.HAND_OVER, unknown).status == 422


def test_the_day_of_the_last_visit_is_kept_and_no_hour(hub: HubThread):
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    (info,) = desk.ask("GET", protocol.DEVICES).json
    assert info["last_seen_on"] == datetime.now(UTC).strftime("%Y-%m-%d")
