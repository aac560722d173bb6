"""The navigation: the count beside a page leaves its icon and its words whole."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.shell.navigation_rail import NavigationRail
from ui.theme.theme import ThemeController


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("is_wide", [True, False])
@pytest.mark.parametrize("count", [1, 12, 123])
def test_a_count_covers_nothing(qtbot: QtBot, theme: ThemeController, percent: int, is_wide: bool, count: int) -> None:
    theme.use_text_percent(percent)
    rail = NavigationRail()
    qtbot.addWidget(rail)
    rail.add("reception", "Empfang", "house")
    rail.add("exchange", "Übergaben", "handshake")
    rail.set_wide(is_wide)
    rail.show_count("exchange", count, "neue Übergaben")
    rail.setFixedWidth(rail.sizeHint().width())
    rail.show()
    QApplication.processEvents()
    button = rail._buttons["exchange"]
    icon, box = button.icon_box(), button.count_box()
    words = button._words_width() if is_wide else 0
    assert button.rect().contains(icon)
    assert button.rect().contains(box)
    assert icon.right() + words < box.left()
    assert rail._buttons["reception"].count_box().isEmpty()
