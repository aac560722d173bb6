"""A half-typed card is there again after a restart, whatever ended the program."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, Surroundings, open_application
from ui.reception.page import ReceptionPage
from ui.shell.basket import Basket
from ui.shell.notices import NoticeBridge


def test_cards_are_open_again_after_a_restart(
    qtbot: QtBot, page: ReceptionPage, application: Application, surroundings: Surroundings
) -> None:
    page.card.topics.toggle("gesundheit")
    page.card.more.set_open(True)
    page.card.facts.note_edit.setPlainText("wohnt allein")
    page.card.flush()
    qtbot.keyClick(page, "n", Qt.KeyboardModifier.ControlModifier)
    page.card.topics.toggle("pflege")

    # The first installation stays open, as after a crash: nothing was closed in an orderly way.
    second = open_application(application.folder, "erika", "drei-wilde-Woerter", surroundings)
    again = ReceptionPage(second, NoticeBridge(second.notices), Basket())
    qtbot.addWidget(again)
    assert [list(card.needs) for card in again.presenter.cards] == [["gesundheit"], ["pflege"]]
    assert again.card.facts.note() == "wohnt allein"
    assert again.card.more.is_open()
    second.close()


def test_text_is_kept_a_moment_after_typing(qtbot: QtBot, page: ReceptionPage, application: Application) -> None:
    page.card.facts.note_edit.setPlainText("noch nicht fertig")

    def kept() -> None:
        notes = [draft.content["note"] for draft in application.drafts.open_drafts(application.actor)]
        assert notes == ["noch nicht fertig"]

    qtbot.waitUntil(kept, timeout=2000)


def test_a_card_that_is_blank_again_leaves_no_draft(page: ReceptionPage, application: Application) -> None:
    page.card.topics.toggle("kultur")
    assert len(application.drafts.open_drafts(application.actor)) == 1
    page.card.topics.toggle("kultur")
    assert application.drafts.open_drafts(application.actor) == ()


def test_typing_does_not_wait_while_the_file_is_rewritten(
    qtbot: QtBot, page: ReceptionPage, application: Application
) -> None:
    store, is_held, may_end = application.store, threading.Event(), threading.Event()

    def rewrite() -> None:
        """Hold what `Store.compact` holds, for as long as the test likes."""
        store.writer_lane.acquire()
        store.is_rewriting = True
        is_held.set()
        may_end.wait()
        store.is_rewriting = False
        store.writer_lane.release()

    thread = threading.Thread(target=rewrite)
    thread.start()
    is_held.wait()
    try:
        page.card.topics.toggle("kultur")  # without the mark this would never return
        page.card.facts.note_edit.setPlainText("weiter getippt")
        assert application.drafts.open_drafts(application.actor) == ()
    finally:
        may_end.set()
        thread.join()

    def kept() -> None:
        notes = [draft.content["note"] for draft in application.drafts.open_drafts(application.actor)]
        assert notes == ["weiter getippt"]

    qtbot.waitUntil(kept, timeout=2000)
