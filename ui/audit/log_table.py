"""The entries as a table that is as high as its rows; the page around it scrolls."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop_app.core.translation import tr
from ui.audit.presenter import LogRow
from ui.theme.fonts import with_tabular_figures
from ui.theme.theme import active_theme

_Index = QModelIndex | QPersistentModelIndex
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_AT, _PERSON, _ACTION, _SUBJECT, _NUMBER = range(5)
_WORDS = (_PERSON, _ACTION, _SUBJECT)


class LogModel(QAbstractTableModel):
    """The rows shown."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[LogRow, ...] = ()
        self._is_stacked = False

    def stack(self, is_stacked: bool) -> None:
        """Put all of an entry into its first cell, below one another, or a part into each."""
        if is_stacked != self._is_stacked:
            self.beginResetModel()
            self._is_stacked = is_stacked
            self.endResetModel()

    def cells(self) -> list[list[str]]:
        """The texts, row by row."""
        return [[row.at, row.person, row.action, row.subject, str(row.number)] for row in self._rows]

    def show_rows(self, rows: tuple[LogRow, ...]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Wann"), tr("Wer"), tr("Was"), tr("Woran"), tr("Nr."))[section]
        return _LEFT if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if self._is_stacked and role == Qt.ItemDataRole.DisplayRole and index.column() == _AT:
            first = tr("{when} · Nr. {number}", when=row.at, number=row.number)
            return "\n".join(part for part in (row.action, row.subject, row.person, first) if part)
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.at, row.person, row.action, row.subject, row.number)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.record_id if index.column() == _SUBJECT and row.record_id else self.data(index)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT
        if role == Qt.ItemDataRole.FontRole and index.column() in {_AT, _NUMBER}:
            return with_tabular_figures(active_theme().font())
        return None


class LogTable(QTableView):
    """The table; one tab stop. Where there is no room for its columns, the parts of an entry stand below one another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Einträge des Protokolls"))
        self._model = LogModel()
        self.setModel(self._model)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._is_stacked = False
        self.fit()

    def show_rows(self, rows: tuple[LogRow, ...]) -> None:
        """Show other rows."""
        self._model.show_rows(rows)
        self.fit()

    def cells(self) -> list[list[str]]:
        """The texts shown, row by row."""
        return self._model.cells()

    @property
    def is_stacked(self) -> bool:
        """Whether the parts of an entry stand below one another."""
        return self._is_stacked

    def fit(self) -> None:
        """Give the columns their widths, or stack their parts, and set the height to the rows at the present text size."""
        room, widths = self.viewport().width(), self._widths()
        spare = room - sum(widths)
        self._is_stacked = spare < 0
        self._model.stack(self._is_stacked)
        header = self.horizontalHeader()
        header.setVisible(not self._is_stacked)
        for column, width in enumerate(widths):
            self.setColumnHidden(column, self._is_stacked and column != _AT)
            more = spare // len(_WORDS) if column in _WORDS else 0
            self.setColumnWidth(column, room if self._is_stacked else width + more)
        line = self.fontMetrics().height()
        row = line + active_theme().px(10)
        self.verticalHeader().setDefaultSectionSize(row)
        if self._is_stacked:
            self.resizeRowsToContents()
        rows = self._model.rowCount()
        height = sum(map(self.rowHeight, range(rows))) if self._is_stacked else row * max(1, rows)
        head = 0 if self._is_stacked else header.sizeHint().height()
        self.setFixedHeight(max(row, height) + head + 10)

    def _widths(self) -> list[int]:
        """How wide each column would be with all of its words."""
        numbers = QFontMetrics(with_tabular_figures(active_theme().font()))
        cells = self._model.cells()
        found = []
        for column in range(self._model.columnCount()):
            metrics = numbers if column in {_AT, _NUMBER} else self.fontMetrics()
            longest = max((metrics.horizontalAdvance(row[column]) for row in cells), default=0)
            found.append(max(longest, self.horizontalHeader().sectionSizeHint(column)) + active_theme().px(30))
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_model"):
            self.fit()
