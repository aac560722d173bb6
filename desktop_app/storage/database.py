"""One SQLCipher file: connections with the raw data key and the pragmas the program relies on."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import peewee
from playhouse.sqlcipher_ext import SqlCipherDatabase

from desktop_app.core.errors import EnvironmentProblem, LockedData
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.storage.copies import CopyReader

KEY_BYTES = 32
PAGE_BYTES = 4096  # what SQLCipher 4 writes; no database of ours is smaller
_CACHE_KIBIBYTES = 64 * 1024
_BUSY_TIMEOUT_SECONDS = 10

# SQLite's names of errors by what they mean to the user; a longer name is a special case of its beginning.
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_FULL = ("SQLITE_FULL",)
_REFUSED = ("SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")

_PRAGMAS: tuple[tuple[str, object], ...] = (
    # Its own error log goes to stderr; our sentence says it better and names no pages.
    ("cipher_log_level", "NONE"),
    # Before anything is read: temporary tables and sorts must not reach the disk in clear text.
    ("temp_store", "MEMORY"),
    ("journal_mode", "WAL"),
    ("synchronous", "FULL"),
    ("foreign_keys", 1),
    ("secure_delete", 1),
    # So that replacing a row fires the triggers of deleting it: the audit log has one that refuses.
    ("recursive_triggers", 1),
    # Decrypting pages is the dear part of reading: measured four times slower cold, equal when cached.
    ("cache_size", -_CACHE_KIBIBYTES),
)


class DamagedDatabase(EnvironmentProblem):
    """The database file is no database of ours (any more): a backup has to take its place."""


class MissingDatabase(DamagedDatabase):
    """There is no database file where one was: it is never made anew unasked, a backup has to take its place."""


class EncryptedDatabase(SqlCipherDatabase):
    """A Peewee database on a SQLCipher file, one connection a thread, all closed together."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Prepare the database at `path` with a raw key of 32 bytes; nothing is opened yet."""
        if len(key) != KEY_BYTES:
            raise ValueError("the data key has 32 bytes")
        # Peewee logs bound values, and `rekey` even the key, at DEBUG: no level it inherits may switch that on.
        peewee_logger = logging.getLogger("peewee")
        if peewee_logger.level < logging.INFO:
            peewee_logger.setLevel(logging.INFO)
        self.path = path
        self._connections: list[Any] = []
        self._connections_lock = threading.Lock()
        super().__init__(
            str(path),
            pragmas=list(_PRAGMAS),
            timeout=_BUSY_TIMEOUT_SECONDS,
            passphrase=_passphrase(key),
            check_same_thread=False,
        )

    def _connect(self) -> Any:
        if not self.connect_params["passphrase"]:
            raise LockedData(tr("Die Daten sind gesperrt. Bitte entsperren Sie zuerst."))
        connection = super()._connect()
        with self._connections_lock:
            self._connections.append(connection)
        return connection

    def _close(self, conn: Any) -> None:
        with self._connections_lock:
            if conn in self._connections:
                self._connections.remove(conn)
        super()._close(conn)

    @property
    def knows_key(self) -> bool:
        """Whether it can be read; `forget_key` ends that, `know_key` begins it again."""
        return bool(self.connect_params["passphrase"])

    def forget_key(self) -> None:
        """Close every connection, which has SQLCipher wipe its keys, and let go of the raw key."""
        self.close_all()
        self.connect_params["passphrase"] = ""

    def know_key(self, key: bytes) -> None:
        """Be readable again with the raw key.

        Raises:
            EnvironmentProblem: the file can't be read with this key, or not at all.
        """
        self.connect_params["passphrase"] = _passphrase(key)
        self.check_readable()

    def copy_reader(self) -> CopyReader:
        """Return what opens copies of this database."""
        from desktop_app.storage.copies import CopyReader

        if not self.knows_key:
            raise LockedData(tr("Die Daten sind gesperrt. Bitte entsperren Sie zuerst."))
        return CopyReader(bytes.fromhex(str(self.connect_params["passphrase"])[2:-1]))

    def close_all(self) -> None:
        """Close this thread's connection and those that other threads left open."""
        if not self.is_closed():
            self.close()
        with self._connections_lock:
            connections, self._connections = self._connections, []
        for connection in connections:
            connection.close()

    def check_readable(self) -> None:
        """Read once: SQLCipher reports a wrong key or a damaged file only at the first read.

        Raises:
            EnvironmentProblem: the file can't be read with this key, or not at all.
        """
        try:
            self.connect(reuse_if_open=True)
            self.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()
        except peewee.DatabaseError as error:
            self.close_all()
            raise unreadable_problem(self.path, error) from error


def _passphrase(key: bytes) -> str:
    return f"x'{key.hex()}'"


def damaged_sentence(path: Path) -> str:
    """Return the German sentence for a file that is no database of ours (any more)."""
    return tr(
        "Die Datenbank „{name}“ ist beschädigt oder gehört nicht zu diesem Schlüssel. Die Datei wurde nicht verändert. "
        "Bitte kopieren Sie den Ordner „{folder}“, bevor Sie etwas anderes tun, und spielen Sie dann eine Sicherung ein.",
        name=path.name,
        folder=path.parent,
    )


def unreadable_problem(path: Path, error: peewee.DatabaseError) -> EnvironmentProblem:
    """Return the problem of a database that does not open."""
    sentence = _refused_sentence(path, _error_name(error))
    return EnvironmentProblem(sentence) if sentence else DamagedDatabase(damaged_sentence(path))


def is_damage(error: Exception) -> bool:
    """Tell whether an error of the driver means that the file is damaged."""
    return _error_name(error).startswith(_DAMAGED)


def is_full(error: Exception) -> bool:
    """Tell whether an error of the driver means that the disk is full."""
    return _error_name(error).startswith(_FULL)


def _refused_sentence(path: Path, name: str) -> str:
    if name.startswith(_BUSY):
        return tr(
            "Die Datenbank ist gerade von einem anderen Programm belegt. Bitte versuchen Sie es gleich noch einmal."
        )
    if name.startswith(_FULL):
        return tr("Der Datenträger ist voll. Bitte schaffen Sie Platz und versuchen Sie es dann noch einmal.")
    if name.startswith(_REFUSED):
        return tr(
            "Die Datenbank „{name}“ lässt sich nicht öffnen. Bitte prüfen Sie, ob der Ordner „{folder}“ da ist und Sie "
            "darin schreiben dürfen.",
            name=path.name,
            folder=path.parent,
        )
    return ""


def read_problem(error: Exception) -> EnvironmentProblem | None:
    """Return what the surroundings refused in a failed read, or None when it is our own bug."""
    name = _error_name(error)
    if name.startswith(_BUSY):
        return EnvironmentProblem(
            tr("Die Datenbank ist gerade von einem anderen Programm belegt. Bitte versuchen Sie es gleich noch einmal.")
        )
    if name.startswith((*_REFUSED, *_FULL)):
        return EnvironmentProblem(
            tr("Die Datenbank lässt sich nicht lesen. Bitte prüfen Sie, ob der Datenträger noch verbunden ist.")
        )
    if name.startswith(_DAMAGED):
        return DamagedDatabase(
            tr(
                "Die Datenbank ist an einer Stelle beschädigt. Bitte beenden Sie das Programm, kopieren Sie den Datenordner "
                "und spielen Sie dann eine Sicherung ein."
            )
        )
    return None


def write_problem(error: peewee.DatabaseError) -> EnvironmentProblem | None:
    """Return what the surroundings refused in a failed write, or None when it is our own bug."""
    name = _error_name(error)
    if name.startswith(_BUSY):
        return EnvironmentProblem(
            tr(
                "Nicht gespeichert: Ein anderes Programm schreibt gerade in die Datenbank. Bitte versuchen Sie es noch "
                "einmal."
            )
        )
    if name.startswith(_FULL):
        return EnvironmentProblem(
            tr(
                "Nicht gespeichert: Der Datenträger ist voll. Bitte schaffen Sie Platz und speichern Sie dann noch einmal."
            )
        )
    if name.startswith(_REFUSED):
        return EnvironmentProblem(
            tr(
                "Nicht gespeichert: In den Datenordner kann nicht geschrieben werden. Bitte prüfen Sie den Datenträger und "
                "Ihre Rechte."
            )
        )
    if name.startswith(_DAMAGED):
        return DamagedDatabase(
            tr(
                "Nicht gespeichert: Die Datenbank ist beschädigt. Bitte beenden Sie das Programm und spielen Sie eine "
                "Sicherung ein."
            )
        )
    return None


def _error_name(error: Exception) -> str:
    # SQLite's own name of the error (SQLITE_IOERR_WRITE); its text also quotes our table and column names.
    return str(getattr(getattr(error, "orig", error), "sqlite_errorname", ""))
