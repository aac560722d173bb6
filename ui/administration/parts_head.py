"""The head of „Verwaltung“: its title and which part is shown, as buttons or, in large letters, as a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import active_theme
from ui.widgets.choices import Choice, SegmentedControl
from ui.widgets.fields import CalmComboBox
from ui.widgets.labels import PageTitle
from ui.widgets.visibility import set_shown

#: more rows of buttons would leave no room for the part itself
_MOST_ROWS = 2


class PartsHead(QWidget):
    """Title and parts. ``changed`` carries the code of the part that was chosen, with either of ``parts`` and ``list``."""

    changed = Signal(str)

    def __init__(self, title: str, name: str, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active_theme().px(8))
        row = QHBoxLayout()
        row.setSpacing(active_theme().px(16))
        row.addWidget(PageTitle(title))
        self.list = CalmComboBox()
        self.list.setAccessibleName(name)
        for choice in choices:
            self.list.addItem(choice.label.replace("&&", "\0").replace("&", "").replace("\0", "&"), choice.code)
        row.addWidget(self.list, 1)
        row.addStretch(0)
        column.addLayout(row)
        self.parts = SegmentedControl(name, choices)
        column.addWidget(self.parts)
        self.parts.changed.connect(self._chosen_by_button)
        self.list.currentIndexChanged.connect(self._chosen_in_list)
        set_shown(self.list, False)

    @property
    def is_list(self) -> bool:
        """Whether the list stands for the buttons."""
        return not self.list.isHidden()

    def show_value(self, code: str) -> None:
        """Mark a part as shown without ``changed``. Raises KeyError."""
        self.parts.set_value(code)
        blocked = self.list.blockSignals(True)
        self.list.setCurrentIndex(self.list.findData(code))
        self.list.blockSignals(blocked)

    def keyboard(self) -> QWidget:
        """The control that has the keyboard when the page comes to the front."""
        return self.list if self.is_list else self.parts.button(self.parts.value())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self._fit)  # the buttons have their new letters then

    def _fit(self) -> None:
        is_list = self.parts.rows_in(self.width()) > _MOST_ROWS
        if is_list == self.is_list:
            return
        had_keyboard = self.list.hasFocus() or any(button.hasFocus() for button in self.parts.buttons())
        set_shown(self.list, is_list)
        set_shown(self.parts, not is_list)
        if had_keyboard:
            self.keyboard().setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen_by_button(self, code: str) -> None:
        self.show_value(code)
        self.changed.emit(code)

    def _chosen_in_list(self, _place: int) -> None:
        code = str(self.list.currentData())
        self.show_value(code)
        self.changed.emit(code)
