"""Ids: UUIDs of the source are kept, everything else becomes a UUID that is the same every time."""

from __future__ import annotations

import json
import re
import uuid

from desktop_app.directory.hsds.schema import OPEN_LINKS, object_types
from desktop_app.directory.hsds.source import SourceRow

#: Made once for this purpose; changing it would make every foreign id a new record.
_NAMESPACE = uuid.UUID("6f1c9a52-8d1b-5b4e-9b0e-2f7a41c3d6e8")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ORIGINALS = "original_ids"
_NAMED_BY = {
    "organization": ("name",),
    "program": ("organization_id", "name"),
    "service": ("organization_id", "name"),
    "location": ("organization_id", "name"),
    "service_at_location": ("service_id", "location_id"),
}


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID in its usual form."""
    return _UUID.fullmatch(text) is not None


def record_id(object_type: str, source_id: str) -> str:
    """Return the id a record has here: the source's UUID in lower case, or one made of type and foreign id."""
    trimmed = source_id.strip()
    if is_uuid(trimmed):
        return trimmed.lower()
    return str(uuid.uuid5(_NAMESPACE, f"{object_type}:{trimmed}"))


def identity(row: SourceRow) -> str:
    """Return an id made of what names the row, or else of all its content, for a row that comes without one."""
    names = _NAMED_BY.get(row.object_type, ())
    told = {key: value for key, value in sorted(row.values.items()) if value and (not names or key in names)}
    content = json.dumps(told, ensure_ascii=False)
    return str(uuid.uuid5(_NAMESPACE, f"{row.object_type}={content}"))


def link_targets(row: SourceRow) -> dict[str, str]:
    """Return the object type that each filled link column of a row points to."""
    kind = object_types()[row.object_type]
    targets = {column: target for column, target in kind.links.items() if row.values.get(column)}
    if row.object_type in OPEN_LINKS:
        column, told_by = OPEN_LINKS[row.object_type]
        target = row.values.get(told_by) or ""
        if row.values.get(column):
            targets[column] = target if target in object_types() else ""
    return targets


def adopt_ids(row: SourceRow) -> None:
    """Give the row the ids used here; foreign ones are kept in `extra`."""
    originals: dict[str, str] = {}
    own = row.id
    if own and not is_uuid(own.strip()):
        originals["id"] = own
    for column, target in link_targets(row).items():
        source_id = row.values[column] or ""
        if not is_uuid(source_id.strip()):
            originals[column] = source_id
        row.values[column] = record_id(target, source_id)
    if own:
        row.values["id"] = record_id(row.object_type, own)
    else:
        row.values["id"] = identity(row)
        row.made_id = True
    if originals:
        row.extra[ORIGINALS] = originals
