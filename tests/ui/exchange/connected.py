"""An open application that is connected to another office through a hub in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop_app.bootstrap import Application
from desktop_app.exchange.mailbox import HubOffice, OfficePair, WireRecord
from desktop_app.exchange.post import ExchangePost
from desktop_app.exchange.records import ContentField, OfferEntry
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from tests.exchange.two_offices import NORTH, PASS_ON, RECORD, SOUTH, Desk, Hub

PERSON = VisitorEntry(name="Hedwig Beispiel", phone="0208 776655", birth_year=1941, remarks="Notizgeheim")
#: what the other office has: a consent that names the office of the screens
TO_NORTH = replace(PASS_ON, partner="Quartiersbüro Nord", purpose="Begleitung zu Terminen")


@dataclass
class Connected:
    """The application as the office „north“ and a desk of the office „south“."""

    application: Application
    south: Desk
    hub: Hub
    own_key: bytes
    offices: list[HubOffice]

    @property
    def post(self) -> ExchangePost:
        return ExchangePost(self.application.store)

    @property
    def pair(self) -> OfficePair:
        return OfficePair(NORTH, (self.own_key,))

    def introduce(self, *, compare: bool = True) -> None:
        application = self.application
        self.post.know_offices(application.actor, NORTH, self.offices)
        self.south.post.know_offices(self.south.erika, SOUTH, self.offices)
        number = self.south.queries.comparison_number(NORTH)
        self.south.service.confirm_partner(self.south.erika, NORTH, number)
        if compare:
            application.exchange.confirm_partner(application.actor, SOUTH, number)

    def forget(self) -> None:
        self.post.forget_offices(self.application.actor)

    def hear(self, records: Sequence[WireRecord]) -> None:
        application = self.application
        with application.store.unit_of_work(application.actor, "sync_applied", ("space", "exchange")) as unit:
            self.post.incoming(unit, SOUTH, self.pair, records)

    def round(self) -> None:
        """Both sides pull, push and pull."""
        for _ in range(2):
            self.hear(self.hub.pull())
            self.hear(self.hub.push(self.post.outgoing(self.application.actor, SOUTH, self.pair)))
            self.hear(self.hub.pull())
            self.south.round(self.hub)
        self.hear(self.hub.pull())

    def person(self, entry: VisitorEntry = PERSON, consent: ConsentEntry | None = PASS_ON) -> str:
        consents = [RECORD, consent] if consent else [RECORD]
        return self.application.visitors.create_file(self.application.actor, entry, consents)

    def offer(self, person: str) -> str:
        """Offer a person of the application's office to the other one."""
        application = self.application
        file = application.visitors.open_file(application.actor, person)
        consent = next(one for one in file.consents if one.kind is ConsentKind.PASS_ON)
        entry = OfferEntry(SOUTH, consent.consent_id, frozenset({ContentField.NAME, ContentField.PHONE}))
        seen = application.exchange.preview(file, entry)
        return application.exchange.offer(application.actor, person, entry, seen)

    def receive(self, name: str = "Karl Muster", *, given_on: date | None = None) -> str:
        """Let the other office offer a person."""
        consent = replace(TO_NORTH, given_on=given_on or TO_NORTH.given_on)
        person = self.south.person(VisitorEntry(name=name, phone="0208 112233", birth_year=1938), consent)
        referral_id = self.south.offer(person)
        self.round()
        return referral_id
