"""What has to be said above every page: as high as its words are, and never so high that no page is left."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

#: so much of the window may be taken; more is scrolled to
_MOST_OF_WINDOW = 0.4


class NoticeArea(QScrollArea):
    """Notices below one another. Put them into ``body``; without any it takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget()
        self._inside.setProperty("ground", "clear")
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.setWidget(self._inside)
        self.setFixedHeight(0)

    def fit(self) -> None:
        """Take the height that the words need in the present width."""
        needed = (
            self.body.heightForWidth(self.width()) if self.body.hasHeightForWidth() else self.body.sizeHint().height()
        )
        height = min(needed, int(self.window().height() * _MOST_OF_WINDOW))
        if height != self.height():
            self.setFixedHeight(height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._inside:
            self.fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
