"""The line at the foot: what it says about the connection to others, and what gives way where it is narrow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.shell.foot import Foot
from ui.theme.theme import ThemeController


@pytest.fixture
def foot(qtbot: QtBot, theme: ThemeController) -> Foot:
    foot = Foot()
    qtbot.addWidget(foot)
    foot.show_office("Quartiersbüro Musterstadt-Mitte")
    foot.resize(1280, foot.sizeHint().height())
    foot.fit(1280)
    foot.show()
    return foot


def test_a_desk_alone_says_nothing_about_others(foot: Foot) -> None:
    assert foot.sync.isHidden()
    assert foot.office.isVisible()


def test_the_state_stands_in_words_and_a_press_is_told(foot: Foot, qtbot: QtBot) -> None:
    foot.show_sync("12 Änderungen warten, offline", "clock")
    assert foot.sync.text() == "12 Änderungen warten, offline"
    assert foot.sync.accessibleName() == "Abgleich: 12 Änderungen warten, offline"
    with qtbot.waitSignal(foot.sync_pressed):
        qtbot.mouseClick(foot.sync, Qt.MouseButton.LeftButton)
    foot.show_sync("", "")
    assert foot.sync.isHidden()


@pytest.mark.parametrize(("width", "words"), [(1280, True), (720, True), (560, True), (260, False)])
def test_where_it_is_narrow_the_icon_stands_for_the_words(foot: Foot, width: int, words: bool) -> None:
    foot.show_sync("Alles abgeglichen um 10:42", "circle-check")
    foot.resize(width, foot.height())
    foot.fit(width)
    assert bool(foot.sync.text()) is words
    assert foot.sync.toolTip() == "Alles abgeglichen um 10:42"
    assert foot.sync.isVisible()
    assert not foot.state.isVisible(), "its icon says the same"


def test_large_letters_are_read_wherever_the_line_has_room(foot: Foot, theme: ThemeController) -> None:
    theme.use_text_percent(200)
    foot.show_sync("12 Änderungen warten, offline", "clock")
    foot.resize(948, foot.sizeHint().height())  # what the narrow rail leaves of 1024
    foot.fit(1024)
    QApplication.processEvents()
    assert foot.sync.text() == "12 Änderungen warten, offline"
    assert foot.sync.width() >= foot.sync.sizeHint().width()
    foot.status.show_message("Kontakt gespeichert: Pflege.", lambda: None)
    QApplication.processEvents()
    assert foot.sync.text() == "", "the message comes first"
    assert foot.sync.accessibleName() == "Abgleich: 12 Änderungen warten, offline"
    words = foot.status.words
    assert words.fontMetrics().horizontalAdvance(words.text()) <= words.width()
    foot.status.show_message("Kopiert.")
    QApplication.processEvents()
    assert foot.sync.text() == "12 Änderungen warten, offline"
    foot.show_sync("Der Abgleich braucht Sie", "triangle-alert")
    assert foot.sync.text() == "Der Abgleich braucht Sie"


@pytest.mark.parametrize("percent", [100, 200])
def test_the_words_come_and_go_at_one_width(foot: Foot, theme: ThemeController, percent: int) -> None:
    theme.use_text_percent(percent)
    foot.show_sync("Alles abgeglichen um 10:42", "circle-check")
    foot.status.show_message("Gespeichert.")
    limits = []
    for widths in (range(240, 1100, 10), range(1090, 230, -10)):
        seen = {}
        for width in widths:
            foot.resize(width, foot.height())
            foot.fit(width)
            QApplication.processEvents()
            seen[width] = bool(foot.sync.text())
            assert not seen[width] or foot.sync.width() >= foot.sync.sizeHint().width(), width
        assert [seen[width] for width in sorted(seen)] == sorted(seen.values())
        limits.append(min(width for width in seen if seen[width]))
    assert abs(limits[0] - limits[1]) <= 10


def test_the_message_is_whole_beside_the_connection(foot: Foot) -> None:
    foot.show_sync("Alles abgeglichen um 10:42", "circle-check")
    foot.resize(1115, foot.height())  # what the rail leaves of 1280
    foot.fit(1280)
    foot.status.show_message("Kontakt gespeichert: Pflege, Gesundheit.", lambda: None)
    QApplication.processEvents()
    words = foot.status.words
    assert words.fontMetrics().horizontalAdvance(words.text()) <= words.width()
    assert foot.office.isVisible()


def test_the_width_of_its_words_fits_at_twice_the_text(foot: Foot, theme: ThemeController) -> None:
    theme.use_text_percent(200)
    foot.show_sync("Alles abgeglichen um 10:42", "circle-check")
    foot.resize(1600, foot.sizeHint().height())
    foot.fit(1600)
    assert foot.sync.width() >= foot.sync.minimumSizeHint().width()
