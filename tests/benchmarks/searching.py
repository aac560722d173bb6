"""From a keystroke to the hits, over 3,000 and 100,000 invented services, beside a bare FTS5 query.

What is typed is what people type at a front desk: whole queries letter by letter, among them slips, „ue“ for „ü“ and
parts of compounds. The peer asks the same full-text index for the beginnings of the same folded words and takes what
comes first: no order, no compounds, no slips, no reasons.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from desktop_app.directory.folding import words
from desktop_app.directory.queries import DirectoryQueries
from desktop_app.directory.synthetic import insert_synthetic_services
from desktop_app.storage.store import Store
from tests.benchmarks.measuring import Figure, Wishes, median, percentile, timed
from tests.benchmarks.scratch_data import ACTOR, new_store

QUERIES = (
    "pflegeberatung",
    "Pflege zu Hause",
    "haushaltshilfe",
    "mittagstisch",
    "demenz angehörige",
    "schuldnerberatung",
    "sturzprävention",
    "wohngeld antrag",
    "frühstück",
    "seniorencafé",
    "gedächtnistraining",
    "hausnotruf",
    "begleitung arzt",
    "computer kurs",
    "deutschkurs",
    "sport für ältere",
    "chor",
    "tanz",
    "AWO",
    "Caritas Beratung",
    "lindenau",
    "rollstuhl fahrdienst",
    "0208 55",
    # „ue“ and no umlaut at all
    "fruehstueck",
    "fuer aeltere menschen",
    "angehoerige",
    "muehlfeld",
    "gedachtnis",
    # slips
    "pfelgeberatung",
    "demez",
    "mitagstisch",
    "selbsthife",
    "schulndnerberatung",
    "gedechtnistraining",
    "rehpratur",
    "nachbarschafstreff",
    # parts of compounds
    "beratung",
    "treff",
    "hilfe",
    "betreuung",
    # nothing like it anywhere
    "xylophonverleih",
    "qqqq",
)
LIMIT = 20
_BARE = """
SELECT number, service_id, service_name, organization_name, place FROM search_entry
WHERE number IN (SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT ?)
"""


def measure(wishes: Wishes) -> list[Figure]:
    """Measure both sizes."""
    sizes = ((3_000, 16.0), (10_000 if wishes.quick else 100_000, 50.0))
    return [_measure_size(wishes, count, limit) for count, limit in sizes]


def keystrokes() -> list[str]:
    """Return what stands in the field after each key, query after query."""
    return [query[:end] for query in QUERIES for end in range(1, len(query) + 1) if not query[:end].endswith(" ")]


def _measure_size(wishes: Wishes, count: int, limit: float) -> Figure:
    store = new_store(wishes.folder(f"search-{count}"))
    try:
        store.execute("PRAGMA synchronous = OFF")
        filling = timed(lambda: insert_synthetic_services(store, ACTOR, count, seed=11))
        wishes.say(f"{count} Angebote angelegt in {filling:.0f} s")
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        queries = DirectoryQueries(store)
        loading = timed(queries.warm_up)
        typed = keystrokes()
        rounds = 1 if wishes.quick else 3
        ours, peer = _type_all(typed, rounds, lambda text: queries.search(text, LIMIT), lambda text: bare(store, text))
    finally:
        store.close()
    slowest = sorted(zip(ours, typed * rounds, strict=True), reverse=True)[:5]
    return Figure(
        f"search_{count}",
        f"Suche je Taste über {count:,} Angebote (p95)".replace(",", "."),
        "ms",
        percentile(ours, 0.95) * 1000,
        limit=limit,
        limit_is_ratio=False,
        peer=percentile(peer, 0.95) * 1000,
        peer_title="bloße FTS5-Abfrage nach Wortanfängen im selben Index, ungeordnet (p95)",
        runs=len(ours),
        note=f"Median {median(ours) * 1000:.1f} ms, bloß {median(peer) * 1000:.2f} ms, {len(typed)} Tasten",
        details={
            "services": count,
            "keystrokes": len(typed),
            "p50_ms": round(median(ours) * 1000, 2),
            "p95_ms": round(percentile(ours, 0.95) * 1000, 2),
            "max_ms": round(max(ours) * 1000, 2),
            "peer_p50_ms": round(median(peer) * 1000, 3),
            "peer_p95_ms": round(percentile(peer, 0.95) * 1000, 3),
            "vocabulary_ms": round(loading * 1000, 1),
            "slowest_ms": {text: round(seconds * 1000, 1) for seconds, text in slowest},
            "filling_s": round(filling, 1),
        },
    )


def _type_all(
    typed: list[str], rounds: int, ours: Callable[[str], object], peer: Callable[[str], object]
) -> tuple[list[float], list[float]]:
    """Time every keystroke both ways in turn."""
    our_times: list[float] = []
    peer_times: list[float] = []
    gc.collect()
    for turn in range(rounds):
        for place, text in enumerate(typed):
            pairs = [(ours, our_times), (peer, peer_times)]
            for action, times in pairs if (turn + place) % 2 == 0 else reversed(pairs):
                times.append(timed(lambda action=action, text=text: action(text)))
    return our_times, peer_times


def bare(store: Store, text: str) -> list[tuple[object, ...]]:
    """Return the first services that have words beginning like those typed."""
    expression = " AND ".join(f'"{word}" *' for word in words(text))
    return store.sql(_BARE, (expression, LIMIT)) if expression else []
