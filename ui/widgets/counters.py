"""The Strichliste: one press, one more."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from desktop_app.core.translation import tr
from ui.theme.scale import SMALL_POINTS, TITLE_POINTS
from ui.theme.theme import Theme, active_theme
from ui.widgets.choices import draw_box


class CountStepper(QPushButton):
    """A big count with its name; a press, Enter, space or ``+`` counts one more, ``-`` or the menu one less.

    The widget only asks: ``step_requested(+1)`` or ``(-1)``; the caller stores it and calls :meth:`set_count`. ::

        phone = CountStepper(tr("Anrufe"), key="F6", icon_name="phone")
        phone.step_requested.connect(presenter.count_call)  # difference: int
    """

    step_requested = Signal(int)

    def __init__(
        self, label: str, *, key: str = "", icon_name: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label, self._key, self._icon_name, self._count = label, key, icon_name, 0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.clicked.connect(lambda: self.step_requested.emit(1))
        self.setToolTip(f"{label} ({key})" if key else label)
        self.set_count(0)

    def count(self) -> int:
        """The count shown."""
        return self._count

    def set_count(self, count: int) -> None:
        """Show another count."""
        self._count = count
        self.setAccessibleName(f"{self._label}: {count}")
        self.setAccessibleDescription(tr("Taste {key}", key=self._key) if self._key else "")
        self.update()

    def less(self) -> None:
        """Ask for one less, if there is one."""
        if self._count > 0:
            self.step_requested.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Plus, Qt.Key.Key_Return, Qt.Key.Key_Enter} and not (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.click()
            return
        if event.key() in {Qt.Key.Key_Minus, Qt.Key.Key_Backspace}:
            self.less()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        theme = active_theme()
        label = QFontMetrics(theme.font(SMALL_POINTS)).horizontalAdvance(self._label)
        count = QFontMetrics(theme.font(TITLE_POINTS, QFont.Weight.Bold))
        head = count.horizontalAdvance("000") + theme.px(8)
        if self._icon_name:
            head += theme.icon_size(20) + theme.px(8)
        if self._key:
            head += self._key_width(theme) + theme.px(8)
        lines = count.height() + QFontMetrics(theme.font(SMALL_POINTS)).height()
        return QSize(max(label, head) + 2 * theme.px(12) + 8, lines + theme.px(16) + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        painter = QPainter(self)
        ground = "accent_soft" if self.isDown() else ("surface_sunken" if self.underMouse() else "surface")
        draw_box(painter, theme, self.rect(), ground=ground, edge="outline", focused=self.hasFocus())
        inner = self.rect().adjusted(4 + theme.px(12), 4 + theme.px(8), -4 - theme.px(12), -4 - theme.px(8))
        count_font = theme.font(TITLE_POINTS, QFont.Weight.Bold)
        height = QFontMetrics(count_font).height()
        left = inner.left()
        if self._icon_name:
            side = theme.icon_size(20)
            painter.drawPixmap(left, inner.top() + (height - side) // 2, theme.pixmap(self._icon_name, "accent", 20))
            left += side + theme.px(8)
        painter.setFont(count_font)
        painter.setPen(theme.colour("text"))
        painter.drawText(
            QRect(left, inner.top(), inner.right() - left, height), int(Qt.AlignmentFlag.AlignVCenter), str(self._count)
        )
        painter.setFont(theme.font(SMALL_POINTS))
        painter.setPen(theme.colour("text_muted"))
        label = QFontMetrics(painter.font()).elidedText(self._label, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(
            QRect(inner.left(), inner.top() + height, inner.width(), inner.height() - height),
            int(Qt.AlignmentFlag.AlignVCenter),
            label,
        )
        self._draw_key(painter, theme, inner, height)

    def _draw_key(self, painter: QPainter, theme: Theme, inner: QRect, height: int) -> None:
        if not self._key:
            return
        painter.setFont(theme.font(SMALL_POINTS, QFont.Weight.DemiBold))
        tall = theme.scale.font(SMALL_POINTS) + theme.px(9)
        box = QRect(
            inner.right() - self._key_width(theme) + 1, inner.top() + (height - tall) // 2, self._key_width(theme), tall
        )
        painter.setPen(QPen(theme.colour("outline"), 1))
        painter.setBrush(theme.colour("surface_sunken"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))
        painter.setPen(theme.colour("text_muted"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._key)

    def _key_width(self, theme: Theme) -> int:
        metrics = QFontMetrics(theme.font(SMALL_POINTS, QFont.Weight.DemiBold))
        return max(metrics.horizontalAdvance(self._key) + theme.px(10), theme.scale.font(SMALL_POINTS) + theme.px(9))

    def _open_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one_less = menu.addAction(tr("Eins weniger"))
        one_less.setEnabled(self._count > 0)
        one_less.triggered.connect(self.less)
        menu.popup(self.mapToGlobal(where))
