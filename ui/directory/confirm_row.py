"""Noting that a service was checked with its provider: one row below the buttons of the record, no dialog."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.choices import Choice, SegmentedControl
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Words


def ways_of_checking() -> tuple[str, ...]:
    """How a service is checked, in the words that are stored and printed; the commonest first."""
    return (tr("telefonisch"), tr("vor Ort"), tr("per E-Mail"), tr("Prüfbogen"))


class ConfirmRow(QFrame):
    """Asks how it was checked. ``confirmed(how)`` or ``closed``; it begins with the commonest way each time."""

    confirmed = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(4), theme.px(4), theme.px(4), theme.px(8))
        column.setSpacing(theme.px(4))
        column.addWidget(Words(tr("Wie haben Sie die Angaben heute geprüft?"), "label", wrap=True))
        self.way = SegmentedControl(tr("Wie geprüft"), [Choice(way, way) for way in ways_of_checking()])
        column.addWidget(self.way)
        line = QWidget()
        buttons = FlowLayout(line, gap=theme.px(4))
        self.confirm_button = PrimaryButton(tr("&Bestätigen"), icon_name="check")
        self.confirm_button.clicked.connect(lambda _on: self.confirmed.emit(self.way.value()))
        self.cancel_button = QuietButton(tr("&Abbrechen"))
        self.cancel_button.clicked.connect(lambda _on: self.closed.emit())
        buttons.addWidget(self.confirm_button)
        buttons.addWidget(self.cancel_button)
        column.addWidget(line)
        self.hide()

    def controls(self) -> list[QWidget]:
        """Everything that takes the keyboard, in the order seen."""
        return [*self.way.buttons(), self.confirm_button, self.cancel_button]

    def minimumSizeHint(self) -> QSize:
        """One line; how many there are is reckoned from the width when it is laid out."""
        return QSize(super().minimumSizeHint().width(), active_theme().scale.target)

    def begin(self) -> None:
        """Come into sight with the keyboard on the ways."""
        self.way.set_value(self.way.codes()[0])
        self.show()
        self.way.button(self.way.value()).setFocus(Qt.FocusReason.TabFocusReason)
