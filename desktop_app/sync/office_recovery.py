"""The printed key of an office: with it a new desk gets the office's keys when no other desk is left.

It is written like the recovery key of the data (nine groups, the last a checksum), but with another checksum, so that the
program can say when somebody types the wrong sheet. From its 160 bits come a key pair, to which desks seal what they know,
and a secret that the desks keep: they put it under every such letter, so that a hub, which may learn the public half,
can't plant keys of its own on a recovering desk.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.security.recovery_key import ALPHABET, GROUP, checksum, encode, typed_letters
from desktop_app.sync.device_keys import DeviceKeys
from desktop_app.sync.sealing import derived_key

FIELD = "office_recovery_key"
_SECRET_BYTES = 20
_SECRET_LENGTH = 32
_OWN_CHECKSUM = "ABGLEICH"


@dataclass(frozen=True)
class OfficeRecovery:
    """What the printed key stands for."""

    keys: DeviceKeys
    secret: bytes = field(repr=False)


def new_office_recovery(random_bytes: Callable[[int], bytes] = os.urandom) -> tuple[str, ...]:
    """Return the nine groups of a new printed key."""
    letters = encode(int.from_bytes(random_bytes(_SECRET_BYTES), "big"), _SECRET_LENGTH)
    letters += checksum(_OWN_CHECKSUM + letters)
    return tuple(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def parse_office_recovery(text: str) -> OfficeRecovery:
    """Return what typed or scanned groups stand for.

    Raises:
        InputError: the length, a letter or the checksum is wrong, or it is the key of another sheet.
    """
    letters = typed_letters(text)
    if len(letters) != _SECRET_LENGTH + GROUP:
        raise InputError(
            FIELD, tr("Der Büro-Schlüssel hat neun Gruppen zu vier Zeichen. Bitte tippen Sie ihn ganz ab.")
        )
    secret, check = letters[:_SECRET_LENGTH], letters[_SECRET_LENGTH:]
    if not set(letters) - set(ALPHABET) and check == checksum(secret):
        raise InputError(
            FIELD,
            tr(
                "Das ist der Schlüssel vom Wiederherstellungsblatt eines Rechners. Gebraucht wird hier der Büro-Schlüssel "
                "vom Blatt „Büro-Schlüssel für den Abgleich“."
            ),
        )
    if set(letters) - set(ALPHABET) or check != checksum(_OWN_CHECKSUM + secret):
        raise InputError(
            FIELD, tr("Im Büro-Schlüssel ist ein Tippfehler. Bitte vergleichen Sie ihn Gruppe für Gruppe.")
        )
    held = secret.encode("ascii")
    return OfficeRecovery(DeviceKeys("", derived_key(held, "ql-recover-pair")), derived_key(held, "ql-recover-hold"))
