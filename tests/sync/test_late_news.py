"""What comes from a desk that had not heard yet: of something erased meanwhile nothing is kept, neither there nor here."""

from __future__ import annotations

from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.contacts.vocabulary import Channel
from desktop_app.visitors.records import VisitorEntry
from tests.retention.raw_pages import PageReader
from tests.sync.desks import Maker, OfficeDesk, in_step

SECRET = "Geheimnis"


def everything(desk: OfficeDesk) -> str:
    """Return every row of every table as text."""
    tables = [row[0] for row in desk.store.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return "\n".join(str(row) for table in tables for row in desk.store.sql(f'SELECT * FROM "{table}"'))


def on_disk(desk: OfficeDesk) -> bytes:
    """Return every page of the file in clear."""
    reader = PageReader(desk.data_key)
    try:
        return reader.everything(desk.path)
    finally:
        reader.close()


def test_a_desk_that_comes_back_keeps_nothing_of_what_was_erased_meanwhile(
    pair: tuple[OfficeDesk, OfficeDesk],
) -> None:
    """Without anything both began with, its old text would be the other side of a conflict."""
    one, two = pair
    contact = one.contact(note=SECRET)
    in_step(one, two)
    two.sync.disconnect(two.actor)
    one.retention.erase_note(one.actor, contact)
    one.round()
    two.join(one)
    in_step(one, two)
    for desk in (one, two):
        assert desk.store.sql("SELECT field FROM sync_conflict WHERE collection = 'contact'") == []
        assert SECRET not in everything(desk)


def test_what_a_late_desk_still_sends_is_wiped_once_more(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    """The hub's state of the contact is written down here after the file was rewritten: it has to be rewritten again."""
    one, two = pair
    contact = one.contact(note=SECRET)
    in_step(one, two)
    one.retention.erase_note(one.actor, contact)
    assert not one.retention.needs_clean_up()
    two.correct(contact, channel=Channel.PHONE)
    two.round()
    in_step(one, two)
    for desk in (one, two):
        assert desk.retention.needs_clean_up()
        desk.retention.rewrite_at_rest(desk.actor)
        assert SECRET.encode() not in on_disk(desk)


def test_a_note_goes_with_its_person_although_a_former_one_had_been_erased(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    """Both desks erased a note of this contact: that the other one took the person too makes the newer note go."""
    one, two = pair
    person = one.office.person("Frieda Fiktiv")
    entry = ContactEntry(needs=(NeedEntry("pflege"),), note="Erste Notiz")
    contact = one.office.files.record_contact(one.actor, entry, person)
    in_step(one, two)
    two.retention.erase_note(two.actor, contact)
    two.correct(contact, note=SECRET)
    one.retention.erase_visitor(one.actor, person)
    one.round()
    in_step(one, two)
    for desk in (one, two):
        assert desk.store.sql("SELECT * FROM contact_note") == []
        assert SECRET not in everything(desk)


def test_a_former_state_that_comes_late_goes_with_its_person(make_desk: Maker) -> None:
    """It holds the text as it was. The desk that sent it may never come back to be told of the erasure."""
    one, two, three = (make_desk(name) for name in ("Empfang", "Beratung", "Leitung"))
    one.connect()
    two.join(one)
    three.join(one)
    person = one.office.person("Frieda Fiktiv")
    entry = ContactEntry(needs=(NeedEntry("pflege"),), material=SECRET)
    contact = one.office.files.record_contact(one.actor, entry, person)
    in_step(one, two, three)
    one.retention.erase_visitor(one.actor, person)
    two.correct(contact, channel=Channel.PHONE)
    two.round()
    for _ in range(2):
        one.round()
        three.round()
    for desk in (one, three):
        assert SECRET not in everything(desk)
        assert desk.store.sql("SELECT * FROM contact_revision") == []
    # What is written from now on has its history as ever.
    three.correct(contact, material="Lupe")
    in_step(one, two, three)
    for desk in (one, two, three):
        assert desk.office.desk.queries.contact(contact).material == "Lupe"
        assert len(desk.office.desk.queries.history(contact)) == 1
        assert SECRET not in everything(desk)


def test_a_conflict_that_comes_late_goes_with_what_was_erased(make_desk: Maker) -> None:
    """It holds both values. The desk that found it may never come back to be told of the erasure."""
    one, two, three = (make_desk(name) for name in ("Empfang", "Beratung", "Leitung"))
    one.connect()
    two.join(one)
    three.join(one)
    person = one.office.person("Frieda Fiktiv")
    contact = one.contact(note="Erste Notiz")
    in_step(one, two, three)
    for desk, word in ((three, "eins"), (two, "zwei")):
        file = desk.office.files.open_file(desk.actor, person)
        desk.office.files.change_file(desk.actor, person, VisitorEntry(name=SECRET + word), revision=file.revision)
        desk.correct(contact, note=SECRET + word)
    one.retention.erase_visitor(one.actor, person)
    one.retention.erase_note(one.actor, contact)
    three.round()
    assert two.round().new_conflicts == 2
    for _ in range(2):
        one.round()
        three.round()
    for desk in (one, three):
        assert SECRET not in everything(desk)
    in_step(one, two, three)
    assert SECRET not in everything(two)
    # About what is written from now on there may be conflicts as ever.
    one.correct(contact, note="Neue Notiz")
    two.correct(contact, note="Andere Notiz")
    in_step(one, two, three)
    assert [len(desk.sync.conflicts()) for desk in (one, two, three)] == [1, 1, 1]


def test_a_person_who_turns_out_to_be_an_erased_one_goes_with_all_texts(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    """One desk put two files together; the other had not heard of it when it erased one and wrote about the other."""
    one, two = pair
    kept, merged = one.office.person("Frieda Fiktiv"), one.office.person("F. Fiktiv")
    in_step(one, two)
    one.office.merges.merge_files(one.actor, kept, merged)
    entry = ContactEntry(needs=(NeedEntry("pflege"),), note=SECRET, material=SECRET)
    contact = two.office.files.record_contact(two.actor, entry, merged)
    two.retention.erase_visitor(two.actor, kept)
    one.round()
    in_step(one, two)
    for desk in (one, two):
        assert desk.store.sql("SELECT * FROM visitor") == []
        assert desk.store.sql("SELECT id, material FROM contact") == [(contact, "")]
        assert desk.store.sql("SELECT * FROM contact_note") == []
        assert desk.retention.rewrite_at_rest(desk.actor)
        assert SECRET.encode() not in on_disk(desk)
        assert b"Fiktiv" not in on_disk(desk)
