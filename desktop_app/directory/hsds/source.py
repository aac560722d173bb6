"""A source as it was read: flat rows by object type, whatever form they came in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop_app.directory.hsds.findings import Findings


@dataclass(slots=True)
class SourceRow:
    """One object. A column that is not in `values` was not in the source: it is left as it is."""

    object_type: str
    file: str
    row: int
    values: dict[str, str | None]
    extra: dict[str, object] = field(default_factory=dict)
    made_id: bool = False
    """Whether the source gave no id."""

    @property
    def id(self) -> str:
        """The id; empty if the source gives none."""
        return self.values.get("id") or ""


@dataclass(slots=True)
class SourcePackage:
    """Everything that one folder, archive or document holds."""

    name: str
    kind: str
    fingerprint: str
    findings: Findings
    nested: bool
    """Whether objects may come several times, each time with other parts of the truth (JSON)."""
    partial: bool = False
    """Whether the source says itself that there is more (a page of several)."""
    rows: dict[str, list[SourceRow]] = field(default_factory=dict)
    listed_types: set[str] = field(default_factory=set)
    """Object types that the source lists completely for everything it holds (a CSV file)."""
    listed_children: set[tuple[str, str]] = field(default_factory=set)
    """(object type, id used here of the parent) that a document lists completely."""

    def add(self, row: SourceRow) -> None:
        """Append a row."""
        self.rows.setdefault(row.object_type, []).append(row)

    def all_rows(self) -> Iterator[SourceRow]:
        """Return the rows of all types."""
        for rows in self.rows.values():
            yield from rows
