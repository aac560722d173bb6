"""Personen as people use it: the consent first, found by sound, revoked, merged and parted, answered on paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.permissions import Role
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from tests.ui.office import doubled_mnemonics, settle
from ui.handouts.printing import PrintJob, prepare_printer
from ui.shell.notices import NoticeBridge
from ui.shell.page import StatusMessage, Target
from ui.theme.theme import ThemeController, ThemeMode
from ui.visitors.page import VisitorsPage
from ui.visitors.panels import EditPanel, MergePanel
from ui.visitors.paper import PaperDesk

TODAY = date(2026, 11, 22)
RECORD = ConsentEntry(ConsentKind.RECORD, TODAY, "2026-11")


class Paper(PaperDesk):
    """Prints into a file and saves where the test says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(QWidget(), ask_printer=self._printer, ask_file=lambda _parent, name: folder / name)

    def _printer(self, job: PrintJob, _parent: QWidget) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.folder / f"{job.title}-gedruckt.pdf"))
        prepare_printer(printer, job)
        return printer


class Desk:
    """The page, what it said, and how people get at it."""

    def __init__(self, qtbot: QtBot, application: Application, folder: Path) -> None:
        self.qtbot, self.application, self.folder = qtbot, application, folder
        self.notices = NoticeBridge(application.notices)
        self.page = VisitorsPage(application, self.notices, paper_desk=Paper(folder))
        self.said: list[StatusMessage] = []
        self.page.message.connect(self.said.append)
        qtbot.addWidget(self.page)
        self.page.resize(1100, 760)
        with qtbot.waitExposed(self.page):
            self.page.show()
        self.page.activateWindow()

    def search(self, text: str) -> list[str]:
        self.page.search_field.setText(text)
        self.page.search_field.send_now()
        return [self.page.results.row_at(place).title for place in range(self.page.results.row_count())]

    def person(self, name: str, **facts: object) -> str:
        entry = VisitorEntry(name=name, **facts)  # type: ignore[arg-type]
        return self.application.visitors.create_file(self.application.actor, entry, [RECORD])


@pytest.fixture
def desk(qtbot: QtBot, theme: ThemeController, application: Application, tmp_path: Path) -> Desk:
    return Desk(qtbot, application, tmp_path)


def test_a_file_is_made_by_keyboard_with_the_consent_first(desk: Desk) -> None:
    page, qtbot = desk.page, desk.qtbot
    page.search_field.setFocus()
    qtbot.keyClicks(page.search_field, "Helga Schmitt")
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    new = page.new_file
    assert new.isVisible()
    assert new.main_focus().hasFocus()
    assert not new.entry_card.isVisible()
    assert not new.do_button.isEnabled()
    qtbot.keyClick(new.main_focus(), Qt.Key.Key_Space)
    assert new.entry_card.isVisible()
    assert new.entry.fields["name"].text() == "Helga Schmitt"
    new.entry.fields["birth"].edit.setText("3.5.1941")
    qtbot.keyClick(new.entry.fields["birth"].edit, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert page.record is not None
    assert page.record.isVisible()
    file = desk.application.visitors.open_file(desk.application.actor, page.results.row_at(0).key)
    assert file.entry.birth_date == date(1941, 5, 3)
    assert desk.said[-1].text == "Personenakte angelegt."
    assert not new.has_text()


@pytest.mark.parametrize(
    ("birth", "given", "where"),
    [("41", "22.11.2026", "birth"), ("1941", "gestern", "given_on"), ("1941", "23.11.2026", "given_on")],
)
def test_a_mistake_is_shown_at_its_field(desk: Desk, birth: str, given: str, where: str) -> None:
    new = desk.page.new_file
    desk.page.new_button.click()
    new.consents.boxes[ConsentKind.RECORD].setChecked(True)
    new.entry.fields["name"].set_text("Helga")
    new.entry.fields["birth"].set_text(birth)
    new.consents.fields["given_on"].set_text(given)
    new.do_button.click()
    field = {**new.consents.fields, **new.entry.fields}[where]
    assert field.edit.property("invalid") == "true"
    assert new.entry.fields["name"].text() == "Helga"


def test_a_similar_file_is_hinted_at_and_opened(desk: Desk) -> None:
    known = desk.person("Helga Müller", birth_year=1941)
    new = desk.page.new_file
    desk.page.new_button.click()
    new.consents.boxes[ConsentKind.RECORD].setChecked(True)
    new.entry.fields["name"].set_text("Helga Mueller")
    new.look_for_duplicates()
    settle(desk.page)
    assert new.hint.isVisible()
    assert new.similar.row_at(0).key == known
    places = [
        widget.mapTo(new, QPoint(0, 0)).y()
        for widget in (new.entry.fields["name"], new.hint, new.similar, new.entry.fields["former_name"])
    ]
    assert places == sorted(places)
    name, similar = new.entry.fields["name"].edit, new.similar
    name.setFocus()
    desk.qtbot.keyClick(name, Qt.Key.Key_Tab)
    assert similar.hasFocus()
    desk.qtbot.keyClick(similar, Qt.Key.Key_Tab)
    assert new.entry.fields["former_name"].edit.hasFocus()
    new.entry.fields["birth"].set_text("1960")
    new.look_for_duplicates()
    assert not new.similar.isVisible()
    new.entry.fields["birth"].set_text("1942")
    new.look_for_duplicates()
    new.similar.activated_key.emit(known)
    assert desk.page.record is not None
    desk.page.new_button.click()
    assert new.entry.fields["name"].text() == "Helga Mueller", "what was typed is still there"


def test_a_person_is_found_by_sound_and_nothing_hints_at_others(desk: Desk) -> None:
    desk.person("Jürgen Meyer")
    assert desk.search("Maier") == ["Jürgen Meyer"]
    assert desk.page.results.row_at(0).badges[0].text == "klingt ähnlich"
    assert desk.search("Huber") == []
    assert desk.search("") == []


def test_a_consent_is_revoked_and_that_taken_back(desk: Desk) -> None:
    visitor_id = desk.person("Helga Müller")
    desk.page.open_file(visitor_id)
    assert desk.page.record is not None
    desk.page.record.revoke_buttons[0].click()
    assert not desk.application.visitors.open_file(desk.application.actor, visitor_id).may_be_kept
    assert not desk.page.record.edit_button.isEnabled()
    assert list(desk.page.record.consent_form.boxes) == [ConsentKind.RECORD]
    undo = desk.said[-1].undo
    assert undo is not None
    undo()
    assert desk.page.record.edit_button.isEnabled()


def test_the_keyboard_stays_at_the_file_that_is_shown_anew(desk: Desk) -> None:
    visitor_id = desk.person("Helga Müller")
    desk.page.open_file(visitor_id)
    assert desk.page.record is not None
    desk.qtbot.waitUntil(desk.page.isActiveWindow)
    desk.page.record.revoke_buttons[0].setFocus()
    desk.qtbot.keyClick(desk.page.record.revoke_buttons[0], Qt.Key.Key_Space)
    assert desk.page.record.more_consents.button.hasFocus()
    undo = desk.said[-1].undo
    assert undo is not None
    undo()
    assert desk.page.record.more_consents.button.hasFocus()
    assert desk.said[-1].text == "Rückgängig gemacht."


def test_a_further_consent_is_added(desk: Desk) -> None:
    desk.page.open_file(desk.person("Helga Müller"))
    record = desk.page.record
    assert record is not None
    record.more_consents.set_open(True)
    record.consent_form.boxes[ConsentKind.PASS_ON].setChecked(True)
    record.consent_button.click()
    assert record.consent_form.fields["partner"].edit.property("invalid") == "true"
    assert desk.said == []
    record.consent_form.fields["partner"].set_text("Pflegestützpunkt")
    record.consent_form.fields["purpose"].set_text("Pflegegrad")
    record.consent_button.click()
    assert desk.said[-1].text == "Einwilligung festgehalten."
    assert desk.page.record is not None
    assert len(desk.page.record.revoke_buttons) == 2


def test_changing_has_an_undo(desk: Desk) -> None:
    visitor_id = desk.person("Helga Müller", phone="0208 1")
    desk.page.open_file(visitor_id)
    assert desk.page.record is not None
    desk.page.record.edit_button.click()
    edit = next(one for one in desk.page.findChildren(EditPanel) if one.isVisible())
    assert edit.main_focus().hasFocus()
    edit.entry.fields["phone"].set_text("0208 4711")
    desk.qtbot.keyClick(edit, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert desk.search("02084711") == ["Helga Müller"]
    undo = desk.said[-1].undo
    assert undo is not None
    undo()
    assert desk.search("02084711") == []


def test_two_files_become_one_and_two_again(desk: Desk) -> None:
    kept, other = desk.person("Helga Müller"), desk.person("Helga Mueller", phone="0208 4711")
    actor = desk.application.actor
    desk.application.visitors.record_contact(actor, ContactEntry(needs=(NeedEntry("pflege"),)), other)
    desk.page.open_file(kept)
    assert desk.page.record is not None
    desk.page.record.merge_button.click()
    merge = next(one for one in desk.page.findChildren(MergePanel) if one.isVisible())
    assert merge.results.current_key() == other
    desk.qtbot.keyClick(merge.search_field, Qt.Key.Key_Return)
    assert merge.do_button.hasFocus()
    desk.qtbot.keyClick(merge.do_button, Qt.Key.Key_Return)
    record = desk.page.record
    assert record is not None
    assert record.contacts.row_count() == 1
    record.unmerge_buttons[0].click()
    assert desk.page.record.contacts.row_count() == 0
    assert len(desk.search("Helga")) == 2


def test_a_contact_of_the_person_opens_at_the_front_desk(desk: Desk) -> None:
    visitor_id = desk.person("Helga Müller")
    actor = desk.application.actor
    contact = desk.application.visitors.record_contact(actor, ContactEntry(needs=(NeedEntry("pflege"),)), visitor_id)
    desk.page.open_file(visitor_id)
    assert desk.page.record is not None
    with desk.qtbot.waitSignal(desk.page.open_requested) as asked:
        desk.page.record.contacts.activated_key.emit(contact)
    assert asked.args[0] == "reception"
    assert asked.args[1].key == contact


def test_a_contact_saved_elsewhere_is_there_when_the_page_is_shown_again(desk: Desk) -> None:
    visitor_id = desk.person("Helga Müller")
    desk.page.open_file(visitor_id)
    desk.page.hide()
    actor = desk.application.actor
    desk.application.visitors.record_contact(actor, ContactEntry(needs=(NeedEntry("pflege"),)), visitor_id)
    desk.page.show()
    desk.page.on_shown()
    assert desk.page.record is not None
    assert desk.page.record.contacts.row_count() == 1


def test_paper_is_printed_and_saved(desk: Desk) -> None:
    desk.page.open_file(desk.person("Helga Müller"))
    record = desk.page.record
    assert record is not None
    desk.page.form_button.click()
    desk.page.form_save_button.click()
    record.release_button.click()
    for button in record.answer_buttons:
        button.click()
    assert {path.name for path in desk.folder.glob("*.*")} == {
        "Einwilligung-gedruckt.pdf",
        "Einwilligung.pdf",
        "Schweigepflichtentbindung-gedruckt.pdf",
        "Auskunft-gedruckt.pdf",
        "Auskunft.pdf",
        "Auskunft.json",
    }
    assert "Helga Müller" in PdfReader(desk.folder / "Auskunft.pdf").pages[0].extract_text()
    assert json.loads((desk.folder / "Auskunft.json").read_text(encoding="utf-8"))["person"]["name"] == "Helga Müller"
    assert "Helga" not in " ".join(said.text for said in desk.said)


def test_escape_goes_back_step_by_step(desk: Desk) -> None:
    desk.page.open_file(desk.person("Helga Müller"))
    assert desk.page.record is not None
    desk.page.record.edit_button.click()
    assert desk.page.go_back()
    assert desk.page.record.isVisible()
    assert desk.page.go_back()
    assert desk.page.record is None
    assert not desk.page.go_back()


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.ADMINISTRATION, Role.ANALYSIS])
def test_who_works_without_names_sees_none(
    qtbot: QtBot, theme: ThemeController, application: Application, tmp_path: Path, role: Role
) -> None:
    visitor_id = application.visitors.create_file(application.actor, VisitorEntry(name="Helga Müller"), [RECORD])
    other = Application(application.folder, application.store, replace(application.actor, role=role))
    page = VisitorsPage(other, NoticeBridge(other.notices))
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    page.show_target(Target("visitor", visitor_id))
    assert page.main_focus() is None
    assert not page.go_back()
    assert "Helga" not in " ".join(words.text() for words in page.findChildren(QWidget) if hasattr(words, "text"))


@pytest.mark.parametrize(
    ("size", "percent", "mode"),
    [
        ((1100, 760), 100, ThemeMode.LIGHT),
        ((1280, 900), 200, ThemeMode.DARK),
        ((640, 700), 100, ThemeMode.DARK),
        ((900, 700), 200, ThemeMode.LIGHT),
    ],
)
def test_nothing_is_cut_off_or_unnamed(
    desk: Desk,
    theme: ThemeController,
    size: tuple[int, int],
    percent: int,
    mode: ThemeMode,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
) -> None:
    theme.use_mode(mode)
    theme.use_text_percent(percent)
    page = desk.page
    visitor_id = desk.person("Helga Müller-Lüdenscheidt", birth_year=1941, remarks="hört schlecht " * 8)
    merged = desk.person("Helga Müller")
    desk.application.visitor_merges.merge_files(desk.application.actor, visitor_id, merged)
    partner = ConsentEntry(ConsentKind.PASS_ON, TODAY, "2026-11", partner="Pflegestützpunkt", purpose="Pflegegrad")
    desk.application.visitors.add_consent(desk.application.actor, visitor_id, partner)
    page.resize(*size)

    def judge() -> None:
        settle(page)
        assert cut_off(page) == []
        assert unnamed_controls(page) == []
        assert doubled_mnemonics(page) == {}

    desk.search("Helga")
    judge()
    page.open_file(visitor_id)
    assert page.record is not None
    page.record.more_consents.set_open(True)
    page.record.consent_form.boxes[ConsentKind.PASS_ON].setChecked(True)
    page.record.answer.set_open(True)
    judge()
    page.record.edit_button.click()
    judge()
    page.go_back()
    page.record.merge_button.click()
    judge()
    page.go_back()
    page._begin_file()
    page.new_file.consents.boxes[ConsentKind.RECORD].setChecked(True)
    page.new_file.consents.boxes[ConsentKind.PASS_ON].setChecked(True)
    page.new_file.look_for_duplicates()
    judge()


def test_what_is_missing_comes_into_sight_with_its_sentence(desk: Desk) -> None:
    desk.page.resize(900, 560)
    new = desk.page.new_file
    desk.page.new_button.click()
    new.consents.boxes[ConsentKind.RECORD].setChecked(True)
    new.consents.boxes[ConsentKind.PASS_ON].setChecked(True)
    new.entry.fields["name"].set_text("Helga")
    settle(desk.page)
    new.do_button.setFocus()
    new.verticalScrollBar().setValue(new.verticalScrollBar().maximum())
    settle(desk.page)
    new.do_button.click()
    settle(desk.page)
    partner = new.consents.fields["partner"]
    assert partner.edit.property("invalid") == "true"
    assert new.viewport().rect().contains(QRect(partner.mapTo(new.viewport(), QPoint(0, 0)), partner.size()))
