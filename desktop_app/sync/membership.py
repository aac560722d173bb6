"""Who belongs to an office and which keys it has, as a value that desks can merge in any order.

Each desk holds its own copy and tells it to the others sealed; nobody is in charge, and the hub takes no part. Merging is a
union: keys are never dropped, a member's standing only gets worse. A key is *tainted* by every member that was shut out
after it could have known the key; only an untainted key may seal. Whoever finds all keys tainted makes a new one, so that
shutting out on two desks at once still ends with a key that neither outcast knows (decision 0038).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any

from desktop_app.sync.device_keys import checked_public_key, key_bytes, key_text
from desktop_app.sync.sealing import KEY_BYTES, KeyId, OfficeKeys, key_id_of

_LARGEST_GENERATION = 2**31
_MOST_ENTRIES = 1000
_LONGEST_TEXT = 200


class Standing(IntEnum):
    """How a member stands; merging takes the worse one."""

    TRUSTED = 1
    RETIRED = 2  # replaced by its own successor: nothing is sealed to it any more, its word still counts
    REVOKED = 3  # shut out: its word counts nothing, and what it knew seals no more


class MemberKind(StrEnum):
    """What a public key belongs to."""

    DESK = "desk"
    RECOVERY = "recovery"  # the printed key


@dataclass(frozen=True, slots=True)
class Member:
    """A public key the office trusts or trusted. `recovery_secret`: see `office_recovery`."""

    public_key: str
    kind: MemberKind
    device_id: str
    label: str
    admitted_by: str
    standing: Standing
    recovery_secret: bytes = field(default=b"", repr=False)

    @property
    def may_speak(self) -> bool:
        """Whether what it seals to others is believed."""
        if self.kind is MemberKind.RECOVERY:
            return self.standing is Standing.TRUSTED
        return self.standing is not Standing.REVOKED


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """A key of the office and the pair other offices seal to, made together."""

    secret: bytes = field(repr=False)
    office_private_key: bytes = field(repr=False)
    generation: int = 1
    tainted_by: frozenset[str] = frozenset()

    @property
    def key_id(self) -> KeyId:
        """The key's name."""
        return key_id_of(self.secret)


class OtherOffice(ValueError):
    """Two states are of different offices, or one claims another index key."""


@dataclass(frozen=True)
class OfficeState:
    """What one desk knows of its office's keys and members."""

    office_id: str
    space: str
    index_key: bytes = field(repr=False)
    keys: Mapping[KeyId, OfficeKey] = field(repr=False)
    members: Mapping[str, Member]

    @property
    def revoked(self) -> frozenset[str]:
        """The public keys that are shut out."""
        return frozenset(key for key, member in self.members.items() if member.standing is Standing.REVOKED)

    @property
    def current(self) -> OfficeKey:
        """The key that seals: untainted if there is one, then the newest."""
        return max(self.keys.values(), key=lambda key: (not key.tainted_by, key.generation, key.key_id))

    @property
    def needs_new_key(self) -> bool:
        """Whether somebody who was shut out may know every key there is."""
        return bool(self.current.tainted_by)

    def recipients(self, sender: str) -> tuple[Member, ...]:
        """Return whom a desk tells what it knows."""
        return tuple(
            member
            for key, member in sorted(self.members.items())
            if member.standing is Standing.TRUSTED and key != sender
        )

    def trusts(self, public_key: str) -> bool:
        """Tell whether a public key belongs to the office now."""
        return public_key in self.members and self.members[public_key].standing is Standing.TRUSTED

    def believes(self, public_key: str) -> bool:
        """Tell whether what this public key sealed counts."""
        return public_key in self.members and self.members[public_key].may_speak

    def office_keys(self) -> OfficeKeys:
        """Return the keys as the engine uses them."""
        current = self.current
        former = sorted(
            (key for key in self.keys.values() if key.key_id != current.key_id),
            key=lambda key: (key.generation, key.key_id),
            reverse=True,
        )
        return OfficeKeys(
            current.key_id,
            {key_id: key.secret for key_id, key in self.keys.items()},
            self.index_key,
            current.office_private_key,
            tuple(key.office_private_key for key in former),
        )

    def digest(self) -> str:
        """Return a short name of exactly this state."""
        return hashlib.blake2b(canonical(to_content(self)).encode(), digest_size=16).hexdigest()


def founded(
    office_id: str, space: str, first: Member, random_bytes: Callable[[int], bytes] = os.urandom
) -> OfficeState:
    """Return the state of an office whose first desk makes its keys."""
    key = OfficeKey(random_bytes(KEY_BYTES), random_bytes(KEY_BYTES))
    return OfficeState(office_id, space, random_bytes(KEY_BYTES), {key.key_id: key}, {first.public_key: first})


def with_member(state: OfficeState, member: Member) -> OfficeState:
    """Return the state with one member more, or with a worse standing of one."""
    return joined(state, replace(state, keys={}, members={**state.members, member.public_key: member}))


def with_standing(
    state: OfficeState, public_key: str, standing: Standing, random_bytes: Callable[[int], bytes] = os.urandom
) -> OfficeState:
    """Return the state in which a member retired or is shut out, with a new key if that takes one."""
    worse = replace(state.members[public_key], standing=standing)
    return with_fresh_key(with_member(state, worse), random_bytes)


def with_fresh_key(state: OfficeState, random_bytes: Callable[[int], bytes] = os.urandom) -> OfficeState:
    """Return the state with a new current key if the one there is tainted; otherwise as it is."""
    if not state.needs_new_key:
        return state
    generation = min(1 + max(key.generation for key in state.keys.values()), _LARGEST_GENERATION)
    key = OfficeKey(random_bytes(KEY_BYTES), random_bytes(KEY_BYTES), generation)
    return replace(state, keys={**state.keys, key.key_id: key})


def joined(one: OfficeState, other: OfficeState) -> OfficeState:
    """Return what both know together; the order does not matter, and twice is once.

    Raises:
        OtherOffice: they don't speak of the same office.
    """
    if (one.office_id, one.space, one.index_key) != (other.office_id, other.space, other.index_key):
        raise OtherOffice("two offices, or another index key")
    keys = {
        key_id: _joined_key(one.keys.get(key_id), other.keys.get(key_id), one.revoked, other.revoked)
        for key_id in one.keys.keys() | other.keys.keys()
    }
    members = {
        key: _joined_member(one.members.get(key), other.members.get(key))
        for key in one.members.keys() | other.members.keys()
    }
    return replace(one, keys=keys, members=members)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a member told this desk: opened, its sender proven, not yet believed."""

    sender: str
    state: OfficeState


def resolved(state: OfficeState, letters: Iterable[Letter]) -> OfficeState:
    """Return the state after reading letters: only members are believed, and whom a member shut out is not heard.

    Shutting out goes first: of two members that shut out each other neither is heard any more.
    """
    waiting = [letter for letter in letters if _is_same_office(state, letter.state)]
    while True:
        heard = [letter for letter in waiting if state.believes(letter.sender)]
        outcasts = {key: letter.state.members[key] for letter in heard for key in letter.state.revoked - state.revoked}
        if outcasts:
            members = {**state.members, **outcasts}
            state = joined(state, replace(state, keys={}, members=members))
            continue
        reached = state
        for letter in heard:
            reached = joined(reached, letter.state)
        if reached == state:
            return state
        state = reached


def _is_same_office(one: OfficeState, other: OfficeState) -> bool:
    return (one.office_id, one.space, one.index_key) == (other.office_id, other.space, other.index_key)


def _joined_key(
    one: OfficeKey | None, other: OfficeKey | None, one_revoked: frozenset[str], other_revoked: frozenset[str]
) -> OfficeKey:
    tainted_by: frozenset[str] = frozenset()
    if one is not None:
        tainted_by |= one.tainted_by | other_revoked - one_revoked
    if other is not None:
        tainted_by |= other.tainted_by | one_revoked - other_revoked
    known = [key for key in (one, other) if key is not None]
    best = max(known, key=lambda key: (key.generation, key.office_private_key))
    return replace(best, tainted_by=tainted_by)


def _joined_member(one: Member | None, other: Member | None) -> Member:
    if one is None or other is None:
        member = one or other
        if member is None:
            raise AssertionError("a member of neither state")
        return member
    described = min(
        (one, other),
        key=lambda member: (member.kind, member.device_id, member.label, member.admitted_by, member.recovery_secret),
    )
    return replace(described, standing=max(one.standing, other.standing))


# ---------------------------------------------------------------------------------------------- as text


def canonical(content: Mapping[str, Any]) -> str:
    """Return JSON that is the same for the same content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def to_content(state: OfficeState) -> dict[str, Any]:
    """Return the state as JSON content."""
    return {
        "office": state.office_id,
        "space": state.space,
        "index_key": key_text(state.index_key),
        "keys": [
            {
                "secret": key_text(key.secret),
                "office": key_text(key.office_private_key),
                "generation": key.generation,
                "tainted_by": sorted(key.tainted_by),
            }
            for _, key in sorted(state.keys.items())
        ],
        "members": [
            {
                "public_key": member.public_key,
                "kind": member.kind.value,
                "device": member.device_id,
                "label": member.label,
                "admitted_by": member.admitted_by,
                "standing": int(member.standing),
                "recovery": key_text(member.recovery_secret) if member.recovery_secret else "",
            }
            for _, member in sorted(state.members.items())
        ],
    }


def from_content(content: Mapping[str, Any]) -> OfficeState:
    """Return the state that JSON content describes.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it describes none.
    """
    keys = [_key_from(item) for item in _few(content["keys"])]
    members = [_member_from(item) for item in _few(content["members"])]
    if not keys or not members:
        raise ValueError("a state without keys or members")
    return OfficeState(
        _text(content["office"]),
        _text(content["space"]),
        key_bytes(content["index_key"]),
        {key.key_id: key for key in keys},
        {member.public_key: member for member in members},
    )


def _key_from(item: Mapping[str, Any]) -> OfficeKey:
    generation = item["generation"]
    if type(generation) is not int or not 1 <= generation <= _LARGEST_GENERATION:
        raise ValueError("a generation is out of bounds")
    tainted_by = frozenset(map(_text, _few(item["tainted_by"])))
    return OfficeKey(key_bytes(item["secret"]), key_bytes(item["office"]), generation, tainted_by)


def _member_from(item: Mapping[str, Any]) -> Member:
    kind, recovery = MemberKind(item["kind"]), item["recovery"]
    if (kind is MemberKind.RECOVERY) != bool(recovery):
        raise ValueError("a recovery secret is missing or in the wrong place")
    if type(item["standing"]) is not int:
        raise ValueError("a standing is no number")
    checked_public_key(item["public_key"])
    return Member(
        item["public_key"],
        kind,
        _text(item["device"]),
        _text(item["label"]),
        _text(item["admitted_by"]),
        Standing(item["standing"]),
        key_bytes(recovery) if recovery else b"",
    )


def _few(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > _MOST_ENTRIES:
        raise ValueError("no list, or too long")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise ValueError("no text, or too long")
    return value
