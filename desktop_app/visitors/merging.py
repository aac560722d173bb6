"""Two files of one person become one, and two again when that was wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from desktop_app.core.actor import Actor
from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.records import VisitorsChanged
from desktop_app.visitors.rows import demand_consent, entry_columns, entry_of, file_row, renew_keys
from desktop_app.visitors.rules import merged_entry
from desktop_app.visitors.tables import ConsentTable, ContactLinkTable, VisitorMergeTable, VisitorTable


class MergeService:
    """Merges visitor files and takes merges back."""

    def __init__(self, store: Store) -> None:
        """Write to `store`."""
        self._store = store

    def merge_files(self, actor: Actor, kept_id: str, merged_id: str) -> str:
        """Move contacts and consents of one file to the other and fill its gaps; return the id of the merge.

        The other file stays as it was, hidden, so that `undo_merge` brings both back.

        Raises:
            UserError: it is the same file, one is gone, or one rests on no valid consent.
        """
        if kept_id == merged_id:
            raise UserError(tr("Das ist zweimal dieselbe Personenakte. Bitte wählen Sie eine andere."))
        today = self._store.clock.today()
        merge_id = self._store.ids.new_id()
        with self._store.unit_of_work(actor, "merge_visitors", ("visitor", kept_id)) as unit:
            kept, merged = (demand_consent(unit, visitor_id, today) for visitor_id in (kept_id, merged_id))
            unit.also_subject("visitor", merged_id)
            before = entry_columns(entry_of(kept))
            after = entry_columns(merged_entry(entry_of(kept), entry_of(merged)))
            changed = [name for name in before if before[name] != after[name]]
            moved = {
                "consents": self._move_consents(unit, merged_id, kept_id),
                "contacts": self._move_contacts(unit, merged_id, kept_id),
                "former_files": self._move_former_files(unit, merged_id, kept_id),
                "before": {name: before[name] for name in changed},
                "after": {name: after[name] for name in changed},
            }
            unit.update(VisitorTable, merged_id, {"merged_into": kept_id})
            changes = {name: after[name] for name in changed} | _hold_of_both(kept, merged)
            unit.update(VisitorTable, kept_id, {**changes, "changed_at": unit.moment, "revision": kept["revision"] + 1})
            unit.insert(
                VisitorMergeTable,
                {
                    "id": merge_id,
                    "kept_id": kept_id,
                    "merged_id": merged_id,
                    "moved": json.dumps(moved, ensure_ascii=False),
                    "account_id": actor.account_id,
                    "merged_at": unit.moment,
                },
            )
            self._renew(unit, kept_id, merged_id)
        return merge_id

    def undo_merge(self, actor: Actor, merge_id: str) -> None:
        """Bring both files back. What came to the kept file after the merge stays there.

        Raises:
            UserError: the merge is not there or was undone, or one of the files went into a third meanwhile.
        """
        with self._store.unit_of_work(actor, "undo_merge", ("merge", merge_id)) as unit:
            merge = unit.first(VisitorMergeTable.select().where(VisitorMergeTable.id == merge_id))
            if merge is None or merge["undone_at"] is not None:
                raise UserError(tr("Dieses Zusammenführen ist schon rückgängig gemacht oder nicht mehr vorhanden."))
            kept_id, merged_id = merge["kept_id"], merge["merged_id"]
            kept = file_row(unit, kept_id)
            moved = json.loads(merge["moved"])
            unit.update(VisitorTable, merged_id, {"merged_into": None})
            for former_id in moved["former_files"]:
                if unit.sql("SELECT 1 FROM visitor WHERE id = ? AND merged_into = ?", (former_id, kept_id)):
                    unit.update(VisitorTable, former_id, {"merged_into": merged_id})
            for table, column, ids in (
                (ConsentTable, ConsentTable.id, moved["consents"]),
                (ContactLinkTable, ContactLinkTable.contact_id, moved["contacts"]),
            ):
                # What was erased or linked to someone else since stays so.
                query = table.select(column).where(column.in_(ids) & (table.visitor_id == kept_id))
                for row in unit.rows(query):
                    unit.update(table, row[column.column_name], {"visitor_id": merged_id})
            changes = {name: value for name, value in moved["before"].items() if kept[name] == moved["after"][name]}
            unit.update(VisitorTable, kept_id, {**changes, "changed_at": unit.moment, "revision": kept["revision"] + 1})
            unit.update(VisitorMergeTable, merge_id, {"undone_at": unit.moment, "moved": "{}"})
            self._renew(unit, kept_id, merged_id)

    @staticmethod
    def _move_consents(unit: UnitOfWork, merged_id: str, kept_id: str) -> list[str]:
        rows = unit.rows(ConsentTable.select(ConsentTable.id).where(ConsentTable.visitor_id == merged_id))
        for row in rows:
            unit.update(ConsentTable, row["id"], {"visitor_id": kept_id})
        return [row["id"] for row in rows]

    @staticmethod
    def _move_contacts(unit: UnitOfWork, merged_id: str, kept_id: str) -> list[str]:
        query = ContactLinkTable.select(ContactLinkTable.contact_id).where(ContactLinkTable.visitor_id == merged_id)
        rows = unit.rows(query)
        for row in rows:
            unit.update(ContactLinkTable, row["contact_id"], {"visitor_id": kept_id})
        return [row["contact_id"] for row in rows]

    @staticmethod
    def _move_former_files(unit: UnitOfWork, merged_id: str, kept_id: str) -> list[str]:
        rows = unit.rows(VisitorTable.select(VisitorTable.id).where(VisitorTable.merged_into == merged_id))
        for row in rows:
            unit.update(VisitorTable, row["id"], {"merged_into": kept_id})
        return [row["id"] for row in rows]

    def _renew(self, unit: UnitOfWork, *visitor_ids: str) -> None:
        for visitor_id in visitor_ids:
            row = unit.first(VisitorTable.select(VisitorTable.merged_into).where(VisitorTable.id == visitor_id))
            if row is not None and row["merged_into"] is None:
                renew_keys(unit, self._store.ids, visitor_id)
            else:
                unit.derived("DELETE FROM visitor_key WHERE visitor_id = ?", (visitor_id,))
            unit.notify(VisitorsChanged(visitor_id))


def _hold_of_both(kept: Mapping[str, Any], merged: Mapping[str, Any]) -> dict[str, object]:
    """Return the columns of the longer suspension of the erasure, if the file that goes in brings it."""
    if not merged["hold_until"] or (kept["hold_until"] or "") >= merged["hold_until"]:
        return {}
    return {"hold_reason": merged["hold_reason"], "hold_until": merged["hold_until"]}
