"""The code on a visit card: nine characters that are easy to read out, the last one a check.

The 31 characters leave out 0, O, 1, I and L. As 31 is a prime, the check tells every single mistyped
character and every two that changed places.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH: Final = 9
_GROUP: Final = 3
# Argon2id, about 30 ms: guessing codes of a copied database takes centuries, entering one takes no time.
_PASSES: Final = 2
_MEMORY_KIB: Final = 19_456
_HASH_BYTES: Final = 32
SALT_BYTES: Final = 16


def new_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a new random code in groups, such as „K7M-49Q-XT2“."""
    letters = "".join(choose(ALPHABET) for _ in range(_LENGTH - 1))
    return grouped(letters + _check(letters))


def grouped(letters: str) -> str:
    """Return the letters of a code in groups of three."""
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def parse_code(text: str) -> str:
    """Return the letters of a typed or scanned code without separators.

    Raises:
        InputError: the length, a character or the check is wrong.
    """
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(letters) != _LENGTH:
        raise InputError("code", tr("Der Code der Besuchskarte hat neun Zeichen. Bitte tippen Sie ihn ganz ab."))
    if set(letters) - set(ALPHABET) or _check(letters[:-1]) != letters[-1]:
        raise InputError(
            "code", tr("Im Code der Besuchskarte ist ein Tippfehler. Bitte vergleichen Sie ihn noch einmal.")
        )
    return letters


def hashed(letters: str, salt: bytes) -> str:
    """Return what is stored of a code."""
    from argon2.low_level import Type, hash_secret_raw

    digest = hash_secret_raw(
        letters.encode(),
        salt,
        time_cost=_PASSES,
        memory_cost=_MEMORY_KIB,
        parallelism=1,
        hash_len=_HASH_BYTES,
        type=Type.ID,
    )
    return digest.hex()


def _check(letters: str) -> str:
    total = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(letters, start=2))
    return ALPHABET[total % len(ALPHABET)]
