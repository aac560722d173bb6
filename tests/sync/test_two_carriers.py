"""Offices of different carriers over a real hub: one directory with its owners, and people handed over with their consent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.directory.tables import Organization, Service
from desktop_app.exchange.records import DeclineReason, Outcome
from desktop_app.sync.records import ConflictKind, SpaceKind
from tests.sync.desks import Maker, in_step
from tests.sync.sharing import NORTH, SOUTH, Sharing, rounds


@pytest.fixture
def offices(make_desk: Maker) -> tuple[Sharing, Sharing]:
    """Two offices; the second came to the hub after the first."""
    north, south = make_desk("Empfang", NORTH), make_desk("Empfang", SOUTH)
    north.connect()
    south.connect()
    return Sharing(north), Sharing(south)


def test_an_office_that_comes_later_is_known_with_the_next_round(offices: tuple[Sharing, Sharing]) -> None:
    north, south = offices
    assert [(one.name, one.has_key) for one in north.found.partners()] == [(SOUTH, False)]
    assert [(one.name, one.has_key) for one in south.found.partners()] == [(NORTH, True)]
    north.desk.round()
    assert [(one.name, one.has_key) for one in north.found.partners()] == [(SOUTH, True)]


def test_a_person_is_handed_over_and_the_answer_comes_back(offices: tuple[Sharing, Sharing]) -> None:
    north, south = offices
    north.desk.round()
    assert north.compare(SOUTH) == south.compare(NORTH)
    taken, refused, withdrawn = (north.offer(north.person(name)) for name in ("Frieda Eins", "Karl Zwei", "Ida Drei"))
    rounds(north, south)
    assert {one.person for one in south.found.received()} == {"Frieda Eins", "Karl Zwei", "Ida Drei"}
    detail = south.offers.open_referral(south.desk.actor, taken)
    assert detail.content is not None
    assert (detail.content.phone, detail.content.consent.purpose) == ("0208 1", "Begleitung zum Amt")
    south.offers.accept(south.desk.actor, taken)
    south.offers.decline(south.desk.actor, refused, DeclineReason.NO_CAPACITY, "Erst im März")
    north.offers.withdraw(north.desk.actor, withdrawn)
    rounds(south, north)
    for one in (north, south):
        assert one.referral(taken).outcome is Outcome.ACCEPTED
        assert one.referral(refused).outcome is Outcome.DECLINED
        assert one.referral(withdrawn).outcome is Outcome.WITHDRAWN
        assert all(one.referral(each).is_told for each in (taken, refused, withdrawn))
    assert north.referral(refused).answer_text == "Erst im März"
    assert not south.referral(withdrawn).has_content


def test_a_consent_taken_back_ends_an_offer_everywhere(offices: tuple[Sharing, Sharing]) -> None:
    north, south = offices
    north.desk.round()
    north.compare(SOUTH)
    south.compare(NORTH)
    person = north.person("Frieda Eins")
    referral = north.offer(person)
    rounds(north, south)
    north.files.revoke_consent(north.desk.actor, north.consent(person))
    rounds(north, south)
    assert north.referral(referral).outcome is south.referral(referral).outcome is Outcome.WITHDRAWN
    assert south.desk.store.sql("SELECT content FROM exchange_referral") == [("",)]
    assert "Frieda" not in "".join(map(str, south.desk.store.sql("SELECT * FROM exchange_wire")))


def test_every_desk_of_an_office_sees_and_answers(offices: tuple[Sharing, Sharing], make_desk: Maker) -> None:
    north, south = offices
    second = make_desk("Beratung", SOUTH)
    second.join(south.desk)
    north.desk.round()
    north.compare(SOUTH)
    south.compare(NORTH)
    in_step(south.desk, second)
    referral = north.offer(north.person("Frieda Eins"))
    rounds(north, south)
    in_step(south.desk, second)
    beside = Sharing(second)
    assert beside.referral(referral).person == "Frieda Eins"
    beside.offers.accept(second.actor, referral)
    rounds(beside, north)
    in_step(south.desk, second)
    assert north.referral(referral).outcome is south.referral(referral).outcome is Outcome.ACCEPTED


def test_after_a_desk_was_shut_out_the_new_key_is_published_and_compared(
    offices: tuple[Sharing, Sharing], make_desk: Maker
) -> None:
    north, south = offices
    second = make_desk("Beratung", SOUTH)
    second.join(south.desk)
    north.desk.round()
    before = north.compare(SOUTH)
    south.compare(NORTH)
    waiting = north.offer(north.person("Frieda Eins"))
    rounds(north, south)
    south.desk.sync.revoke(south.desk.actor, second.engine.connection.device_id)
    rounds(north, south)
    (office,) = north.found.partners()
    assert office.key_changed
    assert north.compare(SOUTH) != before
    # What was sealed to the former key is still read, and answered under the new one.
    assert south.referral(waiting).person == "Frieda Eins"
    south.offers.accept(south.desk.actor, waiting)
    fresh = north.offer(north.person("Karl Zwei"))
    rounds(north, south)
    assert north.referral(waiting).outcome is Outcome.ACCEPTED
    assert south.referral(fresh).person == "Karl Zwei"


def test_the_directory_is_one_and_each_carrier_changes_its_own(offices: tuple[Sharing, Sharing]) -> None:
    north, south = offices
    north.desk.round()
    store, actor = south.desk.store, south.desk.actor
    with store.unit_of_work(actor, "verify_service", ("service", "süd")) as unit:
        unit.insert(Organization, {"id": "org-süd", "name": "Caritas Süd", "description": "Hilft", "extra": "{}"})
        unit.insert(
            Service,
            {"id": "svc-süd", "organization_id": "org-süd", "name": "Mittagstisch", "status": "active", "extra": "{}"},
        )
    rounds(south, north)
    assert north.desk.store.sql("SELECT name FROM service WHERE id = 'svc-süd'") == [("Mittagstisch",)]
    with north.desk.store.unit_of_work(north.desk.actor, "verify_service", ("service", "svc-süd")) as unit:
        unit.update(Service, "svc-süd", {"name": "Mittagstisch (falsch)"})
    rounds(north, south)
    for one in offices:
        assert one.desk.store.sql("SELECT name FROM service WHERE id = 'svc-süd'") == [("Mittagstisch",)]
    (conflict,) = [one for one in north.desk.sync.conflicts() if one.kind is ConflictKind.NOT_OURS and one.fields]
    assert conflict.fields[0].mine == "Mittagstisch (falsch)"
    # Whom to tell: the carrier, and its office where it has one only.
    assert (conflict.owner, conflict.owner_office) == (f"Träger von {SOUTH}", SOUTH)
    assert conflict.theirs_where == f"bei „Träger von {SOUTH}“"
    with north.desk.store.unit_of_work(north.desk.actor, "forget", None) as unit:
        unit.derived("INSERT INTO exchange_office SELECT 'second', 'Zweigstelle', carrier_id, carrier_name, NULL, 0 "
                     "FROM exchange_office WHERE name = ?", (SOUTH,))  # fmt: skip
    again = north.desk.sync.conflict(conflict.conflict_id)
    assert (again.owner, again.owner_office) == (f"Träger von {SOUTH}", "")
    with north.desk.store.unit_of_work(north.desk.actor, "forget", None) as unit:
        unit.derived("DELETE FROM exchange_office WHERE is_own = 0")
    again = north.desk.sync.conflict(conflict.conflict_id)
    assert (again.owner, again.theirs_where) == ("", "beim anderen Träger")
    assert not south.desk.sync.conflicts() or all(
        one.kind is ConflictKind.NOT_OURS for one in south.desk.sync.conflicts()
    )


def test_nothing_of_an_office_reaches_another(offices: tuple[Sharing, Sharing]) -> None:
    north, south = offices
    north.person("Frieda Geheim")
    north.desk.contact(note="Sehr vertraulich")
    rounds(north, south)
    everything = "".join(
        str(row)
        for (table,) in south.desk.store.sql(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'"
        )
        for row in south.desk.store.sql(f'SELECT * FROM "{table}"')
    )
    assert "Frieda" not in everything
    assert "vertraulich" not in everything
    assert {share.kind: share.with_whom for share in north.desk.sync.shares()}[SpaceKind.STATISTICS] == ("niemand",)


def test_the_own_key_comes_back_to_a_hub_that_lost_it(offices: tuple[Sharing, Sharing]) -> None:
    north, south = offices
    north.desk.round()
    (before,) = north.found.partners()
    from hub.storage.tables import Office

    database = north.desk.running.database
    with database.writing():
        database.run(Office.update(public_key=None).where(Office.id == south.desk.office_id))
    north.desk.round()
    assert not north.found.partners()[0].has_key
    rounds(south, north, times=1)
    assert north.found.partners() == (replace(before),)
