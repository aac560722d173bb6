"""One hash over everything a desk sees of a space: whether both sides have the same, without sending it."""

from __future__ import annotations

import hashlib

from desktop_app.sync import protocol
from hub.errors import forbidden
from hub.rights import Caller
from hub.spaces.catalogue import find_space
from hub.storage.database import HubDatabase


def digest(database: HubDatabase, caller: Caller, space_name: str) -> protocol.DigestAnswer:
    """Hash collection, id and seq of every record, tombstones too.

    Raises:
        Refused: no such space.
    """
    with database.snapshot():
        space, rights = find_space(database, caller, space_name)
        if not rights.read:
            raise forbidden("This desk may not read here.")
        hashed, count = hashlib.sha256(), 0
        for collection, record_id, seq in database.records.in_order(space.id, rights.prefix):
            hashed.update(f"{collection}/{record_id}/{seq}\n".encode())
            count += 1
    return {"epoch": space.epoch, "seq": space.seq, "count": count, "digest": hashed.hexdigest()}
