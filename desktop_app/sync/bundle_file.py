"""The file that goes from desk to desk on a stick: lines of JSON, packed, padded, sealed with the office's key.

It begins with a mark, the format, the office's tag and the id of the key; then follow pieces of a XChaCha20-Poly1305
stream, each bound to that beginning and to its place, the last one marked as the last (decision 0036). Of what it says
nobody without the key learns more than its size in steps.
"""

from __future__ import annotations

import hmac
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from desktop_app.sync.sealing import KeyId, OfficeKeys, derived_key

SUFFIX = ".qlabgleich"
_MAGIC = b"\x8aQL\x0d\x0a\x1a\x0a\x00"
_FORMAT = 1
_TAG_BYTES = 16
_KEY_ID_BYTES = 16
_PLAIN_PIECE = 64 * 1024
_STEP = 4 * 1024
_LARGEST_FILE = 512 * 1024 * 1024
_LARGEST_CONTENT = 2 * 1024 * 1024 * 1024
_LARGEST_LINE = 32 * 1024 * 1024


class BundleRefused(UserError):
    """The file can't be taken over; nothing was changed."""


def sealed_pieces(keys: OfficeKeys, lines: Iterable[str]) -> Iterator[bytes]:
    """Yield the file's content piece by piece; `lines` is read as it goes."""
    from nacl import bindings

    beginning = _beginning(keys)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, _file_key(keys, keys.current))
    yield beginning + header
    last = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
    middle = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
    waiting = bytearray()
    packer = zlib.compressobj(6)
    for line in lines:
        waiting += packer.compress(line.encode() + b"\n")
        while len(waiting) > _PLAIN_PIECE:
            piece = bytes(waiting[:_PLAIN_PIECE])
            del waiting[:_PLAIN_PIECE]
            yield bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, beginning, middle)
    waiting += packer.flush()
    while len(waiting) > _PLAIN_PIECE:
        piece = bytes(waiting[:_PLAIN_PIECE])
        del waiting[:_PLAIN_PIECE]
        yield bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, beginning, middle)
    waiting += bytes(-len(waiting) % _STEP)
    yield bindings.crypto_secretstream_xchacha20poly1305_push(state, bytes(waiting), beginning, last)


def opened_lines(keys: OfficeKeys, content: bytes, progress: Progress) -> list[Any]:
    """Return the JSON lines of a file, all of which was checked.

    Raises:
        BundleRefused: it is no such file, of another office, under another key, of a newer program, or damaged.
        Cancelled: through `progress`.
    """
    from nacl import bindings
    from nacl.exceptions import CryptoError

    key, beginning = _key_for(keys, content)
    place = len(beginning) + bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
    size = _PLAIN_PIECE + bindings.crypto_secretstream_xchacha20poly1305_ABYTES
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    unpacker = zlib.decompressobj()
    text = bytearray()
    is_last = False
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, content[len(beginning) : place], key)
        while place < len(content) and not is_last:
            progress.step(place, len(content), tr("Die Datei wird geprüft"))
            piece = content[place : place + size]
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, piece, beginning)
            is_last = tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            place += len(piece)
            text += unpacker.decompress(plain, _LARGEST_CONTENT - len(text))
            if unpacker.unconsumed_tail:
                raise _damaged()
        if not is_last or place != len(content) or not unpacker.eof:
            raise _damaged()
        return [json.loads(line) for line in text.splitlines()]
    except (CryptoError, ValueError, RuntimeError, zlib.error, RecursionError) as error:
        raise _damaged() from error


def check_size(size: int) -> None:
    """Refuse a file that none of ours can be as large as.

    Raises:
        BundleRefused: it is.
    """
    if size > _LARGEST_FILE:
        raise _no_bundle()


def _key_for(keys: OfficeKeys, content: bytes) -> tuple[bytes, bytes]:
    length = len(_MAGIC) + 1 + _TAG_BYTES + _KEY_ID_BYTES
    if not content.startswith(_MAGIC):
        raise _no_bundle()
    if len(content) < length:
        raise _damaged()
    beginning = content[:length]
    if beginning[len(_MAGIC)] > _FORMAT:
        raise newer_program()
    tag = beginning[len(_MAGIC) + 1 : len(_MAGIC) + 1 + _TAG_BYTES]
    if not hmac.compare_digest(tag, _office_tag(keys)):
        raise other_office()
    key_id = KeyId(beginning[-_KEY_ID_BYTES:].hex())
    if key_id == keys.current:
        return _file_key(keys, key_id), beginning
    if key_id in keys.keys:
        raise BundleRefused(
            tr(
                "Diese Datei ist mit einem früheren Schlüssel Ihres Büros verschlossen; er gilt nicht mehr, seit ein Rechner "
                "ausgeschlossen wurde. Bitte verbinden Sie den Rechner, von dem sie kommt, einmal mit dem Abgleich-Server. "
                "Es wurde nichts geändert."
            )
        )
    raise BundleRefused(
        tr(
            "Diese Datei ist mit einem Schlüssel Ihres Büros verschlossen, den dieser Rechner noch nicht hat. Bitte verbinden "
            "Sie diesen Rechner einmal mit dem Abgleich-Server. Es wurde nichts geändert."
        )
    )


def _beginning(keys: OfficeKeys) -> bytes:
    return _MAGIC + bytes([_FORMAT]) + _office_tag(keys) + bytes.fromhex(keys.current)


def _office_tag(keys: OfficeKeys) -> bytes:
    """Which office it is, for who knows it; the key of the ids never changes."""
    return derived_key(keys.index_key, "ql-bundle-tag-1")[:_TAG_BYTES]


def _file_key(keys: OfficeKeys, key_id: KeyId) -> bytes:
    return derived_key(keys.keys[key_id], "ql-bundle-1")


def _no_bundle() -> BundleRefused:
    return BundleRefused(
        tr(
            "Das ist keine Abgleich-Datei. Sie heißt „Abgleich …“ und endet auf „.qlabgleich“; ausgegeben wird sie am anderen "
            "Rechner unter Abgleich. Es wurde nichts geändert."
        )
    )


def _damaged() -> BundleRefused:
    return BundleRefused(
        tr(
            "Diese Abgleich-Datei ist beschädigt oder unvollständig. Bitte geben Sie sie am anderen Rechner noch einmal aus, "
            "und nehmen Sie den Stick erst heraus, wenn das Programm „Ausgegeben“ meldet. Es wurde nichts geändert."
        )
    )


def newer_program() -> BundleRefused:
    """Return the problem of a file that only a newer program knows."""
    return BundleRefused(
        tr(
            "Diese Abgleich-Datei kommt von einer neueren Version des Programms. Bitte bringen Sie das Programm auf diesem "
            "Rechner auf denselben Stand. Es wurde nichts geändert."
        )
    )


def other_office() -> BundleRefused:
    """Return the problem of a file that is not for us."""
    return BundleRefused(
        tr(
            "Diese Abgleich-Datei gehört zu einem anderen Büro. Öffnen können sie nur die Rechner, die dort aufgenommen sind. "
            "Es wurde nichts geändert."
        )
    )


def damaged() -> BundleRefused:
    """Return the problem of a file that does not say what it should."""
    return _damaged()
