"""What the directory offers to accounts that may not do everything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.core.permissions import Role
from tests.ui.office import application, empty_application, office_templates, surroundings
from ui.directory.page import DirectoryPage
from ui.shell.basket import Basket
from ui.shell.notices import NoticeBridge
from ui.theme.theme import ThemeController

__all__ = ["application", "empty_application", "office_templates", "surroundings"]


def page_for(role: Role, application: Application, bridge: NoticeBridge, qtbot: QtBot) -> DirectoryPage:
    other = Application(application.folder, application.store, replace(application.actor, role=role))
    made = DirectoryPage(other, bridge, Basket())
    qtbot.addWidget(made)
    made.resize(1100, 800)
    made.show()
    return made


@pytest.mark.parametrize(
    ("role", "imports", "works"),
    [(Role.COORDINATION, True, True), (Role.FRONT_DESK, False, True), (Role.ADMINISTRATION, False, False)],
)
def test_only_what_the_role_may_do_is_offered(
    role: Role, imports: bool, works: bool, application: Application, theme: ThemeController, qtbot: QtBot
) -> None:
    bridge = NoticeBridge(application.notices)
    page = page_for(role, application, bridge, qtbot)
    page.open_service(page.results.current_key() or application.directory_queries.search("")[0].service_id)
    panel = page.record
    assert page.import_button.isVisible() is imports
    shown = [button.isVisibleTo(panel) for button in (panel.basket_button, panel.sheet_button, panel.referral_button)]
    assert shown == [works] * 3
    assert panel.check_button.isVisibleTo(panel) is works
    bridge.close()


def test_an_empty_directory_says_who_can_fill_it(
    empty_application: Application, theme: ThemeController, qtbot: QtBot
) -> None:
    bridge = NoticeBridge(empty_application.notices)
    page = page_for(Role.FRONT_DESK, empty_application, bridge, qtbot)
    assert page.welcome.isVisible()
    assert not page.welcome.file_button.isVisible()
    bridge.close()
