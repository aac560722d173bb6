"""Installations in a temporary folder, with an Argon2 cost that takes no time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.bootstrap import Application, SetUp, Surroundings, set_up
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost

PASSWORD = "Kaffee Wolke Radweg"
WISHES = SetUp(
    office_name="Quartiersbüro Nord",
    carrier="Beispielverband Musterstadt e. V.",
    account=NewAccount("erika", "Erika Muster", ""),
    password=PASSWORD,
    social_spaces=("Nordstadt", "Altstadt", " ", "Nordstadt"),
    city="Musterstadt",
)


@pytest.fixture
def wishes() -> SetUp:
    return WISHES


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "Büro Nord" / "daten")


@pytest.fixture
def surroundings(clock: FixedClock, ids: UuidFactory) -> Surroundings:
    return Surroundings(clock, ids, DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1))


@pytest.fixture
def installed(folder: DataFolder, wishes: SetUp, surroundings: Surroundings) -> Iterator[Application]:
    """A finished first run, open."""
    application, _recovery_key = set_up(folder, wishes, surroundings)
    yield application
    application.close()
