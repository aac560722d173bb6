"""An office with contacts, and a stick to back up to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.backup.service import BackupService
from desktop_app.bootstrap import Application, SetUp, Surroundings, set_up
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost
from desktop_app.settings.service import SettingsService

PASSWORD = "Gurke Fahrrad Mondschein"
NOTE = "Frau Beispielhuber aus der Lindenstraße"


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "daten")


@pytest.fixture
def surroundings(clock: FixedClock, ids: UuidFactory) -> Surroundings:
    return Surroundings(clock, ids, DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1))


@pytest.fixture
def office(folder: DataFolder, surroundings: Surroundings) -> Iterator[Application]:
    """An open installation with twenty contacts, each with a confidential note."""
    wishes = SetUp("Büro Nord", "AWO", NewAccount("erika", "Erika Muster", "EM"), PASSWORD, social_spaces=("Nord",))
    application, _recovery_key = set_up(folder, wishes, surroundings)
    record(application, 20)
    yield application
    application.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "USB-Stick Büro"
    place.mkdir()
    return place


@pytest.fixture
def backups(office: Application, stick: Path) -> BackupService:
    """The service with the stick chosen."""
    service = BackupService(office.store, office.folder, SettingsService(office.store))
    service.choose_folder(office.actor, stick)
    return service


def record(application: Application, count: int) -> None:
    """Record anonymous contacts with a confidential note."""
    for _ in range(count):
        application.contacts.record_contact(
            application.actor, ContactEntry(needs=(NeedEntry("pflege"),), note=NOTE * 20)
        )
