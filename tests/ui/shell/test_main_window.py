"""The window: pages, keys, messages, search, help, lock, sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.core.actor import Actor
from desktop_app.core.notices import NoticeBoard
from tests.ui.office import settle
from ui.shell.basket import BasketItem
from ui.shell.command_palette import PaletteEntry
from ui.shell.context import PageContext, PageEntry
from ui.shell.main_window import MainWindow
from ui.shell.page import Page, StatusMessage, Target
from ui.theme.theme import ThemeController
from ui.widgets.badge import Tone
from ui.widgets.labels import PageTitle


@dataclass(frozen=True)
class SignedIn:
    """All the window itself needs of the application."""

    actor: Actor
    notices: NoticeBoard


class NotePage(Page):
    """A page with one field; counts how often it came to the front."""

    made = 0

    def __init__(self, title: str, topic: str) -> None:
        super().__init__(title, "house", topic)
        type(self).made += 1
        self.shown = 0
        self.targets: list[Target] = []
        self.inner_steps = 0
        self.closed = False
        self.edit = QLineEdit()
        self.edit.setAccessibleName(title)
        self.body.addWidget(PageTitle(title))
        self.body.addWidget(self.edit)

    def main_focus(self) -> QWidget:
        return self.edit

    def on_shown(self) -> None:
        self.shown += 1

    def on_closing(self) -> None:
        self.closed = True

    def show_target(self, target: Target) -> None:
        self.targets.append(target)

    def go_back(self) -> bool:
        if self.inner_steps:
            self.inner_steps -= 1
            return True
        return False


PAGES = [("reception", "Empfang"), ("directory", "Verzeichnis"), ("statistics", "Statistik")]


@pytest.fixture
def context(make_context: Callable[..., PageContext], actor: Actor) -> PageContext:
    return make_context(SignedIn(actor, NoticeBoard()))


@pytest.fixture
def window(qtbot: QtBot, context: PageContext) -> MainWindow:
    NotePage.made = 0
    entries = [PageEntry(key, title, "house", lambda _context, t=title, k=key: NotePage(t, k)) for key, title in PAGES]
    entries.append(PageEntry("handouts", "Merkzettel", "shopping-basket", lambda _c: NotePage("M", "x"), in_rail=False))
    opened = MainWindow(context, entries, office_name="Quartiersbüro Nord")
    qtbot.addWidget(opened)
    opened.open_page("reception")
    with qtbot.waitExposed(opened):
        opened.show()
    opened.activateWindow()
    return opened


def note(window: MainWindow) -> NotePage:
    page = window.current_page()
    assert isinstance(page, NotePage)
    return page


def test_pages_are_made_when_first_shown_and_kept(window: MainWindow, qtbot: QtBot) -> None:
    assert NotePage.made == 1
    first = note(window)
    first.edit.setText("halb getippt")
    qtbot.keyClick(first.edit, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key == "directory"
    assert NotePage.made == 2
    window.open_page("reception")
    assert note(window) is first
    assert first.edit.text() == "halb getippt"
    assert first.shown == 2


def test_only_registered_pages_are_in_the_rail(window: MainWindow) -> None:
    assert window.rail.keys() == ["reception", "directory", "statistics"]
    window.open_page("handouts")
    assert window.current_key == "handouts"
    with pytest.raises(KeyError):
        window.open_page("volunteers")


def test_the_page_in_front_has_the_keyboard(window: MainWindow) -> None:
    window.open_page("directory")
    assert note(window).edit.hasFocus()


def test_escape_steps_back_inside_then_to_the_page_before(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("directory")
    page = note(window)
    page.inner_steps = 1
    qtbot.keyClick(page.edit, Qt.Key.Key_Escape)
    assert window.current_key == "directory"
    qtbot.keyClick(page.edit, Qt.Key.Key_Escape)
    assert window.current_key == "reception"
    qtbot.keyClick(note(window).edit, Qt.Key.Key_Escape)
    assert window.current_key == "reception"


def test_a_message_can_be_undone_by_key_and_button(window: MainWindow, qtbot: QtBot) -> None:
    undone: list[str] = []
    note(window).message.emit(StatusMessage("Kontakt gespeichert.", undo=lambda: undone.append("Taste")))
    assert window.foot.status.words.text() == "Kontakt gespeichert."
    qtbot.keyClick(window.rail, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    note(window).say("Noch einer.", undo=lambda: undone.append("Knopf"))
    qtbot.mouseClick(window.foot.status.button, Qt.MouseButton.LeftButton)
    assert undone == ["Taste", "Knopf"]


def test_after_taking_back_the_keyboard_is_on_the_page_again(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    page = note(window)
    page.edit.setFocus()
    page.say("Kontakt gespeichert.", undo=lambda: None)
    window.foot.status.button.setFocus()
    qtbot.keyClick(window.foot.status.button, Qt.Key.Key_Space)
    assert page.edit.hasFocus()


def test_a_problem_stands_on_the_page_until_closed(window: MainWindow, qtbot: QtBot) -> None:
    assert window.show_problem("Die Datei fehlt.")
    page = note(window)
    assert page.problem.isVisible()
    window.open_page("directory")
    window.open_page("reception")
    assert page.problem.isVisible()
    qtbot.mouseClick(page.problem.close_button, Qt.MouseButton.LeftButton)
    assert not page.problem.isVisible()


def test_a_page_may_open_another_with_a_target(window: MainWindow) -> None:
    note(window).open_requested.emit("directory", Target("service", "42"))
    assert window.current_key == "directory"
    assert note(window).targets == [Target("service", "42")]


def test_the_palette_finds_pages_actions_and_what_providers_know(window: MainWindow, qtbot: QtBot) -> None:
    found: list[str] = []

    def services(text: str) -> list[PaletteEntry]:
        if "pfl" not in text:
            return []
        return [PaletteEntry("service:1", "Pflegestützpunkt", "Nord", "building-2", lambda: found.append("1"))]

    window.palette_layer.add_provider(services)
    note(window).edit.setText("bleibt")
    qtbot.keyClick(note(window).edit, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.palette_layer
    assert palette.isVisible()
    assert palette.field.hasFocus()
    qtbot.keyClicks(palette.field, "pfl")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert found == ["1"]
    assert not palette.isVisible()
    assert note(window).edit.text() == "bleibt"
    window.open_palette()
    qtbot.keyClicks(palette.field, "stat")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.current_key == "statistics"


def test_escape_closes_the_palette_and_gives_the_keyboard_back(window: MainWindow, qtbot: QtBot) -> None:
    window.open_palette()
    qtbot.keyClicks(window.palette_layer.field, "x")
    qtbot.keyClick(window.palette_layer.field, Qt.Key.Key_Escape)
    assert window.palette_layer.isVisible()
    qtbot.keyClick(window.palette_layer.field, Qt.Key.Key_Escape)
    assert not window.palette_layer.isVisible()
    assert note(window).edit.hasFocus()


def test_the_keys_that_open_search_and_help_close_them_too(window: MainWindow, qtbot: QtBot) -> None:
    page = note(window)
    page.edit.setFocus()
    for keys, layer in ((Qt.Key.Key_K, window.palette_layer), (Qt.Key.Key_F1, window.help)):
        modifier = Qt.KeyboardModifier.ControlModifier if keys == Qt.Key.Key_K else Qt.KeyboardModifier.NoModifier
        qtbot.keyClick(page.edit, keys, modifier)
        assert layer.isVisible()
        qtbot.keyClick(layer.first_focus(), keys, modifier)
        assert not layer.isVisible()
        assert page.edit.hasFocus()


def test_search_and_help_are_not_open_at_once(window: MainWindow, qtbot: QtBot) -> None:
    page = note(window)
    page.edit.setFocus()
    window.toggle_help()
    window.open_palette()
    assert not window.help.isVisible()
    assert window.palette_layer.field.hasFocus()
    qtbot.keyClick(window.palette_layer.field, Qt.Key.Key_Escape)
    assert page.edit.hasFocus()


def test_tab_stays_inside_the_palette(window: MainWindow, qtbot: QtBot) -> None:
    window.open_palette()
    qtbot.keyClick(window.palette_layer.field, Qt.Key.Key_Tab)
    assert window.palette_layer.results.hasFocus()
    qtbot.keyClick(window.palette_layer.results, Qt.Key.Key_Tab)
    assert window.palette_layer.field.hasFocus()


def test_f1_explains_the_page_and_escape_closes_it(window: MainWindow, qtbot: QtBot) -> None:
    page = note(window)
    qtbot.keyClick(page.edit, Qt.Key.Key_F1)
    assert window.help.isVisible()
    assert "immer anonym" in window.help.text.toPlainText()
    qtbot.keyClick(window.help.text, Qt.Key.Key_Escape)
    assert not window.help.isVisible()
    assert page.edit.hasFocus()


def test_the_keys_of_the_window_are_explained_too(window: MainWindow, qtbot: QtBot) -> None:
    window.open_palette()
    qtbot.keyClicks(window.palette_layer.field, "tasten")
    qtbot.keyClick(window.palette_layer.field, Qt.Key.Key_Return)
    assert window.help.isVisible()
    assert "Strg+K" in window.help.text.toPlainText()


def test_the_lock_covers_everything_and_keeps_it(window: MainWindow, qtbot: QtBot) -> None:
    page = note(window)
    page.edit.setText("halb getippt")
    with qtbot.waitSignal(window.lock_requested):
        qtbot.keyClick(page.edit, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    cover = QLineEdit()
    window.lock(cover)
    assert window.is_locked
    assert not page.isVisible()
    assert not window.show_problem("nicht jetzt")
    qtbot.keyClick(cover, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(cover, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not window.palette_layer.isVisible()
    window.unlock()
    assert window.current_key == "reception"
    assert page.edit.text() == "halb getippt"
    assert page.edit.hasFocus()


def test_the_merkzettel_counts(window: MainWindow, context: PageContext, qtbot: QtBot) -> None:
    assert context.basket.add(BasketItem("1", "Pflege"))
    assert not context.basket.add(BasketItem("1", "Pflege"))
    assert window.top.basket.text().endswith("1")
    assert window.top.basket.accessibleName() == "Merkzettel, 1 Angebot"
    before = context.basket.clear()
    assert window.top.basket.text() == "Merkzettel"
    context.basket.replace(before)
    assert context.basket.contains("1")
    with qtbot.waitSignal(window.basket_requested):
        qtbot.mouseClick(window.top.basket, Qt.MouseButton.LeftButton)


def test_the_state_in_words_is_true(window: MainWindow, context: PageContext, qtbot: QtBot) -> None:
    assert window.foot.state.text() == "Alles auf diesem Rechner gespeichert"
    import threading

    go_on = threading.Event()
    done: list[int] = []
    context.tasks.run(lambda _progress: go_on.wait(10), on_done=done.append)
    assert window.foot.state.text() == "1 Aufgabe läuft noch"
    go_on.set()
    qtbot.waitUntil(lambda: done == [True])
    assert window.foot.state.text() == "Alles auf diesem Rechner gespeichert"


def test_the_look_is_chosen_in_the_bar_and_remembered(window: MainWindow, context: PageContext) -> None:
    window.top.mode_chosen.emit("dark")
    window.top.text_percent_chosen.emit(150)
    assert context.theme.text_percent == 150
    assert context.preferences.current.mode == "dark"
    assert context.preferences.current.text_percent == 150


@pytest.mark.parametrize(("width", "height", "percent"), [(1024, 700, 100), (1366, 768, 200), (1366, 768, 100)])
def test_it_fits_the_smallest_screens(
    window: MainWindow,
    theme: ThemeController,
    qtbot: QtBot,
    cut_off: Callable[[QWidget], list[str]],
    width: int,
    height: int,
    percent: int,
) -> None:
    theme.use_text_percent(percent)
    note(window).say("Kontakt gespeichert: Pflege, Wohnen.", undo=lambda: None)
    window.resize(width, height)
    qtbot.waitUntil(lambda: window.pages.width() > 0)
    window.grab()
    assert (window.width(), window.height()) == (width, height)
    assert window.minimumSizeHint().width() <= width
    assert window.minimumSizeHint().height() <= height
    assert cut_off(window.top) == []
    assert cut_off(window.foot) == []


def test_every_control_has_a_name(window: MainWindow, unnamed_controls: Callable[[QWidget], list[str]]) -> None:
    window.open_palette()
    assert unnamed_controls(window) == []
    window.palette_layer.close_over()
    window.toggle_help()
    assert unnamed_controls(window) == []


def test_closing_tells_the_pages_and_leaves_no_task(window: MainWindow, context: PageContext, qtbot: QtBot) -> None:
    page = note(window)

    def endless(progress) -> None:
        while True:
            progress.step(0, 0, "")

    context.tasks.run(endless)
    with qtbot.waitSignal(window.closing):
        window.close()
    assert page.closed
    assert context.tasks.running == 0


def test_a_long_notice_shows_its_first_words_and_leaves_room_for_the_page(
    window: MainWindow, theme: ThemeController
) -> None:
    theme.use_text_percent(200)
    window.setFixedSize(1024, 700)
    settle(window)
    place = "„/media/erika/SICHERUNG“ ist nicht da. Bitte stecken Sie den Datenträger ein. "
    notice = window.add_notice(
        f"Die letzte Sicherung ist 7 Tage alt. {place * 3}", Tone.WARNING, action="Zur Sicherung"
    )
    settle(window)
    words = notice.words
    assert words.height() >= words.heightForWidth(words.width()) - 2
    assert words.visibleRegion().boundingRect().top() <= 0
    assert window.pages.height() >= 200
    notice.hide()
    settle(window)
    assert window.pages.height() >= 500
    window.lock_warning.show_text("Gleich wird gesperrt.", Tone.WARNING)
    settle(window)
    assert window.lock_warning.visibleRegion().boundingRect().height() == window.lock_warning.height()


def test_a_page_that_has_too_little_room_is_scrolled_and_not_pressed_together(
    window: MainWindow, theme: ThemeController
) -> None:
    page = note(window)
    tall = QWidget()
    tall.setMinimumHeight(600)
    page.body.addWidget(tall)
    window.setFixedSize(1024, 400)
    settle(window)
    assert window.size().toTuple() == (1024, 400)
    assert window.foot.geometry().bottom() < 400
    assert tall.height() >= 600
    window.setFixedSize(1024, 900)
    settle(window)
    assert page.height() == window.pages.parentWidget().parentWidget().height()
