"""Gathering what another desk of the office lacks, piece by piece, as lines for a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.translation import tr
from desktop_app.sync.bundle_causes import State, joined, keep_states, marks_of, read_states
from desktop_app.sync.bundle_lines import DELETED, ERASED, LIVE, BundleRecord, OwnState
from desktop_app.sync.documents import (
    Document,
    as_the_hub_has_it,
    canonical,
    count_documents,
    document_text,
    ids_after,
    read_keys,
    same_content,
)
from desktop_app.sync.erasure_marks import erased_keys
from desktop_app.sync.records import SpaceKind
from desktop_app.sync.shadows import Shadow, known_document, read_shadows
from desktop_app.sync.what_travels import COLLECTIONS

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.core.progress import Progress
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork

_PIECE = 200
_GONE_SQL = """
SELECT id FROM sync_shadow WHERE id > ? AND substr(id, 1, 5) <> 'wire:'
UNION SELECT id FROM sync_bundle_sent WHERE id > ?
UNION SELECT id FROM erased_record WHERE id > ? AND field = ''
ORDER BY 1 LIMIT ?
"""


@dataclass(slots=True)
class Gatherer:
    """Gathers records; what was seen is kept as it goes, so that the next file knows what is new."""

    store: Store
    actor: Actor
    lineage: str
    number: int
    since: int
    carrier_id: str
    progress: Progress
    count: int = 0
    _done: int = 0
    _total: int = field(default=0)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the records. Each piece is one transaction.

        Raises:
            Cancelled: through `progress`.
        """
        self._total = sum(count_documents(self.store, name) for name in COLLECTIONS)
        for name in COLLECTIONS:
            last = ""
            while found := ids_after(self.store, name, last, _PIECE):
                last = found[-1]
                yield from self._piece([f"{name}/{record_id}" for record_id in found])
        last = ""
        while rows := self.store.sql(_GONE_SQL, (last, last, last, _PIECE)):
            last = rows[-1][0]
            yield from self._piece([row[0] for row in rows], only_gone=True)

    def _piece(self, keys: Sequence[str], *, only_gone: bool = False) -> list[str]:
        self.progress.step(min(self._done, self._total), self._total, tr("Die Datei wird zusammengestellt"))
        keys = [key for key in keys if key.partition("/")[0] in COLLECTIONS]
        with self.store.unit_of_work(self.actor, "bundle_gathered", None) as unit:
            records = self._records(unit, keys, only_gone=only_gone)
        if not only_gone:
            self._done += len(keys)
        self.count += len(records)
        return [record.line() for record in records]

    def _records(self, unit: UnitOfWork, keys: Sequence[str], *, only_gone: bool) -> list[BundleRecord]:
        documents = read_keys(unit, keys)
        if only_gone:
            keys = [key for key in keys if key not in documents]
        shadows, erased = read_shadows(unit, keys), erased_keys(unit, keys)
        states, sent = read_states(unit, keys), self._sent(unit, keys)
        found: list[BundleRecord] = []
        kept: list[tuple[str, int, str]] = []
        told: list[tuple[State, str | None]] = []
        for key in keys:
            shadow, document = shadows.get(key), documents.get(key)
            kind = LIVE if document is not None else ERASED if key in erased else DELETED
            hub = shadow if shadow is not None and shadow.seq > 0 and (shadow.document or shadow.deleted) else None
            known_to_hub = known_document(shadow)
            base = known_to_hub if hub is not None else None
            mine = document if document is None or base is None else as_the_hub_has_it(document, base)
            is_other = self._is_other(key, kind, mine, shadow, hub, base, was_sent=key in sent or key in states)
            if hub is None and not is_other:
                continue
            text = document_text(mine) if is_other and mine is not None else None
            digest = _digest(hub, kind if is_other else None, text)
            number, known_digest = sent.get(key, (0, ""))
            if known_digest != digest:
                number = self.number
                kept.append((key, number, digest))
            own = None
            if is_other:
                own = self._own(kind, mine, text, number, known_to_hub, states.get(key, []))
                if not any(one.lineage == self.lineage and one.number == number for one in states.get(key, ())):
                    told.append((State(key, self.lineage, number, mine, own.vector), text))
            if number > self.since:
                found.append(BundleRecord(key, hub, own))
        unit.derived_many(
            "INSERT OR REPLACE INTO sync_bundle_sent (id, number, digest) VALUES (?, ?, ?)",
            kept,
        )
        keep_states(unit, told)
        return found

    def _is_other(
        self, key: str, kind: int, mine: Document | None, shadow: Shadow | None, hub: Shadow | None,
        base: Document | None, *, was_sent: bool,
    ) -> bool:  # fmt: skip
        """Whether this desk has something else than the hub, as far as we know it."""
        is_directory = COLLECTIONS[key.partition("/")[0]].space is SpaceKind.DIRECTORY
        if hub is not None and is_directory and hub.owner not in {None, self.carrier_id}:
            return False  # another carrier's: what was changed here goes back at the next round
        if kind == LIVE:
            return base is None or mine is None or not same_content(mine, base)
        if kind == ERASED:
            return hub is None or hub.deleted < ERASED
        if hub is not None:
            return hub.deleted == 0
        return was_sent or (shadow is not None and shadow.document is not None)

    def _own(
        self, kind: int, mine: Document | None, text: str | None, number: int, known_to_hub: Document | None,
        states: Sequence[State],
    ) -> OwnState:  # fmt: skip
        former = frozenset(one.number for one in states if one.lineage == self.lineage and one.number < number)
        vector = joined(marks_of(known_to_hub), *(one.vector for one in states), {self.lineage: number})
        return OwnState(kind, mine, text, number, former, vector)

    @staticmethod
    def _sent(unit: UnitOfWork, keys: Sequence[str]) -> dict[str, tuple[int, str]]:
        rows = unit.sql(
            "SELECT id, number, digest FROM sync_bundle_sent WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {key: (number, digest) for key, number, digest in rows}


def _digest(hub: Shadow | None, kind: int | None, text: str | None) -> str:
    content = [[hub.seq, hub.deleted] if hub is not None else None, kind, text]
    return hashlib.sha256(canonical(content).encode()).hexdigest()
