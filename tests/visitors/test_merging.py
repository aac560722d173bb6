"""Merging two files and taking it back: whatever they held, both are again as they were."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import UserError
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.storage.opening import create_store
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from tests.visitors.office import RECORD, TODAY, Counselling, open_counselling

CARE = ContactEntry(needs=(NeedEntry("pflege"),))
TEXTS = st.sampled_from(["", "Müller", "Helga Mayr", "Zeile eins\nZeile zwei", "Ж"])
ENTRIES = st.builds(
    VisitorEntry,
    name=st.sampled_from(["Helga Müller", "Mueller", "Anna"]),
    former_name=TEXTS,
    birth_date=st.none() | st.dates(date(1930, 1, 1), date(1960, 1, 1)),
    birth_year=st.none() | st.integers(1930, 1960),
    phone=st.sampled_from(["", "0208 123456", "0176 1"]),
    address=TEXTS,
    language=TEXTS,
    remarks=TEXTS,
)


def state(office: Counselling) -> dict[str, Any]:
    """What the files hold, without revision, moments and what only tells of the merge itself."""
    sql = office.store.sql
    return {
        "visitor": sql(
            "SELECT id, name, former_name, birth_date, birth_year, phone, address, language, remarks, merged_into "
            "FROM visitor ORDER BY id"
        ),
        "consent": sql("SELECT * FROM visitor_consent ORDER BY id"),
        "link": sql("SELECT * FROM contact_visitor ORDER BY contact_id"),
        "key": sql("SELECT visitor_id, kind, key FROM visitor_key ORDER BY 1, 2, 3"),
    }


@pytest.fixture(scope="module")
def shared_office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One store for all examples: a new encrypted file for each would take most of the time."""
    from datetime import UTC, datetime

    clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    path: Path = tmp_path_factory.mktemp("merging") / "quartierslotse.db"
    store = create_store(path, bytes(range(32)), clock, UuidFactory(clock), NoticeBoard())
    yield open_counselling(store)
    store.close()


@settings(max_examples=60, deadline=None)
@given(
    entries=st.lists(ENTRIES, min_size=3, max_size=3), contacts=st.lists(st.integers(0, 2), max_size=5), data=st.data()
)
def test_merge_then_undo_restores_exactly(
    shared_office: Counselling, entries: list[VisitorEntry], contacts: list[int], data: st.DataObject
) -> None:
    office = shared_office
    ids = [office.files.create_file(office.erika, entry, [RECORD]) for entry in entries]
    for place in contacts:
        office.files.record_contact(office.erika, CARE, ids[place])
    states = [state(office)]
    order = data.draw(st.permutations(ids))
    merges = [office.merges.merge_files(office.erika, order[0], order[1])]
    states.append(state(office))
    # The kept file goes on into the third one, or takes it in.
    kept, merged = data.draw(st.sampled_from([(order[0], order[2]), (order[2], order[0])]))
    merges.append(office.merges.merge_files(office.erika, kept, merged))
    file = office.files.open_file(office.erika, kept)
    assert len(file.contacts) == len(contacts)
    assert len(file.consents) == 3
    for merge in reversed(merges):
        office.merges.undo_merge(office.erika, merge)
        assert state(office) == states.pop()


def test_the_merged_file_is_found_under_either_name(office: Counselling) -> None:
    kept = office.person("Helga Müller", phone="")
    merged = office.person("Helga Krause", phone="0208 77777", remarks="nur vormittags")
    office.merges.merge_files(office.erika, kept, merged)
    for text in ("Krause", "Müller", "0208 777"):
        assert [hit.visitor_id for hit in office.found.search(text)] == [kept]
    file = office.files.open_file(office.erika, kept)
    assert (file.entry.former_name, file.entry.phone) == ("Helga Krause", "0208 77777")
    assert [merge.merged_name for merge in file.merges] == ["Helga Krause"]


def test_what_came_after_the_merge_stays_where_it_came(office: Counselling) -> None:
    kept, merged = office.person("Helga Müller"), office.person("Helga Krause", phone="0208 77777")
    merge = office.merges.merge_files(office.erika, kept, merged)
    file = office.files.open_file(office.erika, kept)
    later = VisitorEntry(name="Helga Müller", former_name=file.entry.former_name, phone="0176 12345")
    office.files.change_file(office.erika, kept, later, revision=file.revision)
    contact = office.files.record_contact(office.erika, CARE, kept)
    office.merges.undo_merge(office.erika, merge)
    again = office.files.open_file(office.erika, kept)
    assert (again.entry.phone, again.entry.former_name) == ("0176 12345", "")
    assert [one.contact_id for one in again.contacts] == [contact]
    assert office.files.open_file(office.erika, merged).entry.phone == "0208 77777"


def test_merges_that_cannot_be(office: Counselling) -> None:
    kept = office.person("Helga")
    with pytest.raises(UserError, match="zweimal dieselbe"):
        office.merges.merge_files(office.erika, kept, kept)
    with pytest.raises(UserError, match="gibt es nicht"):
        office.merges.merge_files(office.erika, kept, "nobody")
    other = office.person("Anna")
    merge = office.merges.merge_files(office.erika, kept, other)
    with pytest.raises(UserError, match="gibt es nicht"):
        office.merges.merge_files(office.erika, kept, other)
    office.merges.undo_merge(office.erika, merge)
    with pytest.raises(UserError, match="schon rückgängig"):
        office.merges.undo_merge(office.erika, merge)
    consent = office.files.open_file(office.erika, other).consents[0]
    office.files.revoke_consent(office.erika, consent.consent_id)
    with pytest.raises(UserError, match="keine gültige Einwilligung"):
        office.merges.merge_files(office.erika, kept, other)


def test_consents_come_along(office: Counselling) -> None:
    kept = office.person("Helga")
    again = ConsentEntry(ConsentKind.CONTACT_AGAIN, TODAY - timedelta(days=2), "2026-11")
    merged = office.files.create_file(office.erika, VisitorEntry(name="Helga M."), [RECORD, again])
    office.merges.merge_files(office.erika, kept, merged)
    assert office.files.open_file(office.erika, kept).may(ConsentKind.CONTACT_AGAIN)


def test_a_revocation_after_a_merge_takes_the_consents_of_both(office: Counselling) -> None:
    kept = office.person("Helga")
    merged = office.person("Helga M.")
    office.merges.merge_files(office.erika, kept, merged)
    first, second = office.files.open_file(office.erika, kept).consents
    assert set(office.files.revoke_consent(office.erika, second.consent_id)) == {first.consent_id, second.consent_id}
    assert not office.files.open_file(office.erika, kept).may_be_kept
    assert office.found.without_consent() == (kept,)
