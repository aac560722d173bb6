"""How often somebody may ask. Per process and in memory: a hub of several processes is as patient several times over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable

_MOST_KEYS = 10_000


class RateLimit:
    """A bucket per key that refills steadily: bursts up to a minute's worth, then one by one."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow so many a minute; 0 means without limit."""
        self._per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[Hashable, tuple[float, float]] = {}  # tokens left, when that was counted

    def wait_seconds(self, key: Hashable, *, take: bool = True) -> int:
        """Count one request; return 0, or after how many seconds to come again. `take=False` only looks."""
        if not self._per_minute:
            return 0
        now, rate = self._clock(), self._per_minute / 60
        with self._lock:
            left, counted = self._buckets.get(key, (float(self._per_minute), now))
            left = min(float(self._per_minute), left + (now - counted) * rate)
            if left < 1:
                return int((1 - left) / rate) + 1
            if take:
                if len(self._buckets) >= _MOST_KEYS:
                    self._forget_full(now, rate)
                self._buckets[key] = (left - 1, now)
            return 0

    def _forget_full(self, now: float, rate: float) -> None:
        full = [
            key for key, (left, counted) in self._buckets.items() if left + (now - counted) * rate >= self._per_minute
        ]
        for key in full or list(self._buckets)[: _MOST_KEYS // 2]:
            del self._buckets[key]
