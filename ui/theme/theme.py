"""The look in force: a palette, a scale and the icons; and the controller that applies it.

A widget asks for it where it paints and needs nothing handed in::

    theme = active_theme()
    painter.setPen(theme.colour("text_muted"))

When the look changes, Qt sends every widget a ``StyleChange``; widgets that keep icons renew them there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from weakref import WeakSet

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.theme.fonts import load_fonts, text_font
from ui.theme.icons import IconSet
from ui.theme.palette import DARK, HIGH_CONTRAST, LIGHT, Palette
from ui.theme.scale import BODY_POINTS, Scale, nearest_text_percent, screen_dpi

_PROPERTY = "quartierslotse_theme"
#: set on the application when it already has the style that the style sheet is made for
FUSION_PROPERTY = "quartierslotse_fusion"


class ThemeMode(Enum):
    """What the person chose; ``SYSTEM`` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """Palette, scale and icons that belong together."""

    palette: Palette = LIGHT
    scale: Scale = field(default_factory=Scale)
    icons: IconSet = field(default_factory=IconSet)
    pixel_ratio: float = 1.0

    def colour(self, name: str) -> QColor:
        """The palette colour ``name`` for painting."""
        return QColor(getattr(self.palette, name))

    def px(self, length: float) -> int:
        """A distance on the 8-px grid, see :meth:`Scale.px`."""
        return self.scale.px(length)

    def font(self, points: float = BODY_POINTS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The text font at the chosen text size."""
        return text_font(self.scale.font(points), weight=weight)

    def icon(self, name: str, colour: str = "text", size: int = 20) -> QIcon:
        """The icon ``name`` in the palette colour ``colour``; ``size`` is its width at 100 %."""
        return self.icons.icon(
            name,
            getattr(self.palette, colour),
            self.icon_size(size),
            disabled=self.palette.on_disabled,
            ratio=self.pixel_ratio,
        )

    def pixmap(self, name: str, colour: str = "text", size: int = 20) -> QPixmap:
        """Like :meth:`icon`, for labels and painters. ``colour`` may also be ``#rrggbb`` (tile inks)."""
        value = colour if colour.startswith("#") else getattr(self.palette, colour)
        return self.icons.pixmap(name, value, self.icon_size(size), self.pixel_ratio)

    def icon_size(self, size: int = 20) -> int:
        """Width in pixels of an icon that is ``size`` at 100 %."""
        return round(size * (1 + (self.scale.factor - 1) * 0.8) * self.scale.dpi / 96)


def active_theme() -> Theme:
    """The look in force; the plain light one before a controller has applied another."""
    application = QApplication.instance()
    theme = application.property(_PROPERTY) if application is not None else None
    if isinstance(theme, Theme):
        return theme
    theme = Theme()
    if application is not None:
        application.setProperty(_PROPERTY, theme)
    return theme


class ThemeController(QObject):
    """Applies the look and follows the system as long as nobody chose otherwise.

    Font and colours belong to the application, the style sheet to the windows that were :meth:`dressed <dress>`: a sheet
    of the whole application is applied anew to a part each time it is put into another while a page is built.
    ``changed`` comes after every widget has been told.
    """

    changed = Signal()

    def __init__(
        self, application: QApplication, *, mode: ThemeMode = ThemeMode.SYSTEM, text_percent: int = 100
    ) -> None:
        super().__init__(application)
        self._application = application
        self._mode = mode
        self._text_percent = nearest_text_percent(text_percent)
        self._icons = IconSet()
        self._windows: WeakSet[QWidget] = WeakSet()
        self._sheet = ""
        if not application.property(FUSION_PROPERTY):
            application.setStyle("Fusion")
            application.setProperty(FUSION_PROPERTY, True)
        load_fonts()
        self.apply()
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def mode(self) -> ThemeMode:
        """What the person chose."""
        return self._mode

    @property
    def text_percent(self) -> int:
        """The text size, 100 to 200."""
        return self._text_percent

    @property
    def theme(self) -> Theme:
        """The look in force."""
        return active_theme()

    def use_mode(self, mode: ThemeMode) -> None:
        """Change light, dark, high contrast or follow the system."""
        self._mode = mode
        self.apply()

    def use_text_percent(self, percent: int) -> None:
        """Change the text size; kept between 100 and 200."""
        self._text_percent = nearest_text_percent(percent)
        self.apply()

    def apply(self) -> None:
        """Set font, colours and style sheet of the whole application."""
        from ui.theme.stylesheet import style_sheet

        screen = QGuiApplication.primaryScreen()
        dpi = screen_dpi(screen.logicalDotsPerInchY())
        theme = Theme(
            palette=self._palette(),
            scale=Scale(self._text_percent, dpi),
            icons=self._icons,
            pixel_ratio=self._application.devicePixelRatio(),
        )
        self._application.setProperty(_PROPERTY, theme)
        self._application.setFont(theme.font())
        self._application.setPalette(qt_palette(theme.palette))
        self._sheet = style_sheet(theme)
        for window in tuple(self._windows):
            if isValid(window):
                window.setStyleSheet(self._sheet)
        self.changed.emit()

    @property
    def style_sheet(self) -> str:
        """The style sheet in force."""
        return self._sheet

    def dress(self, window: QWidget) -> None:
        """Give a window the style sheet, now and whenever the look changes. Best done when its parts are built."""
        self._windows.add(window)
        window.setStyleSheet(self._sheet)

    def _palette(self) -> Palette:
        fixed: dict[ThemeMode, Palette] = {
            ThemeMode.LIGHT: LIGHT,
            ThemeMode.DARK: DARK,
            ThemeMode.HIGH_CONTRAST: HIGH_CONTRAST,
        }
        if self._mode in fixed:
            return fixed[self._mode]
        hints = self._application.styleHints()
        accessibility: Callable[[], object] | None = getattr(hints, "accessibility", None)
        if accessibility is not None:
            preference = getattr(accessibility(), "contrastPreference", None)
            if preference is not None and preference() == Qt.ContrastPreference.HighContrast:
                return HIGH_CONTRAST
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _follow_system(self) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self.apply()


def qt_palette(palette: Palette) -> QPalette:
    """The palette for everything the style sheet does not reach (selection, links, placeholders)."""
    role = QPalette.ColorRole
    result = QPalette()
    wanted = {
        role.Window: palette.ground,
        role.WindowText: palette.text,
        role.Base: palette.surface,
        role.AlternateBase: palette.surface_sunken,
        role.Text: palette.text,
        role.Button: palette.surface,
        role.ButtonText: palette.text,
        role.ToolTipBase: palette.surface_raised,
        role.ToolTipText: palette.text,
        role.PlaceholderText: palette.text_muted,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.on_accent,
        role.Link: palette.accent,
        role.LinkVisited: palette.accent,
        role.Light: palette.surface,
        role.Midlight: palette.surface_sunken,
        role.Mid: palette.divider,
        role.Dark: palette.outline,
        role.Shadow: palette.outline,
        role.Accent: palette.accent,
    }
    for place, value in wanted.items():
        result.setColor(place, QColor(value))
    for place in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, place, QColor(palette.on_disabled))
    return result
