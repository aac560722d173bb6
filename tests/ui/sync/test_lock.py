"""The lock of a connected desk: its round ends, even one that waits for the hub, before the key is let go of."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.core.errors import LockedData
from desktop_app.sync.connection import read_connection
from desktop_app.sync.records import SyncChanged
from tests.ui.sync.conftest import Screen, Town
from ui.pages import allowed_entries
from ui.shell.context import PageContext
from ui.shell.main_window import MainWindow
from ui.sync.care import SyncCare


def sync_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "sync"]


def test_a_round_that_waits_for_a_silent_hub_does_not_keep_the_key(
    first: Screen, town: Town, application: Application, make_context: Callable[..., PageContext], qtbot: QtBot
) -> None:
    context = make_context(application)
    window = MainWindow(context, allowed_entries(application), office_name="Büro")
    qtbot.addWidget(window)
    care = SyncCare(window, application, context.notices, open_conflicts=lambda: None, open_state=lambda: None)
    key = bytes.fromhex(str(application.store._database.connect_params["passphrase"])[2:-1])
    port = town.hub.port
    application._sync_engine().forget_client()
    town.hub.stop()
    with socket.create_server(("127.0.0.1", port)) as silent, ExitStack() as callers:
        silent.setblocking(False)

        def is_asked() -> bool:
            with suppress(BlockingIOError):
                callers.enter_context(silent.accept()[0])
                return True
            return False

        care.begin()
        qtbot.waitUntil(is_asked)
        assert sync_threads()
        window.lock(QWidget())
        qtbot.waitUntil(lambda: context.tasks.running == 0)
        assert sync_threads() == [], "the thread has ended before the key goes"
        application.store.forget_key()
        with pytest.raises(LockedData):
            read_connection(application.store)
        assert application._sync_engine()._client is None, "neither token nor connection stay behind the lock"
        application.notices.publish(SyncChanged())  # nothing beneath the lock reads
    town.hub.start()
    application.store.know_key(key)
    window.unlock()
    qtbot.waitUntil(lambda: len(sync_threads()) == 1)
    qtbot.waitUntil(lambda: application._sync_engine().trouble == "" and not application._sync_engine().is_offline)
    care._end()
    application.stop_sync()
    assert sync_threads() == []
