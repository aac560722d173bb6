"""Writes invented contacts through the one write path, a few thousand in each unit of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random

from peewee import fn

from desktop_app.contacts.records import ContactsChanged
from desktop_app.contacts.tables import ContactTable, NeedTable, ReferralTable
from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock, office_zone, to_text
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.ids import UuidFactory
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.directory.rules import CLOSED_STATUSES
from desktop_app.directory.tables import Service, ServiceTopic
from desktop_app.generation.calendar import moments, working_days
from desktop_app.generation.patterns import PlannedContact, VisitorPatterns
from desktop_app.generation.records import (
    MOST_CONTACTS,
    MOST_MONTHS,
    TEST_DATA_SETTING,
    GenerationReport,
    GenerationWishes,
)
from desktop_app.settings.service import SettingsService
from desktop_app.storage.store import Store

_CONTACTS_IN_A_UNIT = 2_000
_SECONDS_BEFORE_RECORDING = 240

Row = dict[str, object]


class ContactGenerator:
    """Fills a database with plausible contacts that nobody ever had."""

    def __init__(self, store: Store, settings: SettingsService) -> None:
        """Write to `store`; the mark goes through `settings`."""
        self._store = store
        self._settings = settings

    def generate(self, actor: Actor, wishes: GenerationWishes, progress: Progress | None = None) -> GenerationReport:
        """Write the contacts and mark the database as test data before the first of them.

        Raises:
            InputError: a number is out of range, or the months hold no working day.
            UserError: the database holds contacts and is not marked: real work is never mixed with inventions.
            Cancelled: through `progress`; the units written so far stay, and so does the mark.
        """
        _check(wishes)
        progress = progress or NoProgress()
        existing = int(self._store.scalar(ContactTable.select(fn.COUNT(ContactTable.id))))
        if not self._settings.value(TEST_DATA_SETTING, default=False):
            if existing:
                raise UserError(
                    tr(
                        "In dieser Datenbank stehen schon echte Kontakte. Erfundene kommen nicht dazu. Bitte richten Sie dafür "
                        "einen eigenen Ordner ein (--data-dir)."
                    )
                )
            self._settings.set_value(actor, TEST_DATA_SETTING, value=True)
        today = self._store.clock.today()
        days = working_days(wishes.months, today, wishes.until)
        if not days:
            raise InputError("months", tr("In diesem Zeitraum liegt kein Werktag."))
        # A second run with the same seed must not repeat the ids of the first.
        random = Random(f"{wishes.seed}/{existing}")  # noqa: S311 - no secrets: repeatable on purpose
        rows = _Rows(actor, self._topic_ids(), self._store.clock.now(), random)
        planned = self._planned(wishes, days, random, today)
        counts = [0, 0, 0]
        while batch := list(islice(planned, _CONTACTS_IN_A_UNIT)):
            written = self._write(actor, rows, batch)
            counts = [total + more for total, more in zip(counts, written, strict=True)]
            progress.step(counts[0], wishes.contacts, tr("Erfundene Kontakte werden geschrieben"))
        return GenerationReport(counts[0], counts[1], counts[2], days[0], days[-1])

    def _planned(
        self, wishes: GenerationWishes, days: list[date], random: Random, today: date
    ) -> Iterator[tuple[datetime, PlannedContact]]:
        patterns = VisitorPatterns(
            random,
            topic_codes=[topic.code for topic in self._settings.topics()],
            space_ids=[space.space_id for space in self._settings.social_spaces()],
            services_by_topic=self._services_by_topic(),
        )
        zone = office_zone()
        for day, second in moments(days, wishes.contacts, random):
            moment = datetime(day.year, day.month, day.day, second // 3600, second // 60 % 60, second % 60, tzinfo=zone)
            yield moment, patterns.contact(day, today)

    def _write(
        self, actor: Actor, rows: _Rows, batch: Sequence[tuple[datetime, PlannedContact]]
    ) -> tuple[int, int, int]:
        contacts: list[Row] = []
        needs: list[Row] = []
        referrals: list[Row] = []
        for moment, planned in batch:
            contact = rows.contact(moment, planned)
            contacts.append(contact)
            needs += rows.needs(str(contact["id"]), planned)
            referrals += rows.referrals(str(contact["id"]), moment, planned)
        with self._store.unit_of_work(actor, "generate_contacts", ("contact", str(contacts[0]["id"]))) as unit:
            unit.insert_many(ContactTable, contacts)
            unit.insert_many(NeedTable, needs)
            unit.insert_many(ReferralTable, referrals)
            unit.notify(ContactsChanged(frozenset(moment.date() for moment, _ in batch)))
        return len(contacts), len(needs), len(referrals)

    def _topic_ids(self) -> dict[str, str]:
        return {topic.code: topic.topic_id for topic in self._settings.topics()}

    def _services_by_topic(self) -> dict[str, list[str]]:
        query = (
            ServiceTopic.select(ServiceTopic.topic, Service.id)
            .join(Service, on=(Service.id == ServiceTopic.service_id))
            .where(Service.withdrawn_at.is_null() & Service.status.not_in(sorted(CLOSED_STATUSES)))
            .order_by(ServiceTopic.topic, Service.id)
        )
        services: defaultdict[str, list[str]] = defaultdict(list)
        for code, service_id in self._store.tuples(query):
            services[code].append(service_id)
        return services


class _Rows:
    """Turns planned contacts into rows, with ids as if they had been recorded at their time."""

    def __init__(self, actor: Actor, topic_ids: dict[str, str], now: datetime, random: Random) -> None:
        self._actor = actor
        self._topic_ids = topic_ids
        self._now = to_text(now)
        self._clock = FixedClock(now)
        self._ids = UuidFactory(self._clock, random.getrandbits)

    def contact(self, moment: datetime, planned: PlannedContact) -> Row:
        self._clock.set(moment)
        recorded = to_text(moment)
        return {
            "id": self._ids.new_id(),
            "recorded_at": recorded,
            "local_date": moment.date().isoformat(),
            "local_hour": moment.hour,
            "started_at": to_text(moment - timedelta(seconds=_SECONDS_BEFORE_RECORDING)),
            "account_id": self._actor.account_id,
            "channel": planned.channel,
            "depth": planned.depth,
            **{fact.value: code for fact, code in planned.facts.items()},
            "material": "",
            "withdrawn": 0,
            "revision": 1,
            "changed_at": recorded,
        }

    def needs(self, contact_id: str, planned: PlannedContact) -> list[Row]:
        return [
            {
                "id": self._ids.new_id(),
                "contact_id": contact_id,
                "topic_id": self._topic_ids[code],
                "result": result,
                "unmet_reason": reason,
                "position": position,
            }
            for position, (code, result, reason) in enumerate(planned.needs)
        ]

    def referrals(self, contact_id: str, moment: datetime, planned: PlannedContact) -> list[Row]:
        return [
            {
                "id": self._ids.new_id(),
                "contact_id": contact_id,
                "service_id": referral.service_id,
                "mode": referral.mode,
                "state": referral.state,
                "state_reason": None,
                "state_changed_at": min(to_text(moment + timedelta(days=referral.days_until_change)), self._now),
                "due_on": referral.due_on.isoformat() if referral.due_on else None,
                "position": position,
            }
            for position, referral in enumerate(planned.referrals)
        ]


def _check(wishes: GenerationWishes) -> None:
    if not 1 <= wishes.contacts <= MOST_CONTACTS:
        raise InputError("contacts", tr("Möglich sind 1 bis {most} Kontakte.", most=MOST_CONTACTS))
    if not 1 <= wishes.months <= MOST_MONTHS:
        raise InputError("months", tr("Möglich sind 1 bis {most} Monate.", most=MOST_MONTHS))
