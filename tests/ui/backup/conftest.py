"""The whole program over a small office."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, Surroundings
from desktop_app.security.key_slots import open_slot, read_slots
from tests.ui.office import PASSWORD, application, empty_application, office_templates, surroundings
from ui.program.desktop_program import DesktopProgram
from ui.shell.preferences import PreferencesFile
from ui.theme.theme import ThemeController

__all__ = ["application", "empty_application", "office_templates", "surroundings"]


@pytest.fixture
def program(
    qapp: QApplication, application: Application, surroundings: Surroundings, theme: ThemeController, qtbot: QtBot
) -> Iterator[DesktopProgram]:
    """The program, not started yet; the office is open beside it and has to be closed by the test."""
    made = DesktopProgram(
        qapp, application.folder, lambda: surroundings, theme, PreferencesFile(application.folder.root)
    )
    yield made
    made.close()
    for widget in (made.window, made.wizard, made.sign_in_page, made.problem_page):
        if widget is not None:
            widget.deleteLater()


@pytest.fixture
def data_key_of(application: Application) -> Callable[[], bytes]:
    """The data key of the office, which is closed."""
    slot = next(slot for slot in read_slots(application.folder.key_slots) if slot.login_name == "erika")
    return lambda: open_slot(slot, PASSWORD)
