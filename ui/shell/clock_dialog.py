"""Puts a wrong clock right for this run, or keeps that it was right. Loaded when it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.errors import InputError, UserError
from desktop_app.core.translation import tr
from desktop_app.environment.clock_check import ClockState
from ui.theme.theme import active_theme
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.fields import TextField
from ui.widgets.labels import Words

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application


class ClockDialog(QDialog):
    """Asks for the real day and time. ``settled`` comes when the clock is no longer in doubt."""

    settled = Signal()

    def __init__(self, application: Application, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._application = application
        care = application.clock_care
        verdict = care.verdict()
        theme = active_theme()
        self.setWindowTitle(tr("Tag und Uhrzeit"))
        self.setModal(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.px(24),) * 4)
        layout.setSpacing(theme.px(12))
        layout.addWidget(Words(tr("Welcher Tag ist heute?"), "section", wrap=True))
        layout.addWidget(Words(care.sentence(verdict), wrap=True))
        self.moment = TextField(
            tr("Tag und Uhrzeit"),
            help_text=tr(
                "Zum Beispiel 22.11.2026 10:40. Das gilt, bis Sie Quartierslotse beenden. Bitte lassen Sie auch die Uhr des "
                "Rechners stellen."
            ),
        )
        layout.addWidget(self.moment)
        layout.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        self.right_button = QuietButton(tr("Die Uhr des Rechners &stimmt"))
        self.right_button.clicked.connect(self._confirm)
        # A clock older than the program can't be right.
        self.right_button.setVisible(verdict.state is not ClockState.BEFORE_PROGRAM)
        row.addWidget(self.right_button)
        row.addStretch(1)
        cancel = Button(tr("&Später"))
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        self.ok = PrimaryButton(tr("&Übernehmen"))
        self.ok.clicked.connect(self._put_right)
        row.addWidget(self.ok)
        layout.addLayout(row)
        self.setMinimumWidth(theme.scale.with_text(560))
        self.moment.setFocus()

    def _put_right(self) -> None:
        try:
            self._application.clock_care.put_right(self._application.actor, self.moment.text())
        except (InputError, UserError) as problem:
            self.moment.set_error(problem.message)
            return
        self._finish()

    def _confirm(self) -> None:
        self._application.clock_care.confirm(self._application.actor)
        self._finish()

    def _finish(self) -> None:
        self.accept()
        self.settled.emit()
