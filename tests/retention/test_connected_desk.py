"""A person erased at one of two connected desks is gone from the files of both: shadows, pushes, conflicts, parked records."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import UserError
from desktop_app.retention.records import DataKind
from desktop_app.sync.hub_problems import HubProblem
from desktop_app.visitors.records import ErasureHold
from tests.hub.running import TEST_SETTINGS, HubThread
from tests.retention.office import entry
from tests.retention.raw_pages import PageReader
from tests.sync.desks import OfficeDesk

#: All run on the same two desks, so that what one history leaves behind meets the next.
EXAMPLES = 5
_NOWHERE = "http://127.0.0.1:9"
_STEPS = ("record", "correct", "correct_both", "clear", "clear_both", "rename", "rename_both", "offline", "round", "draft",
          "decide")  # fmt: skip


@dataclass
class TwoDesks:
    """An office with two desks; every text is a word of its own, remembered by person."""

    desks: tuple[OfficeDesk, OfficeDesk]
    people: list[str] = field(default_factory=list)
    contacts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    gone: set[str] = field(default_factory=set)

    def word(self, person: str) -> str:
        word = "zq" + secrets.token_hex(7)
        self.words[person].add(word)
        return word

    def do(self, step: str, number: int) -> None:
        """Do one step at one of the desks; what is not possible now is refused in words."""
        desk = self.desks[number % 2]
        desk.clock.advance(timedelta(seconds=7))
        person = self.people[number % len(self.people)]
        try:
            getattr(self, step)(desk, person, number)
        except (UserError, HubProblem):
            return

    def new_person(self, desk: OfficeDesk) -> str:
        words = [secrets.token_hex(7) for _ in range(3)]
        name, remarks, address = (f"zq{word}" for word in words)
        person = desk.office.person(name, remarks=remarks, address=address)
        self.words[person].update({name, remarks, address})
        self.people.append(person)
        return person

    def record(self, desk: OfficeDesk, person: str, number: int) -> None:
        said = entry(self.word(person), self.word(person) if number % 2 else "")
        self.contacts[person].append(desk.office.files.record_contact(desk.actor, said, person))

    def correct(self, desk: OfficeDesk, person: str, number: int) -> None:
        contact = self._contact(desk, person, number)
        desk.correct(contact, note=self.word(person), material=self.word(person))

    def correct_both(self, _desk: OfficeDesk, person: str, number: int) -> None:
        for desk in self.desks:
            self.correct(desk, person, number)

    def clear(self, desk: OfficeDesk, person: str, number: int) -> None:
        desk.correct(self._contact(desk, person, number), note="", material="")

    def clear_both(self, desk: OfficeDesk, person: str, number: int) -> None:
        self.correct_both(desk, person, number)
        self.rounds()
        for each in self.desks:
            self.clear(each, person, number)

    def rename(self, desk: OfficeDesk, person: str, _number: int) -> None:
        file = desk.office.files.open_file(desk.actor, person)
        changed = replace(file.entry, name=self.word(person), remarks=self.word(person))
        desk.office.files.change_file(desk.actor, person, changed, revision=file.revision)

    def rename_both(self, _desk: OfficeDesk, person: str, number: int) -> None:
        for desk in self.desks:
            self.rename(desk, person, number)

    def offline(self, desk: OfficeDesk, person: str, number: int) -> None:
        """What is to be sent is prepared, and stays."""
        self.correct(desk, person, number)
        self.rename(desk, person, number)
        desk.engine.forget_client()
        desk.address = _NOWHERE
        try:
            desk.round()
        finally:
            desk.engine.forget_client()
            desk.address = ""

    def round(self, desk: OfficeDesk, _person: str, _number: int) -> None:
        desk.round()

    def draft(self, desk: OfficeDesk, person: str, number: int) -> None:
        content = {"visitor": person, "note": self.word(person)}
        desk.office.desk.drafts.keep(desk.actor, f"entwurf-{number}", 0, desk.clock.now(), content)

    def decide(self, desk: OfficeDesk, _person: str, number: int) -> None:
        for conflict in desk.sync.conflicts():
            if number % 3:
                desk.sync.dismiss(desk.actor, conflict.conflict_id)

    def rounds(self) -> None:
        for _ in range(6):
            if not any(result.sent or result.received for result in [desk.round() for desk in self.desks]):
                return
        raise AssertionError("the desks do not come to rest")

    def erase(self, desk: OfficeDesk, person: str) -> None:
        desk.retention.erase_visitor(desk.actor, person)
        self.people.remove(person)
        self.gone |= self.words.pop(person)

    def left_at(self, desk: OfficeDesk) -> set[str]:
        """Return the words of erased people that the decrypted pages of a desk still hold."""
        reader = PageReader(desk.data_key)
        try:
            content = reader.everything(desk.path).lower()
        finally:
            reader.close()
        return {word for word in self.gone if word.encode() in content}

    def _contact(self, desk: OfficeDesk, person: str, number: int) -> str:
        if not self.contacts[person]:
            self.record(desk, person, number)
            self.rounds()
        return self.contacts[person][number % len(self.contacts[person])]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDesks]:
    folder = tmp_path_factory.mktemp("verbunden")
    running = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
    clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    office = running.add_office("Träger", "Büro Nord")
    one, other = (OfficeDesk(name, folder / name, running, office, clock) for name in ("Empfang", "Beratung"))
    one.connect()
    other.join(one)
    office_desks = TwoDesks((one, other))
    office_desks.rounds()
    yield office_desks
    one.close()
    other.close()
    running.close()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(_STEPS), st.integers(0, 11)), min_size=3, max_size=10),
    at=st.integers(0, 1),
)
def test_nothing_of_an_erased_person_is_left_on_any_desk(two: TwoDesks, steps: list[tuple[str, int]], at: int) -> None:
    here, there = two.desks[at], two.desks[1 - at]
    for desk in two.desks:
        two.new_person(desk)
    two.rounds()
    for step, number in steps:
        two.do(step, number)
    person = two.people[len(steps) % len(two.people)]
    if not here.store.sql("SELECT 1 FROM visitor WHERE id = ?", (person,)):
        two.rounds()
    two.erase(here, person)
    assert two.left_at(here) == set(), "at the desk that erased, before anybody was told"
    two.rounds()
    for desk in (there, here):
        assert there.retention.needs_clean_up() or desk is here
        desk.retention.clean_up(desk.actor)
        assert two.left_at(desk) == set(), f"at {desk.name}, after a round"
        assert desk.store.sql("SELECT count(*) FROM sync_push") == [(0,)]
        assert desk.store.sql("PRAGMA foreign_key_check") == []


def test_a_text_taken_out_by_hand_is_erased_from_conflicts_too(two: TwoDesks) -> None:
    one, other = two.desks
    person = two.new_person(one)
    two.record(one, person, 1)
    two.rounds()
    two.correct_both(one, person, 0)
    two.rounds()
    two.clear(one, person, 0)
    assert one.store.sql("SELECT count(*) FROM sync_conflict WHERE record_id = ?", (two.contacts[person][0],)) != [(0,)]
    two.erase(one, person)
    assert two.left_at(one) == set()
    two.rounds()
    other.retention.clean_up(other.actor)
    assert two.left_at(other) == set()


def test_values_that_lost_go_with_the_former_states(two: TwoDesks) -> None:
    one, other = two.desks
    contact = one.contact()
    two.rounds()
    one.correct(contact, material="zqverloren1")
    other.correct(contact, material="zqverloren2")
    two.rounds()
    one.correct(contact, material="")
    two.rounds()
    one.clock.advance(timedelta(days=400))
    receipt = one.retention.erase_due(one.actor, DataKind.HISTORY)
    assert "Doppelte Änderungen an zwei Rechnern" in {counted.label for counted in receipt.counts}
    two.rounds()
    for desk in two.desks:
        assert desk.store.sql("SELECT * FROM sync_conflict WHERE record_id = ?", (contact,)) == []
        assert desk.store.sql("SELECT * FROM contact_revision WHERE contact_id = ?", (contact,)) == []


def test_a_suspended_erasure_is_known_at_the_other_desk_after_a_round(two: TwoDesks) -> None:
    one, other = two.desks
    person = two.new_person(one)
    two.rounds()
    hold = ErasureHold("Klage", one.clock.today() + timedelta(days=90))
    one.office.files.hold_erasure(one.actor, person, hold)
    two.rounds()
    assert other.office.files.open_file(other.actor, person).hold == hold
    with pytest.raises(UserError, match="ausgesetzt"):
        other.retention.erase_visitor(other.actor, person)
    other.office.files.release_erasure(other.actor, person)
    two.rounds()
    assert one.office.files.open_file(one.actor, person).hold is None
