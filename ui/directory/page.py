"""Verzeichnis: search and filters, the hits with the reason marked, the record to read. As many columns as there is room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.directory.records import DirectoryChanged, ImportReport
from desktop_app.settings.records import OfficeChanged
from ui.directory.form import FilterPanel
from ui.directory.import_panel import ImportPanel, sample_directory
from ui.directory.presenter import FIRST_HITS, MOST_HITS, DirectoryPresenter, Row
from ui.directory.record_panel import RecordPanel
from ui.directory.welcome import DirectoryWelcome
from ui.shell.page import Page, Target
from ui.shell.tasks import TaskRunner
from ui.theme.theme import active_theme
from ui.widgets.badge import BadgeText, Tone
from ui.widgets.buttons import Button, QuietButton
from ui.widgets.labels import PageTitle, Words
from ui.widgets.search_list import ResultList, ResultRow, SearchField
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress
    from ui.handouts.panel import HandoutPanel
    from ui.shell.basket import Basket
    from ui.shell.notices import NoticeBridge

_THREE_COLUMNS_FROM = 1000
_TWO_COLUMNS_FROM = 640
_FILTERS_WIDTH = 230
_REFRESH_PAUSE_MS = 120
_READING_PAUSE_MS = 180

RECEPTION_KEY = "reception"
"""Where a referral is entered."""

HandoutMaker = Callable[["Application", Sequence[str], TaskRunner], "HandoutPanel"]


class Columns(Enum):
    """How the page is laid out."""

    ONE = 1
    TWO = 2
    THREE = 3


def make_handout_panel(application: Application, service_ids: Sequence[str], tasks: TaskRunner) -> HandoutPanel:
    """The usual sheet panel; loaded when the first sheet is asked for, because printing costs start-up time."""
    from ui.handouts.panel import HandoutPanel

    return HandoutPanel(application, service_ids, tasks=tasks)


class DirectoryPage(Page):
    """Finds services and hands them on.

    A service goes onto the ``basket`` (and so onto the card at the Empfang), to its own sheet, or to the Empfang as a
    referral. The signals tell that this has been done: ``add_to_basket(service_id)``, ``refer_to(service_id)``,
    ``show_sheet(service_ids)``.
    """

    add_to_basket = Signal(str)
    refer_to = Signal(str)
    show_sheet = Signal(tuple)

    def __init__(
        self,
        application: Application,
        notices: NoticeBridge,
        basket: Basket,
        parent: QWidget | None = None,
        *,
        tasks: TaskRunner | None = None,
        handout_maker: HandoutMaker = make_handout_panel,
    ) -> None:
        super().__init__(tr("Verzeichnis"), "book-open", "directory", parent=parent)
        self._application = application
        self._basket = basket
        self._presenter = DirectoryPresenter(application)
        self._tasks = tasks or TaskRunner(self)
        self._make_handout = handout_maker
        self._columns = Columns.TWO
        self._shows_record = False
        self._has_more = False
        self._rows: tuple[Row, ...] = ()
        self._sheet: HandoutPanel | None = None
        self._sheet_owner = ""
        self._is_sheet_done = False
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(_READING_PAUSE_MS)
        self._build()
        self._reading.timeout.connect(self._read_current)
        self._refresh_timer = QTimer(self)
        self._refresh_timer.setSingleShot(True)
        self._refresh_timer.setInterval(_REFRESH_PAUSE_MS)
        self._refresh_timer.timeout.connect(self._refresh)
        notices.listen(DirectoryChanged, lambda _notice: self._refresh_timer.start(), owner=self)
        notices.listen(OfficeChanged, lambda _notice: self._renew_topics(), owner=self)
        for keys, command in (
            (QKeySequence(QKeySequence.StandardKey.Find), self.focus_search),
            (QKeySequence(QKeySequence.StandardKey.Print), self._open_sheet_of_record),
        ):
            shortcut = QShortcut(keys, self._browse)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(command)
        self._arrange()
        self._refresh()

    # Page

    def main_focus(self) -> QWidget | None:
        current = self._stack.currentWidget()
        if current is self._browse:
            return self.search_field
        if current is self.welcome:
            return self.welcome.file_button
        return None

    def on_shown(self) -> None:
        self._refresh()

    def show_target(self, target: Target) -> None:
        if target.kind == "service":
            self._leave_panels()
            self.results.set_current_key(target.key)
            self.open_service(target.key)

    def go_back(self) -> bool:
        current = self._stack.currentWidget()
        if current is self._sheet:
            self._close_sheet()
            return True
        if current is self.import_panel:
            if not self.import_panel.go_back():
                self._close_import()
            return True
        if self.record.isVisible() and self.record.close_check():
            return True
        if self.filter_button.isChecked() and self._columns is not Columns.THREE:
            self.filter_button.setChecked(False)
            return True
        if self._columns is Columns.ONE and self._shows_record:
            self._show_list()
            return True
        return False

    # For others

    def focus_search(self) -> None:
        """Put the keyboard into the search field with its text selected."""
        self._show_list()
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def open_service(self, service_id: str) -> None:
        """Show a record."""
        try:
            view = self._presenter.record(service_id)
        except QuartierslotseError as problem:
            self.record.show_nothing()
            self.show_problem(problem)
            return
        self.clear_problem()
        self.record.show_record(view, self._presenter.today())
        self._shows_record = True
        self._show_parts()

    def open_sheet(self, service_ids: Sequence[str]) -> None:
        """Show the sheet for services; *Zurück* or Esc comes back to where the page was.

        A sheet that was left without printing is found again as it was; for other services or another visitor there
        is a new one.
        """
        is_same_visitor = self._sheet_owner == self._basket.owner
        if self._sheet is None or not is_same_visitor or self._sheet.service_ids() != tuple(service_ids):
            self._drop_sheet()
            self._sheet_owner = self._basket.owner
            self._sheet = self._make_handout(self._application, service_ids, self._tasks)
            self._sheet.close_requested.connect(self._close_sheet)
            self._sheet.printed.connect(self._sheet_printed)
            self._sheet.said.connect(lambda text, tone: self.say(text, tone=tone))
            self._stack.addWidget(self._sheet)
        self._stack.setCurrentWidget(self._sheet)
        self._sheet.main_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_sheet.emit(tuple(service_ids))

    def open_import(self, path: Path | None = None, label: str = "") -> None:
        """Bring in a directory; with ``path`` the preview begins at once."""
        self._stack.setCurrentWidget(self.import_panel)
        self.import_panel.begin(path, label)

    def _open_import_anew(self) -> None:
        self.open_import()

    def columns(self) -> Columns:
        """How the page is laid out now."""
        return self._columns

    # Building

    def _build(self) -> None:
        theme = active_theme()
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack)
        self._browse = QWidget()
        page = QVBoxLayout(self._browse)
        page.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(8))
        page.setSpacing(theme.px(8))
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(PageTitle(tr("Verzeichnis")), 1)
        self.import_button = QuietButton(tr("&Einlesen …"), icon_name="file-input")
        self.import_button.setToolTip(tr("Ein Verzeichnis aus einer Datei oder einem Ordner einlesen"))
        self.import_button.clicked.connect(self._open_import_anew)
        head.addWidget(self.import_button)
        set_shown(self.import_button, self._may(Action.CHANGE_DIRECTORY))
        page.addWidget(self._head)
        self._parts = QHBoxLayout()
        self._parts.setSpacing(theme.px(12))
        page.addLayout(self._parts, 1)
        self._build_finder()
        self.record = RecordPanel()
        self.record.basket_requested.connect(self._to_basket)
        self.record.sheet_requested.connect(lambda service_id: self.open_sheet((service_id,)))
        self.record.referral_requested.connect(self._refer)
        self.record.check_confirmed.connect(self._confirm_check)
        self.record.back_requested.connect(self._show_list)
        self.record.offer(
            handouts=self._may(Action.MAKE_HANDOUTS),
            referrals=self._may(Action.RECORD_CONTACTS),
            checks=self._may(Action.CONFIRM_DIRECTORY),
        )
        self._parts.addWidget(self._finder, 3)
        self._parts.addWidget(self.record, 4)
        self._stack.addWidget(self._browse)

        sample = sample_directory()
        self.welcome = DirectoryWelcome(with_sample=sample is not None, may_import=self._may(Action.CHANGE_DIRECTORY))
        self._stack.addWidget(self.welcome)
        self.import_panel = ImportPanel(self._run_import, self._tasks, back_up=self._back_up)
        self.import_panel.close_requested.connect(self._close_import)
        self.import_panel.finished.connect(self._imported)
        self._stack.addWidget(self.import_panel)
        self.welcome.file_requested.connect(self._choose_file)
        self.welcome.folder_requested.connect(self._choose_folder)
        self.welcome.sample_requested.connect(lambda: self.open_import(sample, tr("Beispielverzeichnis")))

    def _may(self, action: Action) -> bool:
        return self._application.may(action)

    def _build_finder(self) -> None:
        theme = active_theme()
        self._finder = QWidget()
        column = QVBoxLayout(self._finder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        line = QHBoxLayout()
        line.setSpacing(theme.px(4))
        self.search_field = SearchField(tr("Verzeichnis durchsuchen"), placeholder=tr("Was wird gesucht?"), delay_ms=0)
        self.search_field.query_changed.connect(lambda _text: self._search())
        line.addWidget(self.search_field, 1)
        self.filter_button = Button(tr("&Filter"), icon_name="funnel")
        self.filter_button.setCheckable(True)
        self.filter_button.toggled.connect(lambda _on: self._show_parts())
        line.addWidget(self.filter_button)
        column.addLayout(line)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        self._filters_place = QVBoxLayout()
        row.addLayout(self._filters_place)
        self._lists = QStackedWidget()
        hits = QWidget()
        below = QVBoxLayout(hits)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(theme.px(2))
        self.summary = Words("", "muted", wrap=True)
        self.summary.setContentsMargins(theme.px(4), 0, 0, 0)
        below.addWidget(self.summary)
        self.results = ResultList(
            tr("Treffer"),
            empty_text=tr("Kein Treffer. Vielleicht hilft ein kürzeres Wort, oder Sie heben die Filter auf."),
        )
        self.results.current_key_changed.connect(self._current_changed)
        self.results.activated_key.connect(self._activated)
        self.search_field.attach(self.results)
        below.addWidget(self.results, 1)
        self._lists.addWidget(hits)
        row.addWidget(self._lists, 1)
        column.addLayout(row, 1)
        self.filters = FilterPanel(self._presenter.topics())
        self.filters.changed.connect(self._filters_changed)
        self._lists.addWidget(self.filters)

    # Searching

    def _search(self) -> None:
        self._show_results(FIRST_HITS)
        self._reading.start()

    def _show_results(self, most: int) -> None:
        wish = self.filters.narrow(self.search_field.query())
        found = self._presenter.search(wish, most=most)
        self._has_more = found.has_more
        if found.rows != self._rows:  # the same rows again would only lose the place that is looked at
            self._rows = found.rows
            self.results.set_rows([_result_row(row) for row in found.rows], preselect=bool(wish.text))
            if not self.results.current_key():
                self.results.scrollToTop()
        self.summary.setText(found.summary)

    def _read_current(self) -> None:
        """A moment after the last key: show the rest of the rows and the record of the one that is marked."""
        if self._has_more:
            self._show_results(MOST_HITS)
        key = self.results.current_key()
        if key and self._columns is not Columns.ONE and key != self.record.service_id():
            self.open_service(key)

    def _filters_changed(self) -> None:
        count = self.filters.count()
        self.filter_button.setText(tr("&Filter ({count})", count=count) if count else tr("&Filter"))
        self._search()

    def _current_changed(self, service_id: str) -> None:
        if self._columns is not Columns.ONE:
            self.open_service(service_id)

    def _activated(self, service_id: str) -> None:
        self.open_service(service_id)
        if self._columns is Columns.ONE:
            self.record.basket_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is in front

    def _refresh(self) -> None:
        """Show the directory as it is now."""
        if not self._presenter.counts().services:
            if self._stack.currentWidget() is self._browse:
                self._stack.setCurrentWidget(self.welcome)
            return
        if self._stack.currentWidget() is self.welcome:
            self._stack.setCurrentWidget(self._browse)
        self._show_results(max(FIRST_HITS, len(self._rows)))
        self._reading.start()
        shown = self.record.service_id()
        if shown:
            try:
                self.record.show_record(self._presenter.record(shown), self._presenter.today())
            except QuartierslotseError:
                self.record.show_nothing()
                self._show_list()

    def _renew_topics(self) -> None:
        self._presenter.load_topics()
        self.filters.set_topics(self._presenter.topics())
        self._order_tabs()
        self._refresh_timer.start()

    def _show_list(self) -> None:
        self._shows_record = False
        self._show_parts()
        if self._columns is Columns.ONE and not self.results.enter():
            self.search_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_panels(self) -> None:
        if not self.import_panel.is_working:
            self._stack.setCurrentWidget(self._browse)
            self._refresh()

    def _sheet_printed(self) -> None:
        self._is_sheet_done = True

    def _drop_sheet(self) -> None:
        """Forget the sheet and the personal note on it: the next visitor must not see it."""
        self._is_sheet_done = False
        if self._sheet is not None:
            self._stack.removeWidget(self._sheet)
            self._sheet.deleteLater()
            self._sheet = None

    def _close_sheet(self) -> None:
        self._stack.setCurrentWidget(self._browse)
        if self._is_sheet_done:
            self._drop_sheet()
        self.record.sheet_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_import(self) -> None:
        self._stack.setCurrentWidget(self._browse)
        self._refresh()
        focus = self.main_focus()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    # Commands

    def _to_basket(self, service_id: str) -> None:
        item = self._presenter.basket_item(service_id)
        if self._basket.add(item):
            self.say(
                tr("„{name}“ steht auf dem Merkzettel.", name=item.title),
                undo=lambda: self._basket.remove(service_id),
            )
        else:
            self.say(tr("„{name}“ steht schon auf dem Merkzettel.", name=item.title), tone=Tone.INFO)
        self.add_to_basket.emit(service_id)

    def _refer(self, service_id: str) -> None:
        self.open_requested.emit(RECEPTION_KEY, Target("service", service_id))
        self.refer_to.emit(service_id)

    def _confirm_check(self, service_id: str, how: str) -> None:
        try:
            sentence, undo = self._presenter.confirm_check(service_id, how)
        except QuartierslotseError as problem:
            self.show_problem(problem)
            return
        self.open_service(service_id)
        self.say(sentence, self.undoing(undo, lambda: None))

    def _open_sheet_of_record(self) -> None:
        if self.record.service_id():
            self.open_sheet((self.record.service_id(),))

    def _choose_file(self) -> None:
        self.open_import()
        self.import_panel.choose_file()

    def _choose_folder(self) -> None:
        self.open_import()
        self.import_panel.choose_folder()

    def _run_import(self, path: Path, *, dry_run: bool, progress: Progress) -> ImportReport:
        try:
            return self._application.directory.import_directory(
                self._application.actor, path, dry_run=dry_run, progress=progress
            )
        finally:
            self._application.store.end_thread()

    def _back_up(self, progress: Progress) -> None:
        try:
            self._application.backups.make_before_import(progress)
        finally:
            self._application.store.end_thread()

    def _imported(self, report: ImportReport) -> None:
        new = report.count("service").new
        self.say(tr("Verzeichnis eingelesen: {new} neue Angebote.", new=new) if new else tr("Verzeichnis eingelesen."))

    # Layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "filters"):
            self._arrange()

    def _arrange(self) -> None:
        theme = active_theme()
        room = self.width() / theme.scale.factor
        columns = Columns.ONE
        if room >= _TWO_COLUMNS_FROM:
            columns = Columns.THREE if room >= _THREE_COLUMNS_FROM else Columns.TWO
        if columns is Columns.THREE:
            self.filters.setFixedWidth(theme.scale.with_text(_FILTERS_WIDTH))
        else:
            self.filters.setMinimumWidth(0)
            self.filters.setMaximumWidth(16_777_215)
        beside = self._filters_place.indexOf(self.filters) >= 0
        if columns is Columns.THREE and not beside:
            self._lists.removeWidget(self.filters)
            self._filters_place.addWidget(self.filters)
        elif columns is not Columns.THREE and beside:
            self._filters_place.removeWidget(self.filters)
            self._lists.addWidget(self.filters)
        self._parts.setStretch(0, 10 if columns is Columns.THREE else 4)
        self._parts.setStretch(1, 9 if columns is Columns.THREE else 7)
        self._columns = columns
        self._order_tabs()
        self._show_parts()

    def _order_tabs(self) -> None:
        """The keyboard goes as the eye does: search, filters, hits, record."""
        chain: list[QWidget] = [
            self.search_field,
            self.filter_button,
            *self.filters.controls(),
            self.results,
            *self.record.controls(),
        ]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    def _show_parts(self) -> None:
        """Show what belongs in front with this many columns."""
        one, three = self._columns is Columns.ONE, self._columns is Columns.THREE
        record_in_front = one and self._shows_record
        self._finder.setVisible(not record_in_front)
        self._head.setVisible(not record_in_front)
        self.record.setVisible(not one or record_in_front)
        self.record.set_back_visible(one)
        self.filter_button.setVisible(not three)
        if three:
            self.filters.show()
            self._lists.setCurrentIndex(0)
        else:
            self._lists.setCurrentIndex(1 if self.filter_button.isChecked() else 0)


def _result_row(row: Row) -> ResultRow:
    badges = (BadgeText(tr("geprüft"), Tone.SUCCESS),) if row.is_verified else ()
    return ResultRow(row.service_id, row.title, row.detail, row.title_spans, row.detail_spans, badges)
