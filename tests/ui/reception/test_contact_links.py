"""Whose contact it is: a file or a visit card, seldom needed, kept as a number, never in the way of two keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.vocabulary import Fact
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Role
from desktop_app.visitors.records import ConsentEntry, ConsentKind, ContactLink, VisitorEntry
from tests.ui.reception.conftest import make_page
from ui.handouts.printing import PrintJob, prepare_printer
from ui.reception.card_state import Link
from ui.reception.link_field import LinkField
from ui.reception.page import ReceptionPage
from ui.shell.page import StatusMessage
from ui.theme.theme import ThemeController
from ui.visitors.paper import PaperDesk

RECORD = ConsentEntry(ConsentKind.RECORD, date(2026, 11, 22), "2026-11")


def link_of(page: ReceptionPage) -> LinkField:
    page.card.more.set_open(True)
    QApplication.processEvents()  # the questions are made when they are first asked for
    assert page.card.link is not None
    return page.card.link


def contact_id(application: Application) -> str:
    return application.contact_queries.contacts_of_day(application.clock.today())[0].contact_id


@pytest.fixture
def helga(application: Application) -> str:
    return application.visitors.create_file(application.actor, VisitorEntry(name="Helga Müller"), [RECORD])


def test_a_contact_is_linked_to_a_file_and_undone(
    qtbot: QtBot, page: ReceptionPage, application: Application, helga: str
) -> None:
    field = link_of(page)
    qtbot.keyClicks(field.field, "mueler")
    field.field.send_now()
    assert field.results.row_at(0).title == "Helga Müller"
    qtbot.keyClick(field.field, Qt.Key.Key_Return)
    assert field.words.text() == "Personenakte: Helga Müller"
    assert "1 Angabe" in page.card.more.button.text()
    page.card.press_topic_key("1")
    heard: list[StatusMessage] = []
    page.message.connect(heard.append)
    saved = page.save()
    assert saved is not None
    assert application.visitor_queries.link_of(saved.contact_id) == ContactLink(visitor_id=helga)
    assert page.card.state.link is None
    assert field.words.text() == ""
    heard[-1].undo()
    assert page.card.state.link == Link(visitor_id=helga)
    assert application.visitors.open_file(application.actor, helga).contacts == ()


def test_a_draft_holds_a_number_and_no_name(page: ReceptionPage, application: Application, helga: str) -> None:
    field = link_of(page)
    field.chosen.emit(f"file:{helga}")
    content = repr(application.store.sql("SELECT content FROM contact_draft"))
    assert helga in content
    assert "Helga" not in content
    again = make_page(application)
    assert again.card.state.link == Link(visitor_id=helga)
    again.deleteLater()


def test_a_revoked_consent_keeps_the_card_open(page: ReceptionPage, application: Application, helga: str) -> None:
    link_of(page).chosen.emit(f"file:{helga}")
    page.card.press_topic_key("1")
    consent = application.visitors.open_file(application.actor, helga).consents[0]
    application.visitors.revoke_consent(application.actor, consent.consent_id)
    assert page.save() is None
    assert "keine gültige Einwilligung" in page.problem.words.text()
    assert page.card.state.needs
    assert application.contact_queries.contacts_of_day(application.clock.today()) == ()


def test_someone_comes_again_with_a_card_and_no_name(
    qtbot: QtBot, page: ReceptionPage, application: Application, tmp_path: Path
) -> None:
    def printer(job: PrintJob, _parent: QWidget) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(tmp_path / "karte.pdf"))
        prepare_printer(made, job)
        return made

    page.paper_desk = PaperDesk(page, ask_printer=printer)
    field = link_of(page)
    field.card_button.click()
    code = field.words.text().split()[2].rstrip(".")
    assert field.print_button.isVisible()
    field.print_button.click()
    assert len(PdfReader(tmp_path / "karte.pdf").pages) == 1
    page.card.press_topic_key("1")
    first = page.save()
    assert first is not None
    field = link_of(page)
    qtbot.keyClicks(field.field, code.lower())
    field.field.send_now()
    assert field.results.row_at(0).title == "Besuchskarte, bisher 1 Besuch"
    qtbot.keyClick(field.field, Qt.Key.Key_Return)
    assert page.card.state.facts[Fact.VISIT_KIND] == "follow_up"
    assert not field.print_button.isVisible()
    page.card.press_topic_key("2")
    second = page.save()
    assert second is not None
    links = {application.visit_cards.card_of(one.contact_id) for one in (first, second)}
    assert len(links) == 1
    assert application.visit_cards.recognise(code).visits == 2
    assert code.replace("-", "") not in repr(application.store.sql("SELECT * FROM contact_draft"))


def test_a_card_is_forgotten_at_its_holders_wish(qtbot: QtBot, page: ReceptionPage, application: Application) -> None:
    issued = application.visit_cards.issue_card(application.actor)
    page.card.press_topic_key("1")
    link_of(page).chosen.emit(f"card:{issued.card_id}")
    assert not link_of(page).forget_button.isVisible(), "the card was not shown"
    page.save()
    field = link_of(page)
    qtbot.keyClicks(field.field, issued.code)
    field.field.send_now()
    qtbot.keyClick(field.field, Qt.Key.Key_Return)
    said: list[str] = []
    page.message.connect(lambda message: said.append(message.text))
    field.forget_button.click()
    assert field.forget_button.text() == "Wirklich vergessen"
    assert application.visit_cards.recognise(issued.code).visits == 1
    field.forget_button.click()
    assert page.card.state.link is None
    assert "1 Besuch" in said[-1]
    assert application.visit_cards.card_of(contact_id(application)) is None


def test_a_correction_takes_the_link_away_and_its_undo_brings_it_back(
    page: ReceptionPage, application: Application, helga: str
) -> None:
    link_of(page).chosen.emit(f"file:{helga}")
    page.card.press_topic_key("1")
    page.save()
    page._correct(contact_id(application))
    assert page.card.state.link == Link(visitor_id=helga)
    link_of(page).remove_button.click()
    heard: list[StatusMessage] = []
    page.message.connect(heard.append)
    saved = page.save()
    assert saved is not None
    assert application.visitor_queries.link_of(saved.contact_id) is None
    heard[-1].undo()
    assert application.visitor_queries.link_of(saved.contact_id) == ContactLink(visitor_id=helga)


def test_from_a_file_to_a_card_takes_two_steps(page: ReceptionPage, application: Application, helga: str) -> None:
    with pytest.raises(UserError, match="Personenakte"):
        page.presenter.links.correct(
            "contact", page.card.state.entry(), Link(visitor_id=helga), Link(card_id="card"), revision=1
        )


def test_the_front_desk_sees_no_names_and_keeps_the_tie_to_a_file(
    qtbot: QtBot, theme: ThemeController, page: ReceptionPage, application: Application, helga: str
) -> None:
    link_of(page).chosen.emit(f"file:{helga}")
    page.card.press_topic_key("1")
    page.save()
    volunteer = Application(application.folder, application.store, replace(application.actor, role=Role.FRONT_DESK))
    desk = make_page(volunteer)
    qtbot.addWidget(desk)
    field = link_of(desk)
    field.field.setText("Helga")
    field.field.send_now()
    assert field.results.row_count() == 0
    desk._correct(contact_id(application))
    assert desk.card.state.link is None
    assert link_of(desk).words.text() == ""
    desk.card.press_topic_key("2")
    assert desk.save() is not None
    assert application.visitor_queries.link_of(contact_id(application)) == ContactLink(visitor_id=helga)


@pytest.mark.parametrize("percent", [100, 200])
def test_the_field_is_named_and_not_cut_off(
    page: ReceptionPage,
    theme: ThemeController,
    helga: str,
    percent: int,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    qtbot: QtBot,
) -> None:
    theme.use_text_percent(percent)
    page.resize(1280, 900)
    field = link_of(page)
    field.field.setText("Helga")
    field.field.send_now()
    for _ in range(3):
        qtbot.wait(1)
    assert cut_off(field) == []
    assert unnamed_controls(field) == []
    field.card_button.click()
    qtbot.wait(1)
    assert cut_off(field) == []
    assert unnamed_controls(field) == []
