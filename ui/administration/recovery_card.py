"""A new recovery sheet, for one that was lost or never kept: the own password, then print or save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from ui.setup.sheet_keeper import AskForFile, PrintSheet, SheetKeeper, ask_for_pdf, print_with_system
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.containers import Card
from ui.widgets.feedback import Notice
from ui.widgets.fields import PasswordField
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Words
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from ui.administration.recovery_presenter import RecoveryPresenter


class RecoveryCard(Card):
    """One of three things below the explanation: the button, the question for the password, the new sheet.

    ``finished`` when the new sheet lies safe.
    """

    finished = Signal()
    grown = Signal()
    """Something was unfolded that ought to be seen."""

    def __init__(
        self,
        presenter: RecoveryPresenter,
        *,
        file_question: AskForFile = ask_for_pdf,
        print_sheet: PrintSheet = print_with_system,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Wiederherstellungsblatt"), parent=parent)
        self._presenter = presenter
        self.body.addWidget(
            Words(
                tr("Weiß niemand mehr ein Passwort, öffnet nur dieses Blatt die Daten; sonst hilft ein Einmal-Code der "
                   "Koordination. Ist das Blatt verloren oder wurde es nie gedruckt, machen Sie ein neues. Das alte Blatt ist "
                   "dann ungültig: Sein Schlüssel öffnet nichts mehr."),
                "muted", wrap=True,
            )
        )  # fmt: skip
        self.begin_button = Button(tr("&Neues Wiederherstellungsblatt"), icon_name="key-round")
        self.begin_button.clicked.connect(lambda _on: self.begin())
        self.body.addWidget(self.begin_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._question = self._build_question()
        self.body.addWidget(self._question)
        self._sheet = QWidget()
        column = QVBoxLayout(self._sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active_theme().px(12))
        self.void_notice = Notice(
            tr("Das alte Blatt ist jetzt ungültig. Bitte vernichten Sie es, wenn es noch da ist."),
            Tone.WARNING,
            closable=False,
        )
        column.addWidget(self.void_notice)
        self.keeper = SheetKeeper(file_question=file_question, print_sheet=print_sheet)
        self.keeper.kept.connect(presenter.sheet_was_kept)
        self.keeper.ready_changed.connect(self._keeper_changed)
        column.addWidget(self.keeper)
        self.finish_button = PrimaryButton(tr("&Fertig"), icon_name="check")
        self.finish_button.clicked.connect(lambda _on: self._finish())
        self.finish_button.setEnabled(False)
        column.addWidget(self.finish_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._sheet)
        self._show(self.begin_button)

    @property
    def is_asking(self) -> bool:
        """Whether it waits for the password."""
        return self._question.isVisibleTo(self)

    def begin(self) -> None:
        """Ask for the password, unless there is already a new sheet to keep."""
        if self._sheet.isVisibleTo(self):
            self.keeper.print_button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._show(self._question)
        self.password.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel(self) -> None:
        """Ask no more; nothing has changed."""
        if self._presenter.is_busy:
            return
        self.password.set_text("")
        self.password.set_error("")
        self._show(self.begin_button)
        self.begin_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_question(self) -> QWidget:
        question = QWidget()
        column = QVBoxLayout(question)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active_theme().px(12))
        self.password = PasswordField(tr("Ihr &Passwort"), help_text=tr("Damit niemand anders ein Blatt machen kann."))
        self.password.edit.returnPressed.connect(self._make)
        column.addWidget(self.password)
        row = QWidget()
        buttons = FlowLayout(row, gap=active_theme().px(8))
        self.make_button = PrimaryButton(tr("Neues Blatt &erstellen"))
        self.make_button.clicked.connect(lambda _on: self._make())
        self.cancel_button = QuietButton(tr("&Abbrechen"))
        self.cancel_button.clicked.connect(lambda _on: self.cancel())
        buttons.addWidget(self.make_button)
        buttons.addWidget(self.cancel_button)
        column.addWidget(row)
        return question

    def _make(self) -> None:
        if self._presenter.is_busy:
            return
        if not self.password.text():
            self._refuse(tr("Bitte geben Sie Ihr Passwort ein."))
            return
        self._show_busy(True)
        self._presenter.renew(self.password.text(), done=self._made, failed=self._not_made)

    def _made(self, pdf: bytes) -> None:
        self._show_busy(False)
        self.password.set_text("")
        self._show(self._sheet)
        self.keeper.show_sheet(pdf)

    def _not_made(self, error: Exception) -> None:
        self._show_busy(False)
        if not isinstance(error, QuartierslotseError):
            raise error
        self._refuse(error.message)

    def _refuse(self, sentence: str) -> None:
        self.password.set_error(sentence)
        self.password.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.password.edit.selectAll()

    def _show_busy(self, is_busy: bool) -> None:
        self.make_button.setEnabled(not is_busy)
        self.make_button.setText(tr("Wird erstellt …") if is_busy else tr("Neues Blatt &erstellen"))
        self.password.edit.setReadOnly(is_busy)

    def _keeper_changed(self, is_ready: bool) -> None:
        self.finish_button.setEnabled(is_ready)

    def _finish(self) -> None:
        self.keeper.forget()
        self._show(self.begin_button)
        self.begin_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.emit()

    def _show(self, part: QWidget) -> None:
        for widget in (self.begin_button, self._question, self._sheet):
            set_shown(widget, widget is part)
        if part is not self.begin_button:
            self.grown.emit()
