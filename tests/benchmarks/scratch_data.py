"""Large scratch databases for measuring: written straight into the tables, without outbox and audit.

Only the benchmark uses this: the rows are plausible and complete, but no command of the program made them.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from desktop_app.contacts.vocabulary import (
    NO_ANSWER,
    NOT_ASKED,
    UNKNOWN,
    Channel,
    Depth,
    Fact,
    ReferralMode,
    ReferralState,
    Result,
    TallyKind,
    UnmetReason,
    fact_answers,
)
from desktop_app.core.actor import Actor
from desktop_app.core.clock import Clock, SystemClock, office_zone, to_text
from desktop_app.core.ids import UuidFactory
from desktop_app.core.months import Month
from desktop_app.core.notices import NoticeBoard
from desktop_app.settings.records import LegalProfile, Office
from desktop_app.settings.service import SettingsService
from desktop_app.storage.opening import create_store
from desktop_app.storage.store import Store

ACTOR = Actor("018f0000-0000-7000-8000-000000000001", "Messung", "ME")
SOCIAL_SPACES = ("Mitte", "Nord", "Süd", "Ost", "West", "Altstadt")
_BATCH = 20_000
_ORGANIZATIONS = 300
_SERVICES_EACH = 3


def new_store(folder: Path, clock: Clock | None = None, key: bytes | None = None) -> Store:
    """Return a new encrypted database with the office, its social spaces and topics."""
    clock = clock or SystemClock()
    ids = UuidFactory(clock)
    store = create_store(folder / "quartierslotse.db", key or secrets.token_bytes(32), clock, ids, NoticeBoard())
    office = Office(ids.new_id(), "Quartiersbüro Messung", "Messträger", LegalProfile.GDPR)
    SettingsService(store).create_office(ACTOR, office, SOCIAL_SPACES)
    return store


def fill_partners(store: Store) -> list[str]:
    """Write a small directory to refer to and return the ids of its services."""
    services = []
    store.execute("BEGIN IMMEDIATE")
    for number in range(_ORGANIZATIONS):
        organization = store.ids.new_id()
        store.execute(
            "INSERT INTO organization (id, name) VALUES (?, ?)", (organization, f"Träger {number:03d} Musterstadt")
        )
        for place in range(_SERVICES_EACH):
            service = store.ids.new_id()
            store.execute(
                "INSERT INTO service (id, organization_id, name, status) VALUES (?, ?, ?, 'active')",
                (service, organization, f"Angebot {number:03d}-{place}"),
            )
            services.append(service)
    store.execute("COMMIT")
    return services


@dataclass(frozen=True)
class _Choice:
    """A weighted choice, drawn many at a time."""

    values: tuple[object, ...]
    weights: tuple[float, ...]

    def draw(self, source: random.Random, count: int) -> list[object]:
        return source.choices(self.values, self.weights, k=count)


def _falling(values: list[object], not_asked: float = 0.0) -> _Choice:
    """Earlier values more often; `not_asked` is the share of questions that were not put."""
    weights = [1 / (place + 1.5) for place in range(len(values))]
    if not not_asked:
        return _Choice(tuple(values), tuple(weights))
    total = sum(weights)
    rest = 1 - not_asked
    return _Choice(
        (*values, NOT_ASKED, UNKNOWN, NO_ANSWER),
        (*(weight / total * rest * 0.9 for weight in weights), not_asked, rest * 0.06, rest * 0.04),
    )


def fill_month(store: Store, month: Month, contacts: int, *, seed: int = 7) -> None:
    """Write `contacts` contacts with needs, referrals and tally marks into `month`; needs topics and partners."""
    source = random.Random(seed)
    topics = _falling([row[0] for row in store.sql("SELECT id FROM topic ORDER BY position")])
    spaces = [row[0] for row in store.sql("SELECT id FROM social_space ORDER BY position")]
    services = _falling([row[0] for row in store.sql("SELECT id FROM service ORDER BY id")])
    store.execute("PRAGMA synchronous = OFF")
    done = 0
    while done < contacts:
        count = min(_BATCH, contacts - done)
        batch = _Batch(source, month, done, count, contacts)
        store.execute("BEGIN IMMEDIATE")
        store.execute_many(_INSERT_CONTACT, batch.contacts(spaces))
        store.execute_many(_INSERT_NEED, batch.needs(topics))
        store.execute_many(_INSERT_REFERRAL, batch.referrals(services))
        store.execute("COMMIT")
        done += count
    day = month.first_day.isoformat()
    store.execute("BEGIN IMMEDIATE")
    store.execute_many(
        "INSERT INTO tally_mark (id, kind, local_date, at, account_id) VALUES (?, ?, ?, ?, ?)",
        [
            (f"tally-{kind}-{number:08d}", kind.value, day, f"{day}T09:00:00.000Z", ACTOR.account_id)
            for kind in TallyKind
            for number in range(max(1, contacts // 20))
        ],
    )
    store.execute("COMMIT")
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.execute("PRAGMA synchronous = FULL")


class _Batch:
    """Contacts in the order of time, as they would have been recorded."""

    def __init__(self, source: random.Random, month: Month, start: int, count: int, of_all: int) -> None:
        self._source = source
        self._count = count
        first = datetime.combine(month.first_day, datetime.min.time(), office_zone())
        seconds = (month.last_day - month.first_day + timedelta(days=1)).total_seconds()
        self.moments = [first + timedelta(seconds=seconds * (start + place) / of_all) for place in range(count)]
        self.texts = [to_text(moment) for moment in self.moments]
        # Rising as real ids are, but quicker to make.
        self.ids = [
            f"{int(moment.timestamp() * 1000):012x}"[:8]
            + f"-{int(moment.timestamp() * 1000) & 0xFFFF:04x}-7000-8000-{start + place:012x}"
            for place, moment in enumerate(self.moments)
        ]

    def contacts(self, spaces: list[object]) -> Iterator[tuple[object, ...]]:
        source, count = self._source, self._count
        facts = []
        for fact in Fact:
            answers: list[object] = list(fact_answers(fact))
            choice = _falling(spaces + answers if fact is Fact.SOCIAL_SPACE else answers, 0.4)
            facts.append(choice.draw(source, count))
        channels = _falling([channel.value for channel in Channel]).draw(source, count)
        depths = _falling([depth.value for depth in Depth]).draw(source, count)
        withdrawn = _Choice((0, 1), (0.98, 0.02)).draw(source, count)
        for place, moment in enumerate(self.moments):
            text = self.texts[place]
            hour = 8 + moment.hour * 10 // 24
            yield (
                self.ids[place],
                text,
                moment.date().isoformat(),
                hour,
                text,
                ACTOR.account_id,
                channels[place],
                depths[place],
                *(fact[place] for fact in facts),
                "",
                withdrawn[place],
                1,
                text,
            )

    def needs(self, topics: _Choice) -> Iterator[tuple[object, ...]]:
        source, count = self._source, self._count
        numbers = source.choices((1, 2, 3), (0.8, 0.15, 0.05), k=count)
        results = _Choice(tuple(result.value for result in Result), (0.6, 0.1, 0.12, 0.13, 0.05))
        reasons = _falling([reason.value for reason in UnmetReason] + [None])
        for place in range(count):
            chosen = dict.fromkeys(topics.draw(source, numbers[place]))
            for position, topic in enumerate(chosen):
                (result,) = results.draw(source, 1)
                unmet = result in {Result.UNMET, Result.PARTLY}
                reason = reasons.draw(source, 1)[0] if unmet else None
                yield f"n{self.ids[place]}{position}", self.ids[place], topic, result, reason, position

    def referrals(self, services: _Choice) -> Iterator[tuple[object, ...]]:
        source, count = self._source, self._count
        numbers = source.choices((0, 1, 2), (0.65, 0.28, 0.07), k=count)
        modes = _falling([mode.value for mode in ReferralMode])
        states = _falling([state.value for state in ReferralState])
        for place in range(count):
            if not numbers[place]:
                continue
            for position, service in enumerate(dict.fromkeys(services.draw(source, numbers[place]))):
                contact, text = self.ids[place], self.texts[place]
                (mode,), (state,) = modes.draw(source, 1), states.draw(source, 1)
                yield f"r{contact}{position}", contact, service, mode, state, text, position


def _insert(table: str, columns: str) -> str:
    names = columns.split()
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


_INSERT_CONTACT = _insert(
    "contact",
    "id recorded_at local_date local_hour started_at account_id channel depth "
    + " ".join(fact.value for fact in Fact)
    + " material withdrawn revision changed_at",
)
_INSERT_NEED = _insert("need", "id contact_id topic_id result unmet_reason position")
_INSERT_REFERRAL = _insert("referral", "id contact_id service_id mode state state_changed_at position")
