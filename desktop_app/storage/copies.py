"""Database files that are only looked at: opened without any way to write, not even a lock or a side file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr

_CACHE_KIBIBYTES = 16 * 1024
_SEALING = b"quartierslotse backup manifest 1"


class UnreadableCopy(EnvironmentProblem):
    """A file that can't be opened with the key, or is damaged."""


class CopyReader:
    """Opens copies of one installation's database; holds the data key."""

    def __init__(self, data_key: bytes) -> None:
        """Use the raw data key of 32 bytes."""
        self._data_key = data_key

    @property
    def data_key(self) -> bytes:
        """The data key, for opening a copy the usual way."""
        return self._data_key

    def sealing_key(self) -> bytes:
        """Return a key of 32 bytes for what is written beside a copy; the data key can't be found from it."""
        import hashlib

        return hashlib.blake2b(_SEALING, key=self._data_key, digest_size=32).digest()

    def open(self, path: Path) -> OpenCopy:
        """Open a copy that nobody else writes to.

        Raises:
            UnreadableCopy: the file is missing, damaged or does not fit the key.
        """
        try:
            connection = dbapi2.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )
        except dbapi2.DatabaseError as error:
            raise unreadable(path) from error
        copy = OpenCopy(path, connection)
        try:
            set_key(connection, self._data_key)
            connection.execute(f"PRAGMA cache_size = {-_CACHE_KIBIBYTES}")
            copy.sql("SELECT count(*) FROM sqlite_master")
        except dbapi2.DatabaseError as error:
            copy.close()
            raise unreadable(path) from error
        except BaseException:
            copy.close()
            raise
        return copy


class OpenCopy:
    """One opened copy. Use it as a context manager."""

    def __init__(self, path: Path, connection: Any) -> None:
        """Use an opened connection."""
        self.path = path
        self._connection = connection

    def __enter__(self) -> OpenCopy:
        """Return the copy itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def sql(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT.

        Raises:
            UnreadableCopy: a page that is needed is damaged.
        """
        try:
            return list(self._connection.execute(sql, parameters).fetchall())
        except dbapi2.DatabaseError as error:
            raise unreadable(self.path) from error

    @property
    def schema(self) -> int:
        """The schema number the file was left at."""
        return int(self.sql("PRAGMA user_version")[0][0])

    def has_damaged_pages(self) -> bool:
        """Tell whether the seal of any page is broken, or a page is missing."""
        return bool(self.sql("PRAGMA cipher_integrity_check"))

    def has_broken_structure(self) -> bool:
        """Tell whether tables, their rows or what refers to them do not hang together."""
        return self.sql("PRAGMA quick_check(1)") != [("ok",)] or bool(self.sql("PRAGMA foreign_key_check"))


def set_key(connection: Any, data_key: bytes) -> None:
    """Give a fresh connection the raw key; nothing may have been read before."""
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
    connection.execute("PRAGMA temp_store = MEMORY")


def unreadable(path: Path) -> UnreadableCopy:
    """Return the problem of a copy that does not open."""
    return UnreadableCopy(
        tr("Die Datei „{name}“ im Ordner „{folder}“ ist beschädigt oder gehört nicht zu diesen Daten. Sie wurde nicht "
           "verändert.", name=path.name, folder=path.parent)
    )  # fmt: skip
