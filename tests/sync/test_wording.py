"""What the inbox of conflicts says: German words, never a code or the name of a column."""

from __future__ import annotations

import json

import pytest

from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.contacts.vocabulary import (
    Channel,
    Fact,
    ReferralMode,
    ReferralState,
    Result,
    UnmetReason,
    fact_answers,
)
from desktop_app.core.permissions import Role
from desktop_app.settings.records import LegalProfile
from desktop_app.sync.records import SpaceKind
from desktop_app.sync.value_words import value_text
from desktop_app.sync.what_travels import COLLECTIONS, Rule
from desktop_app.sync.wording import collection_label, field_label, record_text
from desktop_app.visitors.records import ConsentKind
from tests.sync.desks import Maker, OfficeDesk, in_step

SHOWN = {Rule.LATER, Rule.DECIDE, Rule.EARLIER_DAY}
#: written once with the row and never changed by anybody, though the later one would stand
NEVER_CHANGED = {"account_id", "created_at", "recorded_at", "local_date", "local_hour", "started_at", "visitor_id"}
#: kinds whose fields a person at a screen can change
CHANGED_BY_PEOPLE = (
    "office",
    "social_space",
    "topic",
    "account",
    "service_remark",
    "visitor",
    "visitor_consent",
    "contact",
)


@pytest.fixture
def desk(make_desk: Maker) -> OfficeDesk:
    return make_desk("Empfang")


def shown(desk: OfficeDesk, collection: str, field: str, value: object) -> str:
    return value_text(desk.store, collection, field, json.dumps(value))


def test_every_kind_of_the_office_has_a_name() -> None:
    other = collection_label("nothing of the kind")
    kinds = [name for name, one in COLLECTIONS.items() if one.space is SpaceKind.OFFICE]
    assert [name for name in kinds if collection_label(name) == other] == []


@pytest.mark.parametrize("name", CHANGED_BY_PEOPLE)
def test_every_field_that_people_change_has_a_name(desk: OfficeDesk, name: str) -> None:
    collection = COLLECTIONS[name]
    fields = [field for field, rule in collection.fields.items() if rule in SHOWN and field not in NEVER_CHANGED]
    for map_name, rules in collection.inner.items():
        fields += [f"{map_name}/wohnen/{field}" for field, rule in rules.items() if rule in SHOWN]
    unnamed = [field for field in fields if "Weitere Angabe" in field_label(desk.store, name, field)]
    assert unnamed == []


def test_a_field_without_a_name_is_told_by_its_column(desk: OfficeDesk) -> None:
    assert field_label(desk.store, "service", "licenses") == "Weitere Angabe (licenses)"


@pytest.mark.parametrize("fact", Fact)
def test_answers_are_told_in_words(desk: OfficeDesk, fact: Fact) -> None:
    for code, label in {**fact_answers(fact), "not_asked": "nicht gefragt"}.items():
        assert shown(desk, "contact", fact.value, code) == label


def test_codes_are_told_in_words(desk: OfficeDesk) -> None:
    told = [
        *(("contact", "needs/wohnen/result", code.value, code.label) for code in Result),
        *(("contact", "needs/wohnen/unmet_reason", code.value, code.label) for code in UnmetReason),
        *(("contact", "referrals/x/mode", code.value, code.label) for code in ReferralMode),
        *(("contact", "referrals/x/state", code.value, code.label) for code in ReferralState),
        *(("visitor_consent", "kind", code.value, code.label) for code in ConsentKind),
        *(("office", "legal_profile", code.value, code.label) for code in LegalProfile),
        ("account", "role", Role.COORDINATION.value, "Koordination"),
        ("service", "status", "defunct", "eingestellt"),
        ("schedule", "byday", "MO,TH", "Mo, Do"),
        ("visitor_consent", "ends_on", "2027-03-31", "31.03.2027"),
        ("topic", "active", 0, "nein"),
        ("contact", "note", {"text": "Ruft an", "written_at": "x"}, "Ruft an"),
        ("contact", "link", {"visitor_id": None, "card_id": "k"}, "Besuchskarte"),
        ("contact", "link", {"visitor_id": "gone", "card_id": None}, "gelöscht"),
        ("contact", "needs/wohnen", {"result": "unmet", "unmet_reason": "full"}, None),
        ("contact", "channel", "a newer channel", "a newer channel"),
        ("contact", "channel", None, ""),
    ]
    for collection, field, value, words in told:
        found = shown(desk, collection, field, value)
        assert found == words if words is not None else found and "unmet" not in found, (collection, field, value)


def test_a_value_is_told_whole(desk: OfficeDesk) -> None:
    """Two long texts may differ at their end only; whoever decides has to see it."""
    long = "Ruft vormittags an. " * 100
    for collection, field in (("service", "description"), ("contact", "material"), ("service_remark", "remark")):
        assert shown(desk, collection, field, long + "Montags.") == long + "Montags."
    whole = {"remark": long + "Montags.", "changed_at": "2026-11-01T08:00:00.000Z"}
    assert shown(desk, "service_remark", "", whole).endswith("Montags.")
    assert "Montags." in shown(desk, "organization", "", {"name": "Verein", "text": long + "Montags."})


def test_a_social_space_is_told_by_its_name(desk: OfficeDesk) -> None:
    (space_id,) = desk.store.sql("SELECT id FROM social_space WHERE name = 'Nordstadt'")[0]
    assert shown(desk, "contact", "social_space", space_id) == "Nordstadt"
    assert shown(desk, "contact", "social_space", "outside") == "von außerhalb"


def test_an_entry_of_several_is_told_by_its_topic_or_service(desk: OfficeDesk) -> None:
    assert field_label(desk.store, "contact", "needs/wohnen") == "Anliegen „Wohnen“"
    assert field_label(desk.store, "contact", "needs/wohnen/result") == "Anliegen „Wohnen“: Ergebnis"
    assert field_label(desk.store, "contact", "referrals/service-1/state") == (
        "Weitervermittlung an „Angebot 1“: Stand"
    )
    assert field_label(desk.store, "contact", "referrals/service-1") == "Weitervermittlung an „Angebot 1“"


def test_a_conflict_is_told_alike_at_every_desk(make_desk: Maker) -> None:
    """„Here“ is the desk that found it; at every other desk that one is called by its name."""
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    contact = one.contact()
    in_step(one, two)
    one.correct(contact, material="Rollator")
    two.correct(contact, material="Lupe")
    in_step(one, two)

    def told(desk: OfficeDesk) -> tuple[str, str, str, str, str]:
        (found,) = [conflict for conflict in desk.sync.conflicts() if conflict.what == "Kontakt"]
        (field,) = found.fields
        return found.found_by, found.mine_where, field.mine, found.theirs_where, field.theirs

    assert told(two) == ("Beratung", "hier", "Lupe", "an „Empfang“", "Rollator")
    assert told(one) == ("Beratung", "an „Beratung“", "Lupe", "hier", "Rollator")
    # Two of the same name: which of them is here can't be told by it.
    three = make_desk("Beratung")
    three.join(one)
    in_step(one, two, three)
    assert told(two) == told(three) == ("Beratung", "an „Beratung“", "Lupe", "an „Empfang“", "Rollator")
    assert told(one) == ("Beratung", "an „Beratung“", "Lupe", "hier", "Rollator")
    # A desk that works alone again has no name of its own.
    for desk in (one, two):
        desk.sync.disconnect(desk.actor)
        assert told(desk) == ("Beratung", "an „Beratung“", "Lupe", "an einem anderen als „Beratung“", "Rollator")


def test_two_contacts_of_one_minute_are_told_apart(desk: OfficeDesk) -> None:
    contacts = desk.office.desk.contacts
    first = contacts.record_contact(desk.actor, ContactEntry(needs=(NeedEntry("wohnen"), NeedEntry("pflege"))))
    second = contacts.record_contact(
        desk.actor, ContactEntry(needs=(NeedEntry("pflege"),), channel=Channel.PHONE, note="Vertraulich")
    )
    one, other = (record_text(desk.store, "contact", contact) for contact in (first, second))
    assert one.partition(" · ")[0] == other.partition(" · ")[0]
    assert one.split(" · ")[1:] == ["Wohnen, Pflege", "Im Büro", "EM"]
    assert other.split(" · ")[1:] == ["Pflege", "Telefon", "EM"]
    assert record_text(desk.store, "contact", "gone") == ""


def where(desk: OfficeDesk) -> tuple[str, str]:
    (found,) = [conflict for conflict in desk.sync.conflicts() if conflict.what == "Kontakt"]
    return found.mine_where, found.theirs_where


def test_three_desks_say_here_of_what_was_written_here(make_desk: Maker) -> None:
    one, two, three = make_desk("Empfang"), make_desk("Beratung"), make_desk("Büro")
    one.connect()
    two.join(one)
    three.join(one)
    contact = one.contact()
    in_step(one, two, three)
    one.correct(contact, material="Rollator")
    two.correct(contact, material="Lupe")
    in_step(one, two, three)
    assert where(one) == ("an „Beratung“", "hier")
    assert where(two) == ("hier", "an „Empfang“")
    assert where(three) == ("an „Beratung“", "an „Empfang“")


def test_where_several_may_have_written_it_nobody_is_named(make_desk: Maker) -> None:
    """The first desk wrote the value, the third one sent the record last: for something else."""
    one, two, three = make_desk("Empfang"), make_desk("Beratung"), make_desk("Büro")
    one.connect()
    two.join(one)
    three.join(one)
    contact = one.contact()
    in_step(one, two, three)
    two.correct(contact, material="Lupe")
    one.correct(contact, material="Rollator")
    one.round()
    three.round()
    three.correct(contact, channel=Channel.PHONE)
    three.round()
    in_step(two, one, three)
    assert where(two) == ("hier", "an einem anderen Rechner")
    assert where(one) == where(three) == ("an „Beratung“", "an einem anderen als „Beratung“")


def test_of_conflicts_from_before_two_desks_know_who_it_was(make_desk: Maker) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    contact = one.contact()
    in_step(one, two)
    one.correct(contact, material="Rollator")
    two.correct(contact, material="Lupe")
    in_step(one, two)
    for desk in (one, two):
        with desk.store.unit_of_work(desk.actor, "forget", None) as unit:
            unit.derived("UPDATE sync_conflict SET theirs_device = NULL")
    assert where(one) == ("an „Beratung“", "hier")
    assert where(two) == ("hier", "an einem anderen Rechner")


def test_a_desk_that_corrected_twice_is_known_among_two(make_desk: Maker) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    contact = one.contact()
    in_step(one, two)
    two.correct(contact, material="Lupe")
    for material in ("Rollator", "Stock"):
        one.correct(contact, material=material)
        one.round()
    in_step(two, one)
    assert where(two) == ("hier", "an „Empfang“")
    assert where(one) == ("an „Beratung“", "hier")
