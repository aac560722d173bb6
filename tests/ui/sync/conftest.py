"""A town with a real hub, desks of one office, and the page Abgleich of each, played by clicks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.core.progress import NoProgress
from desktop_app.sync.enrolment_text import enrolment_text
from tests.hub.fixtures import hub
from tests.hub.running import HubThread
from tests.ui.office import application, empty_application, office_templates, surroundings
from ui.shell.context import PageContext
from ui.shell.page import StatusMessage
from ui.sync.page import SyncPage

__all__ = ["application", "empty_application", "hub", "office_templates", "surroundings"]


@dataclass(frozen=True)
class Town:
    """A hub with one office on it."""

    hub: HubThread
    office_id: str

    def code(self) -> str:
        """A new enrolment code of the office, as its operator hands it out."""
        return enrolment_text(self.hub.address, self.hub.code(self.office_id), self.hub.hub_id)


@pytest.fixture
def town(hub: HubThread) -> Town:
    """The hub with the office „Quartiersbüro Musterstadt“."""
    return Town(hub, hub.add_office("AWO Musterstadt", "Quartiersbüro Musterstadt"))


class Screen:
    """The page of one desk, and hands on it."""

    def __init__(self, qtbot: QtBot, application: Application, context: PageContext, folder: Path) -> None:
        self.qtbot, self.application, self.tasks = qtbot, application, context.tasks
        self.sheet = folder / "blatt.pdf"
        self.said: list[StatusMessage] = []
        self.page = SyncPage(
            application, context.notices, tasks=context.tasks, file_question=lambda _parent, _name: self.sheet
        )
        self.page.message.connect(self.said.append)
        self.page.resize(1100, 800)
        qtbot.addWidget(self.page)
        self.page.show()

    def take_keyboard(self) -> None:
        """Bring this desk's window to the front, as whoever sits down at it does."""
        if not self.page.isActiveWindow():
            self.page.activateWindow()
            self.qtbot.waitUntil(self.page.isActiveWindow)

    def settle(self) -> None:
        """Wait until nothing runs beside the page."""
        self.qtbot.waitUntil(lambda: self.tasks.running == 0, timeout=30_000)

    def press(self, button: QWidget) -> None:
        """Click a button as soon as it can be clicked, and wait for what it does."""
        self.take_keyboard()
        self.qtbot.waitUntil(lambda: button.isEnabled() and button.isVisibleTo(self.page), timeout=30_000)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def look(self, code: str) -> None:
        """Type a code and look at what it would mean."""
        self.press(self.page.connect_button)
        self.page.wizard.code_step.edit.setText(code)
        self.press(self.page.wizard.next_button)

    def print_sheet(self) -> str:
        """Save the sheet of the office; its first group."""
        keeper = self.page.wizard.sheet_step.keeper
        self.press(keeper.save_button)
        keeper.safe.setChecked(True)
        return first_group(self.sheet)

    def connect_first(self, code: str) -> None:
        """Connect the first desk of the office, sheet and all."""
        self.look(code)
        self.press(self.page.wizard.next_button)
        group = self.print_sheet()
        self.page.wizard.sheet_step.group.set_text(group)
        self.press(self.page.wizard.next_button)

    def words(self) -> list[str]:
        """Every word that can be seen."""
        return [w.text() for w in self.page.findChildren(QWidget) if hasattr(w, "text") and w.isVisibleTo(self.page)]


def first_group(sheet: Path) -> str:
    """The first group of the key on a printed sheet."""
    from pypdf import PdfReader

    text = "\n".join(page.extract_text() for page in PdfReader(str(sheet)).pages)
    found = re.search(r"^\s*1\.\s*((?:[0-9A-HJKMNP-TV-Z] ?){4})\s*(?:2\.|$)", text, re.MULTILINE)
    assert found is not None, text
    return found[1].replace(" ", "")


@pytest.fixture
def screen_of(
    qtbot: QtBot,
    make_context: Callable[..., PageContext],
    tmp_path: Path,
    application: Application,
    empty_application: Application,
) -> Iterator[Callable[[Application], Screen]]:
    """``screen_of(application)``: its page, shown. It ends before the desks close, as the window does."""
    made: list[Screen] = []

    def make(application: Application) -> Screen:
        screen = Screen(qtbot, application, make_context(application), tmp_path)
        made.append(screen)
        return screen

    yield make
    for screen in made:
        screen.tasks.close()
        screen.application.stop_sync()


@pytest.fixture
def first(application: Application, screen_of: Callable[[Application], Screen], town: Town) -> Screen:
    """The first desk of the office, connected, its schedule at rest."""
    screen = screen_of(application)
    screen.connect_first(town.code())
    application.stop_sync()
    return screen


@pytest.fixture
def second(
    first: Screen, empty_application: Application, screen_of: Callable[[Application], Screen]
) -> tuple[Screen, Screen]:
    """Two desks of the office, both in, their schedules at rest."""
    invitation = first.application.sync.invite(first.application.actor, "Beratungszimmer")
    screen = screen_of(empty_application)
    screen.look(invitation.code)
    screen.press(screen.page.wizard.next_button)
    let_in(first, screen)
    empty_application.stop_sync()
    return first, screen


def let_in(first: Screen, new: Screen) -> None:
    """Compare the words on both screens, let the new desk in on one and confirm it on the other."""
    first.page.show_part("desks")
    first.qtbot.waitUntil(lambda: answered(first, new), timeout=60_000)
    (door,) = first.page.desks.doors
    assert door.words.words == new.page.admission.words.words
    first.press(door.admit_button)
    new.press(new.page.admission.confirm_button)
    first.application.sync.run(first.application.actor, NoProgress())
    new.qtbot.waitUntil(lambda: new.page.stack.currentWidget() is new.page.connected, timeout=60_000)
    new.settle()


def answered(first: Screen, new: Screen) -> bool:
    """Whether both screens show words."""
    doors = first.page.desks.doors
    return bool(doors and doors[0].words.words and new.page.admission.words.words)
