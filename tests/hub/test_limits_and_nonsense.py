"""Too much, too often, and what no desk of ours would send: refused with a 4xx, never a 500."""

from __future__ import annotations

import gzip
import json
import socket
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.sync import protocol
from hub.limits import RateLimit
from tests.hub.running import TEST_SETTINGS, Desk, HubThread, change

GOOD = change("a")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("limits")
    hub = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
    yield hub.desk(hub.add_office("AWO", "Nippes"))
    hub.close()


def push_path(desk: Desk) -> str:
    return f"/v1/spaces/{desk.office_space}/push"


def with_changes(*changes: Any, **extra: Any) -> dict[str, Any]:
    return {"push_id": str(uuid.uuid4()), "changes": list(changes), **extra}


@pytest.mark.parametrize(
    "wrong",
    [
        {"collection": "r"},
        {**GOOD, "base": -1},
        {**GOOD, "base": 1.0},
        {**GOOD, "base": True},
        {**GOOD, "base": "1"},
        {**GOOD, "base": 2**53},
        {**GOOD, "base": 10**30},
        {**GOOD, "base": None},
        {**GOOD, "data": None},
        {**GOOD, "data": {"a": 1}},
        {**GOOD, "data": "a\0b"},
        {**GOOD, "deleted": 1},
        {**GOOD, "erased": "no"},
        {**GOOD, "id": ""},
        {**GOOD, "id": "a b"},
        {**GOOD, "id": "a\n"},
        {**GOOD, "id": "ä"},
        {**GOOD, "id": "a" * 129},
        {**GOOD, "id": 1},
        {**GOOD, "id": "../x"},
        {**GOOD, "collection": "a/b"},
        {**GOOD, "collection": ""},
        {**GOOD, "collection": ["r"]},
        [],
        "change",
        None,
    ],
)
def test_a_change_of_the_wrong_shape_is_refused_and_nothing_of_the_push_stands(desk: Desk, wrong: Any):
    answer = desk.ask("POST", push_path(desk), with_changes(change("before"), wrong))
    assert (answer.status, answer.error) == (422, "invalid")
    assert "before" not in {record["id"] for record in desk.pull(desk.office_space).json["records"]}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        1,
        {},
        {"push_id": "12345678"},
        {"changes": []},
        {"push_id": "short", "changes": []},
        {"push_id": "12345678", "changes": {}},
        {"push_id": "a" * 65, "changes": []},
        {"push_id": 12345678, "changes": []},
        {"push_id": "1234 678", "changes": []},
        {"push_id": "12345678", "changes": [], "epoch": 1},
    ],
)
def test_a_push_of_the_wrong_shape_is_refused(desk: Desk, body: Any):
    answer = desk.ask("POST", push_path(desk), raw=json.dumps(body).encode())
    assert (answer.status, answer.error) == (422, "invalid")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"push_id": "12345678", "changes": [], "x": NaN}',
        b'{"a":"\xc3"}',
        b'{"push_id":"12345678","changes":[{"data":"\\ud800"}]}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
)
def test_what_is_no_json_is_refused(desk: Desk, raw: bytes):
    for method, path in (("POST", push_path(desk)), ("POST", protocol.HAND_OVER), ("POST", protocol.EXCHANGES)):
        answer = desk.ask(method, path, raw=raw[:60_000])
        assert (answer.status, answer.error) == (400, "bad_request"), path


@pytest.mark.parametrize(
    "query", ["since=-1", "since=x", "since=9007199254740992", "limit=0", "limit=2001", "limit=1e3"]
)
def test_a_query_out_of_range_is_refused(desk: Desk, query: str):
    answer = desk.ask("GET", f"/v1/spaces/{desk.office_space}/pull?{query}")
    assert (answer.status, answer.error) == (422, "invalid")


def test_an_empty_push_is_no_mistake(desk: Desk):
    assert desk.push(desk.office_space).json["applied"] == []


def test_the_largest_record_goes_in_and_one_byte_more_does_not(hub: HubThread):
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    largest = "x" * protocol.MAX_RECORD_BYTES
    assert desk.push(desk.office_space, change("a", largest)).json["applied"]
    wide = "ä" * (protocol.MAX_RECORD_BYTES // 2)
    assert desk.push(desk.office_space, change("b", wide)).json["applied"]
    for data in (largest + "x", wide + "x"):
        answer = desk.push(desk.office_space, change("c", data))
        assert (answer.status, answer.error) == (413, "too_large")
    assert desk.pull(desk.office_space).json["seq"] == 2


def test_a_deleted_record_carries_no_content(desk: Desk):
    for flags in ({"deleted": True}, {"erased": True}):
        answer = desk.push(desk.office_space, change("a", "x" * 1025, **flags))
        assert (answer.status, answer.error) == (413, "too_large")


def test_too_many_changes_are_refused(hub: HubThread):
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    changes = [change(f"r{number}") for number in range(501)]
    assert desk.push(desk.office_space, *changes).error == "too_large"
    assert len(desk.push(desk.office_space, *changes[:500]).json["applied"]) == 500


def test_a_body_that_is_too_large_is_refused_packed_or_not(desk: Desk):
    too_much = b" " * (protocol.MAX_PUSH_BYTES + 1)
    bomb = gzip.compress(too_much)
    assert len(bomb) < 20_000
    for raw, headers in ((too_much, {}), (bomb, {"Content-Encoding": "gzip"})):
        answer = desk.ask("POST", push_path(desk), raw=raw, headers=headers)
        assert (answer.status, answer.error) == (413, "too_large")
    answer = desk.ask("POST", protocol.INVITATIONS, raw=b" " * (protocol.MAX_SMALL_BODY_BYTES + 1))
    assert answer.status == 413


def test_a_body_without_a_length_is_cut_off_too(desk: Desk):
    head = (
        f"POST {push_path(desk)} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {desk.token}\r\n"
        f"{protocol.CLIENT_HEADER}: 0.1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", desk.hub.port), timeout=20) as line:
        line.sendall(head.encode())
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        try:
            for _ in range(protocol.MAX_PUSH_BYTES // 0x10000 + 2):
                line.sendall(chunk)
        except OSError:
            pass  # it has heard enough
        assert line.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "9" * 5000])
def test_a_length_that_is_none_is_refused(desk: Desk, length: str):
    head = (
        f"POST {push_path(desk)} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {desk.token}\r\n"
        f"{protocol.CLIENT_HEADER}: 0.1.0\r\nContent-Length: {length}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", desk.hub.port), timeout=20) as line:
        line.sendall(head.encode())
        assert line.recv(100)[:10] in {b"HTTP/1.1 4"}


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [(b"no gzip", "gzip"), (gzip.compress(b"{}")[:-4], "gzip"), (gzip.compress(b"{}") + b"x", "gzip"), (b"{}", "br")],
    ids=["none", "cut", "more behind", "another"],
)
def test_a_broken_packing_is_refused(desk: Desk, raw: bytes, encoding: str):
    answer = desk.ask("POST", push_path(desk), raw=raw, headers={"Content-Encoding": encoding})
    assert (answer.status, answer.error) == (400, "bad_request")


@pytest.mark.parametrize("label", ["x" * 81, "a\nb", "a\0", 1, None])
def test_a_label_is_one_short_line(desk: Desk, label: Any):
    answer = desk.ask("POST", protocol.INVITATIONS, {"label": label})
    assert (answer.status, answer.error) == (422, "invalid")
    assert answer.json["detail"] == "Missing or wrong: label"


def test_an_answer_quotes_nothing_of_the_request(desk: Desk):
    for body in ({"label": ["geheim"]}, {"label": "geheim\0"}, {"geheim": 1}):
        assert "geheim" not in desk.ask("POST", protocol.INVITATIONS, body).body.decode()
    secret = {**GOOD, "id": "geheim !", "data": "geheim"}
    assert "geheim" not in desk.ask("POST", push_path(desk), with_changes(secret)).body.decode()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 404), ("GET", "/v1/nothing", 404), ("DELETE", protocol.ME, 405), ("GET", protocol.ENROL, 405)],
)
def test_there_is_nothing_else(desk: Desk, method: str, path: str, status: int):
    answer = desk.ask(method, path)
    assert answer.status == status
    assert set(answer.json) == {"error", "detail"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
fields = st.sampled_from(["collection", "id", "base", "deleted", "erased", "data"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(fields, json_values, max_size=6), st.booleans())
def test_no_change_whatever_makes_a_500(desk: Desk, wish: dict[str, Any], mostly_good: bool):
    sent = {**GOOD, "id": str(uuid.uuid4()), **wish} if mostly_good else wish
    raw = json.dumps(with_changes(sent)).encode()
    assert desk.ask("POST", push_path(desk), raw=raw).status in {200, 400, 413, 422}


# ---------------------------------------------------------------------------------------------- how often


def limited(tmp_path: Path, **limits: int) -> HubThread:
    return HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{tmp_path}/hub.db", **limits))


def test_a_desk_that_asks_too_often_waits(tmp_path: Path):
    hub = limited(tmp_path, requests_per_minute=5)
    first, second = (hub.desk(hub.add_office("AWO", name)) for name in ("Nippes", "Porz"))
    answers = [first.ask("GET", protocol.ME) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 13
    assert answers[-1].error == "rate_limited"
    assert second.ask("GET", protocol.ME).status == 200
    hub.close()


def test_guessing_codes_and_tokens_is_slow(tmp_path: Path):
    hub = limited(tmp_path, enrolments_per_minute=3)
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    statuses = [hub.enrol(Desk(hub), "A" * 26).status for _ in range(4)]
    assert statuses == [403, 403, 429, 429]
    guessed = [hub.ask("GET", protocol.ME, token="a" * 43).status for _ in range(20)]
    assert guessed == [401] * 18 + [429] * 2
    assert desk.ask("GET", protocol.ME).status == 429, "the patience is that of the network address"
    hub.close()


def test_a_bucket_refills_and_forgets():
    moment = 0.0
    limit = RateLimit(6, clock=lambda: moment)
    assert [limit.wait_seconds("a") for _ in range(7)] == [0] * 6 + [11]
    moment = 10.1
    assert [limit.wait_seconds("a") for _ in range(2)] == [0, 10]
    for number in range(25_000):
        limit.wait_seconds(number)
    assert len(limit._buckets) <= 10_000
    assert RateLimit(0).wait_seconds("a") == 0
