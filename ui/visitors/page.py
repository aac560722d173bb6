"""Personen: finding a visitor file, reading it, making a new one with the consent first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.contacts.records import DraftsErased
from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.visitors.records import Consent, ConsentEntry, ErasureHold, Merge, VisitorFile, VisitorsChanged
from ui.shell.page import Page, Target
from ui.shell.tasks import TaskRunner
from ui.theme.theme import active_theme
from ui.visitors.panels import CreatePanel, EditPanel, MergePanel
from ui.visitors.paper import PaperDesk
from ui.visitors.presenter import Done, Paper, VisitorsPresenter
from ui.visitors.record_view import RecordView
from ui.visitors.wording import hit_row
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.feedback import EmptyState
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PageTitle, Words
from ui.widgets.search_list import ResultList, SearchField
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.erasing.panel import ErasePanel
    from ui.shell.notices import NoticeBridge

_TWO_COLUMNS_FROM = 760


class VisitorsPage(Page):
    """Search on the left, one file (or what is being done with it) on the right; one of both where it is narrow."""

    def __init__(
        self,
        application: Application,
        notices: NoticeBridge,
        parent: QWidget | None = None,
        *,
        paper_desk: PaperDesk | None = None,
        tasks: TaskRunner | None = None,
    ) -> None:
        super().__init__(tr("Personen"), "users-round", "visitors", parent=parent)
        self._presenter = VisitorsPresenter(application)
        self._desk = paper_desk or PaperDesk(self)
        self._tasks = tasks or TaskRunner(self)
        self._file: VisitorFile | None = None
        self._is_wide = True
        self._is_stale = False
        self._has_draft = False
        self.record: RecordView | None = None
        self._step: EditPanel | MergePanel | ErasePanel | None = None
        if not self._presenter.may(Action.FIND_VISITORS):
            self.body.addWidget(
                EmptyState(
                    "lock",
                    tr("Personenakten gehören zur Beratung."),
                    detail=tr(
                        "Ihre Rolle arbeitet ohne Namen. Eine Besuchskarte geben Sie am Empfang unter „Mehr angeben“ aus."
                    ),
                )
            )
            return
        self._build()
        for keys, action in (("Ctrl+F", self.focus_search), ("Ctrl+N", self._begin_file), ("Ctrl+S", self._save_step)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)
        self._arrange()
        notices.listen(VisitorsChanged, self._changed_elsewhere, owner=self)
        notices.listen(DraftsErased, self._drafts_erased, owner=self)
        self._has_draft = self.new_file.restore()
        if self._has_draft:
            self._bring(self.new_file)

    # Page -------------------------------------------------------------------------------------------

    def main_focus(self) -> QWidget | None:
        return self.search_field if self._presenter.may(Action.FIND_VISITORS) else None

    def on_shown(self) -> None:
        if self._is_stale:
            self._reload()
        if self._has_draft:
            self._has_draft = False
            self.say(tr("Die angefangene Personenakte ist noch da. „Abbrechen“ löscht sie."), tone=Tone.INFO)

    def on_closing(self) -> None:
        """Keep what was typed in the last moment."""
        if self._presenter.may(Action.CHANGE_VISITOR_FILES):
            self.new_file.flush()

    def show_target(self, target: Target) -> None:
        if target.kind == "visitor" and self._presenter.may(Action.READ_VISITOR_FILES):
            self.open_file(target.key)

    def go_back(self) -> bool:
        if not self._presenter.may(Action.FIND_VISITORS):
            return False
        if self._right.currentWidget() not in {self._nothing, self.record}:
            if not self._must_stay():
                self._leave_step()
            return True
        if self._file is not None:
            self._show_nothing()
            return True
        return False

    # For others -------------------------------------------------------------------------------------

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        if not self._is_wide and self._right.currentWidget() is not self._nothing:
            if self._must_stay():
                return
            self._show_nothing()
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def open_file(self, visitor_id: str) -> None:
        """Show a file; that it was read is written down."""
        if self._must_stay():
            return
        try:
            file = self._presenter.open(visitor_id)
        except QuartierslotseError as error:
            self._show_nothing()
            self.show_problem(error)
            return
        self.clear_problem()
        self._show_file(file)

    # Building ---------------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = active_theme()
        page = QVBoxLayout()
        page.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(8))
        page.setSpacing(theme.px(8))
        self.body.addLayout(page)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PageTitle(tr("Personen")), 1)
        self.back_button = QuietButton(tr("Zur &Liste"), icon_name="arrow-left")
        self.back_button.clicked.connect(lambda _on: self.go_back())
        row.addWidget(self.back_button)
        page.addWidget(head)
        columns = QHBoxLayout()
        columns.setSpacing(theme.px(12))
        page.addLayout(columns, 1)
        self._build_left()
        self._build_right()
        columns.addWidget(self._left, 2)
        columns.addWidget(self._right, 3)
        self._search()

    def _build_left(self) -> None:
        theme = active_theme()
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(theme.px(8))
        self.search_field = SearchField(
            tr("Person suchen"), placeholder=tr("Name, wie er klingt, oder Telefonnummer"), delay_ms=0
        )
        self.search_field.query_changed.connect(lambda _text: self._search())
        self.results = ResultList(tr("Gefundene Personen"))
        self.results.activated_key.connect(self.open_file)
        self.search_field.attach(self.results)
        left.addWidget(self.search_field)
        left.addWidget(self.results, 1)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=theme.px(6))
        self.new_button = PrimaryButton(tr("&Neue Akte"), icon_name="user-plus")
        self.new_button.setToolTip(tr("Strg+N"))
        self.new_button.clicked.connect(self._begin_file)
        set_shown(self.new_button, self._presenter.may(Action.CHANGE_VISITOR_FILES))
        self.form_button = Button(tr("Einwilligung &drucken"), icon_name="printer")
        self.form_button.clicked.connect(lambda _on: self._print(self._presenter.consent_form()))
        self.form_save_button = QuietButton(tr("Als PD&F"), icon_name="file-output")
        self.form_save_button.setAccessibleName(tr("Einwilligung als PDF speichern"))
        self.form_save_button.clicked.connect(lambda _on: self._save(self._presenter.consent_form()))
        for button in (self.new_button, self.form_button, self.form_save_button):
            flow.addWidget(button)
        left.addWidget(buttons)
        left.addWidget(Words(tr("Wer eine Akte öffnet, wird im Protokoll vermerkt."), "muted", wrap=True))

    def _build_right(self) -> None:
        self._right = QStackedWidget()
        self._nothing = EmptyState(
            "users-round",
            tr("Keine Akte geöffnet"),
            detail=tr("Suchen Sie links nach einer Person. Beratung gibt es auch ohne Akte und ohne Namen."),
        )
        self._right.addWidget(self._nothing)
        self.new_file = CreatePanel(self._presenter)
        self.new_file.closed.connect(self._leave_step)
        self.new_file.problem.connect(self.show_problem)
        self.new_file.created.connect(self._created)
        self.new_file.dropped.connect(self._dropped)
        self.new_file.duplicate_chosen.connect(self.open_file)
        self._right.addWidget(self.new_file)

    # Searching --------------------------------------------------------------------------------------

    def _search(self) -> None:
        text = self.search_field.query()
        hits = self._presenter.search(text)
        self.results.set_empty_text(
            tr("Keine Person gefunden.") if len(text) > 1 else tr("Tippen Sie einen Namen ein.")
        )
        self.results.set_rows([hit_row(hit) for hit in hits], preselect=True)

    # One file ---------------------------------------------------------------------------------------

    def _show_file(self, file: VisitorFile) -> None:
        last = self.last_focus()  # what is rebuilt must not send the keyboard to another part of the window
        was_here = last is not None and self._right.isAncestorOf(last)
        was_in_record = last is not None and self.record is not None and self.record.isAncestorOf(last)
        name = last.accessibleName() if last is not None else ""
        self._drop_step()
        if self.record is not None:
            self._right.removeWidget(self.record)
            self.record.hide()
            self.record.deleteLater()
        self._file = file
        self._is_stale = False
        record = RecordView(file, self._presenter)
        record.edit_asked.connect(lambda: self._begin_step(EditPanel(file, self._presenter)))
        record.merge_asked.connect(lambda: self._begin_step(MergePanel(file, self._presenter)))
        record.revoke_asked.connect(self._revoke)
        record.consents_asked.connect(self._add_consents)
        record.unmerge_asked.connect(self._unmerge)
        record.contact_chosen.connect(lambda key: self.open_requested.emit("reception", Target("contact", key)))
        record.release_asked.connect(lambda: self._print(self._presenter.secrecy_release(file)))
        record.answer_print_asked.connect(lambda: self._print(self._presenter.access_answer(file)))
        record.answer_save_asked.connect(lambda: self._save(self._presenter.access_answer(file)))
        record.erase_asked.connect(lambda: self._begin_erasing(file))
        record.hand_over_asked.connect(lambda: self.open_requested.emit("exchange", Target("offer", file.visitor_id)))
        record.hold_asked.connect(self._hold)
        record.release_hold_asked.connect(lambda: self._do(lambda: self._presenter.release(file)))
        record.data_save_asked.connect(lambda: self._save(self._presenter.access_data(file)))
        self.record = record
        self._right.addWidget(record)
        self._bring(record)
        if was_here:
            record.take_keyboard(name, is_same=was_in_record)
        elif not self._is_wide:
            record.release_button.setFocus(Qt.FocusReason.OtherFocusReason)  # the list with the keyboard has gone

    def _changed_elsewhere(self, notice: VisitorsChanged) -> None:
        """Read the open file again when the page is next shown: reading is written down, so not before."""
        if self._file is not None and notice.visitor_id == self._file.visitor_id and not self.isVisible():
            self._is_stale = True

    def _show_nothing(self) -> None:
        self._is_stale = False
        self._drop_step()
        self._drop_record()
        self._bring(self._nothing)

    def _drop_record(self) -> None:
        if self.record is not None:
            self._right.removeWidget(self.record)
            self.record.hide()
            self.record.deleteLater()
            self.record = None
        self._file = None

    def _reload(self) -> None:
        if self._file is not None:
            self.open_file(self._file.visitor_id)
        self._search()

    def _do(self, command: Callable[[], Done]) -> None:
        """Run a command on the file that is open, say what was done, and offer to take it back."""
        try:
            done = command()
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        self._finish(done)

    def _finish(self, done: Done) -> None:
        self._reload()
        self.say(done.text, self.undoing(done.undo, self._reload))

    def _revoke(self, consent: Consent) -> None:
        self._do(lambda: self._presenter.revoke(consent))

    def _hold(self, hold: ErasureHold) -> None:
        file, record = self._file, self.record
        if file is None or record is None:
            return
        try:
            done = self._presenter.hold(file, hold)
        except InputError as error:
            record.show_hold_error(error)
            return
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        self._finish(done)

    def _add_consents(self, consents: list[ConsentEntry]) -> None:
        if self._file is None or self.record is None:
            return
        try:
            done = self._presenter.add_consents(self._file.visitor_id, consents)
        except InputError as error:
            self.record.consent_form.show_error(error)
            return
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        self._finish(done)

    def _unmerge(self, merge: Merge) -> None:
        self._do(lambda: self._presenter.undo_merge(merge))

    # Steps ------------------------------------------------------------------------------------------

    def _begin_file(self, _checked: bool = False) -> None:
        if not self._presenter.may(Action.CHANGE_VISITOR_FILES) or self._must_stay():
            return
        self._drop_step()
        text = self.search_field.query()
        self.new_file.begin(text if any(map(str.isalpha, text)) else "")
        self._bring(self.new_file)
        self.new_file.main_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _dropped(self, content: Mapping[str, object]) -> None:
        def undo() -> None:
            self.new_file.take_back(content)
            self._begin_file()
            self.say(tr("Rückgängig gemacht."))

        self.say(tr("Die angefangene Personenakte ist verworfen."), undo)

    def _drafts_erased(self, notice: DraftsErased) -> None:
        if self._presenter.is_draft(notice.draft_ids):
            self.new_file.forget_erased()

    def _created(self, visitor_id: str) -> None:
        self.open_file(visitor_id)
        self._search()
        self.say(tr("Personenakte angelegt."))

    def _begin_step(self, panel: EditPanel | MergePanel) -> None:
        self._drop_step()
        self._step = panel
        panel.closed.connect(self._leave_step)
        panel.problem.connect(self.show_problem)
        if isinstance(panel, EditPanel):
            panel.changed.connect(self._finish)
        else:
            panel.merged.connect(self._finish)
        self._right.addWidget(panel)
        self._bring(panel)
        panel.main_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin_erasing(self, file: VisitorFile) -> None:
        from ui.erasing.panel import ErasePanel

        self._drop_step()
        try:
            panel = ErasePanel(self._presenter.erasure(file), self._tasks)
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        self._step = panel
        panel.closed.connect(self._leave_step)
        panel.said.connect(self._say_only)
        panel.erased.connect(lambda _receipt: self._erased())
        self._right.addWidget(panel)
        self._bring(panel)
        panel.main_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_only(self, text: str) -> None:
        self.say(text)

    def _erased(self) -> None:
        """Forget the file; the panel stays with its receipt until it is put away."""
        self._is_stale = False
        self._drop_record()
        self._search()
        self.say(tr("Alle Daten der Person sind gelöscht."))

    def _save_step(self) -> None:
        current = self._right.currentWidget()
        if isinstance(current, CreatePanel | EditPanel) and current.do_button.isEnabled():
            current.save()

    def _must_stay(self) -> bool:
        """Whether the receipt of an erasure is still to come or to be kept; then it is brought into view."""
        check = getattr(self._step, "must_stay", None)
        if check is None or not check():
            return False
        if self._step is not None:
            self._bring(self._step)
        return True

    def _leave_step(self) -> None:
        """Go back to the file or to nothing. What was typed for a new file stays until it is made."""
        self.clear_problem()
        self._drop_step()
        self._bring(self.record or self._nothing)
        self.search_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_step(self) -> None:
        if self._step is not None:
            self._right.removeWidget(self._step)
            self._step.hide()
            self._step.deleteLater()
            self._step = None

    # Paper ------------------------------------------------------------------------------------------

    def _print(self, paper: Paper) -> None:
        self._make_paper(lambda: self._desk.print_sheet(paper))

    def _save(self, paper: Paper) -> None:
        self._make_paper(lambda: self._desk.save(paper))

    def _make_paper(self, make: Callable[[], str]) -> None:
        try:
            sentence = make()
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        if sentence:
            self.say(sentence)

    # Layout -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show list and file side by side where there is room."""
        super().resizeEvent(event)
        if self._presenter.may(Action.FIND_VISITORS):
            self._arrange()

    def _bring(self, widget: QWidget) -> None:
        self._right.setCurrentWidget(widget)
        self._arrange()

    def _arrange(self) -> None:
        self._is_wide = self.width() >= active_theme().scale.with_text(_TWO_COLUMNS_FROM)
        has_part = self._right.currentWidget() is not self._nothing
        set_shown(self._left, self._is_wide or not has_part)
        set_shown(self._right, self._is_wide or has_part)
        set_shown(self.back_button, not self._is_wide and has_part)
