"""The one way to write: rows, outbox and audit in one transaction, notices after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import peewee

from desktop_app.core.actor import Actor
from desktop_app.core.clock import to_text
from desktop_app.core.errors import UserError
from desktop_app.core.notices import GatheredNotices
from desktop_app.core.translation import tr
from desktop_app.storage.audit_chain import FIRST_HASH, entry_hash
from desktop_app.storage.database import write_problem
from desktop_app.storage.tables import Table

if TYPE_CHECKING:
    from desktop_app.storage.store import Store

Row = Mapping[str, object]
Subject = tuple[str, str]

_OUTBOX_SQL = "INSERT INTO outbox (collection, record_id, deleted, changed_at) VALUES (?, ?, ?, ?)"
_LAST_AUDIT_SQL = "SELECT sequence, hash FROM audit_entry ORDER BY sequence DESC LIMIT 1"
_ERASED_SQL = """
INSERT INTO erased_record (id, collection, record_id, field, times, at) VALUES (?, ?, ?, ?, 1, ?)
ON CONFLICT (id) DO UPDATE SET times = times + 1, at = excluded.at
"""
_AUDIT_SQL = "INSERT INTO audit_entry (sequence, at, account_id, action, subject_kind, subject_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"


class UnitOfWork:
    """One command's changes. Use it as a context manager; leaving with an exception undoes all."""

    def __init__(
        self, store: Store, actor: Actor, action: str, subject: Subject | None, *, from_outside: bool = False
    ) -> None:
        """Prepare the unit; the transaction begins on entry.

        Without a `subject` nothing is audited; that is for local rows such as drafts only. What comes `from_outside`
        was told to us, so the outbox does not tell it back; see `tell`.
        """
        self._store = store
        self._from_outside = from_outside
        self._actor = actor
        self._action = action
        self._subject = subject
        self._notices = GatheredNotices()
        self._outbox: dict[tuple[str, str], int] = {}
        self._audit_head: tuple[int, str] | None = None
        self.moment = to_text(store.clock.now())

    def __enter__(self) -> Self:
        """Take the writer lane and begin.

        Raises:
            EnvironmentProblem: another program holds the database too long.
        """
        self._store.writer_lane.acquire()
        try:
            self._store.execute("BEGIN IMMEDIATE")
        except BaseException as error:
            self._store.writer_lane.release()
            self._raise_write_problem(error)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write outbox and audit and commit, or roll everything back."""
        try:
            if error is not None:
                self._roll_back()
                self._raise_write_problem(error)
                return
            try:
                self._record_trail()
                self._store.execute("COMMIT")
                self._store.audit_head = self._audit_head or self._store.audit_head
            except BaseException as failure:
                self._roll_back()
                self._raise_write_problem(failure)
                raise
        finally:
            self._store.writer_lane.release()
        for notice in self._notices.take():
            self._store.notices.publish(notice)

    def insert(self, table: type[Table], row: Row) -> None:
        """Insert one row; every column not named takes NULL or the schema's default."""
        self._store.execute(insert_sql(table, tuple(row)), tuple(row.values()))
        self._note(table, str(row[primary_key(table)]), deleted=False)

    def insert_many(self, table: type[Table], rows: Sequence[Row]) -> None:
        """Insert rows that all name the same columns in the same order."""
        if not rows:
            return
        columns = tuple(rows[0])
        if any(tuple(row) != columns for row in rows):
            raise ValueError(f"rows for {table_name(table)} name different columns")
        self._store.execute_many(insert_sql(table, columns), [tuple(row.values()) for row in rows])
        key = primary_key(table)
        for row in rows:
            self._note(table, str(row[key]), deleted=False)

    def update(self, table: type[Table], record_id: str, changes: Row, *, erased: bool = False) -> None:
        """Change columns of one row. With `erased` their former values are gone for good, everywhere.

        Raises:
            UserError: the row is not there (any more).
        """
        if not changes:
            return
        if table.stored_under is not None:
            raise ValueError(f"{table_name(table)} has no index of ids: its rows are replaced, not changed")
        cursor = self._store.execute(update_sql(table, tuple(changes)), (*changes.values(), record_id))
        if cursor.rowcount == 0:
            raise UserError(tr("Der Eintrag ist nicht mehr vorhanden. Bitte laden Sie die Ansicht neu."))
        self._note(table, record_id, deleted=False)
        if erased:
            for column in changes:
                self._mark_erased(table, record_id, column)

    def delete(self, table: type[Table], record_id: str, *, under: str | None = None, erased: bool = False) -> None:
        """Delete one row; a row that is not there is no error.

        `under` is the value of the table's `stored_under`, where it has one. With `erased` the row is gone for good:
        `erased_record` remembers its id for ever, and no other device's edit brings it back.
        """
        if (table.stored_under is None) != (under is None):
            raise ValueError(f"{table_name(table)} is stored under {table.stored_under or 'its id'}")
        cursor = self._store.execute(delete_sql(table), (record_id,) if under is None else (record_id, under))
        if cursor.rowcount:
            self._note(table, record_id, deleted=True, erased=erased)
            if erased:
                self._mark_erased(table, record_id, "")

    def erase_by_name(self, collection: str, record_id: str) -> None:
        """Delete a shared row for good by the name of its table, which belongs to a layer above the caller's."""
        cursor = self._store.execute(f'DELETE FROM "{collection}" WHERE id = ?', (record_id,))  # noqa: S608 - our own names
        if cursor.rowcount:
            if not self._from_outside:
                self._outbox[collection, record_id] = 2
            self._store.execute(_ERASED_SQL, (f"{collection}/{record_id}", collection, record_id, "", self.moment))

    def forget(self, table: type[Table], record_id: str, column: str = "") -> None:
        """Mark a row, or one column of it, as gone for good although it holds nothing (any more).

        What it held before may stand in copies: what the hub is known to have, values between which a person decides, other
        desks. The record that travels has to be named with `tell`.
        """
        self._mark_erased(table, record_id, column)

    def derived(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run hand-written SQL on derived local rows (a search index); it leaves no trail."""
        self._store.execute(sql, parameters)

    def derived_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run hand-written SQL on derived local rows once per row of parameters."""
        self._store.execute_many(sql, rows)

    def rows(self, query: Any) -> list[dict[str, Any]]:
        """Read inside the transaction."""
        return self._store.rows(query)

    def first(self, query: Any) -> dict[str, Any] | None:
        """Read the first row inside the transaction."""
        return self._store.first(query)

    def sql(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Read inside the transaction with hand-written SQL."""
        return self._store.sql(sql, parameters)

    def notify(self, notice: object) -> None:
        """Publish `notice` once the unit is committed."""
        self._notices.add(notice)

    @contextmanager
    def own_changes(self) -> Iterator[None]:
        """Tell others what is written meanwhile, although the unit is `from_outside`: it follows from what came."""
        before, self._from_outside = self._from_outside, False
        try:
            yield
        finally:
            self._from_outside = before

    def tell(self, collection: str, record_id: str) -> None:
        """Put a record into the outbox although this unit did not change it, or changed it `from_outside`."""
        self._outbox[collection, record_id] = 0

    def also_subject(self, kind: str, record_id: str) -> None:
        """Name a further record that this command is about; it gets its own audit row."""
        self._record_audit(kind, record_id)

    def _note(self, table: type[Table], record_id: str, *, deleted: bool, erased: bool = False) -> None:
        if not (table.local_only or self._from_outside):
            # The same record changed twice in one unit is one change to the outside; the last state counts.
            self._outbox[table_name(table), record_id] = 2 if erased else int(deleted)

    def _mark_erased(self, table: type[Table], record_id: str, column: str) -> None:
        # For local rows too: a restored backup must not bring them back either.
        name = table_name(table)
        mark = f"{name}/{record_id}#{column}" if column else f"{name}/{record_id}"
        self._store.execute(_ERASED_SQL, (mark, name, record_id, column, self.moment))

    def _record_trail(self) -> None:
        if self._outbox:
            self._store.execute_many(
                _OUTBOX_SQL, [(*record, deleted, self.moment) for record, deleted in self._outbox.items()]
            )
        if self._subject is None:
            if self._outbox:
                raise ValueError(f"{self._action} changed shared records without naming its subject")
            return
        self._record_audit(*self._subject)

    def _record_audit(self, kind: str, record_id: str) -> None:
        known = self._audit_head or self._store.audit_head
        if known is None:
            self._append_audit(self._last_audit(), kind, record_id)
            return
        try:
            self._append_audit(known, kind, record_id)
        except peewee.IntegrityError:
            # Another program has written since: its entry has the number. Nobody does so until this unit ends.
            self._append_audit(self._last_audit(), kind, record_id)

    def _last_audit(self) -> tuple[int, str]:
        row = self._store.execute(_LAST_AUDIT_SQL).fetchone()
        return (row[0], str(row[1])) if row else (0, FIRST_HASH)

    def _append_audit(self, last: tuple[int, str], kind: str, record_id: str) -> None:
        entry = (last[0] + 1, self.moment, self._actor.account_id, self._action, kind, record_id)
        found = entry_hash(last[1], *entry)
        self._store.execute(_AUDIT_SQL, (*entry, found))
        self._audit_head = entry[0], found

    def _roll_back(self) -> None:
        try:
            self._store.execute("ROLLBACK")
        except peewee.DatabaseError:
            # SQLite has already rolled back by itself (disk full, I/O error): the first error is the one to show.
            return

    @staticmethod
    def _raise_write_problem(error: BaseException) -> None:
        if isinstance(error, peewee.DatabaseError):
            problem = write_problem(error)
            if problem is not None:
                raise problem from error


def table_name(table: type[Table]) -> str:
    """Return the name the table has in the database."""
    return str(table._meta.table_name)


def primary_key(table: type[Table]) -> str:
    """Return the column name of the table's primary key."""
    key: Any = table._meta.primary_key
    return str(key.column_name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@lru_cache(maxsize=512)
def insert_sql(table: type[Table], columns: tuple[str, ...]) -> str:
    """Return the INSERT statement for these columns, checked against the table."""
    _check_columns(table, columns)
    names = ", ".join(map(_quoted, columns))
    return f"INSERT INTO {_quoted(table_name(table))} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


@lru_cache(maxsize=512)
def update_sql(table: type[Table], columns: tuple[str, ...]) -> str:
    """Return the UPDATE statement for these columns of one row."""
    _check_columns(table, columns)
    assignments = ", ".join(f"{_quoted(column)} = ?" for column in columns)
    return f"UPDATE {_quoted(table_name(table))} SET {assignments} WHERE {_quoted(primary_key(table))} = ?"  # noqa: S608


@lru_cache(maxsize=128)
def delete_sql(table: type[Table]) -> str:
    """Return the DELETE statement for one row."""
    under = f" AND {_quoted(table.stored_under)} = ?" if table.stored_under else ""
    return f"DELETE FROM {_quoted(table_name(table))} WHERE {_quoted(primary_key(table))} = ?{under}"  # noqa: S608


def _check_columns(table: type[Table], columns: tuple[str, ...]) -> None:
    unknown = set(columns) - set(table._meta.columns)
    if unknown:
        raise ValueError(f"{table_name(table)} has no column {', '.join(sorted(unknown))}")
