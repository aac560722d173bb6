"""The SQL of pushes and pulls, once for each engine: a page or a push is a handful of statements, not one a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from desktop_app.sync.protocol import MAX_PULL_BYTES

Key = tuple[str, str]  # collection, id
_SQLITE_PARAMETERS = 30_000  # a statement of SQLite takes 32,766
_DIGEST_CHUNK = 5_000


class State(NamedTuple):
    """What stands about a record, without its data."""

    seq: int
    state: int
    owner: str | None


class NewVersion(NamedTuple):
    """A version to be written. `owner` counts only when the record is new."""

    collection: str
    id: str
    seq: int
    state: int
    owner: str | None
    data: str


class StoredRecord(NamedTuple):
    """A record as it lies in the table."""

    seq: int
    collection: str
    id: str
    state: int
    owner: str | None
    data: str


class StoredPosition(NamedTuple):
    """A record without its data."""

    seq: int
    collection: str
    id: str
    state: int
    owner: str | None


class RecordSql(Protocol):
    """What a push and a pull ask of an engine."""

    def states(self, space: int, keys: Sequence[Key]) -> dict[Key, State]:
        """Return what stands about these records; unknown ones are left out."""

    def records(self, space: int, keys: Sequence[Key]) -> dict[Key, StoredRecord]:
        """Return these records with their data."""

    def write(self, space: int, versions: Sequence[NewVersion], day: str) -> None:
        """Insert or overwrite; no key twice."""

    def page(self, space: int, since: int, limit: int, prefix: str) -> list[StoredRecord]:
        """Return up to `limit` records above `since` in order, and not much more than MAX_PULL_BYTES."""

    def positions(self, space: int, since: int, limit: int, prefix: str) -> list[StoredPosition]:
        """Return up to `limit` records above `since` in order, without data."""

    def in_order(self, space: int, prefix: str) -> Iterator[tuple[str, str, int]]:
        """Yield collection, id and seq of every record, ordered bytewise by collection and id."""


# The text of `data` counts in characters here: base64 and most of JSON are one byte each.
_PAGE = """
SELECT seq, collection, id, state, owner, data FROM (
    SELECT seq, collection, id, state, owner, data,
           sum(length(data)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) - length(data) AS before
    FROM (SELECT * FROM record WHERE space_id = {p} AND seq > {p}{own} ORDER BY seq LIMIT {p}) AS nearest
) AS measured WHERE before < {p} ORDER BY seq"""
_POSITIONS = "SELECT seq, collection, id, state, owner FROM record WHERE space_id = {p} AND seq > {p}{own} ORDER BY seq LIMIT {p}"
_ORDER = "SELECT collection, id, seq FROM record WHERE space_id = {p}{own} ORDER BY collection, id"


class _Reading:
    """What both engines write alike but for the sign of a parameter."""

    sign = "?"

    def __init__(self, database: Any) -> None:
        self._database = database

    def page(self, space: int, since: int, limit: int, prefix: str) -> list[StoredRecord]:
        """See RecordSql."""
        text, own = self._text(_PAGE, prefix)
        rows = self._database.execute_sql(text, (space, since, *own, limit, MAX_PULL_BYTES))
        return list(map(StoredRecord._make, rows.fetchall()))

    def positions(self, space: int, since: int, limit: int, prefix: str) -> list[StoredPosition]:
        """See RecordSql."""
        text, own = self._text(_POSITIONS, prefix)
        rows = self._database.execute_sql(text, (space, since, *own, limit))
        return list(map(StoredPosition._make, rows.fetchall()))

    def in_order(self, space: int, prefix: str) -> Iterator[tuple[str, str, int]]:
        """See RecordSql."""
        text, own = self._text(_ORDER, prefix)
        cursor = self._database.execute_sql(text, (space, *own))
        while chunk := cursor.fetchmany(_DIGEST_CHUNK):
            yield from chunk

    def _text(self, template: str, prefix: str) -> tuple[str, tuple[str, ...]]:
        # Bytewise order: everything that begins with "x:" lies between "x:" and "x;".
        own = f" AND id >= {self.sign} AND id < {self.sign}" if prefix else ""
        bounds = (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)) if prefix else ()
        return template.format(p=self.sign, own=own), bounds


class PostgresRecords(_Reading):
    """Arrays go over in one statement and are unfolded by the server."""

    sign = "%s"
    _STATES = """
        SELECT r.collection, r.id, r.seq, r.state, r.owner
        FROM unnest(%b::text[], %b::text[]) AS wanted (collection, id)
        JOIN record r ON r.space_id = %s AND r.collection = wanted.collection AND r.id = wanted.id"""
    _RECORDS = _STATES.replace("r.seq, r.state, r.owner", "r.seq, r.state, r.owner, r.data")
    _WRITE = """
        INSERT INTO record (space_id, collection, id, seq, state, owner, data, changed_on)
        SELECT %s, given.*, %s
        FROM unnest(%b::text[], %b::text[], %b::bigint[], %b::smallint[], %b::text[], %b::text[]) AS given
        ON CONFLICT (space_id, collection, id) DO UPDATE
        SET seq = excluded.seq, state = excluded.state, data = excluded.data, changed_on = excluded.changed_on"""

    def states(self, space: int, keys: Sequence[Key]) -> dict[Key, State]:
        """See RecordSql."""
        if not keys:
            return {}
        collections, ids = zip(*keys, strict=True)
        rows = self._database.execute_sql(self._STATES, (list(collections), list(ids), space)).fetchall()
        return {(row[0], row[1]): State(*row[2:]) for row in rows}

    def records(self, space: int, keys: Sequence[Key]) -> dict[Key, StoredRecord]:
        """See RecordSql."""
        if not keys:
            return {}
        collections, ids = zip(*keys, strict=True)
        rows = self._database.execute_sql(self._RECORDS, (list(collections), list(ids), space)).fetchall()
        return {(row[0], row[1]): StoredRecord(row[2], row[0], row[1], *row[3:]) for row in rows}

    def write(self, space: int, versions: Sequence[NewVersion], day: str) -> None:
        """See RecordSql."""
        if versions:
            self._database.execute_sql(self._WRITE, (space, day, *map(list, zip(*versions, strict=True))))


class SqliteRecords(_Reading):
    """SQLite runs in this process: many small statements cost little."""

    _WRITE = """
        INSERT INTO record (space_id, collection, id, seq, state, owner, data, changed_on)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (space_id, collection, id) DO UPDATE
        SET seq = excluded.seq, state = excluded.state, data = excluded.data, changed_on = excluded.changed_on"""

    def states(self, space: int, keys: Sequence[Key]) -> dict[Key, State]:
        """See RecordSql."""
        return {
            (row[0], row[1]): State(*row[2:]) for row in self._by_key("collection, id, seq, state, owner", space, keys)
        }

    def records(self, space: int, keys: Sequence[Key]) -> dict[Key, StoredRecord]:
        """See RecordSql."""
        rows = self._by_key("seq, collection, id, state, owner, data", space, keys)
        return {(row[1], row[2]): StoredRecord(*row) for row in rows}

    def write(self, space: int, versions: Sequence[NewVersion], day: str) -> None:
        """See RecordSql."""
        self._database.cursor().executemany(self._WRITE, [(space, *version, day) for version in versions])

    def _by_key(self, columns: str, space: int, keys: Sequence[Key]) -> Iterator[tuple[Any, ...]]:
        if not keys:
            return
        step = _SQLITE_PARAMETERS // 2
        for start in range(0, len(keys), step):
            chunk = keys[start : start + step]
            places = ", ".join(["(?, ?)"] * len(chunk))
            text = f"SELECT {columns} FROM record WHERE space_id = ? AND (collection, id) IN (VALUES {places})"  # noqa: S608
            yield from self._database.execute_sql(text, (space, *(part for key in chunk for part in key))).fetchall()
