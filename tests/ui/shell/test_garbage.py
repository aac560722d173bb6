"""Python's garbage is collected in the GUI thread, on a timer, and never by a worker."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.shell.garbage import GuiThreadCollector


class _Knot:
    """An object that only the cyclic collection can free."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def owner() -> QObject:
    return QObject()


def test_cycles_go_when_the_collector_says_so_and_not_before(qtbot: QtBot, owner: QObject) -> None:
    try:
        collector = GuiThreadCollector(owner)
        assert not gc.isenabled()
        knot = weakref.ref(_Knot())
        _many = [_Knot() for _ in range(5_000)]
        del _many
        assert knot() is not None
        for _ in range(6):
            collector.collect()
        assert knot() is None
    finally:
        gc.enable()
        gc.unfreeze()
