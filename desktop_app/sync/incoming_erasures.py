"""Erasing here what others erased, with what hangs on it, and telling what may not come back after that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from desktop_app.contacts.entry_text import life_from_text
from desktop_app.retention.erasing import Eraser
from desktop_app.sync.documents import Document, read_documents
from desktop_app.sync.erased_parts import erased_place
from desktop_app.sync.erasure_marks import erased_keys, mark_erased
from desktop_app.sync.shadows import Shadow, known_document, read_shadows
from desktop_app.sync.what_travels import COLLECTIONS
from desktop_app.visitors.tables import ContactLinkTable

if TYPE_CHECKING:
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.codec import Opened
    from desktop_app.sync.own_records import OwnRecords
    from desktop_app.sync.writing import Writer


class IncomingErasures:
    """Erases inside the transaction of a page."""

    def __init__(self, store: Store, unit: UnitOfWork, own: OwnRecords, writer: Writer) -> None:
        """Erase of the page's `own` records, inside `unit`."""
        self._unit = unit
        self._own = own
        self._writer = writer
        self._eraser = Eraser(store)
        #: the file still holds what was erased, until it is rewritten
        self.left_traces = False

    def take(self, item: Opened) -> None:
        """Erase a record for good, whatever was written here meanwhile: others did, or it belongs to somebody erased."""
        if item.key not in self._own.erased:
            self._erase_record(item)
            local = self._own.documents.get(item.key)
            if local is not None:
                self.left_traces = True
                self._writer.follow(local, local)
                if item.collection in {"visitor", "visit_card"}:
                    self._own.read_again()
        self._own.documents.pop(item.key, None)

    def write(self, final: Document, local: Document | None, theirs: Document) -> None:
        """Write what stands of a record of which the hub has `theirs`; fields that others erased are erased here first."""
        before = local
        known = local.erased if local else {}
        newly = {name: times for name, times in final.erased.items() if times > known.get(name, 0)}
        if newly and local is not None:
            for name in newly:
                self._erase_field(local, name)
            before = read_documents(self._unit, final.collection, [final.record_id])[final.record_id]
            self.left_traces = True
        self._writer.write(final, before)
        for name, times in newly.items():
            table, record_id, column = erased_place(final, name)
            mark_erased(self._unit, table, record_id, column, times)
        if any(times > theirs.erased.get(name, 0) for name, times in final.erased.items()):
            # What the hub still has of it was written down here once more, until ours is there.
            self.left_traces = True

    def is_of_before(self, document: Document, changed: Mapping[str, Shadow]) -> bool:
        """Whether it holds texts that were erased since by somebody of whom its desk has not heard.

        `changed`: what the page says of records so far, beyond their shadows.
        """
        if document.collection == "contact_revision":
            return self._is_former_state_of_before(document)
        return document.collection == "sync_conflict" and self._is_conflict_of_before(document, changed)

    # ------------------------------------------------------------------------------------------------

    def _erase_record(self, item: Opened) -> None:
        unit, record_id = self._unit, item.record_id
        # What hangs on it here may be unknown to the desk that erased: others are told of it.
        with unit.own_changes():
            if item.collection == "visitor":
                self._eraser.erase(unit, "visitor", record_id)
                self._eraser.repeat(unit, "visitor", record_id)
            elif item.collection in {"visit_card", "contact_revision"}:
                what = {"visit_card": "card", "contact_revision": "revision"}[item.collection]
                self._eraser.erase(unit, what, record_id)
            elif item.key in self._own.documents:
                unit.delete(COLLECTIONS[item.collection].table, record_id, erased=True)
        self._mark(item)

    def _mark(self, item: Opened) -> None:
        mark_erased(self._unit, item.collection, item.record_id, "", 1)
        self._own.erased.add(item.key)

    def _erase_field(self, local: Document, name: str) -> None:
        unit, contact_id = self._unit, local.record_id
        if local.collection != "contact":
            return
        if name == "note":
            self._eraser.erase(unit, "note", contact_id)
        elif name == "link":
            unit.delete(ContactLinkTable, contact_id, erased=True)
        elif name == "material":
            self._eraser.erase(unit, "material", contact_id)
        elif name.startswith("referrals/"):
            service_id = name.removeprefix("referrals/").rpartition("/")[0]
            entry = local.fields["referrals"].get(service_id)
            if entry:
                self._eraser.erase(unit, "reason", entry["id"])

    def _is_former_state_of_before(self, revision: Document) -> bool:
        contact_id = revision.fields.get("contact_id")
        rows = self._unit.sql(
            "SELECT times FROM erased_record WHERE id = ? AND EXISTS (SELECT 1 FROM erased_record WHERE id = ?)",
            (f"contact/{contact_id}#material", f"contact_visitor/{contact_id}"),
        )
        return bool(rows) and life_from_text(str(revision.fields.get("snapshot"))) < rows[0][0]

    def _is_conflict_of_before(self, conflict: Document, changed: Mapping[str, Shadow]) -> bool:
        collection, record_id = (str(conflict.fields.get(name)) for name in ("collection", "record_id"))
        key, name = f"{collection}/{record_id}", conflict.fields.get("field")
        if erased_keys(self._unit, [key]):
            return True
        local = read_documents(self._unit, collection, [record_id]).get(record_id) if collection == "contact" else None
        if local is None or not local.erased:
            return False
        # The hub does not know of this erasure yet: nor does the desk that found the conflict.
        known = known_document(changed.get(key) or read_shadows(self._unit, [key]).get(key))
        told = known.erased if known is not None else {}
        return any(times > told.get(field, 0) for field, times in local.erased.items() if name in {field, ""})
