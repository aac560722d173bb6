"""Record ids are made here and never by the database, so that two offline desks cannot collide.

UUIDv7 as in RFC 9562, section 5.7: 48 bits of milliseconds, a 12-bit counter, 62 random bits. Ids made
later sort later, which keeps the database's indexes compact.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from desktop_app.core.clock import Clock

_COUNTER_LIMIT = 0x1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class IdFactory(Protocol):
    """Makes ids of records."""

    def new_id(self) -> str:
        """Return a new id: 36 characters, lower case."""
        ...


class UuidFactory:
    """Makes UUIDv7 ids that rise even within one millisecond or when the clock is set back."""

    def __init__(self, clock: Clock, random_bits: Callable[[int], int] = secrets.randbits) -> None:
        """Take time from `clock` and randomness from `random_bits` (a number of bits to an integer)."""
        self._clock = clock
        self._random_bits = random_bits
        self._lock = threading.Lock()
        self._last_millisecond = 0
        self._counter = 0

    def new_id(self) -> str:
        """Return a new UUIDv7 as text."""
        with self._lock:
            # In whole numbers: a float loses the last millisecond now and then.
            millisecond = max((self._clock.now() - _EPOCH) // _MILLISECOND, self._last_millisecond)
            if millisecond == self._last_millisecond:
                self._counter += 1
                if self._counter >= _COUNTER_LIMIT:
                    millisecond += 1
                    self._counter = 0
            else:
                # Start in the lower half so that a burst has room to count up.
                self._counter = self._random_bits(11)
            self._last_millisecond = millisecond
            value = (millisecond & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | self._counter << 64
        value |= 0b10 << 62 | self._random_bits(62)
        return _as_text(value)


class SequentialIds:
    """Readable ids in a known order, for tests and repeatable demos."""

    def __init__(self, start: int = 1) -> None:
        """Count from `start`."""
        self._next = start
        self._lock = threading.Lock()

    def new_id(self) -> str:
        """Return the next id; it has the form of a UUIDv7."""
        with self._lock:
            number = self._next
            self._next += 1
        return _as_text(0x7 << 76 | 0b10 << 62 | number)


def _as_text(value: int) -> str:
    # Without making a `uuid.UUID` first: its text would cost twice as much.
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
