"""The sheet as a page of the window: the visitor's Merkzettel, or printing at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from tests.ui.office import LUNCH, SPORT
from ui.handouts.page import HandoutPage
from ui.handouts.printing import PrintJob, prepare_printer
from ui.handouts.targets import print_target
from ui.shell.basket import BasketItem
from ui.shell.context import PageContext


@pytest.fixture
def context(application: Application, make_context: Callable[..., PageContext]) -> PageContext:
    return make_context(application)


@pytest.fixture
def page(qtbot: QtBot, context: PageContext, tmp_path: Path) -> HandoutPage:
    def ask(job: PrintJob, _parent: QWidget) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "gedruckt.pdf"))
        prepare_printer(printer, job)
        return printer

    shown = HandoutPage(context.application, context.basket, context.tasks, ask_printer=ask)
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def wait_for_pdf(qtbot: QtBot, page: HandoutPage) -> None:
    qtbot.waitUntil(lambda: page.panel is not None and bool(page.panel.pdf()), timeout=20_000)


def test_the_merkzettel_of_the_visitor_is_shown_and_follows(
    qtbot: QtBot, page: HandoutPage, context: PageContext
) -> None:
    context.basket.add(BasketItem(LUNCH, "Mittagstisch"))
    page.on_shown()
    wait_for_pdf(qtbot, page)
    assert page.panel is not None
    assert page.panel.service_ids() == (LUNCH,)

    context.basket.add(BasketItem(SPORT, "Gymnastik"))

    assert page.panel.service_ids() == (LUNCH, SPORT)
    qtbot.waitUntil(lambda: page.panel is not None and page.panel.title_label.text() == "Merkzettel")


def test_print_at_once_prints_and_returns_to_the_reception(qtbot: QtBot, page: HandoutPage, tmp_path: Path) -> None:
    page.on_shown()
    with qtbot.waitSignal(page.open_requested, timeout=20_000) as asked:
        page.show_target(print_target("card-9", (SPORT, LUNCH)))

    assert asked.args[0] == "reception"
    assert (tmp_path / "gedruckt.pdf").read_bytes().startswith(b"%PDF")


def test_a_sheet_taken_away_while_it_is_made_harms_nothing(
    qtbot: QtBot, page: HandoutPage, context: PageContext
) -> None:
    page.on_shown()
    page.show_target(print_target("card-9", (SPORT,)))
    page._returns_after_print = False
    page.on_shown()
    page.show_target(print_target("card-9", (LUNCH,)))
    wait_for_pdf(qtbot, page)

    qtbot.waitUntil(lambda: context.tasks.running == 0, timeout=20_000)
    assert page.panel is not None
    assert page.panel.service_ids() == (LUNCH,)


def test_the_note_goes_with_the_visitor(qtbot: QtBot, page: HandoutPage, context: PageContext) -> None:
    item = BasketItem(LUNCH, "Mittagstisch")
    context.basket.add(item)
    page.on_shown()
    wait_for_pdf(qtbot, page)
    assert page.panel is not None
    page.panel.note_edit.setPlainText("Frau Yilmaz erwartet Sie")
    page.on_shown()
    assert page.panel.personal_note() == "Frau Yilmaz erwartet Sie"

    context.basket.clear()
    context.basket.add(item)
    page.on_shown()

    assert page.panel.personal_note() == ""


def test_another_visitor_with_the_same_services_gets_a_new_sheet(
    qtbot: QtBot, page: HandoutPage, context: PageContext
) -> None:
    items = (BasketItem(LUNCH, "Mittagstisch"),)
    context.basket.replace(items, owner="erste Karte")
    page.on_shown()
    wait_for_pdf(qtbot, page)
    assert page.panel is not None
    qtbot.keyClicks(page.panel.note_edit, "Frau Yilmaz erwartet Sie")
    assert page.panel.personal_note() == "Frau Yilmaz erwartet Sie"

    context.basket.replace(items, owner="zweite Karte")

    assert page.panel.personal_note() == ""
    context.basket.replace(items, owner="erste Karte")
    page.on_shown()
    assert page.panel.personal_note() == ""


def test_a_sheet_that_was_to_be_printed_at_once_leaves_nothing_for_the_next_visitor(
    qtbot: QtBot, page: HandoutPage, context: PageContext
) -> None:
    page._ask_printer = lambda _job, _parent: None  # changed their mind at the printer
    context.basket.replace((), owner="Karte")
    page.on_shown()
    page.show_target(print_target("card-9", (LUNCH,)))
    wait_for_pdf(qtbot, page)
    qtbot.waitUntil(lambda: context.tasks.running == 0, timeout=20_000)
    assert page.panel is not None
    qtbot.keyClicks(page.panel.note_edit, "Frau Yilmaz erwartet Sie")

    context.basket.add(BasketItem(LUNCH, "Mittagstisch"))
    page.on_shown()

    assert page.panel.personal_note() == ""


def test_a_note_typed_before_saving_is_printed_for_this_visitor_only(
    qtbot: QtBot, page: HandoutPage, context: PageContext
) -> None:
    context.basket.replace([BasketItem(LUNCH, "Mittagstisch")], owner="card-1")
    page.on_shown()
    assert page.panel is not None
    page.panel.note_edit.setPlainText("Bitte klingeln")
    page.hide()  # Empfang is in front again
    context.basket.replace([], owner="card-2")  # the card was saved, the next is blank

    page.show_target(print_target("card-1", (LUNCH,)))
    assert page.panel.personal_note() == "Bitte klingeln"
    qtbot.waitUntil(lambda: not context.tasks.running, timeout=20_000)

    page.show_target(print_target("card-2", (LUNCH,)))
    assert page.panel.personal_note() == ""
    qtbot.waitUntil(lambda: not context.tasks.running, timeout=20_000)
