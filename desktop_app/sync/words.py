"""Eight words that two screens show when they saw the same keys, and different ones when somebody stands between them.

The words are the first 64 bits of an Argon2id hash over what both sides hold. They are compared by people, on the telephone
or side by side; the QR code holds more of the same hash for a camera (decision 0038).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.environment.folders import resources_folder
from desktop_app.security.key_slots import DerivationCost
from desktop_app.security.recovery_key import ALPHABET, encode, typed_letters

WORD_COUNT = 8
PAYLOAD_PREFIX = "QLW1-"
#: Fixed, not measured: both sides have to come to the same words. RFC 9106, second recommendation.
_COST = DerivationCost(time_cost=3, memory_kibibytes=64 * 1024, lanes=4)
_PAYLOAD_LETTERS = 26  # 130 bits
_FIELD = "words"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two people compare: `words` with eyes and ears, `payload` as a QR code."""

    words: tuple[str, ...]
    payload: str


def comparison_of(context: str, parties: Sequence[bytes]) -> Comparison:
    """Return what both sides show; takes a tenth of a second and 64 MiB.

    `context` is what they compare for (the office's id); `parties` is what stands for each side, in any order: its
    public key, and what else must be the same on both screens.
    """
    digest = _stretched(context, parties)
    letters = encode(int.from_bytes(digest, "big") >> len(digest) * 8 - _PAYLOAD_LETTERS * 5, _PAYLOAD_LETTERS)
    listed = word_list()
    return Comparison(tuple(listed[number] for number in digest[:WORD_COUNT]), PAYLOAD_PREFIX + letters)


def is_same_payload(scanned: str, comparison: Comparison) -> bool:
    """Tell whether a scanned QR code shows the same as this screen.

    Raises:
        InputError: it is another kind of code.
    """
    letters, prefix = typed_letters(scanned), typed_letters(PAYLOAD_PREFIX)
    rest = letters.removeprefix(prefix)
    if not letters.startswith(prefix) or len(rest) != _PAYLOAD_LETTERS or set(rest) - set(ALPHABET):
        raise InputError(
            _FIELD,
            tr("Das ist nicht der Code zum Vergleichen. Er steht auf dem anderen Rechner neben den acht Wörtern."),
        )
    return hmac.compare_digest(letters, typed_letters(comparison.payload))


@cache
def word_list() -> tuple[str, ...]:
    """Return the 256 words; their order is part of the protocol."""
    words = (resources_folder() / "words" / "german.txt").read_text(encoding="ascii").split()
    if len(set(words)) != 256:
        raise ValueError("the list of words is damaged")
    return tuple(words)


def _stretched(context: str, parties: Sequence[bytes]) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    salt = hashlib.blake2b(context.encode(), digest_size=16, person=b"ql-words-1").digest()
    held = b"".join(len(part).to_bytes(4, "big") + part for part in sorted(parties))
    return hash_secret_raw(held, salt, _COST.time_cost, _COST.memory_kibibytes, _COST.lanes, 32, Type.ID)
