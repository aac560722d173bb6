"""A front desk with visitor files and visit cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.core.actor import Actor
from desktop_app.storage.store import Store
from desktop_app.visitors.cards import VisitCardService
from desktop_app.visitors.merging import MergeService
from desktop_app.visitors.queries import VisitorQueries
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from desktop_app.visitors.service import VisitorService
from tests.contacts.office import FrontDesk, open_front_desk

TODAY = date(2026, 11, 22)
RECORD = ConsentEntry(ConsentKind.RECORD, TODAY, "2026-11")


@dataclass(frozen=True)
class Counselling:
    """The services over one store."""

    desk: FrontDesk
    files: VisitorService
    found: VisitorQueries
    merges: MergeService
    cards: VisitCardService

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def erika(self) -> Actor:
        return self.desk.erika

    def person(self, name: str, **facts: object) -> str:
        """Create a file that rests on a consent."""
        return self.files.create_file(self.erika, VisitorEntry(name=name, **facts), [RECORD])  # type: ignore[arg-type]


def open_counselling(store: Store) -> Counselling:
    desk = open_front_desk(store)
    return Counselling(
        desk,
        VisitorService(store, desk.contacts, desk.queries),
        VisitorQueries(store),
        MergeService(store),
        VisitCardService(store, desk.contacts),
    )
