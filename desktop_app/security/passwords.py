"""What a password must be before it may guard the data."""

from __future__ import annotations

import re
from functools import cache

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.environment.folders import resources_folder

MINIMUM_LENGTH = 10
_LEAST_LETTERS = 4
_LEAST_BESIDE_NAME = 8
_SHORTEST_RUN = 3
_ROWS = ("1234567890", "qwertzuiopü", "asdfghjklöä", "yxcvbnm", "qwertyuiop", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_RUNS = tuple(row for line in _ROWS for row in (line, line[::-1]))
_LOOKALIKES = str.maketrans("013457$@!", "oieastsai")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def check_new_password(password: str, login_name: str = "") -> None:
    """Refuse a password that is too easy to guess.

    Raises:
        InputError: too short, hardly any different letters, little more than the login name, a row of keys, or one of
            the passwords that everybody tries first.
    """
    if len(password) < MINIMUM_LENGTH:
        raise InputError(
            "password",
            tr(
                "Das Passwort ist zu kurz: mindestens {length} Zeichen. Gut sind drei Wörter, die nicht zusammengehören.",
                length=MINIMUM_LENGTH,
            ),
        )
    if len(set(password)) < _LEAST_LETTERS or _is_mostly(login_name, password) or _is_row_of_keys(password):
        raise InputError(
            "password",
            tr("Das Passwort ist zu leicht zu erraten. Gut sind drei Wörter, die nicht zusammengehören."),
        )
    if _is_common(password):
        raise InputError(
            "password",
            tr(
                "Dieses Passwort steht auf der Liste derer, die zuerst probiert werden. Ziffern am Ende helfen nicht. Gut sind "
                "drei Wörter, die nicht zusammengehören."
            ),
        )


def _is_mostly(login_name: str, password: str) -> bool:
    # Short login names („em“) stand in many good passwords by chance: what is left without the name counts.
    name, text = login_name.strip().casefold(), password.casefold()
    return bool(name) and name in text and len(text.replace(name, "")) < _LEAST_BESIDE_NAME


def _is_row_of_keys(password: str) -> bool:
    """Tell whether nothing is left but neighbouring keys and the alphabet: „asdf1234“."""
    left = password.casefold()
    place = 0
    while place < len(left):
        end = place + _SHORTEST_RUN
        if not any(left[place:end] in run for run in _RUNS) or end > len(left):
            return False
        while end < len(left) and any(left[place : end + 1] in run for run in _RUNS):
            end += 1
        place = end
    return True


def _is_common(password: str) -> bool:
    words, whole = _common()
    text = password.casefold()
    # „Passwort2026!“ is „passwort“; „P4$$w0rt“ too.
    plain = _ENDS.sub("", text)
    bases = {plain, _ENDS.sub("", text.translate(_LOOKALIKES)), plain.translate(_LOOKALIKES)}
    return text in whole or any(base in words or _repeated(base) in words for base in bases)


def _repeated(text: str) -> str:
    """Return the part that a text repeats: „hallo“ for „hallohallo“; the text itself if none."""
    place = (text + text).find(text, 1)
    return text[:place]


@cache
def _common() -> tuple[frozenset[str], frozenset[str]]:
    lines = (resources_folder() / "passwords" / "common.txt").read_text(encoding="utf-8").splitlines()
    start, middle = lines.index("# words"), lines.index("# whole")
    return frozenset(map(str.casefold, lines[start + 1 : middle])), frozenset(lines[middle + 1 :])
