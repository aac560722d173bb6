"""Documents: what travels of a record, as canonical JSON, and how it is read from rows."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Collection as Some
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from desktop_app.sync.what_travels import COLLECTIONS, DOCUMENT_VERSION, Collection, Key, Rule

_KNOWN = frozenset({"v", "c", "i", "f", "e"})
_LONGEST_NAME = 200


class DocumentBroken(Exception):
    """It is no document of ours."""


class Reader(Protocol):
    """What reads by hand-written SQL: a store or a unit of work."""

    def sql(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """One record as it travels. Values are JSON; `erased` counts how often a field was erased for good."""

    collection: str
    record_id: str
    fields: Mapping[str, Any]
    erased: Mapping[str, int] = field(default_factory=dict)
    version: int = DOCUMENT_VERSION
    #: what a newer program wrote beside; kept as it came
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name under which its shadow is kept."""
        return f"{self.collection}/{self.record_id}"

    @property
    def is_newer(self) -> bool:
        """Whether only a newer program knows its shape."""
        return self.version > DOCUMENT_VERSION or self.collection not in COLLECTIONS


def canonical(value: object) -> str:
    """Return JSON with one spelling for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def document_text(document: Document) -> str:
    """Return the document as canonical JSON."""
    content: dict[str, Any] = {
        **document.more,
        "v": document.version,
        "c": document.collection,
        "i": document.record_id,
        "f": document.fields,
    }
    if document.erased:
        content["e"] = document.erased
    return canonical(content)


def document_from(text: str) -> Document:
    """Return the document of a text.

    Raises:
        DocumentBroken: it is none.
    """
    try:
        content = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise DocumentBroken("no JSON") from error
    if not isinstance(content, dict):
        raise DocumentBroken("no object")
    version, collection, record_id = content.get("v"), content.get("c"), content.get("i")
    fields, erased = content.get("f"), content.get("e", {})
    if not (isinstance(version, int) and not isinstance(version, bool) and version >= 1):
        raise DocumentBroken("no version")
    if not (isinstance(collection, str) and isinstance(record_id, str) and isinstance(fields, dict)):
        raise DocumentBroken("no collection, id or fields")
    if not (0 < len(collection) <= _LONGEST_NAME and 0 < len(record_id) <= _LONGEST_NAME):
        raise DocumentBroken("an empty or endless name")
    if not isinstance(erased, dict) or not all(isinstance(times, int) for times in erased.values()):
        raise DocumentBroken("no marks of erasure")
    more = {name: value for name, value in content.items() if name not in _KNOWN}
    found = Document(collection, record_id, fields, erased, version, more)
    if not found.is_newer:
        # One look at the whole text instead of one at every value; an escape may stand for anything.
        _check_shape(found, _is_plain if "\\u" in text or _NOT_STORABLE.search(text) else _is_plain_beside_text)
    return found


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _check_shape(document: Document, is_plain: Callable[[object], bool]) -> None:
    """Refuse values that no column can hold, so that a page never fails on one record."""
    collection = COLLECTIONS[document.collection]
    for name, value in document.fields.items():
        rule = collection.fields.get(name)
        if rule is Rule.MAP:
            if not isinstance(value, dict) or not all(
                isinstance(inner, dict) and all(map(is_plain, inner.values())) for inner in value.values()
            ):
                raise DocumentBroken("a map that is none")
        elif name in {"note", "link"}:
            if value is not None and not (isinstance(value, dict) and all(map(is_plain, value.values()))):
                raise DocumentBroken("a part that is none")
        elif rule is not None and not is_plain(value):
            raise DocumentBroken("a value that no column holds")


_NOT_STORABLE = re.compile("[\ud800-\udfff\0]")  # halves of a pair, and what ends a text in C


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return _NOT_STORABLE.search(value) is None
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or (isinstance(value, float) and math.isfinite(value))


def _is_plain_beside_text(value: object) -> bool:
    return isinstance(value, str) or _is_plain(value)


# Which documents ---------------------------------------------------------------------------------------


def document_ids(reader: Reader, table: str, record_ids: Some[str]) -> tuple[str, dict[str, str]]:
    """Return the collection a table's rows belong to, and the document ids of those rows that are still there.

    For rows that are gone and whose document goes by another name than the row, see `vanished_ids`.
    """
    wanted = (json.dumps(list(record_ids)),)
    if table in {"contact_note", "contact_visitor"}:
        return "contact", {record_id: record_id for record_id in record_ids}
    if table == "referral":
        rows = reader.sql("SELECT id, contact_id FROM referral WHERE id IN (SELECT value FROM json_each(?))", wanted)
        return "contact", dict(rows)
    if table not in COLLECTIONS:  # local rows, and needs: whoever writes a need writes its contact
        return "", {}
    expression = id_expression(COLLECTIONS[table])
    if expression == "id":
        return table, {record_id: record_id for record_id in record_ids}
    rows = reader.sql(
        f'SELECT id, {expression} FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))',  # noqa: S608
        wanted,
    )
    return table, dict(rows)


def id_expression(collection: Collection) -> str:
    """Return the SQL that makes a row's document id."""
    return {
        Key.ID: "id",
        Key.CODE: "code",
        Key.SINGLE: "'office'",
        Key.SERVICE: "service_id",
        Key.SERVICE_AND_TOPIC: "service_id || ':' || topic",
    }[collection.key]


def vanished_ids(reader: Reader, collection: str) -> list[str]:
    """Return documents the hub has whose rows are gone here, where rows and documents go by different names."""
    known = [
        row[0]
        for row in reader.sql(
            "SELECT substr(id, ?) FROM sync_shadow WHERE id > ? AND id < ? AND deleted = 0",
            (len(collection) + 2, f"{collection}/", f"{collection}0"),
        )
    ]
    there = read_documents(reader, collection, known)
    return [record_id for record_id in known if record_id not in there]


def ids_after(reader: Reader, collection: str, after: str, limit: int) -> list[str]:
    """Return document ids of a collection in their order, after one of them."""
    expression = id_expression(COLLECTIONS[collection])
    chosen = " AND suggested = 0" if collection == "service_topic" else ""
    rows = reader.sql(
        f'SELECT {expression} AS document FROM "{collection}" WHERE {expression} > ?{chosen} '  # noqa: S608
        "ORDER BY document LIMIT ?",
        (after, limit),
    )
    return [str(row[0]) for row in rows]


def row_of(reader: Reader, collection: str, record_id: str) -> str | None:
    """Return the id of the row that a document is kept in; None when there is none."""
    what = COLLECTIONS[collection]
    if what.key is Key.ID:
        return record_id
    rows = reader.sql(
        f'SELECT id FROM "{collection}" WHERE {id_expression(what)} = ?',  # noqa: S608 - names of our own tables
        (record_id,),
    )
    return str(rows[0][0]) if rows else None


def existing_ids(reader: Reader, collection: str, record_ids: Some[str]) -> set[str]:
    """Return which of these documents have a row here."""
    expression = id_expression(COLLECTIONS[collection])
    rows = reader.sql(
        f'SELECT {expression} FROM "{collection}" WHERE {expression} IN (SELECT value FROM json_each(?))',  # noqa: S608
        (json.dumps(list(record_ids)),),
    )
    return {str(row[0]) for row in rows}


def count_documents(reader: Reader, collection: str) -> int:
    """Return how many documents of a collection this desk has."""
    chosen = " WHERE suggested = 0" if collection == "service_topic" else ""
    return int(reader.sql(f'SELECT count(*) FROM "{collection}"{chosen}')[0][0])  # noqa: S608


# Reading -----------------------------------------------------------------------------------------------


def read_documents(reader: Reader, collection: str, record_ids: Some[str]) -> dict[str, Document]:
    """Return the documents of these ids as the rows say; what is not there is left out."""
    if not record_ids:
        return {}
    what = COLLECTIONS[collection]
    wanted = json.dumps(list(record_ids))
    columns = [name for name, rule in what.fields.items() if name in what.table._meta.columns]
    expression = id_expression(what)
    names = ", ".join(f'"{name}"' for name in columns)
    chosen = " AND suggested = 0" if collection == "service_topic" else ""
    rows = reader.sql(
        f'SELECT {expression}, {names} FROM "{collection}" '  # noqa: S608 - names of our own tables
        f"WHERE {expression} IN (SELECT value FROM json_each(?)){chosen}",
        (wanted,),
    )
    fields = {str(row[0]): dict(zip(columns, row[1:], strict=True)) for row in rows}
    if collection == "contact":
        _add_parts(reader, wanted, fields)
    elif collection == "service_verification":
        office = reader.sql("SELECT name FROM office LIMIT 1")
        for row in fields.values():
            row["verified_by"] = office[0][0] if office else "?"
    erased = _erased_fields(reader, collection, wanted)
    return {
        record_id: Document(collection, record_id, values, erased.get(record_id, {}))
        for record_id, values in fields.items()
    }


def read_keys(reader: Reader, keys: Iterable[str]) -> dict[str, Document]:
    """Return documents of any collections by their keys (`collection/id`)."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        collection, _, record_id = key.partition("/")
        if collection in COLLECTIONS:
            wanted[collection].append(record_id)
    return {
        document.key: document
        for collection, ids in wanted.items()
        for document in read_documents(reader, collection, ids).values()
    }


def _add_parts(reader: Reader, wanted: str, contacts: dict[str, dict[str, Any]]) -> None:
    for contact in contacts.values():
        contact.update(needs={}, referrals={}, note=None, link=None)
    for contact_id, code, result, reason, position in reader.sql(
        "SELECT need.contact_id, topic.code, need.result, need.unmet_reason, need.position FROM json_each(?) AS wanted "
        "CROSS JOIN need ON need.contact_id = wanted.value JOIN topic ON topic.id = need.topic_id",
        (wanted,),
    ):
        contacts[contact_id]["needs"][code] = {"result": result, "unmet_reason": reason, "position": position}
    names = ("id", "mode", "state", "state_reason", "state_changed_at", "due_on", "position")
    for contact_id, service_id, *values in reader.sql(
        "SELECT r.contact_id, r.service_id, r.id, r.mode, r.state, r.state_reason, r.state_changed_at, r.due_on, r.position "
        "FROM json_each(?) AS wanted CROSS JOIN referral AS r ON r.contact_id = wanted.value",
        (wanted,),
    ):
        contacts[contact_id]["referrals"][service_id] = dict(zip(names, values, strict=True))
    for contact_id, text, written_at in reader.sql(
        "SELECT contact_id, text, written_at FROM json_each(?) AS wanted "
        "CROSS JOIN contact_note ON contact_note.contact_id = wanted.value",
        (wanted,),
    ):
        contacts[contact_id]["note"] = {"text": text, "written_at": written_at}
    for contact_id, visitor_id, card_id in reader.sql(
        "SELECT contact_id, visitor_id, card_id FROM json_each(?) AS wanted "
        "CROSS JOIN contact_visitor ON contact_visitor.contact_id = wanted.value",
        (wanted,),
    ):
        contacts[contact_id]["link"] = {"visitor_id": visitor_id, "card_id": card_id}


def _erased_fields(reader: Reader, collection: str, wanted: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    if COLLECTIONS[collection].key is not Key.ID:
        return found
    tables = [collection, "contact_note", "contact_visitor"] if collection == "contact" else [collection]
    for table, record_id, column, times in reader.sql(
        "SELECT collection, record_id, field, times FROM erased_record WHERE collection IN (SELECT value FROM json_each(?)) "
        "AND record_id IN (SELECT value FROM json_each(?))",
        (json.dumps(tables), wanted),
    ):
        name = {"contact_note": "note", "contact_visitor": "link"}.get(table, column)
        if name:
            found[record_id][name] = times
    if collection == "contact":
        for contact_id, service_id, column, times in reader.sql(
            "SELECT referral.contact_id, referral.service_id, erased_record.field, erased_record.times "
            "FROM json_each(?) AS wanted CROSS JOIN referral ON referral.contact_id = wanted.value "
            "CROSS JOIN erased_record ON erased_record.id = 'referral/' || referral.id || '#state_reason'",
            (wanted,),
        ):
            found[contact_id][f"referrals/{service_id}/{column}"] = times
    return found


def as_the_hub_has_it(mine: Document, base: Document) -> Document:
    """Return the local document with what this desk does not keep itself taken from the last version of the hub.

    Those are fields of newer programs, and fields that are written once with a new row.
    """
    rules = COLLECTIONS[mine.collection].fields
    kept = {
        name: value
        for name, value in base.fields.items()
        if rules.get(name) is Rule.ONCE or (name not in rules and name not in mine.fields)
    }
    fields: dict[str, Any] = {**mine.fields, **kept}
    for name, inner_rules in COLLECTIONS[mine.collection].inner.items():
        entries, known = fields.get(name), base.fields.get(name)
        if isinstance(entries, dict) and isinstance(known, dict):
            fields[name] = {
                key: {
                    **{inner: value for inner, value in known.get(key, {}).items() if inner not in inner_rules},
                    **entry,
                }
                for key, entry in entries.items()
            }
    erased = {**base.erased, **{name: max(times, base.erased.get(name, 0)) for name, times in mine.erased.items()}}
    return replace(mine, fields=fields, erased=erased, more=base.more, version=max(mine.version, base.version))


def same_content(one: Document, other: Document) -> bool:
    """Tell whether two documents say the same."""
    return one.fields == other.fields and one.erased == other.erased
