"""Walks the chain entry by entry. Pure: rows come in, a report goes out."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.audit.records import Anchor, BreakKind, ChainBreak, ChainReport
from desktop_app.storage.audit_chain import FIRST_HASH, entry_hash

#: sequence, at, account_id, action, subject_kind, subject_id, hash
ChainRow = Sequence[object]


class ChainWalk:
    """Takes the rows in order of their numbers, then tells what was found."""

    def __init__(self, anchor: Anchor | None = None) -> None:
        """Also compare with an anchor that was kept elsewhere."""
        self._anchor = anchor
        self._last = 0
        self._previous = FIRST_HASH
        self._entries = 0
        self._breaks = 0
        self._first: ChainBreak | None = None
        self._rewritten: ChainBreak | None = None

    def take(self, row: ChainRow) -> None:
        """Check the next row.

        A break counts once: what follows is judged by the hash that the broken entry has.
        """
        sequence, *fields, found = row
        if not isinstance(sequence, int):
            raise TypeError("an INTEGER PRIMARY KEY holds whole numbers")
        if sequence != self._last + 1:
            self._broken(BreakKind.MISSING if self._entries else BreakKind.BEGINS_LATE, sequence, fields)
        elif found != self._expected(sequence, fields):
            self._broken(BreakKind.CHANGED, sequence, fields)
        anchor = self._anchor
        if anchor is not None and sequence == anchor.sequence and not str(found).startswith(anchor.hash):
            self._rewritten = ChainBreak(BreakKind.REWRITTEN, sequence, self._last, _moment(fields))
        self._last, self._previous = sequence, str(found)
        self._entries += 1

    def report(self) -> ChainReport:
        """Return what was found."""
        first, breaks = self._first, self._breaks
        at_anchor = self._rewritten
        if self._anchor is not None and self._anchor.sequence > self._last:
            at_anchor = ChainBreak(BreakKind.END_MISSING, self._anchor.sequence, self._last)
        if at_anchor is not None:
            breaks += 1
            first = first or at_anchor
        head = Anchor(self._last, self._previous) if self._entries else None
        return ChainReport(self._entries, head, first, breaks, self._anchor)

    def _expected(self, sequence: int, fields: Sequence[object]) -> str:
        texts = [field for field in fields if isinstance(field, str)]
        if len(texts) != len(fields):
            return ""  # nothing of ours writes anything but text here
        return entry_hash(self._previous, sequence, *texts)

    def _broken(self, kind: BreakKind, sequence: int, fields: Sequence[object]) -> None:
        self._breaks += 1
        if self._first is None:
            self._first = ChainBreak(kind, sequence, self._last, _moment(fields))


def _moment(fields: Sequence[object]) -> str:
    return fields[0] if fields and isinstance(fields[0], str) else ""
