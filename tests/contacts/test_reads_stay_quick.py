"""After twenty years every read of the front desk still begins with an index, whatever SQLite would rather do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from desktop_app.contacts.notes import note_text
from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from tests.contacts.office import SERVICES, FrontDesk

TODAY = date(2026, 11, 22)
GROWING = ("contact", "need", "referral", "contact_note", "contact_revision", "tally_mark", "outbox", "audit_entry")

READS: dict[str, Callable[[ContactQueries, str], object]] = {
    "contacts_of_day": lambda queries, _id: queries.contacts_of_day(TODAY),
    "contacts_of_day, withdrawn too": lambda queries, _id: queries.contacts_of_day(TODAY, with_withdrawn=True),
    "contact": lambda queries, contact_id: queries.contact(contact_id),
    "latest_contact_of": lambda queries, _id: queries.latest_contact_of("account-erika"),
    "note": lambda queries, contact_id: note_text(queries._store, contact_id),
    "history": lambda queries, contact_id: queries.history(contact_id),
    "count_by_topic": lambda queries, _id: queries.count_by_topic(TODAY - timedelta(days=90)),
    "due_referrals": lambda queries, _id: queries.due_referrals(TODAY),
    "tally": lambda queries, _id: queries.tally(TODAY),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_no_read_goes_through_a_whole_table(desk: FrontDesk, read: Callable[[ContactQueries, str], object]) -> None:
    entry = ContactEntry(
        needs=(NeedEntry("pflege"), NeedEntry("wohnen")),
        referrals=tuple(ReferralEntry(service, due_on=TODAY) for service in SERVICES),
        note="Notiz",
    )
    contact_id = ""
    for _ in range(30):
        contact_id = desk.contacts.record_contact(desk.erika, entry)
    desk.contacts.correct_contact(desk.erika, contact_id, entry, revision=1)
    said: list[str] = []
    connection = desk.store._database.connection()
    connection.set_trace_callback(said.append)
    read(desk.queries, contact_id)
    connection.set_trace_callback(None)
    queries = [sql for sql in said if sql.lstrip().startswith("SELECT")]
    assert queries
    for sql in queries:
        tables = {alias: alias for alias in GROWING}
        tables |= {
            word: name
            for name in GROWING
            for word in [f"t{number}" for number in range(1, 6)]
            if f'"{name}" AS "{word}"' in sql
        }
        plan = [row[3] for row in desk.store.sql("EXPLAIN QUERY PLAN " + sql)]
        scans = [step for step in plan if step.startswith("SCAN") and step.split()[1] in tables]
        assert scans == [], sql


def test_just_now_is_not_years_ago(desk: FrontDesk) -> None:
    contact_id = desk.contacts.record_contact(desk.erika, ContactEntry(needs=(NeedEntry("pflege"),)))
    assert desk.store.clock.today() == TODAY
    latest = desk.queries.latest_contact_of("account-erika")
    assert latest is not None
    assert latest.contact_id == contact_id
    desk.store.clock.advance(timedelta(days=32))  # type: ignore[attr-defined]
    assert desk.queries.latest_contact_of("account-erika") is None
