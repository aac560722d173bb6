"""Which records are due: ids and moments, never content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from desktop_app.core.clock import from_text, office_zone, to_text
from desktop_app.retention.records import DataKind, DueItem
from desktop_app.storage.store import Store
from desktop_app.visitors.queries import VisitorQueries

_MOMENTS = {
    DataKind.NOTES: (
        "SELECT 'note', note.contact_id, max(note.written_at, contact.changed_at) AS since FROM contact_note AS note "
        "JOIN contact ON contact.id = note.contact_id"
    ),
    DataKind.HISTORY: (
        "SELECT 'revision', id, at AS since FROM contact_revision UNION ALL "
        "SELECT 'conflict', id, found_at FROM sync_conflict"
    ),
    DataKind.TEXTS: (
        "SELECT 'material', id, changed_at AS since FROM contact WHERE material <> '' UNION ALL "
        "SELECT 'reason', id, state_changed_at FROM referral WHERE coalesce(state_reason, '') <> ''"
    ),
    DataKind.DRAFTS: "SELECT 'draft', id, changed_at AS since FROM contact_draft",
    DataKind.IMPORTS: "SELECT 'import', id, finished_at AS since FROM import_run",
    DataKind.AUDIT: "SELECT 'audit', CAST(sequence AS TEXT), at AS since FROM audit_entry",
    DataKind.VISITORS: (
        "SELECT 'visitor', visitor.id, max(visitor.created_at, coalesce((SELECT max(contact.recorded_at) "
        "FROM contact_visitor AS link JOIN contact ON contact.id = link.contact_id "
        "WHERE link.visitor_id = visitor.id), '')) AS since FROM visitor WHERE merged_into IS NULL"
    ),
    DataKind.CARDS: (
        "SELECT 'card', card.id, max(card.issued_on, coalesce((SELECT max(contact.recorded_at) "
        "FROM contact_visitor AS link JOIN contact ON contact.id = link.contact_id "
        "WHERE link.card_id = card.id), '')) AS since FROM visit_card AS card"
    ),
    DataKind.PASSED_ON: (
        "SELECT 'passed_on', id, coalesce(answered_at, withdrawn_at) AS since FROM exchange_referral "
        "WHERE content <> '' AND (answer <> '' OR offer = 'withdrawn')"
    ),
}


#: To which file a record belongs.
_OWNERS = {
    DataKind.NOTES: "SELECT 'note' AS what, contact_id AS record_id, visitor_id FROM contact_visitor",
    DataKind.HISTORY: (
        "SELECT 'revision' AS what, contact_revision.id AS record_id, link.visitor_id AS visitor_id FROM contact_revision "
        "JOIN contact_visitor AS link USING (contact_id) UNION ALL "
        "SELECT 'conflict', id, record_id FROM sync_conflict WHERE collection = 'visitor' UNION ALL "
        "SELECT 'conflict', sync_conflict.id, link.visitor_id FROM sync_conflict "
        "JOIN contact_visitor AS link ON link.contact_id = sync_conflict.record_id WHERE collection = 'contact'"
    ),
    DataKind.TEXTS: (
        "SELECT 'material' AS what, contact_id AS record_id, visitor_id FROM contact_visitor UNION ALL "
        "SELECT 'reason', referral.id, link.visitor_id FROM referral JOIN contact_visitor AS link USING (contact_id)"
    ),
    DataKind.VISITORS: "SELECT 'visitor' AS what, id AS record_id, id AS visitor_id FROM visitor",
    DataKind.PASSED_ON: "SELECT 'passed_on' AS what, id AS record_id, visitor_id FROM exchange_referral",
}
_HELD = "SELECT id FROM visitor WHERE hold_reason <> '' AND hold_until >= ?"
_CONSENT_ENDED = "SELECT visitor_id, max(coalesce(revoked_on, ends_on)) FROM visitor_consent WHERE kind = 'record' GROUP BY visitor_id"


@dataclass(frozen=True, slots=True)
class DueRecord:
    """One record that is due."""

    what: str
    record_id: str


class DueRecords:
    """Finds what is due."""

    def __init__(self, store: Store, logs: Path) -> None:
        """Read from `store` and look at the log files in `logs`."""
        self._store, self._logs = store, logs

    def totals(self, kind: DataKind, before: date) -> tuple[int, int, date | None]:
        """Return how many are due, how many there are, and the day of the oldest that is due."""
        if kind is DataKind.LOGS:
            dated = [(path, _file_day(path)) for path in self._old_logs()]
            due = [day for _path, day in dated if day < before]
            return len(due), len(dated), min(due, default=None)
        if kind not in _MOMENTS:
            return 0, 0, None
        total = int(self._store.sql(f"SELECT count(*) FROM ({_MOMENTS[kind]})")[0][0])  # noqa: S608 - our own text
        if kind is DataKind.VISITORS:
            found = list(self._visitors(before))
            return len(found), total, min((_day(since) for _record, since in found), default=None)
        rows, _held = self._split(kind, before)
        return len(rows), total, _day(rows[0][2]) if rows else None

    def held(self, kind: DataKind, before: date) -> int:
        """Return how many would be due but are not, because the erasure of their file is suspended."""
        if kind is DataKind.VISITORS:
            return sum(1 for _item in self._all_visitors(before, is_held=True))
        return len(self._split(kind, before)[1]) if kind in _OWNERS else 0

    def is_held(self, kind: DataKind, record_id: str) -> date | None:
        """Return until when the erasure of the file is suspended to which a record belongs."""
        rows = self._store.sql(
            f"SELECT max(hold_until) FROM ({_OWNERS[kind]}) AS owner "  # noqa: S608 - our own text
            "JOIN visitor ON visitor.id = owner.visitor_id "
            "WHERE owner.record_id = ? AND hold_reason <> '' AND hold_until >= ?",
            (record_id, self._today()),
        )
        return date.fromisoformat(rows[0][0]) if rows[0][0] else None

    def records(self, kind: DataKind, before: date) -> tuple[DueRecord, ...]:
        """Return what is due, the oldest first."""
        if kind is DataKind.VISITORS:
            return tuple(record for record, _since in self._visitors(before))
        return tuple(DueRecord(what, record_id) for what, record_id, _since in self._split(kind, before)[0])

    def items(self, kind: DataKind, before: date, due_on: Callable[[date], date]) -> tuple[DueItem, ...]:
        """Return what is due with its days, the oldest first; `due_on` tells when the term of a day is over."""
        if kind is DataKind.LOGS:
            dated = sorted((_file_day(path), path.name) for path in self.log_files(before))
            return tuple(DueItem("log", name, day, due_on(day)) for day, name in dated)
        if kind is DataKind.VISITORS:
            return tuple(self._visitor_items(before, due_on))
        if kind not in _MOMENTS:
            return ()
        return tuple(
            DueItem(what, record_id, _day(since), due_on(_day(since)))
            for what, record_id, since in self._split(kind, before)[0]
        )

    def names(self, kind: DataKind) -> dict[tuple[str, str], str]:
        """Return whose a record is, as far as it belongs to a file."""
        if kind not in _OWNERS:
            return {}
        rows = self._store.sql(
            f"SELECT owner.what, owner.record_id, visitor.name FROM ({_OWNERS[kind]}) AS owner "  # noqa: S608 - our own text
            "JOIN visitor ON visitor.id = owner.visitor_id"
        )
        return {(what, record_id): name for what, record_id, name in rows}

    def held_items(self, before: date) -> tuple[DueItem, ...]:
        """Return the files that would be due but are not yet: their erasure is suspended until `due_on`."""
        until = dict(self._store.sql("SELECT id, hold_until FROM visitor WHERE hold_until IS NOT NULL"))
        return tuple(
            DueItem(
                record.what, record.record_id, _day(since), date.fromisoformat(until[record.record_id]), is_held=True
            )
            for record, since in self._all_visitors(before, is_held=True)
        )

    def _visitor_items(self, before: date, due_on: Callable[[date], date]) -> Iterator[DueItem]:
        ended = dict(self._store.sql(_CONSENT_ENDED))
        limit = _moment(before)
        for record, since in self._visitors(before):
            if since < limit:
                yield DueItem(record.what, record.record_id, _day(since), due_on(_day(since)))
            else:
                day = _day(ended.get(record.record_id) or since)
                yield DueItem(record.what, record.record_id, day, day, lacks_consent=True)

    def log_files(self, before: date) -> tuple[Path, ...]:
        """Return the log files that were put aside before a day."""
        return tuple(path for path in self._old_logs() if _file_day(path) < before)

    def _visitors(self, before: date) -> Iterator[tuple[DueRecord, str]]:
        return self._all_visitors(before, is_held=False)

    def _all_visitors(self, before: date, *, is_held: bool) -> Iterator[tuple[DueRecord, str]]:
        without = set(VisitorQueries(self._store).without_consent())
        held = {row[0] for row in self._store.sql(_HELD, (self._today(),))}
        limit = _moment(before)
        for what, visitor_id, since in self._store.sql(f"{_MOMENTS[DataKind.VISITORS]} ORDER BY since"):
            if (since < limit or visitor_id in without) and (visitor_id in held) is is_held:
                yield DueRecord(what, visitor_id), since

    def _split(self, kind: DataKind, before: date) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
        """Return what is due and what would be if its file were not held, the oldest first."""
        rows: list[tuple[str, str, str]] = self._store.sql(
            f"SELECT * FROM ({_MOMENTS[kind]}) WHERE since < ? ORDER BY since",  # noqa: S608 - our own text
            (_moment(before),),
        )
        if kind not in _OWNERS:
            return rows, []
        held = {
            tuple(row)
            for row in self._store.sql(
                f"SELECT what, record_id FROM ({_OWNERS[kind]}) WHERE visitor_id IN ({_HELD})",  # noqa: S608 - our own text
                (self._today(),),
            )
        }
        return [row for row in rows if row[:2] not in held], [row for row in rows if row[:2] in held]

    def _today(self) -> str:
        return self._store.clock.today().isoformat()

    def _old_logs(self) -> list[Path]:
        try:
            return sorted(path for path in self._logs.glob("*.log.[0-9]*") if path.is_file())
        except OSError:
            return []


def _moment(day: date) -> str:
    """The beginning of an office's day as stored text."""
    return to_text(datetime.combine(day, time(), office_zone()).astimezone(UTC))


def _day(text: str) -> date:
    return from_text(text).astimezone(office_zone()).date() if "T" in text else date.fromisoformat(text)


def _file_day(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, office_zone()).date()
