"""One other office: whether the number was compared, and the number to compare."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.core.translation import tr
from desktop_app.exchange.records import PartnerOffice
from ui.exchange.compare_card import CompareCard
from ui.exchange.presenter import ExchangePresenter
from ui.exchange.wording import office_row
from ui.widgets.badge import Badge
from ui.widgets.containers import ScrollPage
from ui.widgets.labels import Words

_COLUMN = 680


class OfficeView(ScrollPage):
    """Shows an office. ``compared(done)``, ``problem(error)``."""

    compared = Signal(object)
    problem = Signal(object)

    def __init__(self, office: PartnerOffice, presenter: ExchangePresenter, parent: QWidget | None = None) -> None:
        super().__init__(width=_COLUMN, margin=8, parent=parent)
        self.setAccessibleName(tr("Anderes Büro"))
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Words(office.name, "title", wrap=True), 1)
        state = office_row(office).badges[0]
        row.addWidget(Badge(state.text, state.tone), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(head)
        self.body.addWidget(Words(office.carrier, "muted", wrap=True))
        self.card = CompareCard(presenter, office)
        self.card.compared.connect(self.compared)
        self.card.problem.connect(self.problem)
        self.body.addWidget(self.card)
        self.body.addStretch(1)
