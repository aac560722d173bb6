"""Making contacts to try and to measure with, against writing as many bare rows into an encrypted database."""

from __future__ import annotations

from itertools import count

from desktop_app.core.months import Month
from desktop_app.generation.records import GenerationWishes
from desktop_app.generation.service import ContactGenerator
from desktop_app.settings.service import SettingsService
from tests.benchmarks.measuring import Figure, Wishes, alternate, median, spread
from tests.benchmarks.scratch_data import ACTOR, fill_month, fill_partners, new_store

_LIMIT = 2.0
_MONTH = Month(2026, 10)


def measure(wishes: Wishes) -> list[Figure]:
    """Generate contacts the way the command does, and fill a month with as many without outbox and audit."""
    contacts = 1_000 if wishes.quick else 10_000
    runs = 2 if wishes.quick else 5
    store, *bare = (new_store(wishes.folder(f"generate-{number}")) for number in range(runs + 1))
    try:
        for one in (store, *bare):
            fill_partners(one)
        generator = ContactGenerator(store, SettingsService(store))
        seeds, unused = count(1), iter(bare)
        ours, peer = alternate(
            lambda: generator.generate(ACTOR, GenerationWishes(contacts, 12, next(seeds))),
            lambda: fill_month(next(unused), _MONTH, contacts),
            runs,
            warm_up=0,
        )
    finally:
        for one in (store, *bare):
            one.close()
    return [
        Figure(
            "generate",
            f"{contacts:,} Kontakte zum Ausprobieren anlegen".replace(",", "."),
            "ms",
            median(ours) * 1000,
            limit=_LIMIT,
            peer=median(peer) * 1000,
            peer_title="ebenso viele Kontakte ohne Protokoll und Ausgang in dieselbe Art Datenbank geschrieben",
            runs=runs,
            details={"contacts": contacts, "ours_ms": spread(ours), "peer_ms": spread(peer)},
        )
    ]
