"""Words on the screen. Text is always shown as written: what comes from data is never taken for markup."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui.theme.theme import Theme, active_theme


class Words(QLabel):
    """A label in one of the few sizes: ``body``, ``title``, ``section``, ``label``, ``muted``, ``error``, ``big``.

    ``Words("Noch keine Kontakte heute.", "muted", wrap=True)``
    """

    def __init__(
        self,
        text: str = "",
        size: str = "body",
        *,
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("words", size)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )


class PageTitle(Words):
    """The one title of a screen."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "title", parent=parent)


class SectionTitle(Words):
    """The title of a card or of a part of a screen."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False) -> None:
        super().__init__(text, "section", wrap=wrap, parent=parent)


class ElidedLabel(QLabel):
    """One line that ends in … where the room ends; the whole text is the tool tip and the accessible name."""

    def __init__(self, text: str = "", size: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("words", size)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("…"), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        line = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), line)


class Divider(QFrame):
    """A thin line between parts; decoration only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("line", "true")


class Icon(QLabel):
    """An icon that only decorates words beside it (no accessible name). Follows the look.

    ``colour`` is a palette name or ``#rrggbb``.
    """

    def __init__(self, name: str, colour: str = "text_muted", size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._colour, self._size = name, colour, size
        self._drawn_for: tuple[Theme, str, str] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._renew()

    def show_icon(self, name: str, colour: str | None = None) -> None:
        """Show another icon."""
        self._name = name
        self._colour = colour or self._colour
        self._renew()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._renew()
        super().changeEvent(event)

    def _renew(self) -> None:
        drawn_for = (active_theme(), self._name, self._colour)
        if self._drawn_for != drawn_for:
            self._drawn_for = drawn_for
            self.setPixmap(drawn_for[0].pixmap(self._name, self._colour, self._size))
