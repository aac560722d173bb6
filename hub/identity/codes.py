"""Codes that are still open: which there are, and taking them back. Of a code only its hash is known here."""

from __future__ import annotations

from typing import TypedDict

from hub.clock import Now, moment_text
from hub.storage.database import HubDatabase
from hub.storage.tables import Invitation, Office

_KEY_LENGTH = 8  # of the hash: enough to tell codes apart, and no way back to one


class OpenCode(TypedDict):
    """A code that nobody has used yet; `key` names it."""

    key: str
    office: str
    label: str
    made_at: str | None
    expires_at: str


def open_codes(database: HubDatabase, now: Now, office_id: str | None = None) -> list[OpenCode]:
    """Return the codes with which a desk could come in now, of one office or of all. Needs an open connection."""
    return [code for _hash, code in _open(database, now, office_id)]


def withdraw(database: HubDatabase, now: Now, *, key: str = "", office_id: str | None = None) -> list[OpenCode]:
    """Take the code with this key back, or all of an office; return which were. A code in use by now stays used."""
    with database.writing():
        found = [
            (code_hash, code)
            for code_hash, code in _open(database, now, office_id)
            if not key or code["key"] == key.lower()
        ]
        return [
            code
            for code_hash, code in found
            if database.run(
                Invitation.delete().where((Invitation.code_hash == code_hash) & Invitation.used_by.is_null())
            )
        ]


def _open(database: HubDatabase, now: Now, office_id: str | None) -> list[tuple[str, OpenCode]]:
    query = (
        Invitation.select(
            Invitation.code_hash,
            Invitation.label,
            Invitation.made_at,
            Invitation.expires_at,
            Office.name.alias("office_name"),
        )
        .join(Office)
        .where(Invitation.used_by.is_null() & (Invitation.expires_at > moment_text(now())))
        .order_by(Office.name, Invitation.expires_at, Invitation.made_at)
    )
    if office_id is not None:
        query = query.where(Invitation.office == office_id)
    return [
        (
            row["code_hash"],
            {
                "key": row["code_hash"][:_KEY_LENGTH],
                "office": row["office_name"],
                "label": row["label"],
                "made_at": row["made_at"],
                "expires_at": row["expires_at"],
            },
        )
        for row in database.rows(query)
    ]
