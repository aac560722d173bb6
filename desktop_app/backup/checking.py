"""Reading the whole living database, so that no damaged one is backed up."""

from __future__ import annotations

from desktop_app.storage.database import DamagedDatabase, damaged_sentence
from desktop_app.storage.store import Store


def check_database(store: Store) -> None:
    """Read every page's seal, then the structure.

    Raises:
        DamagedDatabase: it is damaged.
    """
    damaged = bool(store.sql("PRAGMA cipher_integrity_check"))
    if damaged:
        # Somebody may have been writing a page back while it was looked at: look again while nobody can.
        with store.standing_still():
            damaged = bool(store.sql("PRAGMA cipher_integrity_check"))
    if damaged or store.sql("PRAGMA quick_check(1)") != [("ok",)]:
        raise DamagedDatabase(damaged_sentence(store.path))
