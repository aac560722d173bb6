"""What this desk remembers of erasures: they win over whatever still comes of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.documents import Reader


def erased_keys(reader: Reader, keys: Iterable[str]) -> set[str]:
    """Return which of these records (`collection/id`) were erased here for good."""
    rows = reader.sql(
        "SELECT id FROM erased_record WHERE id IN (SELECT value FROM json_each(?)) AND field = ''",
        (json.dumps(list(keys)),),
    )
    return {row[0] for row in rows}


def mark_erased(unit: UnitOfWork, table: str, record_id: str, column: str, times: int) -> None:
    """Remember that a field or record was erased so often, if this desk knew less."""
    mark = f"{table}/{record_id}#{column}" if column else f"{table}/{record_id}"
    unit.derived(
        "INSERT INTO erased_record (id, collection, record_id, field, times, at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET times = max(times, excluded.times) WHERE excluded.times > times",
        (mark, table, record_id, column, times, unit.moment),
    )
