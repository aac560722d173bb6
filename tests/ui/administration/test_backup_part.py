"""The backup part by real clicks: choose, make, check, look before restoring, try; and what stands in the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.clock import FixedClock
from tests.ui.office import doubled_mnemonics, settle
from ui.administration.backup_part import BackupPart
from ui.administration.page import BACKUP_TARGET, AdministrationPage
from ui.shell.context import PageContext
from ui.shell.page import StatusMessage, Target
from ui.shell.restore_notice import RestoreReady
from ui.theme.theme import ThemeController


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "Stick"
    place.mkdir()
    return place


@pytest.fixture
def page(
    qtbot: QtBot, application: Application, make_context: Callable[..., PageContext]
) -> Iterator[AdministrationPage]:
    context = make_context(application)
    shown = AdministrationPage(application, context.notices, tasks=context.tasks)
    qtbot.addWidget(shown)
    shown.resize(1080, 760)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    shown.on_shown()
    shown.show_target(Target(BACKUP_TARGET, ""))
    yield shown
    context.tasks.close()


@pytest.fixture
def part(page: AdministrationPage, stick: Path) -> BackupPart:
    page.backup_part._ask_folder = lambda _parent: stick
    return page.backup_part


def idle(qtbot: QtBot, part: BackupPart) -> None:
    qtbot.waitUntil(lambda: not part.work.is_running, timeout=20_000)


def press(qtbot: QtBot, part: BackupPart, button: QWidget) -> None:
    qtbot.waitUntil(button.isEnabled)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    idle(qtbot, part)


def test_without_a_folder_it_says_where_they_lie(part: BackupPart, unnamed_controls: Callable[..., list[str]]) -> None:
    words = [label.text() for label in part.facts.findChildren(QWidget) if hasattr(label, "text")]
    assert any("besser ist ein Stick" in text for text in words)
    assert part.backups.row_count() == 0
    assert not part.verify_button.isEnabled()
    assert not part.drill_button.isEnabled()
    assert unnamed_controls(part) == []


def test_choose_make_and_check(part: BackupPart, page: AdministrationPage, qtbot: QtBot, stick: Path) -> None:
    said: list[StatusMessage] = []
    page.message.connect(said.append)
    press(qtbot, part, part.folder_button)
    assert str(stick) in said[-1].text
    press(qtbot, part, part.make_button)
    assert "Gesichert und geprüft" in said[-1].text
    assert part.backups.row_count() == 1
    assert part.backups.row_at(0).badges[0].text == "beim Anlegen geprüft"
    press(qtbot, part, part.verify_button)
    assert "ist in Ordnung" in part.notice.words.text()
    assert part.backups.row_at(0).badges[0].text == "heute geprüft"


def test_a_damaged_one_is_marked(part: BackupPart, qtbot: QtBot, stick: Path) -> None:
    press(qtbot, part, part.folder_button)
    press(qtbot, part, part.make_button)
    database = next(stick.glob("*/quartierslotse.db"))
    database.write_bytes(database.read_bytes()[:-5000])
    press(qtbot, part, part.verify_button)
    assert "ist beschädigt" in part.notice.words.text()
    assert part.backups.row_at(0).badges[0].text == "beschädigt"
    press(qtbot, part, part.restore_button)
    assert not part.is_asking


def test_restoring_shows_what_would_be_lost_and_asks(
    part: BackupPart, page: AdministrationPage, qtbot: QtBot, application: Application, clock: FixedClock
) -> None:
    press(qtbot, part, part.folder_button)
    press(qtbot, part, part.make_button)
    clock.advance(timedelta(hours=2))
    application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    press(qtbot, part, part.restore_button)
    assert part.is_asking
    assert "1 Kontakt wurde nach dieser Sicherung erfasst" in part.loss.words.text()
    assert part.keep_button.hasFocus()
    assert page.go_back()
    assert not part.is_asking
    ready: list[RestoreReady] = []
    application.notices.subscribe(RestoreReady, ready.append)
    press(qtbot, part, part.restore_button)
    press(qtbot, part, part.confirm_button)
    assert len(ready) == 1
    assert ready[0].brought.database.is_file()
    assert application.store.sql("SELECT count(*) FROM contact") == [(1,)], "nothing happens before the window closes"


def test_the_drill_writes_its_protocol(part: BackupPart, qtbot: QtBot, application: Application) -> None:
    press(qtbot, part, part.make_button)
    press(qtbot, part, part.drill_button)
    assert "Die Probe ist gelungen" in part.notice.words.text()
    assert part.protocol_button.isVisibleTo(part)
    assert len(list((application.folder.root / "rueckspielproben").glob("*.pdf"))) == 1


def test_a_pulled_stick_is_told_and_nothing_hangs(part: BackupPart, qtbot: QtBot, stick: Path) -> None:
    press(qtbot, part, part.folder_button)
    shutil.rmtree(stick)
    press(qtbot, part, part.make_button)
    assert "Bitte stecken Sie den Datenträger ein" in part.notice.words.text()
    assert part.make_button.isEnabled()
    assert part.progress.isHidden()


def test_cancelling_leaves_nothing(part: BackupPart, qtbot: QtBot, stick: Path) -> None:
    press(qtbot, part, part.folder_button)
    qtbot.mouseClick(part.make_button, Qt.MouseButton.LeftButton)
    part.progress.cancel.click()
    idle(qtbot, part)
    assert [path.name for path in stick.iterdir() if path.is_dir() and path.name.startswith(".")] == []


@pytest.mark.parametrize("percent", [100, 200])
def test_words_stay_whole(
    part: BackupPart,
    page: AdministrationPage,
    qtbot: QtBot,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    percent: int,
) -> None:
    press(qtbot, part, part.make_button)
    press(qtbot, part, part.restore_button)
    theme.use_text_percent(percent)
    settle(page)
    QApplication.processEvents()
    assert cut_off(part) == []
    assert doubled_mnemonics(page) == {}
