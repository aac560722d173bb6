"""Telephone numbers and web addresses as a telephone's camera needs them. Pure functions."""

from __future__ import annotations

import re
from typing import Final

_SHORTEST: Final = 3
_LONGEST: Final = 15
_LONGEST_WRITTEN: Final = 40
_ALLOWED: Final = re.compile(r"\+?[\d\s()/.\-–\u00a0\u2011]+")
_HOST: Final = re.compile(r"^[^\s/@:]+\.[^\s/@:]{2,}(?:[:/?#]\S*)?$")
_LONGEST_ADDRESS: Final = 250


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
