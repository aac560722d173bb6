"""Eight writers and a polling reader: no update lost, no record missed. Longer: QUARTIERSLOTSE_LONG=30."""

from __future__ import annotations

import os
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.hub.running import Desk, HubProcess, RunningHub, change

WRITERS = 8
SECONDS = float(os.environ.get("QUARTIERSLOTSE_LONG", "4"))
SHARED = 20


class Writer:
    """Adds records of its own and counts up shared ones, each time on what it saw last."""

    def __init__(self, desk: Desk, number: int) -> None:
        self.desk, self.number = desk, number
        self.counted = 0
        self.added: set[str] = set()
        self.problem: BaseException | None = None

    def run(self, until: float) -> None:
        try:
            chance = random.Random(self.number)
            known: dict[str, tuple[int, int]] = {}  # shared id: seq, value
            while time.monotonic() < until:
                self.step(chance, known)
        except BaseException as error:  # noqa: BLE001 - told by the test
            self.problem = error

    def step(self, chance: random.Random, known: dict[str, tuple[int, int]]) -> None:
        shared = f"shared-{chance.randrange(SHARED)}"
        seq, value = known.get(shared, (0, 0))
        own = [f"{self.number}-{uuid.uuid4()}" for _ in range(chance.randrange(1, 12))]
        wish = [change(shared, str(value + 1), base=seq), *(change(name, "x" * 900) for name in own)]
        push_id = str(uuid.uuid4())
        answer = self.desk.push(self.desk.office_space, *wish, push_id=push_id).json
        if chance.random() < 0.2:  # as if the answer had been lost
            repeated = self.desk.push(self.desk.office_space, *wish, push_id=push_id).json
            assert repeated["applied"] == answer["applied"]
        self.added.update(own)
        for entry in answer["applied"]:
            if entry["id"] == shared:
                known[shared] = (entry["seq"], value + 1)
                self.counted += 1
        for conflict in answer["conflicts"]:
            assert conflict["id"] == shared
            known[shared] = (conflict["record"]["seq"], int(conflict["record"]["data"]))


class Reader:
    """Polls; what it heard has to be what there is in the end, and no record may come twice in the same version."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.records: dict[str, dict[str, Any]] = {}
        self.heard: list[int] = []
        self.since = 0

    def poll(self) -> bool:
        page = self.desk.pull(self.desk.office_space, self.since, limit=300).json
        for record in page["records"]:
            assert record["seq"] > self.since
            self.since = record["seq"]
            self.heard.append(record["seq"])
            self.records[record["id"]] = record
        if not page["more"]:
            assert page["seq"] >= self.since
            self.since = page["seq"]
        return bool(page["more"])


@pytest.mark.parametrize("engine", ["postgres_hub", "hub"])
def test_nothing_is_lost_and_nothing_is_missed(request: pytest.FixtureRequest, engine: str):
    running: RunningHub = request.getfixturevalue(engine)
    _watch(running, running, SECONDS if engine == "postgres_hub" else min(SECONDS, 2))


def test_two_processes_before_one_database_are_one_hub(hub_process: Callable[[str], HubProcess]):
    first = hub_process("postgresql")
    second = HubProcess(replace(first.settings, port=0))
    try:
        _watch(first, second, min(SECONDS, 2))
    finally:
        second.close()


def _watch(running: RunningHub, other: RunningHub, seconds: float) -> None:
    """Let eight desks write, every second one through the other hub, and poll through that one meanwhile."""
    office = running.add_office("AWO", "Nippes")
    writers = [Writer(running.desk(office), number) for number in range(WRITERS)]
    reader = Reader(running.desk(office))
    for desk in (reader.desk, *(writer.desk for writer in writers[::2])):
        desk.hub = other
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=writer.run, args=(until,)) for writer in writers]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        reader.poll()
    for thread in threads:
        thread.join()
    while reader.poll():
        pass

    assert [writer.problem for writer in writers if writer.problem] == []
    values = [int(record["data"]) for name, record in reader.records.items() if name.startswith("shared-")]
    assert sum(values) == sum(writer.counted for writer in writers) > 0, "no update was lost"
    added = set().union(*(writer.added for writer in writers))
    assert {name for name in reader.records if not name.startswith("shared-")} == added, "no record was missed"
    assert len(reader.heard) == len(set(reader.heard))

    fresh = Reader(writers[0].desk)
    while fresh.poll():
        pass
    assert fresh.records == reader.records
    assert running.ask("GET", "/healthz").status == 200
    last = fresh.desk.pull(fresh.desk.office_space, fresh.since).json
    written = sum(writer.counted + len(writer.added) for writer in writers)
    assert last["seq"] == written, "the sequence has no gap"
    print(f"{written} changes of {WRITERS} writers in {seconds:g} s, 0 lost, 0 missed")
