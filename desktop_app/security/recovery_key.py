"""The printed recovery key: 160 random bits that a person can type.

Crockford's base 32 (digits and capitals without I, L, O, U) in groups of four, the last group a checksum,
so that a typing mistake is told from a wrong key.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SECRET_BYTES = 20
_GROUP = 4
_SECRET_LENGTH = 32
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_recovery_key(random_bytes: Callable[[int], bytes] = os.urandom) -> tuple[str, ...]:
    """Return the nine groups of a new recovery key."""
    letters = _encode(int.from_bytes(random_bytes(_SECRET_BYTES), "big"), _SECRET_LENGTH)
    letters += _checksum(letters)
    return tuple(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def parse_recovery_key(text: str) -> str:
    """Return the key's letters without separators, ready as a secret.

    Raises:
        InputError: the length, a letter or the checksum is wrong.
    """
    letters = "".join(letter for letter in text.upper() if letter.isalnum()).translate(_LOOKALIKES)
    if len(letters) != _SECRET_LENGTH + _GROUP:
        raise InputError(
            "recovery_key",
            tr("Der Wiederherstellungsschlüssel hat neun Gruppen zu vier Zeichen. Bitte tippen Sie ihn ganz ab."),
        )
    secret, check = letters[:_SECRET_LENGTH], letters[_SECRET_LENGTH:]
    if set(letters) - set(_ALPHABET) or _checksum(secret) != check:
        raise InputError(
            "recovery_key",
            tr("Im Wiederherstellungsschlüssel ist ein Tippfehler. Bitte vergleichen Sie ihn Gruppe für Gruppe."),
        )
    return secret


def _checksum(letters: str) -> str:
    digest = hashlib.sha256(letters.encode()).digest()
    return _encode(int.from_bytes(digest[:3], "big") >> 4, _GROUP)


def _encode(number: int, length: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))
