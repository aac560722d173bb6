"""`kill -9` at any moment: what was shown as saved is there, once and whole, and so is the draft."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop_app.contacts.drafts import ContactDrafts
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.security.accounts import account_actor
from desktop_app.storage.opening import create_store, open_store
from desktop_app.storage.store import Store
from tests.contacts.office import open_front_desk
from tests.faults.mortal import MortalDesks, mortal_desks

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

    def hear(self, words: list[str]) -> None:
        """Take in one line."""
        match words:
            case ["saved", contact_id, needs, referrals, note]:
                self.saved[contact_id] = (int(needs), int(referrals), int(int(note) > 0))
                self.draft = None
            case ["corrected", contact_id]:
                self.corrected.add(contact_id)
            case ["draft", draft_id, number]:
                self.draft = (draft_id, int(number))
            case ["open"]:
                self.opened = True
            case _:
                raise AssertionError(f"unexpected: {words}")


@pytest.fixture
def path(tmp_path: Path, data_key: bytes, clock: FixedClock, ids: UuidFactory) -> Path:
    path = tmp_path / "quartierslotse.db"
    store = create_store(path, data_key, clock, ids, NoticeBoard())
    open_front_desk(store)
    store.close()
    return path


@pytest.fixture
def desks(path: Path, data_key: bytes) -> Iterator[MortalDesks]:
    with mortal_desks("tests.faults.busy_desk", str(path), data_key.hex()) as made:
        yield made


def kill_after_lines(desks: MortalDesks, seed: int, lines: int) -> Shown:
    """Kill a desk from outside as soon as it has shown so many lines; it works on until the signal arrives."""
    shown = Shown()
    for number, words in enumerate(desks.lines(str(seed)), start=1):
        shown.hear(words)
        if number == lines:
            desks.kill()
    assert desks.was_killed
    return shown


def die_at_step(desks: MortalDesks, seed: int, step: int) -> Shown:
    """Let a desk die before a given statement, also in the middle of a transaction."""
    shown = Shown()
    for words in desks.lines(f"{seed} {step}"):
        shown.hear(words)
    assert desks.was_killed
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


def test_fifty_kills(path: Path, desks: MortalDesks, data_key: bytes, clock: FixedClock, ids: UuidFactory) -> None:
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
