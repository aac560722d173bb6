"""Somebody on the hub who swaps, replays, withholds and invents, alone and with a desk that was shut out.

The last tests state what is *not* prevented; docs/security.md says the same in words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import UserError
from desktop_app.sync.device_keys import DeviceKeys, new_device_keys
from desktop_app.sync.key_envelopes import sealed_envelope
from desktop_app.sync.key_messages import (
    COLLECTION,
    Envelope,
    Founding,
    JoinAnswer,
    JoinRequest,
    Message,
    commitment_to,
    message_id,
    message_text,
    nonce_text,
    read_message,
)
from desktop_app.sync.membership import Member, MemberKind, Standing, founded, with_member, with_standing
from desktop_app.sync.protocol import Record
from desktop_app.sync.sealing import OfficeKeys, Place, SealBroken, UnknownKey, open_sealed, seal, wire_id
from tests.hub.fixtures import hub  # noqa: F401
from tests.hub.running import HubThread
from tests.sync.key_desks import ACTOR, KeyDesk


@pytest.fixture
def new_desk(hub: HubThread, tmp_path: Path, clock: FixedClock) -> Iterator[Callable[[str], KeyDesk]]:  # noqa: F811
    office_id = hub.add_office("AWO", "Quartiersbüro Nord")
    made: list[KeyDesk] = []

    def make(name: str) -> KeyDesk:
        desk = KeyDesk(name, tmp_path / name, hub, office_id, clock)
        made.append(desk)
        desk.enrol()
        return desk

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def two(new_desk: Callable[[str], KeyDesk]) -> tuple[KeyDesk, KeyDesk]:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    second.ask()
    first.admit(second)
    first.poll()
    return first, second


@pytest.fixture
def three(two: tuple[KeyDesk, KeyDesk], new_desk: Callable[[str], KeyDesk]) -> tuple[KeyDesk, KeyDesk, KeyDesk]:
    third = new_desk("Leitung")
    third.ask()
    two[0].admit(third)
    for desk in (*two, third, *two):
        desk.poll()
    return (*two, third)


def record(space: str, message: Message, seq: int = 10**6) -> Record:
    return Record(
        seq=seq,
        collection=COLLECTION,
        id=message_id(space, message),
        deleted=False,
        erased=False,
        owner=None,
        data=message_text(message),
    )


def hand(desk: KeyDesk, *records: Record) -> None:
    with desk.store.unit_of_work(ACTOR, "sync_keys", None) as unit:
        desk.post.incoming(unit, records)


def records_of(desk: KeyDesk) -> list[Record]:
    page = desk.client.pull(desk.space, 0, 2000)
    return [found for found in page["records"] if found["collection"] == COLLECTION]


def message_in(desk: KeyDesk, found: dict[str, Any]) -> Message | None:
    return read_message(desk.space, found["id"], found["data"])


# ---------------------------------------------------------------------------------------------- swapped keys


class InBetween:
    """A hub that plays the desk to the newcomer and the newcomer to the desk, as well as it can."""

    def __init__(self, space: str, desk: str, newcomer: str) -> None:
        self.space, self.desk, self.newcomer = space, desk, newcomer
        self.as_desk, self.as_newcomer = new_device_keys("m1"), new_device_keys("m2")
        self.nonce = b"m" * 32
        self.commitment = ""

    def to_the_desk(self, found: dict[str, Any]) -> dict[str, Any] | None:
        message = read_message(self.space, found["id"], found["data"])
        if isinstance(message, JoinRequest) and message.by == self.newcomer:
            public_key = self.as_newcomer.public_key
            commitment = commitment_to(public_key, self.nonce, self.space)
            shown = (self.desk, nonce_text(self.nonce)) if message.nonce else ("", "")
            return dict(record(self.space, JoinRequest(public_key, commitment, *shown), found["seq"]))
        return found

    def to_the_newcomer(self, found: dict[str, Any]) -> dict[str, Any] | None:
        message = read_message(self.space, found["id"], found["data"])
        if isinstance(message, JoinAnswer):
            answer = JoinAnswer(self.as_desk.public_key, self.newcomer, self.commitment, nonce_text(self.nonce))
            return dict(record(self.space, answer, found["seq"]))
        return found


def test_who_swaps_the_public_keys_makes_the_words_differ(new_desk: Callable[[str], KeyDesk]) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    between = InBetween(second.space, first.public_key, second.public_key)
    first.hub.change, second.hub.change = between.to_the_desk, between.to_the_newcomer
    second.ask()
    between.commitment = (
        second.keys._own()
        and json.loads(
            next(
                change["data"]
                for change in [dict(found) for found in records_of(second)]
                if "commitment" in change["data"]
            )
        )["commitment"]
    )
    first.poll()
    swapped = between.as_newcomer.public_key
    assert [desk.public_key for desk in first.keys.joining()] == [swapped]
    first.keys.begin_admission(ACTOR, swapped, second.device_id)
    # The answer goes to the hub's own key; so that the newcomer hears one at all the hub tells it its own.
    first.poll()
    hand(
        second,
        record(
            second.space,
            JoinAnswer(between.as_desk.public_key, second.public_key, between.commitment, nonce_text(between.nonce)),
        ),
    )
    second.poll()
    hand(
        first,
        record(
            first.space,
            JoinRequest(
                swapped,
                commitment_to(swapped, between.nonce, first.space),
                first.public_key,
                nonce_text(between.nonce),
            ),
        ),
    )
    shown = first.keys.admission_comparison(swapped)
    assert shown is not None
    assert len(second.words()) == 8
    assert sum(one == other for one, other in zip(shown.words, second.words(), strict=True)) <= 3
    first.keys.refuse(ACTOR, swapped)
    with pytest.raises(UserError):
        first.keys.admit(ACTOR, swapped, second.device_id, "x")
    assert second.post.office_keys(second.store) is None


def test_a_number_that_was_not_promised_is_told(new_desk: Callable[[str], KeyDesk]) -> None:
    """Whoever could choose its number after seeing the other one could look for one that gives the same words."""
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    second.ask()
    first.poll()
    first.keys.begin_admission(ACTOR, second.public_key, second.device_id)
    asked = next(
        message for found in records_of(first) if isinstance(message := message_in(first, dict(found)), JoinRequest)
    )
    later = b"x" * 32
    for bent in (
        JoinRequest(asked.by, asked.commitment, first.public_key, nonce_text(later)),
        JoinRequest(asked.by, commitment_to(asked.by, later, first.space), first.public_key, nonce_text(later)),
    ):
        hand(first, record(first.space, bent))
        with pytest.raises(UserError, match="könnte jemand dazwischenstehen"):
            first.words_of(second)
    with pytest.raises(UserError):
        first.keys.admit(ACTOR, second.public_key, second.device_id, "x")


def test_an_answer_changed_after_the_newcomer_showed_its_number_is_told(new_desk: Callable[[str], KeyDesk]) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    second.ask()
    first.poll()
    first.keys.begin_admission(ACTOR, second.public_key, second.device_id)
    for desk in (first, second):
        desk.poll()
    assert second.words()
    answer = next(
        message for found in records_of(first) if isinstance(message := message_in(first, dict(found)), JoinAnswer)
    )
    chosen = JoinAnswer(answer.by, answer.to, answer.commitment, nonce_text(b"y" * 32))
    hand(second, record(second.space, chosen))
    with pytest.raises(UserError, match="könnte jemand dazwischenstehen"):
        second.words()
    with pytest.raises(UserError):
        second.keys.confirm_join(ACTOR)


def test_a_number_that_was_shown_already_is_not_used_again(new_desk: Callable[[str], KeyDesk]) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    nonce, public_key = b"n" * 32, second.public_key
    first.poll()
    shown = JoinRequest(public_key, commitment_to(public_key, nonce, first.space), first.public_key, nonce_text(nonce))
    hand(first, record(first.space, shown))
    with pytest.raises(UserError, match="passt nicht mehr zusammen"):
        first.keys.begin_admission(ACTOR, public_key, second.device_id)


def test_a_hub_that_shows_one_key_for_comparing_and_another_for_the_yes_is_refused(
    new_desk: Callable[[str], KeyDesk],
) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    second.ask()
    first.poll()
    # The hub's own key asks too, under the device id of the newcomer, and has come to its words.
    evil, nonce = new_device_keys("m"), b"n" * 32
    commitment = commitment_to(evil.public_key, nonce, first.space)
    hand(first, record(first.space, JoinRequest(evil.public_key, commitment)))
    first.keys.begin_admission(ACTOR, second.public_key, second.device_id)
    with pytest.raises(UserError, match="könnte jemand dazwischenstehen"):
        first.keys.begin_admission(ACTOR, evil.public_key, second.device_id)
    first.keys.begin_admission(ACTOR, evil.public_key, "another-device")
    shown = JoinRequest(evil.public_key, commitment, first.public_key, nonce_text(nonce))
    hand(first, record(first.space, shown))
    assert first.keys.admission_comparison(evil.public_key) is not None
    with pytest.raises(UserError, match="könnte jemand dazwischenstehen"):
        first.keys.admit(ACTOR, evil.public_key, second.device_id, "Beratung")
    assert evil.public_key not in first.state.members


def test_a_member_s_key_is_not_what_the_hub_says(two: tuple[KeyDesk, KeyDesk]) -> None:
    """Whoever shuts out a desk has to hit that desk, whatever key or name the hub lists for it."""
    first, second = two
    found = first.keys.member_of(second.device_id)
    assert found is not None
    assert (found.public_key, found.label) == (second.public_key, "Beratung")
    assert first.keys.member_of("unknown") is None
    with pytest.raises(UserError, match="könnte jemand dazwischenstehen"):
        first.keys.begin_admission(ACTOR, new_device_keys("m").public_key, second.device_id)


# ---------------------------------------------------------------------------------------------- replay, moving, inventing


def test_envelopes_played_back_change_nothing(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first, second, third = three
    old = records_of(first)
    first.revoke(third)
    for desk in (second, first):
        desk.poll()
    before = second.state
    for number, found in enumerate(old):
        hand(second, cast("Record", {**found, "seq": 10**6 + number}))
    assert second.state == before
    assert second.office_keys == first.office_keys


def test_a_message_under_another_id_is_not_read(two: tuple[KeyDesk, KeyDesk]) -> None:
    first, second = two
    before = second.post.messages(second.store)
    message = Envelope(first.public_key, second.public_key, "AAAA")
    other = message_id(second.space, Envelope(first.public_key, first.public_key, ""))
    hand(second, cast("Record", {**record(second.space, message), "id": other}))
    assert second.post.messages(second.store) == before
    request = JoinRequest(new_device_keys("x").public_key, "00")
    hand(second, cast("Record", {**record("office-other", request)}))
    assert second.keys.joining() == ()


@pytest.mark.parametrize(
    "data",
    [
        "",
        "null",
        "[]",
        "{}",
        "x" * 1000,
        '{"v":1}',
        '{"v":2,"t":"join","by":""}',
        '{"v":1,"t":"join","by":7}',
        "[" * 9999,
    ],
)
def test_garbage_in_the_collection_harms_nobody(two: tuple[KeyDesk, KeyDesk], data: str) -> None:
    first, second = two
    before = (first.state, second.state)
    for desk in two:
        for found in records_of(desk):
            hand(desk, cast("Record", {**found, "seq": found["seq"] + 10**6, "data": data}))
    assert (first.state, second.state) == before
    first.poll(whole=True)
    assert first.office_keys == second.office_keys


def test_records_that_the_hub_deletes_are_sent_again(two: tuple[KeyDesk, KeyDesk]) -> None:
    first, second = two
    before = second.state
    gone = [cast("Record", {**found, "deleted": True, "erased": True, "data": ""}) for found in records_of(first)]
    hand(first, *gone)
    hand(second, *gone)
    assert second.state == before
    assert {Founding, Envelope} & {
        type(read_message(first.space, change["id"], change["data"])) for change in first.post.outgoing(first.store)
    }
    first.poll(whole=True)
    assert first.post.outgoing(first.store) == []


def test_invented_newcomers_do_not_fill_the_database(two: tuple[KeyDesk, KeyDesk]) -> None:
    first = two[0]
    invented = [JoinRequest(DeviceKeys("x", bytes([n // 256, n % 256]) * 16).public_key, "00") for n in range(1, 400)]
    hand(first, *[record(first.space, one) for one in invented])
    assert len(first.keys.joining()) < 250


def test_a_stranger_s_envelope_is_not_believed(two: tuple[KeyDesk, KeyDesk]) -> None:
    first, second = two
    stranger = new_device_keys("stranger")
    member = Member(stranger.public_key, MemberKind.DESK, "stranger", "x", "", Standing.TRUSTED)
    told = with_member(first.state, member)
    for state in (told, founded(first.office_id, first.space, member)):
        box = sealed_envelope(state, stranger, second.state.members[second.public_key])
        hand(second, record(second.space, Envelope(stranger.public_key, second.public_key, box)))
    assert second.state == first.state


def test_a_member_can_not_bring_another_index_key(two: tuple[KeyDesk, KeyDesk]) -> None:
    """With an index key the hub knew, it could tell which record on the hub is which."""
    first, second = two
    own = first.keys._own()
    member = first.state.members[first.public_key]
    other = with_member(founded(first.office_id, first.space, member), second.state.members[second.public_key])
    box = sealed_envelope(other, own, second.state.members[second.public_key])
    hand(second, record(second.space, Envelope(own.public_key, second.public_key, box)))
    assert second.state.index_key == first.state.index_key
    assert set(other.keys) & set(second.state.keys) == set()


def test_an_invented_first_desk_keeps_nobody_s_secret(new_desk: Callable[[str], KeyDesk]) -> None:
    desk = new_desk("Empfang")
    invented = Founding(new_device_keys("m").public_key)
    answer = desk.client.push(
        desk.space,
        json.dumps(
            {
                "push_id": "12345678",
                "changes": [
                    {
                        "collection": COLLECTION,
                        "id": message_id(desk.space, invented),
                        "base": 0,
                        "deleted": False,
                        "erased": False,
                        "data": message_text(invented),
                    }
                ],
            }
        ),
    )
    assert answer["applied"]
    with pytest.raises(UserError, match="schon verbunden"):
        desk.found()
    assert desk.post.office_keys(desk.store) is None


# ---------------------------------------------------------------------------------------------- with a desk that was shut out


def test_a_shut_out_desk_and_the_hub_can_not_bring_a_key_to_who_knows(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first, second, third = three
    first.revoke(third)
    second.poll()
    evil = third.keys._own()
    revenge = with_standing(third.state, first.public_key, Standing.REVOKED)
    before = second.state
    box = sealed_envelope(revenge, evil, before.members[second.public_key])
    hand(second, record(second.space, Envelope(evil.public_key, second.public_key, box)))
    assert second.state == before
    assert first.office_keys.current == second.office_keys.current


def test_what_a_shut_out_desk_forges_under_the_former_key_is_not_taken(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first, second, third = three
    old = third.office_keys
    first.revoke(third)
    second.poll()
    place = Place(first.space, "r", wire_id(old.index_key, "contact", "1"))
    forged = seal(old, place, writer=first.device_id, counter=10**9, base=0, version=1, plain=b"falsch")
    stamp, _ = open_sealed(second.office_keys, place, forged)  # it opens: one key for all says nothing about the writer
    latest = max(found["seq"] for found in records_of(second))
    assert not second.post.may_come_under(second.store, stamp.key_id, latest + 1)


def test_a_shut_out_desk_reads_nothing_that_is_sealed_from_then_on(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first, second, third = three
    first.revoke(third, at_hub=False)  # the hub plays along and lets it read on
    for desk in (second, first, third):
        desk.poll(whole=True)
    place = Place(first.space, "r", "x")
    for desk in (first, second):
        text = seal(desk.office_keys, place, writer="w", counter=1, base=0, version=1, plain=b"neu")
        with pytest.raises(UnknownKey):
            open_sealed(third.office_keys, place, text)


# ---------------------------------------------------------------------------------------------- what is not prevented


def test_not_prevented_a_desk_from_which_the_change_is_kept_back_seals_under_the_former_key(
    three: tuple[KeyDesk, KeyDesk, KeyDesk],
) -> None:
    first, second, third = three
    first.revoke(third, at_hub=False)
    second.hub.change = lambda found: None if first.public_key in found["data"] else found
    second.poll(whole=True)
    place = Place(first.space, "r", "x")
    text = seal(second.office_keys, place, writer="w", counter=1, base=0, version=1, plain=b"noch lesbar")
    assert open_sealed(third.office_keys, place, text)[1] == b"noch lesbar"
    second.hub.change = lambda found: found
    second.poll(whole=True)  # as soon as one record comes through it is over
    assert second.office_keys.current == first.office_keys.current


def test_not_prevented_two_desks_told_that_each_is_the_first(new_desk: Callable[[str], KeyDesk]) -> None:
    """They do not find together, and each reads its own only; the hub reads neither."""
    first, second = new_desk("Empfang"), new_desk("Beratung")
    second.hub.change = lambda _found: None
    second.hub.keeps_back = True
    first.found()
    second.found()
    second.hub.change, second.hub.keeps_back = (lambda found: found), False
    for desk in (first, second, first):
        desk.poll(whole=True)
    place = Place(first.space, "r", "x")
    text = seal(first.office_keys, place, writer="w", counter=1, base=0, version=1, plain=b"x")
    with pytest.raises((UnknownKey, SealBroken)):
        open_sealed(second.office_keys, place, text)
    assert second.keys.is_founded_elsewhere()  # and it can say so


def test_not_prevented_a_restored_desk_is_told_an_older_past(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    """It knows what its backup knew, and what the hub chooses to show."""
    first, second, third = three
    known = second.state
    first.revoke(third)
    second.hub.change = lambda _found: None
    second.poll(whole=True)
    assert second.state == known


def test_one_member_can_not_make_another_believe_it_was_somebody_else(two: tuple[KeyDesk, KeyDesk]) -> None:
    """Envelopes prove their sender; records under the office key do not: any desk of the office can write as any other."""
    first, second = two
    keys: OfficeKeys = second.office_keys
    text = seal(keys, Place("s", "r", "x"), writer=first.device_id, counter=5, base=0, version=1, plain=b"x")
    assert open_sealed(keys, Place("s", "r", "x"), text)[0].writer == first.device_id
    box = sealed_envelope(second.state, second.keys._own(), first.state.members[first.public_key])
    lying = Envelope(first.public_key, first.public_key, box)
    before = first.state
    hand(first, record(first.space, lying))
    assert first.state == before
