"""The gate before the first screen: a second window, a missing drive, failed starts; and what the window says then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, SetUp, Surroundings, set_up
from desktop_app.contacts.vocabulary import TallyKind
from desktop_app.core.clock import CorrectedClock, FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.start_record import StartRecord
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost
from ui.program.desktop_program import DesktopProgram
from ui.shell.clock_dialog import ClockDialog
from ui.shell.error_dialog import ErrorDialog
from ui.shell.gate import Gate
from ui.shell.preferences import PreferencesFile
from ui.shell.remarks import Remarks
from ui.shell.safe_start import SafeStartPage
from ui.theme.theme import ThemeController
from ui.widgets.feedback import EmptyState, Notice

GOOD = "drei Worte im Mai"


@pytest.fixture
def surroundings(clock: FixedClock) -> Surroundings:
    corrected = CorrectedClock(clock, lambda: 0.0)
    return Surroundings(corrected, UuidFactory(corrected), DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1))


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "daten")


@pytest.fixture
def application(folder: DataFolder, surroundings: Surroundings) -> Application:
    wishes = SetUp("Quartiersbüro Nord", "AWO", NewAccount("erika", "Erika Muster", "EM"), GOOD)
    return set_up(folder, wishes, surroundings)[0]


@pytest.fixture
def make_program(
    qapp: QApplication, folder: DataFolder, surroundings: Surroundings, theme: ThemeController, qtbot: QtBot
) -> Iterator[Callable[[Gate], DesktopProgram]]:
    made: list[DesktopProgram] = []

    def make(gate: Gate) -> DesktopProgram:
        made.append(DesktopProgram(qapp, folder, lambda: surroundings, theme, PreferencesFile(folder.root), gate))
        return made[-1]

    yield make
    for program in made:
        program.close()
        for widget in (program.window, program.wizard, program.sign_in_page, program.problem_page):
            if widget is not None:
                widget.deleteLater()
        assert program.gate is not None
        program.gate.leave()


def notices(window: QWidget) -> list[str]:
    return [one.words.text() for one in window.findChildren(Notice) if one.isVisible()]


def test_a_second_start_says_what_to_do_and_calls_the_first(
    folder: DataFolder, make_program: Callable[[Gate], DesktopProgram], qtbot: QtBot
) -> None:
    first = make_program(Gate(folder))
    first.start()
    assert first.wizard is not None
    assert first.gate is not None
    second = make_program(Gate(folder))
    with qtbot.waitSignal(first.gate.called):
        second.start()
    assert second.wizard is None
    page = second.problem_page
    assert isinstance(page, EmptyState)
    assert page.sentence.text() == "Quartierslotse ist schon geöffnet."
    assert "in dem Fenster weiter" in page.detail.text()
    assert first.wizard.isVisible()
    first.gate.leave()
    third = make_program(Gate(folder))
    third.start()
    assert third.wizard is not None


def test_a_named_folder_on_a_missing_drive_is_told_and_nothing_is_made(
    tmp_path: Path, qapp: QApplication, surroundings: Surroundings, theme: ThemeController, qtbot: QtBot
) -> None:
    folder = DataFolder(tmp_path / "stick" / "daten")
    gate = Gate(folder, named=True)
    program = DesktopProgram(qapp, folder, lambda: surroundings, theme, PreferencesFile(folder.root), gate)
    program.start()
    page = program.problem_page
    assert isinstance(page, EmptyState)
    assert "Stick" in page.detail.text()
    assert not gate.is_inside
    assert list(tmp_path.iterdir()) == []
    program.close()
    gate.leave()
    page.deleteLater()


def test_three_failed_starts_offer_a_safe_one(
    folder: DataFolder, application: Application, make_program: Callable[[Gate], DesktopProgram], qtbot: QtBot
) -> None:
    application.close()
    for _ in range(3):
        StartRecord(folder).begin()
    program = make_program(Gate(folder))
    program.start()
    page = program.problem_page
    assert isinstance(page, SafeStartPage)
    assert program.sign_in_page is None
    page.safe.click()
    assert program.sign_in_page is not None
    assert program.sign_in_page.isVisible()
    assert not page.isVisible()
    program.sign_in_page.password.set_text(GOOD)
    program.sign_in_page.button.click()
    qtbot.waitUntil(lambda: program.window is not None and program.window.isVisible())
    window = program.window
    assert window is not None
    assert window.current_key == "administration"
    qtbot.waitUntil(lambda: any("Sicherer Start" in text for text in notices(window)))
    assert program.gate is not None
    program.gate.leave()
    assert StartRecord(folder).failed_starts() == 0


def test_the_usual_start_can_be_chosen_too(
    folder: DataFolder, application: Application, make_program: Callable[[Gate], DesktopProgram], qtbot: QtBot
) -> None:
    application.close()
    for _ in range(3):
        StartRecord(folder).begin()
    program = make_program(Gate(folder))
    program.start()
    assert isinstance(program.problem_page, SafeStartPage)
    program.problem_page.ordinary.click()
    assert program.sign_in_page is not None
    assert program.gate is not None
    assert not program.gate.is_safe
    program.gate.starts.error_happened()
    program.gate.leave()
    assert StartRecord(folder).failed_starts() == 4


def test_a_wrong_clock_is_told_until_it_is_put_right_and_work_goes_on(
    application: Application,
    clock: FixedClock,
    folder: DataFolder,
    make_program: Callable[[Gate], DesktopProgram],
    qtbot: QtBot,
    unnamed_controls: Callable[[QWidget], list[str]],
) -> None:
    clock.advance(timedelta(days=-40))
    program = make_program(Gate(folder))
    window = program.open_window(application)
    qtbot.waitUntil(lambda: any("Die Uhr dieses Rechners zeigt den 13.10.2026" in text for text in notices(window)))
    application.tally.add_mark(application.actor, TallyKind.VISITOR)  # work goes on
    remarks = window.findChild(Remarks)
    assert remarks is not None
    notice = remarks.clock_notice
    assert notice is not None
    assert not notice.close_button.isVisible()
    remarks.judge_clock()
    assert remarks.clock_notice is notice, "said once"
    notice.button.click()
    dialog = window.findChild(ClockDialog)
    assert dialog is not None
    assert unnamed_controls(dialog) == []
    dialog.moment.set_text("morgen")
    dialog.ok.click()
    assert "Tag und Uhrzeit so ein" in dialog.moment.below.text()
    dialog.moment.set_text("23.11.2026 09:30")
    dialog.ok.click()
    assert remarks.clock_notice is None
    assert application.clock.now() == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_a_clock_that_is_right_can_be_confirmed(
    application: Application,
    clock: FixedClock,
    folder: DataFolder,
    make_program: Callable[[Gate], DesktopProgram],
    qtbot: QtBot,
) -> None:
    clock.advance(timedelta(days=-5))
    program = make_program(Gate(folder))
    window = program.open_window(application)
    qtbot.waitUntil(lambda: window.findChild(Remarks) is not None)
    remarks = window.findChild(Remarks)
    assert remarks is not None
    qtbot.waitUntil(lambda: remarks.clock_notice is not None)
    assert remarks.clock_notice is not None
    remarks.clock_notice.button.click()
    dialog = window.findChild(ClockDialog)
    assert dialog is not None
    dialog.right_button.click()
    assert remarks.clock_notice is None


def test_a_crash_of_the_last_run_is_told_once_with_its_report(
    application: Application, folder: DataFolder, make_program: Callable[[Gate], DesktopProgram], qtbot: QtBot
) -> None:
    program = make_program(Gate(folder))
    program.last_crash = "Fatal Python error: Segmentation fault\n  ui/app.py:1 in x"
    window = program.open_window(application)
    qtbot.waitUntil(lambda: any("plötzlich zu Ende" in text for text in notices(window)))
    notice = next(one for one in window.findChildren(Notice) if "plötzlich" in one.words.text())
    notice.button.click()
    dialog = window.findChild(ErrorDialog)
    assert dialog is not None
    assert "ui/app.py:1 in x" in dialog.details.toPlainText()
    dialog.close()
    assert program.last_crash == ""


def test_a_clock_that_finds_the_right_time_by_itself_needs_no_notice(
    application: Application,
    clock: FixedClock,
    folder: DataFolder,
    make_program: Callable[[Gate], DesktopProgram],
    qtbot: QtBot,
) -> None:
    program = make_program(Gate(folder))
    window = program.open_window(application)
    qtbot.waitUntil(lambda: window.findChild(Remarks) is not None)
    remarks = window.findChild(Remarks)
    assert remarks is not None
    assert remarks.clock_notice is None
    clock.advance(timedelta(days=-40))
    remarks.judge_clock()
    assert remarks.clock_notice is not None
    clock.advance(timedelta(days=40))
    remarks.judge_clock()
    assert remarks.clock_notice is None
