"""The five figures of the month."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.theme import active_theme
from ui.widgets.labels import Words

_TILE_WIDTH = 170


class FigureTile(QFrame):
    """A big number and what it counts."""

    def __init__(self, label: str, number: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        theme = active_theme()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(10), theme.px(16), theme.px(10))
        column.setSpacing(0)
        self.number = Words(number, "big", selectable=True)
        self.number.setAccessibleName(f"{label}: {number}")
        column.addWidget(self.number)
        column.addWidget(Words(label, "muted", wrap=True), 0, Qt.AlignmentFlag.AlignTop)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)


class FigureRow(QWidget):
    """Tiles of equal width, as many in a row as fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: list[FigureTile] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(active_theme().px(8))

    def show_figures(self, figures: Sequence[tuple[str, str]]) -> None:
        """Show label and number of each figure."""
        for tile in self._tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._tiles = [FigureTile(label, number) for label, number in figures]
        self._columns = 0
        self._place()

    def tiles(self) -> list[FigureTile]:
        """The tiles shown."""
        return list(self._tiles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if not self._tiles:
            return
        fitting = max(1, min(len(self._tiles), self.width() // active_theme().scale.with_text(_TILE_WIDTH)))
        rows = -(-len(self._tiles) // fitting)
        wanted = -(-len(self._tiles) // rows)
        if wanted == self._columns:
            return
        for column in range(len(self._tiles)):
            self._grid.setColumnStretch(column, 1 if column < wanted else 0)
        for place, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, place // wanted, place % wanted)
        self._columns = wanted
