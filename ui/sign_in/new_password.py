"""Choosing a new password: twice, with a word on how good it is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.security.passwords import check_new_password
from ui.sign_in.password_strength import STEPS, Strength, password_strength
from ui.theme.theme import active_theme
from ui.widgets.fields import PasswordField


class StrengthBar(QWidget):
    """Four steps; the words below the field say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strength = password_strength("")
        self.setFixedHeight(active_theme().px(8))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_strength(self, strength: Strength) -> None:
        """Show another strength."""
        self._strength = strength
        self.setAccessibleName(tr("Stärke des Passworts: {words}", words=strength.words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("outline"))
        gap = theme.px(4)
        width = (self.width() - 4 - (STEPS - 1) * gap) / STEPS
        colour = {0: "surface", 1: "danger", 2: "warning", 3: "success", 4: "success"}[self._strength.level]
        for step in range(STEPS):
            painter.setBrush(theme.colour(colour if step < self._strength.level else "surface"))
            painter.drawRoundedRect(QRectF(2 + step * (width + gap), 0.5, width, self.height() - 1.0), 3, 3)


class NewPasswordForm(QWidget):
    """Two fields and the bar. ``changed`` with every key; :meth:`check` says whether it can be taken."""

    changed = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self._login_name = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        self.first = PasswordField(tr("N&eues Passwort"), help_text=password_strength("").words)
        self.bar = StrengthBar()
        self.second = PasswordField(tr("Passwort &wiederholen"))
        layout.addWidget(self.first)
        layout.addWidget(self.bar)
        layout.addWidget(self.second)
        self.first.changed.connect(self._typed)
        self.second.changed.connect(self._typed)
        self.bar.show_strength(password_strength(""))

    def set_login_name(self, login_name: str) -> None:
        """The name the password must not consist of."""
        self._login_name = login_name
        self._judge()

    def password(self) -> str:
        """What was typed in the first field."""
        return self.first.text()

    def check(self) -> bool:
        """Show what is wrong at the fields and go to the first; ``True`` if the password can be taken."""
        try:
            check_new_password(self.first.text(), self._login_name)
        except InputError as problem:
            self.first.set_error(problem.message)
            self.first.setFocus()
            return False
        if self.first.text() != self.second.text():
            self.second.set_error(tr("Die beiden Eingaben sind verschieden. Bitte wiederholen Sie das Passwort genau."))
            self.second.setFocus()
            return False
        return True

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.edit.clear()
        self.second.edit.clear()

    def _typed(self) -> None:
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        strength = password_strength(self.first.text(), self._login_name)
        self.bar.show_strength(strength)
        self.first.set_hint(strength.words)
