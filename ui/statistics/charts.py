"""Charts drawn with the colours of the look. Every number that is drawn also stands in the table beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app.core.translation import tr
from ui.statistics.presenter import BarView, GridView
from ui.theme.fonts import with_tabular_figures
from ui.theme.scale import SMALL_POINTS
from ui.theme.theme import Theme, active_theme

_LABEL_SHARE = 0.46


class _Chart(QWidget):
    """A picture with a name and a sentence for screen readers."""

    def __init__(self, name: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAccessibleDescription(sentence)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def _font(self, theme: Theme) -> QFont:
        return with_tabular_figures(theme.font(SMALL_POINTS))


class BarChart(_Chart):
    """Horizontal bars: label, bar, number. Answers that are none (nicht gefragt …) have an outlined bar."""

    def __init__(self, name: str, sentence: str, bars: tuple[BarView, ...], parent: QWidget | None = None) -> None:
        super().__init__(name, sentence, parent)
        self._bars = bars

    def sizeHint(self) -> QSize:
        theme = active_theme()
        return QSize(theme.scale.with_text(320), self._row_height(theme) * len(self._bars) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(active_theme().scale.with_text(180), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self._font(theme)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        gap = theme.px(8)
        label_width = self._label_width(metrics)
        number_width = max((metrics.horizontalAdvance(bar.text) for bar in self._bars), default=0)
        room = max(8, self.width() - label_width - number_width - 2 * gap)
        most = max((bar.count for bar in self._bars), default=0) or 1
        height = self._row_height(theme)
        painter.setPen(QPen(theme.colour("outline"), 1))
        axis = label_width + gap - 0.5
        painter.drawLine(QPointF(axis, 0), QPointF(axis, height * len(self._bars)))
        for place, bar in enumerate(self._bars):
            line = QRect(0, place * height, self.width(), height)
            label = metrics.elidedText(bar.label, Qt.TextElideMode.ElideRight, label_width)
            painter.setPen(theme.colour("text_muted" if bar.is_open else "text"))
            painter.drawText(
                QRect(0, line.top(), label_width, height),
                int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
                label,
            )
            length = room * bar.count / most
            box = QRectF(label_width + gap, line.top() + height * 0.2, length, height * 0.6)
            if bar.count:
                self._draw_bar(painter, theme, box, is_open=bar.is_open)
            painter.setPen(theme.colour("text"))
            painter.drawText(
                QRectF(box.left() + length + gap / 2, line.top(), number_width + gap, height),
                int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
                bar.text,
            )

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = event.pos().y() // max(1, self._row_height(active_theme()))
            if 0 <= place < len(self._bars):
                bar = self._bars[place]
                QToolTip.showText(event.globalPos(), f"{bar.label}: {bar.text}", self)
                return True
        return super().event(event)

    def _draw_bar(self, painter: QPainter, theme: Theme, box: QRectF, *, is_open: bool) -> None:
        radius = min(theme.px(3), box.width() / 2)
        if is_open:
            painter.setPen(QPen(theme.colour("outline"), 1))
            painter.setBrush(theme.colour("surface_sunken"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(box, radius, radius)

    def _label_width(self, metrics: QFontMetrics) -> int:
        widest = max((metrics.horizontalAdvance(bar.label) for bar in self._bars), default=0) + 2
        return min(widest, round(self.width() * _LABEL_SHARE))

    def _row_height(self, theme: Theme) -> int:
        return QFontMetrics(self._font(theme)).height() + theme.px(8)


class GridChart(_Chart):
    """Rows by columns with the number in every cell; the darker the cell, the more."""

    def __init__(self, name: str, sentence: str, grid: GridView, parent: QWidget | None = None) -> None:
        super().__init__(name, sentence, parent)
        self._grid = grid

    def sizeHint(self) -> QSize:
        theme = active_theme()
        return QSize(
            theme.scale.with_text(420), self._head_height(theme) + self._row_height(theme) * len(self._grid.rows) + 2
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(active_theme().scale.with_text(200), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self._font(theme)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        left, cell = self._label_width(metrics), self._cell_width(metrics)
        top, height = self._head_height(theme), self._row_height(theme)
        most = max((max(row, default=0) for row in self._grid.counts), default=0) or 1
        painter.setPen(theme.colour("text_muted"))
        for column, label in enumerate(self._short_columns(metrics)):
            box = QRectF(left + column * cell, 0, cell, top)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), metrics.elidedText(
                label, Qt.TextElideMode.ElideRight, int(cell) - 2))  # fmt: skip
        for row, label in enumerate(self._grid.rows):
            painter.setPen(theme.colour("text"))
            painter.drawText(
                QRect(0, top + row * height, left - theme.px(8), height),
                int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
                metrics.elidedText(label, Qt.TextElideMode.ElideRight, left - theme.px(8)),
            )
            for column, count in enumerate(self._grid.counts[row]):
                box = QRectF(left + column * cell, top + row * height, cell, height).adjusted(1, 1, -1, -1)
                self._draw_cell(painter, theme, box, count, count / most)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            theme = active_theme()
            metrics = QFontMetrics(self._font(theme))
            row = (event.pos().y() - self._head_height(theme)) // max(1, self._row_height(theme))
            column = int((event.pos().x() - self._label_width(metrics)) // max(1.0, self._cell_width(metrics)))
            if 0 <= row < len(self._grid.rows) and 0 <= column < len(self._grid.columns):
                text = f"{self._grid.rows[row]}, {self._grid.columns[column]}: {self._grid.counts[row][column]}"
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().event(event)

    def _draw_cell(self, painter: QPainter, theme: Theme, box: QRectF, count: int, share: float) -> None:
        ground, ink = "surface_sunken", "text_muted"
        if share > 0.66:
            ground, ink = "accent", "on_accent"
        elif share > 0:
            ground, ink = "accent_soft", "on_accent_soft"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box, theme.px(3), theme.px(3))
        if count:
            painter.setPen(theme.colour(ink))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(count))

    def _short_columns(self, metrics: QFontMetrics) -> list[str]:
        """„9–10 Uhr“ becomes „9 Uhr“, or „9“ where there is little room: the column begins there."""
        short = [label.split("–")[0] if label[:1].isdigit() else label for label in self._grid.columns]
        whole = [tr("{hour} Uhr", hour=label) if label.isdigit() else label for label in short]
        widest = max((metrics.horizontalAdvance(label) for label in whole), default=0)
        return whole if widest <= self._cell_width(metrics) - 4 else short

    def _label_width(self, metrics: QFontMetrics) -> int:
        widest = max((metrics.horizontalAdvance(label) for label in self._grid.rows), default=0) + active_theme().px(10)
        return min(widest, round(self.width() * 0.4))

    def _cell_width(self, metrics: QFontMetrics) -> float:
        return (self.width() - self._label_width(metrics)) / max(1, len(self._grid.columns))

    def _head_height(self, theme: Theme) -> int:
        return QFontMetrics(self._font(theme)).height() + theme.px(4)

    def _row_height(self, theme: Theme) -> int:
        return QFontMetrics(self._font(theme)).height() + theme.px(12)
