"""People are handed over on a bad line, with changed minds, desks that die and a hub that lies: both sides end at the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.core.errors import UserError
from desktop_app.exchange.records import Cause, DeclineReason, Outcome
from tests.faults.exchange.between import MEET, PULL, PUSH, Between, Side
from tests.faults.mortal import mortal_desks
from tests.faults.sync.proxy import (
    Exchange,
    Fault,
    Later,
    cut_after,
    cut_request,
    doubled,
    garbled,
    lost_after,
    lost_before,
    no_fault,
    page,
)
from tests.faults.sync.standing import StandingDesk
from tests.sync.sharing import NORTH, SOUTH, Sharing

ROOT = Path(__file__).resolve().parents[3]
BROKEN_OFF = "Die Verbindung ist abgebrochen. Es geht nichts verloren"
NOT_THE_HUB = "Statt des Abgleich-Servers hat etwas anderes geantwortet"
DAMAGED = "Der Eintrag ist beschädigt angekommen und wurde nicht übernommen."
MISPLACED = "Der Eintrag lag an der falschen Stelle und wurde nicht übernommen."

FAULTS: dict[str, tuple[Fault, str]] = {
    "answer lost": (lost_after, BROKEN_OFF),
    "request lost": (lost_before, BROKEN_OFF),
    "request cut": (cut_request, BROKEN_OFF),
    "answer cut": (cut_after(60), BROKEN_OFF),
    "answer garbled": (garbled, NOT_THE_HUB),
    "captive portal": (page(200), NOT_THE_HUB),
    "doubled": (doubled, ""),
}


# The steps of a referral: what is done, by whom, and how it stands then ------------------------------------


def _offer(between: Between) -> tuple[Side, str, Outcome]:
    return between.north, between.offer(f"Karl {len(between.offered)}"), Outcome.WAITING


def _accept(between: Between) -> tuple[Side, str, Outcome]:
    referral_id = between.waiting()
    between.south.sharing.offers.accept(between.south.desk.actor, referral_id)
    return between.south, referral_id, Outcome.ACCEPTED


def _decline(between: Between) -> tuple[Side, str, Outcome]:
    referral_id = between.waiting()
    south = between.south
    south.sharing.offers.decline(south.desk.actor, referral_id, DeclineReason.NO_CAPACITY, "Erst im März")
    return south, referral_id, Outcome.DECLINED


def _withdraw(between: Between) -> tuple[Side, str, Outcome]:
    referral_id = between.waiting()
    between.north.sharing.offers.withdraw(between.north.desk.actor, referral_id)
    return between.north, referral_id, Outcome.WITHDRAWN


def _withdraw_accepted(between: Between) -> tuple[Side, str, Outcome]:
    _, referral_id, _ = _accept(between)
    between.rounds(2)
    between.north.sharing.offers.withdraw(between.north.desk.actor, referral_id)
    return between.north, referral_id, Outcome.WITHDRAWN_AFTER_ACCEPTANCE


STEPS: dict[str, Callable[[Between], tuple[Side, str, Outcome]]] = {
    "offer": _offer,
    "accept": _accept,
    "decline": _decline,
    "withdraw": _withdraw,
    "withdraw what was accepted": _withdraw_accepted,
}


#: Every fault in one step; those that leave the hub in another state in all of them.
PUSHES = [
    *(("accept", fault) for fault in FAULTS),
    *(
        (step, fault)
        for step in ("offer", "decline", "withdraw")
        for fault in ("answer lost", "request lost", "doubled")
    ),
    ("withdraw what was accepted", "answer lost"),
]


@pytest.mark.parametrize(("step", "fault"), PUSHES)
def test_every_step_survives_every_fault_of_its_push(lasting: Between, step: str, fault: str) -> None:
    actor, referral_id, outcome = STEPS[step](lasting)
    bad, sentence = FAULTS[fault]
    actor.proxy.on(PUSH, bad)
    if sentence:
        assert actor.fails().startswith(sentence)
    else:
        actor.desk.round()
    lasting.settle()
    assert lasting.north.sharing.referral(referral_id).outcome is outcome


@pytest.mark.parametrize(
    ("step", "skip", "fault"),
    [
        ("offer", 0, "answer lost"),
        ("offer", 0, "answer garbled"),
        *((step, 1, "answer cut") for step in ("offer", "accept", "withdraw")),
    ],
)
def test_every_step_survives_a_broken_pull_before_and_after_its_push(
    lasting: Between, step: str, skip: int, fault: str
) -> None:
    actor, referral_id, outcome = STEPS[step](lasting)
    bad, sentence = FAULTS[fault]
    actor.proxy.on(PULL, bad, skip=skip)
    assert actor.fails().startswith(sentence)
    lasting.settle()
    assert lasting.north.sharing.referral(referral_id).outcome is outcome


@pytest.mark.parametrize("step", ["offer", "accept", "withdraw what was accepted"])
def test_the_other_side_hears_of_every_step_on_a_bad_line(lasting: Between, step: str) -> None:
    actor, referral_id, outcome = STEPS[step](lasting)
    actor.desk.round()
    other = lasting.south if actor is lasting.north else lasting.north
    other.proxy.on(PULL, cut_after(200))
    assert other.fails().startswith(BROKEN_OFF)
    other.proxy.on(PULL, doubled, times=None)
    lasting.settle()
    assert other.sharing.referral(referral_id).outcome is outcome


@pytest.mark.parametrize("fault", ["answer lost", "request lost", "doubled"])
def test_two_offices_meet_on_a_bad_line(between: Between, fault: str) -> None:
    between.offer()
    bad, sentence = FAULTS[fault]
    between.north.proxy.on(MEET, bad)
    if sentence:
        assert between.north.fails().startswith(sentence)
    between.settle()
    assert between.south.sharing.found.waiting().received == 1


# Somebody changes their mind while a push is under way ---------------------------------------------------


def test_an_offer_that_was_taken_back_before_the_hub_had_it_is_never_sent(lasting: Between) -> None:
    north, referral_id = lasting.north, lasting.offer("Zurückgenommen")
    north.proxy.on(PUSH, lost_before)
    north.fails()
    north.sharing.offers.withdraw(north.desk.actor, referral_id)
    north.desk.round()
    # That it was withdrawn is told: from here nobody knows whether the request arrived.
    assert not lasting.content_at_the_hub(referral_id)
    lasting.settle()


def test_an_offer_whose_consent_was_revoked_is_never_sent(lasting: Between) -> None:
    north = lasting.north
    person = north.sharing.person("Widerrufen")
    referral_id = north.sharing.offer(person)
    lasting.offered.append(referral_id)
    north.proxy.on(PUSH, lost_before)
    north.fails()
    north.sharing.files.revoke_consent(north.desk.actor, north.sharing.consent(person))
    north.desk.round()
    assert not lasting.content_at_the_hub(referral_id)
    assert north.sharing.referral(referral_id).cause is Cause.REVOKED
    lasting.settle()


def test_a_consent_that_is_revoked_before_the_first_round_keeps_the_person_here(lasting: Between) -> None:
    north = lasting.north
    person = north.sharing.person("Bleibt hier")
    referral_id = north.sharing.offer(person)
    lasting.offered.append(referral_id)
    north.sharing.files.revoke_consent(north.desk.actor, north.sharing.consent(person))
    lasting.settle()
    assert lasting.at_the_hub(referral_id) == {}


def test_an_offer_that_the_hub_had_already_is_withdrawn_there(lasting: Between) -> None:
    north, referral_id = lasting.north, lasting.offer("Schon dort")
    north.proxy.on(PUSH, lost_after)
    north.fails()
    assert lasting.content_at_the_hub(referral_id) == "Schon dort"
    north.sharing.offers.withdraw(north.desk.actor, referral_id)
    north.desk.round()
    assert not lasting.content_at_the_hub(referral_id)
    lasting.settle()


def test_an_offer_that_arrives_after_it_was_taken_back_stays_outside(lasting: Between) -> None:
    north, referral_id, late = lasting.north, lasting.offer("Zu spät"), Later()
    north.proxy.on(PUSH, late)
    north.fails()
    north.sharing.offers.withdraw(north.desk.actor, referral_id)
    north.desk.round()
    late.let_through()
    assert not lasting.content_at_the_hub(referral_id)
    lasting.settle()
    assert lasting.north.sharing.referral(referral_id).outcome is Outcome.WITHDRAWN


def test_an_answer_that_was_taken_back_before_the_hub_had_it_is_never_sent(lasting: Between) -> None:
    south, referral_id = lasting.south, lasting.waiting()
    south.sharing.offers.accept(south.desk.actor, referral_id)
    south.proxy.on(PUSH, lost_before)
    south.fails()
    south.sharing.offers.undo_answer(south.desk.actor, referral_id)
    lasting.rounds()
    assert lasting.north.sharing.referral(referral_id).outcome is Outcome.WAITING
    south.sharing.offers.decline(south.desk.actor, referral_id, DeclineReason.INCOMPLETE)
    lasting.settle()
    assert lasting.north.sharing.referral(referral_id).outcome is Outcome.DECLINED


def test_an_answer_that_arrives_after_another_one_changes_nothing(lasting: Between) -> None:
    south, referral_id, late = lasting.south, lasting.waiting(), Later()
    south.sharing.offers.accept(south.desk.actor, referral_id)
    south.proxy.on(PUSH, late)
    south.fails()
    south.sharing.offers.undo_answer(south.desk.actor, referral_id)
    south.sharing.offers.decline(south.desk.actor, referral_id, DeclineReason.INCOMPLETE)
    south.desk.round()
    late.let_through()
    lasting.settle()
    assert lasting.north.sharing.referral(referral_id).outcome is Outcome.DECLINED


def test_a_withdrawal_that_was_taken_back_before_the_hub_had_it_is_never_sent(lasting: Between) -> None:
    north, referral_id = lasting.north, lasting.waiting()
    north.sharing.offers.withdraw(north.desk.actor, referral_id)
    north.proxy.on(PUSH, lost_before)
    north.fails()
    north.sharing.offers.undo_withdrawal(north.desk.actor, referral_id)
    lasting.settle()
    assert lasting.south.sharing.referral(referral_id).outcome is Outcome.WAITING


@pytest.mark.parametrize("fault", ["none", "answer lost"])
@pytest.mark.parametrize("first", ["withdrawal", "acceptance"])
def test_a_withdrawal_and_an_acceptance_are_under_way_at_once(lasting: Between, first: str, fault: str) -> None:
    referral_id = lasting.waiting()
    lasting.north.sharing.offers.withdraw(lasting.north.desk.actor, referral_id)
    lasting.south.sharing.offers.accept(lasting.south.desk.actor, referral_id)
    quick, slow = lasting.north, lasting.south
    if first == "acceptance":
        quick, slow = slow, quick

    def overtaken(exchange: Exchange) -> None:
        quick.desk.round()
        (no_fault if fault == "none" else lost_after)(exchange)

    slow.proxy.on(PUSH, overtaken)
    if fault == "none":
        slow.desk.round()
    else:
        assert slow.fails().startswith(BROKEN_OFF)
    assert set(lasting.at_the_hub(referral_id)) == {"o", "a"}
    lasting.settle()
    for side in (lasting.north, lasting.south):
        assert side.sharing.referral(referral_id).outcome is Outcome.WITHDRAWN


# Keys ----------------------------------------------------------------------------------------------------


def shut_a_desk_out(between: Between) -> None:
    """South gets new keys, and its former ones are known to somebody who is not one of it any more."""
    south = between.south.desk
    second = between.another_desk("Beratung")
    second.join(south)
    south.sync.revoke(south.actor, second.engine.connection.device_id)
    south.round()


def test_what_was_prepared_for_a_former_key_goes_to_the_new_one_after_comparing(between: Between) -> None:
    north, south = between.north, between.south
    referral_id = between.offer()
    north.proxy.on(PUSH, lost_before)
    north.fails()
    shut_a_desk_out(between)
    between.rounds(2)
    assert between.at_the_hub(referral_id) == {}, "sealed to a key that somebody outside has"
    assert north.sharing.referral(referral_id).problem == "key_changed"
    north.sharing.compare(SOUTH)
    between.settle()
    assert south.sharing.referral(referral_id).person == "Frieda Eins"


def test_an_answer_under_a_new_key_is_taken_as_soon_as_it_was_compared(between: Between) -> None:
    north, south = between.north, between.south
    referral_id = between.waiting()
    shut_a_desk_out(between)
    south.sharing.offers.accept(south.desk.actor, referral_id)
    between.rounds(2)
    assert north.sharing.referral(referral_id).outcome is Outcome.WAITING
    assert north.sharing.found.with_unknown_key() == (south.desk.office_id,)
    north.sharing.compare(SOUTH)
    north.desk.round()
    assert north.sharing.referral(referral_id).outcome is Outcome.ACCEPTED
    between.settle()


# A hub that lies -----------------------------------------------------------------------------------------


def _flip(text: str) -> str:
    middle = len(text) // 2
    return text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]


def told(side: Side, sentence: str) -> int:
    """Return how many records the page Abgleich shows, all of them with this sentence."""
    found = [one.sentence for one in side.desk.sync.parked()]
    assert all(one.startswith(sentence) for one in found), found
    return len(found)


def test_a_changed_offer_is_refused_and_told(between: Between) -> None:
    referral_id = between.offer()
    between.north.desk.round()
    good = between.at_the_hub(referral_id)["o"]
    for changed in (_flip(good), good[:-60], "", "QX1"):
        between.put(referral_id, changed)
        between.rounds(1)
        for side in (between.north, between.south):
            assert told(side, DAMAGED) == 1
            assert side.desk.sync.status().parked_records == 1
        assert between.south.sharing.found.received() == ()
        with pytest.raises(UserError):
            between.south.sharing.offers.accept(between.south.desk.actor, referral_id)
    # The true one is taken once it comes, and nothing is told any more.
    between.put(referral_id, good)
    between.settle()
    assert between.south.sharing.referral(referral_id).person == "Frieda Eins"


def test_offers_that_changed_places_are_refused_and_told(between: Between) -> None:
    one, other = between.offer("Frieda Eins"), between.offer("Karl Zwei")
    between.north.desk.round()
    texts = {each: between.at_the_hub(each)["o"] for each in (one, other)}
    between.put(one, texts[other])
    between.put(other, texts[one])
    between.south.desk.round()
    assert told(between.south, MISPLACED) == 2
    assert between.south.sharing.found.received() == ()
    between.put(one, texts[one])
    between.put(other, texts[other])
    between.settle()
    assert between.south.sharing.referral(one).person == "Frieda Eins"


def test_an_offer_as_an_answer_and_an_answer_of_another_are_refused(between: Between) -> None:
    accepted, waiting = between.waiting(), between.waiting()
    between.south.sharing.offers.accept(between.south.desk.actor, accepted)
    between.rounds(2)
    answer = between.at_the_hub(accepted)["a"]
    between.south.sharing.offers.decline(between.south.desk.actor, waiting, DeclineReason.OTHER)
    between.south.desk.round()
    good = between.at_the_hub(waiting)["a"]
    for wrong in (answer, between.at_the_hub(waiting)["o"]):
        between.put(waiting, wrong, "a")
        between.north.desk.round()
        assert told(between.north, MISPLACED) == 1
        assert between.north.sharing.referral(waiting).outcome is Outcome.WAITING
    between.put(waiting, good, "a")
    between.settle()
    assert between.north.sharing.referral(waiting).outcome is Outcome.DECLINED


def test_an_offer_that_was_withdrawn_does_not_come_back(between: Between) -> None:
    referral_id = between.waiting()
    old = between.at_the_hub(referral_id)["o"]
    between.north.sharing.offers.withdraw(between.north.desk.actor, referral_id)
    between.rounds(2)
    between.put(referral_id, old)
    between.south.desk.round()
    found = between.south.sharing.referral(referral_id)
    assert (found.outcome, found.has_content) == (Outcome.WITHDRAWN, False)
    assert between.content_at_the_hub(referral_id)
    between.settle()  # north has told it again


def test_an_offer_handed_to_a_third_office_is_refused_and_told(between: Between) -> None:
    north = between.north.sharing
    third = Sharing(between.another_desk("Empfang", "Büro West"))
    third.desk.connect()
    north.desk.round()
    third.desk.round()
    north.compare("Büro West")
    third.compare(NORTH)
    own = north.offer(north.person("Für West", "Büro West"), "Büro West")
    secret = between.offer("Nur für Süd")
    north.desk.round()
    third.desk.round()
    assert third.referral(own).person == "Für West"
    between.put(own, between.at_the_hub(secret)["o"])
    third.desk.round()
    assert [one.sentence[: len(MISPLACED)] for one in third.desk.sync.parked()] == [MISPLACED]
    assert third.referral(own).person == "Für West"
    everything = "".join(
        str(third.desk.store.sql(f"SELECT * FROM {table}"))
        for table in ("exchange_referral", "exchange_wire", "sync_parked")
    )
    assert "Nur für Süd" not in everything


# A desk that dies ----------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
def test_the_offering_desk_is_killed_between_its_write_and_the_answer(between: Between) -> None:
    north = between.north
    north.desk.close()
    words = [str(north.desk.folder), north.desk.data_key.hex(), north.proxy.address, north.desk.office_id]
    with mortal_desks("tests.faults.exchange.offering_desk", *words) as desks:

        def die(exchange: Exchange) -> None:
            desks.kill()
            exchange.close()

        def die_after(exchange: Exchange) -> None:
            exchange.forward()
            die(exchange)

        for number, (pattern, fault) in enumerate((("nothing", die), (MEET, die), (PUSH, die), (PUSH, die_after))):
            north.proxy.on(pattern, fault)
            (said,) = desks.lines(f"{number} {'alone' if pattern == 'nothing' else 'round'}")
            assert desks.was_killed
            assert said[0] == "offered"
            between.offered.append(said[1])
            north.proxy.heal()
    between.clock.set(north.desk.clock.now())
    north.sharing.desk = StandingDesk(
        "Empfang",
        north.desk.folder,
        between.hub,
        north.desk.office_id,
        between.clock,
        north.proxy.address,
        north.desk.data_key,
    )
    between.settle()
    people = sorted(one.person for one in between.south.sharing.found.received())
    assert people == sorted(f"Person {number}" for number in range(4))
