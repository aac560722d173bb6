"""How a German name sounds: Kölner Phonetik (Postel, 1969). „Meier“ and „Mayr“ have the same code."""

from __future__ import annotations

import unicodedata
from typing import Final

_PLAIN: Final = {
    **dict.fromkeys("AEIJOUY", "0"),
    "B": "1",
    **dict.fromkeys("FVW", "3"),
    **dict.fromkeys("GKQ", "4"),
    "L": "5",
    **dict.fromkeys("MN", "6"),
    "R": "7",
    **dict.fromkeys("SZ", "8"),
}
_HARD_C_AT_START: Final = frozenset("AHKLOQRUX")
_HARD_C: Final = frozenset("AHKOQUX")


def sound_code(word: str) -> str:
    """Return the code of a word; empty when it has no Latin letter that sounds."""
    letters = _letters(word)
    codes = []
    for place, letter in enumerate(letters):
        before = letters[place - 1] if place else ""
        after = letters[place + 1] if place + 1 < len(letters) else ""
        codes.append(_code(letter, before, after))
    joined = "".join(codes)
    single = "".join(code for place, code in enumerate(joined) if place == 0 or code != joined[place - 1])
    return single[:1] + single[1:].replace("0", "")


def _letters(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.replace("ß", "s").replace("ẞ", "S")).upper()
    return "".join(letter for letter in plain if "A" <= letter <= "Z")


def _code(letter: str, before: str, after: str) -> str:
    match letter:
        case "H":
            return ""
        case "P":
            return "3" if after == "H" else "1"
        case "D" | "T":
            return "8" if after and after in "CSZ" else "2"
        case "X":
            return "8" if before and before in "CKQ" else "48"
        case "C":
            return _code_of_c(before, after)
        case _:
            return _PLAIN[letter]


def _code_of_c(before: str, after: str) -> str:
    if not before:
        return "4" if after in _HARD_C_AT_START else "8"
    return "4" if before not in {"S", "Z"} and after in _HARD_C else "8"
