"""What a login name may consist of, and when two are the same to the eye."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Final

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

LONGEST_LOGIN_NAME: Final = 60
LONGEST_DISPLAY_NAME: Final = 100
_SIGNS: Final = frozenset(" .-_@+'’")
_NO_JOINERS: Final = frozenset({"\u200c", "\u200d"})  # some scripts write names with them


def checked_login_name(text: str) -> str:
    """Return a login name as it is stored: letters in their usual form, one blank where there are several.

    It stands in lists, on paper and in the audit log, so it must be what it looks like there.

    Raises:
        InputError: it is empty, too long, or has something that can't be seen or is no part of a name.
    """
    name = unicodedata.normalize("NFKC", text.strip())
    if not name:
        raise InputError("login_name", tr("Bitte geben Sie einen Anmeldenamen ein."))
    if len(name) > LONGEST_LOGIN_NAME:
        raise InputError(
            "login_name", tr("Der Anmeldename ist zu lang (höchstens {count} Zeichen).", count=LONGEST_LOGIN_NAME)
        )
    if not all(map(_is_part_of_a_name, name)) or not any(map(str.isalnum, name)):
        raise InputError(
            "login_name",
            tr("Der Anmeldename darf nur Buchstaben, Ziffern, Leerzeichen und die Zeichen . - _ @ + ' enthalten."),
        )
    return " ".join(name.split())


def checked_display_name(text: str) -> str:
    """Return the name of a person as it is stored; it may be empty.

    Raises:
        InputError: it is too long, or has something that can't be seen, such as a line break.
    """
    name = text.strip()
    if len(name) > LONGEST_DISPLAY_NAME:
        raise InputError("display_name", tr("Der Name ist zu lang (höchstens {count} Zeichen).",
                                            count=LONGEST_DISPLAY_NAME))  # fmt: skip
    if not is_visible(name):
        raise InputError(
            "display_name", tr("Der Name enthält unsichtbare Zeichen. Bitte tippen Sie ihn neu, in einer Zeile.")
        )
    return name


def is_visible(text: str) -> bool:
    """Whether nothing in a text breaks the line or turns what is written around it."""
    return not any(
        letter not in _NO_JOINERS and unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in text
    )


def login_key(name: str) -> str:
    """Return what two login names have in common that look alike."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())


def is_taken(name: str, others: Collection[str]) -> bool:
    """Whether there is a login name that looks like this one."""
    return login_key(name) in set(map(login_key, others))


def _is_part_of_a_name(letter: str) -> bool:
    return letter in _SIGNS or unicodedata.category(letter)[0] in "LM" or unicodedata.category(letter) == "Nd"
