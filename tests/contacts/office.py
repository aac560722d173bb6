"""An office with topics, social spaces and three services to refer to."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.contacts.drafts import ContactDrafts
from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.service import ContactService
from desktop_app.contacts.tally import TallyService
from desktop_app.core.actor import Actor
from desktop_app.directory.tables import Organization, Service
from desktop_app.security.accounts import NewAccount, create_account
from desktop_app.settings.records import LegalProfile, Office
from desktop_app.settings.service import SettingsService
from desktop_app.storage.store import Store

SERVICES = ("service-1", "service-2", "service-3")


@dataclass(frozen=True)
class FrontDesk:
    """The services over one store, and who works there."""

    store: Store
    erika: Actor
    karl: Actor
    settings: SettingsService
    queries: ContactQueries
    contacts: ContactService
    drafts: ContactDrafts
    tally: TallyService


def open_front_desk(store: Store) -> FrontDesk:
    """Set up an office in an empty store."""
    erika = create_account(store, "account-erika", NewAccount("erika", "Erika Muster", "EM"))
    karl = create_account(store, "account-karl", NewAccount("karl", "Karl Beispiel", "KB"))
    settings = SettingsService(store)
    office = Office(store.ids.new_id(), "Quartiersbüro Nord", "Beispielverband e. V.", LegalProfile.GDPR)
    settings.create_office(erika, office, ["Nordstadt", "Altstadt"])
    with store.unit_of_work(erika, "import_directory", ("directory", "")) as unit:
        unit.insert(Organization, {"id": "organization-1", "name": "Nachbarschaftshilfe Musterstadt"})
        for service_id in SERVICES:
            row = {"id": service_id, "organization_id": "organization-1", "name": f"Angebot {service_id[-1]}"}
            unit.insert(Service, {**row, "status": "active"})
    queries = ContactQueries(store)
    return FrontDesk(
        store,
        erika,
        karl,
        settings,
        queries,
        ContactService(store, queries),
        ContactDrafts(store),
        TallyService(store),
    )
