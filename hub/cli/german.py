"""argparse in German: its messages are looked up through two names of its own module, lent while a line is read."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

TEXTS = {
    "usage: ": "Aufruf: ",
    "positional arguments": "Angaben",
    "options": "Optionen",
    "show this help message and exit": "diese Hilfe zeigen",
    "argument %(argument_name)s: %(message)s": "Angabe %(argument_name)s: %(message)s",
    "unrecognized arguments: %s": "Diese Angabe gibt es hier nicht: %s",
    "ambiguous option: %(option)s could match %(matches)s": "Die Option %(option)s ist nicht eindeutig: %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r gibt es hier nicht. Möglich: %(choices)s",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "%(value)r gibt es hier nicht. Gemeint %(closest)r? Möglich: %(choices)s"
    ),
    "expected one argument": "hier fehlt ein Wert",
    "expected at most one argument": "hier ist höchstens ein Wert möglich",
    "expected at least one argument": "hier fehlt mindestens ein Wert",
    "invalid %(type)s value: %(value)r": "%(value)r passt hier nicht",
    "%(prog)s: error: %(message)s\n": "%(message)s\n",
    "the following arguments are required: %s": "Es fehlt: %s",
    "one of the arguments %s is required": "Eine dieser Angaben fehlt: %s",
    "not allowed with argument %s": "geht nicht zusammen mit %s",
    "ignored explicit argument %r": "hier ist kein Wert möglich: %r",
}


class WrongUsage(Exception):
    """The command line can't be understood; `hint` is the short usage."""

    def __init__(self, message: str, hint: str) -> None:
        """Keep the sentence and the hint."""
        super().__init__(message)
        self.hint = hint


class GermanParser(argparse.ArgumentParser):
    """An argument parser that raises instead of leaving the process."""

    def __init__(self, **options: object) -> None:
        """Abbreviations are off: a script must not change its meaning when an option is added."""
        super().__init__(
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **options,  # type: ignore[arg-type]
        )

    def error(self, message: str) -> NoReturn:
        """Raise WrongUsage."""
        raise WrongUsage(message.strip(), f"{self.format_usage()}Hilfe: {self.prog} --help")


@contextmanager
def german_argparse() -> Iterator[None]:
    """Let argparse speak German within the block."""
    names = vars(argparse)
    former = {name: names[name] for name in ("_", "ngettext") if name in names}
    names["_"] = lambda text: TEXTS.get(text, text)
    names["ngettext"] = lambda one, many, count: TEXTS.get(one, one) if count == 1 else TEXTS.get(many, many)
    try:
        yield
    finally:
        names.update(**former)
