"""Generated contacts: plausible, repeatable, marked, never among real ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactEntry, ContactsChanged, NeedEntry
from desktop_app.contacts.rules import check_entry
from desktop_app.contacts.service import ContactService
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.ids import UuidFactory
from desktop_app.core.months import Month
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.progress import Cancelled
from desktop_app.generation.records import TEST_DATA_SETTING, GenerationWishes
from desktop_app.settings.service import SettingsService
from desktop_app.storage.opening import create_store


class Steps:
    """Remembers progress and cancels after some steps."""

    def __init__(self, allowed: int = 1_000_000) -> None:
        self.seen: list[tuple[int, int]] = []
        self._allowed = allowed

    def step(self, done: int, total: int, text: str) -> None:
        self.seen.append((done, total))
        if len(self.seen) >= self._allowed:
            raise Cancelled


def test_the_report_counts_what_is_there(place, actor):
    report = place.generator.generate(actor, GenerationWishes(3_000, 6, 1))
    assert place.store.sql("SELECT count(*) FROM contact") == [(report.contacts,)]
    assert place.store.sql("SELECT count(*) FROM need") == [(report.needs,)]
    assert place.store.sql("SELECT count(*) FROM referral") == [(report.referrals,)]
    assert report.contacts == 3_000
    assert report.needs > 3_500
    assert report.referrals > 300
    bounds = place.store.sql("SELECT min(local_date), max(local_date) FROM contact")[0]
    assert bounds == (report.first_day.isoformat(), report.last_day.isoformat())


def test_shares_are_plausible(place, actor):
    place.generator.generate(actor, GenerationWishes(6_000, 12, 2))
    channels = place.counts("channel")
    assert channels["office"] > channels["phone"] > channels["mail"] > channels["video"] > 0
    ages = place.counts("age_band")
    assert 0.28 < ages["not_asked"] / 6_000 < 0.40
    assert 0 < ages["unknown"] < ages["under_60"]
    assert ages["70_74"] > ages["90_plus"] > 0
    spaces = place.counts("social_space")
    mitte, ost = (space.space_id for space in place.settings.social_spaces())
    assert spaces[mitte] > spaces[ost] > spaces["outside"] > 0
    assert set(place.counts("material")) == {""}
    assert place.store.sql("SELECT count(*) FROM contact_note") == [(0,)]
    results = dict(place.store.sql("SELECT result, count(*) FROM need GROUP BY 1"))
    assert results["met"] > results["partly"] > results["unknown"] > 0
    assert set(place.store.sql("SELECT DISTINCT result FROM need WHERE unmet_reason IS NOT NULL")) == {
        ("unmet",),
        ("partly",),
    }


def test_referrals_go_to_open_services_of_the_topic(place, actor):
    place.generator.generate(actor, GenerationWishes(3_000, 6, 3))
    pairs = place.store.sql("SELECT DISTINCT contact_id, service_id FROM referral")
    topics = {
        (contact, code)
        for contact, code in place.store.sql(
            "SELECT contact_id, topic.code FROM need JOIN topic ON topic.id = need.topic_id"
        )
    }
    assert pairs
    for contact, service in pairs:
        topic, _, number = service.partition("-")
        assert (contact, topic) in topics
        assert number != "0", "an inactive service is recommended to nobody"
    newest = place.store.sql("SELECT max(state_changed_at) FROM referral")[0][0]
    assert newest <= "2026-11-22T09:40:00.000Z"
    assert len(place.store.sql("SELECT DISTINCT state FROM referral")) == 6
    assert place.store.sql("SELECT count(*) FROM referral WHERE due_on IS NOT NULL")[0][0] > 0


def test_every_contact_could_have_been_typed(place, actor):
    place.generator.generate(actor, GenerationWishes(400, 2, 4))
    queries = ContactQueries(place.store)
    codes = {topic.code for topic in place.settings.topics()}
    spaces = {space.space_id for space in place.settings.social_spaces()}
    days = [day for (day,) in place.store.sql("SELECT DISTINCT local_date FROM contact")]
    seen = 0
    for day in days:
        for record in queries.contacts_of_day(datetime.fromisoformat(day).date()):
            check_entry(record.entry(), codes, spaces)
            assert record.recorded_at.date().isoformat() == day
            seen += 1
    assert seen == 400
    assert place.store.sql("SELECT count(*) FROM contact WHERE local_hour NOT BETWEEN 9 AND 17") == [(0,)]
    assert place.store.sql("SELECT count(*) FROM contact WHERE started_at >= recorded_at") == [(0,)]


def test_the_same_seed_gives_the_same_contacts(place, actor, tmp_path, data_key):
    before = place.store.clock.now()
    place.generator.generate(actor, GenerationWishes(200, 3, 5))
    clock = FixedClock(before)
    other = create_store(tmp_path / "zweite.db", data_key, clock, UuidFactory(clock), NoticeBoard())
    try:
        settings = SettingsService(other)
        settings.create_office(actor, place.settings.office(), [])
        with other.unit_of_work(actor, "copy", ("office", "copy")) as unit:
            for table in ("social_space", "organization", "service", "service_topic"):
                rows = place.store.sql(f"SELECT * FROM {table}")
                marks = ", ".join("?" * len(rows[0]))
                unit.derived_many(f"INSERT INTO {table} VALUES ({marks})", rows)
        again = type(place)(other, settings)
        again.generator.generate(actor, GenerationWishes(200, 3, 5))
        assert again.content() == place.content()
    finally:
        other.close()


def test_another_seed_gives_others_and_a_second_run_adds(place, actor):
    place.generator.generate(actor, GenerationWishes(100, 3, 6))
    first = place.content()["contact"]
    place.generator.generate(actor, GenerationWishes(100, 3, 6))
    assert len(place.content()["contact"]) == 200
    assert set(first) < set(place.content()["contact"])


def test_the_database_is_marked_before_the_first_contact(place, actor):
    with pytest.raises(Cancelled):
        place.generator.generate(actor, GenerationWishes(5_000, 3, 7), Steps(allowed=1))
    assert place.settings.value(TEST_DATA_SETTING, default=False) is True
    assert place.store.sql("SELECT count(*) FROM contact") == [(2_000,)]


def test_real_contacts_are_never_mixed_with_inventions(place, actor):
    contacts = ContactService(place.store, ContactQueries(place.store))
    contact_id = contacts.record_contact(actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    for _ in range(2):
        with pytest.raises(UserError, match="echte Kontakte"):
            place.generator.generate(actor, GenerationWishes(10, 1, 8))
        # A withdrawn contact is real too.
        contacts.withdraw_contact(actor, contact_id) if not ContactQueries(place.store).contact(
            contact_id
        ).withdrawn else None
    assert place.store.sql("SELECT count(*) FROM contact") == [(1,)]
    assert place.settings.value(TEST_DATA_SETTING, default=False) is False


@pytest.mark.parametrize(
    "wishes",
    [GenerationWishes(0, 1, 1), GenerationWishes(1, 0, 1), GenerationWishes(1, 601, 1), GenerationWishes(-5, 1, 1)],
)
def test_numbers_out_of_range(place, actor, wishes):
    with pytest.raises(InputError):
        place.generator.generate(actor, wishes)
    assert place.settings.value(TEST_DATA_SETTING, default=False) is False


def test_an_office_without_directory_and_with_one_own_topic(store, actor, ids):
    from desktop_app.settings.records import LegalProfile, Office, Topic

    settings = SettingsService(store)
    settings.create_office(actor, Office(ids.new_id(), "Büro", "Träger", LegalProfile.GDPR), [])
    settings.save_topics(actor, [Topic("", "", "Gartenhilfe", "g")])
    from desktop_app.generation.service import ContactGenerator

    report = ContactGenerator(store, settings).generate(actor, GenerationWishes(50, 1, 9, Month(2026, 3)))
    assert (report.needs, report.referrals) == (50, 0)
    assert store.sql("SELECT DISTINCT social_space FROM contact") == [("not_asked",)]


def test_progress_notices_and_trail(place, actor):
    heard: list[ContactsChanged] = []
    place.store.notices.subscribe(ContactsChanged, heard.append)
    steps = Steps()
    place.generator.generate(actor, GenerationWishes(4_500, 2, 10), steps)
    assert steps.seen == [(2_000, 4_500), (4_000, 4_500), (4_500, 4_500)]
    assert len(heard) == 3
    rows = sum(place.store.sql(f"SELECT count(*) FROM {name}")[0][0] for name in ("contact", "need", "referral"))
    assert place.store.sql("SELECT count(*) FROM outbox WHERE collection IN ('contact', 'need', 'referral')") == [
        (rows,)
    ]
    assert place.store.sql("SELECT count(*) FROM audit_entry WHERE action = 'generate_contacts'") == [(3,)]


def test_a_clock_at_the_change_of_the_year(place, actor):
    place.store.clock.set(datetime(2027, 1, 1, 9, tzinfo=UTC))
    report = place.generator.generate(actor, GenerationWishes(20, 1, 12))
    assert report.last_day.isoformat() == "2026-12-31"
