"""The control with the keyboard is in sight on a page that scrolls, however it came by the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.office import settle
from ui.theme.theme import ThemeController
from ui.widgets.buttons import Button
from ui.widgets.containers import ScrollPage, give_keyboard_back
from ui.widgets.fields import TextField
from ui.widgets.visibility import set_shown


def is_in_sight(page: ScrollPage, widget: QWidget) -> bool:
    """Whether all of it is inside what the page shows now."""
    place = QRect(widget.mapTo(page.viewport(), QPoint(0, 0)), widget.size())
    return widget.isVisible() and page.viewport().rect().contains(place)


class Form(ScrollPage):
    """A field on top, one at the end, a button below it, and a field that is hidden at first."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last, self.hidden = TextField("Oben"), TextField("Unten"), TextField("Versteckt")
        self.button = Button("Anlegen")
        for number in range(30):
            self.body.addWidget(self.first if number == 0 else QLineEdit(f"Zeile {number}"))
        for widget in (self.last, self.hidden, self.button):
            self.body.addWidget(widget)
        set_shown(self.hidden, False)


@pytest.fixture
def form(theme: ThemeController, qtbot: QtBot) -> Form:
    made = Form()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    settle(made)
    return made


def test_what_gets_the_keyboard_from_the_program_comes_into_sight(form: Form) -> None:
    form.last.setFocus()
    settle(form)
    assert is_in_sight(form, form.last)
    form.first.setFocus()
    settle(form)
    assert is_in_sight(form, form.first)


def test_a_field_comes_into_sight_with_the_error_below_it(form: Form) -> None:
    form.button.setFocus()
    settle(form)
    form.first.set_error("Bitte geben Sie an, an wen die Angaben gehen.\nSonst weiß es niemand.")
    form.first.setFocus()
    settle(form)
    assert is_in_sight(form, form.first.below)
    assert is_in_sight(form, form.first.label)


def test_an_error_comes_into_sight_even_where_the_keyboard_is_already(form: Form) -> None:
    form.last.setFocus()
    settle(form)
    form.verticalScrollBar().setValue(0)
    form.last.set_error("So geht es nicht.")
    settle(form)
    assert is_in_sight(form, form.last.below)


def test_what_is_shown_and_gets_the_keyboard_in_the_same_moment_comes_into_sight(form: Form) -> None:
    set_shown(form.hidden, True)
    form.hidden.setFocus()
    settle(form)
    assert is_in_sight(form, form.hidden)


def test_the_page_stays_where_somebody_scrolled_it_while_the_keyboard_stays(form: Form, qtbot: QtBot) -> None:
    form.last.setFocus()
    settle(form)
    form.verticalScrollBar().setValue(0)
    other = QLineEdit()
    qtbot.addWidget(other)
    with qtbot.waitExposed(other):
        other.show()
    other.activateWindow()
    other.setFocus()
    settle(other)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    settle(form)
    assert form.verticalScrollBar().value() == 0


def test_of_what_is_taller_than_the_page_the_beginning_comes_into_sight(form: Form) -> None:
    tall = QPlainTextEdit()
    tall.setFixedHeight(500)
    form.body.addWidget(tall)
    settle(form)
    tall.setFocus()
    settle(form)
    assert tall.mapTo(form.viewport(), QPoint(0, 0)).y() == 0
    form.verticalScrollBar().setValue(form.verticalScrollBar().value() + 150)
    form.first.edit.clearFocus()
    tall.clearFocus()
    tall.setFocus()
    settle(form)
    assert tall.mapTo(form.viewport(), QPoint(0, 0)).y() == -150  # some of it is in sight


def test_giving_the_keyboard_back_scrolls_nowhere(form: Form) -> None:
    form.first.setFocus()
    settle(form)
    give_keyboard_back(form.button)
    settle(form)
    assert form.button.hasFocus()
    assert form.verticalScrollBar().value() == 0


def test_who_asks_last_is_heard(form: Form) -> None:
    form.button.setFocus()
    settle(form)
    form.last.setFocus()
    form.show_beginning()
    settle(form)
    assert form.verticalScrollBar().value() == 0
    assert form.last.edit.hasFocus()


def test_the_page_itself_may_have_the_keyboard(form: Form) -> None:
    form.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    form.setFocus()
    settle(form)  # a warning of Qt would fail the test
    assert form.hasFocus()
    assert form.verticalScrollBar().value() == 0


def test_nothing_moves_under_the_mouse(form: Form, qtbot: QtBot) -> None:
    line = form.findChildren(QLineEdit)[8]
    inside = form.widget()
    assert inside is not None
    form.verticalScrollBar().setValue(line.mapTo(inside, QPoint(0, 0)).y() - form.viewport().height() + 12)
    settle(form)
    before = form.verticalScrollBar().value()
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(5, 3))
    settle(form)
    assert line.hasFocus()
    assert form.verticalScrollBar().value() == before
    qtbot.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(5, 3))
