"""Search field and result list together."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.badge import BadgeText, Tone
from ui.widgets.search_list import ResultList, ResultRow, SearchField

ROWS = [
    ResultRow("a", "Pflegestützpunkt", "Beratung", matches=((0, 5),), badges=(BadgeText("offen", Tone.SUCCESS),)),
    ResultRow("b", "Sozialstation", "Pflege", detail_matches=((0, 6),)),
    ResultRow("c", "Seniorentreff", icon_name="users-round"),
]


class SearchPage(QWidget):
    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        self.field = SearchField("Angebot suchen", delay_ms=0)
        self.results = ResultList("Treffer", empty_text="Kein Treffer.")
        self.field.attach(self.results)
        layout.addWidget(self.field)
        layout.addWidget(self.results)


@pytest.fixture
def page(qtbot: QtBot, theme: object) -> SearchPage:
    widget = SearchPage()
    qtbot.addWidget(widget)
    widget.resize(500, 400)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.field.setFocus()
    widget.results.set_rows(ROWS)
    return widget


def test_typing_is_reported_once_the_keys_rest(page: SearchPage, qtbot: QtBot) -> None:
    told: list[str] = []
    page.field.query_changed.connect(told.append)
    with qtbot.waitSignal(page.field.query_changed):
        qtbot.keyClicks(page.field, "pfle ")
    assert told[-1] == "pfle"


def test_the_same_text_is_not_reported_twice(page: SearchPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.field, "pflege")
    page.field.send_now()
    with qtbot.assertNotEmitted(page.field.query_changed):
        page.field.send_now()


def test_arrow_down_goes_into_the_list_and_up_comes_back(page: SearchPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.field, Qt.Key.Key_Down)
    assert page.results.hasFocus()
    assert page.results.current_key() == "a"
    qtbot.keyClick(page.results, Qt.Key.Key_Down)
    assert page.results.current_key() == "b"
    qtbot.keyClick(page.results, Qt.Key.Key_Up)
    qtbot.keyClick(page.results, Qt.Key.Key_Up)
    assert page.field.hasFocus()


def test_enter_in_the_field_takes_the_first_row(page: SearchPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.results.activated_key) as told:
        qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert told.args == ["a"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_keys_in_the_list_take_the_current_row(page: SearchPage, qtbot: QtBot, key: Qt.Key) -> None:
    page.results.enter()
    qtbot.keyClick(page.results, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.results.activated_key) as told:
        qtbot.keyClick(page.results, key)
    assert told.args == ["b"]


def test_a_click_takes_the_row(page: SearchPage, qtbot: QtBot) -> None:
    place = page.results.visualRect(page.results.model().index(2, 0)).center()
    with qtbot.waitSignal(page.results.activated_key) as told:
        qtbot.mouseClick(page.results.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == ["c"]


def test_a_letter_in_the_list_goes_back_to_the_field(page: SearchPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.field, "pf")
    page.results.enter()
    qtbot.keyClick(page.results, Qt.Key.Key_L)
    assert page.field.hasFocus()
    assert page.field.text() == "pfl"
    page.results.enter()
    qtbot.keyClick(page.results, Qt.Key.Key_Backspace)
    assert page.field.text() == "pf"


def test_escape_empties_the_field_first(page: SearchPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.field, "pf")
    page.field.send_now()
    with qtbot.waitSignal(page.field.query_changed) as told:
        qtbot.keyClick(page.field, Qt.Key.Key_Escape)
    assert told.args == [""]


def test_the_current_row_stays_when_rows_change(page: SearchPage) -> None:
    page.results.set_current_key("b")
    page.results.set_rows([ROWS[2], ROWS[1]])
    assert page.results.current_key() == "b"
    page.results.set_rows([ROWS[0]], preselect=True)
    assert page.results.current_key() == "a"
    page.results.set_rows([])
    assert page.results.current_key() == ""
    assert not page.results.enter()
    assert not page.results.set_current_key("a")


def test_rows_read_as_one_sentence(page: SearchPage) -> None:
    model = page.results.model()
    assert model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == "Pflegestützpunkt, Beratung, offen"
    interface = QAccessible.queryAccessibleInterface(page.results)
    assert interface.role() == QAccessible.Role.List
    assert interface.text(QAccessible.Text.Name) == "Treffer"
    assert "Pflegestützpunkt" in interface.child(0).text(QAccessible.Text.Name)


def test_long_rows_are_elided_inside_the_list(page: SearchPage) -> None:
    page.results.set_rows([ResultRow("x", "Sehr langer Name " * 20, "Auch lang " * 40, matches=((0, 4), (300, 20)))])
    assert page.results.horizontalScrollBar().maximum() == 0
    assert page.grab().width() == page.width()


def test_an_empty_list_says_so(page: SearchPage) -> None:
    page.results.set_rows([])
    with_words = page.results.viewport().grab().toImage()
    page.results.set_empty_text("")
    assert with_words != page.results.viewport().grab().toImage()


def test_matches_are_marked(page: SearchPage) -> None:
    from ui.theme.theme import active_theme

    image = page.results.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    mark = active_theme().colour("match").rgb()
    assert any(image.pixel(x, y) == mark for x in range(200) for y in range(60))


def test_thousands_of_rows_are_shown_at_once(page: SearchPage, qtbot: QtBot) -> None:
    page.results.set_rows([ResultRow(str(number), f"Angebot {number}") for number in range(5000)])
    page.results.set_current_key("4999")
    assert page.results.current_key() == "4999"
    assert page.results.row_at(4999).title == "Angebot 4999"
