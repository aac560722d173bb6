"""Reads on the audit log."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from peewee import JOIN

from desktop_app.audit.records import AuditFilter, AuditKind, AuditPage, AuditPerson, AuditRecord
from desktop_app.audit.vocabulary import ACTION_KINDS, actions_of
from desktop_app.core.clock import from_text, office_zone, to_text
from desktop_app.security.tables import AccountTable
from desktop_app.storage.store import Store
from desktop_app.storage.tables import AuditEntry

PAGE_SIZE = 100
_UNKNOWN_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


class AuditQueries:
    """Pages of the log, and whom it can be filtered by."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store

    def page(self, wanted: AuditFilter, *, before: int | None = None, size: int = PAGE_SIZE) -> AuditPage:
        """Return the newest entries that fit, or those older than number `before`."""
        query = AuditEntry.select(AuditEntry, AccountTable.display_name).join(
            AccountTable, JOIN.LEFT_OUTER, on=(AccountTable.id == AuditEntry.account_id)
        )
        query = _restricted(query, wanted)
        if before is not None:
            query = query.where(AuditEntry.sequence < before)
        rows = self._store.rows(query.order_by(AuditEntry.sequence.desc()).limit(size + 1))
        records = tuple(map(_record, rows[:size]))
        return AuditPage(records, records[-1].sequence if len(rows) > size else None)

    def people(self) -> tuple[AuditPerson, ...]:
        """Return the accounts, those that were removed too, by name."""
        query = AccountTable.select(AccountTable.id, AccountTable.display_name)
        people = [AuditPerson(row["id"], row["display_name"]) for row in self._store.rows(query)]
        return tuple(sorted(people, key=lambda person: (person.display_name.casefold(), person.account_id)))


def _restricted(query: Any, wanted: AuditFilter) -> Any:
    if wanted.account_id is not None:
        query = query.where(AuditEntry.account_id == wanted.account_id)
    if wanted.first_day is not None:
        query = query.where(AuditEntry.at >= _beginning(wanted.first_day))
    if wanted.last_day is not None:
        query = query.where(AuditEntry.at < _beginning(wanted.last_day + timedelta(days=1)))
    if wanted.kind is AuditKind.OTHER:
        query = query.where(AuditEntry.action.not_in(list(ACTION_KINDS)))
    elif wanted.kind is not None:
        query = query.where(AuditEntry.action.in_(actions_of(wanted.kind)))
    return query


def _beginning(day: date) -> str:
    return to_text(datetime.combine(day, time.min, office_zone()))


def _record(row: dict[str, Any]) -> AuditRecord:
    try:
        at = from_text(row["at"])
    except (TypeError, ValueError, AttributeError):
        at = _UNKNOWN_MOMENT  # somebody wrote nonsense into the file: the check names it, the page has to go on
    return AuditRecord(
        sequence=row["sequence"],
        at=at.astimezone(office_zone()),
        account_id=str(row["account_id"]),
        account_name=row["display_name"] or "",
        action=str(row["action"]),
        subject_kind=str(row["subject_kind"]),
        subject_id=str(row["subject_id"]),
        hash=str(row["hash"]),
    )
