"""Segmented buttons and tiles: mouse, keyboard, names, and what they tell."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.choices import Choice, SegmentedControl, Tile, TileGrid

CHANNELS = [Choice("in_person", "&Büro", "house"), Choice("phone", "&Telefon"), Choice("mail", "&E-Mail")]
TILES = [Tile(f"topic-{number}", f"Thema {number}", str(number), "house", number) for number in range(1, 10)]


@pytest.fixture
def segments(qtbot: QtBot, theme: object) -> SegmentedControl:
    control = SegmentedControl("Kanal", CHANNELS)
    qtbot.addWidget(control)
    with qtbot.waitExposed(control):
        control.show()
    control.activateWindow()
    return control


@pytest.fixture
def grid(qtbot: QtBot, theme: object) -> TileGrid:
    tiles = TileGrid("Themen", TILES)
    qtbot.addWidget(tiles)
    tiles.resize(700, 300)
    with qtbot.waitExposed(tiles):
        tiles.show()
    return tiles


def test_the_first_segment_is_chosen_and_a_click_changes_it(segments: SegmentedControl, qtbot: QtBot) -> None:
    assert segments.value() == "in_person"
    with qtbot.waitSignal(segments.changed) as told:
        qtbot.mouseClick(segments.button("mail"), Qt.MouseButton.LeftButton)
    assert told.args == ["mail"]
    assert segments.value() == "mail"


def test_arrow_keys_move_and_choose(segments: SegmentedControl, qtbot: QtBot) -> None:
    segments.focus_chosen()
    qtbot.keyClick(segments.button("in_person"), Qt.Key.Key_Right)
    assert segments.value() == "phone"
    qtbot.keyClick(segments.button("phone"), Qt.Key.Key_Left)
    assert segments.value() == "in_person"


def test_alt_with_the_letter_chooses_from_elsewhere(qtbot: QtBot, theme: object) -> None:
    page = QWidget()
    layout = QVBoxLayout(page)
    edit, control = QLineEdit(), SegmentedControl("Kanal", CHANNELS)
    layout.addWidget(edit)
    layout.addWidget(control)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    edit.setFocus()
    with qtbot.waitSignal(control.changed):
        qtbot.keyClick(edit, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert control.value() == "phone"


def test_set_value_tells_nobody(segments: SegmentedControl, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(segments.changed):
        segments.set_value("phone")
    assert segments.value() == "phone"
    with pytest.raises(KeyError):
        segments.set_value("fax")


def test_segments_are_radio_buttons_with_names(segments: SegmentedControl) -> None:
    interface = QAccessible.queryAccessibleInterface(segments.button("phone"))
    assert interface.role() == QAccessible.Role.RadioButton
    assert interface.text(QAccessible.Text.Name) == "Telefon"
    assert QAccessible.queryAccessibleInterface(segments).text(QAccessible.Text.Name) == "Kanal"


def test_other_choices_replace_the_old_ones(segments: SegmentedControl) -> None:
    segments.set_choices([Choice("a", "A"), Choice("b", "B")], value="b")
    assert segments.codes() == ["a", "b"]
    assert segments.value() == "b"


def test_segments_wrap_on_a_narrow_window(segments: SegmentedControl) -> None:
    wide = segments.heightForWidth(2000)
    assert segments.heightForWidth(160) >= 2 * wide


def test_a_click_toggles_a_tile(grid: TileGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.toggled) as told:
        qtbot.mouseClick(grid.tile("topic-3"), Qt.MouseButton.LeftButton)
    assert told.args == ["topic-3", True]
    assert grid.selected() == ["topic-3"]
    qtbot.mouseClick(grid.tile("topic-3"), Qt.MouseButton.LeftButton)
    assert grid.selected() == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_space_and_enter_toggle(grid: TileGrid, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(grid.tile("topic-1"), key)
    assert grid.selected() == ["topic-1"]


def test_the_key_of_a_tile_is_the_callers_and_toggles(grid: TileGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.toggled):
        assert grid.toggle("topic-2")
    assert not grid.toggle("topic-2")
    with pytest.raises(KeyError):
        grid.toggle("unknown")


def test_arrows_move_in_the_grid_and_only_one_tile_is_a_tab_stop(grid: TileGrid, qtbot: QtBot) -> None:
    grid.activateWindow()
    grid.focus_first()
    qtbot.keyClick(grid.tile("topic-1"), Qt.Key.Key_Right)
    assert grid.tile("topic-2").hasFocus()
    qtbot.keyClick(grid.tile("topic-2"), Qt.Key.Key_Down)
    columns = sum(1 for tile in TILES if grid.tile(tile.code).y() == grid.tile("topic-1").y())
    assert grid.tile(f"topic-{2 + columns}").hasFocus()
    qtbot.keyClick(grid.tile(f"topic-{2 + columns}"), Qt.Key.Key_End)
    assert grid.tile("topic-9").hasFocus()
    stops = [tile.code for tile in TILES if grid.tile(tile.code).focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == ["topic-9"]


def test_tiles_have_the_same_width_and_wrap(grid: TileGrid) -> None:
    assert len({grid.tile(tile.code).width() for tile in TILES}) == 1
    assert grid.heightForWidth(250) > grid.heightForWidth(1400)
    grid.resize(300, 900)
    assert max(grid.tile(tile.code).geometry().right() for tile in TILES) < 300


def test_tiles_are_check_boxes_with_name_and_key(grid: TileGrid) -> None:
    interface = QAccessible.queryAccessibleInterface(grid.tile("topic-4"))
    assert interface.role() == QAccessible.Role.CheckBox
    assert interface.text(QAccessible.Text.Name) == "Thema 4"
    assert interface.text(QAccessible.Text.Description) == "4"
    grid.set_selected({"topic-4"})
    assert QAccessible.queryAccessibleInterface(grid.tile("topic-4")).state().checked


def test_other_tiles_keep_what_was_on(grid: TileGrid, qtbot: QtBot) -> None:
    grid.set_selected({"topic-1", "topic-2"})
    with qtbot.assertNotEmitted(grid.toggled):
        grid.set_tiles([TILES[1], Tile("new", "Neu")])
    assert grid.selected() == ["topic-2"]


def test_the_longest_word_of_a_tile_is_never_cut(qtbot: QtBot, theme) -> None:
    theme.use_text_percent(200)
    tiles = TileGrid("Themen", [Tile("a", "Dienstleistungen", "7", "wrench"), *TILES])
    qtbot.addWidget(tiles)
    tiles.resize(1000, 900)
    tiles.show()
    assert tiles.tile("a").width() >= tiles.tile("a").least_width()
