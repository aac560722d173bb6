"""JSON documents of the HSDS API: pages, lists and single objects with their parts inside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr
from desktop_app.directory.hsds.decoding import decode, storable
from desktop_app.directory.hsds.files import SourceFile
from desktop_app.directory.hsds.identity import identity, record_id
from desktop_app.directory.hsds.limits import MAXIMUM_DEPTH, MAXIMUM_DOCUMENT_BYTES, MAXIMUM_ROWS
from desktop_app.directory.hsds.schema import object_types
from desktop_app.directory.hsds.source import SourcePackage, SourceRow
from desktop_app.directory.records import Severity

_EVERYWHERE = {"attributes": "attribute", "metadata": "metadata"}

#: Where objects stand inside others: parent, then key, then object type. Links are found by the type's names.
_LISTS: dict[str, dict[str, str]] = {
    "organization": {
        "additional_websites": "url", "funding": "funding", "contacts": "contact", "phones": "phone",
        "locations": "location", "programs": "program", "organization_identifiers": "organization_identifier",
        "services": "service",
    },
    "service": {
        "additional_urls": "url", "phones": "phone", "schedules": "schedule", "service_areas": "service_area",
        "service_at_locations": "service_at_location", "languages": "language", "funding": "funding",
        "cost_options": "cost_option", "required_documents": "required_document", "contacts": "contact",
        "capacities": "service_capacity",
    },
    "service_at_location": {
        "service_areas": "service_area", "contacts": "contact", "phones": "phone", "schedules": "schedule",
    },
    "location": {
        "languages": "language", "addresses": "address", "contacts": "contact", "accessibility": "accessibility",
        "phones": "phone", "schedules": "schedule",
    },
    "phone": {"languages": "language"},
    "contact": {"phones": "phone"},
}  # fmt: skip

#: Single objects inside others: parent, then key, then object type and the parent's column that links to it.
_SINGLES: dict[str, dict[str, tuple[str, str]]] = {
    "service": {"organization": ("organization", "organization_id"), "program": ("program", "program_id")},
    "service_at_location": {"location": ("location", "location_id"), "service": ("service", "service_id")},
    "service_capacity": {"unit": ("unit", "unit_id")},
    "attribute": {"taxonomy_term": ("taxonomy_term", "taxonomy_term_id")},
    "taxonomy_term": {"taxonomy_detail": ("taxonomy", "taxonomy_id")},
}

#: Keys that tell one object type from the others, the surest first.
_MARKS: tuple[tuple[str, frozenset[str]], ...] = (
    ("service_at_location", frozenset({"service", "location_id"})),
    ("location", frozenset({"location_type", "addresses"})),
    ("service", frozenset({"status", "organization", "organization_id", "service_at_locations"})),
    ("taxonomy_term", frozenset({"taxonomy", "taxonomy_detail", "term_uri", "parent_id", "code"})),
    ("taxonomy", frozenset({"version"})),
    ("organization", frozenset({"name"})),
)


def read_document(file: SourceFile, package: SourcePackage) -> None:
    """Add all objects of one JSON file.

    Raises:
        UserError: it is no JSON or holds no HSDS object.
    """
    name = file.path.name
    if len(file.content) > MAXIMUM_DOCUMENT_BYTES:
        raise UserError(_too_deep(name))
    try:
        # Numbers stay as they are written: "-80.190" must not lose its last digit.
        document = json.loads(
            decode(file.content, name, package.findings), parse_float=str, parse_int=str, parse_constant=str
        )
    except ValueError as error:
        raise UserError(
            tr(
                "Die Datei „{name}“ ist kein gültiges JSON. Sie ist vielleicht nur halb heruntergeladen. Es wurde nichts "
                "geändert.",
                name=name,
            )
        ) from error
    except RecursionError as error:
        raise UserError(_too_deep(name)) from error
    reader = _DocumentReader(name, package)
    if not reader.read(document):
        raise UserError(
            tr(
                "In der Datei „{name}“ steht kein Träger und kein Angebot im Format HSDS. Ist es die richtige Datei?",
                name=name,
            )
        )


class _DocumentReader:
    """Walks one document and lays its objects out flat."""

    def __init__(self, file: str, package: SourcePackage) -> None:
        self._file = file
        self._package = package
        self._position = 0
        self._count = 0

    def read(self, document: object) -> bool:
        """Add what the document holds; return whether that is anything."""
        if isinstance(document, list):
            return self._read_items(document)
        if not isinstance(document, dict):
            return False
        contents = document.get("contents")
        if isinstance(contents, list):
            self._report_partial_page(document)
            return self._read_items(contents) or not contents
        tables = {key: value for key, value in document.items() if isinstance(value, list) and self._table(key)}
        if tables and "id" not in document:
            for key, rows in tables.items():
                self._read_items(rows, str(self._table(key)))
            return True
        return self._read_items([document])

    @staticmethod
    def _table(key: str) -> str | None:
        stem = PurePosixPath(key).stem.lower()
        for kind in object_types().values():
            if stem in {kind.name, kind.name + "s", PurePosixPath(kind.file_name).stem}:
                return kind.name
        return None

    def _report_partial_page(self, document: Mapping[str, object]) -> None:
        pages = document.get("total_pages")
        if isinstance(pages, str) and pages.isdecimal() and int(pages) > 1:
            self._package.partial = True
            self._package.findings.add(
                Severity.NOTE,
                file=self._file,
                field="total_pages",
                value=pages,
                what=tr("Das ist Seite {page} von {pages}.", page=document.get("page_number", "?"), pages=pages),
                why=tr("Die Quelle gibt ihre Einträge seitenweise aus."),
                action=tr("Nur diese Seite wurde gelesen."),
            )

    def _read_items(self, items: Sequence[object], kind: str | None = None) -> bool:
        found = False
        for position, item in enumerate(items, start=1):
            self._position = position
            item_kind = kind or _recognised(item)
            if isinstance(item, dict) and item_kind is not None:
                self._read_object(item_kind, item, {}, 0)
                found = True
            else:
                self._package.findings.add(
                    Severity.ERROR,
                    file=self._file,
                    row=position,
                    value=str(item),
                    what=tr("Dieser Eintrag ist nicht als HSDS-Objekt erkennbar."),
                    why=tr("Es fehlen die Felder, an denen Träger, Angebot und Ort zu erkennen sind."),
                    action=tr("Nicht übernommen."),
                )
        return found

    def _read_object(self, kind: str, item: Mapping[str, Any], links: Mapping[str, str], depth: int) -> str:
        """Add an object and all that stands inside it; return its id."""
        self._count += 1
        if depth > MAXIMUM_DEPTH or self._count > MAXIMUM_ROWS:
            raise UserError(_too_deep(self._file))
        rules = object_types()[kind].fields
        row = SourceRow(kind, self._file, self._position, dict(links))
        singles = _SINGLES.get(kind, {})
        lists = _LISTS.get(kind, {}) | _EVERYWHERE
        for raw_key, value in item.items():
            key = storable(raw_key)
            if key in singles or key in lists:
                continue
            if key in rules and not isinstance(value, dict | list):
                text = _text(value)
                if text is not None or key not in row.values:
                    row.values[key] = text
            elif value not in (None, "", [], {}):
                row.extra[key] = _storable_tree(value, depth)
        if not row.id:
            row.values["id"] = identity(row)
            row.made_id = True
        self._read_parts(row, item, singles, lists, depth)
        return row.id

    def _read_parts(
        self,
        row: SourceRow,
        item: Mapping[str, Any],
        singles: Mapping[str, tuple[str, str]],
        lists: Mapping[str, str],
        depth: int,
    ) -> None:
        for key, (kind, column) in singles.items():
            part = item.get(key)
            if isinstance(part, dict):
                # A programme inside a service belongs to the service's organisation, which is read just before it.
                inherited = _links_down(
                    kind, "organization", row.values.get("organization_id") if kind == "program" else None
                )
                part_id = self._read_object(kind, part, inherited, depth + 1)
                if not row.values.get(column):
                    row.values[column] = part_id
            elif part not in (None, "", [], {}):
                row.extra[key] = _storable_tree(part, depth)
        self._package.add(row)
        for key, kind in lists.items():
            parts = item.get(key)
            if isinstance(parts, list):
                self._package.listed_children.add((kind, record_id(row.object_type, row.id)))
                for part in parts:
                    if isinstance(part, dict):
                        self._read_object(kind, part, _links_down(kind, row.object_type, row.id), depth + 1)
            elif parts not in (None, "", {}):
                row.extra[key] = _storable_tree(parts, depth)


def _links_down(kind: str, parent_kind: str, parent_id: str | None) -> dict[str, str]:
    """Return the columns of a part that say where it stood."""
    if parent_id is None:
        return {}
    if kind == "attribute":
        return {"link_id": parent_id, "link_entity": parent_kind}
    if kind == "metadata":
        return {"resource_id": parent_id, "resource_type": parent_kind}
    return {f"{parent_kind}_id": parent_id}


def _recognised(item: object) -> str | None:
    if not isinstance(item, dict):
        return None
    for kind, marks in _MARKS:
        if marks & item.keys() and (kind != "taxonomy" or "name" in item):
            return kind
    return None


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return storable(str(value)) or None


def _storable_tree(value: object, depth: int) -> object:
    """Return a JSON value that can be stored whatever stands in it."""
    if depth > MAXIMUM_DEPTH:
        return None
    if isinstance(value, dict):
        return {storable(str(key)): _storable_tree(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_storable_tree(part, depth + 1) for part in value]
    return storable(value) if isinstance(value, str) else value


def _too_deep(name: str) -> str:
    return tr(
        "Die Datei „{name}“ ist zu groß oder zu tief verschachtelt. Sie ist kein gewöhnliches Verzeichnis. Es wurde nichts "
        "geändert.",
        name=name,
    )
