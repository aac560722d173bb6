"""A card that is open while its note or its person is erased brings nothing of it back."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.errors import UserError
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from ui.pages import page_entries
from ui.reception.card_state import Link
from ui.reception.page import ReceptionPage
from ui.shell.context import PageContext
from ui.shell.main_window import MainWindow

SECRET = "wird geschlagen"


@pytest.fixture
def window(qtbot: QtBot, application: Application, make_context: Callable[..., PageContext]) -> MainWindow:
    opened = MainWindow(make_context(application), page_entries(), office_name="Nord")
    qtbot.addWidget(opened)
    opened.open_page("reception")
    return opened


@pytest.fixture
def contact_id(application: Application) -> str:
    return application.contacts.record_contact(
        application.actor, ContactEntry(needs=(NeedEntry("pflege"),), note=SECRET)
    )


def kept(application: Application) -> str:
    drafts = application.drafts.open_drafts(application.actor)
    notes = application.store.sql("SELECT text FROM contact_note")
    return " ".join([str(draft.content) for draft in drafts] + [row[0] for row in notes])


def test_the_open_card_of_an_erased_note_is_gone(
    page: ReceptionPage, application: Application, contact_id: str
) -> None:
    page.day.contact_chosen.emit(contact_id)
    page.card.facts.note_edit.setPlainText(f"{SECRET} und wohnt allein")
    application.retention.erase_note(application.actor, contact_id)
    page.on_closing()
    QApplication.processEvents()
    page.on_closing()
    assert SECRET not in kept(application)
    assert page.card.state.note == ""
    assert SECRET not in page.card.facts.note()
    assert len(page.tabs.keys()) == 1


def test_typing_while_another_thread_erases_writes_nothing_back(
    qtbot: QtBot, page: ReceptionPage, application: Application, contact_id: str
) -> None:
    page.day.contact_chosen.emit(contact_id)

    def erase() -> None:
        application.retention.erase_note(application.actor, contact_id)
        application.store.end_thread()

    worker = threading.Thread(target=erase)
    worker.start()
    worker.join()
    # The notice has not come yet: nobody has looked at the events.
    page.card.facts.note_edit.setPlainText(f"{SECRET} und wohnt allein")
    page.card.flush()
    with pytest.raises(UserError, match="gelöscht"):
        page.presenter.save(page.card.state)
    assert SECRET not in kept(application)
    qtbot.waitUntil(lambda: page.card.state.correction is None)
    assert SECRET not in kept(application)


def test_the_open_card_of_an_erased_person_is_gone_and_others_stay(
    page: ReceptionPage, application: Application
) -> None:
    page.card.topics.toggle("pflege")
    stays = page.card.state.card_id
    day = application.clock.today()
    consent = ConsentEntry(ConsentKind.RECORD, day, "2026-11")
    visitor_id = application.visitors.create_file(application.actor, VisitorEntry(name="Anna Beispiel"), [consent])
    card = page.presenter.new_card()
    card.link = Link(visitor_id=visitor_id)
    page.presenter.keep(card)
    page.card.show_state(card)
    page.card.facts.note_edit.setPlainText(SECRET)
    application.retention.erase_visitor(application.actor, visitor_id)
    QApplication.processEvents()
    page.on_closing()
    assert SECRET not in kept(application)
    assert [left.card_id for left in page.presenter.cards] == [stays]
    assert page.card.state.card_id == stays


def test_the_way_back_brings_back_nothing_that_was_erased(
    window: MainWindow, application: Application, contact_id: str
) -> None:
    page = window.current_page()
    assert isinstance(page, ReceptionPage)
    page.day.contact_chosen.emit(contact_id)
    page.card.facts.note_edit.setPlainText("wohnt allein")
    page.save()
    assert window.foot.status.can_undo
    application.retention.erase_note(application.actor, contact_id)
    QApplication.processEvents()
    assert not window.foot.status.can_undo
    window.foot.status.undo_last()
    assert kept(application) == ""
