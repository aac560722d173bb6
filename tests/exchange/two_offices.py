"""Two offices of different carriers with a hub between them that moves the real sealed texts."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from nacl.public import PrivateKey

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.exchange.mailbox import HubOffice, OfficePair, WireChange, WireRecord
from desktop_app.exchange.passing_on import PassingOnReferrals
from desktop_app.exchange.post import ExchangePost
from desktop_app.exchange.queries import ExchangeQueries
from desktop_app.exchange.records import ContentField, OfferEntry, OfferPreview, Referral
from desktop_app.exchange.service import ExchangeService
from desktop_app.storage.store import Store
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry, VisitorFile
from desktop_app.visitors.service import VisitorService
from tests.fresh_store import fresh_store
from tests.visitors.office import Counselling, open_counselling

TODAY = date(2026, 11, 22)
NORTH, SOUTH = "buero-nord", "buero-sued"
NAMES = {NORTH: ("Quartiersbüro Nord", "Beispielverband e. V."), SOUTH: ("Quartiersbüro Süd", "Caritas Musterstadt")}
RECORD = ConsentEntry(ConsentKind.RECORD, TODAY, "2026-11")
PASS_ON = ConsentEntry(
    ConsentKind.PASS_ON,
    TODAY,
    "2026-11",
    date(2027, 6, 30),
    "Caritas, Quartiersbüro Süd",
    "Begleitung zur Pflegeberatung",
)
PERSON = VisitorEntry(
    name="Hedwig Vertraulich", phone="0208 776655", birth_year=1941, remarks="Notizgeheim", address="Gasse 3"
)
ALL = frozenset(ContentField)


@dataclass
class Hub:
    """One space between two offices: sequence numbers, bases, nothing else."""

    records: dict[tuple[str, str], WireRecord] = field(default_factory=dict)
    seq: int = 0

    def push(self, changes: Sequence[WireChange]) -> list[WireRecord]:
        """Apply what fits; return what stands where it does not."""
        conflicts = []
        for change in changes:
            place = (change.collection, change.record_id)
            current = self.records.get(place)
            if (current.seq if current else 0) != change.base:
                if current is not None:
                    conflicts.append(current)
                continue
            self.seq += 1
            self.records[place] = WireRecord(self.seq, *place, change.data)
        return conflicts

    def pull(self, since: int = 0) -> list[WireRecord]:
        return sorted((one for one in self.records.values() if one.seq > since), key=lambda one: one.seq)


@dataclass
class Desk:
    """One desk of an office with its database."""

    office_id: str
    counselling: Counselling
    post: ExchangePost
    service: ExchangeService
    queries: ExchangeQueries
    files: VisitorService
    keys: tuple[bytes, ...]
    cursor: int = 0
    prepared: tuple[WireChange, ...] = ()

    @property
    def store(self) -> Store:
        return self.counselling.store

    @property
    def erika(self) -> Actor:
        return self.counselling.erika

    @property
    def other(self) -> str:
        return SOUTH if self.office_id == NORTH else NORTH

    @property
    def pair(self) -> OfficePair:
        return OfficePair(self.office_id, self.keys)

    def hear(self, records: Sequence[WireRecord]) -> None:
        with self.store.unit_of_work(self.erika, "sync_applied", ("space", "exchange")) as unit:
            self.post.incoming(unit, self.other, self.pair, records)

    def round(self, hub: Hub) -> None:
        """Pull, push, pull, as the engine does."""
        self.pull(hub)
        conflicts = hub.push(self.post.outgoing(self.erika, self.other, self.pair))
        self.hear(conflicts)
        self.pull(hub)

    def pull(self, hub: Hub) -> None:
        self.hear(hub.pull(self.cursor))
        self.cursor = hub.seq

    def file(self, visitor_id: str) -> VisitorFile:
        return self.files.open_file(self.erika, visitor_id)

    def person(self, entry: VisitorEntry = PERSON, consent: ConsentEntry = PASS_ON) -> str:
        return self.files.create_file(self.erika, entry, [RECORD, consent])

    def entry(
        self, visitor_id: str, fields: frozenset[ContentField] = ALL, message: str = "Braucht Hilfe"
    ) -> OfferEntry:
        consent = next(one for one in self.file(visitor_id).consents if one.kind is ConsentKind.PASS_ON)
        topic = next(one for one in self.counselling.desk.settings.topics() if one.code == "pflege")
        return OfferEntry(self.other, consent.consent_id, fields, topic.topic_id, message)

    def preview(self, visitor_id: str, entry: OfferEntry) -> OfferPreview:
        return self.service.preview(self.file(visitor_id), entry)

    def offer(self, visitor_id: str, fields: frozenset[ContentField] = ALL) -> str:
        entry = self.entry(visitor_id, fields)
        return self.service.offer(self.erika, visitor_id, entry, self.preview(visitor_id, entry))

    def referral(self, referral_id: str) -> Referral | None:
        found = [*self.queries.sent(), *self.queries.received()]
        return next((one for one in found if one.referral_id == referral_id), None)

    def consent_id(self, visitor_id: str) -> str:
        return next(one.consent_id for one in self.file(visitor_id).consents if one.kind is ConsentKind.PASS_ON)

    def revoke(self, visitor_id: str) -> None:
        self.files.revoke_consent(self.erika, self.consent_id(visitor_id))


def new_keys() -> bytes:
    return bytes(PrivateKey.generate())


def public_text(private: bytes) -> str:
    return base64.b64encode(bytes(PrivateKey(private).public_key)).decode()


def open_desk(folder: Path, office_id: str, clock: FixedClock, key: bytes, private: bytes) -> Desk:
    store = fresh_store(folder / f"{office_id}.db", key, clock, UuidFactory(clock))
    counselling = open_counselling(store)
    desk = counselling.desk
    return Desk(
        office_id,
        counselling,
        ExchangePost(store),
        ExchangeService(store),
        ExchangeQueries(store),
        VisitorService(store, desk.contacts, desk.queries, PassingOnReferrals(store)),
        (private,),
    )


def hub_offices(keys: dict[str, bytes]) -> list[HubOffice]:
    return [
        HubOffice(office, NAMES[office][0], f"traeger-{office}", NAMES[office][1], public_text(private))
        for office, private in keys.items()
    ]


def introduce(*desks: Desk, compare: bool = True) -> None:
    """Let every desk hear of the offices, and compare the numbers."""
    keys = {desk.office_id: desk.keys[0] for desk in desks}
    for desk in desks:
        desk.post.know_offices(desk.erika, desk.office_id, hub_offices(keys))
        if compare:
            number = desk.queries.comparison_number(desk.other)
            desk.service.confirm_partner(desk.erika, desk.other, number)


@dataclass
class Pair:
    """Both offices and the hub."""

    north: Desk
    south: Desk
    hub: Hub
    clock: FixedClock

    def rounds(self, times: int = 2) -> None:
        for _ in range(times):
            self.north.round(self.hub)
            self.south.round(self.hub)
