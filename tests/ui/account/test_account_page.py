"""The own account: password, lock, and the rights of every role in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.access.wording import role_label
from desktop_app.bootstrap import Application, Surroundings, open_application
from desktop_app.core.permissions import Role
from desktop_app.security.key_slots import WrongSecret
from tests.ui.office import PASSWORD
from ui.account.page import AccountPage
from ui.pages import allowed_entries
from ui.shell.preferences import PreferencesFile
from ui.theme.theme import ThemeController

NEW_PASSWORD = "Laterne Gurke Fahrplan"


@pytest.fixture
def page(application: Application, theme: ThemeController, tmp_path: Path, qtbot: QtBot) -> AccountPage:
    made = AccountPage(application, PreferencesFile(tmp_path))
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    return made


def change(page: AccountPage, old: str, first: str, second: str) -> None:
    page.old.set_text(old)
    page.new.first.set_text(first)
    page.new.second.set_text(second)
    page.change_button.click()


def test_the_password_is_changed(
    page: AccountPage, application: Application, surroundings: Surroundings, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.message) as said:
        change(page, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    assert "geändert" in said.args[0].text
    assert page.old.text() == page.new.password() == ""
    with pytest.raises(WrongSecret):
        open_application(application.folder, "erika", PASSWORD, surroundings)
    open_application(application.folder, "erika", NEW_PASSWORD, surroundings).close()


def test_what_is_wrong_stands_at_its_field(page: AccountPage, qtbot: QtBot) -> None:
    change(page, "", NEW_PASSWORD, NEW_PASSWORD)
    assert "bisheriges" in page.old.below.text()
    change(page, PASSWORD, "Quartiersbüro1", "Quartiersbüro1")
    assert "zuerst probiert" in page.new.first.below.text()
    change(page, PASSWORD, NEW_PASSWORD, "anders")
    assert "verschieden" in page.new.second.below.text()
    change(page, PASSWORD, PASSWORD, PASSWORD)
    qtbot.waitUntil(lambda: "dasselbe wie bisher" in page.new.first.below.text())
    change(page, "falsch geraten", NEW_PASSWORD, NEW_PASSWORD)
    qtbot.waitUntil(lambda: "stimmt nicht" in page.old.below.text())
    assert page.change_button.isEnabled()


def test_the_minutes_of_the_lock_are_kept_and_can_be_taken_back(
    page: AccountPage, tmp_path: Path, qtbot: QtBot
) -> None:
    assert page.minutes.value() == "5"
    with qtbot.waitSignal(page.message) as said:
        page.minutes.combo.setCurrentIndex(page.minutes.combo.findData("15"))
    assert PreferencesFile(tmp_path).current.lock_minutes == 15
    said.args[0].undo()
    assert PreferencesFile(tmp_path).current.lock_minutes == 5
    assert page.minutes.value() == "5"


def test_nothing_typed_stays_behind(page: AccountPage) -> None:
    page.old.set_text(PASSWORD)
    page.on_closing()
    assert page.old.text() == ""


def test_every_role_is_explained_and_the_own_one_is_open(
    page: AccountPage, unnamed_controls: Callable[[QWidget], list[str]]
) -> None:
    titles = [part.button.text() for part in page.roles]
    assert titles[0] == "Koordination (Ihre Rolle)"
    assert set(titles[1:]) == {role_label(role) for role in Role if role is not Role.COORDINATION}
    assert [part.is_open() for part in page.roles] == [True, False, False, False, False]
    assert unnamed_controls(page) == []


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        (Role.FRONT_DESK, {"reception", "directory", "handouts", "sync", "account"}),
        (Role.ADMINISTRATION, {"directory", "administration", "audit", "sync", "account"}),
        (Role.ANALYSIS, {"statistics", "sync", "account"}),
    ],
)
def test_the_window_shows_only_pages_the_role_may_use(role: Role, keys: set[str], application: Application) -> None:
    other = Application(application.folder, application.store, replace(application.actor, role=role))
    assert {entry.key for entry in allowed_entries(other)} == keys
