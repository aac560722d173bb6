"""Telephone numbers and web addresses as a telephone's camera needs them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

_SHORTEST: Final = 3
_LONGEST: Final = 15
_LONGEST_WRITTEN: Final = 40
_ALLOWED: Final = re.compile(r"\+?[\d\s()/.\-–\u00a0\u2011]+")
# A slash parts numbers only before a new area code: "0177/713544" is one number.
_BETWEEN_NUMBERS: Final = re.compile(r"\s*(?:[,;\n]|\boder\b|\bund\b|/\s+(?=0\d{2}|\+))\s*")
_AROUND: Final = ' \t\r\n"„“'
_NAMED_NUMBER: Final = re.compile(
    r"(?:(?P<name>telefon|telefax|tel|fon|fax|mobilfunk|mobil|handy)\b[.:]*\s*)?(?P<number>[+\d(].*)", re.IGNORECASE
)
_HOST: Final = re.compile(r"^[^\s/@:]+\.[^\s/@:]{2,}(?:[:/?#]\S*)?$")
_LONGEST_ADDRESS: Final = 250


class NumberKind(Enum):
    """What a number is for, as its name in the text says."""

    VOICE = "voice"
    MOBILE = "mobile"
    FAX = "fax"


_KINDS: Final[Mapping[str, NumberKind]] = {
    "telefax": NumberKind.FAX,
    "fax": NumberKind.FAX,
    "mobil": NumberKind.MOBILE,
    "mobilfunk": NumberKind.MOBILE,
    "handy": NumberKind.MOBILE,
}


def dialable(number: str) -> str:
    """Return the number with digits and a leading plus only, or "" if the text is not one clear number."""
    text = number.strip()
    if len(text) > _LONGEST_WRITTEN or not _ALLOWED.fullmatch(text):
        return ""
    if text.startswith(("+", "00")):
        text = text.replace("(0)", "")
    digits = re.sub(r"\D", "", text)
    if not _SHORTEST <= len(digits) <= _LONGEST:
        return ""
    return f"+{digits}" if text.startswith("+") else digits


def written_numbers(text: str) -> tuple[tuple[NumberKind, str], ...]:
    """Return the numbers of a text such as „Telefon: 030 1234, Fax 030 1235“ or „030 1234 oder 0171 5678“.

    If any part is not clearly a number, the text comes back whole: nothing is guessed and nothing is lost.
    """
    found: list[tuple[NumberKind, str]] = []
    for part in _BETWEEN_NUMBERS.split(text.strip(_AROUND)):
        match = _NAMED_NUMBER.fullmatch(part.strip())
        if match is None or not dialable(match["number"]):
            return ((NumberKind.VOICE, text.strip(_AROUND)),)
        found.append((_KINDS.get((match["name"] or "").casefold(), NumberKind.VOICE), match["number"].strip()))
    return tuple(found)


def web_address(text: str) -> str:
    """Return a complete address to open in a browser, or "" if the text is not one."""
    text = text.strip()
    match = re.match(r"(?i)^https?://", text)
    bare = text[match.end() :] if match else text
    if not _HOST.match(bare) or len(text) > _LONGEST_ADDRESS or not text.isprintable():
        return ""
    return text if match else f"https://{bare}"


def shown_address(text: str) -> str:
    """Return a web address as people read it, without the scheme and a bare slash at the end."""
    return re.sub(r"(?i)^https?://", "", text.strip()).removesuffix("/")
