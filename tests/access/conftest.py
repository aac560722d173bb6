"""An installed office, opened as any role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.bootstrap import Application, SetUp, Surroundings, open_application, set_up
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.permissions import Role
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost

PASSWORD = "Kaffee Wolke Radweg"
CHEAP = DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1)
WISHES = SetUp("Quartiersbüro Nord", "Beispielverband", NewAccount("erika", "Erika Muster", "EM"), PASSWORD)


@pytest.fixture
def surroundings(clock: FixedClock, ids: UuidFactory) -> Surroundings:
    return Surroundings(clock, ids, CHEAP)


@pytest.fixture
def folder(tmp_path: Path, surroundings: Surroundings) -> DataFolder:
    """A finished first run, closed. Erika is Koordination; her password is `password`."""
    folder = DataFolder(tmp_path / "daten")
    application, _ = set_up(folder, WISHES, surroundings)
    application.close()
    return folder


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def erika(folder: DataFolder, surroundings: Surroundings) -> Iterator[Application]:
    """The office as its Koordination sees it."""
    application = open_application(folder, "erika", PASSWORD, surroundings)
    yield application
    application.close()


@pytest.fixture
def as_role(erika: Application) -> Callable[[Role], Application]:
    """The same open office in the hands of another role."""

    def make(role: Role) -> Application:
        return Application(erika.folder, erika.store, replace(erika.actor, role=role))

    return make
