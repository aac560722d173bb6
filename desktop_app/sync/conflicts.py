"""The conflict inbox: what did not stand when two desks changed the same, and what people decide."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desktop_app.core.clock import from_text
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Action, Role, allowed
from desktop_app.core.translation import tr
from desktop_app.sync.connection import read_connection
from desktop_app.sync.documents import Document, canonical, read_documents
from desktop_app.sync.following import follow_up
from desktop_app.sync.records import Choice, Conflict, ConflictField, ConflictKind, SpaceKind, SyncChanged
from desktop_app.sync.tables import SyncConflict
from desktop_app.sync.value_words import value_text
from desktop_app.sync.what_travels import COLLECTIONS, Rule
from desktop_app.sync.wording import collection_label, field_label, record_text, where_words
from desktop_app.sync.writing import Writer

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork

OPEN, KEPT, DECIDED, DISMISSED = "open", "kept", "decided", "dismissed"
_WAITING = (OPEN, KEPT)
#: What somebody has to be allowed to do to read of a record; of a kind that is not named, who may read visitors' files may.
_READ: Mapping[str, Action] = {
    **{name: Action.SEE_DIRECTORY for name, one in COLLECTIONS.items() if one.space is SpaceKind.DIRECTORY},
    **dict.fromkeys(("office", "social_space", "topic"), Action.SEE_OFFICE),
    **dict.fromkeys(("contact", "contact_revision", "tally_mark"), Action.SEE_CONTACTS),
    "service_remark": Action.SEE_DIRECTORY,
    "account": Action.MANAGE_ACCOUNTS,
}
#: Parts of a contact that are more confidential than its row; without a field the whole record is meant.
_READ_PARTS: Mapping[str, Action] = {
    "note": Action.READ_NOTES,
    "": Action.READ_NOTES,
    "link": Action.READ_VISITOR_FILES,
}


def may_read(role: Role, collection: str, field: str) -> bool:
    """Tell whether a role may read what two desks made of a field; an empty one means the whole record."""
    action = _READ.get(collection, Action.READ_VISITOR_FILES)
    if collection == "contact":
        action = _READ_PARTS.get(field, action)
    return allowed(role, action)


class ConflictInbox:
    """Lists conflicts as a role may read them, and carries out decisions."""

    def __init__(self, store: Store, role: Role) -> None:
        """Show what `role` may read."""
        self._store = store
        self._role = role

    def conflicts(self, *, with_decided: bool = False) -> tuple[Conflict, ...]:
        """Return conflicts, the newest first."""
        query = SyncConflict.select().order_by(SyncConflict.found_at.desc(), SyncConflict.conflict_id, SyncConflict.id)
        grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._store.rows(query):
            if self._may_read(row):
                grouped[row["conflict_id"]].append(row)
        found = [self._conflict(rows) for rows in grouped.values()]
        return tuple(one for one in found if with_decided or not one.is_decided)

    def conflict(self, conflict_id: str) -> Conflict:
        """Return one conflict.

        Raises:
            UserError: there is no such conflict (any more).
        """
        return self._conflict(self._rows(conflict_id))

    def count_waiting(self) -> int:
        """Return how many conflicts nobody has dealt with, of those the role may read."""
        rows = self._store.rows(
            SyncConflict.select(
                SyncConflict.conflict_id, SyncConflict.collection, SyncConflict.field, SyncConflict.state
            ).where(SyncConflict.state.in_(_WAITING))
        )
        return len({row["conflict_id"] for row in rows if self._may_read(row)})

    def decide(self, actor: Actor, conflict_id: str, field: str, choice: Choice) -> None:
        """Let one of three values of a field stand.

        Raises:
            UserError: it is gone, or the record belongs to another carrier.
        """
        rows = [row for row in self._rows(conflict_id) if row["field"] == field]
        if not rows:
            raise _gone()
        row = rows[0]
        with self._store.unit_of_work(actor, "decide_conflict", ("conflict", conflict_id)) as unit:
            before = self._write(unit, row, row[choice.value], as_choice=choice)
            unit.update(
                SyncConflict,
                row["id"],
                {
                    "state": DECIDED,
                    "chosen": choice.value,
                    "former": row["former"] if row["state"] == DECIDED else before,
                    "decided_at": unit.moment,
                    "decided_by": actor.display_name,
                },
            )
            unit.notify(SyncChanged())

    def undo_decision(self, actor: Actor, conflict_id: str) -> None:
        """Take all decisions on a conflict back.

        Raises:
            UserError: it is gone.
        """
        with self._store.unit_of_work(actor, "undo_conflict_decision", ("conflict", conflict_id)) as unit:
            for row in self._rows(conflict_id):
                if row["state"] == DECIDED:
                    self._write(unit, row, row["former"], as_choice=None)
                if row["state"] in {DECIDED, DISMISSED}:
                    waiting = {"state": _first_state(row), "chosen": None, "former": None}
                    unit.update(SyncConflict, row["id"], {**waiting, "decided_at": None, "decided_by": None})
            unit.notify(SyncChanged())

    def dismiss(self, actor: Actor, conflict_id: str) -> None:
        """Leave everything as it stands and clear the conflict away; `undo_decision` brings it back.

        Raises:
            UserError: it is gone.
        """
        with self._store.unit_of_work(actor, "dismiss_conflict", ("conflict", conflict_id)) as unit:
            for row in self._rows(conflict_id):
                if row["state"] in _WAITING:
                    done = {"state": DISMISSED, "decided_at": unit.moment, "decided_by": actor.display_name}
                    unit.update(SyncConflict, row["id"], done)
            unit.notify(SyncChanged())

    # ------------------------------------------------------------------------------------------------

    def _may_read(self, row: dict[str, Any]) -> bool:
        return may_read(self._role, row["collection"], row["field"])

    def _rows(self, conflict_id: str) -> list[dict[str, Any]]:
        query = SyncConflict.select().where(SyncConflict.conflict_id == conflict_id).order_by(SyncConflict.id)
        rows = [row for row in self._store.rows(query) if self._may_read(row)]
        if not rows:
            raise _gone()
        return rows

    def _conflict(self, rows: Sequence[dict[str, Any]]) -> Conflict:
        first = rows[0]
        kind = ConflictKind(first["kind"])
        mine_where, theirs_where = where_words(self._store, kind, first["device_label"])
        return Conflict(
            conflict_id=first["conflict_id"],
            kind=kind,
            what=collection_label(first["collection"]),
            record=record_text(self._store, first["collection"], first["record_id"]),
            happened_at=from_text(first["found_at"]),
            fields=tuple(self._field(row) for row in rows),
            is_decided=all(row["state"] not in _WAITING for row in rows),
            found_by=first["device_label"],
            mine_where=mine_where,
            theirs_where=theirs_where,
        )

    def _field(self, row: dict[str, Any]) -> ConflictField:
        return ConflictField(
            name=row["field"],
            label=field_label(self._store, row["collection"], row["field"]),
            before=value_text(self._store, row["collection"], row["field"], row["before"]),
            mine=value_text(self._store, row["collection"], row["field"], row["mine"]),
            theirs=value_text(self._store, row["collection"], row["field"], row["theirs"]),
            stands=Choice(row["chosen"] if row["state"] == DECIDED and row["chosen"] else row["stands"]),
            is_open=row["state"] == OPEN,
        )

    def _write(self, unit: UnitOfWork, row: dict[str, Any], text: str | None, *, as_choice: Choice | None) -> str:
        """Write a value into the record; return the one it had, as JSON."""
        collection, record_id, field = row["collection"], row["record_id"], row["field"]
        value = json.loads(text) if text else None
        document = read_documents(unit, collection, [record_id]).get(record_id)
        before = _value_at(document, field)
        if before == value:
            return canonical(before)
        self._check_ours(unit, collection, record_id, as_choice)
        writer = Writer(unit, self._store.ids)
        if field:
            if document is None:
                raise UserError(tr("Diesen Eintrag gibt es nicht mehr. Es wurde nichts geändert."))
            writer.write(replace(document, fields=_with_value(document.fields, field, value)), document)
        elif value is None:
            if document is not None:
                writer.delete(document)
        else:
            writer.write(Document(collection, record_id, value), document)
        follow_up(self._store, unit, writer)
        return canonical(before)

    def _check_ours(self, unit: UnitOfWork, collection: str, record_id: str, choice: Choice | None) -> None:
        if COLLECTIONS[collection].space is not SpaceKind.DIRECTORY or choice is None:
            return
        connection = read_connection(unit)
        rows = unit.sql("SELECT owner FROM sync_shadow WHERE id = ?", (f"{collection}/{record_id}",))
        if connection is not None and rows and rows[0][0] not in {None, connection.carrier_id}:
            raise UserError(
                tr(
                    "Dieser Eintrag gehört einem anderen Träger; hier lässt er sich nicht ändern. Bitte melden Sie die "
                    "Änderung dort."
                )
            )


def _value_at(document: Document | None, field: str) -> Any:
    if document is None:
        return None
    if not field:
        return dict(document.fields)
    value: Any = document.fields
    for part in _path(field):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _with_value(fields: Any, field: str, value: Any) -> dict[str, Any]:
    name, *rest = _path(field)
    changed = dict(fields)
    if rest:
        entries = dict(changed.get(name) or {})
        entry = dict(entries.get(rest[0]) or {})
        if len(rest) > 1:
            entry[rest[1]] = value
            entries[rest[0]] = entry
        elif value is None:
            entries.pop(rest[0], None)
        else:
            entries[rest[0]] = value
        changed[name] = entries
    else:
        changed[name] = value
    return changed


def _path(field: str) -> tuple[str, ...]:
    """Return the parts of a field's name: an entry of a map may itself have a slash in its name."""
    name, slash, rest = field.partition("/")
    if not slash:
        return (name,)
    key, inner_slash, inner = rest.rpartition("/")
    known = COLLECTIONS["contact"].inner.get(name, {})
    return (name, key, inner) if inner_slash and inner in known else (name, rest)


def _first_state(row: dict[str, Any]) -> str:
    collection = COLLECTIONS[row["collection"]]
    path = _path(row["field"]) if row["field"] else ("",)
    rules = collection.inner.get(path[0], {}) if len(path) > 1 else collection.fields
    is_decision = rules.get(path[-1]) in {Rule.DECIDE, Rule.EARLIER_DAY}
    return OPEN if is_decision and row["kind"] == ConflictKind.BOTH_CHANGED.value else KEPT


def _gone() -> UserError:
    return UserError(tr("Diesen Konflikt gibt es nicht mehr; meist wurde der Eintrag inzwischen gelöscht."))
