"""Records of the directory that go to another carrier: decided by the coordination."""

from __future__ import annotations

from collections.abc import Sequence

import peewee

from desktop_app.sync import protocol
from hub.clock import Now, day_text
from hub.errors import forbidden, invalid
from hub.rights import Caller
from hub.spaces.catalogue import find_space
from hub.spaces.changes import WishedOwner
from hub.storage.database import HubDatabase
from hub.storage.tables import ERASED, PRESENT, Carrier, Record, Space


def hand_over(
    database: HubDatabase, now: Now, caller: Caller, wished: Sequence[WishedOwner]
) -> protocol.HandOverAnswer:
    """Give records new owners, with new sequence numbers, so that every desk hears of it.

    Raises:
        Refused: the caller is not the coordination, or a carrier does not exist.
    """
    with database.writing():
        space, rights = find_space(database, caller, protocol.DIRECTORY_SPACE, lock=True)
        if not rights.hand_over:
            raise forbidden("Only the coordination hands records over.")
        wanted = {change.owner for change in wished}
        known = {row["id"] for row in database.rows(Carrier.select(Carrier.id).where(Carrier.id.in_(sorted(wanted))))}
        if wanted - known:
            raise invalid("There is no carrier with this id.")
        states = database.records.states(space.id, [change[:2] for change in wished])
        seq = space.seq
        applied: list[protocol.Applied] = []
        missing: list[protocol.OwnerChange] = []
        for change in wished:
            found = states.get(change[:2])
            if found is None or found.state == ERASED:
                missing.append({"collection": change.collection, "id": change.id, "owner": change.owner})
                continue
            if found.owner == change.owner:  # said twice: nothing happens twice
                applied.append({"collection": change.collection, "id": change.id, "seq": found.seq})
                continue
            seq += 1
            database.run(
                Record.update(owner=change.owner, seq=seq, changed_on=day_text(now())).where(
                    (Record.space == space.id) & (Record.collection == change.collection) & (Record.id == change.id)
                )
            )
            applied.append({"collection": change.collection, "id": change.id, "seq": seq})
        if seq != space.seq:
            database.run(Space.update(seq=seq).where(Space.id == space.id))
    return {"epoch": space.epoch, "seq": seq, "applied": applied, "missing": missing}


def hand_over_all(database: HubDatabase, now: Now, former: str, owner: str) -> int:
    """Give everything one carrier owns to another, as the operator does when a carrier leaves.

    Both are ids of carriers. Tombstones go too, uncounted; what was erased stays whose it was. Returns how many records it
    were.
    """
    with database.writing():
        space = database.locked(Space.select().where(Space.name == protocol.DIRECTORY_SPACE)) or {}
        owned = (Record.space == space["id"]) & (Record.owner == former) & (Record.state != ERASED)
        rows = database.rows(
            Record.select(Record.collection, Record.id, Record.state).where(owned).order_by(Record.seq)
        )
        for seq, row in enumerate(rows, space["seq"] + 1):
            database.run(
                Record.update(owner=owner, seq=seq, changed_on=day_text(now())).where(
                    (Record.space == space["id"]) & (Record.collection == row["collection"]) & (Record.id == row["id"])
                )
            )
        if rows:
            database.run(Space.update(seq=space["seq"] + len(rows)).where(Space.id == space["id"]))
    return sum(row["state"] == PRESENT for row in rows)


def count_owned(database: HubDatabase, carrier: str) -> int:
    """Return how many records of the directory a carrier owns. Needs an open connection."""
    directory = Space.select(Space.id).where(Space.name == protocol.DIRECTORY_SPACE)
    owned = Record.space.in_(directory) & (Record.owner == carrier) & (Record.state == PRESENT)
    found = database.first(Record.select(peewee.fn.COUNT(Record.id).alias("count")).where(owned))
    return 0 if found is None else int(found["count"])
