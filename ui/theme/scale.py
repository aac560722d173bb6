"""Sizes: an 8-px grid and text in points, both grown by the text-size setting.

The setting is the program's own and works beside the system's scale factor. Text grows by the whole factor,
distances only by a part of it: at 200 % the screen is for words, not for gaps.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

SMALLEST_TEXT_PERCENT = 100
LARGEST_TEXT_PERCENT = 200
TEXT_PERCENT_STEPS = (100, 115, 130, 150, 175, 200)

BODY_POINTS = 11.5
SMALL_POINTS = 11.0
HEADING_POINTS = 14.0
TITLE_POINTS = 19.0
BIG_POINTS = 26.0

_REFERENCE_DPI = 96.0
_GAP_GROWTH = 0.35
_TARGET_GROWTH = 0.6
_SMALLEST_TARGET = 40


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns grid units and points into device-independent pixels.

    ``text_percent`` is 100 to 200; ``dpi`` the logical dots per inch of the screen (96 nearly everywhere).
    """

    text_percent: int = SMALLEST_TEXT_PERCENT
    dpi: float = _REFERENCE_DPI

    @property
    def factor(self) -> float:
        """How much larger text is than at 100 %."""
        return self.text_percent / 100

    def font(self, points: float = BODY_POINTS) -> int:
        """Height in pixels of a font of ``points`` at the chosen text size."""
        return round(points * self.factor * self.dpi / 72)

    def px(self, length: float) -> int:
        """A distance that is ``length`` pixels at 100 %; grows less than the text."""
        grown = length * (1 + (self.factor - 1) * _GAP_GROWTH) * self.dpi / _REFERENCE_DPI
        return max(1, round(grown)) if length else 0

    def with_text(self, length: float) -> int:
        """A distance that grows with the text (icons, columns that hold words)."""
        return round(length * self.factor * self.dpi / _REFERENCE_DPI)

    @property
    def target(self) -> int:
        """The least height and width of anything that can be pressed: 40 px, more for larger text."""
        return round(_SMALLEST_TARGET * (1 + (self.factor - 1) * _TARGET_GROWTH) * self.dpi / _REFERENCE_DPI)

    @property
    def radius(self) -> int:
        """Corner radius of controls."""
        return self.px(8)

    @property
    def ring(self) -> int:
        """Thickness of the focus ring."""
        return 3


def screen_dpi(logical_dpi: float) -> float:
    """The dots per inch to reckon with; macOS says 72 but draws as others do at 96."""
    return _REFERENCE_DPI if sys.platform == "darwin" else logical_dpi


def nearest_text_percent(percent: int) -> int:
    """``percent`` kept inside what the program supports."""
    return max(SMALLEST_TEXT_PERCENT, min(LARGEST_TEXT_PERCENT, percent))
