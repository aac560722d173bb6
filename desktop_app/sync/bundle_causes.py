"""Which state of a record includes which: what desks of an office told each other past the hub, by file.

Each desk's database has a lineage (drawn at random) and numbers what it gives out. A state that went by file and that the
hub is not known to include is kept, with its document, as a base for merging; documents that are pushed say which of these
states they include, so that a change made with knowledge of another stands against it on every desk (decision 0036).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desktop_app.sync.documents import Document, DocumentBroken, Reader, canonical, document_from
from desktop_app.sync.merging import Lost, Merged, merge
from desktop_app.sync.what_travels import COLLECTIONS

if TYPE_CHECKING:
    from desktop_app.storage.unit_of_work import UnitOfWork

Vector = Mapping[str, int]
MARK = "b"
_MOST_LINEAGES = 64
_LONGEST_LINEAGE = 64
_KEPT_STATES = 8


@dataclass(frozen=True, slots=True)
class State:
    """A state of a record that went by file; no document: it was deleted, or erased since."""

    key: str
    lineage: str
    number: int
    document: Document | None
    vector: Vector


def read_states(reader: Reader, keys: Iterable[str]) -> dict[str, list[State]]:
    """Return the kept states by the keys of their documents, the older ones of a lineage first."""
    rows = reader.sql(
        "SELECT document_id, lineage, number, document, vector FROM sync_bundle_state "
        "WHERE document_id IN (SELECT value FROM json_each(?)) ORDER BY document_id, lineage, number",
        (json.dumps(list(keys)),),
    )
    found: dict[str, list[State]] = defaultdict(list)
    for key, lineage, number, text, vector in rows:
        found[key].append(State(key, lineage, number, document_from(text) if text else None, json.loads(vector)))
    return found


def keep_states(unit: UnitOfWork, states: Iterable[tuple[State, str | None]]) -> None:
    """Keep states with the texts of their documents."""
    unit.derived_many(
        "INSERT OR REPLACE INTO sync_bundle_state (id, document_id, lineage, number, document, vector) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            (f"{one.key}#{one.lineage}#{one.number}", one.key, one.lineage, one.number, text, canonical(one.vector))
            for one, text in states
        ],
    )


def drop_known_to_hub(unit: UnitOfWork) -> None:
    """Forget the states that the hub's version is known to include, and all but the newest few of a lineage."""
    unit.derived(
        "DELETE FROM sync_bundle_state WHERE number <= coalesce((SELECT json_extract(document, '$.b.\"' || lineage || '\"') "
        "FROM sync_shadow WHERE sync_shadow.id = document_id AND seq > 0), 0)"
    )
    unit.derived(
        "DELETE FROM sync_bundle_state WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER "
        "(PARTITION BY document_id, lineage ORDER BY number DESC) AS place FROM sync_bundle_state) WHERE place > ?)",
        (_KEPT_STATES,),
    )


def marks_of(document: Document | None) -> dict[str, int]:
    """Return what a document says it includes; anybody may have written it."""
    found = document.more.get(MARK) if document is not None else None
    if not isinstance(found, dict) or len(found) > _MOST_LINEAGES:
        return {}
    return {
        name: number
        for name, number in found.items()
        if isinstance(name, str) and len(name) <= _LONGEST_LINEAGE and type(number) is int and 0 < number < 2**53
    }


def with_marks(document: Document, vector: Vector) -> Document:
    """Return the document saying what it includes."""
    marks = joined(marks_of(document), vector)
    return replace(document, more={**document.more, MARK: marks}) if marks else document


def joined(*vectors: Vector) -> dict[str, int]:
    """Return what includes all of these."""
    found: dict[str, int] = {}
    for vector in vectors:
        for name, number in vector.items():
            found[name] = max(number, found.get(name, 0))
    return found


def marked_plans(reader: Reader, keys: Iterable[str]) -> dict[str, Vector]:
    """Return what the records here include of what went by file, by their keys."""
    return {key: joined(*(one.vector for one in states)) for key, states in read_states(reader, keys).items()}


def keys_with_states(reader: Reader, keys: Iterable[str]) -> set[str]:
    """Return which of these documents have kept states."""
    rows = reader.sql(
        "SELECT DISTINCT document_id FROM sync_bundle_state WHERE document_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )
    return {row[0] for row in rows}


def shared_base(reader: Reader, theirs: Document, base: Document | None) -> Document | None:
    """Return what both sides began with, where that is younger than the hub's last version as we know it."""
    said = marks_of(theirs)
    if not said:
        return base
    known = marks_of(base)
    states = [
        one
        for one in read_states(reader, [theirs.key]).get(theirs.key, ())
        if said.get(one.lineage, 0) >= one.number > known.get(one.lineage, 0)
    ]
    return common_base(states, base)


def common_base(states: Sequence[State], base: Document | None) -> Document | None:
    """Return what includes all of these states, which both sides include; `base` where there is none.

    Those that another of them includes say nothing more. What is left stands side by side and is merged: in the same way on
    every desk, and as both sides have done.
    """
    usable = [one for one in states if one.document is not None]
    newest = [
        one
        for one in usable
        if not any(other is not one and other.vector.get(one.lineage, 0) >= one.number for other in usable)
    ]
    found: Document | None = None
    for one in sorted(newest, key=lambda one: one.lineage):
        if one.document is not None:
            found = one.document if found is None else merge(_rules(one.document), base, found, one.document).document
    return found or base


def merge_side_by_side(base: Document | None, mine: Document, theirs: Document, *, mine_is_first: bool) -> Merged:
    """Merge so that both sides come to the same, where no hub says which change was the later one."""
    if mine_is_first:
        return merge(_rules(mine), base, mine, theirs)
    found = merge(_rules(mine), base, theirs, mine)
    lost = tuple(
        Lost(one.field, one.before, one.theirs, one.mine, not one.mine_stands, one.is_open, one.is_removal)
        for one in found.lost
    )
    return Merged(replace(found.document, more=theirs.more), lost)


def document_or_none(text: Any) -> Document | None:
    """Return the document of a text that came by file; None for none.

    Raises:
        DocumentBroken: it is no document.
    """
    if text is None:
        return None
    if not isinstance(text, str):
        raise DocumentBroken("no text")
    return document_from(text)


def _rules(document: Document) -> Any:
    return COLLECTIONS[document.collection]
