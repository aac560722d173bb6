"""Which spaces there are, and which of them a desk sees."""

from __future__ import annotations

import re
import uuid
from typing import Any

import peewee

from desktop_app.sync import protocol
from hub.errors import forbidden, invalid, not_found
from hub.rights import Caller, Rights, SpaceRow, rights_in
from hub.storage.database import HubDatabase
from hub.storage.tables import Office, Space

_UUID = protocol.DEVICE_ID_PATTERN
# By hand: it is part of every push and pull, and building it takes longer than running it.
_FIND = "SELECT id, name, kind, office_id, other_office_id, epoch, seq, purged_below FROM space WHERE name = ?"
_NAME = re.compile(rf"directory|statistics|(?:office|exchange)-{_UUID}")


def new_space(kind: str, name: str, office_id: str | None = None, other_office_id: str | None = None) -> dict[str, Any]:
    """Return the row of a space that begins now."""
    return {
        "name": name,
        "kind": kind,
        "office": office_id,
        "other_office": other_office_id,
        "epoch": str(uuid.uuid4()),
        "seq": 0,
        "purged_below": 0,
    }


def as_space(row: dict[str, Any]) -> SpaceRow:
    """Turn a row into what the rules want."""
    return SpaceRow(
        row["id"],
        row["name"],
        row["kind"],
        row["office"],
        row["other_office"],
        row["epoch"],
        row["seq"],
        row["purged_below"],
    )


def find_space(database: HubDatabase, caller: Caller, name: str, *, lock: bool = False) -> tuple[SpaceRow, Rights]:
    """Return a space and the caller's rights in it; with `lock` it is the caller's until the transaction ends.

    Raises:
        Refused: there is none of this name, or the caller may not know.
    """
    if not _NAME.fullmatch(name):
        raise not_found()
    row = database.sql(_FIND + (database.for_update if lock else ""), (name,)).fetchone()
    if row is None:
        raise not_found()
    space = SpaceRow(*row)
    rights = rights_in(caller, space)
    if not rights.sees:
        raise not_found()  # which ends the transaction and with it the lock
    return space, rights


def space_info(caller: Caller, space: SpaceRow, rights: Rights) -> protocol.SpaceInfo:
    """Describe a space to a desk that sees it."""
    return {
        "name": space.name,
        "kind": space.kind,
        "epoch": space.epoch,
        "seq": space.seq,
        "purged_below": space.purged_below,
        "read": rights.read,
        "write": rights.write,
        "with_office": space.other_than(caller.office_id),
    }


def spaces_of(database: HubDatabase, caller: Caller) -> list[protocol.SpaceInfo]:
    """Describe every space the caller sees."""
    mine = (Space.office == caller.office_id) | (Space.other_office == caller.office_id)
    common = Space.kind.in_(("directory", "statistics"))
    spaces = map(as_space, database.rows(Space.select().where(mine | common).order_by(Space.id)))
    seen = ((space, rights_in(caller, space)) for space in spaces)
    return [space_info(caller, space, rights) for space, rights in seen if rights.sees]


def exchange_with(database: HubDatabase, caller: Caller, office_id: str) -> protocol.SpaceInfo:
    """Return the exchange of two offices, made when there is none yet.

    Raises:
        Refused: the caller is no office, the other one is none, or both are the same.
    """
    if caller.role != "office":
        raise forbidden("Only offices exchange referrals.")
    if office_id == caller.office_id:
        raise invalid("An office does not exchange anything with itself.")
    with database.writing():
        if database.first(Office.select().where((Office.id == office_id) & (Office.role == "office"))) is None:
            raise not_found()
        first, second = sorted((caller.office_id, office_id))
        query = Space.select().where((Space.office == first) & (Space.other_office == second))
        row = database.first(query)
        if row is None:
            name = f"{protocol.EXCHANGE_SPACE_PREFIX}{uuid.uuid4()}"
            try:
                with database.attempt():
                    database.run(Space.insert(new_space("exchange", name, first, second)))
            except peewee.IntegrityError:
                pass  # the other office was quicker
            row = database.first(query)
        if row is None:
            raise not_found()
        space = as_space(row)
        return space_info(caller, space, rights_in(caller, space))
