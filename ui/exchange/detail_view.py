"""One referral: how it stands, what comes next, what was passed on, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.core.errors import InputError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.exchange.records import Answer, DeclineReason, Direction, Outcome, Referral, ReferralDetail
from desktop_app.exchange.rules import LONGEST_ANSWER, is_expired
from ui.exchange.compare_card import CompareCard
from ui.exchange.content_view import ContentCard
from ui.exchange.presenter import ExchangePresenter
from ui.exchange.wording import badge, content_title, day_text, next_step, office_text, person_text
from ui.theme.theme import active_theme
from ui.widgets.badge import Badge, Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.choice import Choice
from ui.widgets.containers import FoldOut, ScrollPage
from ui.widgets.feedback import Notice
from ui.widgets.fields import ChoiceField, TextField
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Words
from ui.widgets.record_view import KeyValueTable

_COLUMN = 680


class DetailView(ScrollPage):
    """Shows a referral; the signals ask the page to do something with it."""

    withdraw_asked = Signal()
    accept_asked = Signal()
    decline_asked = Signal(object, str)
    take_over_asked = Signal()
    file_asked = Signal(str)
    remove_asked = Signal()
    compared = Signal(object)
    problem = Signal(object)

    def __init__(self, detail: ReferralDetail, presenter: ExchangePresenter, parent: QWidget | None = None) -> None:
        super().__init__(width=_COLUMN, margin=8, parent=parent)
        self._detail, self._presenter = detail, presenter
        self.compare: CompareCard | None = None
        referral = detail.referral
        self.setAccessibleName(tr("Übergabe"))
        today = presenter.today()
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Words(person_text(referral), "title", wrap=True, selectable=True), 1)
        state = badge(referral, today)
        self.state = Badge(state.text, state.tone)
        row.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(head)
        self.step = Words(next_step(referral, today), wrap=True)
        self.body.addWidget(self.step)
        self._add_actions()
        self._add_compare()
        is_sent = referral.direction is Direction.SENT
        self.body.addWidget(
            KeyValueTable(
                [
                    (tr("An") if is_sent else tr("Von"), office_text(referral)),
                    (tr("Angeboten am"), day_text(referral.offered_at)),
                    (tr("Antwort bis"), day_text(referral.expires_on) if referral.outcome is Outcome.WAITING else ""),
                ]
            )
        )
        self.content = ContentCard(content_title(referral))
        gone = tr("Die Angaben sind entfernt. Es bleibt nur, dass es die Übergabe gab.")
        self.content.show_content(detail.content, "" if detail.content else gone)
        self.body.addWidget(self.content)
        self.body.addStretch(1)

    def show_state(self, referral: Referral) -> None:
        """Say how it stands by now; what was passed on is not read again."""
        today = self._presenter.today()
        state = badge(referral, today)
        self.state.show_text(state.text, state.tone)
        self.step.setText(next_step(referral, today))
        self.content.set_title(content_title(referral))

    def main_focus(self) -> QWidget | None:
        """The first thing that can be done."""
        return next((button for button in self._buttons if button.isEnabled()), None)

    # Building ---------------------------------------------------------------------------------------

    def _add_actions(self) -> None:
        self._buttons: list[Button] = []
        self._row = QWidget()
        self._flow = FlowLayout(self._row, gap=active_theme().px(6))
        referral = self._detail.referral
        if referral.direction is Direction.SENT:
            self._add_sent()
        elif self._presenter.may(Action.ANSWER_REFERRALS):
            self._add_received()
        if self._buttons:
            self.body.addWidget(self._row)
        if referral.direction is Direction.RECEIVED and self._can_answer():
            self._add_decline()

    def _add_sent(self) -> None:
        referral = self._detail.referral
        is_open = referral.outcome in {Outcome.WAITING, Outcome.ACCEPTED, Outcome.DECLINED}
        if is_open and self._presenter.may(Action.OFFER_REFERRALS):
            self.withdraw_button = Button(tr("&Zurückziehen"), icon_name="undo-2")
            self.withdraw_button.clicked.connect(self.withdraw_asked)
            if referral.outcome is Outcome.ACCEPTED:
                self.withdraw_button.setToolTip(tr("Was das andere Büro schon übernommen hat, holt das nicht zurück."))
            self._add(self.withdraw_button)

    def _add_received(self) -> None:
        referral = self._detail.referral
        if self._can_answer():
            self.accept_button = PrimaryButton(tr("Anneh&men"), icon_name="check")
            self.accept_button.clicked.connect(self.accept_asked)
            self._add(self.accept_button)
            return
        if referral.visitor_id:
            self.file_button = Button(tr("Zur A&kte"), icon_name="user-round")
            self.file_button.clicked.connect(lambda _on: self.file_asked.emit(referral.visitor_id or ""))
            self._add(self.file_button)
        elif (
            referral.answer is Answer.ACCEPTED
            and self._detail.content is not None
            and self._presenter.may(Action.CHANGE_VISITOR_FILES)
        ):
            self.take_over_button = PrimaryButton(tr("A&kte anlegen …"), icon_name="user-plus")
            self.take_over_button.clicked.connect(self.take_over_asked)
            self._add(self.take_over_button)
        if self._detail.content is not None and referral.outcome is not Outcome.WAITING:
            self.remove_button = QuietButton(tr("Angaben &hier entfernen"), icon_name="trash-2")
            self.remove_button.clicked.connect(self.remove_asked)
            self._add(self.remove_button)

    def _add_decline(self) -> None:
        self.decline = FoldOut(tr("A&blehnen …"))
        unanswered = Choice("", tr("bitte wählen"))
        self.reason = ChoiceField(tr("Gr&und"), self._presenter.reasons(), unanswered=unanswered)
        self.text = TextField(
            tr("&Hinweis (freiwillig)"),
            help_text=tr(
                "Höchstens {count} Zeichen. Bitte nichts über die Person: Der Hinweis bleibt beim anderen Büro stehen.",
                count=LONGEST_ANSWER,
            ),
        )
        self.decline_button = Button(tr("Übe&rgabe ablehnen"), icon_name="x")
        self.decline_button.setEnabled(False)
        self.reason.changed.connect(lambda code: self.decline_button.setEnabled(bool(code)))
        self.decline_button.clicked.connect(self._decline)
        for widget in (self.reason, self.text):
            self.decline.body.addWidget(widget)
        self.decline.body.addWidget(self.decline_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.decline)

    def _add_compare(self) -> None:
        referral = self._detail.referral
        office = self._presenter.partner(referral.office_id)
        is_open = referral.outcome is Outcome.WAITING or not referral.is_told
        if self._detail.is_compared or office is None or not office.has_key or not is_open:
            return
        if not self._presenter.may(Action.OFFER_REFERRALS):
            return
        if referral.direction is Direction.RECEIVED:
            self.body.addWidget(
                Notice(
                    tr(
                        "Noch nicht verglichen: Dass diese Übergabe wirklich von „{office}“ kommt, wissen Sie erst, wenn Sie die "
                        "Zahl am Telefon verglichen haben.",
                        office=referral.office_name,
                    ),
                    Tone.WARNING,
                    closable=False,
                )
            )
        self.compare = CompareCard(self._presenter, office)
        self.compare.compared.connect(self.compared)
        self.compare.problem.connect(self.problem)
        self.body.addWidget(self.compare)

    def _can_answer(self) -> bool:
        referral = self._detail.referral
        return (
            referral.outcome is Outcome.WAITING
            and self._detail.content is not None
            and not is_expired(referral.expires_on, self._presenter.today())
            and self._presenter.may(Action.ANSWER_REFERRALS)
        )

    def _add(self, button: Button) -> None:
        self._buttons.append(button)
        self._flow.addWidget(button)

    # Doing ------------------------------------------------------------------------------------------

    def _decline(self) -> None:
        self.decline_asked.emit(DeclineReason(self.reason.value()), self.text.text())

    def show_error(self, error: InputError) -> None:
        """Show what is wrong with the hint."""
        self.text.set_error(error.message)
        self.text.edit.setFocus(Qt.FocusReason.OtherFocusReason)
