"""Signing in, the way back in with the printed key, and how good a password is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.documents.fonts import FontLibrary
from desktop_app.environment.folders import resources_folder
from desktop_app.handouts.service import HandoutService
from desktop_app.security.recovery_key import new_recovery_key
from ui.sign_in.page import SignInPage
from ui.sign_in.password_strength import password_strength
from ui.sign_in.problem import Problem
from ui.theme.theme import ThemeController
from ui.widgets.labels import PageTitle

GOOD = "drei Worte im Mai"


@pytest.fixture
def page(qtbot: QtBot, theme: object) -> SignInPage:
    widget = SignInPage(["erika"])
    qtbot.addWidget(widget)
    widget.resize(1024, 700)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.setFocus()
    return widget


def test_the_password_has_the_keyboard_and_enter_sends(page: SignInPage, qtbot: QtBot) -> None:
    assert page.password.edit.hasFocus()
    qtbot.keyClicks(page.password.edit, "geheim ")
    with qtbot.waitSignal(page.submitted) as told:
        qtbot.keyClick(page.password.edit, Qt.Key.Key_Return)
    assert told.args == ["erika", "geheim "]


def test_a_wrong_password_says_so_and_empties_the_field(page: SignInPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.password.edit, "falsch")
    page.show_busy(True)
    assert not page.button.isEnabled()
    page.show_problem(Problem("Das Passwort passt nicht.", "password"))
    assert page.button.isEnabled()
    assert page.password.text() == ""
    assert page.password.below.text() == "Das Passwort passt nicht."
    assert page.password.edit.hasFocus()
    page.show_problem(Problem("Die Datenbank fehlt."))
    assert page.notice.isVisible()


def test_nothing_is_sent_twice_while_it_is_opened(page: SignInPage, qtbot: QtBot) -> None:
    page.show_busy(True)
    with qtbot.assertNotEmitted(page.submitted):
        qtbot.keyClick(page.password.edit, Qt.Key.Key_Return)


def test_with_several_accounts_one_is_chosen(qtbot: QtBot, theme: object) -> None:
    page = SignInPage(["erika", "paul"])
    qtbot.addWidget(page)
    page.show()
    assert page.account.isVisible()
    page.account.set_value("paul")
    page.password.set_text("x")
    with qtbot.waitSignal(page.submitted) as told:
        qtbot.mouseClick(page.button, Qt.MouseButton.LeftButton)
    assert told.args == ["paul", "x"]


def test_the_recovery_key_sets_a_new_password(page: SignInPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.forgotten, Qt.MouseButton.LeftButton)
    assert page.recovery_key.edit.hasFocus()
    with qtbot.assertNotEmitted(page.recovery_submitted):
        qtbot.mouseClick(page.recovery_button, Qt.MouseButton.LeftButton)
    assert page.recovery_key.below.text().startswith("Bitte tippen")
    page.recovery_key.set_text("AAAA-BBBB")
    page.new_password.first.set_text(GOOD)
    page.new_password.second.set_text("anders")
    with qtbot.assertNotEmitted(page.recovery_submitted):
        qtbot.mouseClick(page.recovery_button, Qt.MouseButton.LeftButton)
    assert "verschieden" in page.new_password.second.below.text()
    page.new_password.second.set_text(GOOD)
    with qtbot.waitSignal(page.recovery_submitted) as told:
        qtbot.mouseClick(page.recovery_button, Qt.MouseButton.LeftButton)
    assert told.args == ["erika", "AAAA-BBBB", GOOD]
    page.show_problem(Problem("Im Schlüssel ist ein Tippfehler.", "recovery_key"))
    assert page.recovery_key.below.text() == "Im Schlüssel ist ein Tippfehler."
    qtbot.keyClick(page.recovery_key.edit, Qt.Key.Key_Escape)
    assert page.password.edit.isVisible()
    assert page.new_password.password() == ""


def test_the_lock_offers_no_way_around(qtbot: QtBot, theme: object) -> None:
    page = SignInPage(["erika"], person="Erika Muster", locked=True)
    qtbot.addWidget(page)
    page.show()
    assert not hasattr(page, "forgotten")
    assert page.accessibleName() == "Gesperrt"


@pytest.mark.parametrize(
    ("password", "level", "is_enough"),
    [
        ("", 0, False),
        ("kurz", 1, False),
        ("aaaaaaaaaaaaaaa", 1, False),
        ("baum tisch", 2, True),
        (GOOD, 3, True),
        ("Wolke Kupfer Ratsaal 7", 4, True),
    ],
)
def test_length_makes_a_password_good(password: str, level: int, is_enough: bool) -> None:
    strength = password_strength(password)
    assert (strength.level, strength.is_enough) == (level, is_enough)
    assert strength.words


def test_the_login_name_is_no_password() -> None:
    assert not password_strength("erika.mueller1", "erika.mueller").is_enough


@pytest.mark.parametrize(("width", "height", "percent"), [(1024, 700, 100), (1366, 768, 200)])
def test_it_fits_and_everything_has_a_name(
    page: SignInPage,
    theme: ThemeController,
    qtbot: QtBot,
    unnamed_controls: Callable[[QWidget], list[str]],
    cut_off: Callable[[QWidget], list[str]],
    width: int,
    height: int,
    percent: int,
) -> None:
    theme.use_text_percent(percent)
    page.resize(width, height)
    qtbot.waitUntil(lambda: cut_off(page) == [])
    assert unnamed_controls(page) == []
    qtbot.mouseClick(page.forgotten, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: cut_off(page) == [])
    assert unnamed_controls(page) == []


def test_a_new_password_says_for_whose_account(qtbot: QtBot, theme: ThemeController) -> None:
    page = SignInPage(["erika", "karl"])
    qtbot.addWidget(page)
    page.show()
    assert page.account is not None
    page.account.set_value("karl")
    page.forgotten.click()
    assert page.recovery_account.isVisible()
    assert page.recovery_account.text() == "Konto: karl"
    page.back.click()
    page.account.set_value("erika")
    page.forgotten.click()
    assert page.recovery_account.text() == "Konto: erika"


def test_the_printed_sheet_names_the_button_that_is_here(qtbot: QtBot, theme: ThemeController) -> None:
    page = SignInPage(["erika"])
    qtbot.addWidget(page)
    fonts = FontLibrary(resources_folder() / "fonts")
    groups = new_recovery_key(lambda count: bytes(range(count)))
    pdf = HandoutService(fonts).recovery_sheet(office="Büro", carrier="", groups=groups, created=date(2026, 11, 22))
    words = " ".join("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages).split())
    assert f"„{page.forgotten.text().replace('&', '')}“" in words
    page.forgotten.click()
    assert page.forgotten.text().replace("&", "") in {label.text() for label in page.findChildren(PageTitle)}
