"""Reads on contacts, referrals and the tally."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, fn

from desktop_app.contacts.entry_text import entry_from_text
from desktop_app.contacts.records import (
    ContactRecord,
    ContactRevision,
    DayTally,
    NeedRecord,
    ReferralRecord,
)
from desktop_app.contacts.tables import (
    ContactNoteTable,
    ContactRevisionTable,
    ContactTable,
    NeedTable,
    ReferralTable,
    TallyMarkTable,
)
from desktop_app.contacts.vocabulary import (
    Channel,
    Depth,
    Fact,
    ReferralMode,
    ReferralState,
    Result,
    TallyKind,
    UnmetReason,
)
from desktop_app.core.clock import from_text, office_zone
from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr
from desktop_app.directory.tables import Organization, Service
from desktop_app.security.tables import AccountTable
from desktop_app.settings.tables import TopicTable
from desktop_app.storage.store import Store

_JUST_NOW_DAYS = 31

# Written by hand: SQLite has to begin with the days. Left to itself it reads every contact of twenty years.
_LATEST = """
SELECT id FROM contact
WHERE local_date >= ? AND account_id = ? AND withdrawn = 0
ORDER BY local_date DESC, id DESC
LIMIT 1
"""
_BY_TOPIC = """
SELECT topic.code, count(*)
FROM contact
CROSS JOIN need ON need.contact_id = contact.id
CROSS JOIN topic ON topic.id = need.topic_id
WHERE contact.local_date >= ? AND contact.withdrawn = 0
GROUP BY topic.code
"""
_AFTER_FOLLOW_UP = (ReferralState.OPEN, ReferralState.CONTACTED)


class ContactQueries:
    """Everything that is read about contacts."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store

    def contacts_of_day(self, day: date, *, with_withdrawn: bool = False) -> tuple[ContactRecord, ...]:
        """Return the contacts of a day, newest first."""
        query = ContactTable.select().where(ContactTable.local_date == day.isoformat())
        if not with_withdrawn:
            query = query.where(ContactTable.withdrawn == 0)
        return self._records(query.order_by(ContactTable.recorded_at.desc(), ContactTable.id.desc()))

    def contact(self, contact_id: str) -> ContactRecord:
        """Return one contact.

        Raises:
            UserError: there is no such contact.
        """
        records = self._records(ContactTable.select().where(ContactTable.id == contact_id))
        if not records:
            raise UserError(tr("Diesen Kontakt gibt es nicht (mehr)."))
        return records[0]

    def latest_contact_of(self, account_id: str) -> ContactRecord | None:
        """Return the contact an account recorded last, for „wie eben“; older than a month is not „eben“."""
        since = self._store.clock.today() - timedelta(days=_JUST_NOW_DAYS)
        found = self._store.sql(_LATEST, (since.isoformat(), account_id))
        return self.contact(found[0][0]) if found else None

    def history(self, contact_id: str) -> tuple[ContactRevision, ...]:
        """Return what was done to a contact since it was recorded, oldest first."""
        query = (
            ContactRevisionTable.select(ContactRevisionTable, AccountTable.initials)
            .join(AccountTable, JOIN.LEFT_OUTER, on=(AccountTable.id == ContactRevisionTable.account_id))
            .where(ContactRevisionTable.contact_id == contact_id)
            .order_by(ContactRevisionTable.revision)
        )
        return tuple(
            ContactRevision(
                revision=row["revision"],
                action=row["action"],
                at=from_text(row["at"]).astimezone(office_zone()),
                initials=row["initials"] or "?",
                before=entry_from_text(row["snapshot"]),
            )
            for row in self._store.rows(query)
        )

    def last_changed_by(self, contact: ContactRecord) -> str:
        """Return the initials of whoever changed the contact last, or recorded it."""
        history = self.history(contact.contact_id)
        return history[-1].initials if history else contact.initials

    def count_by_topic(self, since: date) -> dict[str, int]:
        """Return how often each topic (by code) came up since a day, to order the tiles."""
        return {str(code): int(count) for code, count in self._store.sql(_BY_TOPIC, (since.isoformat(),))}

    def due_referrals(self, day: date, limit: int = 100) -> tuple[ReferralRecord, ...]:
        """Return the referrals whose follow-up is due on or before a day, the longest due first."""
        query = (
            _referral_query()
            .where(
                (ReferralTable.due_on <= day.isoformat())
                & ReferralTable.state.in_([state.value for state in _AFTER_FOLLOW_UP])
                & (ContactTable.withdrawn == 0)
            )
            .order_by(ReferralTable.due_on, Organization.name, ReferralTable.id)
            .limit(limit)
        )
        return tuple(map(_referral_record, self._store.rows(query)))

    def tally(self, day: date) -> DayTally:
        """Return the strokes of a day by kind."""
        query = (
            TallyMarkTable.select(TallyMarkTable.kind, fn.COUNT(TallyMarkTable.id))
            .where((TallyMarkTable.local_date == day.isoformat()) & (TallyMarkTable.withdrawn == 0))
            .group_by(TallyMarkTable.kind)
        )
        found = {str(kind): int(count) for kind, count in self._store.tuples(query)}
        return DayTally({kind: found.get(kind.value, 0) for kind in TallyKind})

    def _records(self, query: Any) -> tuple[ContactRecord, ...]:
        with self._store.reading():
            rows = self._store.rows(query)
            ids = [row["id"] for row in rows]
            needs = self._needs(ids)
            referrals = self._referrals(ids)
            notes = self._with_note(ids)
            initials = dict(self._store.tuples(AccountTable.select(AccountTable.id, AccountTable.initials)))
        return tuple(
            ContactRecord(
                contact_id=row["id"],
                recorded_at=from_text(row["recorded_at"]).astimezone(office_zone()),
                channel=Channel(row["channel"]),
                depth=Depth(row["depth"]),
                needs=tuple(needs[row["id"]]),
                referrals=tuple(referrals[row["id"]]),
                facts={fact: row[fact.value] for fact in Fact},
                material=row["material"],
                has_note=row["id"] in notes,
                account_id=row["account_id"],
                initials=initials.get(row["account_id"], "?"),
                withdrawn=bool(row["withdrawn"]),
                revision=row["revision"],
            )
            for row in rows
        )

    def _needs(self, contact_ids: Sequence[str]) -> dict[str, list[NeedRecord]]:
        query = (
            NeedTable.select(
                NeedTable.contact_id,
                TopicTable.code,
                TopicTable.name,
                NeedTable.result,
                NeedTable.unmet_reason,
            )
            .join(TopicTable, on=(TopicTable.id == NeedTable.topic_id))
            .where(NeedTable.contact_id.in_(contact_ids))
            .order_by(NeedTable.position)
        )
        found: dict[str, list[NeedRecord]] = defaultdict(list)
        for contact_id, code, name, result, reason in self._store.tuples(query):
            found[contact_id].append(NeedRecord(code, name, Result(result), UnmetReason(reason) if reason else None))
        return found

    def _referrals(self, contact_ids: Sequence[str]) -> dict[str, list[ReferralRecord]]:
        query = _referral_query().where(ReferralTable.contact_id.in_(contact_ids)).order_by(ReferralTable.position)
        found: dict[str, list[ReferralRecord]] = defaultdict(list)
        for row in self._store.rows(query):
            found[row["contact_id"]].append(_referral_record(row))
        return found

    def _with_note(self, contact_ids: Sequence[str]) -> Collection[str]:
        query = ContactNoteTable.select(ContactNoteTable.contact_id).where(ContactNoteTable.contact_id.in_(contact_ids))
        return {row[0] for row in self._store.tuples(query)}


def _referral_query() -> Any:
    return (
        ReferralTable.select(
            ReferralTable.id,
            ReferralTable.contact_id,
            ReferralTable.service_id,
            ReferralTable.mode,
            ReferralTable.state,
            ReferralTable.state_reason,
            ReferralTable.due_on,
            ContactTable.local_date,
            Service.name.alias("service_name"),
            Organization.name.alias("organization_name"),
        )
        .join(ContactTable, on=(ContactTable.id == ReferralTable.contact_id))
        .switch(ReferralTable)
        .join(Service, on=(Service.id == ReferralTable.service_id))
        .join(Organization, JOIN.LEFT_OUTER, on=(Organization.id == Service.organization_id))
    )


def _referral_record(row: dict[str, Any]) -> ReferralRecord:
    return ReferralRecord(
        referral_id=row["id"],
        contact_id=row["contact_id"],
        service_id=row["service_id"],
        service_name=row["service_name"],
        organization_name=row["organization_name"] or "",
        mode=ReferralMode(row["mode"]),
        state=ReferralState(row["state"]),
        state_reason=row["state_reason"],
        due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        referred_on=date.fromisoformat(row["local_date"]),
    )
