"""Any history of recording, correcting, merging, withdrawing and erasing: the numbers stay exact, no erased byte is left."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop_app.contacts.drafts import ContactDrafts
from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactEntry
from desktop_app.contacts.service import ContactService
from desktop_app.contacts.tally import TallyService
from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import UserError
from desktop_app.core.ids import UuidFactory
from desktop_app.core.months import Month
from desktop_app.core.notices import NoticeBoard
from desktop_app.retention.records import DataKind
from desktop_app.retention.service import RetentionService
from desktop_app.settings.service import SettingsService
from desktop_app.statistics.records import MonthStatistics
from desktop_app.statistics.service import StatisticsService
from desktop_app.storage.opening import create_store, open_store
from desktop_app.storage.store import Store
from desktop_app.visitors.cards import VisitCardService
from desktop_app.visitors.merging import MergeService
from desktop_app.visitors.queries import VisitorQueries
from desktop_app.visitors.service import VisitorService
from tests.contacts.office import FrontDesk, open_front_desk
from tests.retention.office import Keeping, entry
from tests.retention.raw_pages import PageReader
from tests.visitors.office import Counselling

#: Each example is a file of its own with its history; after every erasure in it all pages are decrypted and searched.
EXAMPLES = 1000
#: Shared out, so that several processes can run them beside each other.
PARTS = 4
#: Flushing to a real disk says nothing here and takes a third of the time; encrypted pages are the same in memory.
_IN_MEMORY = Path("/dev/shm")
_START = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
_ERASED = (DataKind.NOTES, DataKind.HISTORY, DataKind.TEXTS, DataKind.DRAFTS, DataKind.VISITORS)
#: The beginning of a text: a part of one that is left counts as much as the whole.
_TEXTS = re.compile("zq[0-9a-f]{8}")
_BYTES_OF_TEXTS = re.compile(rb"zq[0-9a-f]{8}")
_COUNTED = (
    "SELECT id, recorded_at, local_date, local_hour, channel, depth, withdrawn, revision FROM contact ORDER BY id",
    "SELECT contact_id, topic_id, result, unmet_reason FROM need ORDER BY contact_id, topic_id",
    "SELECT id, contact_id, service_id, mode, state FROM referral ORDER BY id",
    "SELECT id, kind, local_date, withdrawn FROM tally_mark ORDER BY id",
)
_STEPS = ("record", "correct", "withdraw", "restore", "person", "merge", "draft", "wait", "erase_note", "erase_person",
          "erase_due")  # fmt: skip


@dataclass(frozen=True)
class Template:
    """A closed office, to be copied for each example."""

    path: Path
    key: bytes
    erika: Actor
    karl: Actor


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    path, key, clock = (
        tmp_path_factory.mktemp("muster") / "quartierslotse.db",
        secrets.token_bytes(32),
        FixedClock(_START),
    )
    store = create_store(path, key, clock, UuidFactory(clock), NoticeBoard())
    desk = open_front_desk(store)
    store.close()
    return Template(path, key, desk.erika, desk.karl)


@dataclass
class History:
    """An office and what a plain model knows of its texts. Every text is a word of its own."""

    keeping: Keeping
    clock: FixedClock
    reader: PageReader
    contacts: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    notes: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    materials: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    files: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    erasures: int = 0

    def word(self) -> str:
        """A text that stands nowhere else."""
        return "zq" + secrets.token_hex(7)

    def do(self, step: str, number: int) -> None:
        """Do one step; what is not possible now is refused in words."""
        self.clock.advance(timedelta(seconds=7))
        try:
            getattr(self, step)(number)
        except UserError:
            return

    def record(self, number: int) -> None:
        office, said = self.keeping.counselling, self._said(note=True, material=bool(number % 2))
        if self.people and number % 3:
            person = self.people[number % len(self.people)]
            contact = office.files.record_contact(self.keeping.erika, said, person)
        else:
            contact = office.desk.contacts.record_contact(self.keeping.erika, said)
        self.contacts.append(contact)
        self._remember(contact, said)

    def correct(self, number: int) -> None:
        desk, contact = self.keeping.counselling.desk, self._contact(number)
        said = self._said(note=bool(number % 3), material=True, topic=("pflege", "wohnen")[number % 2])
        self._remember(contact, said)
        desk.contacts.correct_contact(desk.karl, contact, said, revision=desk.queries.contact(contact).revision)

    def withdraw(self, number: int) -> None:
        self.keeping.counselling.desk.contacts.withdraw_contact(self.keeping.erika, self._contact(number))

    def restore(self, number: int) -> None:
        self.keeping.counselling.desk.contacts.restore_contact(self.keeping.erika, self._contact(number))

    def person(self, _number: int) -> None:
        words = [self.word(), self.word(), self.word()]
        self.people.append(self.keeping.counselling.person(words[0], remarks=words[1], address=words[2]))
        self.files[self.people[-1]].update(words)

    def merge(self, number: int) -> None:
        merges = self.keeping.counselling.merges
        if len(self.people) > 1:
            kept, merged = self.people[number % len(self.people)], self.people[(number + 1) % len(self.people)]
            merge = merges.merge_files(self.keeping.erika, kept, merged)
            if number % 3 == 0:
                merges.undo_merge(self.keeping.erika, merge)

    def draft(self, number: int) -> None:
        content = {"correcting": self._contact(number), "note": self.word()}
        self.notes[content["correcting"]].add(content["note"])
        drafts = self.keeping.counselling.desk.drafts
        drafts.keep(self.keeping.erika, f"entwurf-{number}", 0, self.clock.now(), content)

    def wait(self, number: int) -> None:
        self.clock.advance(timedelta(days=20 * number))

    def erase_note(self, number: int) -> None:
        contact = self._contact(number)
        self._unchanged(lambda: self.keeping.retention.erase_note(self.keeping.erika, contact), self.notes[contact])

    def erase_person(self, number: int) -> None:
        if self.people:
            person = self.people[number % len(self.people)]
            whole = {person, *self._ids("SELECT id FROM visitor WHERE merged_into = ?", person)}
            gone = set().union(*(self.files[one] for one in whole))
            for contact in self._ids("SELECT contact_id FROM contact_visitor WHERE visitor_id = ?", person):
                gone |= self.notes[contact] | self.materials[contact]
            self._unchanged(lambda: self.keeping.retention.erase_visitor(self.keeping.erika, person), gone)

    def erase_due(self, number: int) -> None:
        kind = _ERASED[number % len(_ERASED)]
        self._unchanged(lambda: self.keeping.retention.erase_due(self.keeping.erika, kind), set())
        left = {due.in_force.rule.kind: due.count for due in self.keeping.retention.due_lists()}
        assert left[kind] == 0

    def _contact(self, number: int) -> str:
        if not self.contacts:
            self.record(number)
        return self.contacts[number % len(self.contacts)]

    def numbers(self) -> list[list[tuple[object, ...]]]:
        """Every row that statistics count from, without texts: whatever is counted from them is the same if they are."""
        return [self.keeping.store.sql(sql) for sql in _COUNTED]

    def months(self) -> list[MonthStatistics]:
        """Return the statistics of every month with a contact; dear, so only some histories are asked for it."""
        days = self.keeping.store.sql("SELECT DISTINCT substr(local_date, 1, 7) FROM contact ORDER BY 1")
        return [self.keeping.statistics.month(Month.of(date.fromisoformat(f"{month}-01"))) for (month,) in days]

    def _said(self, *, note: bool, material: bool, topic: str = "pflege") -> ContactEntry:
        return entry(self.word() if note else "", self.word() if material else "", topic)

    def _remember(self, contact: str, said: ContactEntry) -> None:
        self.notes[contact].add(said.note)
        self.materials[contact].add(said.material)

    def _ids(self, sql: str, record_id: str) -> list[str]:
        return [row[0] for row in self.keeping.store.sql(sql, (record_id,))]

    def _unchanged(self, erase: Callable[[], object], gone: set[str]) -> None:
        """Erase; what statistics count from is the same after, nothing is left of `gone` nor of what no table holds."""
        before = self.numbers()
        erase()
        self.erasures += 1
        assert self.numbers() == before
        self.check(gone)

    def check(self, gone: set[str]) -> None:
        """What was to be erased, and every text that no table holds any more, is nowhere; what is held was not erased."""
        on_disk = {found.decode() for found in _BYTES_OF_TEXTS.findall(self.keeping.raw(self.reader))}
        assert on_disk == set(_TEXTS.findall(self._stored()))
        assert not on_disk & {found for text in gone for found in _TEXTS.findall(text)}

    def _stored(self) -> str:
        found = []
        for (table,) in self.keeping.store.sql("SELECT name FROM sqlite_master WHERE type = 'table'"):
            if not table.startswith(("search_", "sqlite_")):
                found += [repr(row) for row in self.keeping.store.sql(f'SELECT * FROM "{table}"')]
        return "\n".join(found).lower()


def _open(template: Template, reader: PageReader, folder: Path) -> Iterator[History]:
    path, clock = folder / "quartierslotse.db", FixedClock(_START)
    shutil.copyfile(template.path, path)
    ids = UuidFactory(clock)
    store = open_store(path, template.key, clock, ids, NoticeBoard(), backups=folder / "sicherungen")
    try:
        yield History(_keeping(store, template), clock, reader)
    finally:
        store.close()


def _keeping(store: Store, template: Template) -> Keeping:
    office, queries = SettingsService(store), ContactQueries(store)
    contacts = ContactService(store, queries)
    desk = FrontDesk(
        store, template.erika, template.karl, office, queries, contacts, ContactDrafts(store), TallyService(store)
    )
    counselling = Counselling(
        desk,
        VisitorService(store, contacts, queries),
        VisitorQueries(store),
        MergeService(store),
        VisitCardService(store, contacts),
    )
    logs = store.path.parent / "protokoll"
    return Keeping(
        counselling, RetentionService(store, office, logs), StatisticsService(store, office), logs, template.key
    )


@pytest.fixture(scope="module")
def reader(template: Template) -> Iterator[PageReader]:
    reader = PageReader(template.key)
    yield reader
    reader.close()


@pytest.mark.parametrize("part", range(PARTS))
@settings(
    max_examples=EXAMPLES // PARTS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(_STEPS), st.integers(0, 11)), min_size=3, max_size=12),
    last=st.sampled_from(["erase_note", "erase_person", "erase_due"]),
)
def test_numbers_stay_and_erased_texts_are_gone(
    template: Template, reader: PageReader, part: int, steps: list[tuple[str, int]], last: str
) -> None:
    assert part < PARTS
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder:
        for history in _open(template, reader, Path(folder)):
            for step, number in steps:
                history.do(step, number)
            history.person(0)
            history.do("record", 1)
            history.wait(60)
            history.do(last, len(history.people) - 1)
            history.person(0)
            history.do("record", 1)
            months = history.months() if len(steps) % 4 == 0 else []
            history.erase_person(len(history.people) - 1)
            assert not months or history.months() == months
            assert history.erasures
            assert history.keeping.store.sql("PRAGMA foreign_key_check") == []
