"""A file whose erasure is suspended stays with the texts of its contacts until the end, and is named meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desktop_app.core.errors import InputError, UserError
from desktop_app.retention.records import DataKind
from desktop_app.retention.wording import due_text, item_text
from desktop_app.visitors.records import ErasureHold
from tests.retention.office import entry

UNTIL = date(2029, 6, 30)
HOLD = ErasureHold("Klage beim Sozialgericht", UNTIL)


def due(keeping, kind):
    return next(found for found in keeping.retention.due_lists() if found.in_force.rule.kind is kind)


def test_a_held_file_and_its_texts_are_not_due_until_the_end(keeping, clock):
    files = keeping.counselling.files
    held, other = (keeping.counselling.person(name) for name in ("Anna Halt", "Berta Bald"))
    for person in (held, other):
        contact = files.record_contact(keeping.erika, entry("Notiz", "Mappe"), person)
        files.correct_contact(keeping.erika, contact, entry("Notiz", "Mappe zwei"), person, revision=1)
    files.hold_erasure(keeping.erika, held, HOLD)
    clock.advance(timedelta(days=900))
    for kind in (DataKind.NOTES, DataKind.TEXTS, DataKind.HISTORY, DataKind.VISITORS):
        found = due(keeping, kind)
        assert (found.count, found.held) == (1, 1), kind
        assert due_text(found).endswith("; bei 1 ist die Löschung ausgesetzt")
        keeping.retention.erase_due(keeping.erika, kind)
    (item,) = keeping.retention.held_items()
    assert (item.record_id, item.due_on, item.is_held) == (held, UNTIL, True)
    assert item_text(item) == "Löschung ausgesetzt bis 30. Juni 2029"
    assert keeping.store.sql("SELECT id FROM visitor") == [(held,)]
    for table in ("contact_note", "contact_revision"):
        assert keeping.store.sql(f"SELECT count(*) FROM {table}") == [(1,)]
    with pytest.raises(UserError, match=r"30\. Juni 2029 ausgesetzt"):
        keeping.retention.erase_visitor(keeping.erika, held)
    with pytest.raises(UserError, match="ausgesetzt"):
        keeping.retention.preview_note(keeping.store.sql("SELECT contact_id FROM contact_note")[0][0])
    clock.advance(timedelta(days=100))
    assert due(keeping, DataKind.VISITORS).count == 1
    assert files.open_file(keeping.erika, held).hold is None
    keeping.retention.erase_visitor(keeping.erika, held)
    assert keeping.store.sql("SELECT count(*) FROM visitor") == [(0,)]
    assert not keeping.is_on_disk(HOLD.reason)


def test_it_is_lifted_and_both_are_written_down_without_the_reason(keeping):
    files = keeping.counselling.files
    person = keeping.counselling.person("Anna Halt")
    files.hold_erasure(keeping.erika, person, HOLD)
    assert files.open_file(keeping.erika, person).hold == HOLD
    files.release_erasure(keeping.erika, person)
    assert files.open_file(keeping.erika, person).hold is None
    actions = [row for row in keeping.audit() if row[0] in {"hold_erasure", "release_erasure"}]
    assert actions == [("hold_erasure", "visitor", person), ("release_erasure", "visitor", person)]
    keeping.retention.erase_visitor(keeping.erika, person)


@pytest.mark.parametrize(
    ("hold", "field"),
    [
        (ErasureHold("  ", UNTIL), "reason"),
        (ErasureHold("x" * 201, UNTIL), "reason"),
        (ErasureHold("Klage", date(2026, 11, 21)), "until"),
        (ErasureHold("Klage", date(2040, 1, 1)), "until"),
    ],
)
def test_it_needs_a_reason_and_an_end(keeping, hold, field):
    person = keeping.counselling.person("Anna Halt")
    with pytest.raises(InputError) as raised:
        keeping.counselling.files.hold_erasure(keeping.erika, person, hold)
    assert raised.value.field == field


def test_a_merged_file_brings_its_suspension_along(keeping):
    office = keeping.counselling
    kept, merged = office.person("Anna Halt"), office.person("Anna Halth")
    office.files.hold_erasure(keeping.erika, merged, HOLD)
    office.merges.merge_files(keeping.erika, kept, merged)
    assert office.files.open_file(keeping.erika, kept).hold == HOLD


def test_the_access_answer_names_it(keeping):
    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.environment.folders import resources_folder
    from desktop_app.visitors.forms.service import VisitorFormService
    from tests.visitors.test_forms import OFFICE, TODAY, text_of

    person = keeping.counselling.person("Anna Halt")
    keeping.counselling.files.hold_erasure(keeping.erika, person, HOLD)
    report = keeping.counselling.files.access_report(keeping.erika, person)
    forms = VisitorFormService(FontLibrary(resources_folder() / "fonts"))
    assert HOLD.reason in text_of(forms.access_answer(OFFICE, report, day=TODAY))
    assert '"until": "2029-06-30"' in forms.access_data(OFFICE, report, day=TODAY).decode()
