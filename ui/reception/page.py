"""Empfang, the home of the program: the contact cards on the left, the day on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactsChanged, DraftsErased, ReferralRecord, ReferralsChanged, TallyChanged
from desktop_app.contacts.vocabulary import ReferralMode, ReferralState, TallyKind
from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.settings.records import OfficeChanged
from ui.reception.card_state import CardState
from ui.reception.contact_card import ContactCard
from ui.reception.day_panel import TALLY_KEYS, WAITING_KEY, DayPanel
from ui.reception.links import NewCard
from ui.reception.presenter import ReceptionPresenter, Saved
from ui.reception.wording import clock_text
from ui.shell.basket import Basket, BasketItem
from ui.shell.notices import NoticeBridge
from ui.shell.page import Page, Target
from ui.shell.tasks import TaskRunner
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from ui.widgets.feedback import Notice
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.tab_strip import TabStrip
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from ui.erasing.panel import ErasePanel
    from ui.visitors.paper import PaperDesk

_DAY_WIDTH = 340
_CARD_WIDTH = 480
_UNLIMITED = 16_777_215

Action = Callable[[], None]


class ReceptionPage(Page):
    """Records contacts. `sheet_requested(card_id, service_ids)` asks to print a sheet at once.

    The picks of the card in front are what is on the `basket`; what another page puts there is picked here.
    """

    sheet_requested = Signal(str, object)

    def __init__(
        self,
        application: Application,
        notices: NoticeBridge,
        basket: Basket,
        parent: QWidget | None = None,
        *,
        tasks: TaskRunner | None = None,
    ) -> None:
        super().__init__(tr("Empfang"), "house", "reception", parent=parent)
        self._application = application
        self._basket = basket
        self._notices = notices
        self.paper_desk: PaperDesk | None = None
        self._tasks = tasks or TaskRunner(self)
        self.erase_panel: ErasePanel | None = None
        self.presenter = ReceptionPresenter(application)
        theme = active_theme()
        settings = application.settings
        self.tabs = TabStrip(tr("Offene Kontakte"), new_name=tr("Neuer Kontakt (Strg+N)"))
        self.card = ContactCard(self.presenter, settings.topics(), settings.social_spaces(), application.clock.today)
        self.correction = Notice(closable=False, parent=self)
        self.day = DayPanel()

        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(theme.px(8), theme.px(8), 0, theme.px(8))
        column.setSpacing(theme.px(4))
        top = QHBoxLayout()
        top.addWidget(self.tabs, 1)
        self.show_day = QuietButton(tr("Heute"), icon_name="list")
        self.show_day.setCheckable(True)
        self.show_day.toggled.connect(lambda _on: self._arrange())
        top.addWidget(self.show_day)
        column.addLayout(top)
        column.addWidget(self.correction)
        column.addWidget(self.card, 1)
        self._foot = self._bar()
        column.addWidget(self._foot)
        self._left = left
        self._column = column
        self._is_wide = True
        self._is_stale = False
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(0)
        self._columns.addWidget(left, 1)
        self._columns.addWidget(self.day)
        self.body.addLayout(self._columns)

        self._connect()
        self._bind_keys()
        self._listen(notices)
        basket.changed.connect(self._basket_changed)
        self.presenter.restore_cards()
        self._show_tabs(self.presenter.cards[0])
        self._show_day()
        self._arrange()

    def _listen(self, notices: NoticeBridge) -> None:
        notices.listen(ContactsChanged, lambda _notice: self._follow(self._show_today), owner=self)
        notices.listen(TallyChanged, lambda _notice: self._follow(self._show_tally), owner=self)
        notices.listen(ReferralsChanged, lambda _notice: self._follow(self._show_due), owner=self)
        notices.listen(DraftsErased, self._drafts_erased, owner=self)
        notices.listen(OfficeChanged, lambda _notice: self._show_office(), owner=self)

    # Page -------------------------------------------------------------------------------------------

    def main_focus(self) -> QWidget:
        """The topics: the first key press is one."""
        return self.card.topics

    def on_shown(self) -> None:
        """Bring the day up to date; midnight may have passed."""
        self._show_day()
        self.focus_topics()

    def go_back(self) -> bool:
        """Leave the search or a field and come back to the topics."""
        if self.erase_panel is not None:
            if not self.erase_panel.must_stay():
                self._end_erasing()
            return True
        if self.show_day.isChecked():
            self.show_day.setChecked(False)
            return True
        if self._topics_have_focus():
            return False
        self.focus_topics()
        return True

    def _topics_have_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.card.topics.isAncestorOf(focus)

    def show_target(self, target: Target) -> None:
        """Pick a service (`service`) or open a contact (`contact`)."""
        if target.kind == "service":
            self.card.add_service(target.key)
        elif target.kind == "contact":
            self._correct(target.key)

    def on_closing(self) -> None:
        """Keep what was typed in the last moment."""
        self.card.flush()

    def focus_topics(self) -> None:
        """Put the keyboard on the topics."""
        self.card.topics.focus_first()

    # Keys -------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit or letter that no field wanted toggles a topic."""
        if self._press_topic(event):
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lists would search their rows for the letter; here it is a topic."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._press_topic(event):
            return True
        return super().eventFilter(watched, event)

    def _press_topic(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        }
        key = event.text().strip()
        return plain and len(key) == 1 and not event.isAutoRepeat() and self.card.press_topic_key(key)

    def _bind_keys(self) -> None:
        bindings: dict[str, Callable[[], object]] = {
            "Ctrl+Return": self.save,
            "Ctrl+Enter": self.save,
            "Ctrl+P": self.save_and_print,
            "Ctrl+J": self._repeat,
            "Ctrl+N": self._new_card,
            "Ctrl+W": lambda: self._close(self.card.state.card_id),
            "Ctrl+F": self.card.picker.field.setFocus,
            "Ctrl+Tab": lambda: self._next_tab(1),
            "Ctrl+Shift+Tab": lambda: self._next_tab(-1),
            WAITING_KEY: self._let_wait,
            **{key: partial(self._count, kind, 1) for kind, key in TALLY_KEYS.items()},
        }
        for keys, action in bindings.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self._press, action))
        for rows in (self.day.today, self.day.due):
            rows.installEventFilter(self)

    def _press(self, action: Callable[[], object]) -> None:
        """Do what a key asks for; while an erasure is being asked about the card behind it is left alone."""
        if self.erase_panel is None:
            action()

    # Saving -----------------------------------------------------------------------------------------

    def save(self) -> Saved | None:
        """Save the card in front and open the next."""
        return self._save(with_sheet=False)

    def save_and_print(self) -> Saved | None:
        """Save the card in front and print its Merkzettel."""
        has_picks = bool(self.card.state.picks)
        card_id = self.card.state.card_id
        saved = self._save(with_sheet=has_picks)
        if saved is None:
            return None
        if has_picks:
            self.sheet_requested.emit(card_id, saved.service_ids)
        else:
            self.say(
                tr("{saved} Ohne Angebot gibt es keinen Zettel.", saved=saved.sentence),
                self.undoing(saved.undo, self._back_to_last_card),
            )
        return saved

    def _save(self, *, with_sheet: bool) -> Saved | None:
        self.card.flush()
        try:
            saved = self.presenter.save(self.card.state, with_sheet=with_sheet)
        except InputError as error:
            self.card.show_error(error)
            return None
        except QuartierslotseError as error:
            self.show_problem(error)
            return None
        self.clear_problem()
        self._show_tabs(self.presenter.cards[-1])
        self.say(saved.sentence, self.undoing(saved.undo, self._back_to_last_card))
        self.focus_topics()
        return saved

    def _back_to_last_card(self) -> None:
        self._show_tabs(self.presenter.cards[-1])
        self.focus_topics()

    # Cards ------------------------------------------------------------------------------------------

    def _new_card(self) -> None:
        self.card.flush()
        blank = next((card for card in self.presenter.cards if card.is_blank), None)
        self._show_tabs(blank or self.presenter.new_card())
        self.focus_topics()

    def _close(self, card_id: str) -> None:
        self.card.flush()
        reopen = self.presenter.close_card(self.presenter.card(card_id))
        self._show_tabs(self.presenter.cards[-1])
        if reopen is not None:
            self.say(tr("Karte geschlossen, nichts gespeichert."), partial(self._reopened, reopen))
        self.focus_topics()

    def _reopened(self, reopen: Action) -> None:
        reopen()
        self._show_tabs(self.presenter.cards[-1])

    def _repeat(self) -> None:
        self.card.flush()
        if self.card.state.correction is not None:
            self._new_card()
        if self.presenter.repeat_last(self.card.state):
            self.card.refresh()
            self.say(tr("Ausgefüllt wie eben. Strg+Enter speichert."))
        else:
            self.say(tr("Es gibt noch keinen Kontakt, der sich wiederholen lässt."), tone=Tone.INFO)

    def _correct(self, contact_id: str) -> None:
        if self.erase_panel is not None:
            if self.erase_panel.must_stay():
                return
            self._end_erasing()
        self.card.flush()
        try:
            record = self._application.contact_queries.contact(contact_id)
            card = self.presenter.correct(record)
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        self.show_day.setChecked(False)
        self._show_tabs(card)
        self.focus_topics()

    def _drafts_erased(self, notice: DraftsErased) -> None:
        """Let go of cards whose contact or person was erased; the others stay."""
        if self.presenter.forget_cards(notice.draft_ids):
            front = self.card.state
            self._show_tabs(self.presenter.cards[-1] if front.is_erased else front)
            self.say(
                tr("Eine offene Karte wurde geschlossen: Was darin stand, ist endgültig gelöscht."), tone=Tone.INFO
            )

    def _withdraw(self) -> None:
        sentence, undo = self.presenter.withdraw(self.card.state)
        self._show_tabs(self.presenter.cards[-1])
        self.say(sentence, self.undoing(undo, self.focus_topics))
        self.focus_topics()

    def _begin_erasing(self) -> None:
        """Put a look at what goes, and the question, in the place of the card."""
        from ui.erasing.panel import ErasePanel

        self.card.flush()
        card = self.card.state
        try:
            panel = ErasePanel(self.presenter.note_erasure(card), self._tasks)
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        self.erase_panel = panel
        panel.closed.connect(self._end_erasing)
        panel.said.connect(self._say_only)
        panel.erased.connect(lambda _receipt: self._note_erased(card))
        self._column.insertWidget(self._column.indexOf(self.card), panel, 1)
        self._arrange()
        panel.main_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _note_erased(self, card: CardState) -> None:
        self.presenter.forget_note(card)
        self._show_tabs(self.presenter.cards[-1])
        self.say(tr("Die Notiz ist gelöscht. Der Kontakt bleibt."))

    def _end_erasing(self) -> None:
        panel, self.erase_panel = self.erase_panel, None
        if panel is not None:
            self._column.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
            self._arrange()
            self.focus_topics()

    def _next_tab(self, step: int) -> None:
        keys = self.tabs.keys()
        self.tabs.set_current(keys[(keys.index(self.tabs.current()) + step) % len(keys)])

    def _show_tabs(self, current: CardState) -> None:
        wanted = [card.card_id for card in self.presenter.cards]
        blocked = self.tabs.blockSignals(True)
        for key in self.tabs.keys():  # noqa: SIM118 - not a mapping
            if key not in wanted:
                self.tabs.remove(key)
        for card in self.presenter.cards:
            if card.card_id not in self.tabs.keys():  # noqa: SIM118
                self.tabs.add(card.card_id, *self._tab_words(card), make_current=False)
        self.tabs.set_current(current.card_id)
        self.tabs.blockSignals(blocked)
        self._show_card(current.card_id)

    def _show_card(self, card_id: str) -> None:
        card = self.presenter.card(card_id)
        if card is not self.card.state:
            self.card.show_state(card)
        else:
            self.card.refresh()
        correction = card.correction
        text = ""
        if correction is not None:
            text = tr("Sie ändern den Kontakt von {time} Uhr.", time=clock_text(correction.recorded_at))
        self.correction.show_text(text)
        set_shown(self.delete, correction is not None)
        set_shown(self.erase_note, self.presenter.may_erase_note(card))
        self.save_button.setText(tr("Änderung speichern") if correction else tr("Speichern"))
        self._card_changed()

    def _card_changed(self) -> None:
        card = self.card.state
        if card.card_id in self.tabs.keys():  # noqa: SIM118
            self.tabs.rename(card.card_id, *self._tab_words(card))
        self.print_button.setEnabled(bool(card.picks))
        self._basket.replace(
            (BasketItem(pick.service_id, pick.name, pick.organization) for pick in card.picks), owner=card.card_id
        )

    def _basket_changed(self) -> None:
        """Follow what another page put on the Merkzettel or took off it."""
        on_it = [item.service_id for item in self._basket.items()]
        picked = [pick.service_id for pick in self.card.state.picks]
        if on_it == picked:
            return
        for service_id in picked:
            if service_id not in on_it:
                self.card.remove_service(service_id)
        for service_id in on_it:
            if service_id not in picked:
                self.card.add_service(service_id, ReferralMode.SHEET)

    @staticmethod
    def _tab_words(card: CardState) -> tuple[str, str]:
        if card.correction is not None:
            return tr("Änderung"), clock_text(card.correction.recorded_at)
        if card.began_at is None:
            return tr("Neuer Kontakt"), ""
        return tr("Kontakt"), clock_text(card.began_at)

    def _say_only(self, text: str) -> None:
        self.say(text)

    def _print_visit_card(self, issued: NewCard) -> None:
        from ui.visitors.paper import PaperDesk
        from ui.visitors.presenter import Paper

        paper = Paper(tr("Besuchskarte"), tr("Besuchskarte.pdf"), partial(self.presenter.links.card_pdf, issued))
        try:
            sentence = (self.paper_desk or PaperDesk(self)).print_sheet(paper)
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        if sentence:
            self.say(tr("Besuchskarte gedruckt."))

    # The day ----------------------------------------------------------------------------------------

    def _show_day(self) -> None:
        self._is_stale = False
        self._show_today()
        self._show_tally()
        self._show_due()
        self.day.show_waiting(self.presenter.waiting())

    def _follow(self, show: Action) -> None:
        """Show a change that somebody sees at once, any other when the page comes to the front."""
        if self.isVisible():
            show()
        else:
            self._is_stale = True

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed behind another page."""
        super().showEvent(event)
        if self._is_stale:
            self._show_day()

    def _show_today(self) -> None:
        self.day.show_today(self.presenter.today())

    def _show_tally(self) -> None:
        self.day.show_tally(self.presenter.tally())

    def _show_due(self) -> None:
        self.day.show_due(self.presenter.due())

    def _show_office(self) -> None:
        settings = self._application.settings
        self.card.show_topics(settings.topics())
        self.card.set_spaces(settings.social_spaces())
        self.card.refresh()

    def _count(self, kind: TallyKind, difference: int) -> None:
        if difference > 0:
            self.say(*self.presenter.count(kind))
        else:
            sentence = self.presenter.uncount(kind)
            if sentence:
                self.say(sentence)

    def _let_wait(self) -> None:
        self.presenter.let_wait()
        self.day.show_waiting(self.presenter.waiting())

    def _call_next(self) -> None:
        if self.presenter.call_next():
            self.day.show_waiting(self.presenter.waiting())
            self._new_card()

    def _outcome(self, referral: ReferralRecord, state: ReferralState) -> None:
        self.say(*self.presenter.follow_up(referral, state))

    def _postpone(self, referral: ReferralRecord, days: int) -> None:
        self.say(*self.presenter.postpone(referral, days))

    # Layout -----------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """The card alone: the day moves below it before it would make the window wider than the screen."""
        return QSize(self._left.minimumSizeHint().width(), super().minimumSizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Other letters need other room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_columns"):
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the day beside the card where there is room, instead of it where there is not."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        scale = active_theme().scale
        is_wide = self.width() >= scale.with_text(_CARD_WIDTH + _DAY_WIDTH)
        set_shown(self.show_day, not is_wide)
        shows_day = self.show_day.isChecked()
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            home, other = (self._columns, self._column) if is_wide else (self._column, self._columns)
            other.removeWidget(self.day)
            home.insertWidget(home.count() - (not is_wide), self.day)
        width = scale.with_text(_DAY_WIDTH)
        self.day.setMinimumWidth(width if is_wide else 0)
        self.day.setMaximumWidth(width if is_wide else _UNLIMITED)
        set_shown(self.day, is_wide or shows_day)
        is_erasing = self.erase_panel is not None
        for part in (self.tabs, self.card, self._foot):
            set_shown(part, not is_erasing and (part is not self.card or is_wide or not shows_day))

    def _bar(self) -> QWidget:
        theme = active_theme()
        bar = QWidget()
        row = FlowLayout(bar, gap=theme.px(8))
        row.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), 0)
        self.save_button = PrimaryButton(tr("Speichern"), icon_name="check")
        self.save_button.setToolTip(tr("Strg+Enter"))
        self.print_button = Button(tr("Speichern und drucken"), icon_name="printer")
        self.print_button.setToolTip(tr("Strg+P"))
        self.repeat_button = QuietButton(tr("Wie eben"), icon_name="copy")
        self.repeat_button.setToolTip(tr("Strg+J"))
        self.delete = DangerButton(tr("Kontakt löschen"), icon_name="trash-2")
        set_shown(self.delete, False)
        self.erase_note = QuietButton(tr("Notiz endgültig löschen …"), icon_name="trash-2")
        set_shown(self.erase_note, False)
        for button in (self.save_button, self.print_button, self.repeat_button, self.delete, self.erase_note):
            row.addWidget(button)
        return bar

    def _connect(self) -> None:
        self.tabs.current_changed.connect(self._show_card)
        self.tabs.close_requested.connect(self._close)
        self.tabs.new_requested.connect(self._new_card)
        self.card.changed.connect(self._card_changed)
        self.card.problem.connect(self.show_problem)
        self.card.visit_card_asked.connect(self._print_visit_card)
        self.card.said.connect(self._say_only)
        self.save_button.clicked.connect(self.save)
        self.print_button.clicked.connect(self.save_and_print)
        self.repeat_button.clicked.connect(self._repeat)
        self.delete.clicked.connect(self._withdraw)
        self.erase_note.clicked.connect(self._begin_erasing)
        self.day.contact_chosen.connect(self._correct)
        self.day.tally_asked.connect(self._count)
        self.day.wait_asked.connect(self._let_wait)
        self.day.next_asked.connect(self._call_next)
        self.day.outcome_chosen.connect(self._outcome)
        self.day.postponed.connect(self._postpone)
