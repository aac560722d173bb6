"""Long work hears of every key and click into the window, wherever in it they go."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.core.foreground import Foreground
from ui.program.input_watch import InputWatch


def test_keys_and_clicks_are_told_to_whoever_is_there_then(qtbot: QtBot) -> None:
    window, field, rests = QWidget(), QLineEdit(), list[float]()
    QVBoxLayout(window).addWidget(field)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    now = 0.0
    first, second = (Foreground(lambda: now, rests.append) for _ in range(2))
    there = [first]
    InputWatch(window, lambda: there[0])
    first.give_way()
    assert rests == []

    field.setFocus()
    QTest.keyClick(window.windowHandle(), "a")
    assert field.text() == "a"
    now = 0.01
    first.give_way()
    assert len(rests) == 1

    there[0] = second  # the data was closed and opened again
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    now = 0.02
    second.give_way()
    assert len(rests) == 2
