"""Visitor files: no file without consent; consents end and are revoked; reading leaves a trail."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, timedelta

import pytest

from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import InputError, UserError
from desktop_app.visitors.erasing import erase_file
from desktop_app.visitors.records import ConsentEntry, ConsentKind, ConsentState, VisitorEntry
from tests.contacts.office import SERVICES
from tests.visitors.office import RECORD, TODAY, Counselling

HELGA = VisitorEntry(name="Helga Müller", birth_year=1941, phone="0208 123456", remarks="hört schlecht")
CARE = ContactEntry(needs=(NeedEntry("pflege"),), referrals=(ReferralEntry(SERVICES[0]),), note="Tochter ruft an")
AGAIN = ConsentEntry(ConsentKind.CONTACT_AGAIN, TODAY, "2026-11")
PASS_ON = ConsentEntry(ConsentKind.PASS_ON, TODAY, "2026-11", partner="Pflegestützpunkt", purpose="Pflegegrad")


@pytest.mark.parametrize(
    "consents",
    [
        [],
        [AGAIN, PASS_ON],
        [replace(RECORD, given_on=date(2025, 1, 1), ends_on=TODAY - timedelta(days=1))],
    ],
)
def test_no_file_without_a_valid_consent_to_record(office: Counselling, consents: list[ConsentEntry]) -> None:
    with pytest.raises(InputError, match="Einwilligung") as problem:
        office.files.create_file(office.erika, HELGA, consents)
    assert problem.value.field == "consents"
    assert office.store.sql("SELECT count(*) FROM visitor") == [(0,)]


@pytest.mark.parametrize(
    ("consent", "field"),
    [
        (replace(RECORD, given_on=TODAY + timedelta(days=1)), "given_on"),
        (replace(RECORD, ends_on=TODAY - timedelta(days=1)), "ends_on"),
        (replace(RECORD, form_version=" "), "form_version"),
        (replace(PASS_ON, partner=""), "partner"),
        (replace(PASS_ON, purpose=" "), "purpose"),
    ],
)
def test_a_consent_has_to_be_whole(office: Counselling, consent: ConsentEntry, field: str) -> None:
    with pytest.raises(InputError) as problem:
        office.files.create_file(office.erika, HELGA, [RECORD, consent])
    assert problem.value.field == field


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (VisitorEntry(address="Parkallee 7", language="Türkisch"), "name"),
        (VisitorEntry(name="x" * 201), "name"),
        (VisitorEntry(name="Anna", birth_year=1850), "birth"),
        (VisitorEntry(name="Anna", birth_date=TODAY + timedelta(days=1)), "birth"),
        (VisitorEntry(name="Anna", remarks="x" * 4001), "remarks"),
    ],
)
def test_a_file_has_to_make_sense(office: Counselling, entry: VisitorEntry, field: str) -> None:
    with pytest.raises(InputError) as problem:
        office.files.create_file(office.erika, entry, [RECORD])
    assert problem.value.field == field


def test_a_file_tells_all_it_was_given(office: Counselling) -> None:
    visitor_id = office.files.create_file(office.erika, HELGA, [RECORD, AGAIN, PASS_ON])
    contact = office.files.record_contact(office.erika, CARE, visitor_id)
    file = office.files.open_file(office.erika, visitor_id)
    assert file.entry == HELGA
    assert file.may_be_kept
    assert {consent.kind for consent in file.consents} == set(ConsentKind)
    assert {consent.initials for consent in file.consents} == {"EM"}
    assert [one.contact_id for one in file.contacts] == [contact]
    assert file.contacts[0].referrals[0].service_name == "Angebot 1"
    assert file.created_on == TODAY
    changed = replace(HELGA, phone="0176 9999999", birth_date=date(1941, 5, 3))
    office.files.change_file(office.erika, visitor_id, changed, revision=1)
    assert office.files.open_file(office.erika, visitor_id).entry == changed
    with pytest.raises(UserError, match="inzwischen"):
        office.files.change_file(office.erika, visitor_id, HELGA, revision=1)


def test_the_statistics_row_stays_free_of_the_person(office: Counselling) -> None:
    visitor_id = office.person("Helga Müller")
    contact = office.files.record_contact(office.erika, CARE, visitor_id)
    columns = [row[1] for row in office.store.sql("PRAGMA table_info(contact)")]
    assert not [column for column in columns if "visitor" in column or "person" in column]
    row = office.store.sql("SELECT * FROM contact WHERE id = ?", (contact,))
    assert visitor_id not in repr(row)


def test_a_revoked_or_ended_consent_freezes_the_file(office: Counselling, clock: FixedClock) -> None:
    ends = replace(RECORD, ends_on=TODAY + timedelta(days=30))
    visitor_id = office.files.create_file(office.erika, HELGA, [ends])
    consent = office.files.open_file(office.erika, visitor_id).consents[0]
    office.files.revoke_consent(office.erika, consent.consent_id)
    file = office.files.open_file(office.erika, visitor_id)
    assert file.consents[0].state(TODAY) is ConsentState.REVOKED
    assert not file.may_be_kept
    for forbidden in (
        lambda: office.files.change_file(office.erika, visitor_id, HELGA, revision=1),
        lambda: office.files.add_consent(office.erika, visitor_id, AGAIN),
        lambda: office.files.record_contact(office.erika, CARE, visitor_id),
    ):
        with pytest.raises(UserError, match="keine gültige Einwilligung"):
            forbidden()
    assert office.desk.queries.contacts_of_day(TODAY) == ()
    assert office.found.without_consent() == (visitor_id,)
    assert not office.found.search("Müller")[0].has_consent
    office.files.undo_revocation(office.erika, consent.consent_id)
    assert office.files.open_file(office.erika, visitor_id).may_be_kept
    clock.advance(timedelta(days=30))
    assert office.files.open_file(office.erika, visitor_id).may_be_kept  # the last day counts
    clock.advance(timedelta(days=1))
    assert (
        office.files.open_file(office.erika, visitor_id).consents[0].state(TODAY + timedelta(days=31))
        is ConsentState.ENDED
    )
    with pytest.raises(UserError, match="keine gültige Einwilligung"):
        office.files.record_contact(office.erika, CARE, visitor_id)
    office.files.add_consent(office.erika, visitor_id, replace(RECORD, given_on=TODAY + timedelta(days=31)))
    office.files.record_contact(office.erika, CARE, visitor_id)


def test_a_revocation_is_taken_back_on_its_day_only(office: Counselling, clock: FixedClock) -> None:
    visitor_id = office.person("Helga Müller")
    consent_id = office.files.open_file(office.erika, visitor_id).consents[0].consent_id
    with pytest.raises(InputError, match="Zukunft"):
        office.files.revoke_consent(office.erika, consent_id, on=TODAY + timedelta(days=1))
    office.files.revoke_consent(office.erika, consent_id)
    with pytest.raises(UserError, match="schon widerrufen"):
        office.files.revoke_consent(office.erika, consent_id)
    clock.advance(timedelta(days=1))
    with pytest.raises(UserError, match="am selben Tag"):
        office.files.undo_revocation(office.erika, consent_id)


def test_a_contact_changes_hands(office: Counselling) -> None:
    helga, anna = office.person("Helga Müller"), office.person("Anna Schmidt")
    contact = office.files.record_contact(office.erika, CARE, helga)
    office.files.correct_contact(office.erika, contact, CARE, anna, revision=1)
    assert office.files.open_file(office.erika, helga).contacts == ()
    assert len(office.files.open_file(office.erika, anna).contacts) == 1
    office.files.correct_contact(office.erika, contact, CARE, None, revision=2)
    assert office.found.link_of(contact) is None


def test_reading_leaves_a_trail_and_no_name_in_it(office: Counselling, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    other = office.person("Anna Zwetschgendatschi")
    visitor_id = office.files.create_file(
        office.erika, replace(HELGA, name="Helga Quittenmarmelade"), [RECORD, PASS_ON]
    )
    office.files.open_file(office.erika, visitor_id)
    office.files.access_report(office.erika, visitor_id)
    office.found.search("Quittenmarmelade")
    office.merges.undo_merge(office.erika, office.merges.merge_files(office.erika, visitor_id, other))
    actions = {row[0] for row in office.store.sql("SELECT action FROM audit_entry WHERE subject_id = ?", (visitor_id,))}
    assert {"create_visitor", "read_visitor", "answer_access_request", "merge_visitors"} <= actions
    trail = repr(office.store.sql("SELECT * FROM audit_entry")) + repr(office.store.sql("SELECT * FROM outbox"))
    for word in ("Quitten", "Zwetschgen", "Pflegestützpunkt", "123456"):
        assert word.lower() not in trail.lower()
        assert word.lower() not in caplog.text.lower()


def test_a_file_that_is_gone_reads_like_one_that_never_was(office: Counselling) -> None:
    kept, merged, erased = (office.person(name) for name in ("Helga", "Helga M.", "Anna"))
    office.merges.merge_files(office.erika, kept, merged)
    with office.store.unit_of_work(office.erika, "erase_visitor", ("visitor", erased)) as unit:
        erase_file(unit, erased)
    said = set()
    for visitor_id in ("nobody", merged, erased):
        with pytest.raises(UserError) as problem:
            office.files.open_file(office.erika, visitor_id)
        said.add(str(problem.value))
    assert len(said) == 1


def test_erasing_keeps_the_anonymous_contacts(office: Counselling) -> None:
    helga, other = office.person("Helga Müller"), office.person("Helga Mueller")
    mine = office.files.record_contact(office.erika, CARE, helga)
    theirs = office.files.record_contact(office.erika, CARE, other)
    office.merges.merge_files(office.erika, helga, other)
    with office.store.unit_of_work(office.erika, "erase_visitor", ("visitor", helga)) as unit:
        assert set(erase_file(unit, helga)) == {mine, theirs}
    for table in ("visitor", "visitor_key", "visitor_consent", "visitor_merge", "contact_visitor"):
        assert office.store.sql(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert len(office.desk.queries.contacts_of_day(TODAY)) == 2


def test_a_revocation_is_of_the_purpose_and_not_of_one_paper(office: Counselling, clock: FixedClock) -> None:
    ended = replace(RECORD, given_on=TODAY - timedelta(days=90), ends_on=TODAY - timedelta(days=1))
    former = replace(RECORD, given_on=TODAY - timedelta(days=30))
    lawyer = replace(PASS_ON, partner="Mieterverein")
    again = replace(PASS_ON, partner=" pflegestützpunkt", given_on=TODAY - timedelta(days=3))
    visitor_id = office.files.create_file(office.erika, HELGA, [ended, former, RECORD, PASS_ON, lawyer, again])

    def ids(entry: ConsentEntry) -> tuple[str, ...]:
        return tuple(
            consent.consent_id
            for consent in office.files.open_file(office.erika, visitor_id).consents
            if (consent.kind, consent.given_on, consent.partner) == (entry.kind, entry.given_on, entry.partner.strip())
        )

    revoked = office.files.revoke_consent(office.erika, *ids(PASS_ON))
    assert set(revoked) == {*ids(PASS_ON), *ids(again)}
    assert office.files.open_file(office.erika, visitor_id).may_be_kept
    assert office.files.open_file(office.erika, visitor_id).may(ConsentKind.PASS_ON)  # to the other partner

    revoked = office.files.revoke_consent(office.erika, *ids(RECORD))
    assert set(revoked) == {*ids(RECORD), *ids(former)}
    file = office.files.open_file(office.erika, visitor_id)
    assert not file.may_be_kept
    assert office.found.without_consent() == (visitor_id,)

    office.files.undo_revocation(office.erika, *revoked)
    states = {
        consent.consent_id: consent.state(TODAY)
        for consent in office.files.open_file(office.erika, visitor_id).consents
    }
    assert [states[one] for one in (*ids(RECORD), *ids(former))] == [ConsentState.VALID] * 2
    assert states[ids(again)[0]] is ConsentState.REVOKED
    assert states[ids(ended)[0]] is ConsentState.ENDED


def test_a_consent_renewed_after_the_day_of_the_revocation_stands(office: Counselling) -> None:
    former = replace(RECORD, given_on=TODAY - timedelta(days=30))
    visitor_id = office.files.create_file(office.erika, HELGA, [former, RECORD])
    first = min(office.files.open_file(office.erika, visitor_id).consents, key=lambda consent: consent.given_on)
    assert office.files.revoke_consent(office.erika, first.consent_id, on=TODAY - timedelta(days=7)) == (
        first.consent_id,
    )
    assert office.files.open_file(office.erika, visitor_id).may_be_kept


def test_a_revocation_is_taken_back_whole_or_not_at_all(office: Counselling, clock: FixedClock) -> None:
    visitor_id = office.files.create_file(office.erika, HELGA, [RECORD, AGAIN])
    record, again = (consent.consent_id for consent in office.files.open_file(office.erika, visitor_id).consents)
    office.files.revoke_consent(office.erika, record)
    with pytest.raises(UserError, match="am selben Tag"):
        office.files.undo_revocation(office.erika, record, again)
    states = [consent.state(TODAY) for consent in office.files.open_file(office.erika, visitor_id).consents]
    assert states == [ConsentState.REVOKED, ConsentState.VALID]
