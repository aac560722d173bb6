"""Counting what a database holds: the same way in the live one, in a copy and in a salvaged file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from desktop_app.backup.records import Contents
from desktop_app.core.translation import tr


class Read(Protocol):
    """Runs a SELECT with bound values and returns its rows."""

    def __call__(self, sql: str, parameters: Sequence[object] = (), /) -> list[tuple[Any, ...]]:
        """Run it."""
        ...


def count_contents(read: Read) -> Contents:
    """Return rows by table and the newest contact; `read` runs a SELECT and returns its rows."""
    tables = table_names(read)
    rows = {
        name: int(read(f"SELECT count(*) FROM {quoted(name)}")[0][0])  # noqa: S608
        for name in tables
    }
    newest = read("SELECT max(recorded_at) FROM contact")[0][0] if "contact" in tables else None
    return Contents(rows, newest or "")


def table_names(read: Read) -> list[str]:
    """Return the tables that hold rows of their own: no search index and none of its parts."""
    found = [str(row[1]) for row in read("PRAGMA table_list") if row[0] == "main" and row[2] == "table"]
    return sorted(name for name in found if not name.startswith("sqlite_"))


def quoted(name: str) -> str:
    """Return a name for use in SQL."""
    return '"' + name.replace('"', '""') + '"'


def contents_labels() -> dict[str, str]:
    """Return the tables that mean something to people, with their names on screen, in their order."""
    return {
        "contact": tr("Kontakte"),
        "need": tr("Anliegen"),
        "referral": tr("Weitervermittlungen"),
        "contact_note": tr("Vertrauliche Notizen"),
        "visitor": tr("Personenakten"),
        "visitor_file": tr("Personenakten"),
        "organization": tr("Anbieter"),
        "service": tr("Angebote"),
        "account": tr("Konten"),
    }
