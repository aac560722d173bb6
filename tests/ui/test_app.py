"""The application from the sign-in to the window, the lock and the end, on a real folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import SetUp, Surroundings, open_application, reset_password, set_up
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import LockedData
from desktop_app.core.ids import UuidFactory
from desktop_app.core.permissions import Role
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost
from ui.administration.page import AdministrationPage
from ui.program.desktop_program import DesktopProgram
from ui.program.idle_watch import IdleWatch
from ui.reception.page import ReceptionPage
from ui.setup.kept_sheet import note_sheet
from ui.shell.errors import ErrorHandler
from ui.shell.preferences import PreferencesFile
from ui.theme.theme import ThemeController

GOOD = "drei Worte im Mai"
KARLS = "Laterne Gurke Fahrplan"


@pytest.fixture
def surroundings(clock: FixedClock, ids: UuidFactory) -> Surroundings:
    return Surroundings(clock, ids, DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1))


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "daten")


@pytest.fixture
def recovery_key(folder: DataFolder, surroundings: Surroundings) -> str:
    wishes = SetUp("Quartiersbüro Nord", "AWO", NewAccount("erika", "Erika Muster", "EM"), GOOD)
    application, key = set_up(folder, wishes, surroundings)
    application.close()
    return "".join(key)


@pytest.fixture
def program(
    qapp: QApplication, folder: DataFolder, surroundings: Surroundings, theme: ThemeController, qtbot: QtBot
) -> Iterator[DesktopProgram]:
    made = DesktopProgram(qapp, folder, lambda: surroundings, theme, PreferencesFile(folder.root))
    yield made
    made.close()
    for widget in (made.window, made.wizard, made.sign_in_page, made.problem_page):
        if widget is not None:
            widget.deleteLater()


def signed_in(program: DesktopProgram, qtbot: QtBot) -> None:
    program.start()
    page = program.sign_in_page
    assert page is not None
    page.password.set_text(GOOD)
    page.button.click()
    qtbot.waitUntil(lambda: program.window is not None and program.window.isVisible())


def test_a_new_folder_begins_with_the_first_run(program: DesktopProgram) -> None:
    program.start()
    assert program.wizard is not None
    assert program.wizard.isVisible()


def test_the_password_opens_the_empfang(recovery_key: str, program: DesktopProgram, qtbot: QtBot) -> None:
    signed_in(program, qtbot)
    assert program.window is not None
    assert program.window.current_key == "reception"
    assert program.window.windowTitle() == "Quartierslotse – Quartiersbüro Nord"
    assert program.window.top.person.text() in {"Erika Muster", "EM"}
    assert program.sign_in_page is None


def test_a_wrong_password_is_told_in_german(recovery_key: str, program: DesktopProgram, qtbot: QtBot) -> None:
    program.start()
    page = program.sign_in_page
    assert page is not None
    page.password.set_text("falsch")
    page.button.click()
    qtbot.waitUntil(lambda: bool(page.password.below.text()))
    assert "Passwort" in page.password.below.text()
    assert program.window is None


def test_the_recovery_key_opens_too(recovery_key: str, program: DesktopProgram, qtbot: QtBot) -> None:
    program.start()
    page = program.sign_in_page
    assert page is not None
    page.forgotten.click()
    page.recovery_submitted.emit("erika", "0" * 36, GOOD)
    qtbot.waitUntil(lambda: not page.recovery_notice.isHidden() or bool(page.button.isEnabled()))
    page.recovery_submitted.emit("erika", recovery_key, "ein ganz neues Wort")
    qtbot.waitUntil(lambda: program.window is not None)


def test_the_lock_needs_the_password_and_keeps_the_page(
    recovery_key: str, program: DesktopProgram, qtbot: QtBot
) -> None:
    signed_in(program, qtbot)
    window = program.window
    assert window is not None
    window.activateWindow()
    page = window.current_page()
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.is_locked
    cover = program.lock_page
    assert cover is not None
    program.lock()
    assert program.lock_page is cover
    assert program.application is not None
    with pytest.raises(LockedData):
        program.application.contact_queries.contacts_of_day(program.application.clock.today())
    cover.password.set_text("falsch")
    cover.button.click()
    qtbot.waitUntil(lambda: bool(cover.password.below.text()))
    assert window.is_locked
    cover.password.set_text(GOOD)
    cover.button.click()
    qtbot.waitUntil(lambda: not window.is_locked)
    assert window.current_page() is page
    assert program.application.contact_queries.contacts_of_day(program.application.clock.today()) == ()


def test_the_key_stays_until_the_work_beside_the_window_is_done(
    recovery_key: str, program: DesktopProgram, qtbot: QtBot
) -> None:
    signed_in(program, qtbot)
    window, application = program.window, program.application
    assert window is not None
    assert application is not None
    go_on, counts = threading.Event(), []

    def work(_progress: object) -> None:
        go_on.wait(10)
        counts.append(application.directory_queries.count())
        application.store.end_thread()

    window.tasks.run(work)
    program.lock()
    assert application.store.knows_key
    go_on.set()
    qtbot.waitUntil(lambda: not application.store.knows_key)
    assert len(counts) == 1


def test_what_ticks_beneath_the_lock_is_no_error(recovery_key: str, program: DesktopProgram, qtbot: QtBot) -> None:
    signed_in(program, qtbot)
    program.lock()
    handler = ErrorHandler(show_sentence=program.show_sentence, window=program.front)
    handler.show_error(LockedData("gesperrt"))
    assert handler.dialog is None


def test_the_lock_closes_what_stands_over_the_window(recovery_key: str, program: DesktopProgram, qtbot: QtBot) -> None:
    signed_in(program, qtbot)
    window = program.window
    assert window is not None
    dialog = QDialog(window)
    qtbot.addWidget(dialog)
    dialog.open()
    program.lock()
    assert window.is_locked
    assert not dialog.isVisible()


def test_idle_time_warns_and_then_locks(recovery_key: str, program: DesktopProgram, qtbot: QtBot) -> None:
    signed_in(program, qtbot)
    window = program.window
    assert window is not None
    watch = window.findChild(IdleWatch)
    assert watch is not None
    watch.passed(269_000)
    assert not window.lock_warning.isVisible()
    watch.passed(1_000)
    assert window.lock_warning.isVisible()
    assert not window.is_locked
    qtbot.mouseMove(window.windowHandle())
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    assert not window.lock_warning.isVisible()
    watch.passed(270_000)
    assert not window.is_locked
    watch.passed(30_000)
    assert window.is_locked
    assert not window.lock_warning.isVisible()


def test_a_computer_that_slept_wakes_up_locked(recovery_key: str, program: DesktopProgram, qtbot: QtBot) -> None:
    signed_in(program, qtbot)
    window = program.window
    assert window is not None
    now = [1_000_000.0]
    watch = IdleWatch(window, program._preferences, program.lock, wall=lambda: now[0])
    now[0] += 5
    watch._tick()
    assert not window.is_locked
    now[0] += 20
    watch._tick()
    assert window.is_locked


def test_wrong_passwords_at_the_lock_are_slowed_down(recovery_key: str, program: DesktopProgram, qtbot: QtBot) -> None:
    signed_in(program, qtbot)
    program.lock()
    cover = program.lock_page
    assert cover is not None
    for _ in range(6):
        cover.password.set_error("")
        cover.password.set_text("falsch geraten")
        cover.button.click()
        qtbot.waitUntil(lambda: bool(cover.password.below.text()))
    assert "5 Sekunden" in cover.password.below.text()


def add_karl(program: DesktopProgram, folder: DataFolder, surroundings: Surroundings, role: Role) -> None:
    application = program.application
    assert application is not None
    issued = application.accounts.add_account(application.actor, NewAccount("karl", "Karl Beispiel", ""), role, GOOD)
    reset_password(folder, "karl", issued.code, KARLS, surroundings).close()


def test_users_change_without_a_restart_and_each_keeps_the_half_typed_cards(
    recovery_key: str, program: DesktopProgram, folder: DataFolder, surroundings: Surroundings, qtbot: QtBot
) -> None:
    signed_in(program, qtbot)
    add_karl(program, folder, surroundings, Role.FRONT_DESK)
    first = program.window
    assert first is not None
    reception = first.current_page()
    assert isinstance(reception, ReceptionPage)
    reception.card.topics.tile("pflege").click()
    program.lock()
    cover = program.lock_page
    assert cover is not None
    cover.switch_button.click()
    assert not first.isVisible()
    assert program.application is None

    page = program.sign_in_page
    assert page is not None
    assert page.isVisible()
    assert page.account is not None
    page.account.set_value("karl")
    page.password.set_text(KARLS)
    page.button.click()
    qtbot.waitUntil(lambda: program.window is not None)
    second = program.window
    assert second is not None
    assert program.application is not None
    assert program.application.actor.display_name == "Karl Beispiel"
    assert second.rail.keys() == ["reception", "directory"]
    karls = second.current_page()
    assert isinstance(karls, ReceptionPage)
    assert karls.card.topics.selected() == []

    second.top.switch_requested.emit()
    page = program.sign_in_page
    assert page is not None
    assert page.account is not None
    page.account.set_value("erika")
    page.password.set_text(GOOD)
    page.button.click()
    qtbot.waitUntil(lambda: program.window is not None)
    assert program.window is not None
    again = program.window.current_page()
    assert isinstance(again, ReceptionPage)
    assert again.card.topics.selected() == ["pflege"]


def test_an_account_for_numbers_begins_with_the_numbers(
    recovery_key: str, program: DesktopProgram, folder: DataFolder, surroundings: Surroundings, qtbot: QtBot
) -> None:
    signed_in(program, qtbot)
    add_karl(program, folder, surroundings, Role.ANALYSIS)
    program.switch_user()
    page = program.sign_in_page
    assert page is not None
    assert page.account is not None
    page.account.set_value("karl")
    page.password.set_text(KARLS)
    page.button.click()
    qtbot.waitUntil(lambda: program.window is not None)
    window = program.window
    assert window is not None
    assert (window.current_key, window.rail.keys()) == ("statistics", ["statistics"])
    assert not window.top.basket.isVisible()


def test_a_first_run_closed_before_the_sheet_was_kept_offers_one_at_the_next_start(
    recovery_key: str, program: DesktopProgram, folder: DataFolder, surroundings: Surroundings, qtbot: QtBot
) -> None:
    application = open_application(folder, "erika", GOOD, surroundings)
    note_sheet(application, kept=False)
    application.close()
    signed_in(program, qtbot)
    window = program.window
    assert window is not None
    assert window.offer.isVisible()
    assert "noch nicht gedruckt" in window.offer.words.text()

    window.offer.button.setFocus()
    qtbot.keyClick(window.offer.button, Qt.Key.Key_Space)

    assert window.current_key == "administration"
    page = window.current_page()
    assert isinstance(page, AdministrationPage)
    assert page.recovery.password.edit.hasFocus()
    assert not window.offer.isVisible()


def test_the_offer_goes_when_the_sheet_is_kept(
    recovery_key: str, program: DesktopProgram, folder: DataFolder, surroundings: Surroundings, qtbot: QtBot
) -> None:
    application = open_application(folder, "erika", GOOD, surroundings)
    note_sheet(application, kept=False)
    application.close()
    signed_in(program, qtbot)
    window = program.window
    assert window is not None
    assert program.application is not None

    note_sheet(program.application, kept=True)

    qtbot.waitUntil(lambda: not window.offer.isVisible())


def test_an_office_with_its_sheet_is_offered_none(recovery_key: str, program: DesktopProgram, qtbot: QtBot) -> None:
    signed_in(program, qtbot)
    assert program.window is not None
    assert not program.window.offer.isVisible()


def test_half_an_installation_is_told_and_nothing_is_created(folder: DataFolder, program: DesktopProgram) -> None:
    folder.root.mkdir(parents=True)
    folder.key_slots.write_text("{}", encoding="utf-8")
    program.start()
    assert program.problem_page is not None
    assert program.wizard is None
    assert [path.name for path in folder.root.iterdir()] == [folder.key_slots.name]


def test_every_page_opens_with_names_for_everything(
    recovery_key: str, program: DesktopProgram, qtbot: QtBot, unnamed_controls: Callable[[QWidget], list[str]]
) -> None:
    signed_in(program, qtbot)
    window = program.window
    assert window is not None
    for key in (*window.rail.keys(), "handouts", "account", "audit"):
        page = window.open_page(key)
        assert page.title
        assert unnamed_controls(page) == [], key
        from ui.shell.help_panel import help_text

        assert "noch keine Hilfe" not in help_text(page.help_topic), key


def test_it_starts_and_ends_as_a_process(folder: DataFolder, recovery_key: str) -> None:
    """The real ``python -m ui``: loads nothing heavy before the window, ends without a sound."""
    script = (
        "import json, sys\n"
        "from PySide6.QtCore import QTimer\n"
        "import ui.app\n"
        "ui.app.make_qt([])\n"
        "QTimer.singleShot(300, lambda: ui.app.QApplication.instance().closeAllWindows())\n"
        f"code = ui.app.main(['--data-dir', {str(folder.root)!r}])\n"
        "print(json.dumps({'code': code, 'modules': sorted(sys.modules)}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["code"] == 0
    heavy = {"reportlab", "xlsxwriter", "pypdfium2", "PySide6.QtPrintSupport", "phonenumbers"} & set(answer["modules"])
    assert heavy == set()
    assert "Traceback" not in done.stderr
