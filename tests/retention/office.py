"""A counselling office with retention, its log files, and a look at the bytes on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.actor import Actor
from desktop_app.core.months import Month
from desktop_app.retention.service import RetentionService
from desktop_app.statistics.records import MonthStatistics
from desktop_app.statistics.service import StatisticsService
from desktop_app.storage.store import Store
from tests.retention.raw_pages import PageReader
from tests.visitors.office import Counselling, open_counselling


@dataclass(frozen=True)
class Keeping:
    """The services over one store."""

    counselling: Counselling
    retention: RetentionService
    statistics: StatisticsService
    logs: Path
    key: bytes

    @property
    def store(self) -> Store:
        return self.counselling.store

    @property
    def erika(self) -> Actor:
        return self.counselling.erika

    def contact(self, note: str = "", material: str = "") -> str:
        """Record an anonymous contact."""
        return self.counselling.desk.contacts.record_contact(self.erika, entry(note, material))

    def month(self) -> MonthStatistics:
        """Count the present month."""
        return self.statistics.month(Month.of(self.store.clock.today()))

    def raw(self, reader: PageReader | None = None) -> bytes:
        """Return everything on the disk in clear and in small letters: pages, log, files beside it."""
        own = reader or PageReader(self.key)
        try:
            found = own.everything(self.store.path)
        finally:
            if reader is None:
                own.close()
        beside = [path for path in self.store.path.parent.rglob("*") if path.is_file() and path != self.store.path]
        return (found + b"".join(path.read_bytes() for path in beside)).lower()

    def is_on_disk(self, text: str) -> bool:
        return text.lower().encode() in self.raw()

    def audit(self) -> list[tuple[str, str, str]]:
        return self.store.sql("SELECT action, subject_kind, subject_id FROM audit_entry ORDER BY sequence")


def entry(note: str = "", material: str = "", topic: str = "pflege") -> ContactEntry:
    return ContactEntry(needs=(NeedEntry(topic),), note=note, material=material)


def open_keeping(store: Store, key: bytes) -> Keeping:
    counselling = open_counselling(store)
    settings = counselling.desk.settings
    logs = store.path.parent / "protokoll"
    logs.mkdir(exist_ok=True)
    return Keeping(counselling, RetentionService(store, settings, logs), StatisticsService(store, settings), logs, key)
