"""An open database: reads by query, writes by unit of work."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import peewee
from sqlcipher3 import dbapi2

from desktop_app.core.actor import Actor
from desktop_app.core.clock import Clock
from desktop_app.core.foreground import Foreground
from desktop_app.core.ids import IdFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.storage.database import DamagedDatabase, EncryptedDatabase, is_damage, read_problem, write_problem
from desktop_app.storage.unit_of_work import Subject, UnitOfWork

if TYPE_CHECKING:
    from desktop_app.core.progress import Progress
    from desktop_app.storage.copies import CopyReader

# Turns the driver's errors into Peewee's where its own way of running a statement is not taken.
_peewee_errors: AbstractContextManager[None] = vars(peewee)["__exception_wrapper__"]


@dataclass(frozen=True, slots=True)
class DamageFound:
    """Somebody met a place of the database that is damaged; the program leads to the way back, whoever shows the sentence."""


class _ReadingErrors:
    """Says what the surroundings refused in a read; other errors pass."""

    __slots__ = ("_notices",)

    def __init__(self, notices: NoticeBoard) -> None:
        self._notices = notices

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Peewee translates errors of running its queries, not those of fetching rows: both kinds come here.
        if isinstance(error, peewee.DatabaseError | dbapi2.DatabaseError):
            problem = read_problem(error)
            if problem is not None:
                if isinstance(problem, DamagedDatabase):
                    self._notices.publish(DamageFound())
                raise problem from error


class _WritingErrors:
    """Turns the driver's errors into Peewee's, for the unit of work to judge, and tells of damage."""

    __slots__ = ("_notices",)

    def __init__(self, notices: NoticeBoard) -> None:
        self._notices = notices

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            return
        if isinstance(error, dbapi2.DatabaseError) and is_damage(error):
            self._notices.publish(DamageFound())
        _peewee_errors.__exit__(kind, error, trace)


class WriterLane:
    """Lets one thread write at a time. A unit of work inside another would wait for itself: that is refused."""

    def __init__(self) -> None:
        """Start free."""
        self._lock = threading.Lock()
        self._holder = 0
        self._waiting: deque[None] = deque()  # one entry a thread that waits: appending and popping need no lock

    @property
    def is_wanted(self) -> bool:
        """Whether another thread waits for the lane: whoever has much to write then comes to an end soon."""
        return bool(self._waiting)

    def acquire(self) -> None:
        """Wait for the lane and take it.

        Raises:
            RuntimeError: the calling thread has it already; our bug.
        """
        if self._holder == threading.get_ident():
            raise RuntimeError("a unit of work was begun inside another")
        if not self._lock.acquire(blocking=False):
            self._waiting.append(None)
            try:
                self._lock.acquire()
            finally:
                self._waiting.pop()
        self._holder = threading.get_ident()

    def release(self) -> None:
        """Leave the lane to the next."""
        self._holder = 0
        self._lock.release()


class Store:
    """One open encrypted file. Threads may share it: each gets its own connection.

    Reads never wait for writes (WAL); writes of this process go one after another through
    `writer_lane`.
    """

    def __init__(self, database: EncryptedDatabase, clock: Clock, ids: IdFactory, notices: NoticeBoard) -> None:
        """Use an opened and migrated `database`; see `desktop_app.storage.opening`."""
        self._database = database
        self.clock = clock
        self.ids = ids
        self.notices = notices
        self._reading_errors = _ReadingErrors(notices)
        self._writing_errors = _WritingErrors(notices)
        self.writer_lane = WriterLane()
        self.foreground = Foreground()
        #: Number and hash of the last audit entry this program wrote, for the next unit of work. Reading the row each
        #: time took a twentieth of a millisecond of every save.
        self.audit_head: tuple[int, str] | None = None
        #: Whether `compact` holds the writer's lane, for a second or two in a large file: what can wait, waits.
        self.is_rewriting = False

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    def give_way(self) -> None:
        """Let the window go first, if somebody is at it; not while somebody waits for the writer's lane."""
        if not self.writer_lane.is_wanted:
            self.foreground.give_way()

    def unit_of_work(
        self, actor: Actor, action: str, subject: Subject | None, *, from_outside: bool = False
    ) -> UnitOfWork:
        """Return a unit of work; `subject` is (kind, id) of the record the command is about (None: local rows only)."""
        return UnitOfWork(self, actor, action, subject, from_outside=from_outside)

    def rows(self, query: Any) -> list[dict[str, Any]]:
        """Return the rows of a Peewee query as dictionaries by column name."""
        with self._reading_errors:
            cursor = self._database.execute(query)
            names = [column[0].strip('"') for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def tuples(self, query: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a Peewee query as tuples."""
        with self._reading_errors:
            return list(self._database.execute(query).fetchall())

    def first(self, query: Any) -> dict[str, Any] | None:
        """Return the first row of a Peewee query, or None."""
        rows = self.rows(query.limit(1))
        return rows[0] if rows else None

    def scalar(self, query: Any) -> Any:
        """Return the first column of the first row of a Peewee query, or None."""
        with self._reading_errors:
            row = self._database.execute(query).fetchone()
        return row[0] if row else None

    def sql(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a hand-written SELECT."""
        with self._reading_errors, _peewee_errors:
            return list(self._database.connection().execute(sql, parameters).fetchall())

    def sql_at_once(self, columns: int, sql: str, parameters: Sequence[object] = ()) -> list[list[Any]]:
        """Return the rows of a hand-written SELECT of so many columns (text, numbers, NULL), fetched in a single step.

        The driver lets go of the interpreter for every row and gets it back when other threads let it. What the window
        waits for must not depend on that hundreds of times.
        """
        names = ", ".join(f"c{number}" for number in range(columns))
        whole = f"WITH found({names}) AS ({sql}) SELECT json_group_array(json_array({names})) FROM found"  # noqa: S608
        ((rows,),) = self.sql(whole, parameters)
        return list(json.loads(rows))

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run a statement for the unit of work; nobody else writes.

        Straight to the driver: what Peewee does around each statement is felt when a contact is saved.
        """
        with self._writing_errors:
            return self._database.connection().execute(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once per row of parameters for the unit of work."""
        with self._writing_errors:
            self._database.connection().executemany(sql, rows)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold one snapshot over several reads, so that their numbers agree; inside a unit of work it is one already."""
        if self._database.connection().in_transaction:
            yield
            return
        with self._reading_errors:
            self._database.execute_sql("BEGIN")
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        with self._reading_errors:
            self._database.execute_sql("COMMIT")

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let nobody write, this process or another, while the file itself is looked at.

        Raises:
            peewee.OperationalError: another program writes too long.
        """
        self.writer_lane.acquire()
        try:
            self._database.execute_sql("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                self._roll_back()
        finally:
            self.writer_lane.release()

    def compact(self) -> bool:
        """Rewrite the file without a trace of what was deleted, and empty the write-ahead log; whoever writes waits.

        `secure_delete` overwrites what it deletes, not every copy SQLite may leave when it moves cells between pages.
        Return whether the log is empty too; a long read elsewhere can hold it.

        Raises:
            EnvironmentProblem: the disk is full or refuses; everything is as before.
        """
        self.writer_lane.acquire()
        self.is_rewriting = True
        try:
            with self._writing_errors:
                connection = self._database.connection()
                connection.execute("VACUUM")
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except peewee.DatabaseError as error:
            problem = write_problem(error)
            if problem is not None:
                raise problem from error
            raise
        finally:
            self.is_rewriting = False
            self.writer_lane.release()
        return not busy

    def write_backup_copy(self, target: Path, progress: Progress | None = None) -> None:
        """Write an encrypted copy to `target`; see `desktop_app.storage.backup_copy`."""
        from desktop_app.storage.backup_copy import write_backup_copy

        write_backup_copy(self._database, target, progress)

    def copy_reader(self) -> CopyReader:
        """Return what opens copies of this database."""
        return self._database.copy_reader()

    def _roll_back(self) -> None:
        """End what only read. On a broken connection that fails too: the first error is the one to tell."""
        with suppress(peewee.DatabaseError):
            self._database.execute_sql("ROLLBACK")

    @property
    def knows_key(self) -> bool:
        """Whether it can be read; False while the screen is locked."""
        return self._database.knows_key

    def forget_key(self) -> None:
        """Close every connection and let go of the key; until `know_key` every access raises LockedData.

        Nobody may be at work in another thread.
        """
        self._database.forget_key()

    def know_key(self, key: bytes) -> None:
        """Be readable again.

        Raises:
            EnvironmentProblem: the file can't be read with this key, or not at all.
        """
        self._database.know_key(key)

    def end_thread(self) -> None:
        """Close the connection of the calling thread; a worker calls this when it is done."""
        if not self._database.is_closed():
            self._database.close()

    def close(self) -> None:
        """Close every connection."""
        self._database.close_all()
