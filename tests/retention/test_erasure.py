"""What is due, and that nothing is left of what was erased: pages past SQLite, log, index, drafts, outbox."""

from __future__ import annotations

import dataclasses
import io
import os
import threading
from datetime import date, timedelta

import pypdfium2
import pytest

from desktop_app.core.clock import to_text
from desktop_app.core.errors import UserError
from desktop_app.core.progress import Cancelled
from desktop_app.retention.records import DataKind
from desktop_app.retention.wording import item_text, item_title
from tests.retention.office import entry

SECRET = "zqgeheimeswort"
OTHER = "zqbleibtstehen"


def due(keeping, kind):
    return next(found for found in keeping.retention.due_lists() if found.in_force.rule.kind is kind)


def markers(keeping, collection):
    return keeping.store.sql(
        "SELECT record_id, deleted FROM outbox WHERE collection = ? ORDER BY sequence", (collection,)
    )


def test_the_look_at_the_raw_pages_sees_what_is_there(keeping):
    keeping.contact(note=f"Sie sagte: {SECRET}")
    assert keeping.is_on_disk(SECRET)
    assert SECRET.encode() not in keeping.store.path.read_bytes()


def test_notes_become_due_and_go_without_a_trace(keeping, clock):
    for number in range(30):
        keeping.contact(note=f"{SECRET} {number} " + "lang " * 300)
    clock.advance(timedelta(days=170))
    kept = keeping.contact(note=OTHER)
    assert not due(keeping, DataKind.NOTES).can_erase
    clock.advance(timedelta(days=20))
    found = due(keeping, DataKind.NOTES)
    assert (found.count, found.total) == (30, 31)
    assert found.oldest.isoformat() == "2026-11-22"
    contacts = keeping.store.sql("SELECT * FROM contact ORDER BY id")
    before = keeping.month()
    receipt = keeping.retention.erase_due(keeping.erika, DataKind.NOTES)
    assert [(counted.label, counted.count) for counted in receipt.counts] == [("Vertrauliche Notizen", 30)]
    assert receipt.is_clean
    assert not keeping.retention.needs_clean_up()
    assert not keeping.is_on_disk(SECRET)
    assert keeping.is_on_disk(OTHER)
    assert keeping.store.sql("PRAGMA freelist_count") == [(0,)]
    assert keeping.store.sql("SELECT contact_id FROM contact_note") == [(kept,)]
    assert keeping.store.sql("SELECT * FROM contact ORDER BY id") == contacts
    assert keeping.month() == before
    assert markers(keeping, "contact_note")[0] == (kept, 0)
    assert {deleted for _record, deleted in markers(keeping, "contact_note")[1:]} == {2}
    assert len(markers(keeping, "contact_note")) == 31
    assert not due(keeping, DataKind.NOTES).can_erase
    with pytest.raises(UserError, match="nichts fällig"):
        keeping.retention.erase_due(keeping.erika, DataKind.NOTES)


def test_the_log_is_written_before_anything_goes(keeping):
    contact = keeping.contact(note=SECRET)
    keeping.retention.erase_note(keeping.erika, contact)
    assert keeping.audit()[-2:] == [("begin_erasure", "contact", contact), ("erase_data", "contact", contact)]
    with pytest.raises(UserError, match="keine Notiz"):
        keeping.retention.erase_note(keeping.erika, contact)
    with pytest.raises(UserError, match="nicht"):
        keeping.retention.erase_note(keeping.erika, "unbekannt")


def test_one_person_goes_with_all_texts_and_the_numbers_stay(keeping):
    office = keeping.counselling
    person = office.person(f"Anna {SECRET}", remarks=f"Hund {SECRET}", phone="030 998877665")
    double = office.person(f"Ana {SECRET}")
    contact = office.files.record_contact(keeping.erika, entry(SECRET, f"Heft {SECRET}"), person)
    office.files.correct_contact(
        keeping.erika, contact, entry(f"neu {SECRET}", f"Mappe {SECRET}", "wohnen"), person, revision=1
    )
    office.merges.merge_files(keeping.erika, person, double)
    stranger = keeping.contact(note=OTHER, material=OTHER)
    draft = {"correcting": contact, "note": SECRET}
    office.desk.drafts.keep(keeping.erika, "entwurf-1", 0, keeping.store.clock.now(), draft)
    before = keeping.month()
    receipt = keeping.retention.erase_visitor(keeping.erika, person)
    assert keeping.month() == before
    assert not keeping.is_on_disk(SECRET)
    assert not keeping.is_on_disk("998877665")
    assert keeping.is_on_disk(OTHER)
    for table in ("visitor", "visitor_key", "visitor_consent", "visitor_merge", "contact_visitor", "contact_draft"):
        assert keeping.store.sql(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert keeping.store.sql("SELECT count(*) FROM contact_revision") == [(0,)]
    assert office.desk.queries.contact(contact).needs[0].topic_code == "wohnen"
    assert office.desk.queries.contact(stranger).material == OTHER
    assert dict(markers(keeping, "visitor")) == {person: 2, double: 2}
    assert keeping.store.sql("PRAGMA foreign_key_check") == []
    assert receipt.total >= 6
    with pytest.raises(UserError, match="gibt es nicht"):
        keeping.retention.erase_visitor(keeping.erika, person)


def test_files_without_consent_are_due_at_once_and_others_after_the_last_contact(keeping, clock):
    office = keeping.counselling
    revoked, kept = office.person("Anna Alt"), office.person("Berta Bleibt")
    consent = office.files.open_file(keeping.erika, revoked).consents[0]
    assert due(keeping, DataKind.VISITORS).count == 0
    office.files.revoke_consent(keeping.erika, consent.consent_id)
    assert due(keeping, DataKind.VISITORS).count == 1
    keeping.retention.erase_due(keeping.erika, DataKind.VISITORS)
    assert keeping.store.sql("SELECT id FROM visitor") == [(kept,)]
    clock.advance(timedelta(days=700))
    office.files.record_contact(keeping.erika, entry(), kept)
    clock.advance(timedelta(days=100))
    assert due(keeping, DataKind.VISITORS).count == 0
    clock.advance(timedelta(days=640))
    assert due(keeping, DataKind.VISITORS).count == 1


def test_the_other_kinds_go_too(keeping, clock):
    office = keeping.counselling
    card = office.cards.issue_card(keeping.erika)
    office.cards.record_contact(keeping.erika, entry(), card.card_id)
    contact = keeping.contact(material=SECRET)
    office.desk.contacts.correct_contact(keeping.erika, contact, entry(material=f"{SECRET} zwei"), revision=1)
    office.desk.drafts.keep(keeping.erika, "alt", 0, clock.now(), {"note": SECRET})
    old = keeping.logs / "quartierslotse.log.1"
    old.write_text("nichts", encoding="utf-8")
    long_ago = clock.now().timestamp()
    os.utime(old, (long_ago, long_ago))
    (keeping.logs / "quartierslotse.log").write_text("laufend", encoding="utf-8")
    keeping.store.execute(
        "INSERT INTO import_run VALUES ('lauf', ?, 'hsds', '', ?, ?, '', '{}', 0)",
        (SECRET, to_text(clock.now()), to_text(clock.now())),
    )
    clock.advance(timedelta(days=800))
    kinds = (DataKind.CARDS, DataKind.HISTORY, DataKind.TEXTS, DataKind.DRAFTS, DataKind.LOGS, DataKind.IMPORTS)
    for kind in kinds:
        assert due(keeping, kind).count == 1, kind
        assert keeping.retention.erase_due(keeping.erika, kind).total >= 1
        assert due(keeping, kind).count == 0, kind
    assert not keeping.is_on_disk(SECRET)
    assert not old.exists()
    assert (keeping.logs / "quartierslotse.log").exists()
    assert office.desk.queries.contact(contact).revision == 2


def test_log_of_events_and_backups_are_never_erased_on_command(keeping):
    entries = keeping.audit()
    for kind in (DataKind.AUDIT, DataKind.BACKUPS):
        with pytest.raises(UserError, match="nicht auf Befehl"):
            keeping.retention.erase_due(keeping.erika, kind)
    assert keeping.audit() == entries


class StopsAtOnce:
    """A user who changes their mind."""

    def step(self, done: int, total: int, text: str) -> None:
        raise Cancelled


def test_a_stopped_erasure_leaves_the_rest_and_says_so(keeping, clock):
    keeping.contact(note=SECRET)
    clock.advance(timedelta(days=365))
    receipt = keeping.retention.erase_due(keeping.erika, DataKind.NOTES, StopsAtOnce())
    assert receipt.total == 0
    assert receipt.is_clean
    assert due(keeping, DataKind.NOTES).count == 1


def test_a_long_read_elsewhere_puts_the_clean_up_off(keeping):
    contact = keeping.contact(note=SECRET)
    keeping.store.execute("PRAGMA busy_timeout = 50")
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with keeping.store.reading():
            keeping.store.sql("SELECT count(*) FROM contact")
            reading.set()
            done.wait(20)
        keeping.store.end_thread()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert reading.wait(20)
        receipt = keeping.retention.erase_note(keeping.erika, contact)
        assert not receipt.is_clean
        assert keeping.retention.needs_clean_up()
        assert keeping.is_on_disk(SECRET)
    finally:
        done.set()
        reader.join()
    assert keeping.retention.clean_up(keeping.erika)
    assert not keeping.retention.needs_clean_up()
    assert not keeping.is_on_disk(SECRET)


def test_the_receipt_names_what_how_many_when_who_and_nothing_else(keeping):
    contact = keeping.contact(note=SECRET)
    receipt = keeping.retention.erase_note(keeping.erika, contact)
    text = _text(keeping.retention.receipt_pdf(receipt))
    for words in (
        "Löschquittung",
        "22. November 2026, 10:40 Uhr",
        "Notiz eines einzelnen Kontakts",
        "Erika Muster",
        "Vertrauliche Notizen 1",
        "neu geschrieben",
        "23. November 2027",
    ):
        assert words in text, (words, text)
    assert SECRET not in text
    assert contact not in text
    unclean = _text(keeping.retention.receipt_pdf(dataclasses.replace(receipt, is_clean=False)))
    assert "konnte noch nicht neu geschrieben werden" in unclean


def _text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    finally:
        document.close()


def test_a_look_before_counts_exactly_what_goes_and_changes_nothing(keeping):
    office = keeping.counselling
    person = office.person("Anna Beispiel")
    contact = office.files.record_contact(keeping.erika, entry(SECRET, "Mappe"), person)
    before = {table: keeping.store.sql(f"SELECT * FROM {table}") for table in ("audit_entry", "outbox", "visitor")}
    looks = (keeping.retention.preview_note(contact), keeping.retention.preview_visitor(person))
    assert {table: keeping.store.sql(f"SELECT * FROM {table}") for table in before} == before
    assert keeping.store.sql("SELECT count(*) FROM contact_note") == [(1,)]
    assert looks[1].contacts == 1
    assert keeping.retention.erase_visitor(keeping.erika, person).counts == looks[1].goes
    assert [(counted.label, counted.count) for counted in looks[0].goes] == [("Vertrauliche Notizen", 1)]
    with pytest.raises(UserError, match="keine Notiz"):
        keeping.retention.preview_note(contact)
    with pytest.raises(UserError, match="gibt es nicht"):
        keeping.retention.preview_visitor(person)


def test_the_reminder_names_what_waits_and_is_quiet_for_a_month_after_an_erasure(keeping, clock):
    assert keeping.retention.reminder() == ""
    keeping.contact(note=SECRET)
    clock.advance(timedelta(days=200))
    assert keeping.retention.reminder() == "Zum Löschen fällig: Vertrauliche Notizen (1)."
    keeping.contact(note=OTHER)
    clock.advance(timedelta(days=170))
    keeping.retention.erase_due(keeping.erika, DataKind.NOTES)
    clock.advance(timedelta(days=20))
    assert due(keeping, DataKind.NOTES).count == 1
    assert keeping.retention.reminder() == ""
    clock.advance(timedelta(days=11))
    assert "Vertrauliche Notizen (1)" in keeping.retention.reminder()
    assert SECRET not in keeping.retention.reminder()


def test_the_due_list_says_what_goes_since_when_and_why_and_names_apart(keeping, clock):
    office = keeping.counselling
    anna, berta = office.person("Anna Alt"), office.person("Berta Bald")
    office.files.record_contact(keeping.erika, entry(SECRET, OTHER), anna)
    keeping.contact(SECRET)
    clock.advance(timedelta(days=100))
    consent = office.files.open_file(keeping.erika, berta).consents[0]
    office.files.revoke_consent(keeping.erika, consent.consent_id)
    (item,) = keeping.retention.due_items(DataKind.VISITORS)
    assert (item.record_id, item.lacks_consent, item.due_on) == (berta, True, clock.today())
    assert item_text(item).endswith("ohne gültige Einwilligung")
    assert item_title(item, "") == "Personenakte"
    assert keeping.retention.due_names(DataKind.VISITORS)[item.what, berta] == "Berta Bald"
    clock.advance(timedelta(days=700))
    for kind in DataKind:
        items = keeping.retention.due_items(kind)
        assert len(items) == due(keeping, kind).count, kind
        names = keeping.retention.due_names(kind)
        assert all(item_title(item, names.get((item.what, item.record_id), "")) for item in items)
    notes = keeping.retention.due_items(DataKind.NOTES)
    names = keeping.retention.due_names(DataKind.NOTES)
    assert {item_title(item, names.get((item.what, item.record_id), "")) for item in notes} == {
        "Anna Alt: Vertrauliche Notiz",
        "Vertrauliche Notiz",
    }
    assert {(item.since, item.due_on) for item in notes} == {(date(2026, 11, 22), date(2027, 5, 23))}
    assert "Anna" not in repr(keeping.retention.due_items(DataKind.VISITORS))
