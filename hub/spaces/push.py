"""A push: one transaction that compares, writes what fits, and remembers what became of it.

The row of the space is locked first, so sequence numbers are given in the order of commits and without a gap: who pulls
can miss nothing. Different spaces do not wait for each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

import orjson

from desktop_app.sync import protocol
from desktop_app.sync.protocol import ErrorCode
from hub.clock import Now, day_text
from hub.errors import Refused, forbidden
from hub.rights import Caller, Rights, SpaceRow
from hub.spaces.catalogue import find_space
from hub.spaces.changes import WishedChange, WishedPush
from hub.spaces.wire import as_record
from hub.storage.database import HubDatabase
from hub.storage.records import Key, NewVersion, State
from hub.storage.tables import ERASED

# Outcomes are stored as numbers, one a change: above 0 the sequence number it got, otherwise why not.
_CHANGED: Final = 0
_OWNED: Final = -1
_ERASED: Final = -2
# By hand: a push is made of few statements, and building them takes longer than running them.
_KNOWN: Final = (
    "SELECT content_hash, seq, outcomes FROM push_result WHERE space_id = ? AND office_id = ? AND push_id = ?"
)
_MOVE: Final = "UPDATE space SET seq = ? WHERE id = ?"
_REMEMBER: Final = (
    "INSERT INTO push_result (space_id, office_id, push_id, content_hash, seq, outcomes, made_on)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_REASONS: Final[dict[int, protocol.ConflictReason]] = {_CHANGED: "changed", _OWNED: "owned", _ERASED: "erased"}


def push(database: HubDatabase, now: Now, caller: Caller, space_name: str, wished: WishedPush) -> protocol.PushAnswer:
    """Apply a push, or say again what became of it.

    Raises:
        Refused: no such space, no right to write, another push under this id, an epoch that is over.
    """
    content_hash = _content_hash(wished)
    with database.writing():
        space, rights = find_space(database, caller, space_name, lock=True)
        if not rights.write:
            raise forbidden("This desk may read here, not write.")
        known = database.sql(_KNOWN, (space.id, caller.office_id, wished.push_id)).fetchone()
        if known is not None:
            known_hash, known_seq, known_outcomes = known
            if known_hash != content_hash:
                raise Refused(409, ErrorCode.PUSH_ID_REUSED, "Other changes came under this push_id before.")
            return _answer(database, space, known_seq, wished.changes, orjson.loads(known_outcomes))
        if wished.epoch is not None and wished.epoch != space.epoch:
            raise Refused(409, ErrorCode.EPOCH_CHANGED, "The hub was restored from a backup; pull and compare first.")
        if rights.prefix and any(not change.id.startswith(rights.prefix) for change in wished.changes):
            raise forbidden("Here an office writes only records whose id begins with its own.")
        seq, outcomes = _apply(database, space, rights, caller, wished.changes, day_text(now()))
        if seq != space.seq:
            database.sql(_MOVE, (seq, space.id))
        stored = orjson.dumps(outcomes).decode()
        database.sql(
            _REMEMBER, (space.id, caller.office_id, wished.push_id, content_hash, seq, stored, day_text(now()))
        )
        return _answer(database, space, seq, wished.changes, outcomes)


def _content_hash(wished: WishedPush) -> str:
    # Of what was understood, not of the bytes: a proxy may pack a body anew.
    return hashlib.blake2b(orjson.dumps(wished.changes, default=tuple), digest_size=32).hexdigest()


def _apply(
    database: HubDatabase, space: SpaceRow, rights: Rights, caller: Caller, changes: Sequence[WishedChange], day: str
) -> tuple[int, list[int]]:
    seq, outcomes = space.seq, []
    owner = caller.carrier_id if rights.owned else None
    for run in _without_repeats(changes):
        states = database.records.states(space.id, [change[:2] for change in run])
        versions = []
        for change in run:
            refusal = _refusal(change, states.get(change[:2]), owner)
            if refusal is None:
                seq += 1
                versions.append(NewVersion(change.collection, change.id, seq, change.state, owner, change.data))
            outcomes.append(seq if refusal is None else refusal)
        database.records.write(space.id, versions, day)
    return seq, outcomes


def _without_repeats(changes: Sequence[WishedChange]) -> Iterator[list[WishedChange]]:
    """Cut the list where a record comes a second time, so that the order of its changes counts."""
    run: list[WishedChange] = []
    seen: set[Key] = set()
    for change in changes:
        key = change[:2]
        if key in seen:
            yield run
            run, seen = [], set()
        seen.add(key)
        run.append(change)
    if run:
        yield run


def _refusal(change: WishedChange, found: State | None, owner: str | None) -> int | None:
    """Return why a change does not stand, or None. Erasing needs no base: it wins whatever is there."""
    if found is not None and owner is not None and found.owner != owner:
        return _OWNED
    if change.state == ERASED:
        return None
    if found is not None and found.state == ERASED:
        return _ERASED
    if change.base != (found.seq if found is not None else 0):
        return _CHANGED
    return None


def _answer(
    database: HubDatabase, space: SpaceRow, seq: int, changes: Sequence[WishedChange], outcomes: Sequence[int]
) -> protocol.PushAnswer:
    # Records inside conflicts are those of now, also in a repeated answer: the hub keeps no second copy of content.
    pairs = list(zip(changes, outcomes, strict=True))
    refused = list(dict.fromkeys(change[:2] for change, outcome in pairs if outcome <= 0))
    standing = database.records.records(space.id, refused)
    applied: list[protocol.Applied] = []
    conflicts: list[protocol.Conflict] = []
    for change, outcome in pairs:
        if outcome > 0:
            applied.append({"collection": change.collection, "id": change.id, "seq": outcome})
        else:
            found = standing.get(change[:2])
            conflicts.append(
                {
                    "collection": change.collection,
                    "id": change.id,
                    "reason": _REASONS[outcome],
                    "record": None if found is None else as_record(found),
                }
            )
    return {"epoch": space.epoch, "seq": seq, "applied": applied, "conflicts": conflicts}
