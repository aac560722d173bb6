"""The enrolment code as one line of text: which hub, which one-time code, and checks against mistakes.

Standard library only, like `protocol`: the hub's admin tool writes these lines too. „QL1-“ and Crockford's base 32 (digits
and capitals without I, L, O, U), so that case, line breaks and letters that look alike do no harm and a QR code stays small.
Underneath: length of the whole (2 bytes), then each with its length (1 byte) address and code, then 4 bytes that tell
another hub and 4 bytes that tell a typing mistake.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

PREFIX = "QL1-"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CHECK_BYTES = 4
_LONGEST_PART = 255
_LONGEST_TEXT = 4000  # whoever pastes a whole page gets an answer at once


class Mistake(StrEnum):
    """What is wrong with a text that should be an enrolment code."""

    EMPTY = "empty"
    OTHER_KIND = "other_kind"  # something else was pasted: an address, a recovery key, a sentence
    NEWER = "newer"  # a later program's code
    CUT = "cut"  # the end is missing
    TOO_LONG = "too_long"  # something stands behind it, or it was pasted twice
    TYPO = "typo"
    ADDRESS = "address"  # it names no usable address
    PLAIN_HTTP = "plain_http"  # the way there would not be encrypted


class NoEnrolmentCode(ValueError):
    """The text can't be used."""

    def __init__(self, mistake: Mistake) -> None:
        """Keep what is wrong."""
        super().__init__(mistake.value)
        self.mistake = mistake


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the line says. `hub_check` is compared with the hub that answers, see `is_hub`."""

    address: str
    code: str
    hub_check: str

    def is_hub(self, hub_id: str) -> bool:
        """Tell whether this is the hub the code was made for."""
        return self.hub_check == _hub_check(hub_id).hex()


def enrolment_text(address: str, code: str, hub_id: str) -> str:
    """Return the line for a hub's address (https, or http on this machine only) and one of its codes.

    Raises:
        NoEnrolmentCode: the address can't be used (ADDRESS, PLAIN_HTTP), or the code is empty or too long (OTHER_KIND).
    """
    parts = (usable_address(address).encode("ascii"), code.encode("utf-8"))
    if not code.strip() or not all(len(part) <= _LONGEST_PART for part in parts):
        raise NoEnrolmentCode(Mistake.OTHER_KIND)
    content = b"".join(bytes([len(part)]) + part for part in parts) + _hub_check(hub_id)
    content = (len(content) + 2 + _CHECK_BYTES).to_bytes(2, "big") + content
    letters = _letters(content + _checksum(content))
    return PREFIX + "-".join(letters[start : start + 5] for start in range(0, len(letters), 5))


def read_enrolment_text(text: str) -> Enrolment:
    """Return what a pasted, scanned or typed line says.

    Raises:
        NoEnrolmentCode: it is none, with what is wrong.
    """
    typed = "".join(letter for letter in text[: _LONGEST_TEXT + 1].upper() if letter.isalnum())
    if not typed:
        raise NoEnrolmentCode(Mistake.EMPTY)
    if len(text) > _LONGEST_TEXT:
        raise NoEnrolmentCode(Mistake.TOO_LONG if _is_prefixed(typed) else Mistake.OTHER_KIND)
    if not _is_prefixed(typed):
        raise NoEnrolmentCode(Mistake.OTHER_KIND)
    if typed[2] not in "1IL":
        raise NoEnrolmentCode(Mistake.NEWER)
    letters = typed[3:].translate(_LOOKALIKES)
    if set(letters) - set(_ALPHABET):
        raise NoEnrolmentCode(Mistake.TYPO)
    raw = _bytes(letters)
    found = _parsed(raw)
    if _letters(raw) != letters:
        raise NoEnrolmentCode(Mistake.TOO_LONG if letters.startswith(_letters(raw)) else Mistake.TYPO)
    return found


def usable_address(address: str) -> str:
    """Return the address as it is kept: scheme, host in small letters, port and path, no slash at the end.

    Raises:
        NoEnrolmentCode: ADDRESS or PLAIN_HTTP.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NoEnrolmentCode(Mistake.ADDRESS) from error
    plain = address.isascii() and address.isprintable() and " " not in address.strip() and "\\" not in address
    extra = parts.username is not None or parts.password is not None or parts.query or parts.fragment
    if not host or not plain or extra or parts.scheme.lower() not in {"http", "https"} or address.rstrip()[-1] in "?#":
        raise NoEnrolmentCode(Mistake.ADDRESS)
    if parts.scheme.lower() == "http" and not is_this_machine(host):
        raise NoEnrolmentCode(Mistake.PLAIN_HTTP)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme.lower()}://{shown}{'' if port is None else f':{port}'}{parts.path.rstrip('/')}"


def is_this_machine(host: str) -> bool:
    """Tell whether a host name leads to this machine without any network."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_prefixed(typed: str) -> bool:
    return typed.startswith("QL") and len(typed) > 2 and (typed[2].isdigit() or typed[2] in "IL")


def _parsed(raw: bytes) -> Enrolment:
    length = int.from_bytes(raw[:2], "big")
    if len(raw) < 2 or len(raw) < length:
        raise NoEnrolmentCode(Mistake.CUT if length < _LONGEST_PART * 2 + 20 else Mistake.TYPO)
    if len(raw) > length:
        whole = length > 2 + _CHECK_BYTES and raw[length - _CHECK_BYTES : length] == _checksum(
            raw[: length - _CHECK_BYTES]
        )
        raise NoEnrolmentCode(Mistake.TOO_LONG if whole else Mistake.TYPO)
    content, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
    if length < 2 + 2 + 2 * _CHECK_BYTES or _checksum(content) != check:
        raise NoEnrolmentCode(Mistake.TYPO)
    try:
        end = 3 + content[2]
        address, code_end = content[3:end].decode("ascii"), end + 1 + content[end]
        code, hub_check = content[end + 1 : code_end].decode("utf-8"), content[code_end:]
    except (IndexError, UnicodeDecodeError) as error:
        raise NoEnrolmentCode(Mistake.TYPO) from error
    if len(hub_check) != _CHECK_BYTES or not code.strip():
        raise NoEnrolmentCode(Mistake.TYPO)
    return Enrolment(usable_address(address), code, hub_check.hex())


def _letters(raw: bytes) -> str:
    count = -(-len(raw) * 8 // 5)
    number = int.from_bytes(raw, "big") << (count * 5 - len(raw) * 8)
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))


def _bytes(letters: str) -> bytes:
    number = 0
    for letter in letters:
        number = number << 5 | _ALPHABET.index(letter)
    return (number >> (len(letters) * 5 % 8)).to_bytes(len(letters) * 5 // 8, "big")


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(b"quartierslotse enrolment 1" + content).digest()[:_CHECK_BYTES]


def _hub_check(hub_id: str) -> bytes:
    return hashlib.sha256(b"quartierslotse hub" + hub_id.encode()).digest()[:_CHECK_BYTES]
