"""An office with two social spaces and a few services, and a way to read everything back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from desktop_app.directory.tables import Organization, Service, ServiceTopic
from desktop_app.generation.service import ContactGenerator
from desktop_app.settings.records import LegalProfile, Office
from desktop_app.settings.service import SettingsService
from desktop_app.storage.store import Store

SERVICES = {"pflege": 4, "wohnen": 3, "begegnung": 5}


@dataclass
class Place:
    """What a generator works on."""

    store: Store
    settings: SettingsService

    @property
    def generator(self) -> ContactGenerator:
        return ContactGenerator(self.store, self.settings)

    def counts(self, column: str) -> dict[str, int]:
        return dict(self.store.sql(f"SELECT {column}, count(*) FROM contact GROUP BY 1 ORDER BY 1"))

    def content(self) -> dict[str, list[tuple[object, ...]]]:
        """Return all that was generated, without the ids that the office itself made by chance."""
        return {
            "contact": self.store.sql("SELECT * FROM contact ORDER BY id"),
            "need": self.store.sql(
                "SELECT need.id, contact_id, topic.code, result, unmet_reason, need.position FROM need "
                "JOIN topic ON topic.id = need.topic_id ORDER BY need.id"
            ),
            "referral": self.store.sql("SELECT * FROM referral ORDER BY id"),
        }


@pytest.fixture
def place(store: Store, actor, ids) -> Place:
    settings = SettingsService(store)
    settings.create_office(actor, Office(ids.new_id(), "Büro", "Träger", LegalProfile.GDPR), ["Mitte", "Ost"])
    with store.unit_of_work(actor, "test", ("organization", "o")) as unit:
        unit.insert(Organization, {"id": "o", "name": "Haus am Park"})
        for topic, count in SERVICES.items():
            for number in range(count):
                service = f"{topic}-{number}"
                status = "inactive" if number == 0 else "active"
                unit.insert(Service, {"id": service, "organization_id": "o", "name": service, "status": status})
                unit.insert(ServiceTopic, {"id": service, "service_id": service, "topic": topic, "suggested": 1})
    return Place(store, settings)
