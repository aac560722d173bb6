"""One conflict: per field what was there before, what was written here and there, which holds, and a button for each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from desktop_app.sync.records import Choice, Conflict, ConflictField, ConflictKind
from ui.sync.wording import choice_words, conflict_sentence, short_value, value_of, value_words
from ui.theme.theme import active_theme
from ui.widgets.badge import Badge, Tone
from ui.widgets.buttons import Button, QuietButton
from ui.widgets.labels import Divider, SectionTitle, Words
from ui.widgets.visibility import set_shown

_COLUMNS_FROM = 480
_SHORT = 200  # characters
_ORDER = (Choice.BEFORE, Choice.MINE, Choice.THEIRS)


class ValueCell(QFrame):
    """One value of one field: it holds, or a button lets it hold."""

    def __init__(
        self, field: ConflictField, choice: Choice, where: str, *, can_take: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme = active_theme()
        holds = field.stands is choice
        if holds:
            self.setProperty("today", "true")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(8),) * 4)
        column.setSpacing(theme.px(6))
        value = value_of(field, choice)
        # Two long texts are compared line by line: in the same type their lines end alike.
        words = Words(
            value_words(value), "label" if holds and len(value) <= _SHORT else "body", wrap=True, selectable=True
        )
        words.setAccessibleName(f"{field.label}, {where}: {value_words(value)}")
        column.addWidget(words)
        self.button: Button | None = None
        if holds:
            text = tr("gilt vorläufig") if field.is_open else tr("gilt jetzt")
            column.addWidget(
                Badge(text, Tone.WARNING if field.is_open else Tone.SUCCESS), 0, Qt.AlignmentFlag.AlignLeft
            )
        if can_take and (field.is_open or not holds):
            text = tr("Dabei bleiben") if holds else tr("Diesen nehmen")
            self.button = QuietButton(text, icon_name="check")
            self.button.setAccessibleName(
                tr(
                    "{field}: diesen Wert nehmen ({where}): {value}",
                    field=field.label,
                    where=where,
                    value=short_value(value),
                )
            )
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)


class ConflictView(QWidget):
    """Shows a conflict; ``chosen(field, choice)`` and ``dismissed`` say what a person wants, ``reopened`` to take it back."""

    chosen = Signal(object, object)
    dismissed = Signal()
    reopened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.conflict: Conflict | None = None
        self.cells: dict[tuple[str, Choice], ValueCell] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.px(10))
        self.title = SectionTitle("")
        self.title.setWordWrap(True)
        outer.addWidget(self.title)
        self.sentence = Words("", wrap=True)
        outer.addWidget(self.sentence)
        self._is_narrow = False
        self._table = QWidget()
        self._table.setMinimumWidth(
            1
        )  # its columns must not keep the page from getting narrower: then they stand in a row
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(6))
        outer.addWidget(self._table)
        self.keep_button = Button(tr("So &lassen, wie es jetzt gilt"), icon_name="check")
        self.keep_button.clicked.connect(lambda _on: self.dismissed.emit())
        outer.addWidget(self.keep_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.reopen_button = Button(tr("Entscheidung &zurücknehmen"), icon_name="undo-2")
        self.reopen_button.clicked.connect(lambda _on: self.reopened.emit())
        outer.addWidget(self.reopen_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_conflict(self, conflict: Conflict) -> None:
        """Show another conflict, or the same one anew."""
        self.conflict = conflict
        self.title.setText(f"{conflict.what}: {conflict.record}" if conflict.record else conflict.what)
        self.setAccessibleName(self.title.text())
        self.sentence.setText(conflict_sentence(conflict))
        self._empty()
        line = 0
        for column, choice in enumerate(_ORDER):
            self._grid.setColumnStretch(column, 0 if self._is_narrow and column else 1)
            if not self._is_narrow:
                self._grid.addWidget(Words(choice_words(conflict, choice), "muted", wrap=True), line, column)
        # Of a record that belongs to another carrier, nothing can be taken: only its owner changes it.
        can_take = not conflict.is_decided and conflict.kind is not ConflictKind.NOT_OURS
        for field in conflict.fields:
            line = self._add_field(conflict, field, line + 1, can_take=can_take)
        is_open = any(field.is_open for field in conflict.fields)
        set_shown(self.keep_button, not conflict.is_decided and not is_open)
        set_shown(self.reopen_button, conflict.is_decided)

    def first_button(self) -> QWidget:
        """Where the keyboard goes when one comes from the list."""
        for cell in self.cells.values():
            if cell.button is not None:
                return cell.button
        return self.reopen_button if self.conflict is not None and self.conflict.is_decided else self.keep_button

    def _add_field(self, conflict: Conflict, field: ConflictField, line: int, *, can_take: bool) -> int:
        """Add one field below ``line``; the last line it takes."""
        self._grid.addWidget(Divider(), line, 0, 1, len(_ORDER))
        head = Words(field.label, "label", wrap=True)
        self._grid.addWidget(head, line + 1, 0, 1, 2)
        line += 1
        if field.is_open and can_take:
            badge = Badge(tr("Bitte entscheiden"), Tone.WARNING)
            if self._is_narrow:
                line += 1
                self._grid.addWidget(badge, line, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                self._grid.addWidget(badge, line, 2, Qt.AlignmentFlag.AlignRight)
        for column, choice in enumerate(_ORDER):
            where = choice_words(conflict, choice)
            cell = ValueCell(field, choice, where, can_take=can_take)
            if cell.button is not None:
                cell.button.clicked.connect(self._taker(field, choice))
            self.cells[field.name, choice] = cell
            if self._is_narrow:
                self._grid.addWidget(Words(where, "muted"), line + 1, 0)
                self._grid.addWidget(cell, line + 2, 0)
                line += 2
            else:
                self._grid.addWidget(cell, line + 1, column)
            set_shown(cell, True)  # at once: a layout would show it one turn later, too late to take the keyboard
        return line if self._is_narrow else line + 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < active_theme().scale.with_text(_COLUMNS_FROM)
        if is_narrow is not self._is_narrow:
            self._is_narrow = is_narrow
            if self.conflict is not None:
                self.show_conflict(self.conflict)

    def _taker(self, field: ConflictField, choice: Choice) -> Callable[[], None]:
        return partial(self.chosen.emit, field, choice)

    def _empty(self) -> None:
        self.cells = {}
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
