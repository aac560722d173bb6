"""The key pair of a device: X25519, made here; the private half lies in the encrypted database and goes nowhere."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

_KEY_BYTES = 32


@dataclass(frozen=True)
class DeviceKeys:
    """A pair and the device id it belongs to."""

    device_id: str
    private_key: bytes = field(repr=False)

    @cached_property
    def public_key(self) -> str:
        """The public half as text."""
        from nacl.bindings import crypto_scalarmult_base

        return key_text(crypto_scalarmult_base(self.private_key))


def new_device_keys(device_id: str, random_bytes: Callable[[int], bytes] = os.urandom) -> DeviceKeys:
    """Return a new pair."""
    return DeviceKeys(device_id, random_bytes(_KEY_BYTES))


def key_text(key: bytes) -> str:
    """Return a key as text: standard base64, 44 characters."""
    return base64.b64encode(key).decode("ascii")


def key_bytes(text: str) -> bytes:
    """Return the 32 bytes of a key's text.

    Raises:
        ValueError: it is no key as we write them.
    """
    key = base64.b64decode(text.encode("ascii"), validate=True)
    if len(key) != _KEY_BYTES or key_text(key) != text:
        raise ValueError("no key")
    return key


def checked_public_key(text: str) -> bytes:
    """Return a public key that came from outside.

    Raises:
        ValueError: it is none, or one with which every secret would be known to all.
    """
    from nacl.bindings import crypto_scalarmult
    from nacl.exceptions import CryptoError

    key = key_bytes(text)
    try:
        crypto_scalarmult(b"\x08" + bytes(31), key)
    except CryptoError as error:
        raise ValueError("a public key of small order") from error
    return key
