"""What another desk erased leaves the file of this one at its next lock, whoever is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.core.permissions import Role
from tests.ui.office import application, office_templates, surroundings
from ui.pages import allowed_entries
from ui.shell.context import PageContext
from ui.shell.main_window import MainWindow
from ui.shell.rewriting import RewritingAtRest

__all__ = ["application", "office_templates", "surroundings"]


@pytest.mark.parametrize("role", list(Role))
def test_the_lock_rewrites_what_waits(
    application: Application, make_context: Callable[..., PageContext], qtbot: QtBot, role: Role
) -> None:
    person = Application(application.folder, application.store, replace(application.actor, role=role))
    context = make_context(person)
    window = MainWindow(context, allowed_entries(person), office_name="Büro")
    qtbot.addWidget(window)
    RewritingAtRest(window, context)
    window.lock(QWidget())
    assert window.tasks.running == 0, "nothing waits: nothing is done"
    window.unlock()
    application.settings.set_value(application.actor, "retention.clean_up", True)
    for number in range(50):
        application.drafts.keep(
            application.actor, f"entwurf-{number}", 0, application.clock.now(), {"note": "x" * 3000}
        )
    for number in range(50):
        application.drafts.discard(application.actor, f"entwurf-{number}")
    assert application.store.sql("PRAGMA freelist_count") != [(0,)]
    window.lock(QWidget())
    qtbot.waitUntil(lambda: window.tasks.running == 0)
    assert not application.retention.needs_clean_up()
    assert application.store.sql("PRAGMA freelist_count") == [(0,)]
