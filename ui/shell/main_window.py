"""The one window: navigation, top bar, the page in front, the line at the bottom; and what lies over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.permissions import CLIENT_DATA
from desktop_app.core.translation import tr
from desktop_app.retention.records import RetentionChanged
from desktop_app.storage.database import DamagedDatabase
from ui.shell.clipboard import ClipboardCare
from ui.shell.command_palette import CommandPalette, PaletteEntry, fixed_entries
from ui.shell.context import PageContext, PageEntry
from ui.shell.foot import Foot
from ui.shell.help_panel import HelpPanel
from ui.shell.navigation_rail import NavigationRail
from ui.shell.notice_area import NoticeArea
from ui.shell.page import Page, StatusMessage, Target
from ui.shell.page_area import PageArea
from ui.shell.tasks import TaskRunner
from ui.shell.top_bar import TopBar
from ui.theme.theme import ThemeMode, active_theme
from ui.widgets.badge import Tone
from ui.widgets.feedback import Notice

PROGRAM_NAME = "Quartierslotse"

_RAIL_IS_WIDE_FROM = 1100
_BAR_IS_WIDE_FROM = 960


class MainWindow(QWidget):
    """Shows pages and keeps them alive. Pages are made when first shown.

    ``covered`` and ``uncovered`` tell of the lock. ``closing`` comes before the window goes; whoever owns the
    application closes it then.
    """

    page_shown = Signal(str)
    lock_requested = Signal()
    switch_requested = Signal()
    basket_requested = Signal()
    closing = Signal()
    covered = Signal()
    uncovered = Signal()

    def __init__(self, context: PageContext, entries: Sequence[PageEntry], *, office_name: str) -> None:
        super().__init__()
        self._context = context
        self._entries = {entry.key: entry for entry in entries}
        self._pages: dict[str, Page] = {}
        self._history: list[str] = []
        self._current = ""
        self._lock_page: QWidget | None = None
        self.setWindowTitle(f"{PROGRAM_NAME} – {office_name}" if office_name else PROGRAM_NAME)
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

        self._layers = QStackedLayout(self)
        self.work = QWidget()
        self._layers.addWidget(self.work)
        self.rail = NavigationRail()
        self.top = TopBar()
        self.pages = QStackedWidget()
        self.foot = Foot()
        self.foot.show_office(office_name)
        self._build()
        self.clipboard = ClipboardCare(self._shows_people, self)
        self.clipboard.seconds_left.connect(self.foot.show_clipboard)
        self.palette_layer = CommandPalette(self.work)
        self.help = HelpPanel(self.pages)
        self._connect()
        self._register()
        self.resize(1280, 820)
        context.theme.dress(self)

    # -- pages ---------------------------------------------------------------------------------------

    def open_page(self, key: str, target: Target | None = None) -> Page:
        """Bring a page to the front (made now if need be) and show ``target`` in it. Raises KeyError."""
        page = self.page(key)
        if key != self._current:
            if self._current:
                self._history.append(self._current)
                del self._history[:-20]
            self._bring_to_front(key, page)
        if target is not None:
            page.show_target(target)
        return page

    def page(self, key: str) -> Page:
        """The page ``key``, made if it was never shown. Raises KeyError."""
        if key not in self._pages:
            page = self._entries[key].make(self._context)
            page.message.connect(self.show_message)
            page.open_requested.connect(self._open_requested)
            self._pages[key] = page
            self.pages.addWidget(page)
        return self._pages[key]

    @property
    def tasks(self) -> TaskRunner:
        """The work that runs beside the window."""
        return self._context.tasks

    @property
    def current_key(self) -> str:
        """Which page is in front."""
        return self._current

    def current_page(self) -> Page | None:
        """The page in front."""
        return self._pages.get(self._current)

    def go_back(self) -> None:
        """``Esc``: one step back, first inside the page, then to the page before."""
        page = self.current_page()
        if page is not None and page.go_back():
            return
        if self._history:
            key = self._history.pop()
            self._bring_to_front(key, self.page(key))

    # -- messages ------------------------------------------------------------------------------------

    def show_message(self, message: StatusMessage) -> None:
        """Say something at the foot of the window."""
        self.foot.status.show_message(message.text, message.undo, tone=message.tone)

    def show_problem(self, sentence: str) -> bool:
        """Show a problem on the page in front; ``False`` if there is none or the window is locked."""
        page = self.current_page()
        if page is None or self.is_locked:
            return False
        page.show_problem(sentence)
        return True

    # -- lock ----------------------------------------------------------------------------------------

    @property
    def is_locked(self) -> bool:
        """Whether the sign-in page lies over the work."""
        return self._layers.currentWidget() is not self.work

    def lock(self, page: QWidget) -> None:
        """Cover the work with ``page`` (the sign-in); everything beneath stays as it is.

        What was typed in the last moment is stored first, so that it survives whatever happens while it is locked.
        """
        for open_page in self._pages.values():
            open_page.on_closing()
        self.clipboard.clear()
        self.help.close_over()
        self.palette_layer.close_over()
        self._lock_page = page
        self._layers.addWidget(page)
        self._layers.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.covered.emit()

    def warn_of_lock(self, sentence: str) -> None:
        """Say that the lock is near; an empty sentence takes the warning away."""
        self.lock_warning.show_text(sentence, Tone.WARNING)

    def show_offer(self, sentence: str, action: str, do: Callable[[], object]) -> None:
        """Say something that waits for somebody to do it, above every page, until it is done or closed."""

        def accept() -> None:
            self.offer.action_requested.disconnect(accept)
            self.offer.hide()
            do()

        self.offer.action_requested.connect(accept)
        self.offer.show_text(sentence, Tone.WARNING, action=action)

    def add_notice(
        self,
        sentence: str,
        tone: Tone,
        *,
        action: str = "",
        do: Callable[[], object] | None = None,
        closable: bool = True,
    ) -> Notice:
        """Say something about the surroundings above every page; several stand below one another."""
        notice = Notice(sentence, tone, action=action, closable=closable)
        if do is not None:
            notice.action_requested.connect(do)
        self._notices.body.addWidget(notice)
        return notice

    def unlock(self) -> None:
        """Uncover the work again, with the keyboard where it was."""
        page, self._lock_page = self._lock_page, None
        self._layers.setCurrentWidget(self.work)
        if page is not None:
            self._layers.removeWidget(page)
            page.hide()
            page.deleteLater()
        front = self.current_page()
        if front is not None:
            front.on_shown()  # beneath the lock nothing could be read
        self._focus_page()
        self.uncovered.emit()

    # -- help and search -----------------------------------------------------------------------------

    def toggle_help(self) -> None:
        """``F1``: explain the page in front, or close the explanation."""
        page = self.current_page()
        if self.help.isVisible():
            self.help.close_over()
        elif page is not None:
            self.help.open(page.help_topic)

    def open_palette(self) -> None:
        """``Ctrl+K``: search, or close the search."""
        if self.palette_layer.isVisible():
            self.palette_layer.close_over()
        else:
            self.palette_layer.open()

    # -- Qt ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.is_locked:
            if self.help.isVisible():
                self.help.close_over()
            else:
                self.go_back()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.clipboard.clear()
        for page in self._pages.values():
            with suppress(DamagedDatabase):  # it can't keep anything any more, and has to close for the rescue
                page.on_closing()
        self._context.tasks.close()
        self._context.notices.close()
        self.closing.emit()
        super().closeEvent(event)

    # -- building ------------------------------------------------------------------------------------

    def _build(self) -> None:
        row = QHBoxLayout(self.work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.top)
        self._notices = NoticeArea()
        self.lock_warning = Notice(closable=False)
        self._notices.body.addWidget(self.lock_warning)
        self.offer = Notice()
        self._notices.body.addWidget(self.offer)
        column.addWidget(self._notices)
        column.addWidget(PageArea(self.pages), 1)
        column.addWidget(self.foot)
        row.addLayout(column, 1)

    def _register(self) -> None:
        for number, entry in enumerate((entry for entry in self._entries.values() if entry.in_rail), start=1):
            self.rail.add(entry.key, entry.title, entry.icon_name, tr("Strg+{number}", number=number))
            self._bind(f"Ctrl+{number}", partial(self.open_page, entry.key))
        self.palette_layer.add_provider(fixed_entries(self._own_entries))
        person = self._context.application.actor
        self.top.show_person(person.display_name, person.initials)
        self.top.basket.setVisible("handouts" in self._entries)
        self.top.show_look(self._context.theme.mode, self._context.theme.text_percent)

    def _connect(self) -> None:
        self.palette_layer.opening.connect(self.help.close_over)  # one at a time
        self.help.opening.connect(self.palette_layer.close_over)
        self.rail.chosen.connect(self.open_page)
        self.top.search_requested.connect(self.open_palette)
        self.top.help_requested.connect(self.toggle_help)
        self.top.lock_requested.connect(self.lock_requested)
        self.top.switch_requested.connect(self.switch_requested)
        self.top.account_requested.connect(partial(self._run_page, "account"))
        self.top.basket_requested.connect(self.basket_requested)
        self.top.mode_chosen.connect(self._use_mode)
        self.top.text_percent_chosen.connect(self._use_text_percent)
        self._context.basket.changed.connect(self._show_basket)
        self._context.tasks.count_changed.connect(self.foot.show_running)
        self._context.tasks.failed.connect(self._task_failed)
        self._context.theme.changed.connect(self._look_changed)
        self.foot.status.left.connect(self._keyboard_to_page)
        # "Rückgängig" holds what was typed: it would bring back what was just erased for good.
        self._context.notices.listen(RetentionChanged, lambda _notice: self.foot.status.forget_undo(), owner=self)
        self._bind("Ctrl+K", self.open_palette)
        self._bind("F1", self.toggle_help)
        self._bind("Ctrl+L", self.lock_requested.emit)
        self._bind("Ctrl+Z", self._undo)

    def _bind(self, keys: str, action: Callable[[], object]) -> None:
        """Bind a key for as long as the work is in sight; a covered window hears none."""
        shortcut = QShortcut(QKeySequence(keys), self.work)
        shortcut.activated.connect(action)

    def _own_entries(self) -> list[PaletteEntry]:
        screen, action = tr("Seite"), tr("Aktion")
        entries = [
            PaletteEntry(f"page:{entry.key}", entry.title, screen, entry.icon_name, partial(self._run_page, entry.key))
            for entry in self._entries.values()
        ]
        entries.append(
            PaletteEntry("action:help", tr("Hilfe zu dieser Seite"), action, "circle-help", self.toggle_help)
        )
        entries.append(
            PaletteEntry(
                "action:keys",
                tr("Hilfe zum Fenster und zu den Tasten"),
                action,
                "keyboard",
                partial(self.help.open, "shell"),
            )
        )
        entries.append(PaletteEntry("action:lock", tr("Sperren"), action, "lock", self.lock_requested.emit))
        entries.append(
            PaletteEntry("action:switch", tr("Benutzer wechseln"), action, "users-round", self.switch_requested.emit)
        )
        if self.foot.status.can_undo:
            entries.append(
                PaletteEntry("action:undo", tr("Rückgängig"), self.foot.status.words.text(), "undo-2", self._undo)
            )
        return entries

    # -- inside --------------------------------------------------------------------------------------

    def _run_page(self, key: str) -> None:
        self.open_page(key)

    def _open_requested(self, key: str, target: object) -> None:
        if key in self._entries:  # the account may lack the right to that page
            self.open_page(key, target if isinstance(target, Target) else None)

    def _bring_to_front(self, key: str, page: Page) -> None:
        self.help.close_over()
        self._current = key
        self.pages.setCurrentWidget(page)
        self.rail.show_current(key)
        page.on_shown()
        self._focus_page()
        self.page_shown.emit(key)

    def _shows_people(self) -> bool:
        entry = self._entries.get(self._current)
        return entry is not None and entry.needs in CLIENT_DATA

    def _focus_page(self) -> None:
        page = self.current_page()
        focus = page.main_focus() if page is not None else None
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keyboard_to_page(self) -> None:
        """Put the keyboard where it was on the page before it went to the foot, unless the page has it already."""
        page = self.current_page()
        if page is None or page.isAncestorOf(QApplication.focusWidget() or self):
            return
        before = page.last_focus()
        if before is not None and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus_page()

    def _undo(self) -> None:
        self.foot.status.undo_last()

    def _show_basket(self) -> None:
        self.top.show_basket_count(len(self._context.basket))

    def _task_failed(self, error: object) -> None:
        if isinstance(error, Exception):
            raise error  # the error handler decides what it is

    def _use_mode(self, mode: str) -> None:
        self._context.theme.use_mode(ThemeMode(mode))
        self._context.preferences.change(mode=mode)

    def _use_text_percent(self, percent: int) -> None:
        self._context.theme.use_text_percent(percent)
        self._context.preferences.change(text_percent=percent)

    def _look_changed(self) -> None:
        self.top.show_look(self._context.theme.mode, self._context.theme.text_percent)
        self._fit()

    def _fit(self) -> None:
        scale = active_theme().scale
        self._notices.fit()
        self.rail.set_wide(self.width() >= scale.with_text(_RAIL_IS_WIDE_FROM))
        self.top.set_narrow(self.width() < scale.with_text(_BAR_IS_WIDE_FROM))
        self.foot.fit(self.width())
