"""What the sync round and the exchange of referrals have to say to each other. Shapes only; imports nothing heavy.

In a space between two offices there are two records per referral under the same id: „o“ (the offer; written by the
sender only) and „a“ (the answer; written by the receiver only). Both are sealed between the two offices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.storage.unit_of_work import UnitOfWork

OFFER: Final = "o"
ANSWER: Final = "a"


@dataclass(frozen=True, slots=True)
class HubOffice:
    """An office as the hub lists it; `public_key` is base64 as it stands there, None before its first desk is ready."""

    office_id: str
    name: str
    carrier_id: str
    carrier_name: str
    public_key: str | None


@dataclass(frozen=True, slots=True)
class OfficePair:
    """The own office at the hub and its private X25519 keys, the current one first, former ones for reading."""

    office_id: str
    private_keys: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class WireRecord:
    """A record as it was pulled, or as it stood in a conflict."""

    seq: int
    collection: str
    record_id: str
    data: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class WireChange:
    """A record to push. It is never a deletion: what is over is written anew without content."""

    collection: str
    record_id: str
    base: int
    data: str


class ExchangeMailbox(Protocol):
    """What the round calls, in this order; the exchange implements it."""

    def know_offices(self, actor: Actor, own_office_id: str, offices: Sequence[HubOffice]) -> None:
        """Take what the hub says about all offices, the own one included. Opens its own unit of work."""

    def forget_offices(self, actor: Actor) -> None:
        """This office is not connected any more. Opens its own unit of work."""

    def partners(self) -> tuple[str, ...]:
        """Return the offices with which there must be a space (POST /v1/exchanges where there is none)."""

    def incoming(self, unit: UnitOfWork, with_office: str, pair: OfficePair, records: Sequence[WireRecord]) -> None:
        """Take a page, or the records that conflicts came with, in the page's transaction.

        Own records belong to it as well: from them this side learns what the hub has. What can't be used yet is kept
        and tried again by itself. Rows written here go to the outbox like every change of a person.
        """

    def has_become_usable(self, with_office: str, pair: OfficePair) -> bool:
        """Tell whether something that waits could be used now: then `incoming` is called, without records if need be."""

    def unusable(self, unit: UnitOfWork, with_office: str) -> Mapping[str, str]:
        """Return which records of the hub can't be used, by a name of their own, and why, as in `parked_sentence`."""

    def outgoing(self, actor: Actor, with_office: str, pair: OfficePair) -> tuple[WireChange, ...]:
        """Return what the hub does not have yet, after withdrawing what lost its ground. Opens its own unit of work.

        It is never kept to be sent again: when an answer was lost, the next pull tells what the hub has, and meanwhile
        somebody may have taken back what is in it. What is pushed comes back with `incoming`.
        """

    def restarted(self, unit: UnitOfWork, with_office: str) -> None:
        """The space begins anew (other epoch, empty hub): nothing is known of what the hub has."""
