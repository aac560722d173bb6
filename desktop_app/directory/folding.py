"""One spelling for searching: „Müller“, „Mueller“ and „MULLER“ fold to the same word.

Both sides of a search go through here. Marks are stripped, ß becomes ss, ae/oe/ue become a/o/u, „Str.“
becomes „strasse“, and everything that is no letter or digit becomes a space.
"""

from __future__ import annotations

import re
import unicodedata

_DIGRAPH = re.compile("([aou])e")
_NOT_WORD = re.compile(r"[\W_]+")
_STREET = re.compile(r"str\.(?!\w)")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_STREET_ENDING = "asse"
#: What German texts are full of, without the way through Unicode's tables; it gives the same as that way.
_COMMON = str.maketrans("äöü„“”‚‘’–—…·•«»\xa0", "aou" + " " * 14)


def fold(text: str) -> str:
    """Return `text` folded: words in one spelling, single spaces between them."""
    folded = _STREET.sub("strasse ", text.casefold()).translate(_COMMON)
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded).casefold()
        folded = "".join(character for character in folded if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", _DIGRAPH.sub(r"\1", folded)).strip()


def fold_with_positions(text: str) -> tuple[str, list[int]]:
    """Return `text` folded and, for each folded character and the end, where it begins in `text`."""
    characters: list[str] = []
    positions: list[int] = []
    for position, original in enumerate(text):
        if original == "." and characters[-3:] == ["s", "t", "r"] and not text[position + 1 : position + 2].isalnum():
            characters.extend(_STREET_ENDING)
            positions.extend([position] * len(_STREET_ENDING))
            continue
        for character in unicodedata.normalize("NFKD", original.casefold()).casefold():
            if unicodedata.combining(character):
                continue
            if (
                character == "e"
                and characters
                and characters[-1] in "aou"
                and not _is_folded_pair(characters, positions)
            ):
                # The e is swallowed: the span of the letter before reaches over it.
                positions[-1] = -positions[-1] - 1
                continue
            characters.append(character if character.isalnum() else " ")
            positions.append(position)
    positions = [-place - 1 if place < 0 else place for place in positions]
    return "".join(characters), [*positions, len(text)]


def _is_folded_pair(characters: list[str], positions: list[int]) -> bool:
    """Whether the last letter has already swallowed an e (marked by a negative position)."""
    return bool(characters) and positions[-1] < 0


def words(text: str) -> list[str]:
    """Return the folded words of `text` in order."""
    return fold(text).split()


def plain_text(markup: str) -> str:
    """Return what can be read of text that a web editor may have filled with HTML."""
    if "<" not in markup and "&" not in markup:
        return markup
    from html import unescape

    return unescape(_TAG.sub(" ", markup))
