"""A visitor file of an accepted referral: only when the person consents here too."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.exchange.records import ReferralContent, ReferralDetail
from desktop_app.visitors.records import VisitorEntry
from ui.exchange.presenter import ExchangePresenter
from ui.visitors.file_form import FileForm
from ui.visitors.panels import Panel
from ui.visitors.wording import hit_row
from ui.widgets.badge import Tone
from ui.widgets.feedback import Notice
from ui.widgets.search_list import ResultList
from ui.widgets.visibility import set_shown

_SHOWN_ROWS = 5


class TakeOverPanel(Panel):
    """First the consents of this office, then the details, filled in. ``created(visitor_id)``, ``linked(visitor_id)``."""

    created = Signal(str)
    linked = Signal(str)

    def __init__(self, detail: ReferralDetail, presenter: ExchangePresenter, parent: QWidget | None = None) -> None:
        super().__init__(tr("Personenakte anlegen"), tr("Akte &anlegen"), "check", parent)
        self._detail, self._presenter = detail, presenter
        self._add_similar()
        self.form = FileForm(
            tr("1. Einwilligung hier im Büro"),
            tr(
                "Die Einwilligung beim anderen Büro gilt nicht für eine Akte hier. Ohne das erste Kreuz wird keine angelegt."
            ),
            presenter.today(),
        )
        self.form.ready_changed.connect(self.do_button.setEnabled)
        self.form.problem.connect(self.problem)
        self.consents, self.entry, self.entry_card = self.form.consents, self.form.entry, self.form.entry_card
        self.entry.show_entry(entry_of(detail.content))
        self.body.addWidget(self.form)
        self.do_button.clicked.connect(self.save)
        self.add_foot()
        self.form.renew()

    def main_focus(self) -> QWidget:
        """The first tick."""
        return self.form.first()

    def save(self) -> None:
        """Make the file."""
        referral = self._detail.referral
        visitor_id = self.form.save(lambda entry, consents: self._presenter.create_file(referral, entry, consents))
        if visitor_id is not None:
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


def entry_of(content: ReferralContent | None) -> VisitorEntry:
    """Return what a content says about a person, to begin a file with."""
    if content is None:
        return VisitorEntry()
    return VisitorEntry(name=content.name, phone=content.phone, birth_year=content.birth_year)
