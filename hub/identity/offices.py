"""Carriers and offices."""

from __future__ import annotations

import uuid

from desktop_app.sync import protocol
from desktop_app.sync.protocol import ErrorCode
from hub.clock import Now, moment_text
from hub.errors import Refused
from hub.rights import Caller
from hub.spaces.catalogue import new_space
from hub.storage.database import HubDatabase
from hub.storage.tables import Carrier, Hub, Office, Space


def prepare(database: HubDatabase, now: Now) -> str:
    """Make the hub's own id and the two common spaces, where missing; return the id."""
    with database.writing():
        row = database.first(Hub.select())
        if row is None:
            row = {"id": str(uuid.uuid4()), "created_at": moment_text(now())}
            database.run(Hub.insert(row))
        for kind in (protocol.DIRECTORY_SPACE, protocol.STATISTICS_SPACE):
            if database.first(Space.select().where(Space.name == kind)) is None:
                database.run(Space.insert(new_space(kind, kind)))
        return str(row["id"])


def hub_id(database: HubDatabase) -> str:
    """Return which hub this is."""
    row = database.first(Hub.select())
    return "" if row is None else str(row["id"])


def add_office(database: HubDatabase, carrier: str, name: str, role: protocol.Role = "office") -> str:
    """Make an office, its carrier where missing, and the office's own space; return the office's id.

    Raises:
        peewee.IntegrityError: there is an office of this name.
    """
    with database.writing():
        row = database.first(Carrier.select().where(Carrier.name == carrier))
        if row is None:
            row = {"id": str(uuid.uuid4()), "name": carrier}
            database.run(Carrier.insert(row))
        office_id = str(uuid.uuid4())
        database.run(Office.insert(id=office_id, carrier=row["id"], name=name, role=role, public_key=None))
        if role == "office":
            space = protocol.OFFICE_SPACE_PREFIX + office_id
            database.run(Space.insert(new_space("office", space, office_id)))
        return office_id


def rename(database: HubDatabase, table: type[Carrier] | type[Office], row_id: str, name: str) -> None:
    """Give a carrier or an office another name; its desks hear of it with their next round.

    Raises:
        peewee.IntegrityError: another one has this name.
    """
    with database.writing():
        database.run(table.update(name=name).where(table.id == row_id))


def offices(database: HubDatabase) -> list[protocol.OfficeInfo]:
    """Return all offices, without the coordination."""
    query = (
        Office.select(
            Office.id,
            Office.name,
            Office.public_key,
            Carrier.id.alias("carrier_id"),
            Carrier.name.alias("carrier_name"),
        )
        .join(Carrier)
        .where(Office.role == "office")
        .order_by(Office.name)
    )
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "carrier": {"id": row["carrier_id"], "name": row["carrier_name"]},
            "public_key": row["public_key"],
        }
        for row in database.rows(query)
    ]


def set_public_key(database: HubDatabase, caller: Caller, request: protocol.PublicKeyRequest) -> protocol.OfficeInfo:
    """Replace the office's public key, if it is still the one the desk believes; said twice, it stays.

    Raises:
        Refused: 409, another desk was quicker.
    """
    with database.writing():
        row = database.locked(Office.select().where(Office.id == caller.office_id)) or {}
        if row.get("public_key") != request["public_key"]:
            if row.get("public_key") != request["replaces"]:
                raise Refused(409, ErrorCode.KEY_CHANGED, "The office has another public key by now.")
            database.run(Office.update(public_key=request["public_key"]).where(Office.id == caller.office_id))
    return {
        "id": caller.office_id,
        "name": caller.office_name,
        "carrier": {"id": caller.carrier_id, "name": caller.carrier_name},
        "public_key": request["public_key"],
    }
