"""One row of a list that the office edits itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EditableRow:
    """A social space or a topic while it is edited. An empty id is a new one."""

    record_id: str = ""
    name: str = ""
    key: str = ""
    active: bool = True
