"""What happens at the lock to an account that was changed or removed elsewhere meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, SetUp, Surroundings, open_application, reset_password, set_up
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import LockedData
from desktop_app.core.ids import UuidFactory
from desktop_app.core.permissions import Action, Role
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost
from desktop_app.security.tables import AccountTable
from ui.program.desktop_program import DesktopProgram
from ui.reception.page import ReceptionPage
from ui.shell.preferences import PreferencesFile
from ui.sign_in.page import SignInPage
from ui.theme.theme import ThemeController

ERIKAS = "drei Worte im Mai"
KOKOS = "Laterne Gurke Fahrplan"


@pytest.fixture
def surroundings(clock: FixedClock, ids: UuidFactory) -> Surroundings:
    return Surroundings(clock, ids, DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1))


@pytest.fixture
def folder(tmp_path: Path, surroundings: Surroundings) -> DataFolder:
    """An office with Erika and Koko, both Koordination."""
    folder = DataFolder(tmp_path / "daten")
    wishes = SetUp("Quartiersbüro Nord", "AWO", NewAccount("erika", "Erika Muster", "EM"), ERIKAS)
    application, _key = set_up(folder, wishes, surroundings)
    koko = NewAccount("koko", "Koko Beispiel", "KB")
    issued = application.accounts.add_account(application.actor, koko, Role.COORDINATION, ERIKAS)
    application.close()
    reset_password(folder, "koko", issued.code, KOKOS, surroundings).close()
    return folder


@pytest.fixture
def elsewhere(folder: DataFolder, surroundings: Surroundings) -> Callable[[Callable[[Application, str], object]], None]:
    """Do something to Koko's account from another process."""

    def run(command: Callable[[Application, str], object]) -> None:
        application = open_application(folder, "erika", ERIKAS, surroundings)
        accounts = application.accounts.accounts()
        command(application, next(account.account_id for account in accounts if account.login_name == "koko"))
        application.close()

    return run


@pytest.fixture
def program(
    qapp: QApplication, folder: DataFolder, surroundings: Surroundings, theme: ThemeController, qtbot: QtBot
) -> Iterator[DesktopProgram]:
    """The program with Koko signed in."""
    made = DesktopProgram(qapp, folder, lambda: surroundings, theme, PreferencesFile(folder.root))
    made.start()
    page = made.sign_in_page
    assert page is not None
    assert page.account is not None
    page.account.set_value("koko")
    page.password.set_text(KOKOS)
    page.button.click()
    qtbot.waitUntil(lambda: made.window is not None and made.window.isVisible())
    yield made
    made.close()
    for widget in (made.window, made.sign_in_page, made.problem_page):
        if widget is not None:
            widget.deleteLater()


def unlock(program: DesktopProgram) -> SignInPage:
    cover = program.lock_page
    assert cover is not None
    cover.password.set_text(KOKOS)
    cover.button.click()
    return cover


def test_a_demoted_account_comes_back_with_its_new_rights_and_its_card(
    program: DesktopProgram, elsewhere: Callable[[Callable[[Application, str], object]], None], qtbot: QtBot
) -> None:
    former = program.window
    assert former is not None
    reception = former.current_page()
    assert isinstance(reception, ReceptionPage)
    reception.card.topics.tile("pflege").click()
    program.lock()
    elsewhere(lambda office, koko: office.accounts.change_role(office.actor, koko, Role.FRONT_DESK))

    unlock(program)
    qtbot.waitUntil(lambda: program.window is not None and program.window is not former)

    assert program.application is not None
    assert program.application.actor.role is Role.FRONT_DESK
    assert not program.application.may(Action.MANAGE_ACCOUNTS)
    assert program.window is not None
    assert not program.window.is_locked
    assert program.window.rail.keys() == ["reception", "directory"]
    again = program.window.current_page()
    assert isinstance(again, ReceptionPage)
    assert again.card.topics.selected() == ["pflege"]


def test_an_account_with_more_rights_gets_them_too(
    program: DesktopProgram, elsewhere: Callable[[Callable[[Application, str], object]], None], qtbot: QtBot
) -> None:
    former = program.window
    elsewhere(lambda office, koko: office.accounts.change_role(office.actor, koko, Role.COUNSELLING))
    program.lock()
    unlock(program)
    qtbot.waitUntil(lambda: program.window is not None and program.window is not former)
    assert program.application is not None
    assert program.application.actor.role is Role.COUNSELLING


def test_a_removed_account_does_not_come_back(
    program: DesktopProgram, elsewhere: Callable[[Callable[[Application, str], object]], None], qtbot: QtBot
) -> None:
    elsewhere(lambda office, koko: office.accounts.remove_account(office.actor, koko))
    program.lock()
    cover = unlock(program)
    qtbot.waitUntil(lambda: "gibt es nicht mehr" in cover.password.below.text())
    assert program.window is not None
    assert program.window.is_locked


def test_an_account_removed_at_another_desk_does_not_come_back_with_the_key_it_still_has_here(
    program: DesktopProgram, elsewhere: Callable[[Callable[[Application, str], object]], None], qtbot: QtBot
) -> None:
    def remove_as_sync_does(office: Application, koko: str) -> None:
        with office.store.unit_of_work(office.actor, "remove_account", ("account", koko)) as unit:
            unit.update(AccountTable, koko, {"disabled_at": unit.moment})

    elsewhere(remove_as_sync_does)
    program.lock()
    cover = unlock(program)
    qtbot.waitUntil(lambda: "gibt es in der Datenbank nicht" in cover.notice.words.text())
    assert program.window is not None
    assert program.window.is_locked
    assert program.application is not None
    with pytest.raises(LockedData):
        program.application.directory_queries.count()
    cover.switch_button.click()
    assert program.sign_in_page is not None
    assert program.sign_in_page.isVisible()


def test_an_unchanged_account_finds_its_window_as_it_was(program: DesktopProgram, qtbot: QtBot) -> None:
    window = program.window
    assert window is not None
    program.lock()
    unlock(program)
    qtbot.waitUntil(lambda: not window.is_locked)
    assert program.window is window
