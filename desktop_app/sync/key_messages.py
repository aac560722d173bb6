"""The records of the collection "k": what desks say to each other before and beside the sealed records of the office.

All of them are JSON. None of it is secret: envelopes are sealed, and what stands in the clear is proven by the words that
people compare. A record's id is computed from what it is, so that each has one writer and the hub can't swap two.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from desktop_app.sync.device_keys import checked_public_key, key_bytes, key_text
from desktop_app.sync.membership import canonical

COLLECTION = "k"
_FORMAT = 1
_SHAPE_ERRORS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Founding:
    """A desk says that it made the office's keys: a second desk must not make others by mistake."""

    kind: ClassVar[str] = "founded"
    by: str


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A desk asks to be let in.

    It commits to a random number, and shows it (`nonce`) to the desk `to` only after that desk has shown its own: so
    nobody in between can look for keys that give the same words on both screens.
    """

    kind: ClassVar[str] = "join"
    by: str
    commitment: str
    to: str = ""
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class JoinAnswer:
    """A desk of the office takes up the request that made `commitment`."""

    kind: ClassVar[str] = "answer"
    by: str
    to: str
    commitment: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """The office's keys and members as `by` knows them, sealed to `to`."""

    kind: ClassVar[str] = "envelope"
    by: str
    to: str
    box: str


Message = Founding | JoinRequest | JoinAnswer | Envelope
_KINDS: Mapping[str, type[Message]] = {kind.kind: kind for kind in (Founding, JoinRequest, JoinAnswer, Envelope)}


def message_id(space: str, message: Message) -> str:
    """Return the id of the record that carries a message."""
    to = message.to if isinstance(message, JoinAnswer | Envelope) else ""
    by = "" if isinstance(message, Founding) else message.by
    return _named("message", space, message.kind, by, to)


def message_text(message: Message) -> str:
    """Return the record's data."""
    return canonical({"v": _FORMAT, "t": message.kind, **asdict(message)})


def read_message(space: str, record_id: str, data: str) -> Message | None:
    """Return the message of a record; None when it is newer, damaged, or lies under another's id."""
    try:
        content: dict[str, Any] = json.loads(data)
        if content.pop("v") != _FORMAT:
            return None
        message = _KINDS[content.pop("t")](**content)
        if not all(isinstance(value, str) for value in asdict(message).values()):
            return None
        checked_public_key(message.by)
    except _SHAPE_ERRORS:
        return None
    return message if message_id(space, message) == record_id else None


def commitment_to(public_key: str, nonce: bytes, space: str) -> str:
    """Return what a desk says before it shows its random number."""
    held = b"".join(len(part).to_bytes(4, "big") + part for part in (space.encode(), public_key.encode(), nonce))
    return hashlib.blake2b(held, digest_size=32, person=b"ql-commitment-1").hexdigest()


def shown_nonce(request: JoinRequest, space: str) -> bytes | None:
    """Return the random number a request shows; None when it shows none that fits what it committed to."""
    try:
        nonce = key_bytes(request.nonce)
    except ValueError:
        return None
    fits = hmac.compare_digest(commitment_to(request.by, nonce, space), request.commitment)
    return nonce if fits else None


def party(public_key: str, nonce: bytes) -> bytes:
    """Return what stands for one side when words are compared, see `words.comparison_of`."""
    return key_bytes(public_key) + nonce


def nonce_text(nonce: bytes) -> str:
    """Return a random number of 32 bytes as text."""
    return key_text(nonce)


def _named(*parts: str) -> str:
    held = b"".join(len(part).to_bytes(4, "big") + part.encode() for part in parts)
    return str(uuid.UUID(bytes=hashlib.blake2b(held, digest_size=16, person=b"ql-k-record-id").digest(), version=4))
