"""Every endpoint of the description with every token that must not open it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from desktop_app.sync import protocol
from tests.hub.running import TEST_SETTINGS, Desk, HubThread, change

OPEN = {("get", protocol.HEALTH), ("get", protocol.METRICS), ("post", protocol.ENROL), ("post", protocol.ENROL_PREVIEW)}
#: What every desk may ask about itself; the answers must not tell anything of others.
OWN = {
    ("get", protocol.ME),
    ("get", protocol.OFFICES),
    ("put", protocol.OFFICE_PUBLIC_KEY),
    ("get", protocol.DEVICES),
    ("post", protocol.INVITATIONS),
    ("post", protocol.SUCCESSOR),
    ("post", protocol.EXCHANGES),
}
#: What is about something that belongs to somebody.
OTHERS = {
    ("post", protocol.REVOKE),
    ("post", protocol.HAND_OVER),
    ("post", protocol.PUSH),
    ("get", protocol.PULL),
    ("get", protocol.DIGEST),
}


@dataclass
class Town:
    """Two offices of two carriers that exchange referrals, a third one, a coordination, and a desk shut out."""

    hub: HubThread
    victim: Desk
    partner: Desk
    stranger: Desk
    coordination: Desk
    revoked: Desk
    exchange: str

    def body(self, path: str) -> Any:
        """Return a body that would do something."""
        bodies: dict[str, Any] = {
            protocol.OFFICE_PUBLIC_KEY: {"public_key": "k" * 44, "replaces": None},
            protocol.INVITATIONS: {"label": "neu"},
            protocol.SUCCESSOR: {
                "device_id": str(uuid.uuid4()),
                "token": secrets.token_urlsafe(32),
                "public_key": "k" * 44,
            },
            protocol.EXCHANGES: {"office_id": self.victim.office_id},
            protocol.HAND_OVER: {"changes": []},
            protocol.PUSH: {"push_id": str(uuid.uuid4()), "changes": [change("intruder")]},
        }
        return bodies.get(path)

    def path(self, path: str, space: str) -> str:
        """Fill in whom it is about."""
        return path.format(space=space, device_id=self.victim.device_id)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("town")
    hub = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
    victim = hub.desk(hub.add_office("AWO", "Nippes"), "Empfang Nippes")
    partner = hub.desk(hub.add_office("Caritas", "Mülheim"))
    stranger = hub.desk(hub.add_office("Diakonie", "Porz"))
    coordination = hub.desk(hub.add_office("Stadt", "Koordination", "coordination"))
    revoked = hub.desk(victim.office_id, "gestohlen")
    exchange = victim.ask("POST", protocol.EXCHANGES, {"office_id": partner.office_id}).json["name"]
    for space in (victim.office_space, exchange, protocol.DIRECTORY_SPACE):
        assert victim.push(space, change("known", "secret")).json["applied"]
    assert victim.push(protocol.STATISTICS_SPACE, change(f"{victim.office_id}:2026-10", "secret")).json["applied"]
    assert victim.ask("POST", f"/v1/devices/{revoked.device_id}/revoke").status == 200
    yield Town(hub, victim, partner, stranger, coordination, revoked, exchange)
    hub.close()


def operations(town: Town) -> set[tuple[str, str]]:
    """Return method and path of everything in the description."""
    description = town.hub.ask("GET", protocol.OPENAPI).json
    return {(method, path) for path, methods in description["paths"].items() for method in methods}


def test_every_operation_is_known_here(town: Town):
    assert operations(town) == OPEN | OWN | OTHERS


def test_every_operation_names_its_lock_in_the_description(town: Town):
    description = town.hub.ask("GET", protocol.OPENAPI).json
    locked = {
        (method, path)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") == [{"token": []}]
    }
    assert locked == OWN | OTHERS


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "ä" * 43, "' OR 1=1 --", "0" * 5000])
def test_no_door_opens_without_a_known_token(town: Town, token: str):
    headers = {"Authorization": f"Bearer {token}"} if token else None
    sent = None if headers is None else {"Authorization": headers["Authorization"].encode("latin-1", "ignore")}
    for method, path in OWN | OTHERS:
        answer = town.hub.ask(
            method.upper(),
            town.path(path, town.victim.office_space),
            town.body(path),
            headers=sent,  # type: ignore[arg-type]
        )
        assert (answer.status, answer.error) == (401, "unknown_token"), (method, path)


def test_no_door_opens_for_a_revoked_desk(town: Town):
    for method, path in OWN | OTHERS:
        answer = town.revoked.ask(method.upper(), town.path(path, town.victim.office_space), town.body(path))
        assert (answer.status, answer.error) == (401, "revoked"), (method, path)


@pytest.mark.parametrize("version", ["0.0.9", "0"])
def test_no_door_opens_for_a_desk_that_is_too_old(town: Town, version: str):
    for method, path in OWN | OTHERS | {("post", protocol.ENROL), ("post", protocol.ENROL_PREVIEW)}:
        answer = town.victim.ask(
            method.upper(),
            town.path(path, town.victim.office_space),
            town.body(path),
            headers={protocol.CLIENT_HEADER: version},
        )
        assert (answer.status, answer.error) == (426, "client_too_old"), (method, path)
        assert answer.json["min_client"] == "0.1.0"


@pytest.mark.parametrize("version", [None, "", "neu", "1.2.3.4.5", "１.0"])
def test_a_version_that_is_none_is_refused(town: Town, version: str | None):
    sent = None if version is None else version.encode()
    answer = town.victim.ask("GET", protocol.ME, headers={protocol.CLIENT_HEADER: sent})  # type: ignore[dict-item]
    assert (answer.status, answer.error) == (400, "bad_request")


@pytest.mark.parametrize("who", ["partner", "stranger", "coordination"])
def test_an_office_space_is_nobody_elses(town: Town, who: str):
    desk: Desk = getattr(town, who)
    for method, path in OTHERS - {("post", protocol.HAND_OVER)}:
        answer = desk.ask(method.upper(), town.path(path, town.victim.office_space), town.body(path))
        assert (answer.status, answer.error) == (404, "not_found"), (method, path)
    assert len(town.victim.pull(town.victim.office_space).json["records"]) == 1
    assert town.victim.ask("GET", protocol.ME).status == 200, "the desk was not revoked"


@pytest.mark.parametrize("who", ["stranger", "coordination"])
def test_an_exchange_belongs_to_two(town: Town, who: str):
    desk: Desk = getattr(town, who)
    for method, path in {("post", protocol.PUSH), ("get", protocol.PULL), ("get", protocol.DIGEST)}:
        answer = desk.ask(method.upper(), town.path(path, town.exchange), town.body(path))
        assert (answer.status, answer.error) == (404, "not_found"), (method, path)
    assert town.partner.pull(town.exchange).json["records"][0]["data"] == "secret"


@pytest.mark.parametrize("who", ["partner", "stranger"])
def test_the_directory_is_read_by_all_and_changed_by_its_owner(town: Town, who: str):
    desk: Desk = getattr(town, who)
    own = desk.ask("GET", protocol.ME).json["carrier"]["id"]
    before = desk.pull(protocol.DIRECTORY_SPACE).json["records"][0]

    for wish in (
        change("known", "mine", base=before["seq"]),
        change("known", "", base=before["seq"], deleted=True),
        change("known", "", erased=True),
    ):
        (conflict,) = desk.push(protocol.DIRECTORY_SPACE, wish).json["conflicts"]
        assert conflict["reason"] == "owned"
        assert conflict["record"]["owner"] == town.victim.ask("GET", protocol.ME).json["carrier"]["id"] != own
    assert desk.pull(protocol.DIRECTORY_SPACE).json["records"][0] == before


def test_the_coordination_reads_the_directory_and_writes_nothing(town: Town):
    assert town.coordination.pull(protocol.DIRECTORY_SPACE).status == 200
    for space in (protocol.DIRECTORY_SPACE, protocol.STATISTICS_SPACE):
        answer = town.coordination.push(space, change("x"))
        assert (answer.status, answer.error) == (403, "forbidden")


@pytest.mark.parametrize("who", ["victim", "stranger"])
def test_only_the_coordination_hands_over(town: Town, who: str):
    desk: Desk = getattr(town, who)
    carrier = desk.ask("GET", protocol.ME).json["carrier"]["id"]
    wish = {"changes": [{"collection": "r", "id": "known", "owner": carrier}]}
    answer = desk.ask("POST", protocol.HAND_OVER, wish)
    assert (answer.status, answer.error) == (403, "forbidden")


def test_in_the_statistics_an_office_sees_and_writes_its_own(town: Town):
    foreign = f"{town.victim.office_id}:2026-11"
    refused = town.stranger.push(protocol.STATISTICS_SPACE, change(foreign), change("x"))
    assert (refused.status, refused.error) == (403, "forbidden")
    assert town.stranger.pull(protocol.STATISTICS_SPACE).json["records"] == []
    assert town.stranger.ask("GET", f"/v1/spaces/{protocol.STATISTICS_SPACE}/digest").json["count"] == 0

    own = f"{town.stranger.office_id}:2026-10"
    assert town.stranger.push(protocol.STATISTICS_SPACE, change(own)).json["applied"]
    assert [record["id"] for record in town.stranger.pull(protocol.STATISTICS_SPACE).json["records"]] == [own]
    ids = {record["id"] for record in town.coordination.pull(protocol.STATISTICS_SPACE).json["records"]}
    assert ids == {own, f"{town.victim.office_id}:2026-10"}


@pytest.mark.parametrize("who", ["partner", "stranger", "coordination"])
def test_what_a_desk_asks_about_itself_tells_nothing_of_others(town: Town, who: str):
    desk: Desk = getattr(town, who)
    for path in (protocol.ME, protocol.DEVICES):
        answer = desk.ask("GET", path)
        assert answer.status == 200
        for secret in (town.victim.device_id, town.victim.office_space, "Empfang Nippes"):
            assert secret not in answer.body.decode()


def test_the_coordination_is_no_office(town: Town):
    names = [office["name"] for office in town.victim.ask("GET", protocol.OFFICES).json]
    assert names == ["Mülheim", "Nippes", "Porz"]
    for method, path in (("POST", protocol.EXCHANGES), ("PUT", protocol.OFFICE_PUBLIC_KEY)):
        answer = town.coordination.ask(method, path, town.body(path))
        assert (answer.status, answer.error) == (403, "forbidden")
    answer = town.victim.ask("POST", protocol.EXCHANGES, {"office_id": town.coordination.office_id})
    assert answer.status == 404


@pytest.mark.parametrize(
    "space",
    [
        "",
        "office-",
        "nobody",
        "directory%00",
        "office-%27",
        "OFFICE-1",
        "office-00000000-0000-0000-0000-000000000000",
        "ä",
    ],
)
def test_a_space_that_is_not_there_is_not_there(town: Town, space: str):
    from urllib.parse import quote

    answer = town.victim.ask("GET", f"/v1/spaces/{quote(space, safe='%')}/pull")
    assert (answer.status, answer.error) == (404, "not_found")
