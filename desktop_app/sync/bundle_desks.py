"""With which desks files were exchanged, and how far."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.sync.tables import SyncBundleDesk

if TYPE_CHECKING:
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork

_LINEAGE_BYTES = 8


@dataclass(frozen=True, slots=True)
class BundleDesk:
    """A desk and the newest file that came from it; see the table."""

    lineage: str
    is_own: bool
    label: str
    number: int
    taken_whole: int
    has_of_ours: int
    at: str | None


def read_desks(reader: Store | UnitOfWork) -> tuple[BundleDesk, ...]:
    """Return the desks, the own one as well."""
    return tuple(
        BundleDesk(
            row["id"],
            bool(row["is_own"]),
            row["label"],
            row["number"],
            row["taken_whole"],
            row["has_of_ours"],
            row["at"],
        )
        for row in reader.rows(SyncBundleDesk.select().order_by(SyncBundleDesk.id))
    )


def own_desk(reader: Store | UnitOfWork) -> BundleDesk | None:
    """Return this desk; None when it never took part."""
    return next((desk for desk in read_desks(reader) if desk.is_own), None)


def ensured_own_desk(unit: UnitOfWork) -> BundleDesk:
    """Return this desk, with a lineage from now on."""
    found = own_desk(unit)
    if found is None:
        found = BundleDesk(
            secrets.token_hex(_LINEAGE_BYTES), is_own=True, label="", number=0, taken_whole=0, has_of_ours=0, at=None
        )
        unit.insert(SyncBundleDesk, {"id": found.lineage, "is_own": 1})
    return found


def keep_desk(unit: UnitOfWork, desk: BundleDesk) -> None:
    """Keep how far it is with a desk."""
    row = {
        "label": desk.label,
        "number": desk.number,
        "taken_whole": desk.taken_whole,
        "has_of_ours": desk.has_of_ours,
        "at": desk.at,
    }
    if any(known.lineage == desk.lineage for known in read_desks(unit)):
        unit.update(SyncBundleDesk, desk.lineage, row)
    else:
        unit.insert(SyncBundleDesk, {"id": desk.lineage, "is_own": int(desk.is_own), **row})
