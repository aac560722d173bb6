"""The panel that stands in place of what is to be erased: what goes, what stays, a word to type, the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from ui.administration.retention_part import ask_for_receipt
from ui.setup.sheet_keeper import AskForFile, PrintSheet, print_with_system
from ui.shell.long_work import LongWork
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import Notice, ProgressPanel
from ui.widgets.fields import TextField
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import SectionTitle, Words
from ui.widgets.record_view import KeyValueTable

if TYPE_CHECKING:
    from desktop_app.retention.records import ErasureReceipt
    from ui.erasing.presenter import ErasurePresenter
    from ui.shell.tasks import TaskRunner

_COLUMN = 640
#: whoever has no ö on the keyboard may write it out
_YES = frozenset({"löschen", "loeschen"})


class ErasePanel(ScrollPage):
    """Asks, erases, shows the receipt. ``erased`` when it is done, ``closed`` to put the panel away."""

    erased = Signal(object)
    closed = Signal()
    said = Signal(str)

    def __init__(
        self,
        presenter: ErasurePresenter,
        tasks: TaskRunner,
        *,
        ask_file: AskForFile = ask_for_receipt,
        print_sheet: PrintSheet = print_with_system,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(width=_COLUMN, margin=8, parent=parent)
        self._presenter = presenter
        self._ask_file, self._print_sheet = ask_file, print_sheet
        self._receipt: ErasureReceipt | None = None
        self._is_kept = False
        self.setAccessibleName(presenter.title)
        self.notice = Notice(closable=False)
        self.body.addWidget(self.notice)
        self.progress = ProgressPanel()
        self.work = LongWork(tasks, self.progress, self.notice, self)
        self.work.began.connect(self._offer)
        self.work.ended.connect(self._offer)
        self.progress.hide()
        self.body.addWidget(self.progress)
        self._build_question()
        self._build_receipt()
        self.body.addStretch(1)
        self._offer()

    @property
    def receipt(self) -> ErasureReceipt | None:
        """The receipt, once it is done."""
        return self._receipt

    def must_stay(self) -> bool:
        """Tell whether it can't be put away yet, and say why: the receipt is still to come, or nobody has kept it."""
        if self.work.is_running:
            return True
        if self._receipt is None or self._is_kept:
            return False
        self.receipt_warning.show_text(
            tr("Die Quittung ist noch nicht gespeichert oder gedruckt, und sie kommt nicht wieder. Brauchen Sie keine, wählen Sie "
               "„Ohne Quittung schließen“."),
            Tone.WARNING,
        )  # fmt: skip
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.bring_into_view(self.receipt_warning, self.buttons)
        return True

    def main_focus(self) -> QWidget:
        """The way back: an accidental key must not erase anything."""
        return self.keep_button if self._receipt is None else self.save_button

    def _build_question(self) -> None:
        self.question = Card(self._presenter.title)
        goes, stays = self._presenter.look()
        self.question.body.addWidget(SectionTitle(tr("Das geht")))
        self.goes = KeyValueTable(goes)
        self.question.body.addWidget(self.goes)
        self.question.body.addWidget(SectionTitle(tr("Das bleibt")))
        self.stays = KeyValueTable(stays)
        self.question.body.addWidget(self.stays)
        warning = Notice(closable=False)
        warning.show_text(
            tr("Das lässt sich nicht rückgängig machen, auch nicht aus einer Sicherung. Danach wird die Datenbank neu "
               "geschrieben; das dauert einen Moment."),
            Tone.WARNING,
        )  # fmt: skip
        self.question.body.addWidget(warning)
        self.word = TextField(tr("Zum Bestätigen das Wort „löschen“ ein&tippen"))
        self.word.changed.connect(lambda _text: self._offer())
        self.question.body.addWidget(self.word)
        self.erase_button = DangerButton(tr("&Endgültig löschen"), icon_name="trash-2")
        self.erase_button.clicked.connect(lambda _on: self._erase())
        self.keep_button = QuietButton(tr("Doch ni&cht"), icon_name="arrow-left")
        self.keep_button.clicked.connect(lambda _on: self.closed.emit())
        self.question.body.addWidget(_row(self.erase_button, self.keep_button))
        self.body.addWidget(self.question)

    def _build_receipt(self) -> None:
        self.receipt_card = Card(tr("Gelöscht"))
        self.receipt_facts = KeyValueTable()
        self.receipt_card.body.addWidget(self.receipt_facts)
        self.receipt_card.body.addWidget(
            Words(tr("Die Löschquittung nennt keinen Namen. Sie entsteht nur jetzt."), "muted", wrap=True)
        )
        self.save_button = PrimaryButton(tr("&Quittung speichern …"), icon_name="save")
        self.save_button.clicked.connect(lambda _on: self._save())
        self.print_button = Button(tr("Quittung druck&en …"), icon_name="printer")
        self.print_button.clicked.connect(lambda _on: self._print())
        self.without_button = QuietButton(tr("&Ohne Quittung schließen"), icon_name="x")
        self.done_button = QuietButton(tr("Fert&ig"), icon_name="check")
        for button in (self.without_button, self.done_button):
            button.clicked.connect(lambda _on: self.closed.emit())
        self.done_button.hide()
        self.receipt_warning = Notice(closable=False)
        self.receipt_card.body.addWidget(self.receipt_warning)
        self.buttons = _row(self.save_button, self.print_button, self.without_button, self.done_button)
        self.receipt_card.body.addWidget(self.buttons)
        self.receipt_card.hide()
        self.body.addWidget(self.receipt_card)

    def _offer(self) -> None:
        is_free = not self.work.is_running
        self.erase_button.setEnabled(is_free and self.word.text().casefold() in _YES)
        self.keep_button.setEnabled(is_free)
        self.word.setEnabled(is_free)

    def _erase(self) -> None:
        if self._receipt is None and self.erase_button.isEnabled():
            self.work.run(tr("Es wird gelöscht"), self._presenter.erase, self._erased)

    def _erased(self, receipt: ErasureReceipt) -> None:
        self._receipt = receipt
        self.question.hide()
        self.receipt_facts.set_rows(self._presenter.receipt_rows(receipt))
        self.receipt_card.show()
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.bring_into_view(self.receipt_card, self.buttons)
        self.erased.emit(receipt)

    def _kept(self) -> None:
        self._is_kept = True
        self.receipt_warning.hide()
        self.without_button.hide()
        self.done_button.show()

    def _save(self) -> None:
        if self._receipt is None:
            return
        target = self._ask_file(self, f"loeschquittung-{self._receipt.at:%Y-%m-%d}.pdf")
        if target is None:
            return
        try:
            self._presenter.save_receipt(self._receipt, target)
        except QuartierslotseError as error:
            self.notice.show_text(error.message, Tone.DANGER)
            return
        self._kept()
        self.said.emit(tr("Die Quittung liegt in „{file}“.", file=target))

    def _print(self) -> None:
        if self._receipt is None:
            return
        try:
            if self._print_sheet(self, tr("Löschquittung"), self._presenter.receipt_pdf(self._receipt)):
                self._kept()
                self.said.emit(tr("Die Quittung ist beim Drucker."))
        except QuartierslotseError as error:
            self.notice.show_text(error.message, Tone.DANGER)


def _row(*buttons: QWidget) -> QWidget:
    """Buttons beside each other, in the next line where there is no room."""
    row = QWidget()
    layout = FlowLayout(row, gap=active_theme().px(8))
    for button in buttons:
        layout.addWidget(button)
    return row
