"""What is due to be erased is said to whoever may erase it, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.clock import FixedClock
from desktop_app.core.permissions import Role
from desktop_app.retention.records import DataKind
from tests.ui.office import application, office_templates, surroundings
from ui.administration.page import RETENTION_TARGET, AdministrationPage
from ui.pages import ADMINISTRATION, allowed_entries
from ui.shell.context import PageContext
from ui.shell.main_window import MainWindow
from ui.shell.page import Target
from ui.shell.retention_reminder import RetentionReminder

__all__ = ["application", "office_templates", "surroundings"]


def reminder(
    application: Application, make_context: Callable[..., PageContext], qtbot: QtBot
) -> tuple[RetentionReminder, MainWindow]:
    context = make_context(application)
    window = MainWindow(context, allowed_entries(application), office_name="Büro")
    qtbot.addWidget(window)
    return RetentionReminder(
        window, context, lambda: window.open_page(ADMINISTRATION, Target(RETENTION_TARGET, ""))
    ), window


@pytest.fixture
def overdue(application: Application, clock: FixedClock) -> Application:
    """An office with a note that is due."""
    application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),), note="Bitte"))
    clock.advance(timedelta(days=200))
    return application


def test_one_press_leads_to_what_is_due_and_after_the_erasure_it_is_gone(
    overdue: Application, make_context: Callable[..., PageContext], qtbot: QtBot
) -> None:
    found, window = reminder(overdue, make_context, qtbot)
    found.look()
    qtbot.waitUntil(lambda: found.notice is not None)
    assert found.notice is not None
    assert found.notice.words.text() == "Zum Löschen fällig: Vertrauliche Notizen (1)."
    found.notice.button.click()
    page = window.page(ADMINISTRATION)
    assert isinstance(page, AdministrationPage)
    assert page.retention_part.kinds.current_key() == "notes"
    overdue.retention.erase_due(overdue.actor, DataKind.NOTES)
    qtbot.waitUntil(lambda: found.notice is None)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATION])
def test_who_may_not_erase_is_told_no_numbers(
    overdue: Application, make_context: Callable[..., PageContext], qtbot: QtBot, role: Role
) -> None:
    other = Application(overdue.folder, overdue.store, replace(overdue.actor, role=role))
    found, window = reminder(other, make_context, qtbot)
    found.look()
    assert window.tasks.running == 0
    assert found.notice is None
