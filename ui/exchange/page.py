"""Übergaben: what other offices offer and what this office offered, one of both at a time, with its details beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.exchange.records import DeclineReason, Direction, ExchangeChanged, Referral, ReferralDetail
from ui.exchange.compare_card import CompareCard
from ui.exchange.detail_view import DetailView
from ui.exchange.offer_panel import OfferPanel
from ui.exchange.office_view import OfficeView
from ui.exchange.presenter import Done, ExchangePresenter
from ui.exchange.take_over_panel import TakeOverPanel
from ui.exchange.wording import nothing_words, office_row, row
from ui.shell.page import Page, Target
from ui.theme.theme import active_theme
from ui.widgets.buttons import QuietButton
from ui.widgets.choices import Choice, SegmentedControl
from ui.widgets.containers import ScrollPage
from ui.widgets.feedback import EmptyState
from ui.widgets.labels import PageTitle, Words
from ui.widgets.search_list import ResultList
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.notices import NoticeBridge

#: wide enough that the half of a row holds every word of how a referral stands
_TWO_COLUMNS_FROM = 820
_ALONE_COLUMN = 640
_OFFICES = "offices"

OFFER_TARGET = "offer"
"""The kind of target that begins an offer; its key is the visitor file."""
REFERRAL_TARGET = "referral"
"""The kind of target that shows one referral."""


class ExchangePage(Page):
    """List on the left, one referral (or an offer in the making) on the right; one of both where it is narrow."""

    def __init__(self, application: Application, notices: NoticeBridge, parent: QWidget | None = None) -> None:
        super().__init__(tr("Übergaben"), "handshake", "exchange", parent=parent)
        self._presenter = ExchangePresenter(application)
        self._is_wide = True
        self._shown: str = ""
        self.detail: DetailView | None = None
        self.offer: OfferPanel | None = None
        self.take_over: TakeOverPanel | None = None
        self.office: OfficeView | None = None
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack)
        self.alone = EmptyState(
            "handshake",
            tr("Dieser Arbeitsplatz ist noch nicht mit anderen Büros verbunden."),
            detail=tr(
                "Mit der Einwilligung einer Person können Sie sie hier an ein Büro eines anderen Trägers übergeben, und andere "
                "Büros an Sie. Dafür braucht es die Verbindung; die Koordination richtet sie unter „Abgleich“ ein."
            ),
            action=tr("Zum Abgleich"),
        )
        self.alone.action_requested.connect(lambda: self.open_requested.emit("sync", None))
        page = ScrollPage(width=_ALONE_COLUMN, margin=0)
        page.body.addWidget(self.alone, 1)
        self._alone_page = page
        self.stack.addWidget(page)
        self._build()
        notices.listen(ExchangeChanged, lambda _notice: self._changed(), owner=self)
        self._arrange()

    # Page -------------------------------------------------------------------------------------------

    def main_focus(self) -> QWidget | None:
        return self.alone.button if self.stack.currentWidget() is self._alone_page else self.results

    def on_shown(self) -> None:
        self._renew()

    def show_target(self, target: Target) -> None:
        self._renew()
        if self.stack.currentWidget() is self._alone_page:
            return
        if target.kind == OFFER_TARGET and self._presenter.may(Action.OFFER_REFERRALS):
            self.begin_offer(target.key)
        elif target.kind == REFERRAL_TARGET:
            self.open_referral(target.key)

    def go_back(self) -> bool:
        if self.stack.currentWidget() is self._alone_page:
            return False
        if self._right.currentWidget() is self.take_over:
            self._leave_take_over()
            return True
        if self._right.currentWidget() is not self._nothing:
            self._show_nothing()
            return True
        return False

    # For others -------------------------------------------------------------------------------------

    def begin_offer(self, visitor_id: str) -> None:
        """Begin (or go on with) an offer of a person; that the file is read is written down."""
        if self.offer is not None and self.offer.visitor_id == visitor_id and self.offer.has_text():
            self._bring(self.offer)
            return
        try:
            file = self._presenter.file(visitor_id)
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        self.clear_problem()
        self._drop("offer")
        self.offer = OfferPanel(file, self._presenter)
        self.offer.offered.connect(self._offered)
        self.offer.closed.connect(self._cancel_offer)
        self.offer.file_asked.connect(self._open_file)
        self.offer.problem.connect(self.show_problem)
        self._right.addWidget(self.offer)
        self._bring(self.offer)
        self.offer.main_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def open_referral(self, referral_id: str) -> None:
        """Show a referral; that it was read is written down."""
        try:
            detail = self._presenter.open(referral_id)
        except QuartierslotseError as error:
            self._show_nothing()
            self.show_problem(error)
            return
        self.clear_problem()
        self._choose_side(detail.referral.direction)
        self._show_detail(detail)

    # Building ---------------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = active_theme()
        inside = QWidget()
        page = QVBoxLayout(inside)
        page.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(8))
        page.setSpacing(theme.px(8))
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(PageTitle(tr("Übergaben")), 1)
        self.back_button = QuietButton(tr("Zur &Liste"), icon_name="arrow-left")
        self.back_button.clicked.connect(lambda _on: self.go_back())
        line.addWidget(self.back_button)
        page.addWidget(head)
        columns = QHBoxLayout()
        columns.setSpacing(theme.px(12))
        page.addLayout(columns, 1)
        self._build_left()
        self._right = QStackedWidget()
        self._nothing = EmptyState(
            "handshake",
            tr("Keine Übergabe geöffnet"),
            detail=tr("Wählen Sie links eine aus."),
        )
        self._nothing.setMinimumHeight(1)  # behind a referral it must not keep the window tall
        self._right.addWidget(self._nothing)
        columns.addWidget(self._left, 2)
        columns.addWidget(self._right, 3)
        self.stack.addWidget(inside)

    def _build_left(self) -> None:
        theme = active_theme()
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(theme.px(8))
        self.side = SegmentedControl(
            tr("Welche Übergaben"),
            [
                Choice(Direction.RECEIVED.value, tr("&Erhalten")),
                Choice(Direction.SENT.value, tr("&Gesendet")),
                Choice(_OFFICES, tr("Bür&os")),
            ],
        )
        self.side.changed.connect(lambda _code: self._side_chosen())
        left.addWidget(self.side)
        self._keys = QVBoxLayout()
        left.addLayout(self._keys)
        self.key_cards: list[CompareCard] = []
        self.results = ResultList(tr("Übergaben"))
        self.results.activated_key.connect(self._open_row)
        left.addWidget(self.results, 1)
        self.logged = Words(tr("Öffnen wird im Protokoll vermerkt."), "muted", wrap=True)
        left.addWidget(self.logged)

    # Lists ------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        if not self._presenter.is_connected() and not self._presenter.sent() and not self._presenter.received():
            self.stack.setCurrentWidget(self._alone_page)
            return
        self.stack.setCurrentIndex(1)
        self._fill()

    def _fill(self) -> None:
        waiting = self._presenter.waiting()
        words = tr("&Erhalten ({count} neu)", count=waiting) if waiting else tr("&Erhalten")
        chosen = self.side.value()
        set_shown(self.logged, chosen != _OFFICES)
        segment = self.side.button(Direction.RECEIVED.value)
        if segment.text() != words:
            segment.setText(words)
            segment.setAccessibleName(words.replace("&", ""))
            segment.updateGeometry()
        if chosen == _OFFICES:
            self.results.set_empty_text(tr("Es ist noch kein anderes Büro verbunden."))
            self.results.set_rows([office_row(office) for office in self._presenter.partners()])
            self._say_nothing(*nothing_words(None, is_empty=not self.results.row_count()))
            self._show_unknown_keys()
            return
        today = self._presenter.today()
        is_sent = chosen == Direction.SENT.value
        found = self._presenter.sent() if is_sent else self._presenter.received()
        self.results.set_empty_text(
            tr("Noch keine Übergabe gesendet. Sie beginnt in der Akte der Person.")
            if is_sent
            else tr("Noch keine Übergabe erhalten.")
        )
        self.results.set_rows([row(one, today) for one in found])
        shown = next((one for one in found if one.referral_id == self._shown), None)
        if self.detail is not None and shown is not None:
            self.detail.show_state(shown)
        self._say_nothing(*nothing_words(Direction(chosen), is_empty=not found))
        self._show_unknown_keys()

    def _say_nothing(self, sentence: str, detail: str) -> None:
        self._nothing.sentence.setText(sentence)
        self._nothing.detail.setText(detail)

    def _show_unknown_keys(self) -> None:
        """Something came under a key that nobody compared: it can be read once it was."""
        offices = self._presenter.unknown_keys()
        for card in self.key_cards:
            self._keys.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.key_cards = []
        for office in offices:
            card = CompareCard(self._presenter, office)
            card.compared.connect(self._compared)
            card.problem.connect(self.show_problem)
            self._keys.addWidget(card)
            self.key_cards.append(card)

    def _side_chosen(self) -> None:
        self._fill()
        if self._right.currentWidget() in {self.detail, self.office}:
            self._show_nothing(keep_focus=True)

    def _open_row(self, key: str) -> None:
        if self.side.value() == _OFFICES:
            self._show_office(key)
        else:
            self.open_referral(key)

    def _show_office(self, office_id: str) -> None:
        office = self._presenter.partner(office_id)
        if office is None:
            self._show_nothing()
            return
        had_focus = self._has_focus(self.office)
        self._drop("office")
        view = OfficeView(office, self._presenter)
        view.compared.connect(self._office_compared)
        view.problem.connect(self.show_problem)
        self.office = view
        self._shown = ""
        self._right.addWidget(view)
        self._bring(view)
        if had_focus or not self._is_wide:
            button = view.card.button
            (button if button.isVisible() else self.results).setFocus(Qt.FocusReason.OtherFocusReason)

    def _office_compared(self, done: Done) -> None:
        self._fill()
        self._show_office(self.results.current_key())
        self.say(done.text)

    def _choose_side(self, direction: Direction) -> None:
        if self.side.value() != direction.value:
            self.side.set_value(direction.value)
            self._fill()
        for place in range(self.results.row_count()):
            if self.results.row_at(place).key == self._shown:
                self.results.set_current_key(self._shown)

    def _changed(self) -> None:
        """Follow a change made elsewhere. What an open referral passes on is read again only when it is chosen."""
        if self.isVisible():
            self._renew()

    # One referral -----------------------------------------------------------------------------------

    def _show_detail(self, detail: ReferralDetail) -> None:
        had_focus = self._has_focus(self.detail) or self._has_focus(self.take_over)
        self._drop("detail")
        self._drop("take_over")
        self._shown = detail.referral.referral_id
        view = DetailView(detail, self._presenter)
        referral = detail.referral
        view.withdraw_asked.connect(lambda: self._do(lambda: self._presenter.withdraw(referral)))
        view.accept_asked.connect(lambda: self._do(lambda: self._presenter.accept(referral)))
        view.decline_asked.connect(lambda reason, text: self._decline(referral, reason, text))
        view.take_over_asked.connect(lambda: self._begin_take_over(detail))
        view.remove_asked.connect(lambda: self._do(lambda: self._presenter.remove_content(referral)))
        view.file_asked.connect(self._open_file)
        view.compared.connect(self._finish)
        view.problem.connect(self.show_problem)
        self.detail = view
        self._right.addWidget(view)
        self._bring(view)
        self.results.set_current_key(self._shown)
        focus = view.main_focus()
        if had_focus or not self._is_wide:  # what had the keyboard has gone
            (focus or (self.results if self._is_wide else self.back_button)).setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self, command: Callable[[], Done]) -> None:
        try:
            done = command()
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        self._finish(done)

    def _decline(self, referral: Referral, reason: DeclineReason, text: str) -> None:
        try:
            done = self._presenter.decline(referral, reason, text)
        except InputError as error:
            if self.detail is not None:
                self.detail.show_error(error)
            return
        except QuartierslotseError as error:
            self.show_problem(error)
            return
        self._finish(done)

    def _reload(self) -> None:
        self._fill()
        if self._shown:
            self.open_referral(self._shown)

    def _finish(self, done: Done) -> None:
        self._reload()
        self.say(done.text, self.undoing(done.undo, self._reload))

    def _compared(self, done: Done) -> None:
        self._fill()
        self.say(done.text)

    # Offering and taking over -----------------------------------------------------------------------

    def _offered(self, done: Done) -> None:
        self._drop("offer")
        self._shown = ""
        self.side.set_value(Direction.SENT.value)
        self._fill()
        self._show_nothing()
        self.say(done.text, self.undoing(done.undo, self._reload))

    def _cancel_offer(self) -> None:
        visitor_id = self.offer.visitor_id if self.offer is not None else ""
        self._drop("offer")
        self._show_nothing()
        if visitor_id:
            self._open_file(visitor_id)

    def _begin_take_over(self, detail: ReferralDetail) -> None:
        self._drop("take_over")
        panel = TakeOverPanel(detail, self._presenter)
        panel.created.connect(self._taken_over)
        panel.linked.connect(self._taken_over)
        panel.closed.connect(self._leave_take_over)
        panel.problem.connect(self.show_problem)
        self.take_over = panel
        self._right.addWidget(panel)
        self._bring(panel)
        panel.main_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _taken_over(self, visitor_id: str) -> None:
        self._drop("take_over")
        self._reload()
        self.say(tr("Die Übergabe ist mit der Personenakte verbunden."))
        self._open_file(visitor_id)

    def _leave_take_over(self) -> None:
        self.clear_problem()
        self._drop("take_over")
        self._bring(self.detail or self._nothing)

    def _open_file(self, visitor_id: str) -> None:
        self.open_requested.emit("visitors", Target("visitor", visitor_id))

    # Layout -----------------------------------------------------------------------------------------

    def _show_nothing(self, *, keep_focus: bool = False) -> None:
        self._shown = ""
        for name in ("detail", "take_over", "office"):
            self._drop(name)
        self._bring(self._nothing)
        if not keep_focus:
            self.results.setFocus(Qt.FocusReason.OtherFocusReason)

    def _has_focus(self, part: QWidget | None) -> bool:
        focused: QWidget | None = self.focusWidget()
        return part is not None and focused is not None and part.isAncestorOf(focused)

    def _drop(self, name: str) -> None:
        widget: QWidget | None = getattr(self, name)
        if widget is not None:
            self._right.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
            setattr(self, name, None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show list and details side by side where there is room."""
        super().resizeEvent(event)
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
