"""A short word with a coloured ground ("jetzt geöffnet", "Prüfung fällig"). The word says it, the colour helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.scale import SMALL_POINTS
from ui.theme.theme import Theme, active_theme
from ui.widgets.visibility import set_shown


class Tone(Enum):
    """What a badge or a notice means."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


#: ground and ink of each tone, palette names
TONE_COLOURS: dict[Tone, tuple[str, str]] = {
    Tone.NEUTRAL: ("surface_sunken", "text_muted"),
    Tone.INFO: ("accent_soft", "on_accent_soft"),
    Tone.SUCCESS: ("success_soft", "success"),
    Tone.WARNING: ("warning_soft", "warning"),
    Tone.DANGER: ("danger_soft", "danger"),
}


@dataclass(frozen=True, slots=True)
class BadgeText:
    """A badge for rows that are painted."""

    text: str
    tone: Tone = Tone.NEUTRAL


def badge_font(theme: Theme) -> QFont:
    """The font of badges."""
    return theme.font(SMALL_POINTS, QFont.Weight.DemiBold)


def badge_size(theme: Theme, text: str) -> QSize:
    """The room a badge takes."""
    metrics = QFontMetrics(badge_font(theme))
    return QSize(metrics.horizontalAdvance(text) + 2 * theme.px(8), metrics.height() + theme.px(6))


def draw_badge(painter: QPainter, theme: Theme, box: QRectF, badge: BadgeText) -> None:
    """Draw a badge into ``box``."""
    ground, ink = TONE_COLOURS[badge.tone]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.colour("outline") if badge.tone is Tone.NEUTRAL else theme.colour(ink))
    painter.setBrush(theme.colour(ground))
    if badge.tone is not Tone.NEUTRAL and theme.palette.name != "high_contrast":
        painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(6), theme.px(6))
    painter.setFont(badge_font(theme))
    painter.setPen(theme.colour(ink))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), badge.text)


class Badge(QWidget):
    """A badge as a widget. ``Badge(tr("jetzt geöffnet"), Tone.SUCCESS)``."""

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = BadgeText(text, tone)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if not text:
            self.hide()

    def show_text(self, text: str, tone: Tone = Tone.NEUTRAL) -> None:
        """Say something else; an empty text hides the badge."""
        self._badge = BadgeText(text, tone)
        self.setAccessibleName(text)
        set_shown(self, bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return badge_size(active_theme(), self._badge.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_badge(painter, active_theme(), QRectF(self.rect()), self._badge)
