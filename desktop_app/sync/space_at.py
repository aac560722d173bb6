"""A space and who this desk is in it, as a page of it is applied or sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from desktop_app.core.permissions import Role
from desktop_app.sync.records import SpaceKind

if TYPE_CHECKING:
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.codec import Codec
    from desktop_app.sync.protocol import Record
    from desktop_app.sync.sealing import KeyId


class KeyRecords(Protocol):
    """What takes the records with keys."""

    def incoming(self, unit: UnitOfWork, records: Sequence[Record]) -> None:
        """Take records with keys, in the page's transaction."""

    def may_come_under(self, store: Store, key_id: KeyId, seq: int) -> bool:
        """Tell whether a record that was not seen before may be sealed with a former key."""
        ...


@dataclass(frozen=True, slots=True)
class SpaceAt:
    """A space and who we are in it, for one transaction."""

    name: str
    kind: SpaceKind
    codec: Codec
    device_id: str
    device_label: str
    carrier_id: str
    counter: int
    current_key: KeyId | None = None
    keys: KeyRecords | None = None
    #: a hub that came back from a backup is being read
    is_renewed: bool = False
    #: of whoever reads what came of it
    role: Role = Role.COORDINATION

    def is_foreign(self, owner: str | None) -> bool:
        """Whether a record with this owner belongs to another carrier."""
        return self.kind is SpaceKind.DIRECTORY and owner not in {None, self.carrier_id}
