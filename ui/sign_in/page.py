"""The sign-in page: who, password, and the way back in when the password is forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.sign_in.problem import ACCOUNT_FIELD, PASSWORD_FIELD, RECOVERY_FIELD, Problem
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.choice import Choice
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import Notice
from ui.widgets.fields import ChoiceField, PasswordField, TextField
from ui.widgets.labels import Icon, PageTitle, Words
from ui.widgets.visibility import set_shown

_WIDTH = 440


class SignInPage(QWidget):
    """Asks for the password.

    ``submitted(login_name, password)``; :meth:`show_problem` says what was wrong, :meth:`show_busy` that it is being
    opened. With ``locked`` the work waits behind it: then there is one account and no recovery, but
    ``switch_requested`` for somebody else.
    """

    submitted = Signal(str, str)
    recovery_submitted = Signal(str, str, str)
    switch_requested = Signal()

    def __init__(
        self, login_names: Sequence[str], *, person: str = "", locked: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Gesperrt") if locked else tr("Anmelden"))
        self._login_names = list(login_names)
        self._locked = locked
        self._person = person
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        outer.addWidget(self._stack)
        self._build_sign_in()
        self._has_recovery = False
        self.setFocusProxy(self.password.edit)

    # -- for the owner -------------------------------------------------------------------------------

    def login_name(self) -> str:
        """The account that is chosen."""
        return self.account.value() if self.account is not None else "".join(self._login_names[:1])

    def sign_in_as(self, login_name: str, password: str) -> None:
        """Sign in with what was typed a moment ago; when it fails, it stands here as typed."""
        if self.account is not None:
            self.account.set_value(login_name)
        self.password.set_text(password)
        self._submit()

    def show_busy(self, is_busy: bool) -> None:
        """Say that it is being opened; meanwhile nothing can be sent again."""
        self.button.setEnabled(not is_busy)
        self.button.setText(tr("Wird geöffnet …") if is_busy else self._button_text())
        if self._has_recovery:
            self.recovery_button.setEnabled(not is_busy)

    def show_problem(self, problem: Problem) -> None:
        """Say what was wrong, at the field it belongs to."""
        self.show_busy(False)
        if self._stack.currentIndex() == 1:
            self._show_recovery_problem(problem)
            return
        if problem.field == PASSWORD_FIELD:
            self.password.edit.clear()
            self.password.set_error(problem.sentence)
            self.password.setFocus()
        else:
            self.notice.show_text(problem.sentence, Tone.DANGER)

    def show_notice(self, sentence: str) -> None:
        """Say something above the form."""
        self.notice.show_text(sentence, Tone.INFO)

    # -- building ------------------------------------------------------------------------------------

    def _build_sign_in(self) -> None:
        column, card = _column()
        self._stack.addWidget(column)
        if self._locked:
            card.body.addWidget(_headed("lock", tr("Gesperrt")))
            card.body.addWidget(
                Words(
                    tr("{name}, alles ist noch so, wie Sie es verlassen haben.", name=self._person)
                    if self._person
                    else tr("Alles ist noch so, wie Sie es verlassen haben."),
                    "muted",
                    wrap=True,
                )
            )
        else:
            card.body.addWidget(_headed("door-open", tr("Willkommen bei Quartierslotse")))
        self.notice = Notice(closable=False)
        card.body.addWidget(self.notice)
        self.account: ChoiceField | None = None
        if len(self._login_names) > 1:
            self.account = ChoiceField(
                tr("&Konto"), [Choice(name, name) for name in self._login_names], unanswered=None
            )
            card.body.addWidget(self.account)
        elif self._login_names and not self._locked:
            card.body.addWidget(Words(tr("Konto: {name}", name=self._login_names[0]), "muted", wrap=True))
        self.password = PasswordField(tr("&Passwort"))
        self.password.edit.returnPressed.connect(self._submit)
        card.body.addWidget(self.password)
        self.button = PrimaryButton(self._button_text(), icon_name="lock-open")
        self.button.clicked.connect(self._submit)
        card.body.addWidget(self.button)
        if self._locked:
            self.switch_button = QuietButton(tr("&Benutzer wechseln"), icon_name="users-round")
            self.switch_button.setToolTip(tr("Was Sie begonnen haben, bleibt für Sie liegen."))
            self.switch_button.clicked.connect(lambda _on: self.switch_requested.emit())
            card.body.addWidget(self.switch_button, 0, Qt.AlignmentFlag.AlignHCenter)
            return
        self.forgotten = QuietButton(tr("&Neues Passwort setzen"), icon_name="key-round")
        self.forgotten.setToolTip(
            tr("Mit Einmal-Code oder Wiederherstellungsblatt: für die erste Anmeldung oder ein vergessenes Passwort")
        )
        self.forgotten.clicked.connect(self._open_recovery)
        card.body.addWidget(self.forgotten, 0, Qt.AlignmentFlag.AlignHCenter)

    def _build_recovery(self) -> None:
        """Made when it is first asked for: nearly nobody needs it, and everybody waits for the window."""
        from ui.sign_in.new_password import NewPasswordForm

        self._has_recovery = True
        column, card = _column()
        self._stack.addWidget(column)
        card.body.addWidget(_headed("key-round", tr("Neues Passwort setzen")))
        self.recovery_account = Words("", "label", wrap=True)
        card.body.addWidget(self.recovery_account)
        card.body.addWidget(
            Words(
                tr(
                    "Den Einmal-Code gibt Ihnen die Koordination: vier Gruppen zu vier Zeichen. Der Schlüssel steht auf dem "
                    "Wiederherstellungsblatt: neun Gruppen zu vier Zeichen."
                ),
                "muted",
                wrap=True,
            )
        )
        self.recovery_notice = Notice(closable=False)
        card.body.addWidget(self.recovery_notice)
        self.recovery_key = TextField(
            tr("Code oder &Schlüssel"),
            placeholder="XXXX-XXXX-XXXX-…",
            help_text=tr("Bindestriche und kleine Buchstaben sind egal."),
        )
        card.body.addWidget(self.recovery_key)
        self.new_password = NewPasswordForm()
        self.new_password.set_login_name(self.login_name())
        self.new_password.second.edit.returnPressed.connect(self._submit_recovery)
        card.body.addWidget(self.new_password)
        self.recovery_button = PrimaryButton(tr("Neues Passwort setzen und öffnen"), icon_name="check")
        self.recovery_button.clicked.connect(self._submit_recovery)
        card.body.addWidget(self.recovery_button)
        self.back = QuietButton(tr("&Zurück"), icon_name="arrow-left")
        self.back.clicked.connect(self._close_recovery)
        card.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignHCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stack.currentIndex() == 1:
            self._close_recovery()
            return
        super().keyPressEvent(event)

    # -- inside --------------------------------------------------------------------------------------

    def _button_text(self) -> str:
        return tr("&Entsperren") if self._locked else tr("&Öffnen")

    def _submit(self) -> None:
        if self.button.isEnabled():
            self.notice.hide()
            self.password.set_error("")
            self.submitted.emit(self.login_name(), self.password.text())

    def _submit_recovery(self) -> None:
        if not self.recovery_button.isEnabled():
            return
        self.recovery_notice.hide()
        if not self.recovery_key.text():
            self.recovery_key.set_error(tr("Bitte tippen Sie den Code oder den Schlüssel ab."))
            self.recovery_key.setFocus()
            return
        if self.new_password.check():
            self.recovery_submitted.emit(self.login_name(), self.recovery_key.text(), self.new_password.password())

    def _show_recovery_problem(self, problem: Problem) -> None:
        fields = {RECOVERY_FIELD: self.recovery_key, PASSWORD_FIELD: self.new_password.first}
        field = fields.get(problem.field)
        if field is None or problem.field == ACCOUNT_FIELD:
            self.recovery_notice.show_text(problem.sentence, Tone.DANGER)
            return
        field.set_error(problem.sentence)
        field.setFocus()

    def _open_recovery(self) -> None:
        if not self._has_recovery:
            self._build_recovery()
        self.new_password.set_login_name(self.login_name())
        self.recovery_account.setText(tr("Konto: {name}", name=self.login_name()))
        set_shown(self.recovery_account, bool(self.login_name()))
        self._stack.setCurrentIndex(1)
        self.recovery_key.setFocus()

    def _close_recovery(self) -> None:
        self.new_password.clear()
        self._stack.setCurrentIndex(0)
        self.password.setFocus()


def _column() -> tuple[ScrollPage, Card]:
    """A card in the middle of a page that scrolls when it must."""
    page = ScrollPage(width=_WIDTH)
    card = Card()
    page.body.addStretch(1)
    page.body.addWidget(card)
    page.body.addStretch(2)
    return page, card


def _headed(icon_name: str, title: str) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(active_theme().px(12))
    layout.addWidget(Icon(icon_name, "accent", 28), 0, Qt.AlignmentFlag.AlignVCenter)
    words = PageTitle(title)
    words.setWordWrap(True)
    layout.addWidget(words, 1)
    return row
