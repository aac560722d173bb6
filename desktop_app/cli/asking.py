"""Questions at a terminal. They stand on standard error, so that the output stays what the command found."""

from __future__ import annotations

import sys

from desktop_app.cli.console import printable


def can_ask() -> bool:
    """Tell whether a person sits there."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """Return the line that was typed, without blanks around it; empty at the end of the input."""
    if sys.stderr is not None:
        sys.stderr.write(printable(question) + " ")
        sys.stderr.flush()
    return sys.stdin.readline().strip()


def agrees(question: str) -> bool:
    """Ask for a yes; anything else is a no."""
    return ask(question).casefold() in {"ja", "j", "yes", "y"}
