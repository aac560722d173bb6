"""What was copied from a page about people leaves the clipboard; everything else stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from tests.ui.office import application, office_templates, surroundings
from ui.pages import allowed_entries
from ui.shell.clipboard import CLEAR_AFTER_S
from ui.shell.main_window import MainWindow

__all__ = ["application", "office_templates", "surroundings"]


@pytest.fixture
def window(application: Application, make_context, qtbot: QtBot) -> Iterator[MainWindow]:
    QGuiApplication.clipboard().clear()
    opened = MainWindow(make_context(application), allowed_entries(application), office_name="Büro")
    qtbot.addWidget(opened)
    opened.show()
    opened.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is not None)
    yield opened
    QGuiApplication.clipboard().clear()


def copy(text: str) -> None:
    """As a person does: mark, Ctrl+C."""
    edit = QLineEdit(text)
    edit.selectAll()
    edit.copy()


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_it_counts_down_in_sight_and_clears(window: MainWindow) -> None:
    window.open_page("reception")
    copy("Frau Vertraulich")
    assert window.foot.clipboard.text() == f"Zwischenablage wird in {CLEAR_AFTER_S} s geleert"
    for _ in range(CLEAR_AFTER_S - 1):
        window.clipboard.tick()
    assert clipboard() == "Frau Vertraulich"
    assert window.foot.clipboard.text() == "Zwischenablage wird in 1 s geleert"
    window.clipboard.tick()
    assert clipboard() == ""
    assert not window.foot.clipboard.isVisible()


def test_what_is_not_about_people_stays(window: MainWindow) -> None:
    window.open_page("directory")
    copy("0208 123456")
    assert not window.foot.clipboard.isVisible()
    window.clipboard.clear()
    assert clipboard() == "0208 123456"


def test_what_is_copied_later_is_left_alone(window: MainWindow) -> None:
    window.open_page("reception")
    copy("Frau Vertraulich")
    window.open_page("directory")
    copy("0208 123456")
    assert not window.foot.clipboard.isVisible()
    window.clipboard.clear()
    assert clipboard() == "0208 123456"


def test_the_lock_and_the_end_clear_at_once(window: MainWindow) -> None:
    window.open_page("reception")
    copy("Frau Vertraulich")
    window.lock(QLineEdit())
    assert clipboard() == ""
    window.unlock()
    window.clipboard.copy("Herr Geheim")
    assert window.foot.clipboard.isVisible()
    window.close()
    assert clipboard() == ""
