"""The whole program over a small office."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, Surroundings
from tests.ui.office import application, empty_application, office_templates, surroundings
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
