"""Desks: who is calling, coming in with a code, being shut out, going on under a new id after a restore."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import peewee

from desktop_app.sync import protocol
from desktop_app.sync.protocol import ErrorCode
from hub.clock import Now, day_text, moment_text
from hub.errors import Refused, not_found, revoked, unknown_token
from hub.identity.secrets import code_hash, is_code, is_token, new_code, token_hash
from hub.rights import Caller
from hub.storage.database import HubDatabase
from hub.storage.tables import Carrier, Device, Invitation, Office

INVITATION_HOURS = 24  # an office that adds a desk does it today


def _with_office() -> Any:
    return (
        Device.select(
            Device.id,
            Device.label,
            Device.token_hash,
            Device.public_key,
            Device.last_seen_on,
            Device.revoked_at,
            Device.replaced_by,
            Office.id.alias("office_id"),
            Office.name.alias("office_name"),
            Office.role,
            Carrier.id.alias("carrier_id"),
            Carrier.name.alias("carrier_name"),
        )
        .join(Office)
        .join(Carrier)
    )


def _as_caller(row: dict[str, Any]) -> Caller:
    return Caller(
        row["id"],
        row["label"],
        row["office_id"],
        row["office_name"],
        row["carrier_id"],
        row["carrier_name"],
        row["role"],
        row["last_seen_on"],
    )


# By hand: it is asked with every request, and building it takes longer than running it.
_WHO_CALLS = """
    SELECT device.revoked_at, device.id, device.label, office.id, office.name, carrier.id, carrier.name, office.role,
           device.last_seen_on
    FROM device JOIN office ON office.id = device.office_id JOIN carrier ON carrier.id = office.carrier_id
    WHERE device.token_hash = ?"""


def who_calls(database: HubDatabase, token: str) -> Caller:
    """Return the desk a token belongs to.

    Raises:
        Refused: nobody's token, or one that was revoked.
    """
    row = database.sql(_WHO_CALLS, (token_hash(token),)).fetchone() if is_token(token) else None
    if row is None:
        raise unknown_token()
    revoked_at, *facts = row
    if revoked_at is not None:
        raise revoked()
    return Caller(*facts)


def _by_token(database: HubDatabase, token: str) -> dict[str, Any]:
    if not is_token(token):
        raise unknown_token()
    row = database.first(_with_office().where(Device.token_hash == token_hash(token)))
    if row is None:
        raise unknown_token()
    return row


def mark_seen(database: HubDatabase, now: Now, caller: Caller) -> None:
    """Remember the day of the desk's last visit; written once a day."""
    today = day_text(now())
    if caller.last_seen_on != today:
        database.run(Device.update(last_seen_on=today).where(Device.id == caller.device_id))


def invite(
    database: HubDatabase, now: Now, office_id: str, label: str, hours: int = INVITATION_HOURS
) -> protocol.Invitation:
    """Make a code with which one desk of the office may come in. Needs an open transaction."""
    code, moment = new_code(), now()
    expires = moment_text(moment + timedelta(hours=hours))
    database.run(
        Invitation.insert(
            code_hash=code_hash(code),
            office=office_id,
            label=label,
            expires_at=expires,
            used_by=None,
            made_at=moment_text(moment),
        )
    )
    return {"code": code, "expires_at": expires}


def bad_code() -> Refused:
    """Return the refusal of a code; why it does not count is nobody's business."""
    return Refused(403, ErrorCode.BAD_CODE, "This code is unknown, used or too old.")


def whose_code(database: HubDatabase, now: Now, code: str) -> dict[str, Any]:
    """Return whose a fresh code is (ids, names, role), its label and how many desks its office has had. Uses nothing up.

    Raises:
        Refused: the code is unknown, used or too old.
    """
    row = None
    if is_code(code):
        row = database.first(
            Invitation.select(
                Invitation.label,
                Office.id.alias("office_id"),
                Office.name.alias("office_name"),
                Office.role.alias("role"),
                Carrier.id.alias("carrier_id"),
                Carrier.name.alias("carrier_name"),
            )
            .join(Office)
            .join(Carrier)
            .where(
                (Invitation.code_hash == code_hash(code))
                & Invitation.used_by.is_null()
                & (Invitation.expires_at > moment_text(now()))
            )
        )
    if row is None:
        raise bad_code()
    # Those that were shut out too: they made the office's key, which nobody makes a second time.
    desks = Device.select(Device.id).where(Device.office == row["office_id"])
    return {**row, "desks": len(database.rows(desks))}


def enrol(database: HubDatabase, now: Now, request: protocol.EnrolRequest) -> Caller:
    """Let a desk in; asked again with the same body, the same desk is in.

    Raises:
        Refused: the code is unknown, used or too old; or device id or token are in use.
    """
    if not is_code(request["code"]):
        raise bad_code()
    hashed, device_id = code_hash(request["code"]), request["device_id"]
    with database.writing():
        fresh = (Invitation.used_by.is_null()) & (Invitation.expires_at > moment_text(now()))
        taken = database.run(Invitation.update(used_by=device_id).where((Invitation.code_hash == hashed) & fresh))
        invitation = database.first(Invitation.select().where(Invitation.code_hash == hashed))
        if invitation is None or invitation["used_by"] != device_id:
            raise bad_code()
        if taken:
            _insert_device(
                database,
                now,
                device_id=device_id,
                office_id=invitation["office"],
                label=request["label"] or invitation["label"],
                token=request["token"],
                public_key=request["public_key"],
            )
        row = database.first(_with_office().where(Device.id == device_id))
        if row is None or row["token_hash"] != token_hash(request["token"]):
            raise bad_code()  # the code was used by this id, but by somebody with another token
        if row["revoked_at"] is not None:
            raise revoked()
        return _as_caller(row)


def succeed(database: HubDatabase, now: Now, token: str, request: protocol.SuccessorRequest) -> Caller:
    """Put a new device in the place of the one with this token, which is revoked; asked again, the same answer.

    Raises:
        Refused: nobody's token, revoked for another reason, or device id or token are in use.
    """
    with database.writing():
        row = _by_token(database, token)
        if row["revoked_at"] is None:
            # Only one of two who try it at once finds the row as it was.
            met = database.run(
                Device.update(revoked_at=moment_text(now()), replaced_by=request["device_id"]).where(
                    (Device.id == row["id"]) & Device.revoked_at.is_null()
                )
            )
            if not met:
                raise revoked()
            _insert_device(
                database,
                now,
                device_id=request["device_id"],
                office_id=row["office_id"],
                label=row["label"],
                token=request["token"],
                public_key=request["public_key"],
            )
        elif row["replaced_by"] != request["device_id"]:
            raise revoked()
        successor = database.first(_with_office().where(Device.id == request["device_id"]))
        if successor is None or successor["token_hash"] != token_hash(request["token"]):
            raise revoked()
        if successor["revoked_at"] is not None:
            raise revoked()
        return _as_caller(successor)


def _insert_device(
    database: HubDatabase, now: Now, *, device_id: str, office_id: str, label: str, token: str, public_key: str
) -> None:
    try:
        with database.attempt():
            database.run(
                Device.insert(
                    id=device_id,
                    office=office_id,
                    label=label,
                    token_hash=token_hash(token),
                    public_key=public_key,
                    enrolled_at=moment_text(now()),
                    last_seen_on=day_text(now()),
                    revoked_at=None,
                    replaced_by=None,
                )
            )
    except peewee.IntegrityError as error:
        raise Refused(409, ErrorCode.DEVICE_TAKEN, "This device id or token is in use.") from error


def devices_of(database: HubDatabase, office_id: str) -> list[protocol.DeviceInfo]:
    """Return the desks of an office, revoked ones too."""
    rows = database.rows(Device.select().where(Device.office == office_id).order_by(Device.enrolled_at, Device.id))
    return [
        {
            "id": row["id"],
            "label": row["label"],
            "public_key": row["public_key"],
            "enrolled_at": row["enrolled_at"],
            "last_seen_on": row["last_seen_on"],
            "revoked_at": row["revoked_at"],
        }
        for row in rows
    ]


def revoke(database: HubDatabase, now: Now, device_id: str, *, office_id: str | None = None) -> protocol.DeviceInfo:
    """Shut a desk out at once; already shut out, it stays so. With `office_id` only a desk of this office.

    Raises:
        Refused: there is no such desk (in this office).
    """
    with database.writing():
        row = database.first(Device.select().where(Device.id == device_id))
        if row is None or (office_id is not None and row["office"] != office_id):
            raise not_found()
        database.run(
            Device.update(revoked_at=moment_text(now())).where((Device.id == device_id) & Device.revoked_at.is_null())
        )
        return next(info for info in devices_of(database, row["office"]) if info["id"] == device_id)
