"""What desks know of keys and members merges in any order, and a key that an outcast may know never seals again."""

from __future__ import annotations

import dataclasses
import json
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.sync.device_keys import DeviceKeys, checked_public_key, key_bytes, key_text, new_device_keys
from desktop_app.sync.key_envelopes import EnvelopeBroken, opened_envelope, sealed_envelope
from desktop_app.sync.membership import (
    Letter,
    Member,
    MemberKind,
    OfficeKey,
    OfficeState,
    OtherOffice,
    Standing,
    canonical,
    founded,
    from_content,
    joined,
    resolved,
    to_content,
    with_fresh_key,
    with_member,
    with_standing,
)
from desktop_app.sync.office_recovery import new_office_recovery, parse_office_recovery

OFFICE, SPACE, INDEX = "office-1", "office-office-1", b"i" * 32
DEVICES = [DeviceKeys(f"device-{number}", bytes([number + 1]) * 32) for number in range(6)]
NAMES = [device.public_key for device in DEVICES]


def member(number: int, standing: Standing = Standing.TRUSTED, admitted_by: str = "") -> Member:
    return Member(NAMES[number], MemberKind.DESK, f"device-{number}", f"Rechner {number}", admitted_by, standing)


def key(number: int, generation: int = 1, *tainted_by: str) -> OfficeKey:
    return OfficeKey(bytes([number]) * 32, bytes([number + 100]) * 32, generation, frozenset(tainted_by))


def state_of(members: list[Member], keys: list[OfficeKey]) -> OfficeState:
    named = {one.public_key: one for one in members}
    return OfficeState(OFFICE, SPACE, INDEX, {one.key_id: one for one in keys}, named)


@st.composite
def states(draw: st.DrawFn) -> OfficeState:
    numbers = draw(st.sets(st.integers(0, 5), min_size=1))
    members = [member(number, draw(st.sampled_from(Standing))) for number in numbers]
    revoked = [one.public_key for one in members if one.standing is Standing.REVOKED]
    keys = [
        key(number, number % 3 + 1, *draw(st.sets(st.sampled_from(revoked)) if revoked else st.just(set())))
        for number in draw(st.sets(st.integers(1, 8), min_size=1))
    ]
    return state_of(members, keys)


@given(states(), states(), states())
def test_merging_does_not_depend_on_the_order(one: OfficeState, other: OfficeState, third: OfficeState) -> None:
    assert joined(one, other) == joined(other, one)
    assert joined(joined(one, other), third) == joined(one, joined(other, third))
    assert joined(one, one) == one
    both = joined(one, other)
    assert joined(both, other) == both
    assert joined(both, one) == both


@given(st.lists(states(), min_size=1, max_size=5), st.randoms())
def test_any_order_of_any_repeats_ends_the_same(known: list[OfficeState], random: object) -> None:
    again = [*known, *known]
    random.shuffle(again)
    assert reduce(joined, again) == reduce(joined, known)
    assert reduce(joined, known).digest() == reduce(joined, again).digest()


@given(states(), states())
def test_merging_never_forgets_a_key_or_forgives(one: OfficeState, other: OfficeState) -> None:
    both = joined(one, other)
    assert both.keys.keys() == one.keys.keys() | other.keys.keys()
    assert both.revoked == one.revoked | other.revoked
    for state in (one, other):
        for key_id, held in state.keys.items():
            assert both.keys[key_id].tainted_by >= held.tainted_by | both.revoked - state.revoked


@given(states())
def test_a_state_comes_through_text_unchanged(state: OfficeState) -> None:
    assert from_content(json.loads(canonical(to_content(state)))) == state


@given(states(), st.integers(0, 5))
def test_whoever_is_shut_out_knows_no_key_that_seals(state: OfficeState, number: int) -> None:
    if NAMES[number] not in state.members:
        return
    known = set(state.keys)
    after = with_standing(state, NAMES[number], Standing.REVOKED)
    assert not after.needs_new_key
    if state.members[NAMES[number]].standing is not Standing.REVOKED:
        assert after.current.key_id not in known
        assert after.current.generation > max(key.generation for key in state.keys.values())
    assert after.office_keys().index_key == INDEX
    assert NAMES[number] not in [one.public_key for one in after.recipients("")]


class Office:
    """Desks that know what they know, and letters that come when they come."""

    def __init__(self, count: int) -> None:
        first = founded(OFFICE, SPACE, member(0))
        for number in range(1, count):
            first = with_member(first, member(number, admitted_by=NAMES[0]))
        self.states = dict.fromkeys(range(count), first)
        self.knows: dict[int, set[str]] = {number: set(first.keys) for number in range(count)}

    def tell(self, sender: int, receiver: int) -> None:
        told, state = self.states[sender], self.states[receiver]
        if NAMES[receiver] not in [one.public_key for one in told.recipients("")]:
            return  # nothing is sealed to it
        self.knows[receiver] |= set(told.keys)
        self.keep(receiver, resolved(state, [Letter(NAMES[sender], told)]))

    def revoke(self, by: int, whom: int) -> None:
        if by != whom and self.states[by].trusts(NAMES[by]):
            self.keep(by, with_standing(self.states[by], NAMES[whom], Standing.REVOKED))

    def keep(self, number: int, state: OfficeState) -> None:
        self.states[number] = with_fresh_key(state) if state.trusts(NAMES[number]) else state
        self.knows[number] |= set(self.states[number].keys)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.integers(0, 4), st.integers(0, 4)),
        st.tuples(st.just("revoke"), st.integers(0, 4), st.integers(0, 4)),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_honest_desks_end_with_one_key_that_no_outcast_was_ever_told(played: list[tuple[str, int, int]]) -> None:
    office = Office(5)
    revocations = 0
    for what, one, other in played:
        if what == "tell":
            office.tell(one, other)
        elif revocations < 3:
            revocations += 1
            office.revoke(one, other)
    for _ in range(12):
        for sender in range(5):
            for receiver in range(5):
                office.tell(sender, receiver)
    everything = reduce(joined, office.states.values())
    inside = [number for number in range(5) if NAMES[number] not in everything.revoked]
    outside = [number for number in range(5) if NAMES[number] in everything.revoked]
    # Whom somebody shut out may have been kept from hearing it; those who are in agree.
    kept = [office.states[number] for number in inside if office.states[number].revoked == everything.revoked]
    assert len({state.current.key_id for state in kept}) <= 1
    for state in kept:
        assert not state.needs_new_key
        assert not [number for number in outside if state.current.key_id in office.knows[number]]


def test_two_that_shut_out_each_other_are_both_out() -> None:
    office = Office(3)
    office.revoke(0, 1)
    office.revoke(1, 0)
    letters = [Letter(NAMES[0], office.states[0]), Letter(NAMES[1], office.states[1])]
    for order in (letters, letters[::-1]):
        state = resolved(office.states[2], order)
        assert state.revoked == {NAMES[0], NAMES[1]}
        assert state.needs_new_key
        assert office.states[0].current.key_id not in state.keys
        assert with_fresh_key(state).current.key_id not in office.knows[0] | office.knows[1]


def test_a_key_planted_before_somebody_was_shut_out_never_seals_afterwards() -> None:
    """The member that leaves has given one desk a key of a far generation that claims to be clean."""
    office = Office(3)
    planted = max((key(number, 2**31) for number in range(50, 150)), key=lambda held: held.key_id)
    evil = dataclasses.replace(office.states[2], keys={**office.states[2].keys, planted.key_id: planted})
    deceived = resolved(office.states[1], [Letter(NAMES[2], evil)])
    assert deceived.current.key_id == planted.key_id  # it was a member: what it said counted
    office.revoke(0, 2)
    for state in (
        resolved(deceived, [Letter(NAMES[0], office.states[0])]),
        resolved(office.states[0], [Letter(NAMES[1], deceived)]),
    ):
        assert planted.key_id in state.keys
        fresh = with_fresh_key(state)
        assert fresh.current.key_id != planted.key_id
        assert not fresh.needs_new_key
    late = resolved(resolved(office.states[1], [Letter(NAMES[0], office.states[0])]), [Letter(NAMES[2], evil)])
    assert planted.key_id not in late.keys  # after it was shut out nothing it says is heard


def test_nobody_outside_is_heard_and_no_other_office() -> None:
    state = Office(2).states[0]
    stranger = with_member(state, member(5))
    assert resolved(state, [Letter(NAMES[5], stranger)]) == state
    other = dataclasses.replace(stranger, office_id="office-2")
    assert resolved(state, [Letter(NAMES[1], other)]) == state
    assert resolved(state, [Letter(NAMES[1], dataclasses.replace(stranger, index_key=b"x" * 32))]) == state
    with pytest.raises(OtherOffice):
        joined(state, other)


def test_whom_a_member_introduces_is_heard_at_once() -> None:
    state = state_of([member(0), member(1)], [key(1)])
    introduced = with_member(state, member(2, admitted_by=NAMES[1]))
    by_third = with_member(introduced, member(3, admitted_by=NAMES[2]))
    for letters in ([introduced, by_third], [by_third, introduced]):
        senders = [NAMES[2] if letter is by_third else NAMES[1] for letter in letters]
        reached = resolved(state, [Letter(name, letter) for name, letter in zip(senders, letters, strict=True)])
        assert reached.trusts(NAMES[3])


def test_a_retired_desk_is_heard_but_told_nothing_and_a_retired_sheet_is_not() -> None:
    state = state_of([member(0), member(1, Standing.RETIRED)], [key(1)])
    assert state.believes(NAMES[1])
    assert [one.public_key for one in state.recipients("")] == [NAMES[0]]
    sheet = Member(NAMES[2], MemberKind.RECOVERY, "", "", NAMES[0], Standing.RETIRED, b"r" * 32)
    assert not with_member(state, sheet).believes(NAMES[2])


# ---------------------------------------------------------------------------------------------- envelopes


@settings(deadline=None)
@given(states())
def test_an_envelope_tells_its_recipient_and_nobody_else(state: OfficeState) -> None:
    text = sealed_envelope(state, DEVICES[0], member(1))
    assert opened_envelope(text, NAMES[0], DEVICES[1]) == state
    for sender, own in ((NAMES[0], DEVICES[2]), (NAMES[2], DEVICES[1]), (NAMES[1], DEVICES[1])):
        with pytest.raises(EnvelopeBroken):
            opened_envelope(text, sender, own)


def test_an_envelope_played_back_to_its_sender_is_refused() -> None:
    """Both sides share one key: without the names inside, mine to you would open as yours to me."""
    state = Office(2).states[0]
    text = sealed_envelope(state, DEVICES[0], member(1))
    with pytest.raises(EnvelopeBroken):
        opened_envelope(text, NAMES[1], DEVICES[0])


@settings(deadline=None)
@given(st.data())
def test_an_altered_envelope_is_refused(data: st.DataObject) -> None:
    text = sealed_envelope(Office(2).states[0], DEVICES[0], member(1))
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ABCabc019+/=\n ä\0"))
    bent = text[:place] + letter + text[place + 1 :]
    if bent != text:
        with pytest.raises(EnvelopeBroken):
            opened_envelope(bent, NAMES[0], DEVICES[1])


@pytest.mark.parametrize("text", ["", "A", "AAAA", "{}", "ä", "A" * 500, "A" * 300_000])
def test_what_is_no_envelope_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeBroken):
        opened_envelope(text, NAMES[0], DEVICES[1])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"v": 1, "from": NAMES[0], "to": NAMES[1]}).encode(),
        json.dumps({"v": 1, "from": NAMES[0], "to": NAMES[1], "state": {}}).encode(),
        json.dumps({"v": 1, "from": NAMES[0], "to": NAMES[1], "state": None}).encode(),
        json.dumps({"v": 2, "from": NAMES[0], "to": NAMES[1], "state": {}}).encode(),
    ],
)
def test_nonsense_of_a_true_sender_is_refused(content: bytes) -> None:
    import base64

    from nacl.public import Box, PrivateKey, PublicKey

    box = Box(PrivateKey(DEVICES[0].private_key), PublicKey(key_bytes(NAMES[1])))
    with pytest.raises(EnvelopeBroken):
        opened_envelope(base64.b64encode(box.encrypt(content)).decode(), NAMES[0], DEVICES[1])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("keys", 0, "generation"), 0),
        (("keys", 0, "generation"), 2**40),
        (("keys", 0, "generation"), True),
        (("keys", 0, "generation"), "1"),
        (("keys", 0, "secret"), "AAAA"),
        (("keys", 0, "tainted_by"), "x"),
        (("keys",), []),
        (("keys",), {}),
        (("members",), []),
        (("members", 0, "standing"), 4),
        (("members", 0, "standing"), True),
        (("members", 0, "kind"), "hub"),
        (("members", 0, "kind"), "recovery"),
        (("members", 0, "label"), "x" * 201),
        (("members", 0, "label"), None),
        (("members", 0, "public_key"), key_text(bytes(32))),
        (("members", 0, "public_key"), "AAAA"),
        (("index_key",), ""),
        (("office",), 7),
    ],
)
def test_a_state_of_a_wrong_shape_is_refused(path: tuple[object, ...], value: object) -> None:
    content = json.loads(canonical(to_content(Office(2).states[0])))
    part = content
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        from_content(content)


def test_envelopes_of_small_offices_have_one_size() -> None:
    sizes = {len(sealed_envelope(Office(count).states[0], DEVICES[0], member(1))) for count in (2, 3, 4)}
    assert len(sizes) == 1


# ---------------------------------------------------------------------------------------------- keys of devices


@pytest.mark.parametrize(
    "text",
    [
        key_text(bytes(32)),
        key_text(b"\1" + bytes(31)),
        key_text(bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")),
        key_text(b"x" * 31),
        key_text(b"x" * 32).rstrip("="),
        key_text(b"x" * 32) + "\n",
        "",
        "ä",
    ],
)
def test_public_keys_with_which_nothing_is_secret_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        checked_public_key(text)


def test_a_pair_is_new_each_time_and_does_not_show_itself() -> None:
    pairs = {new_device_keys("d").public_key for _ in range(50)}
    assert len(pairs) == 50
    assert len(DEVICES[0].public_key) == 44
    assert key_text(DEVICES[0].private_key) not in repr(DEVICES[0])
    state = Office(2).states[0]
    assert key_text(state.index_key) not in repr(state)
    assert repr(state.current.secret) not in repr(state)


# ---------------------------------------------------------------------------------------------- the printed key


@given(st.binary(min_size=20, max_size=20))
def test_what_is_printed_can_be_typed(secret: bytes) -> None:
    groups = new_office_recovery(lambda _count: secret)
    assert len(groups) == 9
    found = parse_office_recovery(" ".join(groups))
    assert parse_office_recovery("-".join(groups).lower()) == found
    assert len(found.secret) == 32
    assert found.secret != found.keys.private_key


def test_what_goes_to_the_printed_key_needs_more_than_its_public_half() -> None:
    printed = parse_office_recovery("".join(new_office_recovery()))
    sheet = Member(printed.keys.public_key, MemberKind.RECOVERY, "", "", NAMES[0], Standing.TRUSTED, printed.secret)
    state = with_member(Office(2).states[0], sheet)
    text = sealed_envelope(state, DEVICES[0], sheet)
    assert opened_envelope(text, NAMES[0], printed.keys, printed.secret) == state
    # The hub knows the public half and could seal keys of its own to it, but not the secret on the paper.
    planted = sealed_envelope(state, DEVICES[5], dataclasses.replace(sheet, recovery_secret=b"h" * 32))
    with pytest.raises(EnvelopeBroken):
        opened_envelope(planted, NAMES[5], printed.keys, printed.secret)
    plain = sealed_envelope(state, DEVICES[5], dataclasses.replace(sheet, kind=MemberKind.DESK, recovery_secret=b""))
    with pytest.raises(EnvelopeBroken):
        opened_envelope(plain, NAMES[5], printed.keys, printed.secret)


def test_the_printed_key_stays_what_it_is() -> None:
    """Sheets lie in safes for years."""
    groups = new_office_recovery(lambda count: bytes(range(count)))
    found = parse_office_recovery(" ".join(groups))
    assert (" ".join(groups), found.keys.public_key, key_text(found.secret)) == GOLDEN_SHEET


GOLDEN_SHEET = (
    "000G 40R4 0M30 E209 185G R38E 1W81 24GK 0YNR",
    "0H1yVy9HYRbZOm7nSimKp3zIJqvTfCdH85t12acZmUo=",
    "O6okwXMlYl07HveXighiOQrk7GOvGxNjW4EgVxqzeQg=",
)
