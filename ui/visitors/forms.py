"""What is typed about a person: the consents first, then the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from desktop_app.visitors.rules import FORM_VERSION
from ui.theme.theme import active_theme
from ui.visitors.wording import day_text, read_birth, read_day
from ui.widgets.fields import Field, TextField
from ui.widgets.labels import Words
from ui.widgets.visibility import set_shown

_REMARK_LINES = 4


class _Form(QWidget):
    """Fields by name; an error goes below its field and brings the keyboard there."""

    fields: dict[str, TextField]

    def show_error(self, error: InputError) -> bool:
        """Show the error at its field; False when there is no such field."""
        field = self.fields.get(error.field)
        if field is None:
            return False
        field.set_error(error.message)
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return True


class ConsentForm(_Form):
    """Three separate ticks and the days they hold. ``changed`` comes after every change."""

    changed = Signal()

    def __init__(self, today: date, kinds: Iterable[ConsentKind] = ConsentKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self._today = today
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        self.boxes = {kind: QCheckBox(_tick_text(kind)) for kind in kinds}
        self.fields = {
            "partner": TextField(tr("An wen"), placeholder=tr("zum Beispiel Pflegestützpunkt Mitte")),
            "purpose": TextField(tr("Wofür"), placeholder=tr("zum Beispiel Antrag auf Pflegegrad")),
            "given_on": TextField(tr("Unterschrieben am"), text=day_text(today)),
            "ends_on": TextField(tr("Gilt bis"), help_text=tr("leer: bis zum Widerruf")),
            "form_version": TextField(tr("Formular"), text=FORM_VERSION),
        }
        for kind, box in self.boxes.items():
            box.setAccessibleName(kind.label)
            box.toggled.connect(lambda _on: self._changed())
            column.addWidget(box)
        self._passing_on = QWidget()
        inside = QVBoxLayout(self._passing_on)
        inside.setContentsMargins(theme.px(28), 0, 0, 0)
        inside.setSpacing(theme.px(8))
        inside.addWidget(self.fields["partner"])
        inside.addWidget(self.fields["purpose"])
        column.addWidget(self._passing_on)
        days = QHBoxLayout()
        days.setSpacing(theme.px(12))
        for name in ("given_on", "ends_on", "form_version"):
            days.addWidget(self.fields[name], 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(days)
        for field in self.fields.values():
            field.changed.connect(lambda _text: self.changed.emit())
        set_shown(self._passing_on, False)

    def clear(self) -> None:
        """Begin anew."""
        for box in self.boxes.values():
            box.setChecked(False)
        for name, text in (("partner", ""), ("purpose", ""), ("given_on", day_text(self._today)), ("ends_on", ""),
                           ("form_version", FORM_VERSION)):  # fmt: skip
            self.fields[name].set_text(text)
            self.fields[name].set_error("")

    def content(self) -> dict[str, object]:
        """What is ticked and typed as plain values."""
        ticks = [kind.value for kind in self.boxes if self.has_tick(kind)]
        return {"ticks": ticks, **{name: field.text() for name, field in self.fields.items()}}

    def show_content(self, content: Mapping[str, object]) -> None:
        """Show what :meth:`content` gave."""
        ticks = content.get("ticks")
        for kind, box in self.boxes.items():
            box.setChecked(isinstance(ticks, list) and kind.value in ticks)
        for name, field in self.fields.items():
            field.set_text(str(content.get(name, "")))

    def has_tick(self, kind: ConsentKind) -> bool:
        """Whether a consent is ticked."""
        return kind in self.boxes and self.boxes[kind].isChecked()

    def consents(self) -> list[ConsentEntry]:
        """Return the ticked consents.

        Raises:
            InputError: a day is none.
        """
        given = read_day(self.fields["given_on"].text(), "given_on")
        ends = read_day(self.fields["ends_on"].text(), "ends_on")
        if given is None:
            raise InputError("given_on", tr("Bitte geben Sie an, wann unterschrieben wurde."))
        found = []
        for kind in self.boxes:
            if self.has_tick(kind):
                passes_on = kind is ConsentKind.PASS_ON
                found.append(
                    ConsentEntry(
                        kind,
                        given,
                        self.fields["form_version"].text(),
                        ends,
                        partner=self.fields["partner"].text() if passes_on else "",
                        purpose=self.fields["purpose"].text() if passes_on else "",
                    )
                )
        return found

    def _changed(self) -> None:
        set_shown(self._passing_on, self.has_tick(ConsentKind.PASS_ON))
        self.changed.emit()


class EntryForm(_Form):
    """Name, birth, how to reach the person, remarks. ``changed`` comes after every change."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.fields = {
            "name": TextField(tr("Name"), placeholder=tr("Vorname Nachname")),
            "former_name": TextField(tr("Früherer Name")),
            "birth": TextField(tr("Geburtsjahr oder Geburtsdatum"), placeholder=tr("1941 oder 03.05.1941")),
            "phone": TextField(tr("Telefon")),
            "address": TextField(tr("Anschrift")),
            "language": TextField(tr("Sprache")),
        }
        self.remarks_edit = QPlainTextEdit()
        self.remarks_edit.setTabChangesFocus(True)
        self.remarks_edit.setFixedHeight(self.remarks_edit.fontMetrics().lineSpacing() * _REMARK_LINES + theme.px(20))
        self.remarks = Field(tr("Bemerkungen"), self.remarks_edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(
            Words(tr("Alles ist freiwillig. Ein Name oder eine Telefonnummer ist nötig."), "muted", wrap=True)
        )
        #: what is to be said about the name stands below it
        self.under_name = QVBoxLayout()
        self.under_name.setSpacing(theme.px(8))
        for name, field in self.fields.items():
            column.addWidget(field)
            if name == "name":
                column.addLayout(self.under_name)
            field.changed.connect(lambda _text: self.changed.emit())
        column.addWidget(self.remarks)
        self.remarks_edit.textChanged.connect(self.changed)

    def show_entry(self, entry: VisitorEntry) -> None:
        """Fill the form without emitting ``changed``."""
        blocked = self.blockSignals(True)
        for name, field in self.fields.items():
            field.set_text(entry.birth_text if name == "birth" else str(getattr(entry, name)))
            field.set_error("")
        self.remarks_edit.setPlainText(entry.remarks)
        self.blockSignals(blocked)

    def content(self) -> dict[str, object]:
        """What is typed as plain values, however incomplete."""
        return {
            **{name: field.text() for name, field in self.fields.items()},
            "remarks": self.remarks_edit.toPlainText(),
        }

    def show_content(self, content: Mapping[str, object]) -> None:
        """Show what :meth:`content` gave, without emitting ``changed``."""
        blocked = self.blockSignals(True)
        for name, field in self.fields.items():
            field.set_text(str(content.get(name, "")))
            field.set_error("")
        self.remarks_edit.setPlainText(str(content.get("remarks", "")))
        self.blockSignals(blocked)

    def entry(self) -> VisitorEntry:
        """Return what was typed.

        Raises:
            InputError: the birth is neither a year nor a day.
        """
        birth_date, birth_year = read_birth(self.fields["birth"].text())
        texts = {name: field.text() for name, field in self.fields.items() if name != "birth"}
        return VisitorEntry(
            birth_date=birth_date, birth_year=birth_year, remarks=self.remarks_edit.toPlainText().strip(), **texts
        )


def _tick_text(kind: ConsentKind) -> str:
    return {
        ConsentKind.RECORD: tr("Das Büro darf eine Personenakte führen"),
        ConsentKind.CONTACT_AGAIN: tr("Das Büro darf wieder Kontakt aufnehmen"),
        ConsentKind.PASS_ON: tr("Das Büro darf Angaben weitergeben"),
    }[kind]
