"""A real installation with a small directory, and Empfang shown over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, SetUp, Surroundings, open_application, set_up
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder, resources_folder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost
from ui.reception.page import ReceptionPage
from ui.shell.basket import Basket
from ui.shell.notices import NoticeBridge
from ui.theme.theme import ThemeController

PASSWORD = "drei-wilde-Woerter"
CHEAP = DerivationCost(1, 8, 1)


@pytest.fixture
def surroundings(clock: FixedClock) -> Surroundings:
    """The fixed clock, real ids, and a key derivation that costs nothing."""
    return Surroundings(clock, UuidFactory(clock), CHEAP)


@pytest.fixture(scope="session")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with the shipped sample directory, set up once and copied for each test."""
    folder = tmp_path_factory.mktemp("office") / "daten"
    clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    wishes = SetUp(
        "Quartiersbüro Musterstadt",
        "AWO Musterstadt",
        NewAccount("erika", "Erika Muster", "EM"),
        PASSWORD,
        social_spaces=("Mitte", "Nord"),
    )
    application, _ = set_up(DataFolder(folder), wishes, Surroundings(clock, UuidFactory(clock), CHEAP))
    application.directory.import_directory(application.actor, resources_folder() / "sample" / "directory")
    application.close()
    return folder


@pytest.fixture
def application(office_folder: Path, tmp_path: Path, surroundings: Surroundings) -> Iterator[Application]:
    """The office, signed in."""
    folder = DataFolder(Path(shutil.copytree(office_folder, tmp_path / "daten")))
    application = open_application(folder, "erika", PASSWORD, surroundings)
    yield application
    application.close()


def make_page(application: Application) -> ReceptionPage:
    """Empfang as the window makes it."""
    return ReceptionPage(application, NoticeBridge(application.notices), Basket())


@pytest.fixture
def page(qtbot: QtBot, theme: ThemeController, application: Application) -> ReceptionPage:
    """Empfang, shown and with the keyboard where a user finds it."""
    shown = make_page(application)
    qtbot.addWidget(shown)
    shown.resize(1180, 760)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    shown.on_shown()
    return shown
