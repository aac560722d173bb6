"""What is handed in from outside: the clock, ids, and what a password may cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.core.clock import Clock, CorrectedClock, SystemClock
from desktop_app.core.ids import IdFactory, UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_ring import KeyRing
from desktop_app.security.key_slots import DerivationCost
from desktop_app.security.throttle import Attempts


@dataclass(frozen=True)
class Surroundings:
    """What is handed in from outside: clock, ids, cost of deriving a key (None: measured when a slot is made)."""

    clock: Clock
    ids: IdFactory
    cost: DerivationCost | None = None
    monotonic: Callable[[], float] = time.monotonic

    @classmethod
    def of_this_computer(cls) -> Surroundings:
        """Return the real clock, random ids and a cost that fits this computer."""
        clock = CorrectedClock(SystemClock())
        return cls(clock, UuidFactory(clock))

    def key_ring(self, folder: DataFolder) -> KeyRing:
        """Return the key file of an installation."""
        attempts = Attempts(folder.attempts, self.clock, self.monotonic)
        return KeyRing(folder.key_slots, attempts, self.clock, self.ids, self._new_cost)

    def _new_cost(self) -> DerivationCost:
        if self.cost is not None:
            return self.cost
        from desktop_app.security.derivation import measured_cost

        return measured_cost()
