"""Verwaltung by real keys: save, take back, refuse with a sentence, lose nothing that was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, Surroundings, reset_password
from tests.ui.office import PASSWORD, doubled_mnemonics, settle
from ui.administration.licences import shipped_licences
from ui.administration.page import AdministrationPage
from ui.setup.kept_sheet import RECOVERY_TARGET, is_sheet_kept
from ui.shell.context import PageContext
from ui.shell.page import StatusMessage, Target
from ui.theme.theme import ThemeController

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(
    qtbot: QtBot,
    application: Application,
    surroundings: Surroundings,
    make_context: Callable[..., PageContext],
    tmp_path: Path,
) -> AdministrationPage:
    context = make_context(application)
    shown = AdministrationPage(
        application,
        context.notices,
        tasks=context.tasks,
        surroundings=surroundings,
        file_question=lambda _parent, name: tmp_path / name,
        print_sheet=lambda _parent, _title, _pdf: False,
    )
    qtbot.addWidget(shown)
    shown.resize(1080, 640)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    shown.on_shown()
    return shown


@pytest.fixture
def messages(page: AdministrationPage) -> list[StatusMessage]:
    said: list[StatusMessage] = []
    page.message.connect(said.append)
    return said


def retype(qtbot: QtBot, edit: QWidget, text: str) -> None:
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClicks(edit, text)


# --------------------------------------------------------------------------------------------- office


def test_the_office_is_shown_and_there_is_nothing_to_save(page: AdministrationPage) -> None:
    assert page.office_form.fields["name"].text() == "Quartiersbüro Musterstadt"
    assert not page.office_part.save_button.isEnabled()


def test_ctrl_s_saves_the_office_and_it_can_be_taken_back(
    page: AdministrationPage, qtbot: QtBot, application: Application, messages: list[StatusMessage]
) -> None:
    before = application.settings.office()
    edit = page.office_form.fields["phone"].edit
    retype(qtbot, edit, "0208 999")
    assert page.office_part.state.text() == "Noch nicht gespeichert."

    qtbot.keyClick(edit, Qt.Key.Key_S, CTRL)

    assert application.settings.office() == replace(before, phone="0208 999")
    assert messages[-1].text == "Angaben zum Büro gespeichert."
    assert messages[-1].undo is not None
    messages[-1].undo()
    assert application.settings.office() == before
    qtbot.waitUntil(lambda: edit.text() == before.phone)


def test_an_empty_name_is_refused_at_its_field(
    page: AdministrationPage, qtbot: QtBot, application: Application
) -> None:
    field = page.office_form.fields["name"]
    retype(qtbot, field.edit, " ")
    qtbot.keyClick(field.edit, Qt.Key.Key_S, CTRL)

    assert "Namen des Büros" in field.below.text()
    assert field.edit.hasFocus()
    assert page.office_part.save_button.isEnabled()
    assert application.settings.office().name == "Quartiersbüro Musterstadt"


def test_office_hours_keep_their_lines(page: AdministrationPage, qtbot: QtBot, application: Application) -> None:
    edit = page.office_form.hours_edit
    edit.setFocus()
    qtbot.keyClicks(edit, "Montag 9-12 Uhr")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.keyClicks(edit, "Mittwoch 14-17 Uhr")
    qtbot.keyClick(edit, Qt.Key.Key_Return, CTRL)

    assert application.settings.office().office_hours == "Montag 9-12 Uhr\nMittwoch 14-17 Uhr"


def test_what_is_typed_survives_a_change_from_elsewhere_and_coming_back(
    page: AdministrationPage, qtbot: QtBot, application: Application
) -> None:
    edit = page.office_form.fields["city"].edit
    retype(qtbot, edit, "Halbfertig")
    page.show_part("topics")
    application.settings.change_office(application.actor, replace(application.settings.office(), phone="1"))
    page.on_shown()
    page.show_part("office")

    assert edit.text() == "Halbfertig"
    page.office_part.discard_button.click()
    assert edit.text() == ""
    assert not page.office_part.is_changed


# --------------------------------------------------------------------------------------------- social spaces


def test_a_social_space_is_added_by_keys_alone(
    page: AdministrationPage, qtbot: QtBot, application: Application
) -> None:
    page.show_part("spaces")
    last = page.spaces.name_edit(1)
    last.setFocus()
    qtbot.keyClick(last, Qt.Key.Key_Return)
    added = page.spaces.name_edit(2)
    assert added.hasFocus()
    qtbot.keyClicks(added, "Am Stadtpark")
    qtbot.keyClick(added, Qt.Key.Key_S, CTRL)

    assert [space.name for space in application.settings.social_spaces()] == ["Mitte", "Nord", "Am Stadtpark"]
    qtbot.waitUntil(lambda: bool(page.spaces.rows()[2].record_id))
    assert added.hasFocus()


def test_a_social_space_out_of_use_stays_in_the_list(
    page: AdministrationPage, qtbot: QtBot, application: Application
) -> None:
    page.show_part("spaces")
    box = page.spaces.active_box(0)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    page.spaces_part.save_button.click()

    assert [space.name for space in application.settings.social_spaces()] == ["Nord"]
    assert [row.name for row in page.spaces.rows()] == ["Mitte", "Nord"]


def test_the_same_name_twice_is_refused(page: AdministrationPage, qtbot: QtBot, application: Application) -> None:
    page.show_part("spaces")
    retype(qtbot, page.spaces.name_edit(1), "mitte")
    page.spaces_part.save_button.click()

    assert "zweimal" in page.problem.words.text()
    assert page.spaces_part.is_changed
    assert [space.name for space in application.settings.social_spaces()] == ["Mitte", "Nord"]


# --------------------------------------------------------------------------------------------- topics


def test_alt_down_moves_a_topic_and_keeps_the_keyboard_on_it(
    page: AdministrationPage, qtbot: QtBot, application: Application, messages: list[StatusMessage]
) -> None:
    page.show_part("topics")
    first = page.topics.name_edit(0)
    name, second = first.text(), page.topics.name_edit(1).text()
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down, ALT)
    assert first.hasFocus()
    assert [row.name for row in page.topics.rows()[:2]] == [second, name]

    qtbot.keyClick(first, Qt.Key.Key_S, CTRL)
    assert [topic.name for topic in application.settings.topics()[:2]] == [second, name]

    assert messages[-1].undo is not None
    messages[-1].undo()
    assert [topic.name for topic in application.settings.topics()[:2]] == [name, second]


def test_the_buttons_move_too_and_the_ends_are_ends(page: AdministrationPage, qtbot: QtBot) -> None:
    page.show_part("topics")
    last = len(page.topics.rows()) - 1
    assert not page.topics.move_button(0, -1).isEnabled()
    assert not page.topics.move_button(last, 1).isEnabled()
    button = page.topics.move_button(1, -1)
    button.setFocus()
    name = page.topics.rows()[1].name

    qtbot.keyClick(button, Qt.Key.Key_Space)

    assert page.topics.rows()[0].name == name
    focused = page.focusWidget()
    assert focused is page.topics.move_button(0, 1)


def test_a_key_used_twice_is_refused_with_both_names(
    page: AdministrationPage, qtbot: QtBot, application: Application
) -> None:
    page.show_part("topics")
    key = page.topics.key_edit(1)
    retype(qtbot, key, "1")
    page.topics_part.save_button.click()

    assert "doppelt belegt" in page.problem.words.text()
    assert application.settings.topics()[1].shortcut == "2"


def test_a_new_topic_gets_its_own_code(page: AdministrationPage, qtbot: QtBot, application: Application) -> None:
    page.show_part("topics")
    page.topics.add_button.setFocus()
    qtbot.keyClick(page.topics.add_button, Qt.Key.Key_Return)
    row = len(page.topics.rows())
    qtbot.keyClicks(page.topics.name_edit(row), "Trauer & Abschied")
    qtbot.keyClicks(page.topics.key_edit(row), "t")
    page.topics_part.save_button.click()

    added = application.settings.topics()[-1]
    assert (added.code, added.name, added.shortcut) == ("trauer-abschied", "Trauer & Abschied", "t")


# --------------------------------------------------------------------------------------------- data and program


def test_the_facts_name_folder_version_and_directory(page: AdministrationPage, application: Application) -> None:
    page.show_part("program")

    words = "\n".join(label.text() for label in page.program_part.findChildren(QLabel))
    assert str(application.folder.root) in words
    assert "4 Anbieter, 5 Angebote" in words
    assert "Erika Muster" in words


def test_every_licence_opens_with_its_whole_text(page: AdministrationPage, qtbot: QtBot) -> None:
    licences = shipped_licences()

    assert [licence.terms for licence in licences] == [
        *("EUPL-1.2", "CC BY 3.0 DE, CC0 1.0", "CC BY-SA 4.0", "SIL OFL 1.1", "SIL OFL 1.1", "ISC", "MIT")
    ]
    assert all(len(licence.text()) > 400 for licence in licences)
    assert "Bezirksamt Lichtenberg" in next(item for item in licences if item.terms.startswith("CC BY 3.0 DE")).text()


def test_a_missing_licence_file_is_left_out(tmp_path: Path) -> None:
    assert shipped_licences(tmp_path / "resources") == ()


# --------------------------------------------------------------------------------------------- recovery sheet


def printed_key(sheet: Path) -> str:
    """The key as it is read off the paper."""
    text = "".join(pypdf.PdfReader(sheet).pages[0].extract_text().split())
    return "".join(re.findall(r"[1-9]\.([0-9A-Z]{4})", text)[:9])


def test_a_new_sheet_by_keys_opens_the_data_and_is_kept(
    page: AdministrationPage, qtbot: QtBot, application: Application, surroundings: Surroundings,
    tmp_path: Path, messages: list[StatusMessage],
) -> None:  # fmt: skip
    page.show_part("program")
    card = page.recovery
    card.begin_button.setFocus()
    qtbot.keyClick(card.begin_button, Qt.Key.Key_Space)
    assert card.password.edit.hasFocus()
    qtbot.keyClicks(card.password.edit, PASSWORD)
    qtbot.keyClick(card.password.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(card.keeper.print_button.isEnabled, timeout=20_000)
    assert card.password.text() == ""
    assert "ungültig" in card.void_notice.words.text()
    assert not is_sheet_kept(application)
    assert not card.finish_button.isEnabled()

    qtbot.keyClick(card.keeper.print_button, Qt.Key.Key_Space)  # changed their mind
    assert not card.keeper.safe.isEnabled()
    qtbot.keyClick(card.keeper.save_button, Qt.Key.Key_Space)
    assert is_sheet_kept(application)
    qtbot.keyClick(card.keeper.safe, Qt.Key.Key_Space)
    qtbot.keyClick(card.finish_button, Qt.Key.Key_Space)

    assert card.begin_button.hasFocus()
    assert not card.keeper.has_sheet
    assert "Das alte öffnet nichts mehr" in messages[-1].text
    sheet = tmp_path / "Wiederherstellungsblatt Quartierslotse.pdf"
    reset_password(application.folder, "erika", printed_key(sheet), "ein ganz neues Wort", surroundings).close()


def test_a_wrong_password_leaves_the_old_sheet_valid(
    page: AdministrationPage, qtbot: QtBot, application: Application
) -> None:
    before = application.folder.key_slots.read_bytes()
    page.show_target(Target(RECOVERY_TARGET, ""))
    edit = page.recovery.password.edit
    assert edit.hasFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert "Bitte geben Sie Ihr Passwort ein" in page.recovery.password.below.text()
    qtbot.keyClicks(edit, "falsch")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "stimmt nicht" in page.recovery.password.below.text(), timeout=20_000)

    assert edit.hasFocus()
    assert application.folder.key_slots.read_bytes() == before
    assert is_sheet_kept(application)
    assert page.go_back()
    assert page.recovery.begin_button.hasFocus()
    assert edit.text() == ""
    assert not page.go_back()


@pytest.mark.parametrize(("percent", "width", "height"), [(100, 820, 560), (200, 1020, 620)])
@pytest.mark.parametrize("made", [False, True])
def test_the_recovery_card_is_not_cut_off(
    page: AdministrationPage,
    qtbot: QtBot,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    percent: int,
    width: int,
    height: int,
    made: bool,
) -> None:
    theme.use_text_percent(percent)
    page.resize(width, height)
    page.show_target(Target(RECOVERY_TARGET, ""))
    if made:
        qtbot.keyClicks(page.recovery.password.edit, PASSWORD)
        qtbot.keyClick(page.recovery.password.edit, Qt.Key.Key_Return)
        qtbot.waitUntil(page.recovery.keeper.print_button.isEnabled, timeout=20_000)
    settle(page)

    assert cut_off(page) == []
    assert unnamed_controls(page) == []
    assert doubled_mnemonics(page) == {}


# --------------------------------------------------------------------------------------------- layout


@pytest.mark.parametrize("part", ["office", "spaces", "topics", "program"])
@pytest.mark.parametrize(("percent", "width", "height"), [(100, 820, 560), (200, 1020, 620), (200, 820, 520)])
def test_nothing_is_cut_off(
    page: AdministrationPage,
    qtbot: QtBot,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    part: str,
    percent: int,
    width: int,
    height: int,
) -> None:
    theme.use_text_percent(percent)
    page.show_part(part)
    page.resize(width, height)
    settle(page)

    assert cut_off(page) == []
    assert unnamed_controls(page) == []
    assert doubled_mnemonics(page) == {}


@pytest.mark.parametrize("part", ["office", "spaces", "topics"])
def test_discarded_typing_can_be_brought_back(
    page: AdministrationPage, qtbot: QtBot, messages: list[StatusMessage], part: str
) -> None:
    page.show_part(part)
    edit, section = {
        "office": (page.office_form.fields["name"].edit, page.office_part),
        "spaces": (page.spaces.name_edit(0), page.spaces_part),
        "topics": (page.topics.name_edit(0), page.topics_part),
    }[part]
    before = edit.text()
    retype(qtbot, edit, "Etwas anderes")
    section.discard_button.setFocus()
    qtbot.keyClick(section.discard_button, Qt.Key.Key_Return)
    assert edit.text() == before
    assert not section.is_changed

    assert messages[-1].undo is not None
    messages[-1].undo()

    assert edit.text() == "Etwas anderes"
    assert section.is_changed


def test_large_letters_choose_the_part_from_a_list(
    page: AdministrationPage, qtbot: QtBot, theme: ThemeController
) -> None:
    assert not page.head.is_list
    page.show_part("topics")
    page.head.keyboard().setFocus()
    theme.use_text_percent(200)
    page.resize(928, 440)
    settle(page)
    assert page.head.is_list
    assert not page.parts.isVisible()
    assert page.head.list.hasFocus()
    assert page.head.list.currentText() == "Themen"
    places = range(page.head.list.count())
    assert [page.head.list.itemText(place) for place in places][-1] == "Daten & Programm"
    assert page.topics_part.pane.height() > 150
    qtbot.keyClick(page.head.list, Qt.Key.Key_Down)
    assert page.accounts_part.isVisible()
    assert page.parts.value() == "accounts"
    theme.use_text_percent(100)
    page.resize(1080, 640)
    settle(page)
    assert not page.head.is_list
    assert page.parts.button("accounts").hasFocus()
