"""A half-typed visitor file: there again after crash and lock, gone when it is cancelled, erased or a day old."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, Surroundings, open_application
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from tests.ui.office import PASSWORD
from ui.shell.notices import NoticeBridge
from ui.shell.page import StatusMessage
from ui.theme.theme import ThemeController
from ui.visitors.page import VisitorsPage

ROOT = Path(__file__).resolve().parents[3]
NAME = "Anna Beispiel"


class NoticedPage(VisitorsPage):
    """The page with what brings it notices."""

    def __init__(self, application: Application) -> None:
        self.notices = NoticeBridge(application.notices)
        super().__init__(application, self.notices)


def open_page(qtbot: QtBot, application: Application) -> VisitorsPage:
    page = NoticedPage(application)
    qtbot.addWidget(page)
    page.resize(1100, 760)
    with qtbot.waitExposed(page):
        page.show()
    return page


@pytest.fixture
def page(qtbot: QtBot, theme: ThemeController, application: Application) -> VisitorsPage:
    return open_page(qtbot, application)


def begin(page: VisitorsPage) -> None:
    page.new_button.click()
    page.new_file.consents.boxes[ConsentKind.RECORD].setChecked(True)
    page.new_file.entry.fields["name"].edit.setText(NAME)


def drafts(application: Application) -> list[str]:
    return [row[0] for row in application.store.sql("SELECT content FROM contact_draft")]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_kill_9_loses_nothing_typed(
    qtbot: QtBot, theme: ThemeController, application: Application, surroundings: Surroundings
) -> None:
    application.close()
    arguments = [str(application.folder.root), "erika", PASSWORD]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ui.visitors.typing_process", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as typing:  # fmt: skip
        assert typing.stdout is not None
        assert typing.stdout.readline() == "typed\n"
        typing.send_signal(signal.SIGKILL)
        typing.wait(20)
    again = open_application(application.folder, "erika", PASSWORD, surroundings)
    page = open_page(qtbot, again)
    said: list[StatusMessage] = []
    page.message.connect(said.append)
    page.on_shown()
    assert page.new_file.isVisible()
    assert page.new_file.consents.has_tick(ConsentKind.RECORD)
    assert page.new_file.entry.entry().name == NAME
    assert page.new_file.entry.entry().remarks == "kommt am Dienstag wieder"
    assert "noch da" in said[0].text
    again.close()


def test_the_lock_keeps_what_was_typed_in_the_last_moment(page: VisitorsPage, application: Application) -> None:
    begin(page)
    assert drafts(application) == []
    page.on_closing()
    assert NAME in drafts(application)[0]


def test_without_the_consent_nothing_is_kept(qtbot: QtBot, page: VisitorsPage, application: Application) -> None:
    begin(page)
    page.on_closing()
    page.new_file.consents.boxes[ConsentKind.RECORD].setChecked(False)
    page.on_closing()
    assert drafts(application) == []
    page.new_file.consents.boxes[ConsentKind.CONTACT_AGAIN].setChecked(True)
    page.on_closing()
    assert drafts(application) == []


def test_cancel_erases_it_and_can_be_taken_back(page: VisitorsPage, application: Application) -> None:
    said: list[StatusMessage] = []
    page.message.connect(said.append)
    begin(page)
    page.on_closing()
    page.new_file.cancel_button.click()
    page.on_closing()
    assert drafts(application) == []
    assert not page.new_file.has_text()
    assert said[-1].undo is not None
    said[-1].undo()
    assert page.new_file.isVisible()
    assert page.new_file.entry.entry().name == NAME
    assert NAME in drafts(application)[0]


def test_the_made_file_leaves_no_draft(page: VisitorsPage, application: Application) -> None:
    begin(page)
    page.on_closing()
    page.new_file.save()
    page.on_closing()
    assert drafts(application) == []
    assert [hit.name for hit in application.visitor_queries.search(NAME)] == [NAME]


def test_erasing_the_person_erases_the_half_typed_second_file(page: VisitorsPage, application: Application) -> None:
    consent = ConsentEntry(ConsentKind.RECORD, application.clock.today(), "2026-11")
    visitor_id = application.visitors.create_file(application.actor, VisitorEntry(name="anna beispiel"), [consent])
    begin(page)
    page.on_closing()
    application.retention.erase_visitor(application.actor, visitor_id)
    QApplication.processEvents()
    page.on_closing()
    assert drafts(application) == []
    assert not page.new_file.has_text()


def test_a_contact_card_is_not_made_of_it(page: VisitorsPage, application: Application) -> None:
    begin(page)
    page.on_closing()
    assert application.drafts.open_drafts(application.actor) == ()
