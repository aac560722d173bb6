"""The count in the navigation: there when connected, gone when answered, nothing loaded before."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from tests.ui.exchange.connected import Connected
from ui.pages import allowed_entries
from ui.shell.context import PageContext
from ui.shell.exchange_watch import ExchangeWatch
from ui.shell.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def open_window(
    qtbot: QtBot, make_context: Callable[..., PageContext]
) -> Callable[[Application], tuple[MainWindow, ExchangeWatch]]:
    def make(application: Application) -> tuple[MainWindow, ExchangeWatch]:
        context = make_context(application)
        window = MainWindow(context, allowed_entries(application), office_name="Nord")
        qtbot.addWidget(window)
        watch = ExchangeWatch(window, context)
        window.show()
        return window, watch

    return make


def rail_name(window: MainWindow) -> str:
    return window.rail._buttons["exchange"].accessibleName()


def test_what_waits_is_counted_on_every_page(qtbot: QtBot, connected: Connected, open_window) -> None:
    window, _watch = open_window(connected.application)
    window.open_page("reception")
    assert window.rail.is_shown("exchange")
    assert rail_name(window) == "Übergaben"
    first = connected.receive()
    qtbot.waitUntil(lambda: rail_name(window) == "Übergaben, eine neue Übergabe")
    connected.receive("Anna Kurz")
    qtbot.waitUntil(lambda: rail_name(window) == "Übergaben, 2 neue Übergaben")
    connected.application.exchange.accept(connected.application.actor, first)
    qtbot.waitUntil(lambda: rail_name(window) == "Übergaben, eine neue Übergabe")


def test_a_desk_alone_shows_nothing_of_it_until_it_is_connected(
    qtbot: QtBot, connected: Connected, open_window
) -> None:
    connected.forget()
    window, watch = open_window(connected.application)
    assert not window.rail.is_shown("exchange")
    watch.begin()
    assert not window.rail.is_shown("exchange")
    connected.introduce()
    qtbot.waitUntil(lambda: window.rail.is_shown("exchange"))


def test_the_way_to_the_window_loads_nothing_of_the_exchange() -> None:
    code = (
        "import ui.app, ui.pages, ui.shell.main_window, ui.shell.exchange_watch, desktop_app.bootstrap, ui.reception.page\n"
        "import json, sys\nprint(json.dumps([n for n in sys.modules if '.exchange' in n]))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert json.loads(answer.stdout.splitlines()[-1]) == ["ui.shell.exchange_watch"]
