"""Saving what can still be read from a damaged database into a new one. The damaged file is only read.

SQLCipher gives up a connection at the first broken page. So reading goes on behind each gap with a fresh one: from the
last row that could be read, ever larger steps look for a row beyond the broken page, then half steps back to the first.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from desktop_app.backup.contents import count_contents, quoted, table_names
from desktop_app.backup.placing import side_file
from desktop_app.backup.records import Salvage, SalvagedTable
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_file
from desktop_app.storage.copies import set_key

_BATCH = 2_000
_LONGEST_STEP = 32
_LAST_ROW = 2**61
_INDEX_PARTS = ("_data", "_idx", "_content", "_docsize", "_config")  # tables that FTS5 makes for itself
Row = tuple[Any, ...]


def salvage(damaged: Path, data_key: bytes, target: Path, progress: Progress) -> Salvage:
    """Write what is readable in `damaged` to `target`, which must not exist; tell what it is.

    Raises:
        EnvironmentProblem: there is no file, nothing is readable, or there is no room; nothing is left at `target`.
        Cancelled: through `progress`; nothing is left.
    """
    if not damaged.is_file():
        raise EnvironmentProblem(
            tr("Die Datenbank „{name}“ fehlt im Ordner „{folder}“: Dort gibt es nichts zu retten. Bitte spielen Sie eine Sicherung "
               "ein.", name=damaged.name, folder=damaged.parent)
        )  # fmt: skip
    try:
        with tempfile.TemporaryDirectory(prefix=".rettung-", dir=target.parent) as scratch:
            source = _Source(_scratch_copy(damaged, Path(scratch)), data_key)
            try:
                saved = _Salvage(source, data_key, target, progress).run()
                flush_file(target)
                return saved
            finally:
                source.close()
    except OSError as error:
        target.unlink(missing_ok=True)
        raise _no_room(target.parent) from error
    except dbapi2.DatabaseError as error:
        target.unlink(missing_ok=True)
        raise _nothing_readable(damaged) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _scratch_copy(damaged: Path, scratch: Path) -> Path:
    """Copy the database with its journal: opening plays the journal in, and the damaged file must stay as it is."""
    copy = scratch / "beschaedigt.db"
    shutil.copyfile(damaged, copy)
    journal = side_file(damaged, "-wal")
    if journal.exists():
        shutil.copyfile(journal, side_file(copy, "-wal"))
    return copy


class _Source:
    """The damaged database, opened anew after each failure."""

    def __init__(self, path: Path, data_key: bytes) -> None:
        self._path, self._data_key = path, data_key
        self._connection: Any = None

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Yield rows; raises DatabaseError at a broken page."""
        try:
            yield from self._open().execute(sql, parameters)
        except dbapi2.DatabaseError:
            self.close()
            raise

    def first(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        return next(self.rows(sql, parameters), None)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = dbapi2.connect(str(self._path), isolation_level=None)
            set_key(self._connection, self._data_key)
            # Also opens a file that is shorter than its first page says.
            self._connection.execute("PRAGMA writable_schema = ON")
        return self._connection


class _Salvage:
    """One rescue under way."""

    def __init__(self, source: _Source, data_key: bytes, target: Path, progress: Progress) -> None:
        self._source, self._target, self._progress = source, target, progress
        self._out: Any = dbapi2.connect(str(target), isolation_level=None)
        set_key(self._out, data_key)
        self._names: list[str] = []

    def run(self) -> Salvage:
        """Copy the schema, every table, then what hangs on them."""
        try:
            return self._run()
        finally:
            self._out.close()

    def _run(self) -> Salvage:
        schema = list(self._source.rows("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        version = self._source.first("PRAGMA user_version")
        self._out.execute("PRAGMA journal_mode = OFF")
        self._out.execute("PRAGMA synchronous = OFF")  # written out once, at the end
        self._out.execute("PRAGMA foreign_keys = OFF")
        self._make(schema, ("table",))
        self._names = table_names(self._read)
        # Children without rows of their own order are found through their parents: those come first.
        ordered = sorted(self._names, key=lambda name: (self._has_no_rowid(name), name))
        tables = []
        for place, name in enumerate(ordered):
            self._progress.step(place, len(ordered), tr("Was noch lesbar ist, wird gerettet"))
            tables.append(self._table(name))
        if not any(table.rows for table in tables):
            raise dbapi2.DatabaseError("no row could be read")
        dropped = self._drop_orphans()
        self._make(schema, ("index", "view", "trigger"))
        whole_index = self._copy_index()
        self._out.execute(f"PRAGMA user_version = {int(version[0]) if version else 0}")
        self._progress.step(len(ordered), len(ordered), tr("Was noch lesbar ist, wird gerettet"))
        if not whole_index:
            tables.append(SalvagedTable("search_index", 0, has_gaps=True))
        return Salvage(tuple(tables), dropped, count_contents(self._read), self._target)

    def _read(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        return list(self._out.execute(sql, parameters).fetchall())

    def _make(self, schema: Sequence[Row], kinds: Sequence[str]) -> None:
        virtual = [str(name) for _kind, name, sql in schema if str(sql).upper().startswith("CREATE VIRTUAL")]
        made_by_others = {f"{owner}{part}" for owner in virtual for part in _INDEX_PARTS}
        for kind, name, sql in schema:
            if kind in kinds and not str(name).startswith("sqlite_") and name not in made_by_others:
                self._out.execute(sql)

    # Rows

    def _table(self, name: str) -> SalvagedTable:
        columns = [str(row[1]) for row in self._read(f"PRAGMA table_info({quoted(name)})")]
        if not self._has_no_rowid(name):
            # The number of a row is kept: indexes and the search refer to it.
            return self._by_number(name, columns)
        return self._by_parent(name, columns)

    def _has_no_rowid(self, name: str) -> bool:
        return any(row[1] == name and row[4] for row in self._read("PRAGMA table_list"))

    def _by_number(self, name: str, columns: Sequence[str]) -> SalvagedTable:
        key = next((row[1] for row in self._read(f"PRAGMA table_info({quoted(name)})") if _is_number(row)), "rowid")
        names = ", ".join(quoted(column) for column in columns)
        read = f"SELECT rowid, {names} FROM {quoted(name)} NOT INDEXED WHERE rowid >= ? ORDER BY rowid"  # noqa: S608
        write = (
            f"INSERT OR IGNORE INTO {quoted(name)} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
            if key != "rowid"
            else f"INSERT OR IGNORE INTO {quoted(name)} (rowid, {names}) "  # noqa: S608
            f"VALUES ({', '.join('?' * (len(columns) + 1))})"
        )
        done, start, has_gaps = 0, -_LAST_ROW, False
        while True:
            batch: list[Row] = []
            last = start - 1
            try:
                for row in self._source.rows(read, (start,)):
                    last = int(row[0])
                    batch.append(row[1:] if key != "rowid" else row)
                    if len(batch) == _BATCH:
                        done += self._write(write, batch)
                        batch = []
            except dbapi2.DatabaseError:
                done += self._write(write, batch)
                has_gaps = True
                behind = self._behind_gap(name, last + 1)
                if behind is None:
                    return SalvagedTable(name, done, has_gaps)
                start = behind
                continue
            done += self._write(write, batch)
            return SalvagedTable(name, done, has_gaps)

    def _behind_gap(self, name: str, gap: int) -> int | None:
        """Return the first number from which on rows can be read again; None when nothing follows."""
        probe = f"SELECT rowid FROM {quoted(name)} NOT INDEXED WHERE rowid >= ? ORDER BY rowid LIMIT 1"  # noqa: S608

        def reads(number: int) -> bool:
            try:
                self._source.first(probe, (number,))
            except dbapi2.DatabaseError:
                return False
            return True

        low, step = max(gap, 0), 1
        if low != gap and reads(low):
            return low
        high = low + step
        while not reads(high):
            if high > _LAST_ROW:
                return None
            low, step = high, step * 2
            high = low + step
        while high - low > 1:
            middle = (low + high) // 2
            if reads(middle):
                high = middle
            else:
                low = middle
        return high

    def _by_parent(self, name: str, columns: Sequence[str]) -> SalvagedTable:
        names = ", ".join(quoted(column) for column in columns)
        write = f"INSERT OR IGNORE INTO {quoted(name)} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        whole = f"SELECT {names} FROM {quoted(name)}"  # noqa: S608
        try:
            return SalvagedTable(name, self._copy(whole, write), has_gaps=False)
        except dbapi2.DatabaseError:
            parent = self._parent(name)
        if parent is None:
            return SalvagedTable(name, self._count(name), has_gaps=True)
        column, owner, owner_key = parent
        one = f"{whole} WHERE {quoted(column)} = ?"
        keys = [row[0] for row in self._read(f"SELECT {quoted(owner_key)} FROM {quoted(owner)} ORDER BY 1")]  # noqa: S608
        self._children(one, write, keys)
        return SalvagedTable(name, self._count(name), has_gaps=True)

    def _children(self, one: str, write: str, keys: Sequence[object]) -> None:
        """Read the rows of each parent. Parents beside each other share a page, so behind a broken one it goes in steps."""

        def reads(place: int) -> bool:
            try:
                rows.extend(self._source.rows(one, (keys[place],)))
            except dbapi2.DatabaseError:
                return False
            return True

        rows: list[Row] = []
        place = 0
        while place < len(keys):
            if not reads(place):
                low, step = place, 1
                while (high := low + step) < len(keys) and not reads(high):
                    low, step = high, min(step * 2, _LONGEST_STEP)
                if high >= len(keys):
                    break
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (low, middle) if reads(middle) else (middle, high)
                place = high
            place += 1
            if len(rows) >= _BATCH:
                self._write(write, rows)
                rows.clear()
        self._write(write, rows)

    def _parent(self, name: str) -> tuple[str, str, str] | None:
        first = next(str(row[1]) for row in self._read(f"PRAGMA table_info({quoted(name)})") if row[5] == 1)
        for row in self._read(f"PRAGMA foreign_key_list({quoted(name)})"):
            if row[3] == first:
                return first, str(row[2]), str(row[4] or "id")
        return None

    def _copy(self, read: str, write: str) -> int:
        done, batch = 0, []
        for row in self._source.rows(read):
            batch.append(row)
            if len(batch) == _BATCH:
                done += self._write(write, batch)
                batch = []
        return done + self._write(write, batch)

    def _write(self, sql: str, batch: Sequence[Row]) -> int:
        if not batch:
            return 0
        self._out.execute("BEGIN")
        cursor = self._out.executemany(sql, batch)
        self._out.execute("COMMIT")
        return max(0, int(cursor.rowcount))

    def _count(self, name: str) -> int:
        return int(self._read(f"SELECT count(*) FROM {quoted(name)}")[0][0])  # noqa: S608

    # What hangs together

    def _drop_orphans(self) -> int:
        """Leave out rows whose parent is lost, until nothing refers to what is not there."""
        dropped = 0
        while orphans := self._read("PRAGMA foreign_key_check"):
            before = self._out.total_changes
            for table, number, _parent, constraint in orphans:
                if number is None:
                    self._drop_without_number(str(table), int(constraint))
                else:
                    self._out.execute(f"DELETE FROM {quoted(table)} WHERE rowid = ?", (number,))  # noqa: S608
            removed = int(self._out.total_changes - before)
            if not removed:
                break
            dropped += removed
        return dropped

    def _drop_without_number(self, table: str, constraint: int) -> None:
        for row in self._read(f"PRAGMA foreign_key_list({quoted(table)})"):
            if row[0] == constraint:
                child, parent, key = quoted(str(row[3])), quoted(str(row[2])), quoted(str(row[4] or "id"))
                self._out.execute(
                    f"DELETE FROM {quoted(table)} WHERE {child} IS NOT NULL "  # noqa: S608
                    f"AND {child} NOT IN (SELECT {key} FROM {parent})"
                )

    def _copy_index(self) -> bool:
        """Take the search index over as it is, if all of it can be read; it is made anew at the next import otherwise."""
        whole = True
        parts = [str(row[1]) for row in self._read("PRAGMA table_list") if row[2] == "shadow"]
        for name in parts:
            columns = [str(row[1]) for row in self._read(f"PRAGMA table_info({quoted(name)})")]
            names = ", ".join(quoted(column) for column in columns)
            read = f"SELECT {names} FROM {quoted(name)}"  # noqa: S608
            write = f"INSERT OR REPLACE INTO {quoted(name)} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
            try:
                self._copy(read, write)
            except dbapi2.DatabaseError:
                whole = False
        return whole


def _is_number(column: Row) -> bool:
    """Tell whether a column of `table_info` is the number of the row itself."""
    return bool(column[5] == 1 and str(column[2]).upper() == "INTEGER")


def _nothing_readable(damaged: Path) -> EnvironmentProblem:
    return EnvironmentProblem(
        tr("In der beschädigten Datenbank „{name}“ ist nichts mehr lesbar. Sie wurde nicht verändert. Bitte spielen Sie eine "
           "Sicherung ein.", name=damaged.name)
    )  # fmt: skip


def _no_room(folder: Path) -> EnvironmentProblem:
    return EnvironmentProblem(
        tr("Der Ordner „{folder}“ lässt sich nicht beschreiben. Bitte prüfen Sie Platz und Rechte.", folder=folder)
    )
