"""One possible answer; apart from the widgets, so that a form can load without those it does not use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: a code for the program and words for people.

    ``label`` may hold a mnemonic (``"&Telefon"``), ``icon_name`` names a shipped icon.
    """

    code: str
    label: str
    icon_name: str | None = None
