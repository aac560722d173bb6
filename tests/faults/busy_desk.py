"""A front desk that works as fast as it can, to be killed (see `mortal`). Run with the database file and the key in hex.

Its order is `SEED` to go on until it is killed from outside, or `SEED STEP` to kill itself at that step of its work.
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

from desktop_app.contacts.drafts import ContactDrafts
from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.service import ContactService
from desktop_app.core.clock import SystemClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.security.accounts import account_actor
from desktop_app.storage.opening import open_store
from tests.contacts.office import SERVICES
from tests.faults.mortal import die_at, say, start_desks

TOPICS = ("pflege", "wohnen", "kultur", "recht", "digitales")


def work(path: Path, key: bytes, chance: random.Random) -> None:
    """Open the installation and record contacts until killed."""
    clock = SystemClock()
    ids = UuidFactory(clock)
    store = open_store(path, key, clock, ids, NoticeBoard(), backups=path.parent / "sicherungen")
    actor = account_actor(store, "account-erika")
    contacts, drafts = ContactService(store, ContactQueries(store)), ContactDrafts(store)
    say("open")
    while True:
        draft_id = ids.new_id()
        for number in range(chance.randint(1, 4)):
            drafts.keep(actor, draft_id, 0, clock.now(), {"number": number, "note": "Notiz " * chance.randint(1, 200)})
            say("draft", draft_id, number)
        entry = ContactEntry(
            needs=tuple(map(NeedEntry, chance.sample(TOPICS, chance.randint(1, 3)))),
            referrals=tuple(
                ReferralEntry(service, due_on=date(2026, 11, 22) + timedelta(days=7))
                for service in chance.sample(SERVICES, chance.randint(0, 2))
            ),
            material=draft_id,
            note=chance.choice(["", "Notiz"]),
        )
        contact_id = contacts.record_contact(actor, entry, draft_id=draft_id)
        say("saved", contact_id, len(entry.needs), len(entry.referrals), len(entry.note))
        if chance.random() < 0.3:
            contacts.correct_contact(actor, contact_id, entry, revision=1)
            say("corrected", contact_id)


def start(order: str) -> None:
    """Start a desk with a seed, and where it is to die."""
    seed, *step = map(int, order.split())
    if step:
        die_at(step[0])
    work(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), random.Random(seed))


if __name__ == "__main__":
    start_desks(start)
