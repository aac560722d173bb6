"""The part „Konten“: as Koordination works with it, on a real office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, Surroundings, open_application, reset_password
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Role
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import WrongSecret
from tests.ui.office import PASSWORD, doubled_mnemonics, settle
from ui.administration.accounts_part import AccountRow, AccountsPart
from ui.administration.page import AdministrationPage
from ui.shell.notices import NoticeBridge
from ui.shell.page import StatusMessage
from ui.theme.theme import ThemeController

KARLS = "Laterne Gurke Fahrplan"


@pytest.fixture
def bridge(application: Application) -> Iterator[NoticeBridge]:
    made = NoticeBridge(application.notices)
    yield made
    made.close()


@pytest.fixture
def page(application: Application, bridge: NoticeBridge, theme: ThemeController, qtbot: QtBot) -> AdministrationPage:
    made = AdministrationPage(application, bridge)
    qtbot.addWidget(made)
    made.resize(1100, 800)
    made.show()
    made.show_part("accounts")
    return made


@pytest.fixture
def part(page: AdministrationPage) -> AccountsPart:
    return page.accounts_part


def row(part: AccountsPart, login_name: str) -> AccountRow:
    return next(row for row in part.rows if row.record.login_name == login_name)


def add_karl(part: AccountsPart, qtbot: QtBot, role: Role = Role.FRONT_DESK) -> str:
    """Add Karl and return his code."""
    part.add_button.click()
    part.login_name.set_text("karl")
    part.display_name.set_text("Karl Beispiel")
    part.new_role.set_value(role.value)
    part.add_password.set_text(PASSWORD)
    part.create_button.click()
    qtbot.waitUntil(lambda: bool(part.shown_code.text()))
    qtbot.waitUntil(lambda: len(part.rows) == 2)
    return part.shown_code.text()


def test_a_new_account_gets_a_code_that_is_shown_once(
    part: AccountsPart, application: Application, surroundings: Surroundings, qtbot: QtBot
) -> None:
    code = add_karl(part, qtbot)
    assert "gilt bis" in part.code_words.text()
    assert part.add_password.text() == ""
    part.finish_button.click()
    assert part.shown_code.text() == ""
    assert not part.is_asking
    reset_password(application.folder, "karl", code, KARLS, surroundings).close()
    part.load()
    assert row(part, "karl").record.role is Role.FRONT_DESK


def test_wrong_entries_are_told_at_their_field(part: AccountsPart, qtbot: QtBot) -> None:
    part.add_button.click()
    part.add_password.set_text(PASSWORD)
    part.create_button.click()
    qtbot.waitUntil(lambda: "Anmeldenamen" in part.login_name.below.text())
    part.login_name.set_text("karl")
    part.add_password.set_text("falsch geraten")
    part.create_button.click()
    qtbot.waitUntil(lambda: "eigenes Passwort" in part.add_password.below.text())
    assert len(part.rows) == 1


def test_role_reset_removal_and_the_way_back(
    page: AdministrationPage, part: AccountsPart, application: Application, surroundings: Surroundings, qtbot: QtBot
) -> None:
    code = add_karl(part, qtbot)
    reset_password(application.folder, "karl", code, KARLS, surroundings).close()

    row(part, "karl").role.click()
    part.role.set_value(Role.COUNSELLING.value)
    with qtbot.waitSignal(page.message) as said:
        part.role_button.click()
    assert "Beratung" in said.args[0].text
    qtbot.waitUntil(lambda: row(part, "karl").record.role is Role.COUNSELLING)
    said.args[0].undo()
    qtbot.waitUntil(lambda: row(part, "karl").record.role is Role.FRONT_DESK)

    with qtbot.waitSignal(page.message) as said:
        row(part, "karl").remove.click()
    qtbot.waitUntil(lambda: len(part.rows) == 1)
    with pytest.raises(WrongSecret):
        open_application(application.folder, "karl", KARLS, surroundings)
    said.args[0].undo()
    qtbot.waitUntil(lambda: len(part.rows) == 2)
    open_application(application.folder, "karl", KARLS, surroundings).close()

    row(part, "karl").code.click()
    part.code_password.set_text(PASSWORD)
    part.code_button.click()
    qtbot.waitUntil(lambda: bool(part.shown_code.text()))
    with pytest.raises(UserError, match="Einmal-Code"):
        open_application(application.folder, "karl", KARLS, surroundings)


def test_nothing_is_offered_for_the_own_account(part: AccountsPart) -> None:
    own = row(part, "erika")
    assert not own.remove.isVisible()
    assert not own.role.isVisible()


def test_verwaltung_is_offered_only_what_it_may(
    application: Application,
    theme: ThemeController,
    bridge: NoticeBridge,
    page: AdministrationPage,
    qtbot: QtBot,
) -> None:
    actor = replace(application.actor, account_id="somebody-else", role=Role.ADMINISTRATION)
    other = Application(application.folder, application.store, actor)
    made = AdministrationPage(other, bridge)
    qtbot.addWidget(made)
    made.show()
    made.show_part("accounts")
    assert not row(made.accounts_part, "erika").remove.isVisible()
    offered = [
        made.accounts_part.new_role.combo.itemData(place) for place in range(made.accounts_part.new_role.combo.count())
    ]
    assert offered == [Role.ADMINISTRATION.value, Role.ANALYSIS.value]
    made.show_part("program")
    assert not made.recovery.isVisible()
    assert page.recovery.isVisibleTo(page.program_part)


def test_escape_closes_the_question_and_nothing_typed_stays(page: AdministrationPage, part: AccountsPart) -> None:
    part.add_button.click()
    part.add_password.set_text(PASSWORD)
    assert page.go_back()
    assert part.add_password.text() == ""
    assert not page.go_back()


@pytest.mark.parametrize(("width", "height", "percent"), [(1024, 700, 100), (1366, 768, 200)])
def test_every_card_fits_and_everything_has_a_name(
    page: AdministrationPage,
    part: AccountsPart,
    theme: ThemeController,
    qtbot: QtBot,
    unnamed_controls: Callable[[QWidget], list[str]],
    cut_off: Callable[[QWidget], list[str]],
    width: int,
    height: int,
    percent: int,
) -> None:
    add_karl(part, qtbot)
    theme.use_text_percent(percent)
    page.resize(width, height)
    for open_card in (part.add_button.click, row(part, "karl").role.click, row(part, "karl").code.click):
        open_card()
        settle(page)
        qtbot.waitUntil(lambda: cut_off(page) == [])
        assert unnamed_controls(page) == []
        assert doubled_mnemonics(page) == {}


@pytest.mark.parametrize("text_percent", [100, 200])
def test_what_opens_below_a_long_list_comes_into_sight(
    page: AdministrationPage,
    part: AccountsPart,
    application: Application,
    theme: ThemeController,
    qtbot: QtBot,
    text_percent: int,
) -> None:
    for name in ("anna", "berta", "cora", "dora", "emma", "frieda"):
        application.accounts.add_account(
            application.actor, NewAccount(name, name.title(), ""), Role.FRONT_DESK, PASSWORD
        )
    theme.use_text_percent(text_percent)
    page.resize(1024, 700)
    page.activateWindow()
    qtbot.waitUntil(lambda: len(part.rows) == 7)
    settle(page)

    def is_in_sight(widget: QWidget) -> bool:
        settle(page)
        return part.viewport().rect().contains(QRect(widget.mapTo(part.viewport(), QPoint(0, 0)), widget.size()))

    row(part, "anna").role.click()
    assert is_in_sight(part.role)
    row(part, "anna").code.click()
    assert is_in_sight(part.code_password)
    part.code_password.set_text(PASSWORD)
    part.code_button.click()
    qtbot.waitUntil(lambda: bool(part.shown_code.text()))
    assert is_in_sight(part.shown_code)


def test_a_removal_that_is_taken_back_says_so_and_the_keyboard_stays(
    page: AdministrationPage, part: AccountsPart, application: Application, qtbot: QtBot
) -> None:
    for name in ("anna", "berta"):
        application.accounts.add_account(
            application.actor, NewAccount(name, name.title(), ""), Role.FRONT_DESK, PASSWORD
        )
    qtbot.waitUntil(lambda: len(part.rows) == 3)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    said: list[StatusMessage] = []
    page.message.connect(said.append)
    row(part, "anna").remove.setFocus()
    qtbot.keyClick(row(part, "anna").remove, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(part.rows) == 2)
    assert row(part, "berta").role.hasFocus()
    assert said[-1].undo is not None
    said[-1].undo()
    assert [one.text for one in said] == ["Konto von Anna entfernt. Was es erfasst hat, bleibt.", "Rückgängig gemacht."]
    qtbot.waitUntil(lambda: len(part.rows) == 3)
    assert row(part, "berta").role.hasFocus()


def test_a_role_that_is_changed_leaves_the_keyboard_on_the_page(
    page: AdministrationPage, part: AccountsPart, application: Application, qtbot: QtBot
) -> None:
    application.accounts.add_account(application.actor, NewAccount("anna", "Anna", ""), Role.FRONT_DESK, PASSWORD)
    qtbot.waitUntil(lambda: len(part.rows) == 2)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    row(part, "anna").role.click()
    part.role.set_value(Role.COUNSELLING.value)
    part.role_button.click()
    settle(page)
    assert part.isAncestorOf(QApplication.focusWidget())
