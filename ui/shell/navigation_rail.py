"""The navigation on the left: icon and word, icons alone on narrow windows."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.badge import BadgeText, Tone, badge_size, draw_badge
from ui.widgets.visibility import set_shown


class _RailButton(QPushButton):
    """One page in the rail."""

    def __init__(self, title: str, icon_name: str, shortcut: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._icon_name, self._shortcut = title, icon_name, shortcut
        self._is_wide = True
        self._count = 0
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(shortcut)
        self.setToolTip(f"{title} ({shortcut})" if shortcut else title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_wide(self, is_wide: bool) -> None:
        """Show the word or only the icon."""
        self._is_wide = is_wide
        self.updateGeometry()
        self.update()

    def show_count(self, count: int, words: str) -> None:
        """Show how many things wait there; ``words`` says it to a screen reader and in the tool tip."""
        self._count = count
        described = f"{self._title}, {words}" if count else self._title
        self.setAccessibleName(described)
        self.setToolTip(f"{described} ({self._shortcut})" if self._shortcut else described)
        self.updateGeometry()
        self.update()

    def wide_width(self) -> int:
        """The width with the word."""
        theme = active_theme()
        count = self._count_width() + theme.px(8) if self._count else 0
        return self._pad() * 2 + theme.icon_size(22) + theme.px(12) + self._words_width() + count + theme.px(8)

    def sizeHint(self) -> QSize:
        theme = active_theme()
        width = self.wide_width() if self._is_wide else max(self._pad() * 2 + theme.icon_size(22), self._narrow_width())
        return QSize(width, theme.scale.target + theme.px(8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        plate = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        ink = "on_rail_selected" if chosen or self.underMouse() else "on_rail"
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            colour = theme.colour("rail_selected")
            colour.setAlphaF(1.0 if chosen else 0.5)
            painter.setBrush(colour)
            painter.drawRoundedRect(plate, theme.scale.radius, theme.scale.radius)
        if chosen:
            painter.setBrush(
                theme.colour("rail_focus" if theme.palette.name == "high_contrast" else "on_rail_selected")
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(
                QRectF(plate.left(), plate.top() + theme.px(8), 4, plate.height() - theme.px(16)), 2, 2
            )
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("rail_focus"), theme.scale.ring))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), theme.scale.radius, theme.scale.radius)
        icon = self.icon_box()
        painter.drawPixmap(icon.topLeft(), theme.pixmap(self._icon_name, ink, 22))
        if self._is_wide:
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(theme.colour(ink))
            start = icon.left() + icon.width() + theme.px(12)
            painter.drawText(
                QRect(start, 0, self.width() - start, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self._title
            )
        if self._count:
            self._draw_count(painter)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def _draw_count(self, painter: QPainter) -> None:
        """Draw a badge at the end of the words, or a narrower one beside the icon."""
        badge = BadgeText(str(self._count), Tone.WARNING)
        draw_badge(painter, active_theme(), QRectF(self.count_box()), badge)

    def icon_box(self) -> QRect:
        """Where the icon is: alone in the middle, or moved so that a count has its place beside it."""
        side = active_theme().icon_size(22)
        around = self._narrow_count_width() + self._narrow_gap() if self._count else 0
        left = self._pad() if self._is_wide else (self.width() - side - around) // 2
        return QRect(left, (self.height() - side) // 2, side, side)

    def count_box(self) -> QRect:
        """Where the count is; empty when nothing waits."""
        if not self._count:
            return QRect()
        height = badge_size(active_theme(), str(self._count)).height()
        width = self._count_width() if self._is_wide else self._narrow_count_width()
        icon = self.icon_box()
        beside = icon.left() + icon.width() + self._narrow_gap()
        left = self.width() - width - self._pad() if self._is_wide else beside
        return QRect(left, (self.height() - height) // 2, width, height)

    def _narrow_width(self) -> int:
        """The width that icon and count take together."""
        count = self._narrow_gap() + self._narrow_count_width() if self._count else 0
        return active_theme().icon_size(22) + count + 2 * active_theme().px(6)

    @staticmethod
    def _narrow_gap() -> int:
        return active_theme().px(3)

    def _narrow_count_width(self) -> int:
        theme = active_theme()
        return badge_size(theme, str(self._count)).width() - theme.px(8)

    def _count_width(self) -> int:
        size = badge_size(active_theme(), str(self._count))
        return max(size.width(), size.height())

    def _pad(self) -> int:
        return active_theme().px(18)

    def _words_width(self) -> int:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return QFontMetrics(font).horizontalAdvance(self._title)


class NavigationRail(QFrame):
    """The pages of the window. ``chosen(key)`` when one is picked; :meth:`show_current` only marks it.

    Arrow keys move along the rail, Enter or space opens.
    """

    chosen = Signal(str)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setProperty("part", "rail")
        self.setAccessibleName(tr("Bereiche"))
        self._buttons: dict[str, _RailButton] = {}
        self._group = QButtonGroup(self)
        self._is_wide = True
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(theme.px(4), theme.px(12), theme.px(4), theme.px(12))
        self._layout.setSpacing(theme.px(4))
        self._layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def add(self, key: str, title: str, icon_name: str, shortcut: str = "") -> None:
        """Put a page at the end."""
        button = _RailButton(title, icon_name, shortcut, self)
        button.set_wide(self._is_wide)
        button.clicked.connect(partial(self._choose, key))
        self._group.addButton(button)
        self._layout.insertWidget(self._layout.count() - 1, button)
        self._buttons[key] = button

    def set_shown(self, key: str, shown: bool) -> None:
        """Show a page in the rail, or leave it out. Raises KeyError."""
        set_shown(self._buttons[key], shown)

    def is_shown(self, key: str) -> bool:
        """Whether a page is in the rail and not left out."""
        return key in self._buttons and not self._buttons[key].isHidden()

    def show_count(self, key: str, count: int, words: str = "") -> None:
        """Show beside a page how many things wait there, 0 for none. Raises KeyError."""
        self._buttons[key].show_count(count, words)
        self.updateGeometry()

    def keys(self) -> list[str]:
        """The pages from top to bottom."""
        return list(self._buttons)

    def show_current(self, key: str) -> None:
        """Mark a page; one that is not in the rail leaves nothing marked."""
        button = self._buttons.get(key)
        if button is not None:
            button.setChecked(True)
            return
        self._group.setExclusive(False)
        for other in self._buttons.values():
            other.setChecked(False)
        self._group.setExclusive(True)

    def set_wide(self, is_wide: bool) -> None:
        """Show words beside the icons or icons alone."""
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            for button in self._buttons.values():
                button.set_wide(is_wide)
            self.updateGeometry()

    @property
    def is_wide(self) -> bool:
        """Whether words are shown."""
        return self._is_wide

    def _choose(self, key: str, _is_checked: bool = False) -> None:
        self.chosen.emit(key)
