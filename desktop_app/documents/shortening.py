"""Cutting a line of text to the room it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.documents.markup import single_line

if TYPE_CHECKING:
    from desktop_app.documents.fonts import FontLibrary


def shortened(fonts: FontLibrary, text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return the text, cut with "…" if it is wider than the room."""
    text = single_line(text)
    if fonts.width(text, size, bold=bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fonts.width(text[:middle].rstrip() + "…", size, bold=bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"
