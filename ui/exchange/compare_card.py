"""Comparing the number with another office by telephone, once per office and after every change of its key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.exchange.records import PartnerOffice
from ui.exchange.presenter import ExchangePresenter
from ui.exchange.wording import problem_text
from ui.widgets.buttons import Button
from ui.widgets.containers import Card
from ui.widgets.labels import Words
from ui.widgets.record_view import BigNumber


class CompareCard(Card):
    """The number in big groups and the button that says it is the same. ``compared(done)``, ``problem(error)``."""

    compared = Signal(object)
    problem = Signal(object)

    def __init__(self, presenter: ExchangePresenter, office: PartnerOffice, parent: QWidget | None = None) -> None:
        super().__init__(tr("Einmal am Telefon vergleichen"), parent=parent)
        self._presenter, self._office = presenter, office
        self._number = presenter.comparison_number(office.office_id)
        self.button = Button(tr("Alle &acht Gruppen sind gleich"), icon_name="check")
        self.button.clicked.connect(self._confirm)
        if not self._number:
            self.body.addWidget(Words(problem_text("no_key"), wrap=True))
            self.button.setEnabled(False)
            return
        if office.key_changed:
            self.body.addWidget(Words(problem_text("key_changed"), wrap=True))
        self.body.addWidget(Words(_sentence(office), wrap=True))
        self.number = BigNumber(self._number, tr("Zahl zum Vergleichen"), icon_name="shield-check", copyable=False)
        self.body.addWidget(self.number)
        if not office.is_compared:
            self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def _confirm(self) -> None:
        try:
            done = self._presenter.confirm(self._office.office_id, self._number)
        except QuartierslotseError as error:
            self.problem.emit(error)
            return
        self.compared.emit(done)


def _sentence(office: PartnerOffice) -> str:
    if office.is_compared:
        return tr(
            "Schon verglichen. Liest Ihnen „{office}“ eine Zahl vor, muss es genau diese sein.", office=office.name
        )
    return tr(
        "Rufen Sie „{office}“ unter der Nummer an, die Sie schon kennen. Dort steht unter „Übergaben“ bei „Büros“ auch eine Zahl. "
        "Lesen Sie sie sich abwechselnd vor: Nur wenn alle acht Gruppen gleich sind, liest unterwegs niemand mit.",
        office=office.name,
    )
