"""Making the pages opens no second window: it would flash, and take the keyboard away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, SetUp, Surroundings, set_up
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost
from ui.pages import page_entries
from ui.shell.context import PageContext
from ui.shell.main_window import MainWindow


class _WindowWatch(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.fixture
def application(tmp_path: Path, clock: FixedClock) -> Application:
    wishes = SetUp("Quartiersbüro", "Träger", NewAccount("erika", "Erika Muster", ""), "drei-wilde-Woerter")
    surroundings = Surroundings(clock, UuidFactory(clock), DerivationCost(1, 8, 1))
    return set_up(DataFolder(tmp_path / "daten"), wishes, surroundings)[0]


def test_making_the_pages_opens_no_second_window(
    qtbot: QtBot, qapp: QApplication, application: Application, make_context: Callable[..., PageContext]
) -> None:
    window = MainWindow(make_context(application), page_entries(), office_name="Quartiersbüro")
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    watch = _WindowWatch()
    qapp.installEventFilter(watch)
    for entry in page_entries():
        window.open_page(entry.key)
        qapp.processEvents()
    qapp.removeEventFilter(watch)
    assert watch.shown == []
    window.close()
    application.close()
