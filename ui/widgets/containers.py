"""Frames that hold other widgets: a white card, a part that folds out, a page that scrolls."""

from __future__ import annotations

from weakref import WeakSet

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.theme.theme import active_theme
from ui.widgets.buttons import QuietButton
from ui.widgets.labels import SectionTitle
from ui.widgets.visibility import set_shown


class Card(QFrame):
    """A white card with rounded corners. Put widgets into ``body``; ``head`` stands right of the title.

    ::

        card = Card(tr("Heute"))
        card.body.addWidget(today_list)
        card.head.addWidget(IconButton("printer", tr("Liste drucken")))
    """

    def __init__(self, title: str = "", *, raised: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setProperty("card", "raised" if raised else "true")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*(theme.px(16),) * 4)
        outer.setSpacing(theme.px(12))
        self.title = SectionTitle(title, wrap=True)
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.px(8))
        self.head.addWidget(self.title, 1)
        self.head.addStretch(0)
        set_shown(self.title, bool(title))
        outer.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.px(12))
        outer.addLayout(self.body, 1)
        if title:
            self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Change the title; an empty one takes no room."""
        self.title.setText(title)
        set_shown(self.title, bool(title))
        self.setAccessibleName(title)


class FoldOut(QWidget):
    """A part that is seldom needed, folded away behind a button that says what it holds.

    ``more = FoldOut(tr("Mehr angeben")); more.body.addWidget(age_field)``. ``expanded`` tells whoever remembers it.
    """

    expanded = Signal(bool)

    def __init__(self, title: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self._title = title
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.px(8))
        self.button = QuietButton(title, icon_name="chevron-right")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._fold)
        outer.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.content = QWidget()
        self.body = QVBoxLayout(self.content)
        self.body.setContentsMargins(theme.px(4), 0, theme.px(4), 0)
        self.body.setSpacing(theme.px(12))
        set_shown(self.content, False)
        outer.addWidget(self.content)

    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self.button.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the content."""
        self.button.setChecked(is_open)

    def set_title(self, title: str) -> None:
        """Say something else on the button (for example how many answers are inside)."""
        self._title = title
        self.button.setText(title)

    def _fold(self, is_open: bool) -> None:
        self.button.set_icon_name("chevron-down" if is_open else "chevron-right")
        set_shown(self.content, is_open)
        self.expanded.emit(is_open)


class _Inside(QWidget):
    """What a `ScrollPage` scrolls: as tall as its words are at its width, not as tall as they would like to be."""

    def minimumSizeHint(self) -> QSize:
        least, layout = super().minimumSizeHint(), self.layout()
        # Words that wrap ask for the height they have in a narrow column; the page would end in empty space.
        return QSize(least.width(), 0) if layout is not None and layout.hasHeightForWidth() else least


#: so much is shown around a control that is scrolled into view, where there is room
_AROUND = 50
#: the pages there are, for a control that does not know which one it is on
_pages: WeakSet[ScrollPage] = WeakSet()
#: not empty while the keyboard is given back
_stay: list[None] = []


def scroll_to(widget: QWidget) -> None:
    """Scroll the page that ``widget`` is on, if it is on one that scrolls, so that it can be seen."""
    for page in tuple(_pages):
        if isValid(page) and page.isAncestorOf(widget):
            page.bring_into_view(widget)


def give_keyboard_back(widget: QWidget) -> None:
    """Put the keyboard where it was before, without scrolling there: what is to be read now may be elsewhere."""
    _stay.append(None)
    try:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
    finally:
        _stay.pop()


class ScrollPage(QScrollArea):
    """A column that scrolls up and down but never sideways. Put widgets into ``body``.

    ``width`` limits the column in pixels at 100 % (0 = as wide as there is room), so that lines stay readable.
    The control that gets the keyboard is scrolled into view, with the label and the error that belong to it: also when
    the program puts the keyboard there, which Qt alone does not follow. Nothing moves while a mouse button is down.
    """

    def __init__(self, *, width: int = 0, margin: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = _Inside()
        inside.setProperty("ground", "clear")
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        column = QWidget()
        column.setProperty("ground", "clear")
        self._width, self._column = width, column
        if width:
            column.setMaximumWidth(theme.scale.with_text(width))
            row.addStretch(1)
        row.addWidget(column, 100)
        if width:
            row.addStretch(1)
        self.body = QVBoxLayout(column)
        self.body.setContentsMargins(*(theme.px(margin),) * 4)
        self.body.setSpacing(theme.px(16))
        self.setWidget(inside)
        self._followed: QWidget | None = None
        self._asked = 0
        _pages.add(self)
        QApplication.instance().focusChanged.connect(self._follow)  # type: ignore[union-attr]

    def bring_into_view(self, *widgets: QWidget) -> None:
        """Scroll to what was just shown, as soon as it has its place; the last one counts where not all fit.

        Who asks last is heard: after the keyboard went somewhere, what is to be read may be elsewhere.
        """
        self._asked += 1
        asked = self._asked

        def scroll() -> None:
            if asked != self._asked:
                return
            for widget in widgets:
                if isValid(widget) and self._holds(widget):  # it may have gone elsewhere meanwhile
                    self._scroll_to(widget)

        QTimer.singleShot(0, self, scroll)

    def show_beginning(self) -> None:
        """Scroll to the top, wherever the keyboard has gone."""
        self._asked += 1
        self.verticalScrollBar().setValue(0)

    def _holds(self, widget: QWidget) -> bool:
        inside = self.widget()  # the page itself may have the keyboard too, to be scrolled by it
        return inside is not None and inside.isAncestorOf(widget)

    def _scroll_to(self, widget: QWidget) -> None:
        room = self.viewport().height()
        if widget.height() <= room:
            self.ensureWidgetVisible(widget, 0, min(_AROUND, (room - widget.height()) // 2))
            return
        # Not all of it fits: its beginning, unless some of it is in sight anyway. Qt would show the middle.
        top = widget.mapTo(self.viewport(), QPoint(0, 0)).y()
        if top >= room or top + widget.height() <= 0 or not widget.hasFocus():
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + top)

    def _follow(self, _former: QWidget | None, now: QWidget | None) -> None:
        if now is None or not self._holds(now) or now is self._followed:
            return  # it may be that the keyboard only comes back from another window
        self._followed = now
        if _stay or QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return
        # Not further up than what the page scrolls: a Python object for its viewport, made only in passing, took those of
        # the scroll bars with it when it went.
        inside, whole, parent = self.widget(), now, now.parentWidget()
        while parent is not None and parent is not inside:
            if parent.focusProxy() is now:
                whole = parent  # a field: its label and its error come along
            parent = parent.parentWidget()
        self.bring_into_view(whole, now)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        inside = self.widget()
        if event.type() == QEvent.Type.StyleChange and inside is not None:
            if self._width:
                self._column.setMaximumWidth(active_theme().scale.with_text(self._width))
            inside.updateGeometry()
