"""The month of a million contacts against the best SQL that a person would write for the same figures.

The peer is the fastest of several hand-written plans, found in this run on this database: it only fetches the numbers,
without names, order, records or a snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from desktop_app.contacts.vocabulary import Channel, Depth, Fact, fact_answers, open_answers
from desktop_app.core.months import Month
from desktop_app.settings.service import SettingsService
from desktop_app.statistics.queries import StatisticsQueries
from desktop_app.storage.store import Store
from tests.benchmarks.measuring import Figure, Wishes, alternate, median, spread, timed
from tests.benchmarks.scratch_data import fill_month, fill_partners, new_store

MONTH = Month(2026, 10)
_COLUMNS = ("channel", "depth", *(fact.value for fact in Fact))
_JOIN = "FROM contact c JOIN {table} x ON x.contact_id = c.id WHERE c.local_date {when} AND c.withdrawn = 0"


def measure(wishes: Wishes) -> list[Figure]:
    """Fill a scratch database and count it both ways."""
    contacts = 100_000 if wishes.quick else 1_000_000
    runs = 3 if wishes.quick else 5
    store = new_store(wishes.folder("month"))
    try:
        fill_partners(store)
        filling = timed(lambda: fill_month(store, MONTH, contacts))
        wishes.say(f"{contacts} Kontakte angelegt in {filling:.0f} s")
        queries = StatisticsQueries(store, SettingsService(store))
        plans = hand_written_plans(store)
        trials = {name: timed(plan) for name, plan in plans.items()}
        best = min(trials, key=lambda name: trials[name])
        ours, peer = alternate(lambda: queries.month(MONTH), plans[best], runs, warm_up=0)
        share = store.path.stat().st_size
    finally:
        store.close()
    return [
        Figure(
            "month",
            f"Monat mit {contacts:,} Kontakten zählen".replace(",", "."),
            "ms",
            median(ours) * 1000,
            limit=1.5,
            peer=median(peer) * 1000,
            peer_title=f"bestes handgeschriebenes SQL für dieselben Zahlen („{best}“, das schnellste von {len(plans)})",
            runs=runs,
            details={
                "contacts": contacts,
                "filling_s": round(filling, 1),
                "database_bytes": share,
                "ours_ms": spread(ours),
                "peer_ms": spread(peer),
                "trials_ms": {name: round(seconds * 1000) for name, seconds in trials.items()},
            },
        )
    ]


def hand_written_plans(store: Store) -> dict[str, Callable[[], object]]:
    """Return the plans by name."""
    days = [(MONTH.first_day + timedelta(days=offset)).isoformat() for offset in range(MONTH.last_day.day)]
    one_day, whole = ("= ?", [(day,) for day in days]), ("BETWEEN ? AND ?", [(days[0], days[-1])])
    codes = _codes(store)
    return {
        "eine Zählung je Tabelle und Tag": lambda: _one_pass(store, codes, *one_day),
        "eine Zählung je Tabelle im Monat": lambda: _one_pass(store, codes, *whole),
        "gruppiert je Frage und Tag": lambda: _grouped(store, *one_day),
    }


def _codes(store: Store) -> list[tuple[str, str]]:
    spaces = [row[0] for row in store.sql("SELECT id FROM social_space")]
    known: dict[str, Iterable[str]] = {"channel": Channel, "depth": Depth}
    for fact in Fact:
        own = spaces if fact is Fact.SOCIAL_SPACE else []
        known[fact.value] = [*own, *fact_answers(fact), *open_answers()]
    return [(column, str(code)) for column in _COLUMNS for code in known[column]]


def _one_pass(store: Store, codes: Sequence[tuple[str, str]], when: str, spans: Sequence[tuple[str, ...]]) -> None:
    counts = ", ".join(f"count(*) FILTER (WHERE {column} = '{code}')" for column, code in codes)
    contacts = (
        f"SELECT local_date, local_hour, count(*), {counts} FROM contact WHERE local_date {when} AND withdrawn = 0 "
        "GROUP BY local_date, local_hour"
    )
    for span in spans:
        store.sql(contacts, span)
        _joined(store, when, span)


def _grouped(store: Store, when: str, spans: Sequence[tuple[str, ...]]) -> None:
    for span in spans:
        for column in ("local_date, local_hour", *_COLUMNS):
            store.sql(
                f"SELECT {column}, count(*) FROM contact WHERE local_date {when} AND withdrawn = 0 GROUP BY {column}",
                span,
            )
        _joined(store, when, span)


def _joined(store: Store, when: str, span: Sequence[str]) -> None:
    needs, referrals = (_JOIN.format(table=table, when=when) for table in ("need", "referral"))
    store.sql(f"SELECT x.topic_id, x.result, x.unmet_reason, count(*) {needs} GROUP BY 1, 2, 3", span)
    store.sql(f"SELECT x.service_id, x.mode, x.state, count(*) {referrals} GROUP BY 1, 2, 3", span)
    store.sql(f"SELECT kind, count(*) FROM tally_mark WHERE local_date {when} AND withdrawn = 0 GROUP BY kind", span)
