"""How dear deriving a key may be on this computer: measured, because a fixed cost is too slow here and too cheap there."""

from __future__ import annotations

import time
from collections.abc import Callable

from desktop_app.security.key_slots import DerivationCost, derive_key

TARGET_SECONDS = 0.3
_LEAST = DerivationCost()  # RFC 9106, second recommendation: never below, however slow the computer
_MOST_MEMORY = 256 * 1024  # an office computer with little memory still has to open the data
_MOST_PASSES = 24


def measured_cost(
    target_seconds: float = TARGET_SECONDS, measure: Callable[[DerivationCost], float] | None = None
) -> DerivationCost:
    """Return the cost that takes about `target_seconds` here; memory grows first, then passes.

    `measure` returns the seconds that one derivation takes.
    """
    measure = measure or _seconds
    cost, seconds = _LEAST, measure(_LEAST)
    while seconds * 2 <= target_seconds and cost.memory_kibibytes * 2 <= _MOST_MEMORY:
        cost = DerivationCost(cost.time_cost, cost.memory_kibibytes * 2, cost.lanes)
        seconds = measure(cost)
    passes = round(cost.time_cost * target_seconds / max(seconds, 1e-6))
    return DerivationCost(min(_MOST_PASSES, max(cost.time_cost, passes)), cost.memory_kibibytes, cost.lanes)


def _seconds(cost: DerivationCost) -> float:
    # The better of two: the first one also pays for memory the system has to find.
    times = []
    for _ in range(2):
        before = time.perf_counter()
        derive_key("Messung", bytes(16), cost)
        times.append(time.perf_counter() - before)
    return min(times)
