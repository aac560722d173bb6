"""Aufbewahrung: how long what stays, what is due, erase it after a look and a yes, keep the receipt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.backup.records import BackupsChanged
from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.retention.records import DueList, ErasureReceipt, RetentionChanged
from ui.administration.copies_card import CopiesCard
from ui.administration.retention_presenter import RetentionPresenter
from ui.setup.sheet_keeper import AskForFile, PrintSheet, print_with_system
from ui.shell.work_page import WorkPage
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.containers import Card
from ui.widgets.feedback import Notice
from ui.widgets.fields import TextField
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Words
from ui.widgets.record_view import KeyValueTable
from ui.widgets.search_list import ResultList
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.notices import NoticeBridge
    from ui.shell.tasks import TaskRunner

_SHOWN_ROWS = 6
_SHOWN_ITEMS = 3


def ask_for_receipt(parent: QWidget, suggested_name: str) -> Path | None:
    """Ask where the receipt is to be saved."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or QDir.homePath()
    chosen, _ = QFileDialog.getSaveFileName(
        parent, tr("Löschquittung speichern"), str(Path(folder) / suggested_name), tr("PDF-Datei (*.pdf)")
    )
    return Path(chosen) if chosen else None


class RetentionPart(QWidget):
    """One part of the administration. ``said`` carries a line for the foot of the window."""

    said = Signal(str)

    def __init__(
        self,
        application: Application,
        notices: NoticeBridge,
        tasks: TaskRunner,
        *,
        ask_file: AskForFile = ask_for_receipt,
        print_sheet: PrintSheet = print_with_system,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = RetentionPresenter(application)
        self._ask_file, self._print_sheet = ask_file, print_sheet
        self._asked: DueList | None = None
        self._receipt: ErasureReceipt | None = None
        self._is_kept = False
        self.pane = WorkPage(self, tasks)
        self.notice, self.progress, self.work = self.pane.notice, self.pane.progress, self.pane.work
        self.work.began.connect(self._show_kind)
        self.work.ended.connect(self.refresh)
        self._build_question()
        self._build_receipt()
        self._build_list()
        self.copies_card = CopiesCard(application)
        self.copies_card.said.connect(self.said)
        self.copies_card.asks.connect(
            lambda: self.pane.bring_into_view(self.copies_card.question, self.copies_card.answers)
        )
        self.pane.body.addWidget(self.copies_card)
        self.pane.body.addStretch(1)
        notices.listen(RetentionChanged, lambda _notice: self.refresh(), owner=self)
        notices.listen(BackupsChanged, lambda _notice: self._backups_changed(), owner=self)

    @property
    def is_asking(self) -> bool:
        """Whether an erasure waits for a yes or no."""
        return not self.question_card.isHidden() or self.copies_card.is_asking

    def must_stay(self) -> bool:
        """Tell whether a receipt is to come or to be kept yet; say so."""
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
        self.pane.bring_into_view(self.receipt_warning, self.receipt_buttons)
        return True

    @property
    def has_receipt(self) -> bool:
        """Whether a receipt is shown."""
        return self._receipt is not None

    def close_receipt(self) -> None:
        """Put the receipt away, kept or not."""
        self._receipt = None
        self.receipt_card.hide()
        self.kinds.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show the rules and what is due."""
        if not self._presenter.may_see:
            return
        key = self.kinds.current_key()
        self.kinds.set_rows(self._presenter.rows(), preselect=True)
        self.kinds.set_current_key(key)
        self._show_kind()
        set_shown(self.clean_up_row, self._presenter.needs_clean_up() and self._presenter.may_erase)
        self.copies_card.refresh()

    def _backups_changed(self) -> None:
        """Only what lies beside the database; the due lists are dear and do not change by a backup."""
        if self._presenter.may_see and not self.copies_card.is_asking:
            self.copies_card.refresh()

    def cancel_question(self) -> None:
        """Do not erase after all."""
        if self.copies_card.is_asking:
            self.copies_card.cancel()
            return
        self._asked = None
        self.question_card.hide()
        self.erase_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # Building

    def _build_list(self) -> None:
        card = Card(tr("Aufbewahrung"))
        if self._presenter.may_erase:
            task = tr("Was wie lange bleibt. Bitte sehen Sie einmal im Monat nach, was fällig ist, und löschen Sie es. Die "
                      "anonymen Zahlen der Statistik ändern sich dadurch nicht.")  # fmt: skip
        else:
            task = tr("Was wie lange bleibt, und was fällig ist. Löschen kann die Koordination: Bitte geben Sie ihr Bescheid, "
                      "wenn etwas fällig ist. Ihre Rolle darf es nicht, und sie sieht keine Namen.")  # fmt: skip
        self.intro = Words(task, "muted", wrap=True)
        card.body.addWidget(self.intro)
        self.clean_up_row = Card(tr("Noch aufzuräumen"))
        self.clean_up_row.body.addWidget(
            Words(
                tr("Nach einer Löschung konnte die Datenbank nicht neu geschrieben werden. Reste stehen noch in der "
                   "verschlüsselten Datei."),
                wrap=True,
            )
        )  # fmt: skip
        self.clean_up_button = Button(tr("Jetzt &nachholen"), icon_name="refresh-cw")
        self.clean_up_button.clicked.connect(lambda _on: self._clean_up())
        self.clean_up_row.body.addWidget(self.clean_up_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.clean_up_row.hide()
        self.pane.body.addWidget(self.clean_up_row)
        self.kinds = ResultList(
            tr("Arten von Daten und ihre Fristen"), empty_text=tr("Keine Regeln."), activate_on_click=False
        )
        self.kinds.fit_rows(_SHOWN_ROWS)
        self.kinds.selectionModel().currentChanged.connect(lambda *_places: self._show_kind())
        card.body.addWidget(self.kinds)
        self.facts = KeyValueTable()
        card.body.addWidget(self.facts)
        self.due_items = ResultList(tr("Was fällig ist"), empty_text="", activate_on_click=False)
        self.due_items.fit_rows(_SHOWN_ITEMS)
        card.body.addWidget(self.due_items)
        self.erase_button = Button(tr("Fälliges &löschen …"), icon_name="trash-2")
        self.erase_button.clicked.connect(lambda _on: self._ask())
        card.body.addWidget(self.erase_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.months = TextField(tr("Frist in &Monaten"))
        card.body.addWidget(self.months)
        self.change_button = Button(tr("F&rist ändern"), icon_name="check")
        self.change_button.clicked.connect(lambda _on: self._change())
        card.body.addWidget(self.change_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.pane.body.addWidget(card)

    def _build_question(self) -> None:
        self.question_card = Card(tr("Endgültig löschen?"))
        self.question_head = Words("", wrap=True)
        self.question_card.body.addWidget(self.question_head)
        self.question_facts = KeyValueTable()
        self.question_card.body.addWidget(self.question_facts)
        self.question_items = ResultList(tr("Das geht"), empty_text="", activate_on_click=False)
        self.question_items.fit_rows(_SHOWN_ITEMS)
        self.question_card.body.addWidget(self.question_items)
        warning = Notice(closable=False)
        warning.show_text(
            tr("Das lässt sich nicht rückgängig machen. Danach wird die Datenbank neu geschrieben; wer währenddessen "
               "speichert, wartet einen Moment."),
            Tone.WARNING,
        )  # fmt: skip
        self.question_card.body.addWidget(warning)
        self.confirm_button = Button(tr("&Ja, endgültig löschen"), icon_name="trash-2")
        self.confirm_button.clicked.connect(lambda _on: self._erase())
        self.keep_button = QuietButton(tr("&Doch nicht"), icon_name="arrow-left")
        self.keep_button.clicked.connect(lambda _on: self.cancel_question())
        self.question_card.body.addWidget(_row(self.confirm_button, self.keep_button))
        self.question_card.hide()
        self.pane.body.addWidget(self.question_card)

    def _build_receipt(self) -> None:
        self.receipt_card = Card(tr("Löschquittung"))
        self.receipt_facts = KeyValueTable()
        self.receipt_card.body.addWidget(self.receipt_facts)
        self.save_button = PrimaryButton(tr("&Quittung speichern …"), icon_name="save")
        self.save_button.clicked.connect(lambda _on: self._save_receipt())
        self.print_button = Button(tr("Quittung druck&en …"), icon_name="printer")
        self.print_button.clicked.connect(lambda _on: self._print_receipt())
        self.without_button = QuietButton(tr("&Ohne Quittung schließen"), icon_name="x")
        self.done_button = QuietButton(tr("Quittung schließen"), icon_name="check")
        for button in (self.without_button, self.done_button):
            button.clicked.connect(lambda _on: self.close_receipt())
        self.receipt_card.body.addWidget(
            Words(tr("Die Löschquittung nennt keinen Namen. Sie entsteht nur jetzt."), "muted", wrap=True)
        )
        self.receipt_warning = Notice(closable=False)
        self.receipt_card.body.addWidget(self.receipt_warning)
        self.receipt_buttons = _row(self.save_button, self.print_button, self.without_button, self.done_button)
        self.receipt_card.body.addWidget(self.receipt_buttons)
        self.receipt_card.hide()
        self.pane.body.addWidget(self.receipt_card)

    # Acting

    def _show_kind(self) -> None:
        due = self._presenter.due(self.kinds.current_key())
        is_free = not self.work.is_running
        self.facts.set_rows(self._presenter.facts(due) if due else [])
        self.due_items.set_rows(self._presenter.due_rows(due) if due else [])
        set_shown(self.due_items, self.due_items.row_count() > 0)
        can_change = due is not None and due.in_force.rule.is_editable and self._presenter.may_change
        set_shown(self.months, can_change)
        set_shown(self.change_button, can_change)
        self.months.set_error("")
        self.months.set_text(str(due.in_force.months) if due else "")
        can_erase = due is not None and due.can_erase and self._presenter.may_erase
        self.erase_button.setEnabled(is_free and can_erase)
        set_shown(self.erase_button, self._presenter.may_erase)
        self.change_button.setEnabled(is_free)
        self.confirm_button.setEnabled(is_free)
        self.clean_up_button.setEnabled(is_free)

    def _change(self) -> None:
        due = self._presenter.due(self.kinds.current_key())
        if due is None:
            return
        try:
            sentence = self._presenter.change(due.in_force.rule.kind, self.months.text())
        except InputError as error:
            self.months.set_error(error.message)
            self.months.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        except QuartierslotseError as error:
            self.notice.show_text(error.message, Tone.DANGER)
            return
        self.said.emit(sentence)

    def _ask(self) -> None:
        self.refresh()
        due = self._presenter.due(self.kinds.current_key())
        if due is None or not due.can_erase or self.must_stay():
            return
        self._asked = due
        self.notice.hide()
        self._receipt = None
        self.receipt_card.hide()
        self.question_head.setText(due.in_force.label)
        self.question_facts.set_rows(self._presenter.facts(due))
        self.question_items.set_rows(self._presenter.due_rows(due))
        self.question_card.show()
        self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pane.bring_into_view(self.question_card, self.question_items, self.keep_button)

    def _erase(self) -> None:
        if self._asked is not None:
            kind = self._asked.in_force.rule.kind
            self.question_card.hide()
            self.work.run(tr("Es wird gelöscht"), lambda progress: self._presenter.erase(kind, progress), self._erased)

    def _erased(self, receipt: ErasureReceipt) -> None:
        self._asked, self._receipt, self._is_kept = None, receipt, False
        self.receipt_warning.hide()
        set_shown(self.without_button, True)
        set_shown(self.done_button, False)
        self.receipt_facts.set_rows(self._presenter.receipt_rows(receipt))
        self.receipt_card.show()
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pane.bring_into_view(self.receipt_card, self.receipt_buttons)
        self.said.emit(tr("{kind}: {count} gelöscht.", kind=receipt.subject, count=receipt.total))

    def _clean_up(self) -> None:
        self.work.run(tr("Die Datei wird neu geschrieben"), self._presenter.clean_up, self._cleaned)

    def _cleaned(self, is_clean: bool) -> None:
        if is_clean:
            self.notice.show_text(tr("Die Datenbank ist neu geschrieben; es ist kein Rest geblieben."), Tone.SUCCESS)
        else:
            self.notice.show_text(
                tr("Ein anderes Programm liest gerade. Bitte schließen Sie es und versuchen Sie es noch einmal."),
                Tone.WARNING,
            )

    def _save_receipt(self) -> None:
        if self._receipt is None:
            return
        day = self._receipt.at.strftime("%Y-%m-%d")
        target = self._ask_file(self, f"loeschquittung-{day}.pdf")
        if target is None:
            return
        try:
            self._presenter.save_receipt(self._receipt, target)
        except QuartierslotseError as error:
            self.notice.show_text(error.message, Tone.DANGER)
            return
        self._kept()
        self.said.emit(tr("Die Quittung liegt in „{file}“.", file=target))

    def _kept(self) -> None:
        self._is_kept = True
        self.receipt_warning.hide()
        set_shown(self.without_button, False)
        set_shown(self.done_button, True)

    def _print_receipt(self) -> None:
        if self._receipt is None:
            return
        try:
            pdf = self._presenter.receipt_pdf(self._receipt)
            if self._print_sheet(self, tr("Löschquittung"), pdf):
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
