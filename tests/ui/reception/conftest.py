"""A real installation with a small directory, and Empfang shown over it."""

from __future__ import annotations

from collections.abc import Iterator
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

PASSWORD = "drei-wilde-Woerter"


@pytest.fixture
def surroundings(clock: FixedClock) -> Surroundings:
    """The fixed clock, real ids, and a key derivation that costs nothing."""
    return Surroundings(clock, UuidFactory(clock), DerivationCost(1, 8, 1))


@pytest.fixture
def application(tmp_path: Path, surroundings: Surroundings) -> Iterator[Application]:
    """A set-up office with the shipped sample directory."""
    wishes = SetUp(
        "Quartiersbüro Musterstadt",
        "AWO Musterstadt",
        NewAccount("erika", "Erika Muster", "EM"),
        PASSWORD,
        social_spaces=("Mitte", "Nord"),
    )
    application, _ = set_up(DataFolder(tmp_path / "daten"), wishes, surroundings)
    application.directory.import_directory(application.actor, resources_folder() / "sample" / "directory")
    yield application
    application.close()


def make_page(application: Application) -> ReceptionPage:
    """Empfang as the window makes it."""
    return ReceptionPage(application, NoticeBridge(application.notices), Basket())


@pytest.fixture
def page(qtbot: QtBot, application: Application) -> Iterator[ReceptionPage]:
    """Empfang, shown and with the keyboard where a user finds it."""
    shown = make_page(application)
    qtbot.addWidget(shown)
    shown.resize(1180, 760)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    shown.on_shown()
    yield shown
