"""One-time codes: what somebody types once, to set a first or a new password.

60 random bits and a checksum group, in the letters of the recovery key. A code opens its slot only together with a new
password that replaces the slot, and only until its slot expires.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.security.recovery_key import ALPHABET, GROUP, checksum, encode, typed_letters

VALID_FOR = timedelta(days=7)
_SECRET_LENGTH = 12
_SECRET_BITS = 60


def new_one_time_code(random_bytes: Callable[[int], bytes] = os.urandom) -> str:
    """Return a new code, ready to be read out: „7K3M-…“."""
    letters = encode(int.from_bytes(random_bytes(8), "big") >> (64 - _SECRET_BITS), _SECRET_LENGTH)
    letters += checksum(letters)
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def is_one_time_code(text: str) -> bool:
    """Tell whether a text has the length of a code; the recovery key is longer."""
    return len(typed_letters(text)) == _SECRET_LENGTH + GROUP


def parse_one_time_code(text: str) -> str:
    """Return the code's letters, ready as a secret.

    Raises:
        InputError: the length, a letter or the checksum is wrong.
    """
    letters = typed_letters(text)
    secret, check = letters[:_SECRET_LENGTH], letters[_SECRET_LENGTH:]
    if len(letters) != _SECRET_LENGTH + GROUP or set(letters) - set(ALPHABET) or checksum(secret) != check:
        raise InputError(
            "recovery_key",
            tr("Im Einmal-Code ist ein Tippfehler. Er hat vier Gruppen zu vier Zeichen; bitte vergleichen Sie ihn."),
        )
    return secret
