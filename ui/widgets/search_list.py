"""Search as you type: a field, and a fast list of two-line results with the match marked.

::

    field = SearchField(tr("Angebot suchen"))
    results = ResultList(tr("Treffer"), empty_text=tr("Kein Treffer. Anders geschrieben?"))
    field.attach(results)  # arrow down goes into the list, Enter takes the first
    field.query_changed.connect(presenter.search)  # text: str, 40 ms after the last key
    results.set_rows([ResultRow("id1", "Pflegestützpunkt Nord", "Pflegeberatung · Musterstadt", matches=((0, 5),))])
    results.activated_key.connect(presenter.add)  # key: str
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_app.core.translation import tr
from ui.theme.scale import SMALL_POINTS
from ui.theme.theme import Theme, active_theme
from ui.widgets.badge import BadgeText, badge_size, draw_badge
from ui.widgets.buttons import InsetButton

DEFAULT_DELAY_MS = 40
_NEITHER = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row. ``matches`` and ``detail_matches`` are (start, length) in ``title`` and ``detail``."""

    key: str
    title: str
    detail: str = ""
    matches: tuple[tuple[int, int], ...] = ()
    detail_matches: tuple[tuple[int, int], ...] = ()
    badges: tuple[BadgeText, ...] = ()
    icon_name: str | None = None


class SearchField(QLineEdit):
    """A search field that reports its text a moment after the last key (``delay_ms``, 0 to 60).

    Escape empties it; only an empty field lets Escape through. Enter emits ``submitted`` when no list is attached.
    """

    query_changed = Signal(str)
    submitted = Signal(str)

    def __init__(
        self, name: str, *, placeholder: str = "", delay_ms: int = DEFAULT_DELAY_MS, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder or name)
        self._results: ResultList | None = None
        self._sent = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(self._send)
        self._clear = InsetButton("x", tr("Suche leeren"), self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Escape does the same
        self._clear.clicked.connect(self._empty)
        self._clear.hide()
        self._make_room()
        self.textChanged.connect(self._typed)

    def attach(self, results: ResultList) -> None:
        """Work together with a list: arrow down goes there, Enter takes its current or first row."""
        self._results = results
        results.set_source(self)

    def query(self) -> str:
        """What is searched for, without blanks around it."""
        return self.text().strip()

    def send_now(self) -> None:
        """Report the text at once, without the delay."""
        self._timer.stop()
        self._send()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self._empty()
            return
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and event.modifiers() in {
            _NEITHER,
            Qt.KeyboardModifier.KeypadModifier,
        }:
            self.send_now()
            if self._results is not None:
                self._results.activate_current()
            self.submitted.emit(self.query())
            return
        if key in {Qt.Key.Key_Down, Qt.Key.Key_PageDown} and self._results is not None:
            self.send_now()
            if self._results.enter():
                return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_clear"):
            self._make_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = active_theme()
        side = theme.icon_size(18)
        painter = QPainter(self)
        painter.drawPixmap(theme.px(12) + 3, (self.height() - side) // 2, theme.pixmap("search", "text_muted", 18))

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._timer.start()

    def _send(self) -> None:
        if self.query() != self._sent:
            self._sent = self.query()
            self.query_changed.emit(self._sent)

    def _empty(self) -> None:
        self.clear()
        self.send_now()

    def _make_room(self) -> None:
        theme = active_theme()
        margins = self.textMargins()
        self.setTextMargins(theme.icon_size(18) + theme.px(10), 0, margins.right(), 0)


class ResultModel(QAbstractListModel):
    """The rows of a :class:`ResultList`."""

    RowRole = int(Qt.ItemDataRole.UserRole) + 1

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[ResultRow] = []

    def set_rows(self, rows: Sequence[ResultRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == self.RowRole:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.title, row.detail, *(badge.text for badge in row.badges)) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (row.title, row.detail) if part)
        return None

    def row_at(self, place: int) -> ResultRow:
        """The row at ``place``."""
        return self._rows[place]

    def place_of(self, key: str) -> int:
        """Where ``key`` is, -1 if it is not shown."""
        return next((place for place, row in enumerate(self._rows) if row.key == key), -1)


class ResultDelegate(QStyledItemDelegate):
    """Draws a row: icon, title with the match marked, second line, badges at the end. Too long is elided."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        theme = active_theme()
        title = QFontMetrics(theme.font(weight=QFont.Weight.DemiBold)).height()
        detail = QFontMetrics(theme.font(SMALL_POINTS)).height()
        return QSize(theme.px(160), max(theme.scale.target, title + detail + theme.px(18)))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ResultModel.RowRole)
        if not isinstance(row, ResultRow):
            return
        theme = active_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        self._draw_ground(painter, theme, box, chosen=chosen, hovered=hovered)
        inner = box.adjusted(theme.px(14), 0, -theme.px(12), 0)
        if row.icon_name:
            side = theme.icon_size(20)
            painter.drawPixmap(
                inner.left(),
                inner.center().y() - side // 2,
                theme.pixmap(row.icon_name, "accent" if not chosen else "on_accent_soft", 20),
            )
            inner.setLeft(inner.left() + side + theme.px(12))
        inner.setRight(self._draw_badges(painter, theme, inner, row.badges))
        self._draw_lines(painter, theme, inner, row, chosen=chosen)
        painter.restore()

    def _draw_ground(self, painter: QPainter, theme: Theme, box: QRect, *, chosen: bool, hovered: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        plate = QRectF(box).adjusted(theme.px(4), 1.5, -theme.px(4), -1.5)
        if chosen or hovered:
            painter.setBrush(theme.colour("accent_soft" if chosen else "surface_sunken"))
            painter.drawRoundedRect(plate, theme.px(6), theme.px(6))
        if chosen:
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(
                QRectF(plate.left(), plate.top() + theme.px(6), 4, plate.height() - 2 * theme.px(6)), 2, 2
            )

    def _draw_badges(self, painter: QPainter, theme: Theme, inner: QRect, badges: tuple[BadgeText, ...]) -> int:
        """Draw the badges from the right as long as half of the row stays for words; where the words must end."""
        right = inner.right()
        limit = inner.left() + inner.width() // 2
        for badge in reversed(badges):
            size = badge_size(theme, badge.text)
            if right - size.width() < limit:
                break
            box = QRectF(right - size.width(), inner.center().y() - size.height() / 2, size.width(), size.height())
            draw_badge(painter, theme, box, badge)
            right -= size.width() + theme.px(8)
        return right

    def _draw_lines(self, painter: QPainter, theme: Theme, inner: QRect, row: ResultRow, *, chosen: bool) -> None:
        title_font = theme.font(weight=QFont.Weight.DemiBold)
        detail_font = theme.font(SMALL_POINTS)
        title_height, detail_height = QFontMetrics(title_font).height(), QFontMetrics(detail_font).height()
        ink = "on_accent_soft" if chosen else "text"
        if not row.detail:
            line = QRect(inner.left(), inner.center().y() - title_height // 2, inner.width(), title_height)
            draw_marked(painter, theme, line, row.title, matches=row.matches, font=title_font, ink=ink)
            return
        top = inner.top() + (inner.height() - title_height - detail_height - theme.px(2)) // 2
        line = QRect(inner.left(), top, inner.width(), title_height)
        draw_marked(painter, theme, line, row.title, matches=row.matches, font=title_font, ink=ink)
        line = QRect(inner.left(), top + title_height + theme.px(2), inner.width(), detail_height)
        draw_marked(
            painter,
            theme,
            line,
            row.detail,
            matches=row.detail_matches,
            font=detail_font,
            ink=ink if chosen else "text_muted",
        )


def draw_marked(
    painter: QPainter, theme: Theme, box: QRect, text: str, *, matches: Sequence[tuple[int, int]], font: QFont, ink: str
) -> None:
    """Draw one line, elided to ``box``, with ``matches`` on a marked ground."""
    line = text.replace("\n", " ")
    shown = QFontMetrics(font).elidedText(line, Qt.TextElideMode.ElideRight, max(0, box.width()))
    last = len(shown) if shown == line else max(0, len(shown) - 1)
    painter.setFont(font)
    painter.setPen(theme.colour(ink))
    if not matches:
        painter.drawText(
            box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown
        )
        return
    layout = QTextLayout(shown, font)
    marks = []
    for start, length in matches:
        end = min(start + length, last)
        if start >= end:
            continue
        form = QTextCharFormat()
        form.setBackground(theme.colour("match"))
        form.setForeground(theme.colour("on_match"))
        span = QTextLayout.FormatRange()
        span.start, span.length, span.format = start, end - start, form
        marks.append(span)
    layout.setFormats(marks)
    layout.beginLayout()
    placed = layout.createLine()
    placed.setLineWidth(100_000)
    layout.endLayout()
    layout.draw(painter, QPointF(box.left(), box.top()))


class ResultList(QListView):
    """A list of results. ``activated_key`` comes with Enter, space or a click; ``current_key_changed`` while moving.

    A letter typed into the list goes back to the search field; arrow up on the first row too.
    ``activate_on_click=False`` makes a click only select (a double click or Enter activates).
    """

    activated_key = Signal(str)
    current_key_changed = Signal(str)

    def __init__(
        self, name: str, *, empty_text: str = "", activate_on_click: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._empty_text = empty_text
        self._fitted_rows = 0
        self._source: QLineEdit | None = None
        self._rows_model = ResultModel(self)
        self.setModel(self._rows_model)
        self.setItemDelegate(ResultDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        if activate_on_click:
            self.clicked.connect(lambda index: self._activate(index.row()))
        else:
            self.doubleClicked.connect(lambda index: self._activate(index.row()))

    def set_source(self, source: QLineEdit) -> None:
        """The field that typing goes back to (:meth:`SearchField.attach` calls this)."""
        self._source = source

    def set_rows(self, rows: Sequence[ResultRow], *, preselect: bool = False) -> None:
        """Show other rows. The current row stays current if it is still there; ``preselect`` marks the first one."""
        key = self.current_key()
        blocked = self.blockSignals(True)
        self._rows_model.set_rows(rows)
        place = self._rows_model.place_of(key) if key else -1
        if place < 0 and preselect and rows:
            place = 0
        if place >= 0:
            self.setCurrentIndex(self._rows_model.index(place))
        self.blockSignals(blocked)

    def set_empty_text(self, text: str) -> None:
        """What is said when there are no rows."""
        self._empty_text = text
        self.viewport().update()

    def fit_rows(self, count: int) -> None:
        """Be as high as ``count`` rows, at every text size from now on."""
        self._fitted_rows = count
        height = self.itemDelegate().sizeHint(QStyleOptionViewItem(), QModelIndex()).height()
        self.setFixedHeight(height * count + active_theme().px(8))

    def row_count(self) -> int:
        """How many rows there are."""
        return self._rows_model.rowCount()

    def row_at(self, place: int) -> ResultRow:
        """The row at ``place``, from 0."""
        return self._rows_model.row_at(place)

    def current_key(self) -> str:
        """The key of the current row, empty if there is none."""
        index = self.currentIndex()
        return self._rows_model.row_at(index.row()).key if index.isValid() else ""

    def set_current_key(self, key: str) -> bool:
        """Make ``key`` current and scroll to it; ``False`` if it is not shown."""
        place = self._rows_model.place_of(key)
        if place < 0:
            return False
        self.setCurrentIndex(self._rows_model.index(place))
        return True

    def enter(self) -> bool:
        """Take the keyboard and stand on the current or first row; ``False`` if the list is empty."""
        if not self.row_count():
            return False
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._rows_model.index(0))
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def activate_current(self) -> None:
        """Take the current row, or the first one if none is current."""
        if self.row_count():
            self._activate(max(0, self.currentIndex().row()))

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        if current.isValid():
            self.current_key_changed.emit(self._rows_model.row_at(current.row()).key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and modifiers == _NEITHER:
            self.activate_current()
            return
        if self._source is not None and modifiers in {_NEITHER, Qt.KeyboardModifier.ShiftModifier}:
            if key == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
                self._source.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            if key == Qt.Key.Key_Backspace or (event.text() and event.text().isprintable()):
                self._source.setFocus(Qt.FocusReason.OtherFocusReason)
                if key == Qt.Key.Key_Backspace:
                    self._source.backspace()
                else:
                    self._source.insert(event.text())
                return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.row_count() or not self._empty_text:
            return
        theme = active_theme()
        painter = QPainter(self.viewport())
        painter.setPen(theme.colour("text_muted"))
        painter.setFont(self.font())
        margin = theme.px(24)
        side = theme.icon_size(32)
        area = self.viewport().rect().adjusted(margin, 0, -margin, 0)
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        words = painter.boundingRect(area, flags, self._empty_text)
        needed = words.height() + side + theme.px(8)
        top = max(theme.px(8), (area.height() - needed) // 2)
        if area.height() > needed + theme.px(16):
            painter.drawPixmap(area.center().x() - side // 2, top, theme.pixmap("search", "text_muted", 32))
            top += side + theme.px(8)
        else:
            top = max(0, (area.height() - words.height()) // 2)
        painter.drawText(QRect(area.left(), top, area.width(), area.height() - top), flags, self._empty_text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            if self._fitted_rows:
                self.fit_rows(self._fitted_rows)
            self.scheduleDelayedItemsLayout()

    def _activate(self, place: int) -> None:
        self.activated_key.emit(self._rows_model.row_at(place).key)
