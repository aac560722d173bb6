"""Names of carriers and offices as an operator types them: made tidy, found, and refused when they look like another one."""

from __future__ import annotations

import unicodedata
from typing import Any

from hub.cli.command import Problem
from hub.storage.database import HubDatabase
from hub.storage.tables import Carrier, Office

LONGEST_NAME = 80
_Named = type[Carrier] | type[Office]
_KINDS: dict[_Named, tuple[str, str]] = {Carrier: ("den Träger", "Einen Träger"), Office: ("das Büro", "Ein Büro")}


def new_name(text: str) -> str:
    """Return a name as it is stored.

    Raises:
        Problem: it is empty, too long or has signs nobody sees.
    """
    name = _tidy(text)
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Problem(f"Ein Name hat 1 bis {LONGEST_NAME} Zeichen.")
    return name


def refuse_similar(database: HubDatabase, table: _Named, name: str, *, besides: str = "") -> None:
    """Make sure that no other name is the same but for case and blanks; `besides` is the one that goes. Needs a connection.

    Raises:
        Problem: there is one.
    """
    similar = _similar(database, table, name)
    if similar not in {None, name, besides}:
        raise Problem(
            f"Es gibt schon {_KINDS[table][0]} „{similar}“; „{name}“ unterscheidet sich davon nur in Groß- und Kleinschreibung "
            "oder Leerzeichen. Soll es den Namen trotzdem geben: noch einmal mit --anyway"
        )


def office_named(database: HubDatabase, name: str) -> dict[str, Any]:
    """Return an office. Needs an open connection.

    Raises:
        Problem: there is none of this name.
    """
    return _named(database, Office, name)


def carrier_named(database: HubDatabase, name: str) -> dict[str, Any]:
    """Return a carrier. Needs an open connection.

    Raises:
        Problem: there is none of this name.
    """
    return _named(database, Carrier, name)


def _named(database: HubDatabase, table: _Named, name: str) -> dict[str, Any]:
    row = database.first(table.select().where(table.name == name))
    row = row or database.first(table.select().where(table.name == _tidy(name)))
    if row is None:
        similar = _similar(database, table, name)
        meant = f" Gemeint „{similar}“?" if similar else ""
        raise Problem(
            f"{_KINDS[table][1]} mit dem Namen „{name}“ gibt es nicht.{meant} Alle zeigt: quartierslotse-hub space list"
        )
    return row


def _similar(database: HubDatabase, table: _Named, name: str) -> str | None:
    """Return a name that is the same but for case and blanks; the very same one where there is one."""
    found = [str(row["name"]) for row in database.rows(table.select(table.name).order_by(table.name))]
    if name in found:
        return name
    return next((other for other in found if _without_case_and_blanks(other) == _without_case_and_blanks(name)), None)


def _tidy(text: str) -> str:
    # Composed: keyboards differ in how they write an ö, eyes do not see it.
    return " ".join(unicodedata.normalize("NFC", text).split())


def _without_case_and_blanks(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
