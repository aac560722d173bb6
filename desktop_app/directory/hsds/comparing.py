"""What an import would change: the rows of a source beside those of the directory. Reads only."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_app.directory.hsds.bundles import Bundle, bundle_fingerprint, row_hash
from desktop_app.directory.hsds.schema import object_types
from desktop_app.directory.hsds.source import SourcePackage, SourceRow
from desktop_app.directory.tables import HSDS_TABLES, ImportBundle, column_names, select_all
from desktop_app.storage.store import Store

#: Details of other records: what the source no longer names goes. Everything else is never removed by an import.
_DETAILS = frozenset(
    {
        "service_at_location", "phone", "contact", "address", "schedule", "funding", "service_area", "required_document",
        "language", "accessibility", "cost_option", "organization_identifier", "service_capacity", "url", "attribute",
    }
)  # fmt: skip


@dataclass(slots=True)
class KnownBundle:
    """What the last import brought for an organisation."""

    organization_id: str
    source_id: str
    fingerprint: str
    row_hashes: dict[str, dict[str, str]]


@dataclass(slots=True)
class Plan:
    """What has to be done for one bundle."""

    bundle: Bundle
    hashes: dict[str, dict[str, str]]
    fingerprint: str
    inserts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    updates: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """(object type, id, changed columns)."""
    removals: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """(object type, id, the row as it is)."""
    unchanged: dict[str, int] = field(default_factory=dict)
    vanished: list[tuple[str, str]] = field(default_factory=list)
    """(object type, id) that an earlier import brought, that stay and that the source no longer has."""

    remembered: dict[str, dict[str, str]] = field(default_factory=dict)
    """Rows of earlier imports that stay although this source does not have them."""

    def row_hashes(self) -> dict[str, dict[str, str]]:
        """Return what has to be remembered of this import."""
        return {
            object_type: self.remembered.get(object_type, {}) | self.hashes.get(object_type, {})
            for object_type in self.remembered.keys() | self.hashes.keys()
        }

    @property
    def changes_anything(self) -> bool:
        """Whether a row has to be written."""
        return bool(self.inserts or self.updates or self.removals)


def known_bundles(store: Store) -> dict[str, KnownBundle]:
    """Return what earlier imports brought, by organisation."""
    return {
        row["organization_id"]: KnownBundle(
            row["organization_id"], row["source_id"], row["fingerprint"], json.loads(row["row_hashes"])
        )
        for row in store.rows(ImportBundle.select())
    }


def known_ids(store: Store, object_type: str, ids: Collection[str]) -> set[str]:
    """Return which of these ids the directory has."""
    return set(_rows_by_id(store, object_type, ids))


class Comparison:
    """Compares bundles of one source with the directory."""

    def __init__(self, store: Store, package: SourcePackage, known: Mapping[str, KnownBundle]) -> None:
        """Compare `package` with what is in `store`."""
        self._store = store
        self._package = package
        self._known = known
        self._in_source: dict[str, set[str]] = {
            object_type: {row.id for row in rows} for object_type, rows in package.rows.items()
        }

    def plan(self, bundle: Bundle) -> Plan:
        """Return what has to be done for `bundle`."""
        hashes = bundle.hashes()
        plan = Plan(bundle, hashes, bundle_fingerprint(hashes))
        known = self._known.get(bundle.organization_id)
        if known is not None and known.fingerprint == plan.fingerprint:
            plan.unchanged = {object_type: len(rows) for object_type, rows in hashes.items()}
            return plan
        by_type: dict[str, list[SourceRow]] = {}
        for row in bundle.rows:
            by_type.setdefault(row.object_type, []).append(row)
        for object_type, rows in by_type.items():
            existing = _rows_by_id(self._store, object_type, [row.id for row in rows])
            for row in rows:
                self._compare(plan, row, existing.get(row.id))
        if known is not None:
            self._find_vanished(plan, known)
        return plan

    @staticmethod
    def _compare(plan: Plan, row: SourceRow, existing: Mapping[str, Any] | None) -> None:
        extra = json.dumps(row.extra, ensure_ascii=False, sort_keys=True) if row.extra else None
        if existing is None:
            columns = dict.fromkeys(column_names(HSDS_TABLES[row.object_type]))
            plan.inserts.setdefault(row.object_type, []).append({**columns, **row.values, "extra": extra})
            return
        changes: dict[str, Any] = {
            column: value or None
            for column, value in row.values.items()
            if (existing[column] or None) != (value or None)
        }
        if extra is not None and extra != existing["extra"]:
            changes["extra"] = extra
        if changes:
            plan.updates.append((row.object_type, row.id, changes))
        else:
            plan.unchanged[row.object_type] = plan.unchanged.get(row.object_type, 0) + 1

    def _find_vanished(self, plan: Plan, known: KnownBundle) -> None:
        for object_type, hashes in known.row_hashes.items():
            absent = hashes.keys() - self._in_source.get(object_type, set())
            if not absent:
                continue
            for record_id, row in sorted(_rows_by_id(self._store, object_type, absent).items()):
                if object_type not in _DETAILS:
                    plan.vanished.append((object_type, record_id))
                elif self._is_listed(object_type, row) and _untouched(row, hashes[record_id]):
                    plan.removals.append((object_type, record_id, row))
                    continue
                plan.remembered.setdefault(object_type, {})[record_id] = hashes[record_id]

    def _is_listed(self, object_type: str, row: Mapping[str, Any]) -> bool:
        """Whether the source tells all rows of this kind for a record that the row hangs on."""
        for column, value in row.items():
            if not value or not (column in object_types()[object_type].links or column == "link_id"):
                continue
            if (object_type, value) in self._package.listed_children:
                return True
            if object_type in self._package.listed_types and any(value in ids for ids in self._in_source.values()):
                return True
        return False


def _untouched(row: Mapping[str, Any], imported_hash: str) -> bool:
    """Whether nobody has changed the row here since it was imported."""
    values = {column: value for column, value in row.items() if column not in {"extra", "withdrawn_at"}}
    extra = json.loads(row["extra"]) if row["extra"] else {}
    return row_hash(values, extra) == imported_hash


def record_name(store: Store, object_type: str, record_id: str) -> str:
    """Return what a record is called; empty if its kind has no names."""
    row = _rows_by_id(store, object_type, [record_id]).get(record_id, {})
    return str(row.get("name") or "")


def _rows_by_id(store: Store, object_type: str, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    if not ids:
        return {}
    table = HSDS_TABLES[object_type]
    condition = " WHERE id IN (SELECT value FROM json_each(?))"
    rows = store.sql(select_all(table) + condition, (json.dumps(sorted(ids)),))
    return {row[0]: dict(zip(column_names(table), row, strict=True)) for row in rows}
