"""The shape that months will have in the space `statistics`; and that nothing is sent there."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.sync import protocol
from desktop_app.sync.month_record import COLLECTION, MonthRecord, month_from, month_text
from tests.hub.running import HubThread, change
from tests.sync.desks import Maker

MONTH = MonthRecord(
    "b1", "2026-11", "stadt", date(2026, 12, 3), {"topic": {"pflege": 12, "wohnen": None}, "channel": {}}
)
codes = st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True)
counts = st.dictionaries(codes, st.dictionaries(codes, st.none() | st.integers(0, 10**9), max_size=4), max_size=4)


@given(counts=counts, day=st.dates(date(2026, 1, 1), date(2099, 1, 1)))
def test_what_is_written_is_read(counts: dict[str, dict[str, int | None]], day: date) -> None:
    record = MonthRecord("b1", "2026-11", "land", day, counts)
    assert month_from(record.record_id, month_text(record)) == record


def test_suppressed_is_not_zero() -> None:
    found = month_from(MONTH.record_id, month_text(MONTH))
    assert found.counts["topic"] == {"pflege": 12, "wohnen": None}


@pytest.mark.parametrize(
    "change_of",
    [
        {"month": "2026-13"},
        {"preset": "Stadt Köln"},
        {"v": 2},
        {"counts": {"topic": {"pflege": -1}}},
        {"counts": {"topic": {"pflege": True}}},
        {"counts": {"topic": {"pflege": 1.5}}},
        {"counts": {"topic": {"Frau Müller": 1}}},
        {"counts": []},
        {"counts": {"topic": None}},
        {"closed_on": "gestern"},
        {"office": "b2"},
    ],
)
def test_another_shape_is_refused(change_of: dict[str, object]) -> None:
    text = json.dumps({**json.loads(month_text(MONTH)), **change_of})
    with pytest.raises(ValueError):  # noqa: PT011 - one kind of error for every mistake
        month_from(MONTH.record_id, text)


def test_the_hub_takes_it_from_its_office_once_a_month_and_preset(hub: HubThread) -> None:
    desk, other = (hub.desk(hub.add_office(f"Träger {name}", name)) for name in ("Nord", "Süd"))
    month = MonthRecord(desk.office_id, "2026-11", "stadt", date(2026, 12, 3), {"topic": {"pflege": 12}})
    sent = change(month.record_id, month_text(month), collection=COLLECTION)
    (first,) = desk.push(protocol.STATISTICS_SPACE, sent).json["applied"]
    again = {**sent, "base": first["seq"]}
    assert desk.push(protocol.STATISTICS_SPACE, again).json["applied"]
    assert other.push(protocol.STATISTICS_SPACE, again).status == 403
    (record,) = desk.pull(protocol.STATISTICS_SPACE).json["records"]
    assert month_from(record["id"], record["data"]) == month


def test_a_connected_desk_sends_nothing_there(make_desk: Maker, hub: HubThread) -> None:
    desk = make_desk("Empfang")
    desk.contact()
    desk.connect()
    desk.round()
    coordination = hub.desk(hub.add_office("Stadt", "Koordination", "coordination"))
    assert coordination.pull(protocol.STATISTICS_SPACE).json["records"] == []
