"""Icons: one free set (Lucide, ISC), drawn in the colour of the palette and crisp at any scale."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from ui.theme.resource_files import resource_file


class IconSet:
    """Draws the shipped line icons in any colour and keeps what it drew."""

    def __init__(self) -> None:
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._sources: dict[str, bytes] = {}

    def pixmap(self, name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
        """The icon ``name`` in ``colour`` (#rrggbb), ``size`` pixels wide, for a screen with ``ratio``.

        Raises FileNotFoundError if there is no such icon.
        """
        key = (name, colour, size, ratio)
        known = self._pixmaps.get(key)
        if known is None:
            known = self._pixmaps[key] = self._draw(name, colour, size, ratio)
        return known

    def icon(self, name: str, colour: str, size: int, *, disabled: str | None = None, ratio: float = 1.0) -> QIcon:
        """The icon ``name`` for buttons, with its look when switched off."""
        icon = QIcon()
        icon.addPixmap(self.pixmap(name, colour, size, ratio))
        if disabled is not None:
            icon.addPixmap(self.pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
        return icon

    def _draw(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer  # only when the first icon is drawn

        source = self._sources.get(name)
        if source is None:
            source = self._sources[name] = resource_file("icons", f"{name}.svg").read_bytes()
        renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.encode("ascii"))))
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
