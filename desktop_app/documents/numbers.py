"""Numbers as Germans write them. Pure functions."""

from __future__ import annotations

_SEPARATORS = str.maketrans({",": ".", ".": ","})


def german_number(value: float, decimals: int = 0) -> str:
    """Return a number with a point between thousands and a comma before decimals: 12.345,6."""
    return f"{value:,.{decimals}f}".translate(_SEPARATORS)


def german_percent(part: float, whole: float) -> str:
    """Return a share in whole percent: „34 %“; "–" if there is no whole."""
    if whole <= 0:
        return "–"
    share = part / whole * 100
    if 0 < share < 1:
        return "< 1\u00a0%"
    return f"{german_number(share)}\u00a0%"
