"""Device keys, office keys, members and key records as rows of the encrypted database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from desktop_app.storage.tables import Table
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.sync.device_keys import DeviceKeys, key_bytes, key_text
from desktop_app.sync.membership import Member, MemberKind, OfficeKey, OfficeState, Standing
from desktop_app.sync.sealing import KeyId
from desktop_app.sync.tables import (
    SyncAdmission,
    SyncDeviceKey,
    SyncKeyRecord,
    SyncMembership,
    SyncOfficeKey,
    SyncTrustedDevice,
)

OFFICE = "office"
FORMER, CURRENT, COMING = 0, 1, 2
TABLES: tuple[type[Table], ...] = (
    SyncAdmission,
    SyncDeviceKey,
    SyncKeyRecord,
    SyncMembership,
    SyncOfficeKey,
    SyncTrustedDevice,
)
# By hand: these few rows are read with every transaction of a round, and building a query takes longer than running it.
_ALL_OF: Mapping[type[Table], tuple[tuple[str, ...], str]] = {
    table: (tuple(table._meta.columns), f"SELECT {', '.join(table._meta.columns)} FROM {table._meta.table_name}")  # noqa: S608
    for table in TABLES
}


class Reader(Protocol):
    """A store, or a unit of work in the midst of its transaction."""

    def rows(self, query: Any) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        ...

    def sql(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a hand-written SELECT."""
        ...


def identities(reader: Reader) -> tuple[DeviceKeys, ...]:
    """Return this device's key pairs: the current one first, then former ones; not one that is only prepared."""
    rows = _rows_of(reader, SyncDeviceKey, "WHERE is_current <> ? ORDER BY is_current DESC, made_at DESC", COMING)
    return tuple(DeviceKeys(row["device_id"], key_bytes(row["private_key"])) for row in rows)


def own_keys(reader: Reader) -> DeviceKeys | None:
    """Return the current pair; None when there is none yet."""
    row = _first_of(reader, SyncDeviceKey, "WHERE is_current = ?", CURRENT)
    return DeviceKeys(row["device_id"], key_bytes(row["private_key"])) if row else None


def insert_identity(unit: UnitOfWork, keys: DeviceKeys, standing: int) -> None:
    """Keep a new pair."""
    row = {
        "id": keys.public_key,
        "device_id": keys.device_id,
        "private_key": key_text(keys.private_key),
        "is_current": standing,
        "made_at": unit.moment,
    }
    unit.insert(SyncDeviceKey, row)


def place(reader: Reader) -> tuple[str, str] | None:
    """Return the office's id and its space; None while this desk belongs to none."""
    row = _first_of(reader, SyncMembership)
    return (row["office_id"], row["space"]) if row else None


def keep_place(unit: UnitOfWork, office_id: str, space: str) -> None:
    """Keep to which office this desk belongs or wants to."""
    if place(unit) is None:
        unit.insert(SyncMembership, {"id": OFFICE, "office_id": office_id, "space": space, "index_key": ""})


def load_state(reader: Reader) -> OfficeState | None:
    """Return what this desk knows of the office's keys; None while it has none."""
    row = _first_of(reader, SyncMembership)
    if row is None or not row["index_key"]:
        return None
    keys = [_key_from(item) for item in _rows_of(reader, SyncOfficeKey)]
    members = [_member_from(item) for item in _rows_of(reader, SyncTrustedDevice)]
    return OfficeState(
        row["office_id"],
        row["space"],
        key_bytes(row["index_key"]),
        {key.key_id: key for key in keys},
        {member.public_key: member for member in members},
    )


def _rows_of(reader: Reader, table: type[Table], rest: str = "", *values: object) -> list[dict[str, Any]]:
    columns, sql = _ALL_OF[table]
    return [dict(zip(columns, row, strict=True)) for row in reader.sql(f"{sql} {rest}", values)]


def _first_of(reader: Reader, table: type[Table], rest: str = "", *values: object) -> dict[str, Any] | None:
    return next(iter(_rows_of(reader, table, f"{rest} LIMIT 1", *values)), None)


def save_state(unit: UnitOfWork, before: OfficeState | None, state: OfficeState) -> None:
    """Keep a state in place of the one that was loaded; rows that did not change stay."""
    if before is None:
        keep_place(unit, state.office_id, state.space)
        unit.update(SyncMembership, OFFICE, {"index_key": key_text(state.index_key)})
    known: Mapping[KeyId, OfficeKey] = before.keys if before else {}
    for key_id, key in state.keys.items():
        if known.get(key_id) != key:
            _put(unit, SyncOfficeKey, key_id, _key_row(key), is_new=key_id not in known)
    if before is not None and before.current.key_id != state.current.key_id:
        # Everything is compared with the hub, and what lies there under a former key goes there again.
        unit.derived("UPDATE sync_space SET compare = '-' WHERE name = ?", (state.space,))
    trusted: Mapping[str, Member] = before.members if before else {}
    for public_key, member in state.members.items():
        if trusted.get(public_key) != member:
            _put(unit, SyncTrustedDevice, public_key, _member_row(member), is_new=public_key not in trusted)


def retire_keys(unit: UnitOfWork, current: KeyId, seq: int) -> None:
    """Keep from which number of the hub on nothing new may come under the former keys that have none yet."""
    for row in _rows_of(unit, SyncOfficeKey, "WHERE id <> ? AND retired_seq IS NULL", current):
        unit.update(SyncOfficeKey, row["id"], {"retired_seq": seq})


def key_record(reader: Reader, record_id: str) -> dict[str, Any] | None:
    """Return a kept record of the collection "k"."""
    return _first_of(reader, SyncKeyRecord, "WHERE id = ?", record_id)


def put_key_record(unit: UnitOfWork, record_id: str, changes: Mapping[str, object]) -> None:
    """Insert or change a kept record; a new one needs all columns but the id."""
    _put(unit, SyncKeyRecord, record_id, changes, is_new=key_record(unit, record_id) is None)


def admission(reader: Reader, public_key: str) -> dict[str, Any] | None:
    """Return an admission that goes on."""
    return _first_of(reader, SyncAdmission, "WHERE id = ?", public_key)


def put_admission(unit: UnitOfWork, public_key: str, changes: Mapping[str, object]) -> None:
    """Insert or change an admission; what a new one does not name is empty."""
    is_new = admission(unit, public_key) is None
    empty = dict.fromkeys(("partner", "own_nonce", "partner_nonce", "commitment"), "")
    row = {**empty, "begun_at": unit.moment, **changes} if is_new else changes
    _put(unit, SyncAdmission, public_key, row, is_new=is_new)


def _put(unit: UnitOfWork, table: type[Table], record_id: str, row: Mapping[str, object], *, is_new: bool) -> None:
    if is_new:
        unit.insert(table, {"id": record_id, **row})
    else:
        unit.update(table, record_id, dict(row))


def _key_row(key: OfficeKey) -> dict[str, object]:
    return {
        "secret": key_text(key.secret),
        "office_private_key": key_text(key.office_private_key),
        "generation": key.generation,
        "tainted_by": json.dumps(sorted(key.tainted_by)),
    }


def _key_from(row: Mapping[str, Any]) -> OfficeKey:
    tainted_by = frozenset(json.loads(row["tainted_by"]))
    return OfficeKey(key_bytes(row["secret"]), key_bytes(row["office_private_key"]), row["generation"], tainted_by)


def _member_row(member: Member) -> dict[str, object]:
    return {
        "kind": member.kind.value,
        "device_id": member.device_id,
        "label": member.label,
        "admitted_by": member.admitted_by,
        "standing": int(member.standing),
        "recovery_secret": key_text(member.recovery_secret) if member.recovery_secret else "",
    }


def _member_from(row: Mapping[str, Any]) -> Member:
    return Member(
        row["id"],
        MemberKind(row["kind"]),
        row["device_id"],
        row["label"],
        row["admitted_by"],
        Standing(row["standing"]),
        key_bytes(row["recovery_secret"]) if row["recovery_secret"] else b"",
    )
