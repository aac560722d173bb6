"""An office with a small directory, and contacts at random."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.service import ContactService
from desktop_app.contacts.tally import TallyService
from desktop_app.contacts.vocabulary import (
    Channel,
    Depth,
    Fact,
    ReferralMode,
    Result,
    TallyKind,
    UnmetReason,
    fact_answers,
    open_answers,
)
from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.months import Month
from desktop_app.directory.tables import Organization, Service
from desktop_app.settings.records import LegalProfile, Office
from desktop_app.settings.service import SettingsService
from desktop_app.statistics.service import StatisticsService
from desktop_app.storage.store import Store

OCTOBER = Month(2026, 10)


@pytest.fixture
def settings(store: Store, actor: Actor) -> SettingsService:
    """An office that serves three social spaces."""
    service = SettingsService(store)
    office = Office(
        "018f0000-0000-7000-8000-00000000000f", "Quartiersbüro Musterstadt", "Musterträger", LegalProfile.GDPR
    )
    service.create_office(actor, office, ("Mitte", "Nord", "Süd"))
    return service


@pytest.fixture
def statistics(store: Store, settings: SettingsService) -> StatisticsService:
    """The service under test."""
    return StatisticsService(store, settings)


@pytest.fixture
def contacts(store: Store) -> ContactService:
    """The commands that fill the month."""
    return ContactService(store, ContactQueries(store))


@pytest.fixture
def service_ids(store: Store, actor: Actor) -> list[str]:
    """Five services of two organisations, one of each with the same name."""
    found = []
    with store.unit_of_work(actor, "fill_directory", ("directory", "test")) as unit:
        for organization, services in (
            ("Pflegestützpunkt", ("Beratung", "Hausbesuch")),
            ("Ärztehaus", ("Beratung", "Ä", "Ö")),
        ):
            organization_id = store.ids.new_id()
            unit.insert(Organization, {"id": organization_id, "name": organization})
            for name in services:
                found.append(store.ids.new_id())
                unit.insert(
                    Service, {"id": found[-1], "organization_id": organization_id, "name": name, "status": "active"}
                )
    return found


@pytest.fixture
def record_at_random(
    store: Store,
    clock: FixedClock,
    actor: Actor,
    settings: SettingsService,
    contacts: ContactService,
    service_ids: list[str],
) -> Callable[[int, int], None]:
    """Return a function (seed, count) that records contacts around October, withdraws and corrects some."""
    tally = TallyService(store)

    def record(seed: int, count: int) -> None:
        source = random.Random(seed)
        topics = [topic.code for topic in settings.topics()]
        spaces = [space.space_id for space in settings.social_spaces()]

        def entry() -> ContactEntry:
            needs = []
            for code in source.sample(topics, source.choice((1, 1, 1, 2, 3))):
                result = source.choice(list(Result))
                with_reason = result in {Result.UNMET, Result.PARTLY} and source.random() < 0.8
                needs.append(NeedEntry(code, result, source.choice(list(UnmetReason)) if with_reason else None))
            facts = {}
            for fact in Fact:
                if source.random() < 0.6:
                    own = spaces if fact is Fact.SOCIAL_SPACE else []
                    facts[fact] = source.choice([*own, *fact_answers(fact), *open_answers()])
            return ContactEntry(
                channel=source.choice(list(Channel)),
                depth=source.choice(list(Depth)),
                needs=tuple(needs),
                referrals=tuple(
                    ReferralEntry(service, source.choice(list(ReferralMode)))
                    for service in source.sample(service_ids, source.choice((0, 0, 1, 2)))
                ),
                facts=facts,
            )

        start = datetime(2026, 9, 28, tzinfo=UTC)
        for _ in range(count):
            clock.set(start + timedelta(minutes=source.randrange(37 * 24 * 60)))
            contact_id = contacts.record_contact(actor, entry())
            chance = source.random()
            if chance < 0.1:
                contacts.withdraw_contact(actor, contact_id)
            elif chance < 0.2:
                contacts.correct_contact(actor, contact_id, entry(), revision=1)
            if source.random() < 0.3:
                mark = tally.add_mark(actor, source.choice(list(TallyKind)))
                if source.random() < 0.2:
                    tally.withdraw_mark(actor, mark)

    return record


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder for exports."""
    folder = tmp_path / "Ausgabe für Träger"
    folder.mkdir()
    return folder
