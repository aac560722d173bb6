"""A person is handed over with consent: what the other office reads, how both sides end, what goes and when."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from desktop_app.core.errors import InputError, UserError
from desktop_app.exchange.records import (
    Cause,
    ContentField,
    DeclineReason,
    OfferEntry,
    Outcome,
)
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from desktop_app.visitors.tables import ConsentTable
from tests.exchange.two_offices import (
    ALL,
    NORTH,
    PASS_ON,
    PERSON,
    SOUTH,
    TODAY,
    Pair,
    hub_offices,
    introduce,
    new_keys,
)

SECRETS = ("Notizgeheim", "Gasse 3", "1941-", "Hedwig", "0208 776655", "Braucht Hilfe", "Pflege", "Caritas")


def test_the_other_office_reads_exactly_what_the_preview_showed(pair: Pair) -> None:
    person = pair.north.person()
    entry = pair.north.entry(person)
    preview = pair.north.preview(person, entry)
    referral_id = pair.north.service.offer(pair.north.erika, person, entry, preview)
    pair.rounds()
    detail = pair.south.service.open_referral(pair.south.erika, referral_id)
    assert detail.content == preview.content
    assert detail.content is not None
    assert (detail.content.name, detail.content.birth_year) == ("Hedwig Vertraulich", 1941)
    assert detail.content.consent.purpose == "Begleitung zur Pflegeberatung"
    assert detail.referral.office_name == "Quartiersbüro Nord"
    assert detail.referral.expires_on == preview.expires_on == TODAY + timedelta(days=14)
    assert detail.is_compared
    assert pair.south.queries.waiting().received == 1
    received = pair.south.store.sql("SELECT content FROM exchange_referral")[0][0]
    assert "Notizgeheim" not in received
    assert "Gasse" not in received
    assert "visitor" not in received


@pytest.mark.parametrize("fields", [{ContentField.NAME}, {ContentField.PHONE}, {ContentField.NAME, ContentField.TOPIC}])
def test_only_the_chosen_fields_go(pair: Pair, fields: set[ContentField]) -> None:
    referral_id = pair.north.offer(pair.north.person(), frozenset(fields))
    pair.rounds()
    content = pair.south.service.open_referral(pair.south.erika, referral_id).content
    assert content is not None
    assert bool(content.name) is (ContentField.NAME in fields)
    assert bool(content.phone) is (ContentField.PHONE in fields)
    assert bool(content.topic_name) is (ContentField.TOPIC in fields)
    assert content.birth_year is None
    assert content.message == ""


def test_the_hub_sees_nothing_of_it(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    pair.south.service.decline(pair.south.erika, referral_id, DeclineReason.OTHER, "Geheimer Grund")
    seen = [record.data for record in pair.hub.pull()]
    pair.rounds()
    seen += [record.data for record in pair.hub.pull()]
    assert len(seen) == 3
    for data in seen:
        assert not any(secret in data for secret in SECRETS)
    sizes = {len(base64.b64decode(data)) - 3 - 64 - 40 for data in seen}  # mark, keys, nonce and tag
    assert all(size % 256 == 0 for size in sizes)


def test_accepted_on_both_sides_and_no_file_by_itself(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    assert pair.north.referral(referral_id).outcome is Outcome.WAITING
    pair.south.service.accept(pair.south.erika, referral_id)
    pair.rounds()
    for desk in (pair.north, pair.south):
        found = desk.referral(referral_id)
        assert found.outcome is Outcome.ACCEPTED
        assert found.is_told
        assert found.problem == ""
    assert pair.south.store.sql("SELECT count(*) FROM visitor") == [(0,)]
    # The hub holds the content no longer than needed.
    kinds = {record.collection: len(record.data) for record in pair.hub.pull()}
    assert set(kinds) == {"o", "a"}


def test_declined_with_a_reason(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    with pytest.raises(InputError, match="höchstens 300"):
        pair.south.service.decline(pair.south.erika, referral_id, DeclineReason.OTHER, "x" * 301)
    pair.south.service.decline(pair.south.erika, referral_id, DeclineReason.NO_CAPACITY, "ab Januar wieder")
    pair.rounds()
    found = pair.north.referral(referral_id)
    assert (found.outcome, found.reason, found.answer_text) == (
        Outcome.DECLINED,
        DeclineReason.NO_CAPACITY,
        "ab Januar wieder",
    )
    with pytest.raises(UserError, match="schon beantwortet"):
        pair.south.service.accept(pair.south.erika, referral_id)


def test_withdrawn_before_an_answer_the_content_goes_on_both_sides(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    pair.north.service.withdraw(pair.north.erika, referral_id)
    pair.rounds()
    for desk in (pair.north, pair.south):
        found = desk.referral(referral_id)
        assert (found.outcome, found.cause, found.has_content) == (Outcome.WITHDRAWN, Cause.BY_HAND, False)
        assert "Hedwig" not in str(desk.store.sql("SELECT * FROM exchange_referral"))
        assert "Hedwig" not in str(desk.store.sql("SELECT * FROM exchange_wire"))
    with pytest.raises(UserError, match="schon zurückgezogen"):
        pair.north.service.withdraw(pair.north.erika, referral_id)
    assert pair.south.queries.waiting().received == 0


def test_withdrawn_after_acceptance_says_so_and_leaves_it_there(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    pair.south.service.accept(pair.south.erika, referral_id)
    pair.rounds()
    pair.north.service.withdraw(pair.north.erika, referral_id)
    pair.rounds()
    for desk in (pair.north, pair.south):
        assert desk.referral(referral_id).outcome is Outcome.WITHDRAWN_AFTER_ACCEPTANCE
    assert pair.south.referral(referral_id).has_content
    pair.south.service.drop_content(pair.south.erika, referral_id)
    assert not pair.south.referral(referral_id).has_content


def test_a_withdrawal_beats_an_answer_that_was_not_known_yet(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    pair.south.service.accept(pair.south.erika, referral_id)
    pair.north.service.withdraw(pair.north.erika, referral_id)
    pair.rounds()
    for desk in (pair.north, pair.south):
        found = desk.referral(referral_id)
        assert (found.outcome, found.has_content) == (Outcome.WITHDRAWN, False)


def test_revoking_the_consent_withdraws(pair: Pair) -> None:
    person = pair.north.person()
    referral_id = pair.north.offer(person)
    pair.rounds()
    pair.north.revoke(person)
    assert pair.north.referral(referral_id).outcome is Outcome.WITHDRAWN  # at once, in the same transaction
    pair.rounds()
    found = pair.south.referral(referral_id)
    assert (found.outcome, found.cause, found.has_content) == (Outcome.WITHDRAWN, Cause.REVOKED, False)


def test_a_revocation_reaches_an_accepted_referral_too(pair: Pair) -> None:
    person = pair.north.person()
    referral_id = pair.north.offer(person)
    pair.rounds()
    pair.south.service.accept(pair.south.erika, referral_id)
    pair.rounds()
    pair.north.revoke(person)
    pair.rounds()
    found = pair.south.referral(referral_id)
    assert (found.outcome, found.cause) == (Outcome.WITHDRAWN_AFTER_ACCEPTANCE, Cause.REVOKED)


def test_a_consent_that_another_desk_revoked_is_noticed_in_the_next_round(pair: Pair) -> None:
    person = pair.north.person()
    referral_id = pair.north.offer(person)
    pair.rounds()
    consent_id = pair.north.consent_id(person)
    with pair.north.store.unit_of_work(pair.north.erika, "sync_applied", ("space", "office")) as unit:
        unit.update(ConsentTable, consent_id, {"revoked_on": TODAY.isoformat()})
    pair.rounds()
    assert pair.south.referral(referral_id).cause is Cause.REVOKED


def test_a_consent_that_ends_ends_the_waiting(pair: Pair) -> None:
    person = pair.north.person(consent=replace(PASS_ON, ends_on=TODAY + timedelta(days=3)))
    referral_id = pair.north.offer(person)
    pair.rounds()
    pair.clock.advance(timedelta(days=4))
    pair.rounds()
    assert pair.south.referral(referral_id).cause is Cause.ENDED
    assert pair.north.referral(referral_id).outcome is Outcome.WITHDRAWN


def test_nobody_answers_for_fourteen_days(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    pair.clock.advance(timedelta(days=14))
    pair.rounds()
    assert pair.north.referral(referral_id).outcome is Outcome.WAITING
    pair.clock.advance(timedelta(days=1))
    with pytest.raises(UserError, match="Frist dieser Übergabe"):
        pair.south.service.accept(pair.south.erika, referral_id)
    pair.south.round(pair.hub)  # before the sender says anything
    assert not pair.south.referral(referral_id).has_content
    pair.rounds()
    for desk in (pair.north, pair.south):
        found = desk.referral(referral_id)
        assert (found.outcome, found.cause, found.has_content) == (Outcome.WITHDRAWN, Cause.EXPIRED, False)


def test_an_accepted_referral_does_not_expire(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    pair.south.service.accept(pair.south.erika, referral_id)
    pair.rounds()
    pair.clock.advance(timedelta(days=300))
    pair.rounds()
    assert pair.north.referral(referral_id).outcome is Outcome.ACCEPTED


# What is refused --------------------------------------------------------------------------------------------


def test_without_a_consent_that_names_the_office_nothing_goes(pair: Pair) -> None:
    for consent in (
        replace(PASS_ON, partner="Pflegedienst Süd"),
        replace(PASS_ON, given_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)),
        ConsentEntry(ConsentKind.CONTACT_AGAIN, TODAY, "2026-11"),
    ):
        person = pair.north.person(VisitorEntry(name=f"Person {consent.partner}{consent.kind}"), consent)
        consent_id = next(one.consent_id for one in pair.north.file(person).consents if one.kind is consent.kind)
        entry = OfferEntry(SOUTH, consent_id, frozenset({ContentField.NAME}))
        with pytest.raises(UserError, match=r"Keine gültige Einwilligung dieser Person.*Süd"):
            pair.north.preview(person, entry)
    assert pair.north.queries.sent() == ()


def test_another_persons_consent_does_not_do(pair: Pair) -> None:
    mine, others = pair.north.person(VisitorEntry(name="Eine"), PASS_ON), pair.north.person(VisitorEntry(name="Andere"))
    entry = pair.north.entry(others, frozenset({ContentField.NAME}))
    seen = pair.north.preview(others, entry)
    with pytest.raises(UserError, match="Keine gültige Einwilligung"):
        pair.north.service.offer(pair.north.erika, mine, entry, seen)


def test_a_consent_revoked_since_the_preview_stops_it(pair: Pair) -> None:
    person = pair.north.person()
    entry = pair.north.entry(person)
    seen = pair.north.preview(person, entry)
    pair.north.revoke(person)
    with pytest.raises(UserError, match="Keine gültige Einwilligung"):
        pair.north.service.offer(pair.north.erika, person, entry, seen)


def test_what_was_changed_since_the_preview_is_looked_at_again(pair: Pair) -> None:
    person = pair.north.person()
    entry = pair.north.entry(person)
    seen = pair.north.preview(person, entry)
    pair.north.files.change_file(pair.north.erika, person, replace(PERSON, phone="0208 1"), revision=1)
    with pytest.raises(UserError, match="Vorschau noch einmal"):
        pair.north.service.offer(pair.north.erika, person, entry, seen)
    assert pair.north.queries.sent() == ()


def test_somebody_must_be_reachable_and_ticked_fields_filled(pair: Pair) -> None:
    person = pair.north.person(VisitorEntry(name="Nur Name"))
    for fields, message, field in (
        ({ContentField.TOPIC}, "", "fields"),
        (set(), "", "fields"),
        ({ContentField.NAME, ContentField.PHONE}, "", "fields"),
        ({ContentField.NAME, ContentField.MESSAGE}, "  ", "message"),
        ({ContentField.NAME, ContentField.MESSAGE}, "x" * 1001, "message"),
    ):
        with pytest.raises(InputError) as refused:
            pair.north.preview(person, pair.north.entry(person, frozenset(fields), message))
        assert refused.value.field == field


def test_one_person_waits_once_at_one_office(pair: Pair) -> None:
    person = pair.north.person()
    referral_id = pair.north.offer(person)
    with pytest.raises(UserError, match="wartet schon eine Übergabe"):
        pair.north.offer(person)
    pair.north.service.withdraw(pair.north.erika, referral_id)
    assert pair.north.offer(person) != referral_id


def test_taken_back_before_the_hub_heard_of_it(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.north.service.withdraw(pair.north.erika, referral_id)
    pair.north.service.undo_withdrawal(pair.north.erika, referral_id)
    pair.north.service.withdraw(pair.north.erika, referral_id)
    pair.rounds()
    assert pair.hub.pull() == []
    assert pair.south.queries.received() == ()
    assert pair.north.referral(referral_id).is_told


def test_undo_of_an_answer_and_of_a_withdrawal_until_the_hub_has_it(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    pair.south.service.accept(pair.south.erika, referral_id)
    pair.south.service.undo_answer(pair.south.erika, referral_id)
    pair.south.service.decline(pair.south.erika, referral_id, DeclineReason.INCOMPLETE)
    pair.rounds()
    with pytest.raises(UserError, match="hat die Antwort schon"):
        pair.south.service.undo_answer(pair.south.erika, referral_id)
    pair.north.service.withdraw(pair.north.erika, referral_id)
    pair.north.service.undo_withdrawal(pair.north.erika, referral_id)
    assert pair.north.referral(referral_id).outcome is Outcome.DECLINED
    pair.north.service.withdraw(pair.north.erika, referral_id)
    pair.rounds()
    with pytest.raises(UserError, match="schon wirksam"):
        pair.north.service.undo_withdrawal(pair.north.erika, referral_id)


# Keys -------------------------------------------------------------------------------------------------------


def test_nothing_goes_before_the_number_was_compared(strangers: Pair) -> None:
    introduce(strangers.north, strangers.south, compare=False)
    person = strangers.north.person()
    with pytest.raises(UserError, match="vergleichen Sie zuerst am Telefon"):
        strangers.north.offer(person)
    north, south = strangers.north.queries.comparison_number(SOUTH), strangers.south.queries.comparison_number(NORTH)
    assert north == south
    assert len(north.split()) == 8
    strangers.north.service.confirm_partner(strangers.north.erika, SOUTH, north)
    referral_id = strangers.north.offer(person)
    strangers.rounds()
    detail = strangers.south.service.open_referral(strangers.south.erika, referral_id)
    assert detail.content is not None
    assert not detail.is_compared  # the screen says so


def test_a_hub_that_puts_its_own_key_between_shows_another_number(strangers: Pair) -> None:
    introduce(strangers.north, strangers.south, compare=False)
    honest = strangers.north.queries.comparison_number(SOUTH)
    forged = hub_offices({NORTH: strangers.north.keys[0], SOUTH: new_keys()})
    strangers.north.post.know_offices(strangers.north.erika, NORTH, forged)
    assert strangers.north.queries.comparison_number(SOUTH) != honest
    with pytest.raises(UserError, match="hat sich gerade geändert"):
        strangers.north.service.confirm_partner(strangers.north.erika, SOUTH, honest)


def test_a_key_that_changes_stops_contents_until_compared_again(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    fresh = new_keys()
    offices = hub_offices({NORTH: pair.north.keys[0], SOUTH: fresh})
    pair.north.post.know_offices(pair.north.erika, NORTH, offices)
    pair.south.post.know_offices(pair.south.erika, SOUTH, offices)
    pair.south.keys = (fresh, *pair.south.keys)
    pair.rounds()
    assert pair.hub.pull() == []
    found = pair.north.referral(referral_id)
    assert (found.problem, found.is_told) == ("key_changed", False)
    pair.north.service.confirm_partner(pair.north.erika, SOUTH, pair.north.queries.comparison_number(SOUTH))
    pair.rounds()
    assert pair.south.referral(referral_id).outcome is Outcome.WAITING


def test_what_was_sealed_to_a_former_key_is_still_read(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.north.round(pair.hub)
    fresh = new_keys()
    pair.south.keys = (fresh, *pair.south.keys)
    offices = hub_offices({NORTH: pair.north.keys[0], SOUTH: fresh})
    for desk in (pair.north, pair.south):
        desk.post.know_offices(desk.erika, desk.office_id, offices)
    pair.south.round(pair.hub)
    pair.south.service.accept(pair.south.erika, referral_id)
    pair.rounds()
    # The answer came under a key nobody compared: it waits, and the office is named.
    assert pair.north.referral(referral_id).outcome is Outcome.WAITING
    assert pair.north.queries.with_unknown_key() == (SOUTH,)
    assert pair.north.queries.unreadable() == 1
    pair.north.service.confirm_partner(pair.north.erika, SOUTH, pair.north.queries.comparison_number(SOUTH))
    pair.rounds()
    assert pair.north.referral(referral_id).outcome is Outcome.ACCEPTED
    assert pair.north.queries.unreadable() == 0


# Who did what -----------------------------------------------------------------------------------------------


def test_every_step_leaves_a_trail_without_content(pair: Pair) -> None:
    person = pair.north.person()
    referral_id = pair.north.offer(person)
    pair.rounds()
    pair.south.service.open_referral(pair.south.erika, referral_id)
    pair.south.service.accept(pair.south.erika, referral_id)
    pair.rounds()
    pair.north.revoke(person)
    trails = {}
    for desk in (pair.north, pair.south):
        rows = desk.store.sql("SELECT action, subject_kind, subject_id FROM audit_entry ORDER BY sequence")
        assert not any("Hedwig" in str(row) for row in rows)
        trails[desk.office_id] = [row[0] for row in rows if row[2] == referral_id]
    assert trails["buero-nord"] == ["offer_referral", "sync_applied"]
    assert trails["buero-sued"] == ["sync_applied", "read_referral", "accept_referral", "sync_applied"]


def test_what_is_stored_is_plain_data(pair: Pair) -> None:
    pair.north.offer(pair.north.person(), ALL)
    row = pair.north.store.sql("SELECT content, fields FROM exchange_referral")[0]
    assert set(json.loads(row[0])) == {
        "consent", "name", "phone", "birth_year", "topic_code", "topic_name", "message"
    }  # fmt: skip
    assert row[1] == "name phone birth_year topic message"


def test_a_made_file_is_linked(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    person = pair.south.person(VisitorEntry(name="Hedwig Vertraulich"))
    with pytest.raises(UserError, match="Nur eine angenommene"):
        pair.south.service.link_file(pair.south.erika, referral_id, person)
    pair.south.service.accept(pair.south.erika, referral_id)
    pair.south.service.link_file(pair.south.erika, referral_id, person)
    passed = pair.south.files.access_report(pair.south.erika, person).passed_on
    assert [(one.to_other, one.office, one.on, one.state) for one in passed] == [
        (False, "Quartiersbüro Nord", TODAY, "angenommen")
    ]
