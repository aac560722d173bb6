"""The entries as a table that is as high as its rows; the page around it scrolls."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop_app.core.translation import tr
from ui.audit.presenter import LogRow
from ui.theme.fonts import with_tabular_figures
from ui.theme.theme import active_theme

_Index = QModelIndex | QPersistentModelIndex
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_AT, _PERSON, _ACTION, _SUBJECT, _NUMBER = range(5)


class LogModel(QAbstractTableModel):
    """The rows shown."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[LogRow, ...] = ()

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
    """The table; one tab stop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Einträge des Protokolls"))
        self._model = LogModel()
        self.setModel(self._model)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for column in range(self._model.columnCount()):
            is_words = column in {_PERSON, _ACTION, _SUBJECT}
            mode = QHeaderView.ResizeMode.Stretch if is_words else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.fit()

    def show_rows(self, rows: tuple[LogRow, ...]) -> None:
        """Show other rows."""
        self._model.show_rows(rows)
        self.fit()

    def cells(self) -> list[list[str]]:
        """The texts shown, row by row."""
        columns = range(self._model.columnCount())
        return [
            [str(self._model.data(self._model.index(row, column))) for column in columns]
            for row in range(self._model.rowCount())
        ]

    def fit(self) -> None:
        """Set the height to the number of rows at the present text size."""
        row = self.fontMetrics().height() + active_theme().px(10)
        self.verticalHeader().setDefaultSectionSize(row)
        self.setFixedHeight(row * max(1, self._model.rowCount()) + self.horizontalHeader().sizeHint().height() + 10)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_model"):
            self.fit()
