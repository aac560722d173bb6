"""Applying records of the hub to the rows of this desk: one page, one transaction, nothing of it told back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import peewee

from desktop_app.contacts.entry_text import life_from_text
from desktop_app.core.permissions import Role
from desktop_app.exchange.merging import merged_row
from desktop_app.retention.erasing import Eraser
from desktop_app.sync.bundle_causes import keys_with_states, marks_of, shared_base
from desktop_app.sync.codec import KEY_RECORDS, CannotOpen, Codec, Opened, Reading
from desktop_app.sync.conflicts import may_read
from desktop_app.sync.documents import (
    Document,
    as_the_hub_has_it,
    canonical,
    document_from,
    document_text,
    existing_ids,
    read_documents,
    row_of,
    same_content,
)
from desktop_app.sync.following import follow_up, note_clean_up
from desktop_app.sync.merging import Lost, Merged, merge, surely_shared
from desktop_app.sync.protocol import Record
from desktop_app.sync.records import ConflictKind, SpaceKind, SyncChanged
from desktop_app.sync.tables import SyncConflict
from desktop_app.sync.what_travels import COLLECTIONS
from desktop_app.sync.writing import UnusableDocument, Writer, check_usable, mark_erased
from desktop_app.visitors.tables import ContactLinkTable, VisitCardSaltTable

if TYPE_CHECKING:
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.sealing import KeyId

#: Reasons for which a record waits that may come to fit by itself.
RETRIED = ("parent", "key", "old_key", "newer", "unusable")
_ORDER = {name: place for place, name in enumerate(COLLECTIONS)}
_SHADOW_SQL = """
INSERT OR REPLACE INTO sync_shadow (id, space, seq, owner, deleted, document, writers, key_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


class RestoredHere(Exception):
    """The hub has records of this very device that it does not know: its database was put back to an earlier state."""


class KeyRecords(Protocol):
    """What takes the records with keys."""

    def incoming(self, unit: UnitOfWork, records: Sequence[Record]) -> None:
        """Take records with keys, in the page's transaction."""

    def may_come_under(self, store: Store, key_id: KeyId, seq: int) -> bool:
        """Tell whether a record that was not seen before may be sealed with a former key."""
        ...


@dataclass(frozen=True, slots=True)
class SpaceAt:
    """A space and who we are in it, for one transaction."""

    name: str
    kind: SpaceKind
    codec: Codec
    device_id: str
    device_label: str
    carrier_id: str
    counter: int
    current_key: KeyId | None = None
    keys: KeyRecords | None = None
    #: a hub that came back from a backup is being read
    is_renewed: bool = False
    #: of whoever reads what came of it
    role: Role = Role.COORDINATION


@dataclass(slots=True)
class Shadow:
    """What the hub has of a record as far as we know."""

    seq: int = 0
    owner: str | None = None
    deleted: int = 0
    document: str | None = None
    writers: dict[str, int] = field(default_factory=dict)
    key_id: str = ""


@dataclass(slots=True)
class Outcome:
    """What came of a page."""

    received: int = 0
    conflicts: int = 0
    parked: int = 0


def read_shadows(unit: Any, keys: Iterable[str]) -> dict[str, Shadow]:
    """Return the shadows of documents by their keys."""
    rows = unit.sql(
        "SELECT id, seq, owner, deleted, document, writers, key_id FROM sync_shadow "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )
    return {
        key: Shadow(seq, owner, gone, text, json.loads(writers), key_id)
        for key, seq, owner, gone, text, writers, key_id in rows
    }


def store_shadows(unit: UnitOfWork, space: str, shadows: Iterable[tuple[str, Shadow]]) -> None:
    """Write shadows."""
    unit.derived_many(
        _SHADOW_SQL,
        [
            (key, space, one.seq, one.owner, one.deleted, one.document, canonical(one.writers), one.key_id)
            for key, one in shadows
        ],
    )


def erased_keys(unit: Any, keys: Iterable[str]) -> set[str]:
    """Return which of these records (`collection/id`) were erased here for good."""
    rows = unit.sql(
        "SELECT id FROM erased_record WHERE id IN (SELECT value FROM json_each(?)) AND field = ''",
        (json.dumps(list(keys)),),
    )
    return {row[0] for row in rows}


class PageApplier:
    """Applies records inside one unit of work that is `from_outside`."""

    def __init__(self, store: Store, unit: UnitOfWork, space: SpaceAt, reading: Reading | None = None) -> None:
        """Apply records of `space`; they are opened by `reading`, or as they come from the hub."""
        self._store = store
        self._reading = reading or space.codec
        self._unit = unit
        self._space = space
        self._writer = Writer(unit, store.ids)
        self._eraser = Eraser(store)
        self._shadows: dict[str, Shadow] = {}
        self._changed: dict[str, Shadow] = {}
        self._locals: dict[str, Document] = {}
        self._there: dict[str, set[str]] = defaultdict(set)
        self._erased: set[str] = set()
        self._page: list[str] = []
        self._page_parents: list[str] = []
        self._with_states: set[str] = set()
        self._something_waits = False
        self._erased_something = False
        self.outcome = Outcome()

    def apply(self, records: Sequence[Record]) -> None:
        """Apply records; what can't be applied is parked.

        Raises:
            RestoredHere: this database was put back to an earlier state; nothing may be sealed under its device id.
        """
        opened: list[Opened] = []
        key_records: list[Record] = []
        for record in records:
            if record["collection"] == KEY_RECORDS and self._space.kind is SpaceKind.OFFICE:
                key_records.append(record)
                continue
            try:
                opened.append(self._reading.open(record))
            except CannotOpen as problem:
                self._park(record, problem.reason)
            self._store.give_way()
        if key_records:
            self._take_keys(key_records)
        opened.sort(key=lambda item: _ORDER.get(item.collection, len(_ORDER)))
        self._prefetch(opened)
        self._store.give_way()
        for item in opened:
            self._one(item)
            self._store.give_way()
        store_shadows(self._unit, self._space.name, self._changed.items())
        self._finish()

    def give_back(self, keys: Sequence[str]) -> None:
        """Put records that belong to another carrier back to what the hub has; what was changed here goes to the inbox."""
        shadows = read_shadows(self._unit, keys)
        wanted: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            collection, _, record_id = key.partition("/")
            wanted[collection].append(record_id)
        for collection, ids in wanted.items():
            there = read_documents(self._unit, collection, ids)
            for record_id in ids:
                base, local = known_document(shadows.get(f"{collection}/{record_id}")), there.get(record_id)
                self._give_back(collection, record_id, base, local)
        self._finish()

    def _give_back(self, collection: str, record_id: str, base: Document | None, local: Document | None) -> None:
        if base is None:
            if local is not None and not COLLECTIONS[collection].is_never_deleted:
                lost = [Lost("", None, local.fields, None, mine_stands=False, is_open=False)]
                self._writer.delete(local)
                self._keep_lost(collection, record_id, ConflictKind.NOT_OURS, lost)
            return
        if local is None:
            lost = [Lost("", base.fields, None, base.fields, mine_stands=False, is_open=False)]
        else:
            lost = _differences(base, as_the_hub_has_it(local, base), base)
        if lost:
            self._writer.write(base, local)
            self._keep_lost(collection, record_id, ConflictKind.NOT_OURS, lost)

    # Before -----------------------------------------------------------------------------------------

    def _take_keys(self, records: Sequence[Record]) -> None:
        if self._space.keys is not None:
            self._space.keys.incoming(self._unit, records)
        # Their numbers belong to the digest of the space.
        self._changed.update((f"wire:{KEY_RECORDS}/{record['id']}", Shadow(seq=record["seq"])) for record in records)

    def _prefetch(self, opened: Sequence[Opened]) -> None:
        unit = self._unit
        self._shadows = read_shadows(unit, [item.key for item in opened])
        parents: dict[str, set[str]] = defaultdict(set)
        for item in opened:
            if item.document is not None and not item.document.is_newer:
                for collection, record_id in parents_of(item.document):
                    parents[collection].add(record_id)
        for collection, names in parents.items():
            self._there[collection] |= existing_ids(unit, collection, names)
        self._page = [item.key for item in opened]
        self._page_parents = [f"{collection}/{name}" for collection, names in parents.items() for name in names]
        self._read_own()
        self._something_waits = bool(unit.sql("SELECT 1 FROM sync_parked WHERE space = ? LIMIT 1", (self._space.name,)))
        marked = [item.key for item in opened if marks_of(item.document)]
        self._with_states = keys_with_states(unit, marked) if marked else set()

    def _read_own(self) -> None:
        """Read what this desk has of the page's records: at first, and anew once an erasure took more than one of them."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for key in self._page:
            collection, _, record_id = key.partition("/")
            wanted[collection].append(record_id)
        self._locals = {
            document.key: document
            for collection, ids in wanted.items()
            if collection in COLLECTIONS
            for document in read_documents(self._unit, collection, ids).values()
        }
        self._erased = erased_keys(self._unit, [*self._page, *self._page_parents])

    # One record -------------------------------------------------------------------------------------

    def _one(self, item: Opened) -> None:
        shadow = self._shadows.get(item.key)
        if self._is_known(item, shadow) or not self._is_fresh(item, shadow):
            return
        document = item.document
        if item.collection not in COLLECTIONS or (document is not None and document.is_newer):
            self._park(item.record, "newer", item.key)
            return
        if COLLECTIONS[item.collection].space is not self._space.kind:
            self._park(item.record, "misplaced", item.key)
            return
        # A record that can't be stored must not hold up the page.
        self._unit.derived("SAVEPOINT one_record")
        try:
            is_done = self._take(item, shadow)
        except (UnusableDocument, peewee.IntegrityError, KeyError, TypeError, IndexError, StopIteration):
            self._unit.derived("ROLLBACK TO one_record")
            self._park(item.record, "unusable", item.key)
            is_done = False
        self._unit.derived("RELEASE one_record")
        if is_done:
            if self._something_waits:
                self._unpark(item.record)
            self.outcome.received += 1

    def _is_known(self, item: Opened, shadow: Shadow | None) -> bool:
        seq = item.record["seq"]
        if shadow is None or shadow.seq == 0:
            return False
        if shadow.seq > 0:
            return seq <= shadow.seq
        # Read after the hub came back from a backup: the number we knew is kept as a negative one.
        if seq > -shadow.seq:
            return False
        if seq == -shadow.seq:
            self._changed[item.key] = replace(shadow, seq=seq)
            return True
        # The hub has an earlier state than we saw: ours goes there again.
        self._keep_shadow(item, shadow)
        self._tell(item.collection, item.record_id)
        return True

    def _is_fresh(self, item: Opened, shadow: Shadow | None) -> bool:
        """Refuse an old ciphertext that is played back, and what came under a key that is out of use."""
        stamp = item.stamp
        if stamp is None:
            return True
        if stamp.writer == self._space.device_id and stamp.counter > self._space.counter:
            raise RestoredHere
        if shadow is not None and stamp.counter <= shadow.writers.get(stamp.writer, -1):
            self._park(item.record, "replayed", item.key)
            return False
        keys, current = self._space.keys, self._space.current_key
        if (
            keys is not None
            and stamp.key_id != current
            and not keys.may_come_under(self._store, stamp.key_id, item.record["seq"])
        ):
            self._park(item.record, "old_key", item.key)
            return False
        return True

    def _take(self, item: Opened, shadow: Shadow | None) -> bool:
        if item.record["erased"]:
            self._take_erasure(item, shadow)
            return True
        if item.key in self._erased:
            self._refuse(item, shadow)
            return True
        if item.document is None:
            self._take_deletion(item, shadow)
            return True
        return self._take_document(item, item.document, shadow)

    def _take_erasure(self, item: Opened, shadow: Shadow | None) -> None:
        unit, record_id = self._unit, item.record_id
        if item.key not in self._erased:
            # What hangs on it here may be unknown to the desk that erased: others are told of it.
            with unit.own_changes():
                if item.collection == "visitor":
                    self._eraser.erase(unit, "visitor", record_id)
                    self._eraser.repeat(unit, "visitor", record_id)
                elif item.collection in {"visit_card", "contact_revision"}:
                    what = {"visit_card": "card", "contact_revision": "revision"}[item.collection]
                    self._eraser.erase(unit, what, record_id)
                elif item.key in self._locals:
                    unit.delete(COLLECTIONS[item.collection].table, record_id, erased=True)
            mark_erased(unit, item.collection, record_id, "", 1)
            self._erased.add(item.key)
            if item.key in self._locals:
                self._erased_something = True
                self._writer.follow(self._locals[item.key], self._locals[item.key])
                if item.collection in {"visitor", "visit_card"}:
                    self._read_own()
        self._locals.pop(item.key, None)
        self._keep_shadow(item, shadow)

    def _refuse(self, item: Opened, shadow: Shadow | None) -> None:
        """It was erased here: the others hear of that, and what came is not kept."""
        kept = Shadow(item.record["seq"], item.record["owner"], 0, None, self._writers(item, shadow), _key_id(item))
        self._changed[item.key] = kept
        self._unit.tell(item.collection, item.record_id)

    def _take_deletion(self, item: Opened, shadow: Shadow | None) -> None:
        local = self._locals.get(item.key)
        if local is not None:
            base = known_document(shadow)
            is_changed = base is None or not same_content(as_the_hub_has_it(local, base), base)
            if COLLECTIONS[item.collection].is_never_deleted or (is_changed and not self._is_foreign(item)):
                self._tell(item.collection, item.record_id)
            else:
                self._writer.delete(local)
                del self._locals[item.key]
            if is_changed:
                kind = ConflictKind.NOT_OURS if self._is_foreign(item) else ConflictKind.EDIT_AGAINST_DELETION
                lost = Lost("", _plain(base), _plain(local), None, kind is not ConflictKind.NOT_OURS, is_open=False)
                self._report(item, kind, [lost])
        self._keep_shadow(item, shadow)

    def _take_document(self, item: Opened, document: Document, shadow: Shadow | None) -> bool:
        missing, erased = self._check_parents(document)
        final = document
        if erased:
            if document.collection not in {"contact", "exchange_referral"}:
                self._forget_child(item)
                self._refuse(item, shadow)
                return True
            final = (_without if document.collection == "contact" else _unlinked)(document, erased)
        if missing:
            self._park(item.record, "parent", item.key)
            return False
        if item.key not in self._locals and self._is_of_before(document):
            self._forget_child(item)
            self._refuse(item, shadow)
            return True
        check_usable(document)
        local = self._locals.get(item.key)
        base = self._usable_base(item, shadow)
        kind, lost = ConflictKind.BOTH_CHANGED, tuple[Lost, ...]()
        if local is None:
            if shadow is not None and shadow.document and not shadow.deleted and shadow.seq:
                kind = ConflictKind.EDIT_AGAINST_DELETION
                lost = (Lost("", _plain(base), None, _plain(document), mine_stands=False, is_open=False),)
        else:
            final, kind, lost = self._beside_ours(item, local, base, final, shadow)
        self._write(final, local)
        self._keep_shadow(item, shadow)
        if any(times > document.erased.get(name, 0) for name, times in final.erased.items()):
            # What the hub still has of it was written down here once more, until ours is there.
            self._erased_something = True
        self._report(item, kind, lost)
        if not same_content(final, document):
            self._tell(item.collection, item.record_id)
        self._locals[item.key] = final
        self._there[item.collection].add(item.record_id)
        return True

    def _beside_ours(
        self, item: Opened, local: Document, base: Document | None, theirs: Document, shadow: Shadow | None
    ) -> tuple[Document, ConflictKind, tuple[Lost, ...]]:
        """Return what stands where this desk has the record too, and what did not stand."""
        mine = as_the_hub_has_it(local, base or theirs)
        if base is None:
            # Nobody here has heard of what was erased there: what stands here is of an earlier life.
            mine = replace(mine, erased=local.erased)
        if self._is_foreign(item):
            return theirs, ConflictKind.NOT_OURS, tuple(_differences(base, mine, theirs))
        if theirs.key == "visit_card_salt/office" and base is None and mine.fields != theirs.fields:
            self._keep_salt(mine)
            return theirs, ConflictKind.BOTH_CHANGED, ()
        if item.collection == "exchange_referral":
            merged_fields = {**theirs.fields, **merged_row(mine.fields, theirs.fields)}
            erased_times = {
                name: max(mine.erased.get(name, 0), theirs.erased.get(name, 0))
                for name in {*mine.erased, *theirs.erased}
            }
            return replace(theirs, fields=merged_fields, erased=erased_times), ConflictKind.BOTH_CHANGED, ()
        shared = self._doubtful_base(shadow, theirs) if base is None else base
        merged = self._merge(item.collection, shared, mine, theirs)
        return merged.document, ConflictKind.BOTH_CHANGED, merged.lost

    def _usable_base(self, item: Opened, shadow: Shadow | None) -> Document | None:
        base = known_document(shadow)
        # The hub came back from a backup: what was written there since may come from an earlier state than ours.
        if shadow is not None and shadow.seq < 0 and (item.stamp is None or item.stamp.base != -shadow.seq):
            base = None
        if item.document is None or item.key not in self._with_states:
            return base
        return shared_base(self._unit, item.document, base)

    def _doubtful_base(self, shadow: Shadow | None, document: Document) -> Document | None:
        """Return what of the lost time both know, while a hub is read that came back from a backup."""
        if not self._space.is_renewed or shadow is None or shadow.seq >= 0:
            return None
        known = known_document(shadow)
        return surely_shared(COLLECTIONS[document.collection], known, document) if known is not None else None

    def _merge(self, collection: str, base: Document | None, mine: Document, theirs: Document) -> Merged:
        return merge(COLLECTIONS[collection], base, mine, theirs)

    def _write(self, final: Document, local: Document | None) -> None:
        before = local
        known = local.erased if local else {}
        newly = {name: times for name, times in final.erased.items() if times > known.get(name, 0)}
        if newly and local is not None:
            for name in newly:
                self._erase_field(local, name)
            before = read_documents(self._unit, final.collection, [final.record_id])[final.record_id]
            self._erased_something = True
        self._writer.write(final, before)
        for name, times in newly.items():
            table, record_id, column = _erased_place(final, name)
            mark_erased(self._unit, table, record_id, column, times)

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

    def _forget_child(self, item: Opened) -> None:
        """What belongs to a person who was erased is erased too, wherever it comes from."""
        with self._unit.own_changes():
            if item.key in self._locals:
                self._unit.delete(COLLECTIONS[item.collection].table, item.record_id, erased=True)
                del self._locals[item.key]
        mark_erased(self._unit, item.collection, item.record_id, "", 1)
        self._erased.add(item.key)

    def _is_of_before(self, document: Document) -> bool:
        """Whether it holds texts that were erased since by somebody of whom its desk has not heard."""
        if document.collection == "contact_revision":
            return self._is_former_state_of_before(document)
        return document.collection == "sync_conflict" and self._is_conflict_of_before(document)

    def _is_former_state_of_before(self, revision: Document) -> bool:
        contact_id = revision.fields.get("contact_id")
        rows = self._unit.sql(
            "SELECT times FROM erased_record WHERE id = ? AND EXISTS (SELECT 1 FROM erased_record WHERE id = ?)",
            (f"contact/{contact_id}#material", f"contact_visitor/{contact_id}"),
        )
        return bool(rows) and life_from_text(str(revision.fields.get("snapshot"))) < rows[0][0]

    def _is_conflict_of_before(self, conflict: Document) -> bool:
        collection, record_id = (str(conflict.fields.get(name)) for name in ("collection", "record_id"))
        key, name = f"{collection}/{record_id}", conflict.fields.get("field")
        if erased_keys(self._unit, [key]):
            return True
        local = read_documents(self._unit, collection, [record_id]).get(record_id) if collection == "contact" else None
        if local is None or not local.erased:
            return False
        # The hub does not know of this erasure yet: nor does the desk that found the conflict.
        known = known_document(self._changed.get(key) or read_shadows(self._unit, [key]).get(key))
        told = known.erased if known is not None else {}
        return any(times > told.get(field, 0) for field, times in local.erased.items() if name in {field, ""})

    def _keep_salt(self, mine: Document) -> None:
        """Two desks made the office's salt before they met: cards of both are recognised."""
        with self._unit.own_changes():
            row = {"id": f"salt-{mine.fields['salt'][:12]}", "salt": mine.fields["salt"]}
            if not self._unit.sql("SELECT 1 FROM visit_card_salt WHERE id = ?", (row["id"],)):
                self._unit.insert(VisitCardSaltTable, row)

    def _check_parents(self, document: Document) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        parents = parents_of(document)
        erased = [parent for parent in parents if "/".join(parent) in self._erased]
        missing = [parent for parent in parents if parent not in erased and parent[1] not in self._there[parent[0]]]
        return missing, erased

    # Trail ------------------------------------------------------------------------------------------

    def _is_foreign(self, item: Opened) -> bool:
        return self._space.kind is SpaceKind.DIRECTORY and item.record["owner"] not in {None, self._space.carrier_id}

    def _writers(self, item: Opened, shadow: Shadow | None) -> dict[str, int]:
        writers = dict(shadow.writers) if shadow else {}
        if item.stamp is not None:
            writers[item.stamp.writer] = max(item.stamp.counter, writers.get(item.stamp.writer, -1))
        return writers

    def _keep_shadow(self, item: Opened, shadow: Shadow | None) -> None:
        record = item.record
        deleted = 2 if record["erased"] else int(record["deleted"])
        text = self._text_of(item, item.document) if item.document is not None else None
        kept = Shadow(record["seq"], record["owner"], deleted, text, self._writers(item, shadow), _key_id(item))
        self._changed[item.key] = kept

    def _text_of(self, item: Opened, document: Document) -> str:  # noqa: ARG002 - for files
        return document_text(document)

    def _tell(self, collection: str, record_id: str) -> None:
        if collection in COLLECTIONS:
            row_id = row_of(self._unit, collection, record_id)
            if row_id is not None:
                self._unit.tell(collection, row_id)

    def _report(self, item: Opened, kind: ConflictKind, lost: Sequence[Lost]) -> None:
        self._keep_lost(item.collection, item.record_id, kind, lost)

    def _keep_lost(self, collection: str, record_id: str, kind: ConflictKind, lost: Sequence[Lost]) -> None:
        if not lost or collection == "sync_conflict":
            return
        conflict_id = self._conflict_id(collection, record_id, lost)
        with self._unit.own_changes():
            for one in lost:
                self._unit.insert(
                    SyncConflict,
                    {
                        "id": self._value_id(conflict_id, one),
                        "conflict_id": conflict_id,
                        "collection": collection,
                        "record_id": record_id,
                        "field": one.field,
                        "kind": kind.value,
                        "mine": canonical(one.mine),
                        "theirs": canonical(one.theirs),
                        "before": canonical(one.before),
                        "stands": "mine" if one.mine_stands else "theirs",
                        "device_label": self._space.device_label,
                        "found_at": self._unit.moment,
                        "state": "open" if one.is_open else "kept",
                    },
                )
        # A number alone would tell that there is something about a person.
        self.outcome.conflicts += any(may_read(self._space.role, collection, one.field) for one in lost)

    def _conflict_id(self, collection: str, record_id: str, lost: Sequence[Lost]) -> str:  # noqa: ARG002 - for files
        return self._store.ids.new_id()

    def _value_id(self, conflict_id: str, one: Lost) -> str:  # noqa: ARG002 - for files
        return self._store.ids.new_id()

    def _park(self, record: Record, reason: str, key: str = "") -> None:
        self._unit.derived(
            "INSERT INTO sync_parked (id, space, document_id, record, reason, parked_at) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET document_id = excluded.document_id, record = excluded.record, "
            "reason = excluded.reason",
            (wire_key(self._space.name, record), self._space.name, key, canonical(record), reason, self._unit.moment),
        )
        self.outcome.parked += 1

    def _unpark(self, record: Record) -> None:
        self._unit.derived("DELETE FROM sync_parked WHERE id = ?", (wire_key(self._space.name, record),))

    def _finish(self) -> None:
        follow_up(self._store, self._unit, self._writer)
        if self._erased_something:
            note_clean_up(self._unit)
        self._unit.notify(SyncChanged())


# ----------------------------------------------------------------------------------------------------


def parents_of(document: Document) -> list[tuple[str, str]]:
    """Return what has to be there before a document can be stored: collection and document id."""
    fields = document.fields
    found = [
        (collection, document.record_id if not name else fields.get(name))
        for name, collection in COLLECTIONS[document.collection].parents.items()
    ]
    if document.collection == "contact":
        link: Mapping[str, Any] = fields.get("link") or {}
        found += [("visitor", link.get("visitor_id")), ("visit_card", link.get("card_id"))]
        found += [("service", service_id) for service_id in fields.get("referrals") or {}]
        found += [("topic", code) for code in fields.get("needs") or {}]
    return [(collection, record_id) for collection, record_id in found if isinstance(record_id, str)]


def _without(contact: Document, erased: Sequence[tuple[str, str]]) -> Document:
    """Return a contact without what tied it to a person, a card or a service that was erased."""
    fields, marks = dict(contact.fields), dict(contact.erased)

    def erase(name: str) -> None:
        marks[name] = marks.get(name, 0) + 1

    kinds = {collection for collection, _ in erased}
    if kinds & {"visitor", "visit_card"}:
        fields["link"] = None
        erase("link")
    if "visitor" in kinds:
        if fields.get("note"):
            fields["note"] = None
            erase("note")
        if fields.get("material"):
            fields["material"] = ""
            erase("material")
        referrals = {key: dict(entry) for key, entry in (fields.get("referrals") or {}).items()}
        for service_id, entry in referrals.items():
            if entry.get("state_reason"):
                entry["state_reason"] = None
                erase(f"referrals/{service_id}/state_reason")
        fields["referrals"] = referrals
    return replace(contact, fields=fields, erased=marks)


def _unlinked(document: Document, erased: Sequence[tuple[str, str]]) -> Document:
    """Return a document without the links to what was erased."""
    parents = COLLECTIONS[document.collection].parents
    fields = {
        name: None if name in parents and (parents[name], value) in erased else value
        for name, value in document.fields.items()
    }
    return replace(document, fields=fields)


def _erased_place(document: Document, name: str) -> tuple[str, str, str]:
    """Return table, row id and column of an erased field."""
    if document.collection == "contact":
        if name in {"note", "link"}:
            return {"note": "contact_note", "link": "contact_visitor"}[name], document.record_id, ""
        if name.startswith("referrals/"):
            service_id, _, column = name.removeprefix("referrals/").rpartition("/")
            entry = (document.fields.get("referrals") or {}).get(service_id) or {}
            return "referral", str(entry.get("id", service_id)), column
    return document.collection, document.record_id, name


def _differences(base: Document | None, mine: Document, theirs: Document) -> list[Lost]:
    """Return the fields in which this desk changed a record of another carrier; theirs stand."""
    before = base.fields if base else {}
    return [
        Lost(name, before.get(name), value, theirs.fields.get(name), mine_stands=False, is_open=False)
        for name, value in mine.fields.items()
        if value != theirs.fields.get(name) and (base is None or value != before.get(name))
    ]


def known_document(shadow: Shadow | None) -> Document | None:
    """Return what the hub has of a record as far as we know; None where it has nothing, or nothing readable."""
    return document_from(shadow.document) if shadow is not None and shadow.document else None


def _key_id(item: Opened) -> str:
    return item.stamp.key_id if item.stamp is not None else ""


def _plain(document: Document | None) -> Mapping[str, Any] | None:
    return document.fields if document is not None else None


def wire_key(space: str, record: Record) -> str:
    """Return the id under which a record is parked."""
    return f"{space}/{record['collection']}/{record['id']}"
