"""Mehr: the optional questions, what was given, and the confidential note."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.contacts.rules import LONGEST_MATERIAL
from desktop_app.contacts.vocabulary import Fact
from desktop_app.core.translation import tr
from desktop_app.settings.records import SocialSpace
from ui.reception.wording import fact_choices
from ui.theme.theme import active_theme
from ui.widgets.fields import ChoiceField, Field, TextField

_COLUMN_WIDTH = 230
_NOTE_HEIGHT = 96


class FactForm(QWidget):
    """All optional answers in as many columns as fit."""

    fact_changed = Signal(object, str)
    text_changed = Signal()

    def __init__(self, spaces: tuple[SocialSpace, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(12))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(8))
        layout.addLayout(self._grid)
        self.fields: dict[Fact, ChoiceField] = {}
        for fact in Fact:
            field = ChoiceField(fact.label, fact_choices(fact, spaces))
            field.changed.connect(lambda code, fact=fact: self.fact_changed.emit(fact, code))
            self.fields[fact] = field
        self._columns = 0
        self._place(2)
        self.material = TextField(
            tr("Mitgegebenes Material"), placeholder=tr("zum Beispiel Wegweiser Demenz, Notfallmappe")
        )
        self.material.edit.setMaxLength(LONGEST_MATERIAL)
        self.material.changed.connect(lambda _text: self.text_changed.emit())
        layout.addWidget(self.material)
        self.note_edit = QPlainTextEdit()
        self.note_edit.setTabChangesFocus(True)
        self.note_edit.setFixedHeight(theme.scale.with_text(_NOTE_HEIGHT))
        self.note_edit.textChanged.connect(self.text_changed)
        layout.addWidget(
            Field(
                tr("Vertrauliche Notiz"),
                self.note_edit,
                help_text=tr("Bleibt in diesem Büro, steht in keiner Statistik und auf keinem Zettel."),
            )
        )

    def add_part(self, part: QWidget) -> None:
        """Put a further part below the note."""
        self._layout.addWidget(part)

    def show_facts(self, facts: Mapping[Fact, str], material: str, note: str) -> None:
        """Show answers without emitting anything."""
        for fact, field in self.fields.items():
            field.set_value(facts.get(fact))
        for widget, text, put in (
            (self.material.edit, material, self.material.edit.setText),
            (self.note_edit, note, self.note_edit.setPlainText),
        ):
            blocked = widget.blockSignals(True)
            if (self.note() if widget is self.note_edit else self.material.edit.text()) != text:
                put(text)
            widget.blockSignals(blocked)

    def set_spaces(self, spaces: tuple[SocialSpace, ...]) -> None:
        """Offer other social spaces; the answer stays."""
        field = self.fields[Fact.SOCIAL_SPACE]
        field.set_choices(fact_choices(Fact.SOCIAL_SPACE, spaces), value=field.value())

    def note(self) -> str:
        """Return the note as typed."""
        return self.note_edit.toPlainText()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use as many columns as fit."""
        super().resizeEvent(event)
        self._place(max(1, min(3, self.width() // active_theme().scale.with_text(_COLUMN_WIDTH))))

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for field in self.fields.values():
            self._grid.removeWidget(field)
        for place, field in enumerate(self.fields.values()):
            self._grid.addWidget(field, place // columns, place % columns)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
