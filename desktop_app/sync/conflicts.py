"""The conflict inbox: what did not stand when two desks changed the same, and what people decide."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from desktop_app.core.clock import from_text
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Action, Role, allowed
from desktop_app.core.translation import tr
from desktop_app.sync.connection import read_connection
from desktop_app.sync.documents import Document, canonical, read_documents
from desktop_app.sync.following import follow_up
from desktop_app.sync.records import (
    Choice,
    Conflict,
    ConflictField,
    ConflictKind,
    Settled,
    SettledField,
    SpaceKind,
    SyncChanged,
)
from desktop_app.sync.tables import SyncConflict
from desktop_app.sync.value_words import value_text
from desktop_app.sync.what_travels import COLLECTIONS, Rule
from desktop_app.sync.wording import collection_label, field_label, owner_words, record_text, where_words
from desktop_app.sync.writing import Writer

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork

OPEN, KEPT, DECIDED, DISMISSED = "open", "kept", "decided", "dismissed"
_WAITING = (OPEN, KEPT)
_SETTLED = (DECIDED, DISMISSED)
#: The columns that say what became of a field.
_OUTCOME = ("state", "chosen", "former", "decided_at", "decided_by")
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


class _Words:
    """Words that many conflicts share; each is looked up once, however many conflicts are listed."""

    def __init__(self, store: Store) -> None:
        self.where = cache(partial(where_words, store))
        self.label = cache(partial(field_label, store))


class ConflictInbox:
    """Lists conflicts as a role may read them, and carries out decisions."""

    def __init__(self, store: Store, role: Role) -> None:
        """Show what `role` may read."""
        self._store = store
        self._role = role

    def conflicts(self, *, with_decided: bool = False) -> tuple[Conflict, ...]:
        """Return conflicts, the newest first."""
        query = SyncConflict.select().order_by(SyncConflict.found_at.desc(), SyncConflict.conflict_id, SyncConflict.id)
        if not with_decided:
            waiting = SyncConflict.select(SyncConflict.conflict_id).where(SyncConflict.state.in_(_WAITING))
            query = query.where(SyncConflict.conflict_id.in_(waiting))
        words = _Words(self._store)
        return tuple(
            self._conflict(rows, words)
            for rows in self._by_conflict(query).values()
            if with_decided or not _is_decided(rows)
        )

    def conflict(self, conflict_id: str) -> Conflict:
        """Return one conflict.

        Raises:
            UserError: there is no such conflict (any more).
        """
        return self._conflict(self._rows(conflict_id), _Words(self._store))

    def count_waiting(self) -> int:
        """Return how many conflicts nobody has dealt with, of those the role may read."""
        return len(self._ids(_WAITING))

    def count_decided(self) -> int:
        """Return how many conflicts somebody has dealt with, of those the role may read."""
        return len(self._ids(_SETTLED) - self._ids(_WAITING))

    def decide(self, actor: Actor, conflict_id: str, field: str, choice: Choice) -> Settled:
        """Let one of three values of a field stand; `take_back` brings back which one stood before.

        Raises:
            UserError: it is gone, or the record belongs to another carrier.
        """
        rows = [row for row in self._rows(conflict_id) if row["field"] == field]
        if not rows:
            raise _gone()
        row = rows[0]
        with self._store.unit_of_work(actor, "decide_conflict", ("conflict", conflict_id)) as unit:
            before = self._write(unit, row, row[choice.value], as_choice=choice)
            former = row["former"] if row["state"] == DECIDED else before
            settled = self._settle(unit, actor, row, {"state": DECIDED, "chosen": choice.value, "former": former})
            unit.notify(SyncChanged())
        return Settled((conflict_id,), (settled,))

    def undo_decision(self, actor: Actor, conflict_id: str) -> None:
        """Take all decisions on a conflict back.

        Raises:
            UserError: it is gone.
        """
        with self._store.unit_of_work(actor, "undo_conflict_decision", ("conflict", conflict_id)) as unit:
            for row in self._rows(conflict_id):
                if row["state"] in _SETTLED:
                    self._put_back(unit, row, {**dict.fromkeys(_OUTCOME), "state": _first_state(row)})
            unit.notify(SyncChanged())

    def dismiss(self, actor: Actor, conflict_id: str) -> Settled:
        """Leave everything as it stands and clear the conflict away; `take_back` brings it back.

        Raises:
            UserError: it is gone.
        """
        with self._store.unit_of_work(actor, "dismiss_conflict", ("conflict", conflict_id)) as unit:
            fields = self._dismiss(unit, actor, self._rows(conflict_id))
            unit.notify(SyncChanged())
        return Settled((conflict_id,), fields)

    def dismiss_all(self, actor: Actor, conflict_ids: Sequence[str]) -> Settled:
        """Clear conflicts away at once, but none that asks for a decision; `take_back` brings them back.

        Raises:
            UserError: none of them waits any more.
        """
        if not conflict_ids:
            raise _all_settled()
        query = SyncConflict.select().where(SyncConflict.conflict_id.in_(conflict_ids)).order_by(SyncConflict.id)
        with self._store.unit_of_work(actor, "dismiss_conflict", ("conflict", conflict_ids[0])) as unit:
            dismissed: dict[str, tuple[SettledField, ...]] = {}
            for conflict_id, rows in self._by_conflict(query).items():
                if all(row["state"] != OPEN for row in rows):
                    dismissed[conflict_id] = self._dismiss(unit, actor, rows)
            settled = Settled(
                tuple(conflict_id for conflict_id, fields in dismissed.items() if fields),
                tuple(field for fields in dismissed.values() for field in fields),
            )
            if not settled.fields:
                raise _all_settled()
            _name_others(unit, conflict_ids[0], settled.conflict_ids)
            unit.notify(SyncChanged())
        return settled

    def take_back(self, actor: Actor, settled: Settled) -> None:
        """Let what one command settled stand as before; what was settled otherwise since then stays so.

        Raises:
            UserError: nothing of it is left to take back.
        """
        query = SyncConflict.select().where(SyncConflict.id.in_([field.entry_id for field in settled.fields]))
        with self._store.unit_of_work(actor, "undo_conflict_decision", ("conflict", settled.conflict_ids[0])) as unit:
            rows = {row["id"]: row for row in self._store.rows(query) if self._may_read(row)}
            found = [(rows[field.entry_id], field) for field in settled.fields if field.entry_id in rows]
            left = [(row, field) for row, field in found if _is_as_settled(row, field)]
            if not left:
                raise UserError(tr("Das lässt sich nicht mehr zurücknehmen: Es wurde inzwischen anders entschieden."))
            for row, field in left:
                self._put_back(unit, row, field.before)
            _name_others(unit, settled.conflict_ids[0], dict.fromkeys(row["conflict_id"] for row, _ in left))
            unit.notify(SyncChanged())

    # ------------------------------------------------------------------------------------------------

    def _may_read(self, row: dict[str, Any]) -> bool:
        return may_read(self._role, row["collection"], row["field"])

    def _ids(self, states: Sequence[str]) -> set[str]:
        """Return the conflicts of which a field is in one of these states."""
        columns = (SyncConflict.conflict_id, SyncConflict.collection, SyncConflict.field)
        rows = self._store.rows(SyncConflict.select(*columns).where(SyncConflict.state.in_(states)))
        return {row["conflict_id"] for row in rows if self._may_read(row)}

    def _rows(self, conflict_id: str) -> list[dict[str, Any]]:
        query = SyncConflict.select().where(SyncConflict.conflict_id == conflict_id).order_by(SyncConflict.id)
        rows = self._by_conflict(query).get(conflict_id)
        if not rows:
            raise _gone()
        return rows

    def _by_conflict(self, query: Any) -> dict[str, list[dict[str, Any]]]:
        """Return the rows the role may read, by their conflict."""
        grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._store.rows(query):
            if self._may_read(row):
                grouped[row["conflict_id"]].append(row)
        return grouped

    def _dismiss(self, unit: UnitOfWork, actor: Actor, rows: Sequence[dict[str, Any]]) -> tuple[SettledField, ...]:
        waiting = [row for row in rows if row["state"] in _WAITING]
        return tuple(self._settle(unit, actor, row, {"state": DISMISSED}) for row in waiting)

    @staticmethod
    def _settle(unit: UnitOfWork, actor: Actor, row: dict[str, Any], outcome: Mapping[str, str | None]) -> SettledField:
        since = {**outcome, "decided_at": unit.moment, "decided_by": actor.display_name}
        unit.update(SyncConflict, row["id"], since)
        return SettledField(row["id"], {name: row[name] for name in _OUTCOME}, since)

    def _put_back(self, unit: UnitOfWork, row: dict[str, Any], outcome: Mapping[str, str | None]) -> None:
        """Let a field that was settled stand as the outcome before says."""
        if row["state"] == DECIDED:
            choice = outcome["chosen"] if outcome["state"] == DECIDED else None
            self._write(unit, row, row[choice] if choice else row["former"], as_choice=None)
        unit.update(SyncConflict, row["id"], outcome)

    def _conflict(self, rows: Sequence[dict[str, Any]], words: _Words) -> Conflict:
        first = rows[0]
        kind = ConflictKind(first["kind"])
        owner, owner_office = "", ""
        if kind is ConflictKind.NOT_OURS:
            owner, owner_office = owner_words(self._store, first["collection"], first["record_id"])
        mine_where, theirs_where = words.where(kind, first["device_label"], first["theirs_device"], owner)
        return Conflict(
            conflict_id=first["conflict_id"],
            kind=kind,
            what=collection_label(first["collection"]),
            record=record_text(self._store, first["collection"], first["record_id"]),
            happened_at=from_text(first["found_at"]),
            fields=tuple(self._field(row, words) for row in rows),
            is_decided=_is_decided(rows),
            found_by=first["device_label"],
            mine_where=mine_where,
            theirs_where=theirs_where,
            owner=owner,
            owner_office=owner_office,
        )

    def _field(self, row: dict[str, Any], words: _Words) -> ConflictField:
        return ConflictField(
            name=row["field"],
            label=words.label(row["collection"], row["field"]),
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


def _name_others(unit: UnitOfWork, named: str, conflict_ids: Iterable[str]) -> None:
    """Name in the log the conflicts besides the one the unit of work is named after."""
    for conflict_id in conflict_ids:
        if conflict_id != named:
            unit.also_subject("conflict", conflict_id)


def _is_decided(rows: Sequence[dict[str, Any]]) -> bool:
    return all(row["state"] not in _WAITING for row in rows)


def _is_as_settled(row: dict[str, Any], field: SettledField) -> bool:
    """Tell whether a field still stands as a command left it."""
    return (row["state"], row["chosen"]) == (field.since["state"], field.since.get("chosen"))


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


def _all_settled() -> UserError:
    return UserError(tr("Diese Konflikte sind inzwischen schon erledigt."))
