"""Reads on referrals: lists, offices, what waits. What opens a content is a command: reading leaves a trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desktop_app.exchange.post import MISPLACED, NEWER, UNKNOWN_KEY, UNREADABLE
from desktop_app.exchange.records import (
    Direction,
    OfferState,
    Outcome,
    PartnerOffice,
    Referral,
    WaitingCounts,
)
from desktop_app.exchange.rows import Row, by_id, partner_of, referral_of
from desktop_app.exchange.rules import is_expired, usable_consents
from desktop_app.exchange.sealing import SealBroken, comparison_number, key_bytes
from desktop_app.exchange.tables import OfficeTable, PartnerTable, ReferralTable, WireTable
from desktop_app.storage.store import Store
from desktop_app.visitors.records import Consent, VisitorFile

#: why an own offer can't go out now
NO_KEY, NOT_COMPARED, KEY_CHANGED, OFFICE_GONE = "no_key", "not_compared", "key_changed", "office_gone"


class ExchangeQueries:
    """Lists of referrals and of the offices there are."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store

    def is_connected(self) -> bool:
        """Tell whether this desk knows other offices."""
        return self._store.first(OfficeTable.select(OfficeTable.id)) is not None

    def partners(self) -> tuple[PartnerOffice, ...]:
        """Return the other offices by name."""
        compared = by_id(self._store.rows(PartnerTable.select()))
        rows = self._store.rows(OfficeTable.select().where(OfficeTable.is_own == 0))
        found = [partner_of(row, compared.get(row["id"])) for row in rows]
        return tuple(
            sorted(found, key=lambda office: (office.name.casefold(), office.carrier.casefold(), office.office_id))
        )

    def comparison_number(self, office_id: str) -> str:
        """Return the number that both offices see when nobody stands between them; empty without both keys."""
        own = self._store.first(OfficeTable.select().where(OfficeTable.is_own == 1))
        other = self._store.first(OfficeTable.select().where(OfficeTable.id == office_id))
        if own is None or other is None or not own["public_key"] or not other["public_key"]:
            return ""
        try:
            return comparison_number(key_bytes(own["public_key"]), key_bytes(other["public_key"]))
        except SealBroken:
            return ""

    def usable_consents(self, file: VisitorFile, office_id: str) -> tuple[Consent, ...]:
        """Return the consents of a file that allow passing on to an office today."""
        partners = self.partners()
        office = next((found for found in partners if found.office_id == office_id), None)
        return usable_consents(file.consents, office, partners, file.day) if office else ()

    def sent(self) -> tuple[Referral, ...]:
        """Return what this office offered, newest first."""
        return self._list(Direction.SENT)

    def received(self) -> tuple[Referral, ...]:
        """Return what other offices offered, what waits first, then newest first."""
        today = self._store.clock.today()
        found = self._list(Direction.RECEIVED)
        return tuple(sorted(found, key=lambda one: not (one.outcome is Outcome.WAITING
                                                        and not is_expired(one.expires_on, today))))  # fmt: skip

    def unreadable(self) -> int:
        """Return how many records of other offices can't be read yet: other key, newer program, keys still to come."""
        stuck = WireTable.problem.in_([UNKNOWN_KEY, NEWER, UNREADABLE, MISPLACED])
        return len(self._store.tuples(WireTable.select(WireTable.id).where(stuck)))

    def with_unknown_key(self) -> tuple[str, ...]:
        """Return the offices that wrote with a key nobody compared."""
        rows = self._store.tuples(
            WireTable.select(WireTable.office_id).where(WireTable.problem == UNKNOWN_KEY).distinct()
        )
        return tuple(sorted(row[0] for row in rows))

    def waiting(self) -> WaitingCounts:
        """Return how many offers wait for an answer of this office."""
        today = self._store.clock.today().isoformat()
        query = ReferralTable.select(ReferralTable.id).where(
            (ReferralTable.direction == Direction.RECEIVED.value)
            & (ReferralTable.offer == OfferState.OFFERED.value)
            & (ReferralTable.answer == "")
            & (ReferralTable.expires_on >= today)
        )
        return WaitingCounts(len(self._store.tuples(query)))

    # ------------------------------------------------------------------------------------------------

    def _list(self, direction: Direction) -> tuple[Referral, ...]:
        rows = self._store.rows(
            ReferralTable.select()
            .where(ReferralTable.direction == direction.value)
            .order_by(ReferralTable.offered_at.desc(), ReferralTable.id)
        )
        return tuple(referrals_of(self._store, rows))


def referrals_of(store: Store, rows: Iterable[Row]) -> list[Referral]:
    """Return referrals with what keeps them from going out."""
    wire = by_id(store.rows(WireTable.select()))
    offices = by_id(store.rows(OfficeTable.select()))
    compared = by_id(store.rows(PartnerTable.select()))
    today = store.clock.today()
    return [referral_of(row, wire, _problem(row, offices, compared), today) for row in rows]


def _problem(row: Row, offices: Mapping[str, Row], compared: Mapping[str, Row]) -> str:
    if not offices:
        return ""
    found: Any = offices.get(row["office_id"])
    if found is None:
        return OFFICE_GONE
    office = partner_of(found, compared.get(row["office_id"]))
    if not office.has_key:
        return NO_KEY
    if office.key_changed:
        return KEY_CHANGED
    return "" if office.is_compared else NOT_COMPARED
