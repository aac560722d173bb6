"""Whose contact it is: a visitor file, or the holder of a visit card. Optional, and seldom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.announce import announce
from ui.widgets.buttons import Button, QuietButton
from ui.widgets.labels import Words
from ui.widgets.search_list import ResultList, ResultRow, SearchField
from ui.widgets.visibility import set_shown

_SHOWN_ROWS = 4


class LinkField(QWidget):
    """Finds a file or takes a card's code. ``chosen(key)`` with a row's key, ``removed``, ``card_asked``.

    ``find(text)`` gives the rows for what was typed.
    """

    chosen = Signal(str)
    removed = Signal()
    card_asked = Signal()
    card_print_asked = Signal()
    forget_asked = Signal()

    def __init__(
        self, find: Callable[[str], Sequence[ResultRow]], *, finds_files: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme = active_theme()
        self._find = find
        self._is_sure = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        name = tr("Personenakte oder Besuchskarte") if finds_files else tr("Besuchskarte")
        label = Words(name, "label")
        column.addWidget(label)
        self.field = SearchField(
            name,
            placeholder=tr("Name oder Code der Karte")
            if finds_files
            else tr("Code der Karte, zum Beispiel K7M-49Q-XT2"),
            delay_ms=0,
        )
        label.setBuddy(self.field)
        self.results = ResultList(tr("Passende Akten und Karten"), empty_text=tr("Nichts gefunden."))
        self.results.fit_rows(_SHOWN_ROWS)
        self.field.attach(self.results)
        self.field.query_changed.connect(self._search)
        self.results.activated_key.connect(self._choose)
        column.addWidget(self.field)
        column.addWidget(self.results)
        self.linked = QWidget()
        row = QHBoxLayout(self.linked)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        self.words = Words("", wrap=True)
        self.print_button = Button(tr("Karte drucken"), icon_name="printer")
        self.print_button.clicked.connect(self.card_print_asked)
        self.remove_button = QuietButton(tr("Lösen"), icon_name="x")
        self.remove_button.clicked.connect(partial(self._remove))
        self.forget_button = QuietButton(tr("Karte vergessen …"), icon_name="trash-2")
        self.forget_button.setToolTip(tr("Auf Wunsch der Person: die Verbindung zwischen ihren Besuchen löschen"))
        self.forget_button.clicked.connect(self._forget)
        row.addWidget(self.words, 1)
        row.addWidget(self.forget_button)
        row.addWidget(self.print_button)
        row.addWidget(self.remove_button)
        column.addWidget(self.linked)
        self.card_button = QuietButton(tr("Neue Besuchskarte ausgeben"), icon_name="plus")
        self.card_button.clicked.connect(self.card_asked)
        column.addWidget(self.card_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_link("")

    def show_link(self, text: str, *, can_print: bool = False, can_forget: bool = False) -> None:
        """Show whose contact it is; an empty text offers the search again."""
        self.words.setText(text)
        set_shown(self.linked, bool(text))
        set_shown(self.print_button, can_print)
        set_shown(self.forget_button, can_forget)
        self._is_sure = False
        self.forget_button.setText(tr("Karte vergessen …"))
        for widget in (self.field, self.card_button):
            set_shown(widget, not text)
        blocked = self.field.blockSignals(True)
        self.field.clear()
        self.field.blockSignals(blocked)
        self._show_rows(())

    def _search(self, text: str) -> None:
        self._show_rows(self._find(text) if text else (), searched=bool(text))

    def _show_rows(self, rows: Sequence[ResultRow], *, searched: bool = False) -> None:
        self.results.set_rows(rows, preselect=True)
        set_shown(self.results, searched)

    def _choose(self, key: str) -> None:
        self.chosen.emit(key)
        self.remove_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget(self, _checked: bool = False) -> None:
        """It can't be taken back, so the second press does it."""
        if not self._is_sure:
            self._is_sure = True
            self.forget_button.setText(tr("Wirklich vergessen"))
            announce(self.forget_button, tr("Wirklich vergessen? Noch einmal drücken."))
            return
        self.forget_asked.emit()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, _checked: bool = False) -> None:
        self.removed.emit()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
