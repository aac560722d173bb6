"""A pull: the records above a cursor, in the order in which they were committed."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.sync import protocol
from desktop_app.sync.protocol import ErrorCode
from hub.errors import Refused, forbidden
from hub.rights import Caller, Rights, SpaceRow
from hub.spaces.catalogue import find_space
from hub.spaces.wire import as_position, as_record
from hub.storage.database import HubDatabase
from hub.storage.records import StoredPosition, StoredRecord


def pull(database: HubDatabase, caller: Caller, space_name: str, since: int, limit: int) -> protocol.PullAnswer:
    """Return the next page.

    Raises:
        Refused: no such space, or tombstones above the cursor were purged (410).
    """
    with database.snapshot():
        space, rights = _readable(database, caller, space_name, since)
        rows = database.records.page(space.id, since, limit, rights.prefix)
        records = list(map(as_record, rows))
        more = _continues(database, space, rights, rows)
    return {
        "epoch": space.epoch,
        "seq": space.seq,
        "purged_below": space.purged_below,
        "more": more,
        "records": records,
    }


def pull_positions(
    database: HubDatabase, caller: Caller, space_name: str, since: int, limit: int
) -> protocol.PositionsAnswer:
    """Return the next page without data.

    Raises:
        Refused: as `pull`.
    """
    with database.snapshot():
        space, rights = _readable(database, caller, space_name, since)
        rows = database.records.positions(space.id, since, limit, rights.prefix)
        records = list(map(as_position, rows))
        more = _continues(database, space, rights, rows)
    return {
        "epoch": space.epoch,
        "seq": space.seq,
        "purged_below": space.purged_below,
        "more": more,
        "records": records,
    }


def _readable(database: HubDatabase, caller: Caller, space_name: str, since: int) -> tuple[SpaceRow, Rights]:
    space, rights = find_space(database, caller, space_name)
    if not rights.read:
        raise forbidden("This desk may not read here.")
    if 0 < since < space.purged_below:
        raise Refused(410, ErrorCode.CURSOR_TOO_OLD, "Deletions above this cursor are gone; start again from 0.")
    return space, rights


def _continues(
    database: HubDatabase, space: SpaceRow, rights: Rights, rows: Sequence[StoredRecord | StoredPosition]
) -> bool:
    # seq alone does not tell: in the statistics the rest may be other offices' records.
    last = rows[-1].seq if rows else space.seq
    return last < space.seq and bool(database.records.positions(space.id, last, 1, rights.prefix))
