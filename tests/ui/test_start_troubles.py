"""What keeps the program from starting is a German sentence on the screen, and the files stay as they are."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import SetUp, Surroundings, set_up
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost, open_slot, read_slots
from desktop_app.storage.database import EncryptedDatabase
from tests.storage.ordinary_rights import read_only, shared_folder
from ui.program.desktop_program import DesktopProgram
from ui.shell.gate import Gate
from ui.shell.preferences import PreferencesFile
from ui.theme.theme import ThemeController
from ui.widgets.feedback import EmptyState

GOOD = "drei Worte im Mai"


@pytest.fixture
def surroundings(clock: FixedClock, ids: UuidFactory) -> Surroundings:
    return Surroundings(clock, ids, DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1))


@pytest.fixture
def start(
    qapp: QApplication, surroundings: Surroundings, theme: ThemeController, qtbot: QtBot
) -> Iterator[Callable[[DataFolder], DesktopProgram]]:
    made: list[DesktopProgram] = []

    def begin(folder: DataFolder) -> DesktopProgram:
        gate = Gate(folder, named=True)
        program = DesktopProgram(qapp, folder, lambda: surroundings, theme, PreferencesFile(folder.root), gate)
        made.append(program)
        program.start()
        return program

    yield begin
    for program in made:
        program.close()
        for widget in (program.window, program.wizard, program.sign_in_page, program.problem_page):
            if widget is not None:
                widget.deleteLater()
        assert program.gate is not None
        program.gate.leave()


def installed(folder: DataFolder, surroundings: Surroundings) -> DataFolder:
    wishes = SetUp("Quartiersbüro Nord", "AWO", NewAccount("erika", "Erika Muster", "EM"), GOOD)
    set_up(folder, wishes, surroundings)[0].close()
    return folder


def sentence_of(program: DesktopProgram) -> str:
    page = program.problem_page
    assert isinstance(page, EmptyState)
    assert page.isVisible()
    return page.detail.text()


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_data_of_a_newer_program_are_refused_at_the_sign_in(
    tmp_path: Path, surroundings: Surroundings, start: Callable[[DataFolder], DesktopProgram], qtbot: QtBot
) -> None:
    folder = installed(DataFolder(tmp_path / "daten"), surroundings)
    slot = next(slot for slot in read_slots(folder.key_slots) if slot.login_name == "erika")
    database = EncryptedDatabase(folder.database, open_slot(slot, GOOD))
    database.execute_sql("PRAGMA user_version = 9999")
    database.close_all()
    before = fingerprint(folder.database)
    program = start(folder)
    page = program.sign_in_page
    assert page is not None
    page.password.set_text(GOOD)
    page.button.click()
    qtbot.waitUntil(lambda: program.tasks.running == 0)
    shown = " ".join(label.text() for label in page.findChildren(type(page.password.below)) if label.isVisible())
    assert "neueren Version" in shown
    assert program.window is None
    assert fingerprint(folder.database) == before


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX systems")
def test_a_read_only_share(surroundings: Surroundings, start: Callable[[DataFolder], DesktopProgram]) -> None:
    with shared_folder() as root:
        folder = installed(DataFolder(root), surroundings)
        folder.window_lock.unlink(missing_ok=True)
        before = {path.name: fingerprint(path) for path in root.iterdir() if path.is_file()}
        with read_only(root):
            program = start(folder)
            assert "schreibgeschützt" in sentence_of(program)
            assert "Daten sind da und unverändert" in sentence_of(program)
        assert {path.name: fingerprint(path) for path in root.iterdir() if path.is_file()} == before


def test_a_drive_that_is_not_there(tmp_path: Path, start: Callable[[DataFolder], DesktopProgram]) -> None:
    program = start(DataFolder(tmp_path / "stick" / "daten"))
    assert "nichts angelegt" in sentence_of(program)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file(tmp_path: Path, start: Callable[[DataFolder], DesktopProgram]) -> None:
    (tmp_path / "daten").write_text("x")
    assert "kein Ordner" in sentence_of(start(DataFolder(tmp_path / "daten")))
