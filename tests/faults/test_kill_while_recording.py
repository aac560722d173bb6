"""`kill -9` at any moment: what was shown as saved is there, once and whole, and so is the draft."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from desktop_app.contacts.drafts import ContactDrafts
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.security.accounts import account_actor
from desktop_app.storage.opening import create_store, open_store
from desktop_app.storage.store import Store
from tests.contacts.office import open_front_desk

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50
MOST_STEPS = 80  # opening takes some 15 statements, a contact with its drafts some 30

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")


@dataclass
class Shown:
    """What the desk had shown to the person before it was killed."""

    saved: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    draft: tuple[str, int] | None = None
    opened: bool = False

    def hear(self, line: str) -> bool:
        """Take in one line; False when the desk has ended."""
        match line.split():
            case ["saved", contact_id, needs, referrals, note]:
                self.saved[contact_id] = (int(needs), int(referrals), int(int(note) > 0))
                self.draft = None
            case ["corrected", contact_id]:
                self.corrected.add(contact_id)
            case ["draft", draft_id, number]:
                self.draft = (draft_id, int(number))
            case ["open"]:
                self.opened = True
            case ["ended", signal_number]:
                assert signal_number == str(int(signal.SIGKILL)), line
                return False
            case _:
                raise AssertionError(f"unexpected: {line!r}")
        return True


@dataclass
class Desks:
    """The process that starts desks."""

    orders: IO[str]
    answers: IO[str]

    def start(self, order: str) -> None:
        self.orders.write(order + "\n")
        self.orders.flush()

    def read(self) -> str:
        line = self.answers.readline()
        assert line.endswith("\n"), f"the desks are gone: {line!r}"
        return line


@pytest.fixture
def path(tmp_path: Path, data_key: bytes, clock: FixedClock, ids: UuidFactory) -> Path:
    path = tmp_path / "quartierslotse.db"
    store = create_store(path, data_key, clock, ids, NoticeBoard())
    open_front_desk(store)
    store.close()
    return path


@pytest.fixture
def desks(path: Path, data_key: bytes) -> Iterator[Desks]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.busy_desk", str(path), data_key.hex()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    yield Desks(process.stdin, process.stdout)
    process.stdin.close()
    process.stdout.read()
    process.stdout.close()
    assert process.wait() == 0


def kill_after_lines(desks: Desks, seed: int, lines: int) -> Shown:
    """Kill a desk from outside as soon as it has shown so many lines; it works on until the signal arrives."""
    desks.start(str(seed))
    shown = Shown()
    desk = None
    heard = 0
    going = True
    while going:
        line = desks.read()
        if line.startswith("started "):
            desk = int(line.split()[1])
        else:
            going = shown.hear(line)
            heard += 1
        if desk is not None and heard >= lines:
            os.kill(desk, signal.SIGKILL)
            desk = None
            lines = sys.maxsize
    return shown


def die_at_step(desks: Desks, seed: int, step: int) -> Shown:
    """Let a desk die before a given statement, also in the middle of a transaction."""
    desks.start(f"{seed} {step}")
    shown = Shown()
    while True:
        line = desks.read()
        if not line.startswith("started ") and not shown.hear(line):
            return shown


def check(store: Store, shown: Shown, known: set[str]) -> tuple[set[str], bool]:
    """Check everything that was shown; return all contacts, and whether the draft shown last is still a draft."""
    assert store.sql("PRAGMA integrity_check") == [("ok",)]
    assert store.sql("PRAGMA foreign_key_check") == []
    rows = store.sql(
        "SELECT id, material, revision, "
        "(SELECT count(*) FROM need WHERE contact_id = contact.id), "
        "(SELECT count(*) FROM referral WHERE contact_id = contact.id), "
        "(SELECT count(*) FROM contact_note WHERE contact_id = contact.id), "
        "(SELECT count(*) FROM contact_revision WHERE contact_id = contact.id), "
        "(SELECT count(*) FROM outbox WHERE collection = 'contact' AND record_id = contact.id), "
        "(SELECT count(*) FROM audit_entry WHERE action = 'record_contact' AND subject_id = contact.id), "
        "(SELECT count(*) FROM audit_entry WHERE action = 'correct_contact' AND subject_id = contact.id) "
        "FROM contact"
    )
    contacts = {row[0]: row[1:] for row in rows}
    assert len(contacts) == len(rows)
    assert known <= set(contacts), "a contact of an earlier round is gone"
    assert set(shown.saved) <= set(contacts), "a contact that was shown as saved is gone"
    assert len(set(contacts) - known - set(shown.saved)) <= 1, "more than the one being saved was not shown"
    for contact_id, (
        material,
        revision,
        needs,
        referrals,
        notes,
        history,
        outbox,
        recorded,
        corrected,
    ) in contacts.items():
        if contact_id in shown.saved:
            assert (needs, referrals, notes) == shown.saved[contact_id]
        assert needs >= 1
        assert revision - 1 == history == corrected == outbox - 1
        assert revision >= 1 + (contact_id in shown.corrected)
        assert recorded == 1
        assert store.sql("SELECT count(*) FROM contact WHERE material = ?", (material,)) == [(1,)]
    unsent = "SELECT count(*) FROM {0} WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE collection = '{0}' AND record_id = {0}.id)"
    for table in ("need", "referral"):
        assert store.sql(unsent.format(table)) == [(0,)]
    drafts = {
        draft_id: int(number) for draft_id, number in store.sql("SELECT id, content ->> 'number' FROM contact_draft")
    }
    saved_drafts = {row[0] for row in contacts.values()}
    assert not saved_drafts & set(drafts), "a draft stands beside its own contact"
    if shown.draft is None:
        return set(contacts), False
    draft_id, number = shown.draft
    assert draft_id in saved_drafts or drafts.get(draft_id, -1) in {number, number + 1}, "the draft shown last is gone"
    return set(contacts), draft_id in drafts


def test_fifty_kills(path: Path, desks: Desks, data_key: bytes, clock: FixedClock, ids: UuidFactory) -> None:
    chance = random.Random(20261122)
    known: set[str] = set()
    never_opened = open_drafts = 0
    for number in range(KILLS):
        if number % 2:
            shown = kill_after_lines(desks, number, chance.randint(1, 25))
        else:
            shown = die_at_step(desks, number, chance.randint(0, MOST_STEPS))
        never_opened += not shown.opened
        store = open_store(path, data_key, clock, ids, NoticeBoard(), backups=path.parent / "sicherungen")
        known, draft_stands = check(store, shown, known)
        open_drafts += draft_stands
        store.close()
    assert len(known) > KILLS
    assert open_drafts > 5, "too few were killed in the middle of a card"
    assert never_opened < KILLS // 2
    store = open_store(path, data_key, clock, ids, NoticeBoard(), backups=path.parent / "sicherungen")
    drafts = ContactDrafts(store).open_drafts(account_actor(store, "account-erika"))
    assert len(drafts) >= open_drafts
    assert all(draft.content["note"] for draft in drafts)
    store.close()
