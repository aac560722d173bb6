"""`kill -9` of a desk that gives out or takes over a file of a stick: nothing lost, nothing doubled, nothing half."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app.contacts.vocabulary import Channel
from desktop_app.core.progress import NoProgress
from desktop_app.sync.bundle_file import opened_lines
from desktop_app.sync.bundle_lines import read_lines
from desktop_app.sync.bundle_service import BundleService
from tests.faults.mortal import mortal_desks
from tests.faults.sync.standing import Standing, StandingDesk
from tests.faults.sync.syncing_desk import START

Order = Callable[[str, int | str], str]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@contextmanager
def processes_of(desk: StandingDesk, stick: Path) -> Iterator[Order]:
    """Let a desk be a process that is told what to do and at which step to die; it says how it ended."""
    desk.close()
    words = str(desk.folder), desk.data_key.hex(), desk.office_id
    with mortal_desks("tests.faults.sync.bundling_desk", *words) as desks:

        def order(what: str, step: int | str) -> str:
            return "killed" if desks.run(json.dumps([what, str(stick), step])) else "done"

        yield order
    desk.clock.set(START + timedelta(minutes=1))
    desk.reopen()


def files(stick: Path) -> list[Path]:
    return sorted(stick.glob("*.qlabgleich"))


def prepared(standing: Standing) -> None:
    """Give both desks something of their own, and something both know that one changed."""
    one, two = standing.one, standing.two
    both = [one.contact(material=f"beide-{number}") for number in range(4)]
    standing.settle()
    for number, contact in enumerate(both):
        one.correct(contact, note=f"Notiz {number}")
    for number in range(12):
        one.contact(material=f"eins-{number}", note=f"Notiz {number}")
    two.correct(both[0], channel=Channel.PHONE)
    two.contact(material="zwei")
    one.office.person("Frieda Fiktiv")
    for desk in (one, two):
        desk.clock.set(START)


def test_a_desk_is_killed_while_it_takes_over(standing: Standing, stick: Path) -> None:
    one, two = standing.one, standing.two
    prepared(standing)
    BundleService(one.store, one.engine).export(one.actor, stick)
    contacts = sorted({*one.contacts(), *two.contacts()})
    kept = stick.parent / "kept.db"
    chance = random.Random(20261129)
    killed = 0
    with processes_of(two, stick) as order:
        shutil.copy(two.path, kept)
        for most in (40, 160, 400):
            for rest in two.path.parent.glob("quartierslotse.db*"):
                rest.unlink()
            shutil.copy(kept, two.path)
            for _ in range(6):
                killed += order("import", chance.randint(1, most)) == "killed"
        assert killed > 9
        assert order("import", 100_000) == "done"
    assert two.store.sql("PRAGMA integrity_check") == [("ok",)]
    assert two.contacts() == contacts
    taken = BundleService(two.store, two.engine).take_over(two.actor, stick)
    assert taken.is_known
    given = BundleService(two.store, two.engine).export(two.actor, stick)
    BundleService(one.store, one.engine).take_over(one.actor, given.path)
    assert one.state() == two.state()
    standing.settle()
    for desk in (one, two):
        assert desk.contacts() == contacts
        assert desk.sync.conflicts() == ()


def test_a_desk_is_killed_while_it_gives_out(standing: Standing, stick: Path) -> None:
    one, two = standing.one, standing.two
    prepared(standing)
    chance = random.Random(20261129)
    killed = 0
    with processes_of(one, stick) as order:
        for step in [*(chance.randint(1, 150) for _ in range(10)), *range(150, 400, 25)]:
            killed += order("export", step) == "killed"
        assert killed > 9
        # Every file that has the name of one is whole, whatever became of the desk that wrote it.
        keys = two.engine.post.office_keys(two.store)
        assert keys is not None
        numbers = [read_lines(opened_lines(keys, path.read_bytes(), NoProgress()))[0].number for path in files(stick)]
        assert len(numbers) == len(set(numbers)), "two files with one number"
        assert order("export", 100_000) == "done"
    assert [path.name for path in stick.iterdir() if path not in files(stick)] == [], "what was begun is left"
    BundleService(two.store, two.engine).take_over(two.actor, stick)
    contacts = two.contacts()
    assert set(one.contacts()) < set(contacts)
    given = BundleService(two.store, two.engine).export(two.actor, stick)
    BundleService(one.store, one.engine).take_over(one.actor, given.path)
    assert one.contacts() == contacts
    assert one.state() == two.state()
    standing.settle()
    assert one.contacts() == contacts


def test_a_file_of_a_killed_desk_is_not_taken_for_its_next_one(standing: Standing, stick: Path) -> None:
    one, two = standing.one, standing.two
    prepared(standing)
    with processes_of(one, stick) as order:
        # Killed after the file had its name, before the desk had noted that.
        assert order("export", "unlink") == "killed"
    assert len(files(stick)) == 1
    BundleService(two.store, two.engine).take_over(two.actor, stick)
    one.clock.set(START)
    contact = one.contact(material="danach")
    one.clock.set(START)
    BundleService(one.store, one.engine).export(one.actor, stick)
    assert not BundleService(two.store, two.engine).take_over(two.actor, stick).is_known
    assert two.office.desk.queries.contact(contact).material == "danach"
