"""A damaged database after the password: the newest good backup is found, and what is readable can be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.backup.rescue import open_rescue
from desktop_app.bootstrap import Application, Surroundings, open_application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from tests.ui.office import PASSWORD, settle
from ui.rescue.page import RescuePage
from ui.shell.tasks import TaskRunner
from ui.theme.theme import ThemeController


@pytest.fixture
def damaged(application: Application) -> Path:
    """An office with a good backup whose database lost its header."""
    for _ in range(5):
        application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    application.backups.make()
    application.close()
    database = application.folder.database
    whole = bytearray(database.read_bytes())
    whole[-4096 * 2 + 9] ^= 1
    database.write_bytes(whole)
    return database


@pytest.fixture
def page(
    qtbot: QtBot, theme: ThemeController, application: Application, damaged: Path, surroundings: Surroundings
) -> Iterator[RescuePage]:
    tasks = TaskRunner()
    shown = RescuePage(
        "Die Datei wurde nicht verändert.",
        lambda: open_rescue(application.folder, "erika", PASSWORD, surroundings.clock, surroundings.ids),
        tasks,
    )
    qtbot.addWidget(shown)
    shown.resize(1000, 760)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    shown.look()
    qtbot.waitUntil(lambda: not shown.work.is_running, timeout=20_000)
    yield shown
    tasks.close()


def test_the_backup_is_found_and_restored(
    page: RescuePage, qtbot: QtBot, application: Application, surroundings: Surroundings, damaged: Path
) -> None:
    before = damaged.read_bytes()
    assert "Die neueste gute Sicherung ist vom" in page.found.text()
    with qtbot.waitSignal(page.finished, timeout=20_000) as said:
        qtbot.mouseClick(page.restore_button, Qt.MouseButton.LeftButton)
    assert "zurückgespielt" in said.args[0]
    again = open_application(application.folder, "erika", PASSWORD, surroundings)
    assert again.store.sql("SELECT count(*) FROM contact") == [(5,)]
    again.close()
    aside = list(application.folder.root.glob("quartierslotse.vor-rueckspielung-*.db"))
    assert [path.read_bytes() for path in aside] == [before]


def test_what_is_readable_is_saved(
    page: RescuePage, qtbot: QtBot, application: Application, surroundings: Surroundings
) -> None:
    with qtbot.waitSignal(page.finished, timeout=20_000) as said:
        qtbot.mouseClick(page.salvage_button, Qt.MouseButton.LeftButton)
    assert said.args[0].startswith("Gerettet: ")
    again = open_application(application.folder, "erika", PASSWORD, surroundings)
    assert again.store.sql("PRAGMA integrity_check") == [("ok",)]
    again.close()


def test_leaving_changes_nothing(page: RescuePage, qtbot: QtBot, damaged: Path) -> None:
    before = damaged.read_bytes()
    with qtbot.waitSignal(page.left):
        qtbot.mouseClick(page.leave_button, Qt.MouseButton.LeftButton)
    assert damaged.read_bytes() == before


@pytest.mark.parametrize("percent", [100, 200])
def test_words_stay_whole(
    page: RescuePage,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    percent: int,
) -> None:
    theme.use_text_percent(percent)
    settle(page)
    assert cut_off(page) == []
    assert unnamed_controls(page) == []
