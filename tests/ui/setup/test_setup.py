"""The first run, played through on a real folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, Surroundings, is_set_up, open_application, reset_password
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_slots import DerivationCost
from desktop_app.settings.records import LegalProfile
from ui.setup.kept_sheet import is_sheet_kept
from ui.setup.presenter import SetUpPresenter, Step, suggested_login_name
from ui.setup.wizard import SetUpWizard
from ui.shell.tasks import TaskRunner
from ui.theme.theme import ThemeController

GOOD = "drei Worte im Mai"
QUICK = DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "Daten für Müller")


@pytest.fixture
def surroundings(clock: FixedClock, ids: UuidFactory) -> Surroundings:
    return Surroundings(clock, ids, QUICK)


@pytest.fixture
def tasks(qapp: object) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


@pytest.fixture
def wizard(
    qtbot: QtBot, theme: object, folder: DataFolder, surroundings: Surroundings, tasks: TaskRunner, tmp_path: Path
) -> SetUpWizard:
    window = SetUpWizard(
        folder,
        surroundings,
        tasks,
        file_question=lambda _parent, name: tmp_path / name,
        print_sheet=lambda _parent, _title, _pdf: False,
    )
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


def fill_office(wizard: SetUpWizard) -> None:
    wizard.office.office.set_text("Quartiersbüro Nord")
    wizard.office.carrier.set_text("Caritas Musterstadt")
    wizard.office.profile.set_value(LegalProfile.CATHOLIC.value)


def fill_account(wizard: SetUpWizard) -> None:
    wizard.account.name.set_text("Erika Müller")
    wizard.account.password.first.set_text(GOOD)
    wizard.account.password.second.set_text(GOOD)


def test_the_first_run_from_beginning_to_end(
    wizard: SetUpWizard, qtbot: QtBot, folder: DataFolder, surroundings: Surroundings, tmp_path: Path
) -> None:
    fill_office(wizard)
    qtbot.mouseClick(wizard.next_button, Qt.MouseButton.LeftButton)
    assert wizard.step is Step.SPACES
    first = wizard.spaces.findChildren(QWidget)
    assert first
    qtbot.keyClicks(wizard.focusWidget(), "Altstadt")
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClicks(wizard.focusWidget(), "Nord")
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)
    assert wizard.step is Step.ACCOUNT
    fill_account(wizard)
    assert wizard.account.login.text() == "erika.mueller"
    assert wizard.account.initials.text() == "EM"
    qtbot.mouseClick(wizard.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.step is Step.RECOVERY)
    assert is_set_up(folder)
    assert not wizard.next_button.isEnabled()
    assert not wizard.back_button.isVisible()
    key = "-".join(wizard.presenter.recovery_key)
    assert wizard.presenter.application is not None
    assert not is_sheet_kept(wizard.presenter.application)
    qtbot.waitUntil(wizard.recovery.keeper.print_button.isEnabled)
    qtbot.mouseClick(wizard.recovery.keeper.print_button, Qt.MouseButton.LeftButton)
    assert not wizard.recovery.keeper.safe.isEnabled()
    qtbot.mouseClick(wizard.recovery.keeper.save_button, Qt.MouseButton.LeftButton)
    sheets = list(tmp_path.glob("*.pdf"))
    assert len(sheets) == 1
    assert is_sheet_kept(wizard.presenter.application)
    assert sheets[0].read_bytes().startswith(b"%PDF")
    assert not wizard.next_button.isEnabled()
    qtbot.mouseClick(
        wizard.recovery.keeper.safe, Qt.MouseButton.LeftButton, pos=wizard.recovery.keeper.safe.rect().center()
    )
    assert wizard.next_button.isEnabled()
    qtbot.mouseClick(wizard.next_button, Qt.MouseButton.LeftButton)
    assert wizard.step is Step.DIRECTORY
    assert wizard.presenter.recovery_key == ()
    assert wizard.next_button.text() == "&Leer anfangen"
    qtbot.mouseClick(wizard.next_button, Qt.MouseButton.LeftButton)
    assert wizard.step is Step.DONE
    with qtbot.waitSignal(wizard.finished) as told:
        qtbot.mouseClick(wizard.next_button, Qt.MouseButton.LeftButton)
    application = told.args[0]
    assert isinstance(application, Application)
    office = application.settings.office()
    assert (office.name, office.carrier, office.legal_profile) == (
        "Quartiersbüro Nord", "Caritas Musterstadt", LegalProfile.CATHOLIC,
    )  # fmt: skip
    assert [space.name for space in application.settings.social_spaces()] == ["Altstadt", "Nord"]
    assert application.actor.display_name == "Erika Müller"
    application.close()
    open_application(folder, "erika.mueller", GOOD, surroundings).close()
    reset_password(folder, "erika.mueller", key, "ein ganz neues Wort", surroundings).close()


def test_the_sample_fills_the_directory(wizard: SetUpWizard, qtbot: QtBot) -> None:
    fill_office(wizard)
    wizard.go_on()
    wizard.go_on()
    fill_account(wizard)
    wizard.go_on()
    qtbot.waitUntil(lambda: wizard.step is Step.RECOVERY)
    qtbot.waitUntil(wizard.recovery.keeper.save_button.isEnabled)
    wizard.recovery.keeper.save_button.click()
    wizard.recovery.keeper.safe.setChecked(True)
    wizard.go_on()
    step = wizard.pages.currentWidget()
    step.welcome.sample_button.click()
    assert not wizard.next_button.isEnabled()
    qtbot.waitUntil(lambda: not step.panel.is_working, timeout=60_000)
    from PySide6.QtWidgets import QPushButton

    run = next(
        button for button in step.panel.findChildren(QPushButton) if "einlesen" in button.text().replace("&", "")
    )
    with qtbot.waitSignal(step.filled, timeout=60_000):
        run.click()
    qtbot.waitUntil(wizard.next_button.isEnabled)
    assert wizard.next_button.text() == "&Weiter"
    application = wizard.presenter.application
    assert application is not None
    assert application.directory_queries.count().services > 300
    wizard.go_on()
    assert "Angebote sind im Verzeichnis" in wizard.done_text.sentence.text()
    wizard.close()


def test_what_is_missing_is_said_at_its_field(wizard: SetUpWizard, qtbot: QtBot, folder: DataFolder) -> None:
    wizard.go_on()
    assert wizard.step is Step.OFFICE
    assert "Namen des Büros" in wizard.office.office.below.text()
    assert wizard.office.office.edit.hasFocus()
    fill_office(wizard)
    wizard.go_on()
    wizard.go_on()
    assert wizard.step is Step.ACCOUNT
    wizard.account.password.first.set_text("kurz")
    wizard.go_on()
    assert wizard.step is Step.ACCOUNT
    assert "Ihren Namen" in wizard.account.name.below.text()
    assert "zu kurz" in wizard.account.password.first.below.text()
    assert not is_set_up(folder)


def test_back_keeps_what_was_typed(wizard: SetUpWizard, qtbot: QtBot) -> None:
    fill_office(wizard)
    wizard.go_on()
    qtbot.keyClicks(wizard.focusWidget(), "Altstadt")
    qtbot.mouseClick(wizard.back_button, Qt.MouseButton.LeftButton)
    assert wizard.step is Step.OFFICE
    assert wizard.office.office.text() == "Quartiersbüro Nord"
    wizard.go_on()
    assert wizard.spaces.names() == ["Altstadt"]


def test_a_space_that_stands_twice_is_told(folder: DataFolder, surroundings: Surroundings, tasks: TaskRunner) -> None:
    presenter = SetUpPresenter(folder, surroundings, tasks)
    assert presenter.use_spaces(["Nord", " ", " Süd  Ost "]) == ""
    assert presenter.answers.social_spaces == ["Nord", "Süd Ost"]
    assert "zweimal" in presenter.use_spaces(["Nord", "nord"])
    assert "zu lang" in presenter.use_spaces(["x" * 200])


def test_a_folder_that_refuses_leaves_the_step_and_says_why(
    qtbot: QtBot, theme: object, surroundings: Surroundings, tasks: TaskRunner, tmp_path: Path
) -> None:
    blocked = tmp_path / "datei"
    blocked.write_text("", encoding="utf-8")
    wizard = SetUpWizard(DataFolder(blocked / "unten"), surroundings, tasks)
    qtbot.addWidget(wizard)
    wizard.show()
    fill_office(wizard)
    wizard.go_on()
    wizard.go_on()
    fill_account(wizard)
    wizard.go_on()
    qtbot.waitUntil(lambda: not wizard.presenter.is_busy)
    assert wizard.step is Step.ACCOUNT
    assert "lässt sich nicht" in wizard.account.problem.words.text()


def test_the_password_is_not_kept_and_not_shown() -> None:
    from ui.setup.presenter import Answers

    assert GOOD not in repr(Answers(password=GOOD))


@pytest.mark.parametrize(
    ("name", "login"),
    [("Erika Müller", "erika.mueller"), ("Ümit", "uemit"), ("Anna von der Heide", "anna.heide"), ("  ", "")],
)
def test_login_names_are_plain(name: str, login: str) -> None:
    assert suggested_login_name(name) == login


@pytest.mark.parametrize(("width", "height", "percent"), [(1024, 700, 100), (1366, 768, 200)])
def test_every_step_fits_and_has_names(
    wizard: SetUpWizard,
    theme: ThemeController,
    qtbot: QtBot,
    unnamed_controls: Callable[[QWidget], list[str]],
    cut_off: Callable[[QWidget], list[str]],
    width: int,
    height: int,
    percent: int,
) -> None:
    theme.use_text_percent(percent)
    wizard.resize(width, height)
    fill_office(wizard)
    wizard.office.more.set_open(True)
    for step in (Step.OFFICE, Step.SPACES, Step.ACCOUNT):
        assert wizard.step is step
        qtbot.waitUntil(lambda: cut_off(wizard) == [])
        assert unnamed_controls(wizard) == []
        assert wizard.width() == width
        if step is not Step.ACCOUNT:
            wizard.go_on()
