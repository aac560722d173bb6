"""The log as a file: CSV for people, JSON for programs that check the chain themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from desktop_app.audit.records import Anchor
from desktop_app.audit.wording import action_labels, subject_labels
from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

FORMAT_NAME = "quartierslotse audit 1"
RULE = (
    "hash = SHA-256 in hex of the UTF-8 text of the JSON list [previous hash, sequence, at, account_id, action, "
    "subject_kind, subject_id], written without blanks and without \\u escapes for letters; the hash before the first entry "
    "is 64 zeros"
)


class AuditFormat(StrEnum):
    """What the log can be written as; the value is the file's ending."""

    CSV = "csv"
    JSON = "json"

    @classmethod
    def parse(cls, text: str) -> AuditFormat:
        """Return the format named `csv` or `json`.

        Raises:
            InputError: there is no such format.
        """
        try:
            return cls(text.strip().lower())
        except ValueError:
            raise InputError(
                "format", tr("Das Format „{text}“ gibt es nicht. Möglich sind csv und json.", text=text)
            ) from None


def csv_file(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> bytes:
    """Return the log as a table; `names` are display names by account."""
    from desktop_app.documents.csv_text import csv_bytes

    actions, subjects = action_labels(), subject_labels()
    headers = (
        tr("Nummer"), tr("Zeitpunkt (UTC)"), tr("Person"), tr("Was"), tr("Art"), tr("Kennung"), tr("Konto"), tr("Vorgang"),
        tr("Prüfsumme"),
    )  # fmt: skip
    body = (
        (
            row["sequence"],
            row["at"],
            names.get(row["account_id"], ""),
            actions.get(row["action"], row["action"]),
            subjects.get(row["subject_kind"], row["subject_kind"]),
            row["subject_id"],
            row["account_id"],
            row["action"],
            row["hash"],
        )
        for row in rows
    )
    return csv_bytes([headers, *body])


def json_file(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], anchor: Anchor, exported_at: str) -> bytes:
    """Return the log as JSON, an entry a line, with the rule of its hashes."""
    used = {str(row["account_id"]) for row in rows}
    head = {
        "format": FORMAT_NAME,
        "exported_at": exported_at,
        "anchor": anchor.text,
        "rule": RULE,
        "accounts": {account_id: name for account_id, name in names.items() if account_id in used},
    }
    # Something that is no text gets in only past the program; it is shown as it is rather than hiding the log.
    encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode
    entries = ",\n".join(encode(dict(row)) for row in rows)
    return f'{encode(head)[:-1]},\n"entries": [\n{entries}\n]}}\n'.encode("utf-8", "replace")
