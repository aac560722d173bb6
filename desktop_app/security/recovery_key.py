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

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SECRET_BYTES = 20
GROUP = 4
_SECRET_LENGTH = 32
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_recovery_key(random_bytes: Callable[[int], bytes] = os.urandom) -> tuple[str, ...]:
    """Return the nine groups of a new recovery key."""
    letters = encode(int.from_bytes(random_bytes(_SECRET_BYTES), "big"), _SECRET_LENGTH)
    letters += checksum(letters)
    return tuple(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def parse_recovery_key(text: str) -> str:
    """Return the key's letters without separators, ready as a secret.

    Raises:
        InputError: the length, a letter or the checksum is wrong.
    """
    letters = typed_letters(text)
    if len(letters) != _SECRET_LENGTH + GROUP:
        raise InputError(
            "recovery_key",
            tr("Der Wiederherstellungsschlüssel hat neun Gruppen zu vier Zeichen. Bitte tippen Sie ihn ganz ab."),
        )
    secret, check = letters[:_SECRET_LENGTH], letters[_SECRET_LENGTH:]
    if set(letters) - set(ALPHABET) or checksum(secret) != check:
        raise InputError(
            "recovery_key",
            tr("Im Wiederherstellungsschlüssel ist ein Tippfehler. Bitte vergleichen Sie ihn Gruppe für Gruppe."),
        )
    return secret


def typed_letters(text: str) -> str:
    """Return the letters and digits of a typed key, with those that look alike put right."""
    return "".join(letter for letter in text.upper() if letter.isalnum()).translate(_LOOKALIKES)


def checksum(letters: str) -> str:
    """Return the group that tells a typing mistake."""
    digest = hashlib.sha256(letters.encode()).digest()
    return encode(int.from_bytes(digest[:3], "big") >> 4, GROUP)


def encode(number: int, length: int) -> str:
    """Return a number as letters of the alphabet."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))
