"""Konten: who may sign in and as what; a new account, another role, a one-time code, the end of an account."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.access.records import AccountRecord, IssuedCode
from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.security.accounts import NewAccount
from ui.administration.accounts_presenter import AccountsPresenter
from ui.administration.presenter import Done
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import Notice
from ui.widgets.fields import ChoiceField, PasswordField, TextField
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Divider, Words
from ui.widgets.visibility import set_shown

_COLUMN = 760


class AccountRow(QWidget):
    """One account: who, what, and what can be done with it."""

    def __init__(self, record: AccountRecord, facts: str, *, managed: bool) -> None:
        super().__init__()
        theme = active_theme()
        self.record = record
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(Words(f"{record.display_name} ({record.initials})", "label", wrap=True))
        column.addWidget(Words(facts, "muted", wrap=True))
        self.role = Button(tr("Rolle ändern"), icon_name="badge-check")
        self.code = Button(tr("Einmal-Code"), icon_name="key-round")
        self.remove = DangerButton(tr("Entfernen"), icon_name="trash-2")
        self.role.setAccessibleName(tr("Rolle von {name} ändern", name=record.display_name))
        self.code.setAccessibleName(tr("Einmal-Code für {name}", name=record.display_name))
        self.remove.setAccessibleName(tr("Konto von {name} entfernen", name=record.display_name))
        self.code.setToolTip(tr("Das bisherige Passwort gilt dann nicht mehr."))
        row = QWidget()
        buttons = FlowLayout(row, gap=theme.px(8))
        self.buttons = (self.role, self.code, self.remove)
        for button in self.buttons:
            buttons.addWidget(button)
        column.addWidget(row)
        set_shown(row, managed)
        column.addWidget(Divider())


class AccountsPart(ScrollPage):
    """The list of accounts, and below it one card at a time: a new account, another role, a code to make, a code made.

    ``done`` carries what was done and how to take it back.
    """

    done = Signal(object)

    def __init__(self, presenter: AccountsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(width=_COLUMN, margin=16, parent=parent)
        self._presenter = presenter
        self._chosen: AccountRecord | None = None
        self.rows: list[AccountRow] = []
        self.problem = Notice()
        self.body.addWidget(self.problem)
        self.list_card = Card(tr("Konten"))
        self.list_card.body.addWidget(
            Words(
                tr("Jede Person hat ein eigenes Konto und ein eigenes Passwort. Was eine Rolle darf, steht unter „Mein Konto "
                   "und Rechte“."),
                "muted", wrap=True,
            )
        )  # fmt: skip
        self._list = QVBoxLayout()
        self._list.setSpacing(active_theme().px(12))
        self.list_card.body.addLayout(self._list)
        self.add_button = Button(tr("Konto &anlegen"), icon_name="user-plus")
        self.add_button.clicked.connect(lambda _on: self._ask_for_account())
        self.list_card.body.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._build_add_card()
        self._build_role_card()
        self._build_code_question()
        self._build_code_card()
        self._cards = (self.add_card, self.role_card, self.question_card, self.code_card)
        for card in (self.list_card, *self._cards):
            self.body.addWidget(card)
        self.body.addStretch(1)
        self._show_card(None)
        self.load()

    @property
    def is_asking(self) -> bool:
        """Whether one of the cards is open."""
        return any(card.isVisibleTo(self) for card in self._cards)

    def load(self) -> None:
        """Show the accounts as they are stored; the keyboard stays on the button it was on."""
        place, name = self._keyboard()
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for record in self._presenter.accounts():
            row = AccountRow(record, self._presenter.facts(record), managed=self._presenter.may_manage(record))
            row.role.clicked.connect(partial(self._ask_for_role, record))
            row.code.clicked.connect(partial(self._ask_for_code, record))
            row.remove.clicked.connect(partial(self._remove, record))
            self._list.addWidget(row)
            set_shown(row, True)  # at once: what is not shown yet can't have the keyboard
            self.rows.append(row)
        if place is not None:
            buttons = [button for row in self.rows for button in row.buttons if button.isVisibleTo(self)]
            same = [button for button in buttons if button.accessibleName() == name]
            near = self.rows[min(place, len(self.rows) - 1)].buttons if self.rows else []
            wanted = [*same, *(button for button in near if button in buttons), self.add_button]
            wanted[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _keyboard(self) -> tuple[int | None, str]:
        """Which row has the keyboard, and on which button."""
        for place, row in enumerate(self.rows):
            for button in row.buttons:
                if button.hasFocus():
                    return place, button.accessibleName()
        return None, ""

    def cancel(self) -> None:
        """Close whatever card is open; a code that was shown is gone."""
        if not self._presenter.is_busy:
            self._show_card(None)
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # Building

    def _build_add_card(self) -> None:
        self.add_card = Card(tr("Konto anlegen"))
        self.login_name = TextField(
            tr("A&nmeldename"), help_text=tr("Kurz, am besten ohne Leerzeichen, zum Beispiel „karl“.")
        )
        self.display_name = TextField(tr("&Vor- und Nachname"))
        self.initials = TextField(tr("Kü&rzel"), help_text=tr("Sonst aus dem Namen."))
        self.new_role = ChoiceField(tr("R&olle"), self._presenter.roles(), unanswered=None)
        self.add_password = _own_password()
        self.create_button = PrimaryButton(tr("An&legen"), icon_name="check")
        self.create_button.clicked.connect(lambda _on: self._add())
        for widget in (self.login_name, self.display_name, self.initials, self.new_role, self.add_password):
            self.add_card.body.addWidget(widget)
        self.add_card.body.addWidget(self._buttons(self.create_button))

    def _build_role_card(self) -> None:
        self.role_card = Card(tr("Rolle ändern"))
        self.role = ChoiceField(tr("Ne&ue Rolle"), self._presenter.roles(), unanswered=None)
        self.role_button = PrimaryButton(tr("Än&dern"), icon_name="check")
        self.role_button.clicked.connect(lambda _on: self._change_role())
        self.role_card.body.addWidget(self.role)
        self.role_card.body.addWidget(self._buttons(self.role_button))

    def _build_code_question(self) -> None:
        self.question_card = Card(tr("Einmal-Code"))
        self.question_card.body.addWidget(
            Words(
                tr("Das bisherige Passwort dieser Person gilt dann nicht mehr. Mit dem Code setzt sie ein neues."),
                "muted", wrap=True,
            )
        )  # fmt: skip
        self.code_password = _own_password()
        self.code_password.edit.returnPressed.connect(self._make_code)
        self.code_button = PrimaryButton(tr("Code &erstellen"), icon_name="key-round")
        self.code_button.clicked.connect(lambda _on: self._make_code())
        self.question_card.body.addWidget(self.code_password)
        self.question_card.body.addWidget(self._buttons(self.code_button))

    def _build_code_card(self) -> None:
        self.code_card = Card(tr("Einmal-Code"))
        self.shown_code = Words("", "big", wrap=True, selectable=True)
        self.code_words = Words("", wrap=True)
        self.finish_button = PrimaryButton(tr("&Fertig, der Code ist weitergegeben"), icon_name="check")
        self.finish_button.clicked.connect(lambda _on: self.cancel())
        for widget in (self.shown_code, self.code_words):
            self.code_card.body.addWidget(widget)
        self.code_card.body.addWidget(self.finish_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _buttons(self, main: PrimaryButton) -> QWidget:
        row = QWidget()
        buttons = FlowLayout(row, gap=active_theme().px(8))
        cancel = QuietButton(tr("Abbre&chen"))
        cancel.clicked.connect(lambda _on: self.cancel())
        buttons.addWidget(main)
        buttons.addWidget(cancel)
        return row

    # Asking

    def _ask_for_account(self) -> None:
        for field in (self.login_name, self.display_name, self.initials):
            field.set_text("")
            field.set_error("")
        self._show_card(self.add_card, self.login_name.edit)

    def _ask_for_role(self, record: AccountRecord) -> None:
        self._chosen = record
        self.role_card.set_title(tr("Rolle von {name}", name=record.display_name))
        self.role.set_value(record.role.value)
        self._show_card(self.role_card, self.role.combo)

    def _ask_for_code(self, record: AccountRecord) -> None:
        self._chosen = record
        self.question_card.set_title(tr("Einmal-Code für {name}", name=record.display_name))
        self._show_card(self.question_card, self.code_password.edit)

    # Doing

    def _add(self) -> None:
        account = NewAccount(self.login_name.text(), self.display_name.text(), self.initials.text())
        self._show_busy(True)
        self._presenter.add(
            account,
            self.new_role.value(),
            self.add_password.text(),
            done=self._show_code,
            failed=partial(
                self._refused,
                {
                    "login_name": self.login_name,
                    "display_name": self.display_name,
                    "initials": self.initials,
                    "own_password": self.add_password,
                },
            ),
        )

    def _make_code(self) -> None:
        if self._chosen is None or self._presenter.is_busy:
            return
        self._show_busy(True)
        self._presenter.reset(
            self._chosen,
            self.code_password.text(),
            done=self._show_code,
            failed=partial(self._refused, {"own_password": self.code_password}),
        )

    def _show_code(self, issued: IssuedCode) -> None:
        self._show_busy(False)
        self.shown_code.setText(issued.code)
        self.code_words.setText(self._presenter.code_explanation(issued))
        self.code_card.set_title(tr("Einmal-Code für {name}", name=issued.login_name))
        self._show_card(self.code_card, self.finish_button, keep_code=True)

    def _change_role(self) -> None:
        record = self._chosen
        if record is not None and self._do(lambda: self._presenter.change_role(record, self.role.value())):
            self.cancel()

    def _remove(self, record: AccountRecord) -> None:
        self._show_card(None)
        self._do(lambda: self._presenter.remove(record))

    def _do(self, command: Callable[[], Done]) -> bool:
        self.problem.hide()
        try:
            done = command()
        except QuartierslotseError as problem:
            self.problem.show_text(problem.message, Tone.DANGER)
            return False
        self.done.emit(done)
        return True

    def _refused(self, fields: dict[str, TextField], error: Exception) -> None:
        self._show_busy(False)
        if isinstance(error, InputError) and error.field in fields:
            fields[error.field].set_error(error.message)
            fields[error.field].setFocus()
        elif isinstance(error, QuartierslotseError):
            self.problem.show_text(error.message, Tone.DANGER)
        else:
            raise error

    def _show_busy(self, is_busy: bool) -> None:
        for button in (self.create_button, self.code_button):
            button.setEnabled(not is_busy)

    def _show_card(self, shown: Card | None, focus: QWidget | None = None, *, keep_code: bool = False) -> None:
        self.problem.hide()
        for password in (self.add_password, self.code_password):
            password.edit.clear()
            password.set_error("")
        if not keep_code:
            self.shown_code.setText("")
        for card in self._cards:
            set_shown(card, card is shown)
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        if shown is not None:
            most = self.shown_code if keep_code else shown.title
            self.bring_into_view(shown, *([focus] if focus is not None else []), most)


def _own_password() -> PasswordField:
    return PasswordField(tr("Ihr eigenes &Passwort"), help_text=tr("Damit niemand an Ihrem Platz ein Konto anlegt."))
