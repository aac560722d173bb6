"""One database of a hub: connections, transactions, the engine's own SQL for the two busy statements."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from hub.storage.records import PostgresRecords, RecordSql, SqliteRecords

MIGRATIONS = Path(__file__).with_name("migrations")
PUT_BACK = "put_back"
"""A table without rows that the restore script leaves behind: nothing works until `restored` has taken it away."""
_WAIT_SECONDS = 10
_STALE_SECONDS = 600


class NotPrepared(Exception):
    """The database is empty, or belongs to another version; the message is a German sentence for the operator."""


class HubDatabase:
    """A pool of connections. Every method needs one of the three contexts to be open in its thread."""

    def __init__(self, url: str, *, connections: int = 16) -> None:
        """Prepare the database at `url`; nothing is opened yet."""
        # Peewee logs bound values at DEBUG: no level it inherits may switch that on.
        logging.getLogger("peewee").setLevel(logging.WARNING)
        self._writer = threading.Lock()
        self.records: RecordSql
        if url.startswith("sqlite:///"):
            self.engine = "sqlite"
            self._database = _sqlite(unquote(url.removeprefix("sqlite:///")), connections)
            self.records = SqliteRecords(self._database)
        else:
            self.engine = "postgresql"
            self._database = _postgres(url, connections)
            self.records = PostgresRecords(self._database)

    # ------------------------------------------------------------------------------------------ contexts

    @contextmanager
    def session(self) -> Iterator[None]:
        """Open a connection; every statement stands for itself."""
        with self._database.connection_context():
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Open a connection on which all reads see the same moment."""
        with self._database.connection_context():
            if self.engine == "sqlite":
                with self._database.transaction():
                    yield
            else:
                with self._database.transaction("REPEATABLE READ"):
                    yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open a connection and a transaction that is committed at the end, or not at all."""
        if self.engine == "sqlite":
            # One writer at a time anyway; a queue is fairer than SQLite's polling.
            with self._writer, self._database.connection_context(), self._database.transaction("IMMEDIATE"):
                yield
        else:
            with self._database.connection_context(), self._database.transaction():
                yield

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Let a part of a transaction fail on its own, with what it raised."""
        with self._database.savepoint():
            yield

    # ------------------------------------------------------------------------------------------ queries

    def rows(self, query: Any) -> list[dict[str, Any]]:
        """Return all rows of a query as dicts."""
        return list(query.dicts().execute(self._database))

    def first(self, query: Any) -> dict[str, Any] | None:
        """Return the first row of a query, or None."""
        return next(iter(query.dicts().execute(self._database)), None)

    def run(self, query: Any) -> int:
        """Run an insert, an update or a delete; return how many rows it met."""
        result = query.execute(self._database)
        return result if isinstance(result, int) else 0

    def sql(self, text: str, parameters: Sequence[Any] = ()) -> Any:
        """Run hand-written SQL with `?` for parameters and return the cursor."""
        return self._database.execute_sql(text if self.engine == "sqlite" else text.replace("?", "%s"), parameters)

    def locked(self, query: Any) -> dict[str, Any] | None:
        """Return the first row of a query and keep it for this transaction; SQLite has only one writer anyway."""
        return self.first(query if self.engine == "sqlite" else query.for_update())

    @property
    def for_update(self) -> str:
        """What ends a hand-written SELECT whose row is to be kept for this transaction."""
        return "" if self.engine == "sqlite" else " FOR UPDATE"

    # ------------------------------------------------------------------------------------------ schema

    def migrate(self) -> list[str]:
        """Bring the schema up to date; return the names of the steps that were made."""
        from playhouse.migrations import Runner

        with self._database.connection_context():
            return [str(name) for name in Runner(self._database, str(MIGRATIONS)).up() or ()]

    def check_schema(self, *, put_back: bool = False) -> None:
        """Make sure that this program and the database fit; with `put_back` a backup that has just come back will do.

        Raises:
            NotPrepared: the database is empty, older or newer, or came out of a backup and has its old epochs.
        """
        known = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
        with self._database.connection_context():
            tables = self._database.get_tables()
            done = (
                {name for (name,) in self._database.execute_sql("SELECT name FROM schema_migration").fetchall()}
                if "schema_migration" in tables
                else set()
            )
        if not done:
            raise NotPrepared("Die Datenbank ist noch leer. Bitte zuerst: quartierslotse-hub init")
        if done - known:
            raise NotPrepared("Die Datenbank gehört zu einer neueren Version des Hubs. Bitte diese installieren.")
        if known - done:
            raise NotPrepared(
                "Die Datenbank gehört zu einer älteren Version. Bitte nach einer Sicherung: quartierslotse-hub init"
            )
        if PUT_BACK in tables and not put_back:
            raise NotPrepared(
                "Die Datenbank kommt aus einer Sicherung. Bitte zuerst: quartierslotse-hub restored --yes"
            )

    def ping(self) -> None:
        """Ask the database for anything.

        Raises:
            peewee.PeeweeException: it does not answer.
        """
        with self.session():
            self.sql("SELECT 1").fetchone()

    def close(self) -> None:
        """Close every connection."""
        self._database.close_all()


def _sqlite(path: str, connections: int) -> Any:
    from playhouse.pool import PooledSqliteDatabase

    return PooledSqliteDatabase(
        path,
        max_connections=connections,
        timeout=_WAIT_SECONDS,
        check_same_thread=False,
        pragmas=[
            ("journal_mode", "WAL"),
            ("synchronous", "FULL"),
            ("foreign_keys", 1),
            ("secure_delete", 1),
            ("busy_timeout", _WAIT_SECONDS * 1000),
            ("cache_size", -32 * 1024),
        ],
    )


def _postgres(url: str, connections: int) -> Any:
    from playhouse.pool import PooledPostgresqlDatabase

    normal = "postgresql://" + url.partition("://")[2]
    urlsplit(normal)  # a ValueError here is better than one in the middle of a request
    return PooledPostgresqlDatabase(
        normal,
        max_connections=connections,
        timeout=_WAIT_SECONDS,
        stale_timeout=_STALE_SECONDS,
        prefer_psycopg3=True,
        application_name="quartierslotse-hub",
        connect_timeout=_WAIT_SECONDS,
    )
