"""The form with the office's own data."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from desktop_app.settings.records import LegalProfile, Office
from ui.theme.theme import active_theme
from ui.widgets.choices import Choice
from ui.widgets.fields import ChoiceField, Field, TextField

_HOURS_LINES = 4


class _Lines(QPlainTextEdit):
    """A few lines of text; the Tab key leaves it, as everywhere else."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.fit()

    def fit(self) -> None:
        """Make room for a few lines."""
        theme = active_theme()
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _HOURS_LINES + 2 * theme.px(12))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()  # belongs to the page: save
            return
        super().keyPressEvent(event)


class OfficeForm(QWidget):
    """Name, carrier, law, address, how to reach the office, office hours. They stand on every sheet."""

    changed = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self._office_id = ""
        self.fields: dict[str, TextField] = {
            "name": TextField(tr("&Name des Büros")),
            "carrier": TextField(tr("&Träger")),
            "street": TextField(tr("St&raße und Hausnummer")),
            "postal_code": TextField(tr("&Postleitzahl")),
            "city": TextField(tr("&Ort")),
            "phone": TextField(tr("Tele&fon")),
            "email": TextField(tr("E-&Mail")),
            "website": TextField(tr("W&ebsite")),
        }
        self.legal_profile = ChoiceField(
            tr("&Datenschutzrecht"),
            [Choice(profile.value, profile.label) for profile in LegalProfile],
            unanswered=None,
            help_text=tr("Danach richten sich die Formulare, die das Büro druckt."),
        )
        self.hours_edit = _Lines()
        self.hours = Field(
            tr("Spre&chzeiten"),
            self.hours_edit,
            help_text=tr("Eine Zeile je Wochentag. So stehen sie auf jedem Blatt."),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        column.addWidget(self.fields["name"])
        column.addWidget(self.fields["carrier"])
        column.addWidget(self.legal_profile)
        column.addWidget(self.fields["street"])
        column.addLayout(_side_by_side(self.fields["postal_code"], 2, self.fields["city"], 5))
        column.addLayout(_side_by_side(self.fields["phone"], 1, self.fields["email"], 1))
        column.addWidget(self.fields["website"])
        column.addWidget(self.hours)
        for field in self.fields.values():
            field.changed.connect(self._changed)
        self.legal_profile.changed.connect(self._changed)
        self.hours_edit.textChanged.connect(self._changed)

    def show_office(self, office: Office) -> None:
        """Fill the form without emitting ``changed``."""
        blocked = self.blockSignals(True)
        self._office_id = office.office_id
        for name, field in self.fields.items():
            field.set_text(getattr(office, name))
        self.legal_profile.set_value(office.legal_profile.value)
        self.hours_edit.setPlainText(office.office_hours)
        self.blockSignals(blocked)

    def office(self) -> Office:
        """The office as it stands in the form."""
        texts = {name: field.text() for name, field in self.fields.items()}
        return Office(
            office_id=self._office_id,
            legal_profile=LegalProfile(self.legal_profile.value()),
            office_hours=self.hours_edit.toPlainText().strip(),
            **texts,
        )

    def show_error(self, field: str, sentence: str) -> None:
        """Show a sentence below a field and put the keyboard there."""
        if field in self.fields:
            self.fields[field].set_error(sentence)
            self.fields[field].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self) -> None:
        self.changed.emit()


def _side_by_side(left: QWidget, left_part: int, right: QWidget, right_part: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(active_theme().px(12))
    row.addWidget(left, left_part, Qt.AlignmentFlag.AlignTop)
    row.addWidget(right, right_part, Qt.AlignmentFlag.AlignTop)
    return row
