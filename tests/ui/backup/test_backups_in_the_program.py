"""Backups in the running program: of the day, restored with a new sign-in, and the rescue of a damaged database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.clock import FixedClock
from desktop_app.core.permissions import Role
from tests.ui.office import PASSWORD
from ui.administration.page import AdministrationPage
from ui.program.desktop_program import DesktopProgram
from ui.rescue.page import RescuePage
from ui.shell.day_backup import DayBackup


def sign_in(program: DesktopProgram) -> None:
    page = program.sign_in_page
    assert page is not None
    page.password.set_text(PASSWORD)
    page.button.click()


def open_program(program: DesktopProgram, application: Application, qtbot: QtBot) -> None:
    application.close()
    program.start()
    sign_in(program)
    qtbot.waitUntil(lambda: program.window is not None and program.window.isVisible(), timeout=20_000)


def day_backup(program: DesktopProgram) -> DayBackup:
    assert program.window is not None
    return DayBackup(program.window, program.window._context, lambda: None)


def wait_for_tasks(program: DesktopProgram, qtbot: QtBot) -> None:
    assert program.window is not None
    tasks = program.window.tasks
    qtbot.waitUntil(lambda: tasks.running == 0, timeout=20_000)


def test_the_backup_of_the_day_is_made_beside_the_window(
    program: DesktopProgram, application: Application, qtbot: QtBot
) -> None:
    open_program(program, application, qtbot)
    day = day_backup(program)
    day.begin()
    wait_for_tasks(program, qtbot)
    assert program.application is not None
    assert len(program.application.backups.backups()) == 1
    assert day.notice is None
    day.begin()
    wait_for_tasks(program, qtbot)
    assert len(program.application.backups.backups()) == 1


def test_a_missing_stick_is_said_above_the_pages_until_a_backup_is_made(
    program: DesktopProgram, application: Application, qtbot: QtBot, tmp_path: Path, clock: FixedClock
) -> None:
    stick = tmp_path / "Stick"
    stick.mkdir()
    application.backups.choose_folder(application.actor, stick)
    application.backups.make()
    kept = stick.rename(tmp_path / "Tasche")
    clock.advance(timedelta(days=5))
    open_program(program, application, qtbot)
    day = day_backup(program)
    day.begin()
    wait_for_tasks(program, qtbot)
    assert day.notice is not None
    assert "ist nicht da" in day.notice.words.text()
    assert "Die letzte gute Sicherung ist 5 Tage alt." in day.notice.words.text()
    kept.rename(stick)
    assert program.application is not None
    program.application.backups.make()
    qtbot.waitUntil(lambda: day.notice is None)


def test_who_may_not_make_backups_is_told_to_ask_and_not_to_choose_a_folder(
    program: DesktopProgram, application: Application, qtbot: QtBot, tmp_path: Path, clock: FixedClock
) -> None:
    stick = tmp_path / "Stick"
    stick.mkdir()
    application.backups.choose_folder(application.actor, stick)
    application.backups.make()
    day_of_backup = clock.today()
    stick.rename(tmp_path / "Tasche")
    clock.advance(timedelta(days=5))
    open_program(program, application, qtbot)
    assert program.application is not None
    program.application.actor = replace(program.application.actor, role=Role.FRONT_DESK)
    day = day_backup(program)
    day.begin()
    wait_for_tasks(program, qtbot)
    assert day.notice is not None
    words = day.notice.words.text()
    assert "Ordner" not in words
    assert "Datenträger" not in words
    assert f"{day_of_backup:%d.%m.%Y}" in words
    assert words.endswith("Bitte sagen Sie der Koordination Bescheid.")
    assert day.notice.button.isHidden()


def test_restoring_closes_the_window_and_asks_for_the_password(
    program: DesktopProgram, application: Application, qtbot: QtBot, clock: FixedClock
) -> None:
    application.backups.make()
    clock.advance(timedelta(hours=1))
    application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    clock.advance(timedelta(hours=1))
    open_program(program, application, qtbot)
    assert program.window is not None
    page = program.window.open_page("administration")
    assert isinstance(page, AdministrationPage)
    page.show_part("backup")
    part = page.backup_part
    part.restore_button.click()
    qtbot.waitUntil(lambda: part.is_asking and part.confirm_button.isEnabled(), timeout=20_000)
    part.confirm_button.click()
    qtbot.waitUntil(lambda: program.sign_in_page is not None, timeout=20_000)
    assert program.sign_in_page is not None
    assert "zurückgespielt" in program.sign_in_page.notice.words.text()
    sign_in(program)
    qtbot.waitUntil(lambda: program.application is not None, timeout=20_000)
    assert program.application is not None
    assert program.application.store.sql("SELECT count(*) FROM contact") == [(0,)]


def test_a_damaged_database_leads_to_the_rescue_and_back(
    program: DesktopProgram, application: Application, qtbot: QtBot
) -> None:
    application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    application.backups.make()
    application.close()
    database = application.folder.database
    damaged = bytes(300) + database.read_bytes()[300:]
    database.write_bytes(damaged)
    program.start()
    sign_in(program)
    qtbot.waitUntil(lambda: isinstance(program.problem_page, RescuePage), timeout=20_000)
    page = program.problem_page
    assert isinstance(page, RescuePage)
    qtbot.waitUntil(page.restore_button.isEnabled, timeout=20_000)
    assert database.read_bytes() == damaged
    qtbot.mouseClick(page.restore_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.sign_in_page is not None, timeout=20_000)
    sign_in(program)
    qtbot.waitUntil(lambda: program.application is not None, timeout=20_000)
    assert program.application is not None
    assert program.application.store.sql("SELECT count(*) FROM contact") == [(1,)]
