"""Desks of offices of different carriers, with what handing people over takes."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.exchange.passing_on import PassingOnReferrals
from desktop_app.exchange.queries import ExchangeQueries
from desktop_app.exchange.records import ContentField, OfferEntry, Referral
from desktop_app.exchange.service import ExchangeService
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from desktop_app.visitors.service import VisitorService
from tests.sync.desks import OfficeDesk

NORTH, SOUTH = "Büro Nord", "Büro Süd"


@dataclass
class Sharing:
    """A desk with what it needs to hand people over."""

    desk: OfficeDesk

    @property
    def offers(self) -> ExchangeService:
        return ExchangeService(self.desk.store)

    @property
    def found(self) -> ExchangeQueries:
        return ExchangeQueries(self.desk.store)

    @property
    def files(self) -> VisitorService:
        office = self.desk.office.desk
        return VisitorService(self.desk.store, office.contacts, office.queries, PassingOnReferrals(self.desk.store))

    def id_of(self, name: str) -> str:
        return next(one.office_id for one in self.found.partners() if one.name == name)

    def compare(self, name: str) -> str:
        office = self.id_of(name)
        number = self.found.comparison_number(office)
        self.offers.confirm_partner(self.desk.actor, office, number)
        return number

    def person(self, name: str, partner: str = SOUTH) -> str:
        today = self.desk.clock.today()
        consents = [
            ConsentEntry(ConsentKind.RECORD, today, "2026-11"),
            ConsentEntry(ConsentKind.PASS_ON, today, "2026-11", None, partner, "Begleitung zum Amt"),
        ]
        return self.files.create_file(self.desk.actor, VisitorEntry(name=name, phone="0208 1"), consents)

    def consent(self, person: str) -> str:
        file = self.files.open_file(self.desk.actor, person)
        return next(one.consent_id for one in file.consents if one.kind is ConsentKind.PASS_ON)

    def offer(self, person: str, to: str = SOUTH) -> str:
        entry = OfferEntry(self.id_of(to), self.consent(person), frozenset({ContentField.NAME, ContentField.PHONE}))
        file = self.files.open_file(self.desk.actor, person)
        seen = self.offers.preview(file, entry)
        return self.offers.offer(self.desk.actor, person, entry, seen)

    def referral(self, referral_id: str) -> Referral:
        (one,) = [one for one in (*self.found.sent(), *self.found.received()) if one.referral_id == referral_id]
        return one


def rounds(*sharing: Sharing, times: int = 3) -> None:
    for _ in range(times):
        for one in sharing:
            one.desk.round()
