"""Aufbewahrung on screen: terms within bounds, a look and a yes before erasing, the receipt after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.clock import FixedClock
from desktop_app.core.permissions import Role
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from tests.ui.office import doubled_mnemonics, settle
from ui.administration.page import AdministrationPage
from ui.administration.retention_part import RetentionPart
from ui.shell.context import PageContext
from ui.theme.theme import ThemeController

NOTE = "Möchte nicht angerufen werden."


@pytest.fixture
def part(
    application: Application, make_context: Callable[..., PageContext], tmp_path: Path, clock: FixedClock, qtbot: QtBot
) -> RetentionPart:
    """The part in an office with one note that is due; the receipt goes to a file, the printer is a list."""
    application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),), note=NOTE))
    clock.advance(timedelta(days=200))
    context = make_context(application)
    part = RetentionPart(
        application,
        context.notices,
        context.tasks,
        ask_file=lambda _parent, name: tmp_path / name,
        print_sheet=lambda _parent, _title, pdf: pdf.startswith(b"%PDF"),
    )
    qtbot.addWidget(part)
    part.resize(900, 900)
    part.show()
    part.refresh()
    return part


def notes(application: Application) -> int:
    return int(application.store.sql("SELECT count(*) FROM contact_note")[0][0])


def test_what_is_due_comes_first_and_goes_after_a_yes(
    part: RetentionPart, application: Application, tmp_path: Path, qtbot: QtBot
) -> None:
    assert part.kinds.current_key() == "notes"
    part.erase_button.click()
    assert part.is_asking
    assert notes(application) == 1
    part.keep_button.click()
    assert not part.is_asking
    assert notes(application) == 1
    part.erase_button.click()
    part.confirm_button.click()
    qtbot.waitUntil(part.receipt_card.isVisible)
    assert notes(application) == 0
    assert not part.is_asking
    part.kinds.set_current_key("notes")
    assert not part.erase_button.isEnabled()
    said: list[str] = []
    part.said.connect(said.append)
    part.save_button.click()
    assert next(tmp_path.glob("loeschquittung-*.pdf")).read_bytes().startswith(b"%PDF")
    part.print_button.click()
    assert len(said) == 2


def test_a_term_is_changed_within_its_bounds(part: RetentionPart, application: Application) -> None:
    part.kinds.set_current_key("notes")
    for wrong in ("", "drei", "0", "99"):
        part.months.set_text(wrong)
        part.change_button.click()
        assert "zwischen 1 und 36" in part.months.below.text()
    part.months.set_text("12")
    part.change_button.click()
    assert part.months.below.text() == ""
    assert next(rule.months for rule in application.retention.rules() if rule.rule.kind == "notes") == 12
    assert part.kinds.current_key() == "notes"
    assert not part.erase_button.isEnabled()
    part.kinds.set_current_key("audit")
    assert not part.change_button.isVisible()
    assert not part.erase_button.isEnabled()


def test_the_part_stands_in_the_administration_and_nothing_is_cut_off(
    application: Application,
    make_context: Callable[..., PageContext],
    theme: ThemeController,
    qtbot: QtBot,
    unnamed_controls: Callable[[QWidget], list[str]],
    cut_off: Callable[[QWidget], list[str]],
) -> None:
    context = make_context(application)
    page = AdministrationPage(application, context.notices, tasks=context.tasks)
    qtbot.addWidget(page)
    page.show_part("retention")
    page.show()
    shown = page.retention_part
    (application.folder.root / "quartierslotse.beschaedigt-20261122-104000.db").write_bytes(b"x")
    shown.refresh()
    shown.copies_card.remove_button.click()
    for card in (shown.question_card, shown.receipt_card, shown.clean_up_row):
        card.show()
    for percent, size in ((100, (1100, 800)), (200, (1000, 700))):
        theme.use_text_percent(percent)
        page.resize(*size)
        settle(page)
        qtbot.waitUntil(lambda: cut_off(page) == [])
        assert unnamed_controls(page) == []
        assert doubled_mnemonics(page) == {}
    assert application.actor.role is Role.COORDINATION


def test_a_copy_that_was_set_aside_is_listed_and_goes_after_a_yes(
    part: RetentionPart, application: Application, qtbot: QtBot
) -> None:
    card = part.copies_card
    assert not card.isVisible()
    aside = application.folder.root / "quartierslotse.beschaedigt-20261122-104000.db"
    aside.write_bytes(b"x")
    part.refresh()
    assert card.isVisible()
    assert card.copies.row_at(0).title == "Beschädigte Datenbank vor der Rettung"
    card.remove_button.click()
    assert part.is_asking
    assert aside.name in card.question.words.text()
    part.cancel_question()
    assert not part.is_asking
    assert aside.exists()
    card.remove_button.click()
    card.confirm_button.click()
    assert not aside.exists()
    assert not card.isVisible()


def test_a_former_stick_that_is_away_is_named(part: RetentionPart, application: Application, tmp_path: Path) -> None:
    for name in ("A", "B"):
        (tmp_path / name).mkdir()
        application.backups.choose_folder(application.actor, tmp_path / name)
        application.backups.make()
    card = part.copies_card
    assert card.copies.row_count() == 1
    assert not card.forget_button.isVisible(), "what is there is thinned by itself"
    assert not card.remove_button.isVisible()
    (tmp_path / "A").rename(tmp_path / "weg")
    part.refresh()
    assert card.copies.row_at(0).badges[0].text == "nicht da"
    card.forget_button.click()
    card.confirm_button.click()
    assert not card.isVisible()


def test_before_erasing_it_is_seen_whose_and_since_when(
    part: RetentionPart, application: Application, clock: FixedClock
) -> None:
    consent = ConsentEntry(ConsentKind.RECORD, application.clock.today(), "1")
    anna = application.visitors.create_file(application.actor, VisitorEntry(name="Anna Beispiel"), [consent])
    given = application.visitors.open_file(application.actor, anna).consents[0]
    application.visitors.revoke_consent(application.actor, given.consent_id)
    part.refresh()
    part.kinds.set_current_key("visitors")
    assert part.due_items.row_at(0).title == "Anna Beispiel"
    part.erase_button.click()
    assert part.question_items.row_at(0).title == "Anna Beispiel"
    assert "ohne gültige Einwilligung" in part.question_items.row_at(0).detail
    part.cancel_question()
    part.kinds.set_current_key("audit")
    assert not part.due_items.isVisible()


def test_who_may_not_read_files_sees_days_and_no_name(
    part: RetentionPart, application: Application, make_context: Callable[..., PageContext], qtbot: QtBot
) -> None:
    consent = ConsentEntry(ConsentKind.RECORD, application.clock.today(), "1")
    anna = application.visitors.create_file(application.actor, VisitorEntry(name="Anna Beispiel"), [consent])
    given = application.visitors.open_file(application.actor, anna).consents[0]
    application.visitors.revoke_consent(application.actor, given.consent_id)
    other = Application(application.folder, application.store, replace(application.actor, role=Role.ADMINISTRATION))
    context = make_context(other)
    theirs = RetentionPart(other, context.notices, context.tasks)
    qtbot.addWidget(theirs)
    theirs.refresh()
    theirs.kinds.set_current_key("visitors")
    assert theirs.due_items.row_at(0).title == "Personenakte"
    assert "fällig seit" in theirs.due_items.row_at(0).detail
    assert not theirs.erase_button.isVisibleTo(theirs)
    assert "Löschen kann die Koordination" in theirs.intro.text()
    assert "löschen Sie es" not in theirs.intro.text()


def test_a_receipt_that_nobody_kept_does_not_go_with_one_key(
    application: Application,
    make_context: Callable[..., PageContext],
    theme: ThemeController,
    clock: FixedClock,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    for _ in range(2):
        application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),), note=NOTE))
        clock.advance(timedelta(days=200))
    context = make_context(application)
    page = AdministrationPage(application, context.notices, tasks=context.tasks)
    qtbot.addWidget(page)
    theme.use_text_percent(200)
    page.resize(1024, 700)
    page.show_part("retention")
    page.show()
    settle(page)
    shown = page.retention_part
    shown._ask_file = lambda _parent, name: tmp_path / name
    for is_saved in (False, True):
        if is_saved:
            application.contacts.record_contact(
                application.actor, ContactEntry(needs=(NeedEntry("pflege"),), note=NOTE)
            )
            clock.advance(timedelta(days=200))
            shown.refresh()
        shown.kinds.set_current_key("notes")
        shown.erase_button.click()
        shown.confirm_button.click()
        qtbot.waitUntil(shown.receipt_card.isVisible)
        qtbot.waitUntil(lambda: not shown.work.is_running)

        def is_seen() -> bool:
            pane, button = shown.pane.viewport(), shown.save_button
            top = button.mapTo(pane, QPoint(0, 0)).y()
            return top >= 0 and top + button.height() <= pane.height()

        qtbot.waitUntil(is_seen)
        for _ in range(2):
            assert page.go_back(), "Esc stays on the page"
            assert shown.receipt_card.isVisible()
        assert shown.receipt_warning.isVisible()
        if is_saved:
            shown.save_button.click()
            assert page.go_back()
        else:
            shown.without_button.click()
        assert not shown.receipt_card.isVisible()
        assert not page.go_back()
