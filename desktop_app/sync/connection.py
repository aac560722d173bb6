"""The rows about the connection itself: which hub, which spaces, how far."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.sync.records import SpaceKind
from desktop_app.sync.tables import SyncHub, SyncSpace

if TYPE_CHECKING:
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.protocol import Me, SpaceInfo

HUB = "hub"
_NO_RIGHTS: Mapping[str, object] = {"readable": 0, "writable": 0}
ENROLLING = "enrolling"  # begun; the hub has not said yes yet
WAITING = "waiting"  # enrolled; a desk of the office has to let this one in
CONNECTED = "connected"

#: In this order spaces are worked on: contacts refer to services of the directory.
SPACE_ORDER = (SpaceKind.DIRECTORY, SpaceKind.OFFICE, SpaceKind.EXCHANGE)

# By hand: these rows are read many times in every round, and building a query takes ten times as long as running it.
_HUB_COLUMNS = tuple(SyncHub._meta.columns)
_HUB_SQL = f"SELECT {', '.join(_HUB_COLUMNS)} FROM sync_hub LIMIT 1"  # noqa: S608
_SPACE_COLUMNS = tuple(SyncSpace._meta.columns)
_SPACES_SQL = f"SELECT {', '.join(_SPACE_COLUMNS)} FROM sync_space"  # noqa: S608
_SPACE_SQL = f"{_SPACES_SQL} WHERE name = ?"


@dataclass(frozen=True, slots=True)
class Connection:
    """The hub this desk is connected to, and who it is there."""

    address: str
    hub_id: str
    carrier_id: str
    carrier_name: str
    office_id: str
    office_name: str
    role: str
    device_id: str
    device_label: str
    token: str
    state: str
    counter: int
    told: int
    tried_at: str | None
    finished_at: str | None
    problem: str
    is_shut_out: bool
    is_paused: bool
    needs_recovery_sheet: bool
    successor: Mapping[str, str] | None

    @property
    def is_coordination(self) -> bool:
        """Whether it belongs to no office: it reads the directory and hands records over, and has no key."""
        return self.role == "coordination"

    @property
    def office_space(self) -> str:
        """The name of the own office's space."""
        return f"office-{self.office_id}"


@dataclass(frozen=True, slots=True)
class Space:
    """A space and how far it was read."""

    name: str
    kind: SpaceKind
    epoch: str
    seq: int
    is_readable: bool
    is_writable: bool
    with_office: str | None
    compare: str
    is_renewed: bool
    pulled_at: str | None
    compared_at: str | None


def read_connection(reader: Store | UnitOfWork) -> Connection | None:
    """Return the connection, None when this desk works alone."""
    rows = _rows(reader, _HUB_COLUMNS, _HUB_SQL)
    if not rows:
        return None
    row = rows[0]
    return Connection(
        address=row["address"],
        hub_id=row["hub_id"],
        carrier_id=row["carrier_id"],
        carrier_name=row["carrier_name"],
        office_id=row["office_id"],
        office_name=row["office_name"],
        role=row["role"],
        device_id=row["device_id"],
        device_label=row["device_label"],
        token=row["token"],
        state=row["state"],
        counter=row["counter"],
        told=row["told"],
        tried_at=row["tried_at"],
        finished_at=row["finished_at"],
        problem=row["problem"],
        is_shut_out=bool(row["shut_out"]),
        is_paused=bool(row["paused"]),
        needs_recovery_sheet=bool(row["recovery_sheet"]),
        successor=json.loads(row["successor"]) if row["successor"] else None,
    )


def read_spaces(reader: Store | UnitOfWork) -> tuple[Space, ...]:
    """Return the spaces this program works on, in the order in which it does."""
    found = [_space(row) for row in _rows(reader, _SPACE_COLUMNS, _SPACES_SQL)]
    known = [space for space in found if space.kind in SPACE_ORDER]
    return tuple(sorted(known, key=lambda space: (SPACE_ORDER.index(space.kind), space.name)))


def read_space(reader: Store | UnitOfWork, name: str) -> Space:
    """Return one space."""
    rows = _rows(reader, _SPACE_COLUMNS, _SPACE_SQL, name)
    if not rows:
        raise KeyError(name)
    return _space(rows[0])


def _rows(reader: Store | UnitOfWork, columns: tuple[str, ...], sql: str, *parameters: object) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in reader.sql(sql, parameters)]


def _space(row: dict[str, Any]) -> Space:
    return Space(
        name=row["name"],
        kind=SpaceKind(row["kind"]),
        epoch=row["epoch"],
        seq=row["seq"],
        is_readable=bool(row["readable"]),
        is_writable=bool(row["writable"]),
        with_office=row["with_office"],
        compare=row["compare"],
        is_renewed=bool(row["renewed"]),
        pulled_at=row["pulled_at"],
        compared_at=row["compared_at"],
    )


def is_noted(reader: Store | UnitOfWork, me: Me) -> bool:
    """Whether nothing of what the hub says about this desk and its spaces is new."""
    hub = next(iter(_rows(reader, _HUB_COLUMNS, _HUB_SQL)), {})
    known = {row["name"]: row for row in _rows(reader, _SPACE_COLUMNS, _SPACES_SQL)}
    told = {space["name"]: _rights(space) for space in me["spaces"]}
    return (
        _says(hub, _about_us(me))
        and all(name in known and _says(known[name], rights) for name, rights in told.items())
        and all(_says(known[name], _NO_RIGHTS) for name in known.keys() - told.keys())
    )


def note_me(unit: UnitOfWork, me: Me) -> None:
    """Take what the hub says about this desk and its spaces."""
    unit.update(SyncHub, HUB, _about_us(me))
    known = {row["name"]: row for row in unit.rows(SyncSpace.select())}
    for space in me["spaces"]:
        rights = _rights(space)
        before = known.pop(space["name"], None)
        if before is None:
            unit.insert(SyncSpace, {"name": space["name"], "kind": space["kind"], **rights})
        elif not _says(before, rights):
            # What could not be sent without the right is found by comparing.
            unit.update(SyncSpace, space["name"], {**rights, "compare": before["compare"] or "-"})
    for name in known:
        unit.update(SyncSpace, name, _NO_RIGHTS)


def _says(row: Mapping[str, Any], values: Mapping[str, object]) -> bool:
    return all(row.get(name) == value for name, value in values.items())


def _rights(space: SpaceInfo) -> dict[str, object]:
    return {
        "readable": int(space["read"]),
        "writable": int(space["write"]),
        "with_office": space["with_office"],
    }


def _about_us(me: Me) -> dict[str, str]:
    return {
        "carrier_id": me["carrier"]["id"],
        "carrier_name": me["carrier"]["name"],
        "office_id": me["office"]["id"],
        "office_name": me["office"]["name"],
        "role": me["role"],
        "device_label": me["device"]["label"],
    }
