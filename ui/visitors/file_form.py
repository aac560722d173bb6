"""A new visitor file in two steps: what the person consented to and, only with that, the details."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from ui.theme.theme import active_theme
from ui.visitors.forms import ConsentForm, EntryForm
from ui.widgets.containers import Card
from ui.widgets.labels import Words
from ui.widgets.visibility import set_shown


class FileForm(QWidget):
    """``ready_changed`` says whether a file may be made; ``problem`` carries what belongs to no field."""

    ready_changed = Signal(bool)
    problem = Signal(object)

    def __init__(self, title: str, words: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active_theme().px(16))
        consent_card = Card(title)
        consent_card.body.addWidget(Words(words, "muted", wrap=True))
        self.consents = ConsentForm(today)
        self.consents.changed.connect(self.renew)
        consent_card.body.addWidget(self.consents)
        column.addWidget(consent_card)
        self.entry_card = Card(tr("2. Angaben"))
        self.entry = EntryForm()
        self.entry_card.body.addWidget(self.entry)
        column.addWidget(self.entry_card)
        self.renew()

    @property
    def is_ready(self) -> bool:
        """Whether the person consented to a file."""
        return self.consents.has_tick(ConsentKind.RECORD)

    def first(self) -> QWidget:
        """The first tick."""
        return self.consents.boxes[ConsentKind.RECORD]

    def renew(self) -> None:
        """Show the second step if the first is done."""
        set_shown(self.entry_card, self.is_ready)
        self.ready_changed.emit(self.is_ready)

    def save(self, create: Callable[[VisitorEntry, list[ConsentEntry]], str]) -> str | None:
        """Make the file and return its id; None when something is wrong, which then stands where it belongs."""
        try:
            return create(self.entry.entry(), self.consents.consents())
        except InputError as error:
            if not self.consents.show_error(error) and not self.entry.show_error(error):
                self.problem.emit(error)
        except QuartierslotseError as error:
            self.problem.emit(error)
        return None
