"""A front desk that works as fast as it can, to be killed. Run with the database file and the key in hex.

Each line on its input starts one desk in a process of its own: `SEED` to go on until it is killed from outside, or
`SEED STEP` to kill itself at that step of its work. Each line on its output was written after the command it tells
of had returned.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

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

TOPICS = ("pflege", "wohnen", "kultur", "recht", "digitales")


def say(*words: object) -> None:
    """Tell the test; one write, so that a line is there or not."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def die_at(step: int) -> None:
    """Kill this process before the given statement or line of output: between two of them nothing is at stake."""
    left = step

    def count(_frame: Any, event: str, function: Callable[..., Any]) -> None:
        nonlocal left
        if event == "c_call" and function.__name__ in {"execute", "executemany", "write"}:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


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


def main(path: Path, key: bytes) -> None:
    """Start desks until the input ends; everything is imported once, each desk is a process of its own."""
    for line in sys.stdin:
        seed, *step = map(int, line.split())
        sys.stdout.flush()
        desk = os.fork()
        if desk == 0:
            if step:
                die_at(step[0])
            work(path, key, random.Random(seed))
        say("started", desk)
        _pid, status = os.waitpid(desk, 0)
        say("ended", os.WTERMSIG(status) if os.WIFSIGNALED(status) else f"by itself with {os.WEXITSTATUS(status)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
