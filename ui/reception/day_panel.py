"""The right side of Empfang: today, the tally, who waits, what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.contacts.records import ContactRecord, ReferralRecord
from desktop_app.contacts.vocabulary import ReferralState, TallyKind
from desktop_app.core.translation import tr, tr_count
from ui.reception.wording import clock_text, contact_row, due_row
from ui.theme.theme import active_theme
from ui.widgets.buttons import Button, QuietButton
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.counters import CountStepper
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Words
from ui.widgets.search_list import ResultList
from ui.widgets.visibility import set_shown

TALLY_KEYS = {TallyKind.VISITOR: "F5", TallyKind.CALL: "F6", TallyKind.LEAFLET: "F7"}
WAITING_KEY = "F8"
_TALLY_ICONS = {TallyKind.VISITOR: "footprints", TallyKind.CALL: "phone", TallyKind.LEAFLET: "file-text"}
_TODAY_ROWS = (3, 7)
_DUE_ROWS = 4
_POSTPONED_DAYS = 7
_OUTCOMES = (
    ReferralState.HELP_RECEIVED,
    ReferralState.CONTACTED,
    ReferralState.DECLINED,
    ReferralState.DID_NOT_GO,
    ReferralState.NOT_TRACEABLE,
)


class DayPanel(ScrollPage):
    """Shows the day; everything pressed here is only asked for."""

    contact_chosen = Signal(str)
    tally_asked = Signal(object, int)
    wait_asked = Signal()
    next_asked = Signal()
    outcome_chosen = Signal(object, object)
    postponed = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=16, parent=parent)
        theme = active_theme()
        self.setAccessibleName(tr("Der Tag"))
        self._due: dict[str, ReferralRecord] = {}

        self.today_card = Card(tr("Heute"))
        self.today = ResultList(
            tr("Kontakte von heute"), empty_text=tr("Noch kein Kontakt heute. Thema drücken, dann Strg+Enter.")
        )
        self.today.activated_key.connect(self.contact_chosen)
        self.today_card.body.addWidget(self.today)
        self.body.addWidget(self.today_card)

        self.tally_card = Card(tr("Strichliste"))
        self.steppers = {kind: self._stepper(kind) for kind in TallyKind}
        for stepper in self.steppers.values():
            self.tally_card.body.addWidget(stepper)
        self.tally_card.body.setSpacing(theme.px(4))

        self.waiting_card = Card(tr("Wer wartet"))
        self.waiting = Words("", "body", wrap=True)
        self.waiting_card.body.addWidget(self.waiting)
        buttons = QWidget()
        row = FlowLayout(buttons, gap=theme.px(4))
        self.wait = Button(tr("Jemand wartet (F8)"), icon_name="hourglass")
        self.wait.clicked.connect(self.wait_asked)
        self.next = QuietButton(tr("Nächste Person"))
        self.next.clicked.connect(self.next_asked)
        row.addWidget(self.wait)
        row.addWidget(self.next)
        self.waiting_card.body.addWidget(buttons)

        self.due_card = Card(tr("Nachfragen"))
        self.due = ResultList(tr("Fällige Nachfragen"))
        self.due.activated_key.connect(self._open_outcome)
        self.due_card.body.addWidget(self.due)
        self._outcome = QWidget()
        outcome = QVBoxLayout(self._outcome)
        outcome.setContentsMargins(0, 0, 0, 0)
        self._outcome_title = Words("", "label", wrap=True)
        outcome.addWidget(self._outcome_title)
        self._choices = QWidget()
        choices = FlowLayout(self._choices, gap=theme.px(4))
        self.outcome_buttons: dict[ReferralState, Button] = {}
        for state in _OUTCOMES:
            button = Button(state.label)
            button.clicked.connect(lambda _checked=False, state=state: self._choose(state))
            self.outcome_buttons[state] = button
            choices.addWidget(button)
        later = QuietButton(tr("In einer Woche wieder"))
        later.clicked.connect(self._postpone)
        choices.addWidget(later)
        outcome.addWidget(self._choices)
        set_shown(self._outcome, False)
        self.due_card.body.addWidget(self._outcome)
        for card in (self.today_card, self.due_card, self.tally_card, self.waiting_card):
            self.body.addWidget(card)
        self.body.addStretch(1)

    def show_today(self, records: Sequence[ContactRecord]) -> None:
        """Show today's contacts."""
        self.today.set_rows([contact_row(record) for record in records])
        count = len(records)
        self.today_card.set_title(
            tr_count("Heute: 1 Kontakt", "Heute: {count} Kontakte", count) if count else tr("Heute")
        )
        self.today.fit_rows(max(_TODAY_ROWS[0], min(_TODAY_ROWS[1], count)))

    def show_tally(self, counts: Mapping[TallyKind, int]) -> None:
        """Show the strokes of today."""
        for kind, stepper in self.steppers.items():
            stepper.set_count(counts.get(kind, 0))

    def show_waiting(self, since: Sequence[datetime]) -> None:
        """Show how many wait, and since when."""
        words = tr("Niemand wartet.")
        if since:
            words = tr_count(
                "1 Person wartet seit {time} Uhr.", "{count} Personen warten, die erste seit {time} Uhr.", len(since),
                time=clock_text(since[0]),
            )  # fmt: skip
        self.waiting.setText(words)
        self.next.setEnabled(bool(since))

    def show_due(self, referrals: Sequence[ReferralRecord]) -> None:
        """Show what is to be asked about today."""
        self._due = {referral.referral_id: referral for referral in referrals}
        self.due.set_rows([due_row(referral) for referral in referrals])
        count = len(referrals)
        self.due_card.set_title(tr("Nachfragen ({count})", count=count))
        set_shown(self.due_card, bool(count))
        self.due.fit_rows(max(1, min(_DUE_ROWS, count)))
        set_shown(self._outcome, False)

    def _stepper(self, kind: TallyKind) -> CountStepper:
        stepper = CountStepper(kind.label, key=TALLY_KEYS[kind], icon_name=_TALLY_ICONS[kind])
        stepper.step_requested.connect(lambda difference: self.tally_asked.emit(kind, difference))
        return stepper

    def _open_outcome(self, referral_id: str) -> None:
        referral = self._due[referral_id]
        self._outcome_title.setText(tr("Was ist aus „{service}“ geworden?", service=referral.service_name))
        set_shown(self._outcome, True)
        self.outcome_buttons[_OUTCOMES[0]].setFocus()

    def _choose(self, state: ReferralState) -> None:
        referral = self._due.get(self.due.current_key())
        if referral is not None:
            self.outcome_chosen.emit(referral, state)

    def _postpone(self) -> None:
        referral = self._due.get(self.due.current_key())
        if referral is not None:
            self.postponed.emit(referral, _POSTPONED_DAYS)
