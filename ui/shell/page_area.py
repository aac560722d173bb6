"""The room for the pages: where it is less than the page in front can do with, the page is scrolled as a whole."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from ui.theme.theme import active_theme

#: the window may get so low; a notice above in large letters must not press the page together
_LEAST_HEIGHT = 120


class _Whole(QWidget):
    """Gives the pages its size. It has no layout: that would want the height they would like, not what they need."""

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self.setProperty("ground", "clear")
        self._pages = pages
        pages.setParent(self)
        pages.show()

    def minimumSizeHint(self) -> QSize:
        page = self._pages.currentWidget()
        if page is None:
            return QSize(0, 0)
        least, layout = page.minimumSizeHint().height(), page.layout()
        if layout is not None and layout.hasHeightForWidth():
            # Neither is the whole truth: the one takes words for narrower than they are, the other stacks for taller.
            least = min(least, layout.totalMinimumHeightForWidth(self.width()))
        return QSize(0, least)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pages.setGeometry(self.rect())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class PageArea(QScrollArea):
    """Shows ``pages``; its scroll bar comes only when they would be pressed together."""

    def __init__(self, pages: QStackedWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = _Whole(pages)
        self.setWidget(whole)
        pages.currentChanged.connect(lambda _place: whole.updateGeometry())

    def sizeHint(self) -> QSize:
        return self._pages.sizeHint()

    def minimumSizeHint(self) -> QSize:
        least = self._pages.minimumSizeHint()
        return QSize(least.width(), min(least.height(), active_theme().px(_LEAST_HEIGHT)))
