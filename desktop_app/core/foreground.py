"""Somebody is typing: long work beside the window lets what they wait for go first."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

#: so long after a key or a click the window may still be busy with it: a search begins a moment after the last letter
_BUSY_S: Final = 0.2
#: work beside the window rests so many times as long as it worked, but no longer than this between two small steps
_SHARE: Final = 1.0
_LONGEST_REST_S: Final = 0.003


class Foreground:
    """Knows when somebody last did something at the window. Without a window nobody does, and nothing rests.

    Python runs one thread at a time: work that takes over thousands of records would have the window wait for its turn
    at every step of a search.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, rest: Callable[[float], None] = time.sleep) -> None:
        """Begin with nobody there; `now` gives seconds, `rest` lets them pass."""
        self._now, self._rest = now, rest
        self._busy_until = float("-inf")
        self._step_began = float("-inf")
        self.rested = 0.0
        """Seconds that work has rested so far, in all threads."""

    def touch(self) -> None:
        """Somebody pressed a key or clicked."""
        self._busy_until = self._now() + _BUSY_S

    def give_way(self) -> None:
        """Called by work beside the window after each small step: rest for a moment while somebody is busy."""
        now = self._now()
        if now < self._busy_until:
            rest = min(_SHARE * (now - self._step_began), _LONGEST_REST_S)
            self._rest(rest)
            self.rested += rest
            now = self._now()
        self._step_began = now
