"""Pushing, pulling and comparing over real HTTP, on both engines."""

from __future__ import annotations

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor

from tests.hub.running import Desk, RunningHub, change


def one_desk(hub: RunningHub) -> Desk:
    return hub.desk(hub.add_office("AWO", "Nippes"))


def test_a_record_goes_in_and_comes_out_as_it_came(any_hub: RunningHub):
    desk = one_desk(any_hub)
    data = '{"name":"Straße „Ä“ 🙂"}'

    pushed = desk.push(desk.office_space, change("a", data)).json
    pulled = desk.pull(desk.office_space).json

    assert pushed["applied"] == [{"collection": "r", "id": "a", "seq": 1}]
    assert pushed["conflicts"] == []
    assert pulled["records"] == [
        {"seq": 1, "collection": "r", "id": "a", "deleted": False, "erased": False, "owner": None, "data": data}
    ]
    assert (pulled["seq"], pulled["more"], pulled["epoch"]) == (1, False, pushed["epoch"])


def test_only_the_base_that_stands_is_overwritten(any_hub: RunningHub):
    desk = one_desk(any_hub)
    desk.push(desk.office_space, change("a", "one"))
    desk.push(desk.office_space, change("a", "two", base=1))

    late = desk.push(desk.office_space, change("a", "three", base=1), change("b", "new")).json

    assert late["applied"] == [{"collection": "r", "id": "b", "seq": 3}]
    (conflict,) = late["conflicts"]
    assert conflict["reason"] == "changed"
    assert conflict["record"]["data"] == "two"
    assert conflict["record"]["seq"] == 2


def test_a_base_of_an_unknown_record_is_a_conflict_with_nothing(any_hub: RunningHub):
    desk = one_desk(any_hub)

    answer = desk.push(desk.office_space, change("a", base=7)).json

    assert answer["conflicts"] == [{"collection": "r", "id": "a", "reason": "changed", "record": None}]
    assert answer["seq"] == 0


def test_changes_of_one_push_keep_their_order(any_hub: RunningHub):
    desk = one_desk(any_hub)

    answer = desk.push(
        desk.office_space,
        change("a", "one"),
        change("b", "one"),
        change("a", "two", base=1),
        change("a", "three", base=1),
        change("b", "", base=2, deleted=True),
    ).json

    assert [(entry["id"], entry["seq"]) for entry in answer["applied"]] == [("a", 1), ("b", 2), ("a", 3), ("b", 4)]
    assert [(entry["id"], entry["record"]["data"]) for entry in answer["conflicts"]] == [("a", "two")]
    records = desk.pull(desk.office_space).json["records"]
    assert [(record["id"], record["seq"], record["deleted"]) for record in records] == [("a", 3, False), ("b", 4, True)]


def test_the_same_push_again_is_answered_alike(any_hub: RunningHub):
    desk = one_desk(any_hub)
    desk.push(desk.office_space, change("a", "one"))
    again = {"push_id": str(uuid.uuid4())}
    wish = (change("a", "other"), change("b", "new"))

    first = desk.push(desk.office_space, *wish, **again)
    second = desk.push(desk.office_space, *wish, **again)

    assert first.json == second.json
    assert desk.pull(desk.office_space).json["seq"] == 2


def test_the_same_push_at_the_same_time_is_applied_once(any_hub: RunningHub):
    desk = one_desk(any_hub)
    push_id = str(uuid.uuid4())
    wish = [change(f"record{number}", "x" * 900) for number in range(100)]

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: desk.push(desk.office_space, *wish, push_id=push_id).json, range(6)))

    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]["applied"]) == 100
    assert desk.pull(desk.office_space).json["seq"] == 100


def test_other_changes_under_the_same_push_id_are_refused(any_hub: RunningHub):
    desk = one_desk(any_hub)
    desk.push(desk.office_space, change("a", "one"), push_id="push-0001")

    answer = desk.push(desk.office_space, change("a", "two"), push_id="push-0001")

    assert (answer.status, answer.error) == (409, "push_id_reused")


def test_an_epoch_that_is_over_is_refused(any_hub: RunningHub):
    desk = one_desk(any_hub)
    epoch = desk.pull(desk.office_space).json["epoch"]

    assert desk.push(desk.office_space, change("a"), epoch=epoch).status == 200
    answer = desk.push(desk.office_space, change("b"), epoch=str(uuid.uuid4()))
    assert (answer.status, answer.error) == (409, "epoch_changed")


def test_erasing_wins_over_any_base_and_stays(any_hub: RunningHub):
    desk = one_desk(any_hub)
    desk.push(desk.office_space, change("a", "one"))
    desk.push(desk.office_space, change("a", "two", base=1))

    erased = desk.push(desk.office_space, change("a", "", deleted=True, erased=True)).json
    revived = desk.push(desk.office_space, change("a", "three", base=3)).json
    deleted = desk.push(desk.office_space, change("a", "", base=3, deleted=True)).json
    again = desk.push(desk.office_space, change("a", "marker", erased=True)).json

    assert erased["applied"] == [{"collection": "r", "id": "a", "seq": 3}]
    assert [conflict["reason"] for conflict in revived["conflicts"] + deleted["conflicts"]] == ["erased", "erased"]
    assert revived["conflicts"][0]["record"]["erased"]
    assert again["applied"] == [{"collection": "r", "id": "a", "seq": 4}]


def test_an_unknown_record_can_be_erased_before_it_comes(any_hub: RunningHub):
    desk = one_desk(any_hub)

    desk.push(desk.office_space, change("a", "", erased=True, base=99))
    late = desk.push(desk.office_space, change("a", "late")).json

    assert [conflict["reason"] for conflict in late["conflicts"]] == ["erased"]


def test_a_deleted_record_can_come_back(any_hub: RunningHub):
    desk = one_desk(any_hub)
    desk.push(desk.office_space, change("a", "one"))
    desk.push(desk.office_space, change("a", "", base=1, deleted=True))

    answer = desk.push(desk.office_space, change("a", "two", base=2)).json

    assert answer["applied"] == [{"collection": "r", "id": "a", "seq": 3}]


def test_pages_meet_every_record_once(any_hub: RunningHub):
    desk = one_desk(any_hub)
    desk.push(desk.office_space, *(change(f"r{number}") for number in range(25)))
    seen, since = [], 0

    while True:
        page = desk.pull(desk.office_space, since, limit=10).json
        seen += [record["seq"] for record in page["records"]]
        if not page["more"]:
            break
        since = page["records"][-1]["seq"]

    assert seen == list(range(1, 26))


def test_a_page_of_large_records_stays_near_the_limit(any_hub: RunningHub):
    desk = one_desk(any_hub)
    large = "x" * 250_000
    for start in range(0, 50, 25):
        wish = [change(f"r{number}", large) for number in range(start, start + 25)]
        assert desk.push(desk.office_space, *wish).status == 200

    page = desk.pull(desk.office_space).json

    assert page["more"]
    assert 8_000_000 < sum(len(record["data"]) for record in page["records"]) < 8_900_000


def test_ids_only_leaves_the_data_out(any_hub: RunningHub):
    desk = one_desk(any_hub)
    desk.push(desk.office_space, change("a", "secret"))

    answer = desk.pull(desk.office_space, ids_only="true")

    assert answer.json["records"] == [
        {"seq": 1, "collection": "r", "id": "a", "deleted": False, "erased": False, "owner": None}
    ]


def test_the_digest_is_that_of_the_sorted_lines(any_hub: RunningHub):
    desk = one_desk(any_hub)
    desk.push(desk.office_space, change("b"), change("B"), change("a", collection="z"), change("a-1"), change("a"))
    desk.push(desk.office_space, change("b", "", base=1, deleted=True))

    answer = desk.ask("GET", f"/v1/spaces/{desk.office_space}/digest").json

    positions = desk.pull(desk.office_space, ids_only="true").json["records"]
    keys = sorted((p["collection"].encode(), p["id"].encode(), p["seq"]) for p in positions)
    lines = b"".join(b"%s/%s/%d\n" % key for key in keys)
    assert answer["digest"] == hashlib.sha256(lines).hexdigest()
    assert (answer["count"], answer["seq"]) == (5, 6)


def test_gzip_both_ways(any_hub: RunningHub):
    desk = one_desk(any_hub)
    wish = {"push_id": "push-0001", "changes": [change(f"r{number}", "x" * 500) for number in range(50)]}

    pushed = desk.ask("POST", f"/v1/spaces/{desk.office_space}/push", wish, packed=True)
    pulled = desk.ask("GET", f"/v1/spaces/{desk.office_space}/pull", headers={"Accept-Encoding": "gzip"})

    assert pushed.status == 200
    assert pulled.headers["Content-Encoding"] == "gzip"
    assert len(pulled.json["records"]) == 50
