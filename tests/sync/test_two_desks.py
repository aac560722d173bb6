"""Two desks of one office over a real hub: everything there is arrives, and changes meet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_app.contacts.records import NeedEntry
from desktop_app.contacts.vocabulary import Channel, ReferralState
from desktop_app.core.errors import UserError
from desktop_app.retention.records import DataKind
from desktop_app.sync.records import Choice, ConflictKind, ConnectionState
from desktop_app.visitors.records import VisitorEntry
from tests.sync.desks import Maker, OfficeDesk, in_step


def test_a_second_desk_gets_everything(make_desk: Maker) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    person = one.office.person("Frieda Fiktiv", phone="0123 456")
    contact = one.contact(note="Sagt, es eilt.", service="service-1")
    card = one.office.cards.issue_card(one.actor)
    other_card = two.office.cards.issue_card(two.actor)
    one.connect()
    two.join(one)
    in_step(one, two)
    assert two.office.desk.queries.contact(contact).referrals[0].service_name == "Angebot 1"
    assert two.office.found.search("Frieda")[0].visitor_id == person
    assert two.office.cards.recognise(card.code).card_id == card.card_id
    assert two.office.cards.recognise(other_card.code).card_id == other_card.card_id
    assert one.office.cards.recognise(other_card.code).card_id == other_card.card_id
    assert [space.name for space in two.office.desk.settings.social_spaces()] == ["Nordstadt", "Altstadt"]
    assert one.sync.status().state is ConnectionState.IN_STEP
    assert one.sync.status().waiting_changes == 0


def test_changes_on_both_sides_meet_field_by_field(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = pair
    contact = one.contact()
    in_step(one, two)
    one.correct(contact, channel=Channel.PHONE, material="Rollator")
    two.correct(contact, channel=Channel.MAIL, note="Ruft wieder an.", needs=(NeedEntry("wohnen"), NeedEntry("pflege")))
    one.round()
    result = two.round()
    assert result.new_conflicts == 1
    in_step(one, two)
    for desk in (one, two):
        record = desk.office.desk.queries.contact(contact)
        assert (record.channel, record.material, record.has_note) == (Channel.MAIL, "Rollator", True)
        assert {need.topic_code for need in record.needs} == {"wohnen", "pflege"}
        assert len(desk.office.desk.queries.history(contact)) == 2
        (conflict,) = desk.sync.conflicts()
        assert conflict.kind is ConflictKind.BOTH_CHANGED
        assert conflict.what == "Kontakt"
        (field,) = conflict.fields
        assert (field.label, field.before, field.mine, field.theirs) == ("Weg", "Im Büro", "Brief, E-Mail", "Telefon")
        assert field.stands is Choice.MINE


def test_a_note_that_nobody_touched_does_not_collide(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = pair
    contact = one.contact(note="Ruft morgen an")
    in_step(one, two)
    one.correct(contact, channel=Channel.PHONE)
    two.correct(contact, material="Rollator")
    in_step(one, two)
    assert two.office.desk.queries.contact(contact).channel is Channel.PHONE
    assert one.office.desk.queries.contact(contact).material == "Rollator"
    assert one.sync.conflicts() == two.sync.conflicts() == ()


def test_a_lost_value_comes_back_in_one_action_and_goes_again(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = pair
    contact = one.contact()
    in_step(one, two)
    one.correct(contact, channel=Channel.PHONE)
    two.correct(contact, channel=Channel.MAIL)
    in_step(one, two)
    (conflict,) = one.sync.conflicts()
    one.sync.decide(one.actor, conflict.conflict_id, "channel", Choice.THEIRS)
    in_step(one, two)
    assert two.office.desk.queries.contact(contact).channel is Channel.PHONE
    assert two.sync.conflicts() == ()
    assert two.sync.conflicts(with_decided=True)[0].fields[0].stands is Choice.THEIRS
    two.sync.undo_decision(two.actor, conflict.conflict_id)
    in_step(one, two)
    assert one.office.desk.queries.contact(contact).channel is Channel.MAIL
    assert len(one.sync.conflicts()) == 1
    one.sync.dismiss(one.actor, conflict.conflict_id)
    in_step(one, two)
    assert two.sync.conflicts() == ()


def test_a_state_waits_for_a_person(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = pair
    contact = one.contact(service="service-1")
    in_step(one, two)
    referral = one.office.desk.queries.contact(contact).referrals[0].referral_id
    one.office.desk.contacts.set_referral_state(one.actor, referral, ReferralState.HELP_RECEIVED)
    two.office.desk.contacts.set_referral_state(two.actor, referral, ReferralState.DECLINED, reason="voll")
    one.round()
    two.round()
    in_step(one, two)
    assert two.office.desk.queries.contact(contact).referrals[0].state is ReferralState.HELP_RECEIVED
    (conflict,) = two.sync.conflicts()
    (field,) = [field for field in conflict.fields if field.is_open]
    assert field.name == "referrals/service-1/state"
    two.sync.decide(two.actor, conflict.conflict_id, field.name, Choice.MINE)
    in_step(one, two)
    assert one.office.desk.queries.contact(contact).referrals[0].state is ReferralState.DECLINED


def test_a_form_that_was_open_meanwhile_is_refused(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = pair
    contact = one.contact()
    in_step(one, two)
    before = two.office.desk.queries.contact(contact)
    one.correct(contact, channel=Channel.PHONE)
    in_step(one, two)
    with pytest.raises(UserError, match="inzwischen"):
        two.office.desk.contacts.correct_contact(two.actor, contact, before.entry(), revision=before.revision)
    two.correct(contact, material="Lupe")
    in_step(one, two)
    assert one.office.desk.queries.contact(contact).material == "Lupe"


def test_erased_stays_erased(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = pair
    person = one.office.person("Frieda Fiktiv")
    entry = one.office.desk.queries
    contact = one.contact(note="Vertraulich", material="Brief an Frieda")
    record = entry.contact(contact)
    one.office.files.correct_contact(one.actor, contact, record.entry("Vertraulich"), person, revision=record.revision)
    in_step(one, two)
    assert two.office.files.open_file(two.actor, person).entry.name == "Frieda Fiktiv"
    one.retention.erase_visitor(one.actor, person)
    # The other desk is offline and goes on with the file.
    file = two.office.files.open_file(two.actor, person)
    two.office.files.change_file(two.actor, person, VisitorEntry(name="Frieda Neu"), revision=file.revision)
    two.correct(contact, note="Noch vertraulicher")
    late = two.office.files.record_contact(
        two.actor, two.office.desk.queries.contact(contact).entry("Nachtrag"), person
    )
    two.round()
    one.round()
    in_step(one, two)
    for desk in (one, two):
        for table in ("visitor", "visitor_consent", "contact_visitor", "contact_note", "visitor_key"):
            assert desk.store.sql(f"SELECT count(*) FROM {table}") == [(0,)], (desk.name, table)
        assert desk.office.desk.queries.contact(late).material == ""
        everything = "".join(
            str(row)
            for table in ("sync_shadow", "sync_push", "sync_parked", "sync_conflict", "contact_revision")
            for row in desk.store.sql(f"SELECT * FROM {table}")
        )
        assert "Frieda" not in everything
        assert "ertraulich" not in everything
    assert two.retention.needs_clean_up()


def test_a_due_note_goes_everywhere_and_a_new_one_may_follow(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = pair
    contact = one.contact(note="Altes Geheimnis")
    in_step(one, two)
    one.clock.advance(timedelta(days=400))
    one.retention.erase_due(one.actor, DataKind.NOTES)
    in_step(one, two)
    assert two.store.sql("SELECT * FROM contact_note") == []
    two.correct(contact, note="Neue Notiz")
    in_step(one, two)
    assert one.store.sql("SELECT text FROM contact_note") == [("Neue Notiz",)]


def test_files_merged_both_ways_round_come_to_one(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = pair
    first, second = one.office.person("Frieda Fiktiv"), one.office.person("Frida Fiktiv")
    in_step(one, two)
    one.office.merges.merge_files(one.actor, first, second)
    two.office.merges.merge_files(two.actor, second, first)
    in_step(one, two, rounds=6)
    roots = one.store.sql("SELECT id FROM visitor WHERE merged_into IS NULL")
    assert len(roots) == 1
    assert one.store.sql("SELECT DISTINCT visitor_id FROM visitor_consent") == roots
    assert [hit.visitor_id for hit in two.office.found.search("Fiktiv")] == [roots[0][0]]


def test_deleted_here_and_changed_there(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = pair
    from desktop_app.directory.service import DirectoryService

    check = DirectoryService(one.store).confirm_verified(one.actor, "service-1", "telefonisch")
    in_step(one, two)
    DirectoryService(one.store).take_back_verification(one.actor, check)
    with two.store.unit_of_work(two.actor, "verify_service", ("service", "service-1")) as unit:
        from desktop_app.directory.tables import ServiceVerification

        unit.update(ServiceVerification, check, {"how": "vor Ort"})
    one.round()
    two.round()
    in_step(one, two)
    assert one.store.sql("SELECT how, verified_by FROM service_verification") == [("vor Ort", "Quartiersbüro Nord")]
    (conflict,) = two.sync.conflicts()
    assert conflict.kind is ConflictKind.EDIT_AGAINST_DELETION
