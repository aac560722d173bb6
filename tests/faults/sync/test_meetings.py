"""Changes of several desks that meet at the hub, in every order and in the middle of a push."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from desktop_app.contacts.vocabulary import Channel
from desktop_app.directory.tables import ServiceTopic
from tests.faults.sync.proxy import Exchange
from tests.faults.sync.standing import Standing, StandingDesk
from tests.faults.sync.test_keys import add_desk
from tests.sync.desks import OfficeDesk, in_step

OFFICE_PUSH = r"^POST /v1/spaces/office-[^/]*/push"


def kept_values(desk: OfficeDesk) -> set[str]:
    """Return every value the conflict inbox keeps, as people read it."""
    fields = [field for conflict in desk.sync.conflicts() for field in conflict.fields]
    return {value for field in fields for value in (field.mine, field.theirs)}


def test_mixed_results_in_one_push(on_both: Standing) -> None:
    """The other desk gets in between the pull and the push: half of what is sent stands, half meets something newer."""
    one, two = on_both.one, on_both.two
    contacts = [one.contact(material=f"{number}") for number in range(6)]
    on_both.settle()
    for number, contact in enumerate(contacts):
        one.correct(contact, material=f"eins {number}")
    for number, contact in enumerate(contacts[:3]):
        two.correct(contact, material=f"zwei {number}", note="von zwei")

    def between(exchange: Exchange) -> None:
        two.round()
        exchange.answer(exchange.forward())

    on_both.proxy.on(OFFICE_PUSH, between)
    result = one.round()
    assert result.new_conflicts == 3
    on_both.settle()
    assert one.contacts() == [f"eins {number}" for number in range(6)]
    assert {f"zwei {number}" for number in range(3)} <= kept_values(two)
    assert all(two.office.desk.queries.contact(contact).has_note for contact in contacts[:3])
    assert one.count("sync_conflict") == two.count("sync_conflict") == 3


@pytest.mark.parametrize("many", [2, 3])
def test_the_same_record_on_several_desks_in_every_order(standing: Standing, tmp_path: Path, many: int) -> None:
    desks: list[OfficeDesk] = [standing.one, standing.two]
    if many == 3:
        desks.append(add_desk(standing, tmp_path))
    for order in itertools.permutations(range(many)):
        contact = desks[0].contact(material="vorher")
        in_step(*desks, rounds=6)
        values = [f"{place} in {order}" for place in range(many)]
        channels = (Channel.PHONE, Channel.MAIL, Channel.HOME_VISIT)
        for place, desk in enumerate(desks):
            facts = {"channel": channels[place]} if place == 0 else {"note": f"Notiz {order}"} if place == 1 else {}
            desk.correct(contact, material=values[place], **facts)
        for place in order:
            desks[place].round()
        in_step(*desks, rounds=6)
        stands = desks[0].office.desk.queries.contact(contact)
        assert stands.material in values
        assert stands.channel is channels[0]
        assert stands.has_note
        for desk in desks:
            assert set(values) - {stands.material} <= kept_values(desk), "a value that does not stand is nowhere"
    standing.settle()


def _add(desk: StandingDesk) -> None:
    with desk.store.unit_of_work(desk.actor, "tag_service", ("service", "service-1")) as unit:
        row = {"id": desk.store.ids.new_id(), "service_id": "service-1", "topic": "wohnen", "suggested": 0}
        unit.insert(ServiceTopic, row)


def _remove(desk: StandingDesk) -> None:
    rows = desk.store.sql("SELECT id FROM service_topic WHERE service_id = 'service-1' AND topic = 'wohnen'")
    with desk.store.unit_of_work(desk.actor, "tag_service", ("service", "service-1")) as unit:
        for (row_id,) in rows:
            unit.delete(ServiceTopic, row_id)


def test_what_was_deleted_is_made_again(standing: Standing) -> None:
    """Under the same name, at the same desk and at the other one, one after the other and at the same time."""
    one, two = standing.one, standing.two

    def there(count: int) -> None:
        standing.settle()
        for desk in (one, two):
            assert desk.count("service_topic WHERE service_id = 'service-1' AND topic = 'wohnen'") == count

    for remover, maker in ((one, one), (one, two), (two, one)):
        _add(maker)
        there(1)
        _remove(remover)
        there(0)
    _add(one)
    there(1)
    _remove(one)
    _add(one)  # before anybody heard of it
    there(1)
    _remove(one)
    _remove(two)
    _add(two)  # nothing has changed at this desk in the end: what the other did stands
    there(0)
    _remove(one)
    _remove(two)
    there(0)
    _add(one)
    _add(two)  # twice at once is once
    there(1)
