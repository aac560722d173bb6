"""The rules of HSDS 3.1.1, read from the schema that ships with the program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[3] / "resources" / "hsds" / "3.1.1" / "datapackage.json"

#: References that the schema describes in words only.
_SAID_IN_WORDS = {
    ("organization", "parent_organization_id"): "organization",
    ("taxonomy_term", "parent_id"): "taxonomy_term",
}
#: A column that may point to any object, and the column that says to which kind.
OPEN_LINKS = {"attribute": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type")}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What one column may hold."""

    name: str
    kind: str
    """string, number, date, datetime or time."""
    form: str
    """uuid, email, uri or empty."""
    required: bool
    choices: frozenset[str]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One kind of HSDS object."""

    name: str
    file_name: str
    fields: Mapping[str, FieldRule]
    links: Mapping[str, str]
    """Column to the object type it points to."""


@lru_cache(maxsize=1)
def object_types() -> Mapping[str, ObjectType]:
    """Return all object types by name, in the order of the schema."""
    package = json.loads(_PACKAGE.read_text(encoding="utf-8"))
    return {resource["name"]: _object_type(resource) for resource in package["resources"]}


def _object_type(resource: dict[str, object]) -> ObjectType:
    schema = resource["schema"]
    assert isinstance(schema, dict)  # noqa: S101 - our own file
    name = str(resource["name"])
    fields: dict[str, FieldRule] = {}
    for field in schema["fields"]:
        constraints = field.get("constraints") or {}
        fields[field["name"]] = FieldRule(
            name=field["name"],
            kind=field["type"],
            form=field.get("format") or "",
            required=bool(constraints.get("required")),
            choices=frozenset(constraints.get("enum") or ()),
        )
    links = {key["fields"]: key["reference"]["resource"] for key in schema.get("foreignKeys") or ()}
    links.update({column: target for (owner, column), target in _SAID_IN_WORDS.items() if owner == name})
    return ObjectType(name=name, file_name=str(resource["path"]), fields=fields, links=links)
