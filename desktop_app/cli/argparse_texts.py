"""The messages of argparse in the language of the command line.

argparse looks its messages up through the names `_` and `ngettext` of its own module, that is through the
locale of the computer. The tool's language is `--lang`, so these two names are lent to our table while a
command line is read.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from desktop_app.core.translation import SOURCE_LANGUAGE, tr


def german_texts() -> dict[str, str]:
    """Return the messages a user can meet, from argparse's English to ours (Python 3.11 to 3.14)."""
    return {
        "usage: ": tr("Aufruf: "),
        "positional arguments": tr("Angaben"),
        "options": tr("Optionen"),
        "show this help message and exit": tr("diese Hilfe zeigen"),
        "argument %(argument_name)s: %(message)s": tr("Angabe %(argument_name)s: %(message)s"),
        "unrecognized arguments: %s": tr("Diese Angabe gibt es hier nicht: %s"),
        "ambiguous option: %(option)s could match %(matches)s": tr(
            "Die Option %(option)s ist nicht eindeutig: %(matches)s"
        ),
        "invalid choice: %(value)r (choose from %(choices)s)": tr("%(value)r gibt es hier nicht. Möglich: %(choices)s"),
        "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": tr(
            "%(value)r gibt es hier nicht. Gemeint %(closest)r? Möglich: %(choices)s"
        ),
        "can't open '%(filename)s': %(error)s": tr("„%(filename)s“ lässt sich nicht öffnen: %(error)s"),
        "expected one argument": tr("hier fehlt ein Wert"),
        "expected at most one argument": tr("hier ist höchstens ein Wert möglich"),
        "expected at least one argument": tr("hier fehlt mindestens ein Wert"),
        "expected %s argument": tr("hier ist %s Wert nötig"),
        "expected %s arguments": tr("hier sind %s Werte nötig"),
        "invalid %(type)s value: %(value)r": tr("%(value)r passt hier nicht"),
        "%(prog)s: error: %(message)s\n": "%(message)s\n",
        "unknown parser %(parser_name)r (choices: %(choices)s)": tr(
            "Den Befehl %(parser_name)r gibt es nicht. Möglich: %(choices)s"
        ),
        "the following arguments are required: %s": tr("Es fehlt: %s"),
        "one of the arguments %s is required": tr("Eine dieser Angaben fehlt: %s"),
        "not allowed with argument %s": tr("geht nicht zusammen mit %s"),
        "ignored explicit argument %r": tr("hier ist kein Wert möglich: %r"),
        "unexpected option string: %s": tr("Diese Option gibt es hier nicht: %s"),
    }


@contextmanager
def translated_argparse(language: str) -> Iterator[None]:
    """Let argparse speak `language` within the block."""
    if language != SOURCE_LANGUAGE:
        yield
        return
    texts = german_texts()
    names = vars(argparse)
    kept = {name: names[name] for name in ("_", "ngettext")}
    names["_"] = lambda text: texts.get(text, text)
    names["ngettext"] = lambda one, many, count: texts.get(one if count == 1 else many, one if count == 1 else many)
    try:
        yield
    finally:
        names.update(kept)
