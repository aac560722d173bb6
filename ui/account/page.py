"""Mein Konto: the own password, after how long this computer locks, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.security.key_slots import WrongSecret
from ui.account.presenter import LOCK_MINUTES, AccountPresenter, RoleView
from ui.shell.page import Page
from ui.shell.tasks import TaskRunner
from ui.sign_in.new_password import NewPasswordForm
from ui.widgets.buttons import PrimaryButton
from ui.widgets.choice import Choice
from ui.widgets.containers import Card, FoldOut, ScrollPage
from ui.widgets.fields import ChoiceField, PasswordField
from ui.widgets.labels import PageTitle, Words

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.preferences import PreferencesFile

_COLUMN = 760


class AccountPage(Page):
    """Every account has it, whatever its role."""

    def __init__(
        self,
        application: Application,
        preferences: PreferencesFile,
        parent: QWidget | None = None,
        *,
        tasks: TaskRunner | None = None,
    ) -> None:
        super().__init__(tr("Mein Konto und Rechte"), "user-round", "account", parent=parent)
        self._presenter = AccountPresenter(application, tasks or TaskRunner(self))
        self._preferences = preferences
        pane = ScrollPage(width=_COLUMN, margin=16)
        pane.body.addWidget(PageTitle(tr("Mein Konto und Rechte")))
        pane.body.addWidget(Words(self._presenter.who(), "muted", wrap=True))
        pane.body.addWidget(self._password_card())
        pane.body.addWidget(self._lock_card())
        pane.body.addWidget(self._rights_card())
        pane.body.addStretch(1)
        self.body.addWidget(pane)

    def main_focus(self) -> QWidget | None:
        return self.old.edit

    def on_closing(self) -> None:
        self._clear()

    # Building

    def _password_card(self) -> Card:
        card = Card(tr("Passwort ändern"))
        self.old = PasswordField(tr("&Bisheriges Passwort"))
        self.new = NewPasswordForm()
        self.new.second.edit.returnPressed.connect(self._change)
        self.change_button = PrimaryButton(tr("Passwort ä&ndern"), icon_name="check")
        self.change_button.clicked.connect(lambda _on: self._change())
        for widget in (self.old, self.new):
            card.body.addWidget(widget)
        card.body.addWidget(self.change_button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _lock_card(self) -> Card:
        card = Card(tr("Sperren"))
        now = self._preferences.current.lock_minutes
        minutes = sorted({*LOCK_MINUTES, now} - {0})
        self.minutes = ChoiceField(
            tr("Ohne Taste und Maus &sperren nach"),
            [Choice(str(number), tr("{count} Minuten", count=number)) for number in minutes],
            value=str(now or LOCK_MINUTES[1]),
            unanswered=None,
            help_text=tr("Gilt für alle an diesem Rechner. Sofort sperrt Strg+L; nach dem Ruhezustand ist gesperrt."),
        )
        self.minutes.changed.connect(self._use_minutes)
        card.body.addWidget(self.minutes)
        return card

    def _rights_card(self) -> Card:
        card = Card(tr("Rechte"))
        card.body.addWidget(
            Words(tr("Wer was darf, hängt von der Rolle ab. Die Rolle gibt die Koordination."), "muted", wrap=True)
        )
        self.roles: list[FoldOut] = []
        for view in self._presenter.roles():
            part = FoldOut(view.title)
            _fill(part, view)
            part.set_open(view.is_own)
            self.roles.append(part)
            card.body.addWidget(part)
        return card

    # Doing

    def _change(self) -> None:
        if self._presenter.is_busy:
            return
        self.clear_problem()
        if not self.old.text():
            self.old.set_error(tr("Bitte geben Sie Ihr bisheriges Passwort ein."))
            self.old.setFocus()
            return
        if self.new.check():
            self._show_busy(True)
            self._presenter.change_password(
                self.old.text(), self.new.password(), done=self._changed, failed=self._refused
            )

    def _changed(self) -> None:
        self._show_busy(False)
        self._clear()
        self.say(tr("Ihr Passwort ist geändert. Ab jetzt gilt nur das neue."))

    def _refused(self, error: Exception) -> None:
        self._show_busy(False)
        if isinstance(error, WrongSecret):
            self.old.set_error(error.message)
            self.old.setFocus()
        elif isinstance(error, InputError):
            self.new.first.set_error(error.message)
            self.new.first.setFocus()
        elif isinstance(error, QuartierslotseError):
            self.show_problem(error)
        else:
            raise error

    def _show_busy(self, is_busy: bool) -> None:
        self.change_button.setEnabled(not is_busy)

    def _clear(self) -> None:
        self.old.edit.clear()
        self.new.clear()

    def _use_minutes(self, minutes: str) -> None:
        before = self._preferences.current.lock_minutes
        self._preferences.change(lock_minutes=int(minutes))

        undo = self.undoing(
            lambda: self._preferences.change(lock_minutes=before), lambda: self.minutes.set_value(str(before))
        )
        self.say(tr("Gesperrt wird nach {count} Minuten.", count=minutes), undo)


def _fill(part: FoldOut, view: RoleView) -> None:
    part.body.addWidget(Words(view.explanation, "muted", wrap=True))
    for title, actions in ((tr("Darf:"), view.may), (tr("Darf nicht:"), view.may_not)):
        if actions:
            part.body.addWidget(Words(title, "label"))
            part.body.addWidget(Words("\n".join(f"• {action}" for action in actions), wrap=True))
