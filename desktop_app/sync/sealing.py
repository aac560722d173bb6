"""Records of an office space as the hub sees them: sealed, padded, under an id that says nothing.

A sealed record is base64 of: format (1 byte), key id (16), nonce (24), ciphertext with tag. Inside the ciphertext stand the
stamp (schema version, counter, base, writer), the length, the content and zeros up to the next step of 256 bytes. The tag
also covers where the record belongs (space, collection, wire id), so a sealed record opens in its own place only. Of all
that, the hub learns the place, the key's id and the size in steps (decision 0038).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import struct
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NewType

#: Name of an office key: computed from the key, so one name can't stand for two keys.
KeyId = NewType("KeyId", str)

KEY_BYTES = 32
STEP_BYTES = 256
_FORMAT = 1
_KEY_ID_BYTES = 16
_NONCE_BYTES = 24
_TAG_BYTES = 16
_HEADER_BYTES = 1 + _KEY_ID_BYTES
_STAMP = struct.Struct(">HQQB")  # version, counter, base, length of the writer's id
_LENGTH = struct.Struct(">I")
_LARGEST_NUMBER = 2**63 - 1  # what SQLite and PostgreSQL can keep
_LONGEST_WRITER = 255


class SealBroken(Exception):
    """The record was altered, cut, moved to another place, or is no sealed record at all."""


class UnknownKey(Exception):
    """The record is sealed with an office key that this device has not (yet) been given."""

    def __init__(self, key_id: KeyId) -> None:
        """Keep which key is missing."""
        super().__init__(f"office key {key_id} is not known here")
        self.key_id = key_id


class NewerSeal(Exception):
    """The record has a format that only a newer program knows."""

    def __init__(self, format_number: int) -> None:
        """Keep the format."""
        super().__init__(f"sealed in format {format_number}")
        self.format_number = format_number


@dataclass(frozen=True, slots=True)
class OfficeKeys:
    """The secrets the desks of one office share.

    `keys` has the current key, which seals, and every former one, for reading. `index_key` never changes: it makes the
    wire ids. The private keys open what other offices sealed to this one; empty where nobody needs them.
    """

    current: KeyId
    keys: Mapping[KeyId, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    office_private_key: bytes = field(default=b"", repr=False)
    former_office_private_keys: tuple[bytes, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Refuse keys of a wrong length or under a wrong name.

        Raises:
            ValueError: they can't be used.
        """
        if self.current not in self.keys:
            raise ValueError("the current office key is missing")
        private = (self.office_private_key, *self.former_office_private_keys) if self.office_private_key else ()
        if any(len(key) != KEY_BYTES for key in (*self.keys.values(), self.index_key, *private)):
            raise ValueError("an office key has the wrong length")
        if any(key_id_of(key) != key_id for key_id, key in self.keys.items()):
            raise ValueError("an office key stands under another's name")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies on the hub; `record_id` is the wire id."""

    space: str
    collection: str
    record_id: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a writer says about its record, under the seal.

    `writer` is the device's id; `counter` rises with every record this device seals; `base` is the hub's number of the
    version it was made from (0: none); `version` is the schema of the content.
    """

    key_id: KeyId
    writer: str
    counter: int
    base: int
    version: int


def key_id_of(key: bytes) -> KeyId:
    """Return the name of an office key."""
    return KeyId(hashlib.blake2b(key, digest_size=_KEY_ID_BYTES, person=b"ql-key-id").hexdigest())


def derived_key(key: bytes, purpose: str) -> bytes:
    """Return a key of its own for one purpose (at most 16 bytes of text), so that no key is used for two things."""
    return hashlib.blake2b(key=key, digest_size=KEY_BYTES, person=purpose.encode()).digest()


def wire_id(index_key: bytes, collection: str, record_id: str) -> str:
    """Return the id a record has on the hub: it looks like a random UUID and is the same on every desk of the office.

    Local ids begin with the moment they were made, which would tell the hub when somebody came in.
    """
    digest = hmac.digest(index_key, f"{collection}\0{record_id}".encode(), "sha256")
    return str(uuid.UUID(bytes=digest[:16], version=4))


def seal(
    keys: OfficeKeys,
    place: Place,
    *,
    writer: str,
    counter: int,
    base: int,
    version: int,
    plain: bytes,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> str:
    """Return the record sealed with the current key, as text for the hub. Each call gives another text.

    Raises:
        ValueError: a number of the stamp is out of bounds or the writer's id too long.
    """
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    named = writer.encode()
    if not (0 <= counter <= _LARGEST_NUMBER and 0 <= base <= _LARGEST_NUMBER and 0 <= version <= 0xFFFF):
        raise ValueError("a number of the stamp is out of bounds")
    if not 0 < len(named) <= _LONGEST_WRITER:
        raise ValueError("the writer's id is empty or too long")
    inner = _STAMP.pack(version, counter, base, len(named)) + named + _LENGTH.pack(len(plain)) + plain
    inner += bytes(-len(inner) % STEP_BYTES)
    header = bytes([_FORMAT]) + bytes.fromhex(keys.current)
    nonce = random_bytes(_NONCE_BYTES)
    sealed = encrypt(inner, _bound_to(header, place), nonce, _record_key(keys.keys[keys.current]))
    return base64.b64encode(header + nonce + sealed).decode("ascii")


def open_sealed(keys: OfficeKeys, place: Place, text: str) -> tuple[Stamp, bytes]:
    """Return stamp and content of a sealed record that lay at `place`.

    Raises:
        SealBroken: it is not what was sealed for this place.
        UnknownKey: its key is not among `keys`.
        NewerSeal: a newer program made it.
    """
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    from nacl.exceptions import CryptoError

    raw = _decoded(text)
    if raw[0] > _FORMAT:
        raise NewerSeal(raw[0])
    if raw[0] != _FORMAT or len(raw) < _HEADER_BYTES + _NONCE_BYTES + STEP_BYTES + _TAG_BYTES:
        raise SealBroken("no sealed record")
    header = raw[:_HEADER_BYTES]
    key_id = KeyId(header[1:].hex())
    if key_id not in keys.keys:
        raise UnknownKey(key_id)
    nonce, sealed = raw[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES], raw[_HEADER_BYTES + _NONCE_BYTES :]
    try:
        inner = decrypt(sealed, _bound_to(header, place), nonce, _record_key(keys.keys[key_id]))
    except CryptoError as error:
        raise SealBroken("the tag does not fit") from error
    return _taken_apart(inner, key_id)


def key_id_in(text: str) -> KeyId | None:
    """Return the name of the key a sealed record says it was sealed with, None for anything else. Nothing is checked."""
    try:
        raw = _decoded(text)
    except SealBroken:
        return None
    return KeyId(raw[1:_HEADER_BYTES].hex()) if raw[0] == _FORMAT and len(raw) > _HEADER_BYTES else None


def _decoded(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError as error:
        raise SealBroken("no base64") from error
    # Spare bits at the end could be changed without the tag noticing.
    if not raw or base64.b64encode(raw).decode("ascii") != text:
        raise SealBroken("no base64 as we write it")
    return raw


def _taken_apart(inner: bytes, key_id: KeyId) -> tuple[Stamp, bytes]:
    # Whoever has the key may still have a bug, or wish us ill: nothing here may raise anything but SealBroken.
    try:
        version, counter, base, named = _STAMP.unpack_from(inner)
        start = _STAMP.size + named + _LENGTH.size
        writer = inner[_STAMP.size : _STAMP.size + named].decode()
        (length,) = _LENGTH.unpack_from(inner, _STAMP.size + named)
    except (struct.error, UnicodeDecodeError) as error:
        raise SealBroken("the stamp is not readable") from error
    end = start + length
    too_large = counter > _LARGEST_NUMBER or base > _LARGEST_NUMBER
    if not writer or too_large or len(inner) != end + (-end % STEP_BYTES) or any(inner[end:]):
        raise SealBroken("the stamp or the padding is wrong")
    return Stamp(key_id, writer, counter, base, version), inner[start:end]


def _record_key(office_key: bytes) -> bytes:
    return derived_key(office_key, "ql-record-1")


def _bound_to(header: bytes, place: Place) -> bytes:
    # Each part with its length: no two places may read the same.
    parts = (
        b"quartierslotse record",
        header,
        place.space.encode(),
        place.collection.encode(),
        place.record_id.encode(),
    )
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)
