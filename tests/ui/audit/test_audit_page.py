"""Protokoll by real keys: read, filter, turn pages, check with and without a value, hand it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.audit.export import AuditFormat
from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.errors import InputError
from desktop_app.core.permissions import Role
from tests.ui.office import doubled_mnemonics, settle
from ui.administration.page import AdministrationPage
from ui.audit.page import AuditPage
from ui.audit.presenter import ROWS_A_PAGE, read_day
from ui.pages import allowed_entries
from ui.shell.context import PageContext
from ui.shell.page import StatusMessage
from ui.theme.theme import ThemeController


class Log:
    """The page, where it saves, and what it said."""

    def __init__(self, qtbot: QtBot, context: PageContext, folder: Path) -> None:
        self.qtbot = qtbot
        self.target: Path | None = folder / "protokoll"
        self.messages: list[StatusMessage] = []
        self.page = AuditPage(context.application, tasks=context.tasks, target_question=self._answer)
        self.page.message.connect(self.messages.append)
        qtbot.addWidget(self.page)
        self.page.resize(1080, 640)
        with qtbot.waitExposed(self.page):
            self.page.show()
        self.page.activateWindow()
        self.after(self.page.on_shown)

    def _answer(self, _parent: QWidget, _name: str, _format: AuditFormat) -> Path | None:
        return self.target

    def after(self, step: Callable[[], object]) -> None:
        with self.qtbot.waitSignal(self.page.loaded, timeout=20_000):
            step()

    def column(self, number: int) -> list[str]:
        return [row[number] for row in self.page.table.cells()]

    def check(self) -> str:
        with self.qtbot.waitSignal(self.page.checked, timeout=20_000):
            self.page.check_button.click()
        return self.page.verdict.words.text()


@pytest.fixture
def contact_id(application: Application) -> str:
    entry = ContactEntry(needs=(NeedEntry("pflege"),), note="Streit mit dem Sohn")
    contact_id = application.contacts.record_contact(application.actor, entry)
    application.contacts.read_note(application.actor, contact_id)
    return contact_id


@pytest.fixture
def log(
    qtbot: QtBot, application: Application, contact_id: str, make_context: Callable[..., PageContext], tmp_path: Path
) -> Log:
    return Log(qtbot, make_context(application), tmp_path)


def test_the_newest_entries_stand_on_top_in_words(log: Log, contact_id: str) -> None:
    newest, recorded, signed_in = log.page.table.cells()[:3]
    assert newest[:4] == [
        "22.11.2026 10:40",
        "Erika Muster",
        "Vertrauliche Notiz gelesen",
        f"Kontakt …{contact_id[-12:]}",
    ]
    assert recorded[2] == "Kontakt erfasst"
    assert signed_in[2] == "Angemeldet"
    assert int(newest[4]) == int(recorded[4]) + 1
    assert "Sohn" not in str(log.page.table.cells())
    assert not log.page.newer_button.isEnabled()


def test_filters_by_kind_person_and_day(log: Log, qtbot: QtBot, application: Application) -> None:
    log.page.kind.combo.setFocus()
    log.after(lambda: qtbot.keyClicks(log.page.kind.combo, "Gel"))
    assert log.column(2) == ["Vertrauliche Notiz gelesen"]
    log.after(lambda: log.page.kind.combo.setCurrentIndex(0))
    assert len(log.column(2)) > 2
    log.after(lambda: log.page.person.combo.setCurrentIndex(1))
    assert set(log.column(1)) == {"Erika Muster"}

    log.page.day.edit.setFocus()
    qtbot.keyClicks(log.page.day.edit, "21.11.2026")
    log.after(lambda: qtbot.keyClick(log.page.day.edit, Qt.Key.Key_Return))
    assert log.page.table.cells() == []
    assert log.page.empty.isVisible()
    log.page.day.set_text("gestern")
    qtbot.keyClick(log.page.day.edit, Qt.Key.Key_Return)
    assert "TT.MM.JJJJ" in log.page.day.below.text()
    log.page.day.set_text("22.11.26")
    log.after(lambda: qtbot.keyClick(log.page.day.edit, Qt.Key.Key_Return))
    assert len(log.column(2)) > 2
    assert not log.page.day.below.isVisible()


def test_pages_are_turned_back_and_forth(log: Log, application: Application) -> None:
    for _ in range(ROWS_A_PAGE):
        application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("wohnen"),)))
    log.after(log.page.on_shown)
    first = log.column(4)
    assert len(first) == ROWS_A_PAGE
    log.after(log.page.older_button.click)
    second = log.column(4)
    assert int(second[0]) == int(first[-1]) - 1
    assert second[-1] == "1"
    assert not log.page.older_button.isEnabled()
    log.after(log.page.newer_button.click)
    assert log.column(4) == first
    log.after(log.page.older_button.click)
    log.after(lambda: log.page.kind.combo.setCurrentIndex(1))
    assert log.column(2) == ["Vertrauliche Notiz gelesen"], "another filter begins with its newest"


def test_a_check_says_what_it_found_and_gives_a_value_to_keep(log: Log, application: Application) -> None:
    assert "in sich unverändert" in log.check()
    log.page.copy_button.click()
    value = QGuiApplication.clipboard().text()
    assert value in log.page.anchor.text()
    application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("wohnen"),)))
    log.page.anchor_field.set_text(value)
    assert "Auch der Prüfwert" in log.check()
    log.page.anchor_field.set_text(f"9999-{value.partition('-')[2]}")
    assert "Das Ende fehlt" in log.check()
    log.page.anchor_field.set_text("irgendwas")
    log.page.check_button.click()
    assert "ist kein Prüfwert" in log.page.anchor_field.below.text()
    assert log.page.anchor_field.edit.hasFocus()


def test_tampering_is_shown(log: Log, application: Application) -> None:
    application.store.execute("DROP TRIGGER audit_entry_never_changes")
    application.store.execute("UPDATE audit_entry SET account_id = 'jemand anders' WHERE sequence = 2")
    assert log.check().startswith("Eintrag 2 (")


@pytest.mark.parametrize("export_format", AuditFormat)
def test_the_log_is_saved_and_that_is_an_entry(log: Log, qtbot: QtBot, export_format: AuditFormat) -> None:
    log.page.format.set_value(export_format)
    log.after(log.page.export_button.click)
    assert log.target is not None
    path = log.target.with_name(f"protokoll.{export_format.value}")
    assert log.messages[-1].text == f"„{path.name}“ gespeichert."
    assert "export_audit" in path.read_text(encoding="utf-8-sig")
    if export_format is AuditFormat.JSON:
        assert json.loads(path.read_text(encoding="utf-8"))["entries"]
    assert log.column(2)[0] == "Protokoll als Datei gespeichert"


def test_a_file_that_is_there_is_not_replaced_unasked(log: Log, qtbot: QtBot) -> None:
    assert log.target is not None
    existing = log.target.with_name("protokoll.csv")
    existing.write_text("wichtig", encoding="utf-8")
    log.page.export_button.click()
    qtbot.waitUntil(log.page.problem.isVisible, timeout=20_000)
    assert "gibt es schon" in log.page.problem.words.text()
    assert existing.read_text(encoding="utf-8") == "wichtig"
    log.target = None
    log.page.export_button.click()
    assert log.page.export_button.isEnabled()


def test_every_control_has_a_name_and_a_key_of_its_own(
    log: Log, unnamed_controls: Callable[[QWidget], list[str]]
) -> None:
    log.check()
    assert unnamed_controls(log.page) == []
    assert doubled_mnemonics(log.page) == {}


@pytest.mark.parametrize(("width", "percent"), [(700, 100), (1280, 100), (900, 175)])
def test_nothing_is_cut_off(
    log: Log, width: int, percent: int, theme: ThemeController, cut_off: Callable[[QWidget], list[str]]
) -> None:
    log.check()
    theme.use_text_percent(percent)
    log.page.resize(width, 640)
    settle(log.page)
    assert cut_off(log.page) == []


def test_days_are_read_as_they_are_written() -> None:
    assert read_day(" ") is None
    assert str(read_day("3.9.2026")) == str(read_day("2026-09-03")) == str(read_day("03.09.26")) == "2026-09-03"
    with pytest.raises(InputError):
        read_day("31.02.2026")


def test_verwaltung_leads_here_for_those_who_may(
    qtbot: QtBot, application: Application, make_context: Callable[..., PageContext]
) -> None:
    for role in Role:
        other = Application(application.folder, application.store, replace(application.actor, role=role))
        allowed = role in {Role.COORDINATION, Role.ADMINISTRATION}
        assert ("audit" in {entry.key for entry in allowed_entries(other)}) is allowed
    context = make_context(application)
    page = AdministrationPage(application, context.notices, tasks=context.tasks)
    qtbot.addWidget(page)
    page.show_part("program")
    with qtbot.waitSignal(page.open_requested) as asked:
        page.audit_button.click()
    assert asked.args == ["audit", None]


def test_without_room_for_columns_the_parts_of_an_entry_stand_below_one_another(
    log: Log, theme: ThemeController, contact_id: str
) -> None:
    table = log.page.table
    assert not table.is_stacked
    theme.use_text_percent(200)
    log.page.resize(920, 560)
    settle(log.page)
    assert table.is_stacked
    first = str(table.model().index(0, 0).data())
    for part in ("22.11.2026 10:40", "Erika Muster", "Vertrauliche Notiz gelesen", contact_id[-12:]):
        assert part in first
    lines = first.splitlines()
    assert max(table.fontMetrics().horizontalAdvance(line) for line in lines) < table.columnWidth(0)
    assert table.rowHeight(0) >= len(lines) * table.fontMetrics().height()
    assert table.cells()[0][1] == "Erika Muster"
    theme.use_text_percent(100)
    log.page.resize(1080, 640)
    settle(log.page)
    assert not table.is_stacked
