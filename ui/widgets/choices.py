"""Choosing one or several: segmented buttons and tiles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QSizePolicy, QWidget

from ui.theme.scale import SMALL_POINTS
from ui.theme.theme import Theme, active_theme
from ui.widgets.choice import Choice
from ui.widgets.flow_layout import FlowLayout

__all__ = ["Choice", "SegmentedControl", "Tile", "TileGrid", "TopicTile", "draw_box"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: ``key`` is what is printed as its key (``"1"``, ``"G"``), ``tint`` the number of its colour."""

    code: str
    label: str
    key: str = ""
    icon_name: str | None = None
    tint: int = 0


def draw_box(
    painter: QPainter, theme: Theme, box: QRect, *, ground: str, edge: str, focused: bool, edge_width: int = 1
) -> None:
    """Draw the body of a control inside ``box``: ground, edge and, with the keyboard on it, the focus ring.

    Colours are palette names or ``#rrggbb``.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if focused:
        ring = theme.scale.ring
        painter.setPen(QPen(theme.colour("focus"), ring))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = ring / 2
        painter.drawRoundedRect(
            QRectF(box).adjusted(half, half, -half, -half), theme.scale.radius + 2, theme.scale.radius + 2
        )
    inner = (
        QRectF(box).adjusted(4, 4, -4, -4).adjusted(edge_width / 2, edge_width / 2, -edge_width / 2, -edge_width / 2)
    )
    painter.setPen(QPen(_colour(theme, edge), edge_width))
    painter.setBrush(_colour(theme, ground))
    painter.drawRoundedRect(inner, theme.scale.radius, theme.scale.radius)


def _colour(theme: Theme, name: str) -> QColor:
    return QColor(name) if name.startswith("#") else theme.colour(name)


class _Segment(QRadioButton):
    """One of several buttons of which exactly one is pressed."""

    step_requested = Signal(int)

    def __init__(self, choice: Choice, parent: QWidget) -> None:
        super().__init__(choice.label, parent)
        self._icon_name = choice.icon_name
        self.setAccessibleName(choice.label.replace("&", ""))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.step_requested.emit(step)
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        theme = active_theme()
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        width = QFontMetrics(font).size(Qt.TextFlag.TextShowMnemonic, self.text()).width() + 2 * theme.px(16) + 8
        if self._icon_name:
            width += theme.icon_size(18) + theme.px(8)
        return QSize(width, theme.scale.target + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        chosen, hovered = self.isChecked(), self.underMouse()
        ground = "accent" if chosen else ("surface_sunken" if hovered else "surface")
        ink = "on_accent" if chosen else "text"
        if not self.isEnabled():
            ground, ink = "disabled", "on_disabled"
        painter = QPainter(self)
        draw_box(
            painter, theme, self.rect(), ground=ground, edge="accent" if chosen else "outline", focused=self.hasFocus()
        )
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        box = self.rect().adjusted(4, 0, -4, 0)
        if self._icon_name:
            side = theme.icon_size(18)
            words = QFontMetrics(font).size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
            left = box.left() + (box.width() - words - side - theme.px(8)) // 2
            painter.drawPixmap(left, (self.height() - side) // 2, theme.pixmap(self._icon_name, ink, 18))
            box.setLeft(left + side + theme.px(8))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic), self.text())
            return
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic), self.text())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class SegmentedControl(QWidget):
    """Exactly one of a few choices, all in sight; wraps on narrow windows.

    One tab stop; arrow keys move and choose; ``Alt`` with the underlined letter chooses from anywhere. ::

        channel = SegmentedControl(tr("Kanal"), [Choice("in_person", tr("&Büro")), Choice("phone", tr("&Telefon"))])
        channel.changed.connect(presenter.use_channel)  # code: str
    """

    changed = Signal(str)

    def __init__(
        self, name: str, choices: Sequence[Choice] = (), *, value: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._layout = FlowLayout(self, gap=0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._group = QButtonGroup(self)
        self._segments: dict[str, _Segment] = {}
        self.set_choices(choices, value=value)

    def set_choices(self, choices: Sequence[Choice], *, value: str | None = None) -> None:
        """Offer other choices; ``value`` (or the first) is chosen without ``changed``."""
        for segment in self._segments.values():
            self._group.removeButton(segment)
            self._layout.removeWidget(segment)
            segment.deleteLater()
        self._segments = {}
        for choice in choices:
            segment = _Segment(choice, self)
            self._segments[choice.code] = segment
            self._group.addButton(segment)
            self._layout.addWidget(segment)
            segment.toggled.connect(partial(self._toggled, choice.code))
            segment.step_requested.connect(partial(self._step, choice.code))
        if choices:
            self.set_value(value or choices[0].code)

    def value(self) -> str:
        """The code that is chosen; empty without choices."""
        return next((code for code, segment in self._segments.items() if segment.isChecked()), "")

    def set_value(self, code: str) -> None:
        """Choose ``code`` without emitting ``changed``. Raises KeyError for an unknown code."""
        segment = self._segments[code]
        blocked = segment.blockSignals(True)
        segment.setChecked(True)
        segment.blockSignals(blocked)

    def _step(self, code: str, step: int) -> None:
        """Choose the next or previous one and go there; beyond the end it starts again."""
        codes = self.codes()
        segment = self._segments[codes[(codes.index(code) + step) % len(codes)]]
        segment.setFocus(Qt.FocusReason.TabFocusReason)
        segment.setChecked(True)

    def _toggled(self, code: str, is_on: bool) -> None:
        if is_on:
            self.changed.emit(code)

    def codes(self) -> list[str]:
        """All codes in the order shown."""
        return list(self._segments)

    def button(self, code: str) -> QRadioButton:
        """The button of ``code``, for tests and tab order."""
        return self._segments[code]

    def sizeHint(self) -> QSize:
        """As high as its rows are in the width it has: a narrow guess would make the whole window taller."""
        least = self._layout.minimumSize()
        return QSize(least.width(), self._layout.heightForWidth(max(self.width(), least.width())))

    def rows_in(self, width: int) -> int:
        """How many rows its buttons would take."""
        height = max((segment.sizeHint().height() for segment in self._segments.values()), default=0)
        return round(self._layout.heightForWidth(width) / height) if height else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def buttons(self) -> list[QRadioButton]:
        """All buttons in the order shown."""
        return list(self._segments.values())

    def focus_chosen(self) -> None:
        """Move the keyboard to the chosen button."""
        chosen = self._segments.get(self.value())
        if chosen is not None:
            chosen.setFocus(Qt.FocusReason.TabFocusReason)


class TopicTile(QCheckBox):
    """A tile that is on or off; used by :class:`TileGrid`."""

    def __init__(self, tile: Tile, parent: QWidget | None = None) -> None:
        super().__init__(tile.label, parent)
        self.tile = tile
        self.setAccessibleName(tile.label)
        if tile.key:
            self.setAccessibleDescription(tile.key)
            self.setToolTip(f"{tile.label} ({tile.key})")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.click()
            return
        super().keyPressEvent(event)

    def natural_width(self) -> int:
        """The width at which the label stands on one line."""
        theme = active_theme()
        return self._fixed_width(theme) + self._metrics().horizontalAdvance(self.tile.label) + 2

    def least_width(self) -> int:
        """The width at which the longest word of the label is not cut."""
        metrics = self._metrics()
        return (
            self._fixed_width(active_theme())
            + 2
            + max((metrics.horizontalAdvance(word) for word in self.tile.label.split()), default=0)
        )

    def height_for(self, width: int) -> int:
        """The height needed in ``width``; long labels break onto a second line."""
        theme = active_theme()
        words = self._label_box(theme, QRect(0, 0, width, 10_000))
        needed = self._metrics().boundingRect(words, int(Qt.TextFlag.TextWordWrap), self.tile.label).height()
        return max(theme.scale.target + theme.px(14), needed + theme.px(16)) + 8

    def sizeHint(self) -> QSize:
        width = self.natural_width()
        return QSize(width, self.height_for(width))

    def minimumSizeHint(self) -> QSize:
        """The longest word whole, and as many lines as the label takes in the width it has."""
        width = self.least_width()
        return QSize(width, self.height_for(max(width, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        chosen = self.isChecked()
        painter = QPainter(self)
        ground = "accent_soft" if chosen else ("surface_sunken" if self.underMouse() else "surface")
        draw_box(
            painter,
            theme,
            self.rect(),
            ground=ground,
            edge="accent" if chosen else "outline",
            edge_width=2 if chosen else 1,
            focused=self.hasFocus(),
        )
        inner = self.rect().adjusted(4, 4, -4, -4)
        self._draw_icon(painter, theme, inner, chosen)
        self._draw_key(painter, theme, inner, chosen)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.colour("on_accent_soft" if chosen else "text"))
        painter.drawText(
            self._label_box(theme, self.rect()),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap),
            self.tile.label,
        )

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def _draw_icon(self, painter: QPainter, theme: Theme, inner: QRect, chosen: bool) -> None:
        if self.tile.icon_name is None:
            return
        plate = self._plate(theme)
        box = QRect(inner.left() + theme.px(10), inner.top() + (inner.height() - plate) // 2, plate, plate)
        ground, ink = theme.palette.tint(self.tile.tint)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.palette.accent if chosen else ground))
        painter.drawRoundedRect(QRectF(box), theme.px(8), theme.px(8))
        side = theme.icon_size(20)
        name = "check" if chosen else self.tile.icon_name
        painter.drawPixmap(
            box.left() + (plate - side) // 2,
            box.top() + (plate - side) // 2,
            theme.pixmap(name, theme.palette.on_accent if chosen else ink, 20),
        )

    def _draw_key(self, painter: QPainter, theme: Theme, inner: QRect, chosen: bool) -> None:
        if not self.tile.key:
            return
        font = theme.font(SMALL_POINTS, QFont.Weight.DemiBold)
        side = self._key_side(theme)
        box = QRect(inner.right() - theme.px(10) - side + 1, inner.top() + (inner.height() - side) // 2, side, side)
        painter.setPen(QPen(theme.colour("accent" if chosen else "outline"), 1))
        painter.setBrush(theme.colour("surface" if chosen else "surface_sunken"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))
        painter.setFont(font)
        painter.setPen(theme.colour("text_muted"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self.tile.key)

    def _plate(self, theme: Theme) -> int:
        return theme.icon_size(20) + theme.px(14)

    def _key_side(self, theme: Theme) -> int:
        return theme.scale.font(SMALL_POINTS) + theme.px(9)

    def _fixed_width(self, theme: Theme) -> int:
        width = 8 + 2 * theme.px(10)
        if self.tile.icon_name is not None:
            width += self._plate(theme) + theme.px(10)
        if self.tile.key:
            width += self._key_side(theme) + theme.px(8)
        return width

    def _label_box(self, theme: Theme, box: QRect) -> QRect:
        left = 4 + theme.px(10)
        if self.tile.icon_name is not None:
            left += self._plate(theme) + theme.px(10)
        right = 4 + theme.px(10)
        if self.tile.key:
            right += self._key_side(theme) + theme.px(8)
        return box.adjusted(left, 4, -right, -4)

    def _metrics(self) -> QFontMetrics:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return QFontMetrics(font)


class TileGrid(QWidget):
    """Tiles in columns of equal width, as many as fit. Several may be on.

    One tab stop; arrow keys move, space or Enter toggles. The keys printed on the tiles are the caller's business
    (they work from anywhere on the page): call :meth:`toggle`. ::

        grid = TileGrid(tr("Themen"), [Tile("health", "Gesundheit", key="1", icon_name="heart-pulse", tint=1)])
        grid.toggled.connect(presenter.topic_toggled)  # code: str, on: bool
        grid.set_selected({"health"})
    """

    toggled = Signal(str, bool)

    def __init__(self, name: str, tiles: Sequence[Tile] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._tiles: list[TopicTile] = []
        self._columns = 1
        self._known_width = 0
        self._known_least = 0
        self._known_heights: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_tiles(tiles)

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show other tiles; those that stay keep their state."""
        kept = self.selected()
        for gone in self._tiles:
            gone.hide()
            gone.deleteLater()
        self._tiles = []
        for tile in tiles:
            widget = TopicTile(tile, self)
            widget.setChecked(tile.code in kept)
            widget.toggled.connect(partial(self.toggled.emit, tile.code))
            widget.installEventFilter(self)
            widget.setVisible(True)
            self._tiles.append(widget)
        self._forget_sizes()
        self._rove(0)
        self._place()
        self.updateGeometry()

    def selected(self) -> list[str]:
        """The codes that are on, in the order shown."""
        return [tile.tile.code for tile in self._tiles if tile.isChecked()]

    def set_selected(self, codes: Iterable[str]) -> None:
        """Switch exactly ``codes`` on, without emitting ``toggled``."""
        wanted = set(codes)
        for tile in self._tiles:
            blocked = tile.blockSignals(True)
            tile.setChecked(tile.tile.code in wanted)
            tile.blockSignals(blocked)
            tile.update()

    def toggle(self, code: str) -> bool:
        """Press the tile ``code`` as its key does; the new state. Raises KeyError for an unknown code."""
        tile = self.tile(code)
        tile.toggle()
        return tile.isChecked()

    def tile(self, code: str) -> TopicTile:
        """The tile of ``code``. Raises KeyError."""
        for tile in self._tiles:
            if tile.tile.code == code:
                return tile
        raise KeyError(code)

    def last_stop(self) -> QWidget:
        """The last tile, for the tab order of what follows."""
        return self._tiles[-1] if self._tiles else self

    def focus_first(self) -> None:
        """Move the keyboard to the tile that was used last (the first at the beginning)."""
        for tile in self._tiles:
            if tile.focusPolicy() & Qt.FocusPolicy.TabFocus:
                tile.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if not self._tiles:
            return 0
        columns = self._columns_in(width)
        gap = self._gap()
        cell = (width - (columns - 1) * gap) // columns
        rows = -(-len(self._tiles) // columns)
        return rows * self._cell_height(cell) + (rows - 1) * gap

    def sizeHint(self) -> QSize:
        width = self._cell_width() * min(4, max(1, len(self._tiles))) + 3 * self._gap()
        return QSize(width, self.heightForWidth(max(width, 1)))

    def minimumSizeHint(self) -> QSize:
        width = self.width() or 1
        return QSize(self._least_width(), self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._forget_sizes()
            self._place()
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, TopicTile) and watched in self._tiles:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._move(self._tiles.index(watched), event.key())
            if event.type() == QEvent.Type.FocusIn:
                self._rove(self._tiles.index(watched))
        return False

    def _move(self, place: int, key: int) -> bool:
        steps = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: self._columns,
            Qt.Key.Key_Up: -self._columns,
        }
        targets = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self._tiles) - 1}
        wanted = targets.get(Qt.Key(key), place + steps[Qt.Key(key)] if Qt.Key(key) in steps else None)
        if wanted is None:
            return False
        if 0 <= wanted < len(self._tiles):
            self._tiles[wanted].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _rove(self, place: int) -> None:
        """Make one tile the tab stop."""
        for number, tile in enumerate(self._tiles):
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus if number == place else Qt.FocusPolicy.ClickFocus)

    def _gap(self) -> int:
        return active_theme().px(4)

    def _cell_width(self) -> int:
        """The width a column wants: that of a usual label, longer ones break."""
        if not self._known_width:
            widths = sorted(tile.natural_width() for tile in self._tiles) or [1]
            self._known_width = max(widths[int((len(widths) - 1) * 0.8)], self._least_width())
        return self._known_width

    def _least_width(self) -> int:
        """The width below which a word would be cut."""
        if not self._known_least:
            self._known_least = max((tile.least_width() for tile in self._tiles), default=1)
        return self._known_least

    def _forget_sizes(self) -> None:
        """Measure the words anew when they are next needed; layouts ask for sizes dozens of times."""
        self._known_width = self._known_least = 0
        self._known_heights.clear()

    def _cell_height(self, cell: int) -> int:
        if cell not in self._known_heights:
            self._known_heights[cell] = max(tile.height_for(cell) for tile in self._tiles)
        return self._known_heights[cell]

    def _columns_in(self, width: int) -> int:
        gap = self._gap()
        return max(1, min(len(self._tiles), (width + gap) // (self._cell_width() + gap)))

    def _place(self) -> None:
        if not self._tiles:
            return
        width, gap = max(self.width(), 1), self._gap()
        self._columns = self._columns_in(width)
        cell = (width - (self._columns - 1) * gap) // self._columns
        height = self._cell_height(cell)
        for number, tile in enumerate(self._tiles):
            row, column = divmod(number, self._columns)
            tile.setGeometry(column * (cell + gap), row * (height + gap), cell, height)
