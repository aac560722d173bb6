"""Erasing a note or a person where it is shown: a look, a word to type, the receipt; nothing by an accidental press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.permissions import Role
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from tests.ui.office import doubled_mnemonics, settle
from ui.erasing.panel import ErasePanel
from ui.reception.page import ReceptionPage
from ui.shell.context import PageContext
from ui.shell.page import Target
from ui.theme.theme import ThemeController
from ui.visitors.page import VisitorsPage
from ui.widgets.feedback import Notice

NOTE = "Möchte nicht angerufen werden."


def count(application: Application, table: str) -> int:
    return int(application.store.sql(f"SELECT count(*) FROM {table}")[0][0])


def receptions(context: PageContext, qtbot: QtBot) -> ReceptionPage:
    page = ReceptionPage(context.application, context.notices, context.basket, tasks=context.tasks)
    qtbot.addWidget(page)
    page.resize(1100, 800)
    page.show()
    return page


@pytest.fixture
def noted(application: Application) -> str:
    """A contact with a note."""
    return application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),), note=NOTE))


@pytest.fixture
def anna(application: Application) -> str:
    """A person with one contact."""
    consent = ConsentEntry(ConsentKind.RECORD, application.clock.today(), "1")
    visitor_id = application.visitors.create_file(application.actor, VisitorEntry(name="Anna Beispiel"), [consent])
    entry = ContactEntry(needs=(NeedEntry("pflege"),), note=NOTE, material="Mappe")
    application.visitors.record_contact(application.actor, entry, visitor_id)
    return visitor_id


def confirm(panel: ErasePanel, qtbot: QtBot) -> None:
    assert not panel.erase_button.isEnabled()
    panel.word.set_text("ja")
    assert not panel.erase_button.isEnabled()
    panel.word.set_text("Löschen")
    assert panel.erase_button.isEnabled()
    panel.erase_button.click()
    qtbot.waitUntil(lambda: panel.receipt is not None)


def test_a_note_goes_from_the_card_and_the_contact_stays(
    application: Application, make_context: Callable[..., PageContext], noted: str, qtbot: QtBot
) -> None:
    page = receptions(make_context(application), qtbot)
    assert not page.erase_note.isVisible()
    page.show_target(Target("contact", noted))
    assert page.erase_note.isVisible()
    page.erase_note.click()
    panel = page.erase_panel
    assert panel is not None
    assert not page.card.isVisible()
    assert panel.keep_button.hasFocus() or not page.isActiveWindow()
    assert count(application, "contact_note") == 1, "looking erases nothing"
    assert page.go_back()
    assert page.erase_panel is None
    assert page.card.isVisible()
    page.erase_note.click()
    panel = page.erase_panel
    assert panel is not None
    confirm(panel, qtbot)
    assert count(application, "contact_note") == 0
    assert count(application, "contact") == 1
    actions = [row[0] for row in application.store.sql("SELECT action FROM audit_entry ORDER BY sequence")]
    assert actions[-2:] == ["begin_erasure", "erase_data"]
    assert count(application, "contact_draft") == 0
    assert page.go_back()
    assert page.erase_panel is panel, "the receipt is not thrown away by one key"
    assert panel.receipt_warning.isVisible()
    panel._print_sheet = lambda _parent, _title, _pdf: True
    panel.print_button.click()
    assert panel.done_button.isVisible()
    assert page.go_back()
    assert page.erase_panel is None
    assert page.card.isVisible()
    assert page.card.state.note == ""
    assert page.card.state.correction is None
    page.show_target(Target("contact", noted))
    assert not page.erase_note.isVisible()


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.COUNSELLING])
def test_who_may_not_erase_sees_no_button(
    application: Application, make_context: Callable[..., PageContext], noted: str, qtbot: QtBot, role: Role
) -> None:
    other = Application(application.folder, application.store, replace(application.actor, role=role))
    page = receptions(make_context(other), qtbot)
    page.show_target(Target("contact", noted))
    assert not page.erase_note.isVisible()


def test_a_person_goes_from_the_file_with_a_receipt(
    application: Application,
    make_context: Callable[..., PageContext],
    anna: str,
    qtbot: QtBot,
    unnamed_controls: Callable[[QWidget], list[str]],
    cut_off: Callable[[QWidget], list[str]],
) -> None:
    context = make_context(application)
    page = VisitorsPage(application, context.notices, tasks=context.tasks)
    qtbot.addWidget(page)
    page.resize(1100, 900)
    page.show()
    page.open_file(anna)
    record = page.record
    assert record is not None
    record.erasing.set_open(True)
    record.erase_button.click()
    panel = page._step
    assert isinstance(panel, ErasePanel)
    settle(page)
    assert unnamed_controls(page) == []
    assert doubled_mnemonics(page) == {}
    assert cut_off(panel) == []
    goes, stays = dict(panel._presenter.look()[0]), dict(panel._presenter.look()[1])
    assert goes["Vertrauliche Notizen"] == "1"
    assert stays["Statistik"].startswith("1 Kontakt ohne Text")
    aside = application.folder.root / "quartierslotse.beschaedigt-20261122-104000.db"
    aside.write_bytes(b"x")
    assert "eine beiseitegelegte Datenbank" in dict(panel._presenter.look()[1])["Kopien"]
    aside.unlink()
    assert count(application, "visitor") == 1
    confirm(panel, qtbot)
    settle(page)
    assert cut_off(panel) == []
    assert count(application, "visitor") == 0
    assert count(application, "contact") == 1
    assert panel.receipt is not None
    assert page.record is None
    berta = application.visitors.create_file(
        application.actor,
        VisitorEntry(name="Berta"),
        [ConsentEntry(ConsentKind.RECORD, application.clock.today(), "1")],
    )
    for leave in (page.go_back, page._begin_file, lambda: page.open_file(berta)):
        leave()
        assert page._right.currentWidget() is panel
        assert panel.receipt_warning.isVisible()
    panel.without_button.click()
    assert page._step is None


def test_at_200_percent_the_button_that_keeps_the_receipt_comes_into_view(
    application: Application, make_context: Callable[..., PageContext], anna: str, qtbot: QtBot, theme: ThemeController
) -> None:
    context = make_context(application)
    page = VisitorsPage(application, context.notices, tasks=context.tasks)
    qtbot.addWidget(page)
    theme.use_text_percent(200)
    page.resize(1024, 560)
    page.show()
    page.open_file(anna)
    assert page.record is not None
    page.record.erase_button.click()
    panel = page._step
    assert isinstance(panel, ErasePanel)
    settle(page)
    confirm(panel, qtbot)

    def is_seen() -> bool:
        top = panel.save_button.mapTo(panel.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + panel.save_button.height() <= panel.viewport().height()

    qtbot.waitUntil(is_seen)


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.COORDINATION, "unten unter „Person löschen“"), (Role.COUNSELLING, "Löschen kann die Koordination")],
)
def test_a_file_that_must_go_says_who_can_erase_it(
    application: Application, make_context: Callable[..., PageContext], anna: str, qtbot: QtBot, role: Role, words: str
) -> None:
    consent = application.visitors.open_file(application.actor, anna).consents[0]
    application.visitors.revoke_consent(application.actor, consent.consent_id)
    other = Application(application.folder, application.store, replace(application.actor, role=role))
    context = make_context(other)
    page = VisitorsPage(other, context.notices, tasks=context.tasks)
    qtbot.addWidget(page)
    page.show()
    page.open_file(anna)
    assert page.record is not None
    texts = [notice.words.text() for notice in page.record.findChildren(Notice)]
    assert any(words in text for text in texts), texts


def test_the_erasure_of_a_file_is_suspended_with_reason_and_end_and_taken_up_again(
    application: Application,
    make_context: Callable[..., PageContext],
    anna: str,
    qtbot: QtBot,
    theme: ThemeController,
    unnamed_controls: Callable[[QWidget], list[str]],
    cut_off: Callable[[QWidget], list[str]],
) -> None:
    context = make_context(application)
    page = VisitorsPage(application, context.notices, tasks=context.tasks)
    qtbot.addWidget(page)
    page.resize(1024, 700)
    page.show()
    page.open_file(anna)
    assert page.record is not None
    page.record.erasing.set_open(True)
    for percent in (100, 200):
        theme.use_text_percent(percent)
        settle(page)
        assert cut_off(page.record) == []
    assert unnamed_controls(page) == []
    assert doubled_mnemonics(page) == {}
    for reason, until, wrong in (
        ("Klage", "", page.record.hold_until),
        ("Klage", "bald", page.record.hold_until),
        ("", "31.12.2027", page.record.hold_reason),
    ):
        page.record.hold_reason.set_text(reason)
        page.record.hold_until.set_text(until)
        page.record.hold_button.click()
        assert wrong.below.text()
    page.record.hold_reason.set_text("Klage")
    page.record.hold_button.click()
    assert page.record is not None
    assert any("bis 31.12.2027 ausgesetzt: Klage" in notice.words.text() for notice in page.record.findChildren(Notice))
    assert not page.record.erase_button.isEnabled()
    page.record.release_button_of_hold.click()
    assert page.record.erase_button.isEnabled()
