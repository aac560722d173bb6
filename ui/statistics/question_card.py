"""One question: what it shows in a sentence, the chart, and the table with the same numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.statistics.charts import BarChart, GridChart
from ui.statistics.columns import StatisticsModel
from ui.statistics.presenter import TableView, bars_left_out_text
from ui.theme.theme import active_theme
from ui.widgets.containers import Card
from ui.widgets.labels import Words

_BESIDE_FROM = 840
_MOST_ROWS = 20


class FiguresTable(QTableView):
    """A table that is as high as its rows (up to a limit) and takes one tab stop."""

    def __init__(self, view: TableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Tabelle: {question}", question=view.question))
        self._model = StatisticsModel(view)
        self.setModel(self._model)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        last = self._model.columnCount() - 1
        for column in range(last + 1):
            mode = QHeaderView.ResizeMode.Stretch if column < last - 1 else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.fit()

    def fit(self) -> None:
        """Set the height to the number of rows at the present text size."""
        theme = active_theme()
        row = self.fontMetrics().height() + theme.px(10)
        self.verticalHeader().setDefaultSectionSize(row)
        shown = min(_MOST_ROWS, self._model.rowCount())
        self.setFixedHeight(row * shown + self.horizontalHeader().sizeHint().height() + 10)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_model"):
            self.fit()


class QuestionCard(Card):
    """Chart and table beside each other where there is room, below each other where not."""

    def __init__(self, view: TableView, parent: QWidget | None = None) -> None:
        super().__init__(view.question, parent=parent)
        self.title.setWordWrap(True)
        self.head.setStretch(0, 1)
        self.head.setStretch(1, 0)
        self.key = view.key
        self._has_two_labels = len(view.headings) > 3
        self.body.addWidget(Words(view.sentence, wrap=True, selectable=True))
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(active_theme().px(16))
        self.chart: QWidget | None = None
        self.table: FiguresTable | None = None
        if not view.is_empty:
            self._fill(view)
        self.body.addLayout(self._row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() / active_theme().scale.factor
        # Two columns of words need the whole width.
        beside = room >= _BESIDE_FROM and not self._has_two_labels
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def _fill(self, view: TableView) -> None:
        name = tr("Diagramm: {question}", question=view.question)
        column = QVBoxLayout()
        column.setSpacing(active_theme().px(4))
        if view.grid is not None:
            self.chart = GridChart(name, view.sentence, view.grid)
        else:
            self.chart = BarChart(name, view.sentence, view.bars)
        column.addWidget(self.chart)
        if view.bars_left_out:
            column.addWidget(Words(bars_left_out_text(view.bars_left_out), "muted", wrap=True))
        column.addStretch(1)
        self._row.addLayout(column, 6)
        self.table = FiguresTable(view)
        side = QVBoxLayout()
        side.addWidget(self.table)
        side.addStretch(1)
        self._row.addLayout(side, 5)
