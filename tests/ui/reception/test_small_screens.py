"""The window on small screens: 1366×768 with letters twice as large, 1024×700 as they come."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from tests.ui.office import settle
from ui.pages import page_entries
from ui.reception.page import ReceptionPage
from ui.setup.kept_sheet import RECOVERY_TARGET
from ui.shell.context import PageContext
from ui.shell.main_window import MainWindow
from ui.shell.page import Target
from ui.theme.theme import ThemeController

SMALL = [(100, 1024, 700), (200, 1366, 768)]
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


def fit(window: MainWindow, theme: ThemeController, percent: int, width: int, height: int) -> None:
    """As when somebody chooses larger letters on that screen."""
    theme.use_text_percent(percent)
    window.resize(width, height)
    settle(window)
    assert window.size().toTuple() == (width, height)


@pytest.mark.parametrize(("percent", "width", "height"), SMALL)
def test_the_reception_fits_and_nothing_is_cut_off(
    window: MainWindow,
    qtbot: QtBot,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    percent: int,
    width: int,
    height: int,
) -> None:
    page = window.current_page()
    assert isinstance(page, ReceptionPage)
    fit(window, theme, percent, width, height)
    assert page.minimumSizeHint().width() <= width - window.rail.width()
    assert cut_off(window) == []

    for key in ("1", "8"):  # two needs with their results
        qtbot.keyClick(page.focusWidget() or page, key)
    page.card.more.set_open(True)
    settle(window)
    assert window.size().toTuple() == (width, height)
    assert cut_off(window) == []

    qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_Return, CTRL)
    QApplication.processEvents()
    (contact,) = page.presenter.today()
    page.show_target(Target("contact", contact.contact_id))  # four buttons below the card
    settle(window)
    assert page.delete.isVisible()
    assert window.size().toTuple() == (width, height)
    assert cut_off(window) == []

    if page.show_day.isVisible():
        page.show_day.setChecked(True)
        settle(window)
        assert page.day.isVisible()
        assert cut_off(window) == []


@pytest.mark.parametrize(("percent", "width", "height"), SMALL)
def test_no_page_makes_the_window_larger_than_the_screen(
    window: MainWindow, theme: ThemeController, application: Application, percent: int, width: int, height: int
) -> None:
    fit(window, theme, percent, width, height)
    hit = application.directory_queries.search("pflege", limit=1)[0]
    for key, target in (
        ("directory", Target("service", hit.service_id)),
        ("statistics", None),
        ("administration", Target(RECOVERY_TARGET, "")),
        ("handouts", None),
    ):
        page = window.open_page(key, target)
        if key == "directory":
            page.record.check_button.click()
        settle(window)
        assert window.size().toTuple() == (width, height), key


@pytest.mark.parametrize(("percent", "width", "height"), SMALL)
def test_the_question_for_the_password_is_scrolled_into_sight(
    window: MainWindow, qtbot: QtBot, theme: ThemeController, percent: int, width: int, height: int
) -> None:
    fit(window, theme, percent, width, height)
    page = window.open_page("administration", Target(RECOVERY_TARGET, ""))
    viewport = page.program_part.pane.viewport()

    def in_sight() -> None:
        edit = page.recovery.password.edit
        assert edit.hasFocus()
        assert edit.mapTo(viewport, edit.rect().topLeft()).y() >= 0
        assert edit.mapTo(viewport, edit.rect().bottomLeft()).y() <= viewport.height()

    qtbot.waitUntil(in_sight)
