"""The shipped font (Atkinson Hyperlegible Next, OFL), made for people who see little."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from ui.theme.resource_files import resource_file

FAMILY = "Atkinson Hyperlegible Next"

_WEIGHTS = ("400Regular", "600SemiBold", "700Bold")
_log = logging.getLogger("quartierslotse.ui.theme")


def load_fonts() -> bool:
    """Make the shipped fonts known to Qt; ``False`` if the files are missing (Qt's own font is used then).

    Needs a running ``QGuiApplication``. A second call is cheap: known families are not loaded again.
    """
    if FAMILY in QFontDatabase.families():
        return True
    loaded = [QFontDatabase.addApplicationFont(str(path)) for path in _font_files()]
    if not loaded or min(loaded) < 0:
        _log.warning("the shipped fonts could not be loaded")
        return False
    return True


def text_font(pixels: int, *, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The text font with a height of ``pixels``."""
    font = QFont(FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def with_tabular_figures(font: QFont) -> QFont:
    """A copy of ``font`` whose figures all have one width, for columns of numbers."""
    tabular = QFont(font)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    return tabular


def _font_files() -> list[Path]:
    folder = resource_file("fonts")
    found = []
    for weight in _WEIGHTS:
        matches = sorted(folder.rglob(f"AtkinsonHyperlegibleNext_{weight}.ttf"))
        found.extend(matches[:1])
    return found
