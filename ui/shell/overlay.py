"""What lies over the work while it is open and then gives the keyboard back: the search and the help."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget


class Overlay(QFrame):
    """Opens over ``over``, takes the keyboard, closes with ``Esc`` and puts the keyboard back where it was.

    Subclasses say what is in it (:meth:`build`), where it lies (:meth:`place`) and where the keyboard goes
    (:meth:`first_focus`). ``opening`` comes before the keyboard is taken, so that another overlay can give it back first.
    """

    opening = Signal()
    closed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._before: QWidget | None = None
        self._is_built = False
        over.installEventFilter(self)
        self.hide()

    def build(self) -> None:
        """Make what is in it; called when it is first opened, so that the window opens sooner."""
        raise NotImplementedError

    def place(self) -> None:
        """Lie where it belongs over :attr:`_over`."""
        raise NotImplementedError

    def first_focus(self) -> QWidget:
        """Where the keyboard goes."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Build it if that is still to be done; before it is filled."""
        if not self._is_built:
            self._is_built = True
            self.build()

    def show_over(self) -> None:
        """Show it and take the keyboard."""
        self.prepare()
        if not self.isVisible():
            self.opening.emit()
            self._before = QApplication.focusWidget()
        self.place()
        self.show()
        self.raise_()
        self.first_focus().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_over(self) -> None:
        """Close it and give the keyboard back."""
        if not self.isVisible():
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_over()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)
