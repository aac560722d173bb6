"""Buttons: one main action per screen, others plain, quiet ones for what is seldom needed.

::

    save = PrimaryButton(tr("Speichern"), icon_name="check")
    back = QuietButton(tr("Zurück"), icon_name="arrow-left")
    clear = IconButton("x", tr("Suche leeren"))
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from ui.theme.theme import Theme, active_theme


class Button(QPushButton):
    """A plain button with an optional icon in the colour of its words. Enter presses it as the space bar does."""

    kind = "plain"
    icon_colour = "text"

    def __init__(self, text: str = "", *, icon_name: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", self.kind)
        self._icon_name = icon_name
        self._drawn_for: tuple[Theme, str, str, bool] | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._renew()

    def set_icon_name(self, icon_name: str | None) -> None:
        """Show another icon (or none)."""
        self._icon_name = icon_name
        self._renew()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.EnabledChange}:
            self._renew()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.click()
            return
        super().keyPressEvent(event)

    def _renew(self) -> None:
        if self._icon_name is None:
            return
        theme = active_theme()
        drawn_for = (theme, self._icon_name, self.text(), self.isEnabled())
        if self._drawn_for == drawn_for:
            return  # Qt tells of a new style far more often than there is one
        self._drawn_for = drawn_for
        side = theme.icon_size(20)
        gap = theme.px(6) if self.text() else 0  # Qt leaves too little room between icon and words
        is_enabled = self.isEnabled()
        pixmap = _with_gap(theme.pixmap(self._icon_name, self.icon_colour if is_enabled else "on_disabled", 20), gap)
        icon = QIcon(pixmap)
        if not is_enabled:
            icon.addPixmap(pixmap, QIcon.Mode.Disabled)  # else Qt would fade it
        self.setIcon(icon)
        self.setIconSize(QSize(side + gap, side))


def _with_gap(pixmap: QPixmap, gap: int) -> QPixmap:
    """``pixmap`` with ``gap`` empty pixels to its right."""
    if not gap:
        return pixmap
    ratio = pixmap.devicePixelRatio()
    wider = QPixmap(pixmap.width() + round(gap * ratio), pixmap.height())
    wider.fill(Qt.GlobalColor.transparent)
    wider.setDevicePixelRatio(ratio)
    painter = QPainter(wider)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return wider


class PrimaryButton(Button):
    """The one main action of a screen."""

    kind = "primary"
    icon_colour = "on_accent"


class QuietButton(Button):
    """An action that should not draw the eye."""

    kind = "quiet"
    icon_colour = "accent"


class DangerButton(Button):
    """An action that takes something away."""

    kind = "danger"
    icon_colour = "danger"


class IconButton(Button):
    """An icon alone; ``name`` is the tool tip and what a screen reader says."""

    kind = "icon"
    icon_colour = "text_muted"

    def __init__(self, icon_name: str, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__("", icon_name=icon_name, parent=parent)
        self.rename(name)

    def rename(self, name: str) -> None:
        """Say something else about the same button."""
        self.setAccessibleName(name)
        self.setToolTip(name)


class InsetButton(IconButton):
    """A small button inside the right end of a line of text (clear, show the password)."""

    def __init__(self, icon_name: str, name: str, edit: QLineEdit) -> None:
        super().__init__(icon_name, name, parent=edit)
        self._edit = edit
        self.setProperty("kind", "inset")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        edit.installEventFilter(self)
        self._make_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._edit and event.type() in {QEvent.Type.Resize, QEvent.Type.StyleChange}:
            self._make_room()
        return super().eventFilter(watched, event)

    def _make_room(self) -> None:
        side = active_theme().scale.target - 8
        margins = self._edit.textMargins()
        self._edit.setTextMargins(margins.left(), 0, side, 0)
        self.setGeometry(self._edit.width() - side - 5, (self._edit.height() - side) // 2, side, side)
