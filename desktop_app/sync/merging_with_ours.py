"""Merging a record of the hub with what this desk has of it: what both began with, and what stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desktop_app.exchange.merging import merged_row
from desktop_app.sync.bundle_causes import keys_with_states, marks_of, shared_base
from desktop_app.sync.documents import Document, as_the_hub_has_it
from desktop_app.sync.merging import Lost, Merged, differences, merge, surely_shared
from desktop_app.sync.records import ConflictKind
from desktop_app.sync.shadows import Shadow, known_document
from desktop_app.sync.what_travels import COLLECTIONS
from desktop_app.visitors.tables import VisitCardSaltTable

if TYPE_CHECKING:
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.codec import Opened
    from desktop_app.sync.space_at import SpaceAt


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a record, and what does not."""

    document: Document
    kind: ConflictKind = ConflictKind.BOTH_CHANGED
    lost: tuple[Lost, ...] = ()
    #: the device that wrote what the record says otherwise than ours, where that is certain
    written_by: str | None = None


class RecordMerging:
    """Merges the records of a page, inside its transaction."""

    def __init__(self, unit: UnitOfWork, space: SpaceAt) -> None:
        """Merge records of `space`."""
        self._unit = unit
        self._space = space
        self._with_states: set[str] = set()

    def read(self, opened: Sequence[Opened]) -> None:
        """Look which records of a page also went by file."""
        marked = [item.key for item in opened if marks_of(item.document)]
        self._with_states = keys_with_states(self._unit, marked) if marked else set()

    def standing(self, item: Opened, theirs: Document, local: Document | None, shadow: Shadow | None) -> Standing:
        """Return what stands; `theirs` is the record's document, without what may not be taken of it."""
        base = self.base_of(item, shadow)
        if local is not None:
            return self._beside_ours(item, local, base, theirs, shadow)
        if shadow is not None and shadow.document and not shadow.deleted and shadow.seq:
            lost = Lost("", _plain(base), None, _plain(item.document), mine_stands=False, is_open=False)
            return Standing(theirs, ConflictKind.EDIT_AGAINST_DELETION, (lost,))
        return Standing(theirs)

    def base_of(self, item: Opened, shadow: Shadow | None) -> Document | None:
        """Return what both began with, as far as anybody can tell."""
        base = known_document(shadow)
        # The hub came back from a backup: what was written there since may come from an earlier state than ours.
        if shadow is not None and shadow.seq < 0 and (item.stamp is None or item.stamp.base != -shadow.seq):
            base = None
        if item.document is None or item.key not in self._with_states:
            return base
        return shared_base(self._unit, item.document, base)

    def merged(self, base: Document | None, mine: Document, theirs: Document) -> Merged:
        """Merge field by field."""
        return merge(COLLECTIONS[theirs.collection], base, mine, theirs)

    # ------------------------------------------------------------------------------------------------

    def _beside_ours(
        self, item: Opened, local: Document, base: Document | None, theirs: Document, shadow: Shadow | None
    ) -> Standing:
        mine = as_the_hub_has_it(local, base or theirs)
        if base is None:
            # Nobody here has heard of what was erased there: what stands here is of an earlier life.
            mine = replace(mine, erased=local.erased)
        if self._space.is_foreign(item.record["owner"]):
            return Standing(theirs, ConflictKind.NOT_OURS, tuple(differences(base, mine, theirs)))
        if theirs.key == "visit_card_salt/office" and base is None and mine.fields != theirs.fields:
            self._keep_salt(mine)
            return Standing(theirs)
        if item.collection == "exchange_referral":
            return Standing(_merged_referral(mine, theirs))
        shared = self._doubtful_base(shadow, theirs) if base is None else base
        found = self.merged(shared, mine, theirs)
        written_by = self._writer_of(item, shadow) if found.lost else None
        return Standing(found.document, lost=found.lost, written_by=written_by)

    def _writer_of(self, item: Opened, shadow: Shadow | None) -> str | None:
        """Return who wrote what is new in a record; None where several may have, one after the other.

        Its seal names who sent it last. That is certain if it was made from the very version this desk knows, or if there
        never was anybody else.
        """
        stamp = item.stamp
        if stamp is None:
            return None
        known = shadow.seq if shadow is not None else 0
        if stamp.base == known and not marks_of(item.document):
            return stamp.writer
        others = self._unit.sql(
            "SELECT DISTINCT device_id FROM sync_trusted_device WHERE kind = 'desk' AND device_id <> ?",
            (self._space.device_id,),
        )
        return stamp.writer if others == [(stamp.writer,)] else None

    def _doubtful_base(self, shadow: Shadow | None, document: Document) -> Document | None:
        """Return what of the lost time both know, while a hub is read that came back from a backup."""
        if not self._space.is_renewed or shadow is None or shadow.seq >= 0:
            return None
        known = known_document(shadow)
        return surely_shared(COLLECTIONS[document.collection], known, document) if known is not None else None

    def _keep_salt(self, mine: Document) -> None:
        """Two desks made the office's salt before they met: cards of both are recognised."""
        with self._unit.own_changes():
            row = {"id": f"salt-{mine.fields['salt'][:12]}", "salt": mine.fields["salt"]}
            if not self._unit.sql("SELECT 1 FROM visit_card_salt WHERE id = ?", (row["id"],)):
                self._unit.insert(VisitCardSaltTable, row)


def _merged_referral(mine: Document, theirs: Document) -> Document:
    """Return what stands of a referral to another office: its parts have an order of their own."""
    fields = {**theirs.fields, **merged_row(mine.fields, theirs.fields)}
    erased = {
        name: max(mine.erased.get(name, 0), theirs.erased.get(name, 0)) for name in {*mine.erased, *theirs.erased}
    }
    return replace(theirs, fields=fields, erased=erased)


def _plain(document: Document | None) -> Mapping[str, Any] | None:
    return document.fields if document is not None else None
