"""What stands in the file line by line: a heading, then records, parents first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.sync.bundle_causes import Vector, document_or_none
from desktop_app.sync.bundle_file import damaged, newer_program
from desktop_app.sync.documents import Document, DocumentBroken, canonical
from desktop_app.sync.records import SpaceKind
from desktop_app.sync.shadows import Shadow
from desktop_app.sync.what_travels import COLLECTIONS, DOCUMENT_VERSION

_VERSION = 1
LIVE, DELETED, ERASED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Heading:
    """Who gives what to whom. `since`: the receiver has taken that one of our files whole (0: everything is in this one).

    `has_taken` says which file of which other desk this one has taken whole; `spaces` in which epoch of the hub it was.
    """

    hub_id: str
    office_id: str
    lineage: str
    label: str
    number: int
    since: int
    has_taken: Mapping[str, int]
    spaces: Mapping[SpaceKind, str]
    made_at: str

    def line(self) -> str:
        """Return the first line of the file."""
        return canonical(
            {
                "v": _VERSION,
                "documents": DOCUMENT_VERSION,
                "hub": self.hub_id,
                "office": self.office_id,
                "lineage": self.lineage,
                "label": self.label,
                "number": self.number,
                "since": self.since,
                "taken": dict(self.has_taken),
                "spaces": {kind.value: epoch for kind, epoch in self.spaces.items()},
                "made": self.made_at,
            }
        )


@dataclass(frozen=True, slots=True)
class OwnState:
    """What the desk has beyond the hub: live, deleted or erased; which of its states it is, and what it includes."""

    kind: int
    document: Document | None
    #: what `document` is as text
    text: str | None
    number: int
    former: frozenset[int]
    vector: Vector


@dataclass(frozen=True, slots=True)
class BundleRecord:
    """One record: the hub's version as the desk knows it, and its own state where that is another."""

    key: str
    hub: Shadow | None
    own: OwnState | None
    #: what `hub` says, where it was read from a file
    hub_document: Document | None = None

    @property
    def collection(self) -> str:
        """The kind of document."""
        return self.key.partition("/")[0]

    @property
    def record_id(self) -> str:
        """The id of the document."""
        return self.key.partition("/")[2]

    def line(self) -> str:
        """Return the record as a line of the file."""
        content: dict[str, Any] = {"k": self.key}
        if self.hub is not None:
            one = self.hub
            content["s"] = [one.seq, one.owner, one.deleted, one.document, one.writers, one.key_id]
        if self.own is not None:
            mine = self.own
            content["x"] = [mine.kind, mine.text, mine.number, sorted(mine.former), dict(mine.vector)]
        return canonical(content)


def end_line(count: int) -> str:
    """Return the last line."""
    return canonical({"end": count})


def read_lines(lines: list[Any]) -> tuple[Heading, list[BundleRecord]]:
    """Return what a file says.

    Raises:
        BundleRefused: a newer program wrote it, or it does not say what it should.
    """
    try:
        heading = _heading(lines[0])
        if lines[-1] != {"end": len(lines) - 2}:
            raise damaged()
        return heading, [_record(line) for line in lines[1:-1]]
    except (LookupError, TypeError, ValueError, AttributeError, DocumentBroken) as error:
        raise damaged() from error


def _heading(content: Mapping[str, Any]) -> Heading:
    if content["v"] > _VERSION or content["documents"] > DOCUMENT_VERSION:
        raise newer_program()
    return Heading(
        str(content["hub"]),
        str(content["office"]),
        str(content["lineage"]),
        str(content["label"]),
        int(content["number"]),
        int(content["since"]),
        {str(name): int(number) for name, number in content["taken"].items()},
        {SpaceKind(kind): str(epoch) for kind, epoch in content["spaces"].items()},
        str(content["made"]),
    )


def _record(content: Mapping[str, Any]) -> BundleRecord:
    key = content["k"]
    collection, _, record_id = key.partition("/")
    if collection not in COLLECTIONS or not record_id:
        raise damaged()
    hub, own, hub_document = None, None, None
    if "s" in content:
        seq, owner, deleted, text, writers, key_id = content["s"]
        hub_document = document_or_none(text)
        _check_key(key, hub_document)
        hub = Shadow(int(seq), owner, int(deleted), text, {str(one): int(n) for one, n in writers.items()}, str(key_id))
    if "x" in content:
        kind, text, number, former, vector = content["x"]
        document = document_or_none(text)
        _check_key(key, document)
        if kind not in {LIVE, DELETED, ERASED} or (kind == LIVE) != (document is not None):
            raise damaged()
        named = {str(lineage): int(one) for lineage, one in vector.items()}
        own = OwnState(kind, document, text, int(number), frozenset(map(int, former)), named)
    return BundleRecord(key, hub, own, hub_document)


def _check_key(key: str, document: Document | None) -> None:
    if document is not None and document.key != key:
        raise damaged()
