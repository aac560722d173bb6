"""`kill -9` of a desk between outbox, push, answer and cursor, again and again: everything shown as saved arrives, once."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from desktop_app.contacts.vocabulary import Channel
from desktop_app.core.clock import FixedClock
from tests.faults.mortal import MortalDesks, mortal_desks
from tests.faults.sync.proxy import Exchange
from tests.faults.sync.standing import Standing, StandingDesk
from tests.faults.sync.syncing_desk import START

#: Where the desk dies: before or after the hub got one of its requests.
REQUESTS = (
    r"/v1/me",
    r"/v1/spaces/directory/pull",
    r"/v1/spaces/office-.*/push",
    r"/v1/spaces/office-.*/pull",
    "/v1/offices",
)
MOST_STEPS = 420  # opening takes some 15 statements, a turn with its round some 130

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")


@dataclass
class Shown:
    """What desks have shown before they were killed."""

    desks: MortalDesks
    saved: dict[str, str] = field(default_factory=dict)
    rounds: int = 0

    def run(self, order: str) -> None:
        """Start a desk and hear it until it is dead."""
        for words in self.desks.lines(order):
            match words:
                case ["saved", contact_id, material]:
                    self.saved[contact_id] = material
                case ["round"]:
                    self.rounds += 1
                case ["open"]:
                    pass
                case other:
                    raise AssertionError(f"the desk says {other}")
        assert self.desks.was_killed


@pytest.fixture
def killing(on_both: Standing) -> Iterator[tuple[Standing, Shown]]:
    standing, one = on_both, on_both.one
    one.close()
    words = [str(one.folder), one.data_key.hex(), standing.proxy.address, one.office_id]
    with mortal_desks("tests.faults.sync.syncing_desk", *words) as desks:
        yield standing, Shown(desks)


def test_a_desk_is_killed_again_and_again(killing: tuple[Standing, Shown]) -> None:
    standing, shown = killing
    two = standing.two
    chance = random.Random(20261123)
    number = 0
    for request in REQUESTS:
        for is_before in (True, False):

            def die(exchange: Exchange, is_before: bool = is_before) -> None:
                if not is_before:
                    exchange.forward()
                shown.desks.kill()
                exchange.close()

            standing.proxy.on(request, die, skip=chance.randint(0, 2))
            shown.run(str(number))
            standing.proxy.heal()
            number += 1
        # Meanwhile the other desk works on the same contacts.
        two.round()
        for (contact,) in two.store.sql("SELECT id FROM contact ORDER BY id DESC LIMIT 2"):
            two.correct(contact, channel=Channel.PHONE)
        two.contact(material=f"zwei-{number}")
        two.round()
    for _ in range(12 if standing.postgres is None else 3):
        shown.run(f"{number} {chance.randint(10, MOST_STEPS)}")
        number += 1
    assert shown.rounds > 5
    one = standing.one
    clock = FixedClock(START.replace(month=12))
    standing.one = StandingDesk(
        one.name, one.folder, standing.hub, one.office_id, clock, standing.hub.address, one.data_key
    )
    two.clock.set(clock.now())
    standing.settle()
    found = dict(standing.one.store.sql("SELECT id, material FROM contact"))
    assert set(shown.saved) <= set(found), "a contact that was shown as saved is gone"
    own = [material for material in found.values() if not material.startswith("zwei-")]
    assert len(own) == len(set(own)), "a contact is there twice"
    assert len(own) <= len(shown.saved) + number, "more than the one being saved was not shown"
    for contact_id, material in shown.saved.items():
        assert found[contact_id] == material or found[contact_id].endswith("-berichtigt")
    told = [(f.label, f.before, f.mine, f.theirs) for c in standing.one.sync.conflicts() for f in c.fields]
    assert told == []
