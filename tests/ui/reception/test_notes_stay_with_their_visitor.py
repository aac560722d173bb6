"""Two visitors at once who take the same services along: the note of one is never on the sheet of the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from ui.handouts.page import HandoutPage
from ui.pages import page_entries
from ui.reception.page import ReceptionPage
from ui.shell.context import PageContext
from ui.shell.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, application: Application, make_context: Callable[..., PageContext]) -> MainWindow:
    opened = MainWindow(make_context(application), page_entries(), office_name="Quartiersbüro Musterstadt")
    qtbot.addWidget(opened)
    opened.open_page("reception")
    with qtbot.waitExposed(opened):
        opened.show()
    opened.activateWindow()
    return opened


def press(qtbot: QtBot, window: MainWindow, key: str | Qt.Key, *, ctrl: bool = False) -> None:
    modifier = CTRL if ctrl else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(window.focusWidget() or window, key, modifier)
    QApplication.processEvents()


def pick_first(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, "f", ctrl=True)
    for letter in "pfleg":
        press(qtbot, window, letter)
    press(qtbot, window, Qt.Key.Key_Return)


def merkzettel(window: MainWindow) -> HandoutPage:
    page = window.open_page("handouts")
    assert isinstance(page, HandoutPage)
    return page


def test_two_open_cards_with_the_same_services_do_not_share_a_note(qtbot: QtBot, window: MainWindow) -> None:
    page = window.current_page()
    assert isinstance(page, ReceptionPage)
    pick_first(qtbot, window)
    first = page.card.state.card_id
    sheet = merkzettel(window)
    assert sheet.panel is not None
    picked = sheet.panel.service_ids()
    qtbot.keyClicks(sheet.panel.note_edit, "Frau Yilmaz erwartet Sie")
    assert merkzettel(window).panel is sheet.panel
    assert sheet.panel.personal_note() == "Frau Yilmaz erwartet Sie"

    window.open_page("reception")
    page.focus_topics()
    press(qtbot, window, "n", ctrl=True)
    assert page.card.state.card_id != first
    pick_first(qtbot, window)

    sheet = merkzettel(window)
    assert sheet.panel is not None
    assert sheet.panel.service_ids() == picked
    assert sheet.panel.personal_note() == ""


def test_switching_between_cards_that_are_both_filled_does_not_either(qtbot: QtBot, window: MainWindow) -> None:
    page = window.current_page()
    assert isinstance(page, ReceptionPage)
    pick_first(qtbot, window)
    page.focus_topics()
    press(qtbot, window, "n", ctrl=True)
    pick_first(qtbot, window)
    sheet = merkzettel(window)
    assert sheet.panel is not None
    qtbot.keyClicks(sheet.panel.note_edit, "Frau Yilmaz erwartet Sie")

    window.open_page("reception")
    page.focus_topics()
    second = page.card.state.card_id
    press(qtbot, window, Qt.Key.Key_Tab, ctrl=True)
    assert page.card.state.card_id != second

    sheet = merkzettel(window)
    assert sheet.panel is not None
    assert sheet.panel.personal_note() == ""
