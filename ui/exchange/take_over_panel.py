"""A visitor file of an accepted referral: only when the person consents here too."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.exchange.records import ReferralContent, ReferralDetail
from desktop_app.visitors.records import ConsentKind, VisitorEntry
from ui.exchange.presenter import ExchangePresenter
from ui.theme.theme import active_theme
from ui.visitors.forms import ConsentForm, EntryForm
from ui.visitors.wording import hit_row
from ui.widgets.badge import Tone
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import Notice
from ui.widgets.labels import SectionTitle, Words
from ui.widgets.search_list import ResultList
from ui.widgets.visibility import set_shown

_COLUMN = 640
_SHOWN_ROWS = 5


class TakeOverPanel(ScrollPage):
    """First the consents of this office, then the details, filled in. ``created(visitor_id)``, ``linked(visitor_id)``."""

    created = Signal(str)
    linked = Signal(str)
    closed = Signal()
    problem = Signal(object)

    def __init__(self, detail: ReferralDetail, presenter: ExchangePresenter, parent: QWidget | None = None) -> None:
        super().__init__(width=_COLUMN, margin=8, parent=parent)
        self._detail, self._presenter = detail, presenter
        self.setAccessibleName(tr("Personenakte anlegen"))
        self.body.addWidget(SectionTitle(tr("Personenakte anlegen")))
        self._add_similar()
        consents = Card(tr("1. Einwilligung hier im Büro"))
        consents.body.addWidget(
            Words(
                tr(
                    "Die Einwilligung beim anderen Büro gilt nicht für eine Akte hier. Ohne das erste Kreuz wird keine angelegt."
                ),
                "muted",
                wrap=True,
            )
        )
        self.consents = ConsentForm(presenter.today())
        self.consents.changed.connect(self._show_step)
        consents.body.addWidget(self.consents)
        self.body.addWidget(consents)
        self.entry_card = Card(tr("2. Angaben"))
        self.entry = EntryForm()
        self.entry.show_entry(entry_of(detail.content))
        self.entry_card.body.addWidget(self.entry)
        self.body.addWidget(self.entry_card)
        row = QHBoxLayout()
        row.setSpacing(active_theme().px(8))
        self.do_button = PrimaryButton(tr("Akte &anlegen"), icon_name="check")
        self.do_button.clicked.connect(self.save)
        self.cancel_button = QuietButton(tr("Abb&rechen"), icon_name="x")
        self.cancel_button.clicked.connect(self.closed)
        row.addWidget(self.do_button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self._show_step()

    def main_focus(self) -> QWidget:
        """The first tick."""
        return self.consents.boxes[ConsentKind.RECORD]

    def save(self) -> None:
        """Make the file."""
        try:
            visitor_id = self._presenter.create_file(
                self._detail.referral, self.entry.entry(), self.consents.consents()
            )
        except InputError as error:
            if not self.consents.show_error(error) and not self.entry.show_error(error):
                self.problem.emit(error)
            return
        except QuartierslotseError as error:
            self.problem.emit(error)
            return
        self.created.emit(visitor_id)

    def _add_similar(self) -> None:
        hits = self._presenter.duplicates(entry_of(self._detail.content))
        self.hint = Notice(closable=False)
        self.similar = ResultList(tr("Vielleicht dieselbe Person"))
        self.body.addWidget(self.hint)
        self.body.addWidget(self.similar)
        set_shown(self.similar, bool(hits))
        if hits:
            self.hint.show_text(
                tr("Gibt es die Akte schon? Diese klingen ähnlich. Eingabe verbindet die Übergabe mit der Akte."),
                Tone.WARNING,
            )
            self.similar.set_rows([hit_row(hit) for hit in hits])
            self.similar.fit_rows(min(_SHOWN_ROWS, len(hits)))
            self.similar.activated_key.connect(self._link)

    def _link(self, visitor_id: str) -> None:
        try:
            self._presenter.link_file(self._detail.referral, visitor_id)
        except QuartierslotseError as error:
            self.problem.emit(error)
            return
        self.linked.emit(visitor_id)

    def _show_step(self) -> None:
        may = self.consents.has_tick(ConsentKind.RECORD)
        set_shown(self.entry_card, may)
        self.do_button.setEnabled(may)


def entry_of(content: ReferralContent | None) -> VisitorEntry:
    """Return what a content says about a person, to begin a file with."""
    if content is None:
        return VisitorEntry()
    return VisitorEntry(name=content.name, phone=content.phone, birth_year=content.birth_year)
