"""A short list that is edited in place: rename, order, take out of use, add."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.administration.list_rows import EditableRow
from ui.theme.theme import active_theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.visibility import set_shown


class _Row(QWidget):
    """Name, key, in use, up, down."""

    changed = Signal()
    move_requested = Signal(int)
    next_requested = Signal()

    def __init__(self, row: EditableRow, *, with_key: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record_id = row.record_id
        theme = active_theme()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        self.name = QLineEdit(row.name)
        self.name.setMaxLength(120)
        line.addWidget(self.name, 1)
        self.key = QLineEdit(row.key.upper())
        self.key.setMaxLength(1)
        self.key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_shown(self.key, with_key)
        line.addWidget(self.key)
        self.active = QCheckBox(tr("benutzen"))
        self.active.setChecked(row.active)
        line.addWidget(self.active)
        self.up = IconButton("chevron-up", tr("Nach oben"))
        self.down = IconButton("chevron-down", tr("Nach unten"))
        line.addWidget(self.up)
        line.addWidget(self.down)
        self.name.textChanged.connect(self._changed)
        self.key.textEdited.connect(self._key_typed)
        self.active.toggled.connect(self._changed)
        self.up.clicked.connect(lambda: self.move_requested.emit(-1))
        self.down.clicked.connect(lambda: self.move_requested.emit(1))
        self.name.returnPressed.connect(self.next_requested)
        self._name_all()
        self._fit()

    def row(self) -> EditableRow:
        """What the row holds now."""
        return EditableRow(
            self._record_id, self.name.text().strip(), self.key.text().strip().lower(), self.active.isChecked()
        )

    def show_row(self, row: EditableRow) -> None:
        """Show other content without emitting ``changed``."""
        blocked = self.blockSignals(True)
        self._record_id = row.record_id
        if self.name.text() != row.name:
            self.name.setText(row.name)
        self.key.setText(row.key.upper())
        self.active.setChecked(row.active)
        self.blockSignals(blocked)
        self._name_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_requested.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "key"):
            self._fit()

    def _fit(self) -> None:
        theme = active_theme()
        wide = QFontMetrics(theme.font()).horizontalAdvance("W") + 2 * theme.px(10) + 10
        self.key.setFixedWidth(max(wide, theme.scale.target))

    def _key_typed(self, text: str) -> None:
        place = self.key.cursorPosition()
        self.key.setText(text.upper())
        self.key.setCursorPosition(place)
        self._changed()

    def _changed(self) -> None:
        self._name_all()
        self.changed.emit()

    def _name_all(self) -> None:
        name = self.name.text().strip() or tr("neue Zeile")
        self.name.setAccessibleName(tr("Name: {name}", name=name))
        self.key.setAccessibleName(tr("Taste für {name}", name=name))
        self.active.setAccessibleName(tr("{name} benutzen", name=name))
        self.up.rename(tr("{name} nach oben", name=name))
        self.down.rename(tr("{name} nach unten", name=name))


class ListEditor(QWidget):
    """Rows in their order, and a button for one more. ``Alt`` with up or down moves the row that has the keyboard."""

    changed = Signal()

    def __init__(self, name: str, *, add_text: str, with_key: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._with_key = with_key
        self._rows: list[_Row] = []
        theme = active_theme()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.px(8))
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.px(4))
        outer.addLayout(self._column)
        self.add_button = Button(add_text, icon_name="plus")
        self.add_button.clicked.connect(self.add_row)
        outer.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def rows(self) -> list[EditableRow]:
        """The list as it stands; new rows that are still empty are left out."""
        return [row for row in (widget.row() for widget in self._rows) if row.record_id or row.name]

    def set_rows(self, rows: Sequence[EditableRow]) -> None:
        """Show another list, without emitting ``changed``; the keyboard stays where it is if the list is as long."""
        if len(rows) == len(self._rows):
            for widget, row in zip(self._rows, rows, strict=True):
                widget.show_row(row)
            return
        for widget in self._rows:
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._rows = []
        for row in rows:
            self._insert(row)
        self._order()

    def add_row(self) -> None:
        """Put an empty row at the end and the keyboard into it."""
        if not self._rows or self._rows[-1].row().name or self._rows[-1].row().record_id:
            self._insert(EditableRow())
            self._order()
        self._rows[-1].name.setFocus(Qt.FocusReason.OtherFocusReason)

    def name_edit(self, place: int) -> QLineEdit:
        """The name field of the row at ``place``."""
        return self._rows[place].name

    def key_edit(self, place: int) -> QLineEdit:
        """The key field of the row at ``place``."""
        return self._rows[place].key

    def active_box(self, place: int) -> QCheckBox:
        """The tick "in use" of the row at ``place``."""
        return self._rows[place].active

    def move_button(self, place: int, difference: int) -> IconButton:
        """The button that moves the row at ``place`` up (-1) or down (1)."""
        return self._rows[place].up if difference < 0 else self._rows[place].down

    def _insert(self, row: EditableRow) -> None:
        widget = _Row(row, with_key=self._with_key, parent=self)
        widget.changed.connect(self.changed)
        widget.move_requested.connect(lambda difference: self._move(widget, difference))
        widget.next_requested.connect(lambda: self._enter(widget))
        self._column.addWidget(widget)
        self._rows.append(widget)

    def _enter(self, widget: _Row) -> None:
        place = self._rows.index(widget)
        if place + 1 < len(self._rows):
            self._rows[place + 1].name.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.add_row()

    def _move(self, widget: _Row, difference: int) -> None:
        place = self._rows.index(widget)
        target = place + difference
        if not 0 <= target < len(self._rows):
            return
        focused: QWidget | None = self.focusWidget()
        self._rows.insert(target, self._rows.pop(place))
        self._column.removeWidget(widget)
        self._column.insertWidget(target, widget)
        self._order()
        if focused is not None and widget.isAncestorOf(focused):
            if not focused.isEnabled():
                focused = widget.down if focused is widget.up else widget.up
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _order(self) -> None:
        """Keep tab order and the ends of the list in step with what is seen."""
        last: QWidget | None = None
        for place, widget in enumerate(self._rows):
            widget.up.setEnabled(place > 0)
            widget.down.setEnabled(place < len(self._rows) - 1)
            for control in (widget.name, widget.key, widget.active, widget.up, widget.down):
                if last is not None:
                    QWidget.setTabOrder(last, control)
                last = control
        if last is not None:
            QWidget.setTabOrder(last, self.add_button)
