"""What tests of screens need: the look, a context for pages, a walk over accessible names, clipped words."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabBar, QWidget

from desktop_app.core.notices import NoticeBoard
from ui.shell.basket import Basket
from ui.shell.context import PageContext
from ui.shell.notices import NoticeBridge
from ui.shell.preferences import PreferencesFile
from ui.shell.tasks import TaskRunner
from ui.theme.theme import ThemeController, ThemeMode

_CONTROLS = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.List,
    QAccessible.Role.Table,
    QAccessible.Role.Tree,
    QAccessible.Role.PageTabList,
    QAccessible.Role.PageTab,
    QAccessible.Role.SpinBox,
    QAccessible.Role.ProgressBar,
    QAccessible.Role.Slider,
}


@pytest.fixture(autouse=True)
def garbage_in_the_gui_thread() -> Iterator[None]:
    """Collect cyclic garbage where the program does (``ui.shell.garbage``): never in a worker that happens to allocate.

    A worker would delete widgets of earlier tests outside their thread, and the test that runs just then would fail for it.
    """
    was_on = gc.isenabled()
    gc.disable()
    yield
    gc.collect(1)  # all that this test left: without the automatic collection nothing has grown older
    if was_on:
        gc.enable()


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> ThemeController:
    """The look of the program, light at 100 %. Tests that change it use ``theme``."""
    controller = ThemeController(qapp, mode=ThemeMode.LIGHT)
    # The program dresses its windows; tests show parts of them alone, so here the whole application is dressed.
    controller.changed.connect(lambda: qapp.setStyleSheet(controller.style_sheet))
    qapp.setStyleSheet(controller.style_sheet)
    return controller


@pytest.fixture
def theme(look: ThemeController) -> Iterator[ThemeController]:
    """The look, light at 100 % before and after."""
    _put_back(look)
    yield look
    # What the test showed is closed and waits to be deleted: styling it anew would take longer than most tests.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    _put_back(look)


def _put_back(look: ThemeController) -> None:
    if look.mode is not ThemeMode.LIGHT:
        look.use_mode(ThemeMode.LIGHT)
    if look.text_percent != 100:
        look.use_text_percent(100)


@pytest.fixture
def make_context(theme: ThemeController, tmp_path: Path) -> Iterator[Callable[..., PageContext]]:
    """``make_context(application)`` gives what a page is handed; tasks and notices end with the test."""
    made: list[PageContext] = []

    def make(application: Any, board: NoticeBoard | None = None) -> PageContext:
        notices = board if board is not None else getattr(application, "notices", None) or NoticeBoard()
        context = PageContext(
            application=application,
            tasks=TaskRunner(),
            notices=NoticeBridge(notices),
            theme=theme,
            basket=Basket(),
            preferences=PreferencesFile(tmp_path),
        )
        made.append(context)
        return context

    yield make
    for context in made:
        context.tasks.close()
        context.notices.close()


@pytest.fixture
def unnamed_controls() -> Callable[[QWidget], list[str]]:
    """``assert unnamed_controls(page) == []``: every control a screen reader can reach has a name."""

    def walk(interface: QAccessibleInterface, found: list[str], path: str) -> None:
        role = interface.role()
        here = f"{path}/{role.name}"
        if role in _CONTROLS and not interface.state().invisible and not _name(interface):
            found.append(here)
        if role in {QAccessible.Role.List, QAccessible.Role.Table, QAccessible.Role.ComboBox, QAccessible.Role.SpinBox}:
            return  # what is inside is data
        for place in range(interface.childCount()):
            child = interface.child(place)
            if child is not None:
                walk(child, found, here)

    def names(widget: QWidget) -> list[str]:
        found: list[str] = []
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        walk(interface, found, "")
        return found

    return names


def _name(interface: QAccessibleInterface) -> str:
    """The name; Qt on Linux gives a drop-down list's value as its name and tells its label by relation."""
    if interface.role() == QAccessible.Role.ComboBox:
        widget = interface.object()
        named = isinstance(widget, QWidget) and widget.accessibleName()
        return named or next((other.text(QAccessible.Text.Name) for other, _kind in interface.relations()), "")
    bar = interface.object()
    if isinstance(bar, QTabBar) and not bar.count():
        return "-"  # Qt names the list after its current tab
    return interface.text(QAccessible.Text.Name).strip()


@pytest.fixture
def cut_off() -> Callable[[QWidget], list[str]]:
    """``assert cut_off(page) == []``: no button or label is smaller than its words, none leaves its parent sideways.

    The widget must be shown in the size to be judged.
    """

    def judge(root: QWidget) -> list[str]:
        found = []
        for widget in root.findChildren(QWidget):
            if not widget.isVisibleTo(root) or not isinstance(widget, QAbstractButton | QLabel) or not _words(widget):
                continue
            if isinstance(widget, QLabel) and type(widget).__name__ == "ElidedLabel":
                continue
            needed = widget.minimumSizeHint()
            if isinstance(widget, QLabel) and widget.wordWrap():
                tall = widget.heightForWidth(widget.width())
                if widget.height() < tall - 2:
                    found.append(f"{_words(widget)!r}: {widget.height()} of {tall} px high")
            elif widget.width() < needed.width() - 2 or widget.height() < needed.height() - 2:
                found.append(f"{_words(widget)!r}: {widget.size().toTuple()} of {needed.toTuple()}")
            left = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
            if left.right() > root.width() + 1 or left.left() < -1:
                found.append(f"{_words(widget)!r}: leaves the window sideways ({left.left()} to {left.right()})")
        return found

    return judge


def _words(widget: QAbstractButton | QLabel) -> str:
    return widget.text().strip()
