"""The shipped typefaces, registered with ReportLab once per process and only when the first document is made.

Atkinson Hyperlegible Next is made for people who see badly but covers Latin letters only. Every character it
lacks (Cyrillic, Greek, Vietnamese ...) is taken from Noto Sans, character by character.
"""

from __future__ import annotations

import logging
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportlab.pdfbase.ttfonts import TTFont

logger = logging.getLogger("quartierslotse.documents.fonts")

TEXT_REGULAR: Final = "Quartierslotse-Text"
TEXT_BOLD: Final = "Quartierslotse-Text-Bold"
WIDE_REGULAR: Final = "Quartierslotse-Wide"
WIDE_BOLD: Final = "Quartierslotse-Wide-Bold"

_FILES: Final[Mapping[str, str]] = {
    TEXT_REGULAR: "AtkinsonHyperlegibleNext_400Regular.ttf",
    TEXT_BOLD: "AtkinsonHyperlegibleNext_700Bold.ttf",
    WIDE_REGULAR: "NotoSans_400Regular.ttf",
    WIDE_BOLD: "NotoSans_700Bold.ttf",
}

#: Shown for a character that no shipped font can draw, so that the gap is visible on paper.
MISSING_CHARACTER: Final = "\ufffd"

#: Look-alikes for characters that editors insert and few fonts draw.
_LOOK_ALIKES: Final[Mapping[str, str]] = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2002": " ",
    "\u2003": " ",
    "\u2007": "\u00a0",
    "\u2008": " ",
    "\u2009": "\u00a0",
    "\u200a": " ",
    "\u202f": "\u00a0",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u3000": " ",
    "\u1680": " ",
}


class Run(NamedTuple):
    """A piece of text that one font can draw."""

    font: str
    text: str


class FontLibrary:
    """Gives each piece of text a font that can draw it.

    One library is made at start and shared by everything that makes documents; it reads no file before the
    first use and is safe to use from several threads.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._fonts: dict[str, TTFont] = {}
        self._coverage: dict[str, frozenset[str]] = {}

    def ready(self) -> None:
        """Register the text fonts. Raises EnvironmentProblem if a font file is missing or damaged."""
        self._font(TEXT_REGULAR)
        self._font(TEXT_BOLD)

    def base(self, *, bold: bool) -> str:
        """Name of the text font, as styles use it."""
        return TEXT_BOLD if bold else TEXT_REGULAR

    def covers(self, font: str, character: str) -> bool:
        """Tell whether the font has a drawing for this character."""
        return character in self._characters(font)

    def drawable(self, text: str) -> str:
        """Replace look-alikes, remove invisible characters, mark what no shipped font can draw."""
        if text.isascii() and text.isprintable():
            return text
        if self._characters(TEXT_REGULAR).issuperset(text):
            return text
        return "".join(self._drawable_character(character) for character in text)

    def runs(self, text: str, *, bold: bool = False) -> tuple[Run, ...]:
        """Split text into pieces that one font can draw. Line breaks stay in the text."""
        self.ready()
        text = self.drawable(text)
        if not text:
            return ()
        primary, fallback = (TEXT_BOLD, WIDE_BOLD) if bold else (TEXT_REGULAR, WIDE_REGULAR)
        known = self._characters(primary)
        if known.issuperset(text):
            return (Run(primary, text),)
        self._font(fallback)
        runs: list[Run] = []
        start = 0
        current = primary
        for position, character in enumerate(text):
            # A blank inside a Cyrillic sentence stays in its font: fewer font changes, same look.
            own = current if character == " " else primary
            wanted = own if character in known else fallback
            if wanted != current:
                if position > start:
                    runs.append(Run(current, text[start:position]))
                start, current = position, wanted
        runs.append(Run(current, text[start:]))
        return tuple(runs)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width of one line of text in points."""
        return float(sum(self._font(run.font).stringWidth(run.text, size) for run in self.runs(text, bold=bold)))

    def _drawable_character(self, character: str) -> str:
        character = _LOOK_ALIKES.get(character, character)
        if character in self._characters(TEXT_REGULAR) or character in "\n ":
            return character
        category = unicodedata.category(character)
        if category in {"Cc", "Cf", "Cs"}:
            return " " if character == "\t" else ""
        if character in self._characters(WIDE_REGULAR):
            return character
        if category in {"Mn", "Me"}:
            return ""
        return MISSING_CHARACTER

    def _characters(self, name: str) -> frozenset[str]:
        coverage = self._coverage.get(name)
        if coverage is None:
            glyphs = self._font(name).face.charToGlyph
            # Line breaks never reach a font; invisible characters are dropped by drawable().
            drawn = {chr(code) for code in glyphs if unicodedata.category(chr(code)) not in {"Cc", "Cf", "Cs"} and code}
            coverage = frozenset(drawn | {"\n"})
            self._coverage[name] = coverage
        return coverage

    def _font(self, name: str) -> TTFont:
        font = self._fonts.get(name)
        if font is None:
            with self._lock:
                font = self._fonts.get(name) or self._register(name)
                self._fonts[name] = font
        return font

    def _register(self, name: str) -> TTFont:
        from reportlab.lib.fonts import addMapping
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFError, TTFont

        path = self._folder / _FILES[name]
        try:
            font = TTFont(name, str(path))
        except (OSError, TTFError) as problem:
            raise EnvironmentProblem(
                tr(
                    "Die Schriftdatei „{name}“ fehlt oder ist beschädigt. Ohne sie kann kein Blatt erstellt werden. "
                    "Bitte installieren Sie das Programm neu.",
                    name=path.name,
                )
            ) from problem
        pdfmetrics.registerFont(font)
        for bold in (0, 1):
            for italic in (0, 1):
                addMapping(name, bold, italic, name)
        logger.debug("font registered: %s", name)
        return font
