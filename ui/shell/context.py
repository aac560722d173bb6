"""What every page is given: the open application and the services of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.permissions import Action
    from ui.shell.basket import Basket
    from ui.shell.notices import NoticeBridge
    from ui.shell.page import Page
    from ui.shell.preferences import PreferencesFile
    from ui.shell.tasks import TaskRunner
    from ui.theme.theme import ThemeController


@dataclass(frozen=True, slots=True)
class PageContext:
    """Handed to every page when it is made: ``ReceptionPage(context)``."""

    application: Application
    tasks: TaskRunner
    notices: NoticeBridge
    theme: ThemeController
    basket: Basket
    preferences: PreferencesFile


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page the window knows; it is made when it is first shown.

    ``in_rail=False`` keeps it out of the navigation (the Merkzettel is opened by its button). Accounts without the
    right it ``needs`` don't see it.
    """

    key: str
    title: str
    icon_name: str
    make: Callable[[PageContext], Page]
    in_rail: bool = True
    needs: Action | None = None
