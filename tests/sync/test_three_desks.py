"""Three desks of an office, edited, cut off, closed and brought into step in any order: all end alike, and nothing is lost unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.contacts.records import NeedEntry
from desktop_app.contacts.vocabulary import Channel
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import UserError
from desktop_app.core.months import Month
from desktop_app.statistics.service import StatisticsService
from desktop_app.visitors.records import VisitorEntry
from tests.hub.running import TEST_SETTINGS, HubThread
from tests.sync.desks import OfficeDesk, in_step

_STEPS = (
    "record",
    "material",
    "channel",
    "needs",
    "note",
    "withdraw",
    "rename",
    "erase_person",
    "erase_note",
    "round",
    "reopen",
)
_CHANNELS = (Channel.PHONE, Channel.MAIL, Channel.HOME_VISIT)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[OfficeDesk]]:
    """Three desks that know each other; they go on from one history to the next."""
    folder: Path = tmp_path_factory.mktemp("drei")
    hub = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
    office = hub.add_office("Träger", "Büro Nord")
    clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    desks = [OfficeDesk(name, folder / name, hub, office, clock) for name in ("Empfang", "Beratung", "Leitung")]
    desks[0].connect()
    for desk in desks[1:]:
        desk.join(desks[0])
    in_step(*desks, rounds=8)
    yield desks
    for desk in desks:
        desk.close()
    hub.close()


@dataclass
class History:
    """One run over fresh records. `written` are the materials that no later edit had seen before it replaced them."""

    desks: list[OfficeDesk]
    contacts: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    erased: set[str] = field(default_factory=set)
    written: dict[str, list[str]] = field(default_factory=dict)
    number: int = 0

    def do(self, step: str, who: int, which: int) -> None:
        try:
            getattr(self, step)(self.desks[who], which)
        except UserError:
            return  # not there on this desk (yet), or erased

    def _word(self) -> str:
        self.number += 1
        return f"zq{id(self) % 9973:04d}{self.number:03d}"

    def begin(self) -> None:
        desk = self.desks[0]
        self.contacts.append(desk.contact(note=self._word(), material=self._word()))
        self.people.append(desk.office.person(self._word()))
        for one in self.desks:
            one.round()

    def record(self, desk: OfficeDesk, _which: int) -> None:
        self.contacts.append(desk.contact(material=self._word()))

    def _contact(self, which: int) -> str:
        return self.contacts[which % len(self.contacts)]

    def material(self, desk: OfficeDesk, which: int) -> None:
        contact, word = self._contact(which), self._word()
        before = desk.office.desk.queries.contact(contact).material
        desk.correct(contact, material=word)
        # What this edit had seen is not lost, it was replaced.
        self.written.setdefault(contact, [])
        self.written[contact] = [one for one in self.written[contact] if one != before] + [word]

    def channel(self, desk: OfficeDesk, which: int) -> None:
        desk.correct(self._contact(which), channel=_CHANNELS[which % 3])

    def needs(self, desk: OfficeDesk, which: int) -> None:
        topics = ("wohnen", "pflege", "gesundheit")
        desk.correct(self._contact(which), needs=tuple(NeedEntry(topic) for topic in topics[: 1 + which % 3]))

    def note(self, desk: OfficeDesk, which: int) -> None:
        desk.correct(self._contact(which), note=self._word())

    def withdraw(self, desk: OfficeDesk, which: int) -> None:
        desk.office.desk.contacts.withdraw_contact(desk.actor, self._contact(which))

    def rename(self, desk: OfficeDesk, which: int) -> None:
        person = self.people[which % len(self.people)]
        file = desk.office.files.open_file(desk.actor, person)
        desk.office.files.change_file(desk.actor, person, VisitorEntry(name=self._word()), revision=file.revision)

    def erase_person(self, desk: OfficeDesk, which: int) -> None:
        person = self.people[which % len(self.people)]
        desk.retention.erase_visitor(desk.actor, person)
        self.erased.add(person)

    def erase_note(self, desk: OfficeDesk, which: int) -> None:
        desk.retention.erase_note(desk.actor, self._contact(which))

    def round(self, desk: OfficeDesk, _which: int) -> None:
        desk.round()

    def reopen(self, desk: OfficeDesk, _which: int) -> None:
        desk.reopen()

    def end(self) -> None:
        in_step(*self.desks, rounds=10)
        for desk in self.desks:
            for person in self.erased:
                assert desk.store.sql("SELECT 1 FROM visitor WHERE id = ?", (person,)) == []
            kept = "".join(str(row) for row in desk.store.sql("SELECT mine, theirs FROM sync_conflict"))
            for contact, words in self.written.items():
                stands = desk.office.desk.queries.contact(contact).material
                lost = [word for word in words if word != stands and word not in kept]
                assert lost == [], "a value lost and is nowhere"
        months = [
            StatisticsService(desk.store, desk.office.desk.settings).month(Month.of(desk.clock.today()))
            for desk in self.desks
        ]
        assert months[1] == months[0]
        assert months[2] == months[0]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(_STEPS), st.integers(0, 2), st.integers(0, 5)), min_size=4, max_size=16)
)
def test_all_end_alike_and_what_lost_is_kept(three: list[OfficeDesk], steps: list[tuple[str, int, int]]) -> None:
    history = History(three)
    history.begin()
    for step, who, which in steps:
        history.do(step, who, which)
    history.end()
