"""Sealing between two offices: X25519 and XSalsa20-Poly1305 (NaCl box), padded, with both public keys in front.

Only the two offices can make or open such a text, so the reader knows who wrote it. The box has no associated data: what
it is bound to (record, sender, receiver) stands inside and is checked by `wire.parsed`. PyNaCl is imported when it is used.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Final

_MARK: Final = b"QX1"
_KEY_BYTES: Final = 32
_LENGTH_BYTES: Final = 4
_STEP: Final = 256
_HEADER: Final = len(_MARK) + 2 * _KEY_BYTES
_GROUPS: Final = 8
_DIGITS: Final = 5


class SealBroken(Exception):
    """The text was changed on its way, is for somebody else, or was written by nobody of the two offices."""


class NotForUs(SealBroken):
    """It was sealed to another office, or to a key this office does not have (any more)."""


class UnknownSender(Exception):
    """It was sealed with a key of the other office that this office does not trust (yet)."""


class NewerSeal(Exception):
    """A newer program sealed it."""


def public_key(private_key: bytes) -> bytes:
    """Return the public half of a key."""
    from nacl.bindings import crypto_scalarmult_base

    return bytes(crypto_scalarmult_base(private_key))


def key_text(key: bytes) -> str:
    """Return a public key as it stands at the hub."""
    return base64.b64encode(key).decode("ascii")


def key_bytes(text: str) -> bytes:
    """Return the public key that stands at the hub, with either alphabet of base64.

    Raises:
        SealBroken: it is none.
    """
    try:
        plain = text.replace("-", "+").replace("_", "/").rstrip("=")
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealBroken("not a public key") from error
    if len(key) != _KEY_BYTES:
        raise SealBroken("not a public key")
    return key


def seal(own_private: bytes, other_public: bytes, plain: bytes) -> str:
    """Return `plain` sealed from the own office to the other, as base64."""
    from nacl.public import Box, PrivateKey, PublicKey

    length = len(plain).to_bytes(_LENGTH_BYTES, "big")
    padded = length + plain + bytes(-(_LENGTH_BYTES + len(plain)) % _STEP)
    sealed = Box(PrivateKey(own_private), PublicKey(other_public)).encrypt(padded)
    return base64.b64encode(_MARK + public_key(own_private) + other_public + bytes(sealed)).decode("ascii")


def open_sealed(own_private: Sequence[bytes], trusted: Sequence[bytes], text: str) -> bytes:
    """Return what was sealed, by either of the two offices.

    Args:
        own_private: the own keys, former ones too.
        trusted: public keys of the other office, former ones too.
        text: what came from the hub.

    Raises:
        UnknownSender: the other key is none of `trusted`.
        NewerSeal: a newer program sealed it.
        NotForUs: it is for somebody else.
        SealBroken: anything else is wrong with it.
    """
    from nacl.exceptions import CryptoError
    from nacl.public import Box, PrivateKey, PublicKey

    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealBroken("not base64") from error
    if len(raw) < _HEADER or raw[:2] != _MARK[:2]:
        raise SealBroken("not a sealed record")
    if raw[: len(_MARK)] != _MARK:
        raise NewerSeal("a newer program sealed this")
    writer, reader = raw[len(_MARK) : len(_MARK) + _KEY_BYTES], raw[len(_MARK) + _KEY_BYTES : _HEADER]
    own = {public_key(private): private for private in own_private}
    mine, other = (writer, reader) if writer in own else (reader, writer)
    if mine not in own:
        raise NotForUs("sealed to another office, or to a key this office no longer has")
    if other not in trusted:
        raise UnknownSender("the key of the other office is not known")
    try:
        padded = bytes(Box(PrivateKey(own[mine]), PublicKey(other)).decrypt(raw[_HEADER:]))
    except (CryptoError, ValueError) as error:
        raise SealBroken("changed on the way") from error
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    if length > len(padded) - _LENGTH_BYTES:
        raise SealBroken("cut")
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]


def comparison_number(one: bytes, other: bytes) -> str:
    """Return eight groups of five digits that both offices read out to each other: the same on both sides.

    About 130 bits of SHA-512 over both public keys; a hub that put its own keys between two offices shows each another.
    """
    digest = hashlib.sha512(b"Quartierslotse exchange 1" + min(one, other) + max(one, other)).digest()
    number = int.from_bytes(digest, "big")
    groups = []
    for _ in range(_GROUPS):
        number, group = divmod(number, 10**_DIGITS)
        groups.append(f"{group:0{_DIGITS}d}")
    return " ".join(groups)
