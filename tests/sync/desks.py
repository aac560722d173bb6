"""Desks of offices with everything on them, connected to a real hub over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.progress import NoProgress
from desktop_app.documents.fonts import FontLibrary
from desktop_app.environment.folders import resources_folder
from desktop_app.exchange.post import ExchangePost
from desktop_app.retention.service import RetentionService
from desktop_app.storage.opening import open_store
from desktop_app.storage.store import Store
from desktop_app.sync.documents import count_documents, document_text, ids_after, read_documents
from desktop_app.sync.engine import SyncEngine
from desktop_app.sync.enrolment_code import make_enrolment_code
from desktop_app.sync.hub_client import HubClient
from desktop_app.sync.records import RoundResult
from desktop_app.sync.service import SyncService
from desktop_app.sync.what_travels import COLLECTIONS
from tests.fresh_store import fresh_key, fresh_store
from tests.hub.running import RunningHub
from tests.visitors.office import Counselling, open_counselling

#: What is each desk's own and may differ on desks that are in step.
OWN_FIELDS = {"account": {"login_name"}, "service_verification": {"verified_by"}}


@dataclass
class OfficeDesk:
    """One desk: a database, the services on it, and its way to the hub."""

    name: str
    folder: Path
    running: RunningHub
    office_id: str
    clock: FixedClock
    address: str = ""
    data_key: bytes = field(default_factory=fresh_key)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.use(fresh_store(self.path, self.data_key, self.clock, UuidFactory(self.clock)), new=True)

    @property
    def path(self) -> Path:
        return self.folder / "quartierslotse.db"

    def use(self, store: Store, *, new: bool = False) -> None:
        """Work with a store that was opened (again)."""
        self.store = store
        if new:
            self.office: Counselling = open_counselling(store)
            self.actor: Actor = self.office.erika
        else:
            self.office = reopened(store, self.actor)
        self.engine = SyncEngine(store, ExchangePost(store), self.make_client)
        self.sync = SyncService(store, self.actor, self.engine, fonts)
        self.retention = RetentionService(store, self.office.desk.settings, self.folder / "logs")

    def make_client(self, address: str, token: str) -> HubClient:
        return HubClient(self.address or address, token, connect_seconds=2, read_seconds=3)

    def reopen(self) -> None:
        """Close and open the database, as after a restart."""
        self.close()
        self.open_again()

    def open_again(self) -> None:
        """Open the database that was closed."""
        self.use(
            open_store(
                self.path,
                self.data_key,
                self.clock,
                UuidFactory(self.clock),
                NoticeBoard(),
                backups=self.folder / "backups",
            )
        )

    def close(self) -> None:
        self.engine.forget_client()
        self.store.close()

    def code(self) -> str:
        return make_enrolment_code(self.running.address, self.running.code(self.office_id), self.running.hub_id)

    def connect(self, code: str = "") -> None:
        self.sync.connect(self.actor, code or self.code(), self.name, NoProgress())

    def join(self, other: OfficeDesk) -> None:
        """Connect and be let in by another desk of the office."""
        self.connect()
        other.sync.waiting_desks()
        device_id = self.engine.connection.device_id
        assert other.sync.words_of(device_id) == ()
        words = self.sync.admission_words()
        assert len(words) == 8
        assert other.sync.words_of(device_id) == words
        self.sync.confirm_admission(self.actor)
        other.sync.admit(self.actor, device_id)
        self.round()

    def round(self) -> RoundResult:
        self.clock.advance(timedelta(seconds=1))
        return self.sync.run(self.actor, NoProgress())

    # What people do -------------------------------------------------------------------------------

    def contact(self, topic: str = "wohnen", *, note: str = "", material: str = "", service: str = "") -> str:
        referrals = (ReferralEntry(service),) if service else ()
        self.clock.advance(timedelta(seconds=1))
        return self.office.desk.contacts.record_contact(
            self.actor, ContactEntry(needs=(NeedEntry(topic),), note=note, material=material, referrals=referrals)
        )

    def correct(self, contact_id: str, **changes: Any) -> None:
        self.clock.advance(timedelta(seconds=1))
        contacts = self.office.desk.contacts
        record = self.office.desk.queries.contact(contact_id)
        rows = self.store.sql("SELECT text FROM contact_note WHERE contact_id = ?", (contact_id,))
        entry = record.entry(rows[0][0] if rows else "")
        values = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
        contacts.correct_contact(
            self.actor, contact_id, ContactEntry(**{**values, **changes}), revision=record.revision
        )

    def state(self) -> dict[str, str]:
        """Return every document as text, without what is each desk's own."""
        found: dict[str, str] = {}
        for name in COLLECTIONS:
            ids = ids_after(self.store, name, "", count_documents(self.store, name))
            for document in read_documents(self.store, name, ids).values():
                fields = {
                    key: value for key, value in document.fields.items() if key not in OWN_FIELDS.get(name, set())
                }
                found[document.key] = document_text(type(document)(name, document.record_id, fields, document.erased))
        return found


def reopened(store: Store, actor: Actor) -> Counselling:
    from desktop_app.contacts.drafts import ContactDrafts
    from desktop_app.contacts.queries import ContactQueries
    from desktop_app.contacts.service import ContactService
    from desktop_app.contacts.tally import TallyService
    from desktop_app.settings.service import SettingsService
    from desktop_app.visitors.cards import VisitCardService
    from desktop_app.visitors.merging import MergeService
    from desktop_app.visitors.queries import VisitorQueries
    from desktop_app.visitors.service import VisitorService
    from tests.contacts.office import FrontDesk

    queries = ContactQueries(store)
    contacts = ContactService(store, queries)
    desk = FrontDesk(
        store, actor, actor, SettingsService(store), queries, contacts, ContactDrafts(store), TallyService(store)
    )
    return Counselling(
        desk,
        VisitorService(store, contacts, queries),
        VisitorQueries(store),
        MergeService(store),
        VisitCardService(store, contacts),
    )


def fonts() -> FontLibrary:
    return FontLibrary(resources_folder() / "fonts")


def in_step(*desks: OfficeDesk, rounds: int = 4) -> None:
    """Run rounds until nothing moves, then compare everything."""
    for _ in range(rounds):
        if not any(result.sent or result.received for result in [desk.round() for desk in desks]):
            break
    first = desks[0].state()
    for other in desks[1:]:
        assert other.state() == first


Maker = Callable[..., OfficeDesk]
