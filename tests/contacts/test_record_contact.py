"""Recording and correcting: what is saved, what is refused, what others hear."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from desktop_app.contacts.records import (
    ContactEntry,
    ContactsChanged,
    NeedEntry,
    ReferralEntry,
    ReferralsChanged,
    TallyChanged,
)
from desktop_app.contacts.vocabulary import (
    NO_ANSWER,
    NOT_ASKED,
    OUTSIDE_SOCIAL_SPACES,
    UNKNOWN,
    Channel,
    Depth,
    Fact,
    ReferralMode,
    ReferralState,
    Result,
    TallyKind,
    UnmetReason,
    answer_label,
    fact_answers,
    open_answers,
)
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import InputError, UserError
from tests.contacts.office import FrontDesk

SIMPLE = ContactEntry(needs=(NeedEntry("pflege"),))
TODAY = date(2026, 11, 22)


def test_an_anonymous_contact_with_one_topic(desk: FrontDesk) -> None:
    contact_id = desk.contacts.record_contact(desk.erika, SIMPLE)
    record = desk.queries.contact(contact_id)
    assert (record.channel, record.depth, record.initials) == (Channel.OFFICE, Depth.INFORMATION, "EM")
    assert [(need.topic_code, need.topic_name, need.result) for need in record.needs] == [
        ("pflege", "Pflege", Result.MET)
    ]
    assert record.referrals == ()
    assert record.facts == dict.fromkeys(Fact, NOT_ASKED)
    assert not record.has_note
    assert (record.recorded_at.hour, record.recorded_at.minute) == (10, 40)
    row = desk.store.sql("SELECT local_date, local_hour, started_at, recorded_at, revision, withdrawn FROM contact")
    assert row == [("2026-11-22", 10, "2026-11-22T09:40:00.000Z", "2026-11-22T09:40:00.000Z", 1, 0)]
    trail = desk.store.sql("SELECT action, subject_id FROM audit_entry ORDER BY sequence DESC LIMIT 1")
    assert trail == [("record_contact", contact_id)]
    assert desk.store.sql("SELECT collection, deleted FROM outbox ORDER BY sequence DESC LIMIT 2") == [
        ("need", 0),
        ("contact", 0),
    ]


def test_a_full_contact_comes_back_as_it_was_entered(desk: FrontDesk) -> None:
    space = desk.settings.social_spaces()[0].space_id
    entry = ContactEntry(
        channel=Channel.PHONE,
        needs=(NeedEntry("wohnen", Result.PARTLY, UnmetReason.FULL), NeedEntry("recht", Result.OPEN)),
        referrals=(
            ReferralEntry("service-2", ReferralMode.ACCOMPANIED, TODAY + timedelta(days=14)),
            ReferralEntry("service-1", ReferralMode.SHEET),
        ),
        depth=Depth.COUNSELLING,
        facts={Fact.AGE_BAND: "80_84", Fact.SOCIAL_SPACE: space, Fact.GENDER: NO_ANSWER, Fact.LANGUAGE: UNKNOWN},
        material="  Stadtplan ",
        note="  Sohn ruft zurück.\n",
        started_at=datetime(2026, 11, 22, 9, 31, tzinfo=UTC),
    )
    contact_id = desk.contacts.record_contact(desk.karl, entry)
    record = desk.queries.contact(contact_id)
    again = record.entry(desk.contacts.read_note(desk.erika, contact_id))
    assert dict(again.facts) == {**dict.fromkeys(Fact, NOT_ASKED), **entry.facts}
    assert again == dataclasses.replace(
        entry, facts=again.facts, material="Stadtplan", note="Sohn ruft zurück.", started_at=None
    )
    assert [ref.service_name for ref in record.referrals] == ["Angebot 2", "Angebot 1"]
    assert record.referrals[0].organization_name == "Nachbarschaftshilfe Musterstadt"
    assert record.referrals[0].referred_on == TODAY
    assert desk.store.sql("SELECT started_at FROM contact") == [("2026-11-22T09:31:00.000Z",)]


def test_shortly_before_midnight_utc_it_is_already_the_next_day(desk: FrontDesk, clock: FixedClock) -> None:
    clock.set(datetime(2026, 7, 31, 22, 15, tzinfo=UTC))
    contact_id = desk.contacts.record_contact(desk.erika, SIMPLE)
    assert desk.store.sql("SELECT local_date, local_hour FROM contact") == [("2026-08-01", 0)]
    assert [record.contact_id for record in desk.queries.contacts_of_day(date(2026, 8, 1))] == [contact_id]
    assert desk.queries.contacts_of_day(date(2026, 7, 31)) == ()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"needs": ()}, "needs", "mindestens ein Thema"),
        ({"needs": (NeedEntry("fliegen"),)}, "needs", "„fliegen“ gibt es nicht"),
        ({"needs": (NeedEntry("pflege"), NeedEntry("pflege"))}, "needs", "doppelt"),
        ({"needs": (NeedEntry("pflege", Result.MET, UnmetReason.FULL),)}, "needs", "Ein Grund gehört nur"),
        ({"referrals": (ReferralEntry("service-9"),)}, "referrals", r"steht nicht \(mehr\) im Verzeichnis"),
        ({"referrals": (ReferralEntry("service-1"), ReferralEntry("service-1"))}, "referrals", "doppelt"),
        ({"facts": {Fact.AGE_BAND: "150"}}, "age_band", "„150“ gibt es bei „Altersgruppe“ nicht"),
        ({"facts": {Fact.SOCIAL_SPACE: "Mond"}}, "social_space", "„Mond“"),
        ({"facts": {Fact.GENDER: ""}}, "gender", "„Geschlecht“"),
        ({"note": "x" * 20_001}, "note", "zu lang"),
        ({"material": "x" * 501}, "material", "zu lang"),
    ],
)
def test_what_is_not_complete_is_refused_and_saves_nothing(
    desk: FrontDesk, changes: dict[str, object], field: str, sentence: str
) -> None:
    before = desk.store.sql("SELECT max(sequence) FROM audit_entry")
    contact_id = desk.contacts.record_contact(desk.erika, SIMPLE)
    wrong = dataclasses.replace(SIMPLE, **changes)  # type: ignore[arg-type]
    for command in (
        lambda: desk.contacts.record_contact(desk.erika, wrong),
        lambda: desk.contacts.correct_contact(desk.erika, contact_id, wrong, revision=1),
    ):
        with pytest.raises(InputError, match=sentence) as caught:
            command()
        assert caught.value.field == field
    assert desk.store.sql("SELECT count(*) FROM contact") == [(1,)]
    assert desk.store.sql("SELECT max(sequence) FROM audit_entry") == [(before[0][0] + 1,)]
    assert desk.queries.history(contact_id) == ()


def test_the_open_answers_and_outside_fit_every_question(desk: FrontDesk) -> None:
    for answer in open_answers():
        desk.contacts.record_contact(desk.erika, dataclasses.replace(SIMPLE, facts=dict.fromkeys(Fact, answer)))
    outside = {Fact.SOCIAL_SPACE: OUTSIDE_SOCIAL_SPACES}
    desk.contacts.record_contact(desk.erika, dataclasses.replace(SIMPLE, facts=outside))


def test_every_code_has_a_label_of_its_own() -> None:
    for words in (Channel, Depth, Result, UnmetReason, ReferralMode, ReferralState, TallyKind, Fact):
        labels = [word.label for word in words]
        assert len(set(labels)) == len(labels)
        assert all(labels)
    for fact in Fact:
        labels = [*fact_answers(fact).values(), *open_answers().values()]
        assert len(set(labels)) == len(labels)
    assert answer_label(Fact.AGE_BAND, "unbekannter Code") == "unbekannter Code"
    assert answer_label(Fact.SOCIAL_SPACE, "id-1", {"id-1": "Nordstadt"}) == "Nordstadt"


def test_the_note_lies_apart_from_the_statistics_row(desk: FrontDesk) -> None:
    contact_id = desk.contacts.record_contact(desk.erika, dataclasses.replace(SIMPLE, note="Vertrauliches Wort"))
    desk.contacts.correct_contact(
        desk.erika, contact_id, dataclasses.replace(SIMPLE, note="Vertrauliches Wort, neu"), revision=1
    )
    assert desk.contacts.read_note(desk.erika, contact_id) == "Vertrauliches Wort, neu"
    tables = [row[0] for row in desk.store.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    holding = [
        name
        for name in tables
        if any("Vertrauliches" in str(value) for row in desk.store.sql(f'SELECT * FROM "{name}"') for value in row)
    ]
    assert holding == ["contact_note"]
    with desk.store.unit_of_work(desk.erika, "erase", ("contact", contact_id)) as unit:
        unit.derived("DELETE FROM contact_note")
    assert desk.contacts.read_note(desk.erika, contact_id) == ""
    assert desk.queries.contact(contact_id).needs


def test_an_emptied_note_is_gone(desk: FrontDesk) -> None:
    contact_id = desk.contacts.record_contact(desk.erika, dataclasses.replace(SIMPLE, note="weg damit"))
    desk.contacts.correct_contact(desk.erika, contact_id, SIMPLE, revision=1)
    assert desk.contacts.read_note(desk.erika, contact_id) == ""
    assert not desk.queries.contact(contact_id).has_note
    assert ("contact_note", contact_id, 1) in desk.store.sql("SELECT collection, record_id, deleted FROM outbox")


def test_a_correction_keeps_what_became_of_a_referral(desk: FrontDesk) -> None:
    entry = dataclasses.replace(SIMPLE, referrals=(ReferralEntry("service-1"), ReferralEntry("service-2")))
    contact_id = desk.contacts.record_contact(desk.erika, entry)
    first, second = desk.queries.contact(contact_id).referrals
    desk.contacts.set_referral_state(desk.karl, first.referral_id, ReferralState.DECLINED, reason="voll")
    less = dataclasses.replace(SIMPLE, referrals=(ReferralEntry("service-1", ReferralMode.SHEET),))
    desk.contacts.correct_contact(desk.erika, contact_id, less, revision=1)
    (kept,) = desk.queries.contact(contact_id).referrals
    assert (kept.referral_id, kept.mode, kept.state, kept.state_reason) == (
        first.referral_id,
        ReferralMode.SHEET,
        ReferralState.DECLINED,
        "voll",
    )
    desk.contacts.correct_contact(desk.erika, contact_id, SIMPLE, revision=2)
    assert desk.queries.contact(contact_id).referrals == ()
    desk.contacts.correct_contact(desk.erika, contact_id, less, revision=3)
    assert desk.queries.contact(contact_id).referrals == (kept,)
    assert second.referral_id not in {ref.referral_id for ref in desk.queries.contact(contact_id).referrals}


def test_two_desks_correcting_the_same_contact(desk: FrontDesk) -> None:
    contact_id = desk.contacts.record_contact(desk.erika, SIMPLE)
    desk.contacts.correct_contact(desk.karl, contact_id, dataclasses.replace(SIMPLE, material="Karls"), revision=1)
    with pytest.raises(UserError) as caught:
        desk.contacts.correct_contact(
            desk.erika, contact_id, dataclasses.replace(SIMPLE, material="Erikas"), revision=1
        )
    assert "inzwischen von KB geändert" in caught.value.message
    record = desk.queries.contact(contact_id)
    assert (record.material, record.revision) == ("Karls", 2)


def test_a_contact_that_is_not_there(desk: FrontDesk) -> None:
    for command in (
        lambda: desk.queries.contact("x"),
        lambda: desk.contacts.correct_contact(desk.erika, "x", SIMPLE, revision=1),
        lambda: desk.contacts.withdraw_contact(desk.erika, "x"),
        lambda: desk.contacts.restore_contact(desk.erika, "x"),
    ):
        with pytest.raises(UserError, match="Diesen Kontakt gibt es nicht"):
            command()
    for command in (
        lambda: desk.contacts.set_referral_state(desk.erika, "x", ReferralState.OPEN),
        lambda: desk.contacts.set_referral_due(desk.erika, "x", None),
        lambda: desk.tally.withdraw_mark(desk.erika, "x"),
    ):
        with pytest.raises(UserError, match="nicht mehr vorhanden"):
            command()


def test_history_survives_as_json_that_holds_no_note(desk: FrontDesk) -> None:
    contact_id = desk.contacts.record_contact(desk.erika, dataclasses.replace(SIMPLE, note="Geheim"))
    desk.contacts.correct_contact(desk.erika, contact_id, dataclasses.replace(SIMPLE, note="Geheim"), revision=1)
    ((text,),) = desk.store.sql("SELECT snapshot FROM contact_revision")
    assert "note" not in json.loads(text)
    assert "Geheim" not in text


def test_others_hear_which_days_changed(desk: FrontDesk, clock: FixedClock) -> None:
    heard: list[object] = []
    for notice in (ContactsChanged, ReferralsChanged, TallyChanged):
        desk.store.notices.subscribe(notice, heard.append)
    entry = dataclasses.replace(SIMPLE, referrals=(ReferralEntry("service-1"),))
    contact_id = desk.contacts.record_contact(desk.erika, entry)
    mark_id = desk.tally.add_mark(desk.erika, TallyKind.CALL)
    clock.advance(timedelta(days=1))
    desk.contacts.correct_contact(desk.erika, contact_id, entry, revision=1)
    desk.contacts.withdraw_contact(desk.erika, contact_id)
    desk.contacts.withdraw_contact(desk.erika, contact_id)
    (referral,) = desk.queries.contact(contact_id).referrals
    desk.contacts.set_referral_due(desk.erika, referral.referral_id, TODAY)
    desk.tally.withdraw_mark(desk.erika, mark_id)
    day = ContactsChanged(frozenset({TODAY}))
    strokes = TallyChanged(frozenset({TODAY}))
    assert heard == [day, strokes, day, day, ReferralsChanged(frozenset({referral.referral_id})), strokes]


def test_due_referrals_come_longest_due_first_and_no_more_than_asked(desk: FrontDesk) -> None:
    for by in (3, -2, 0, -5):
        entry = dataclasses.replace(SIMPLE, referrals=(ReferralEntry("service-1", due_on=TODAY + timedelta(days=by)),))
        desk.contacts.record_contact(desk.erika, entry)
    due = desk.queries.due_referrals(TODAY)
    assert [(ref.due_on - TODAY).days for ref in due if ref.due_on] == [-5, -2, 0]
    assert desk.queries.due_referrals(TODAY, limit=1) == due[:1]
    desk.contacts.set_referral_state(desk.erika, due[0].referral_id, ReferralState.NOT_TRACEABLE)
    assert desk.queries.due_referrals(TODAY) == due[1:]


def test_as_before_is_the_last_one_of_this_account(desk: FrontDesk) -> None:
    assert desk.queries.latest_contact_of(desk.erika.account_id) is None
    first = desk.contacts.record_contact(desk.erika, SIMPLE)
    second = desk.contacts.record_contact(desk.erika, SIMPLE)
    desk.contacts.record_contact(desk.karl, SIMPLE)
    desk.contacts.withdraw_contact(desk.erika, second)
    latest = desk.queries.latest_contact_of(desk.erika.account_id)
    assert latest is not None
    assert latest.contact_id == first


def test_a_topic_made_after_the_first_contact_can_be_chosen(desk: FrontDesk) -> None:
    desk.contacts.record_contact(desk.erika, SIMPLE)
    wished = desk.settings.topics()
    desk.settings.save_topics(
        desk.erika, [*wished, dataclasses.replace(wished[0], topic_id="", name="Garten", shortcut="")]
    )
    code = desk.settings.topics()[-1].code
    contact_id = desk.contacts.record_contact(desk.erika, ContactEntry(needs=(NeedEntry(code),)))
    assert [need.topic_name for need in desk.queries.contact(contact_id).needs] == ["Garten"]
