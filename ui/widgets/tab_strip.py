"""Tabs for several visitors at once: each with the time it began, a way to close it, and one for the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QTabBar, QWidget

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.buttons import IconButton


class _Tabs(QTabBar):
    """A tab bar whose tabs can be closed with ``Delete`` and the middle mouse button."""

    close_asked = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.currentIndex() >= 0:
            self.close_asked.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and place >= 0:
            self.close_asked.emit(place)
            return
        super().mouseReleaseEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(active_theme().px(120), super().minimumSizeHint().height())


class TabStrip(QWidget):
    """A row of tabs. Every tab has a ``key`` of the caller's.

    Arrow keys change the tab, ``Delete`` asks to close it. The strip never closes by itself: it emits
    ``close_requested(key)`` and the caller calls :meth:`remove`. ::

        strip = TabStrip(tr("Offene Kontakte"), new_name=tr("Neuer Kontakt"))
        strip.add("card-1", tr("Kontakt"), "10:42")
        strip.current_changed.connect(show_card)  # key: str
        strip.new_requested.connect(open_card)
    """

    current_changed = Signal(str)
    close_requested = Signal(str)
    new_requested = Signal()

    def __init__(self, name: str, *, new_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(active_theme().px(4))
        self.bar = _Tabs()
        self.bar.setAccessibleName(name)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.bar.currentChanged.connect(self._tell)
        self.bar.close_asked.connect(lambda place: self.close_requested.emit(str(self.bar.tabData(place))))
        row.addWidget(self.bar)
        self.new_button = IconButton("plus", new_name)
        self.new_button.clicked.connect(self.new_requested)
        row.addWidget(self.new_button)
        row.addStretch(1)

    def add(self, key: str, title: str, began: str = "", *, make_current: bool = True) -> None:
        """Put a tab at the end. ``began`` is the time as shown, for example ``"10:42"``."""
        blocked = self.bar.blockSignals(True)
        place = self.bar.addTab(_tab_text(title, began))
        self.bar.setTabData(place, key)
        close = IconButton("x", tr("{title} schließen", title=_tab_text(title, began)))
        close.setProperty("kind", "icon")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(lambda: self.close_requested.emit(key))
        self.bar.setTabButton(place, QTabBar.ButtonPosition.RightSide, close)
        self.bar.blockSignals(blocked)
        if self.bar.count() == 1:
            self._tell(place)  # Qt made it current while signals were held back
        elif make_current:
            self.bar.setCurrentIndex(place)

    def rename(self, key: str, title: str, began: str = "") -> None:
        """Change the words of a tab. Raises KeyError."""
        self.bar.setTabText(self._place(key), _tab_text(title, began))

    def remove(self, key: str) -> None:
        """Take a tab away; the next one becomes current. Raises KeyError."""
        self.bar.removeTab(self._place(key))

    def current(self) -> str:
        """The key of the current tab, empty without tabs."""
        place = self.bar.currentIndex()
        return str(self.bar.tabData(place)) if place >= 0 else ""

    def set_current(self, key: str) -> None:
        """Make a tab current. Raises KeyError."""
        self.bar.setCurrentIndex(self._place(key))

    def keys(self) -> list[str]:
        """All keys from left to right."""
        return [str(self.bar.tabData(place)) for place in range(self.bar.count())]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def _tell(self, place: int) -> None:
        if place >= 0 and self.bar.tabData(place) is not None:
            self.current_changed.emit(str(self.bar.tabData(place)))

    def _place(self, key: str) -> int:
        for place in range(self.bar.count()):
            if self.bar.tabData(place) == key:
                return place
        raise KeyError(key)


def _tab_text(title: str, began: str) -> str:
    return f"{title} · {began}" if began else title
