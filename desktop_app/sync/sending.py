"""Sending what the hub lacks: prepared pushes, kept until their answer is applied."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_app.sync.applying import PageApplier
from desktop_app.sync.bundle_causes import marked_plans, with_marks
from desktop_app.sync.codec import KEY_RECORDS, Opened
from desktop_app.sync.connection import HUB, read_connection, read_space
from desktop_app.sync.documents import (
    Document,
    as_the_hub_has_it,
    document_text,
    read_keys,
    row_of,
    same_content,
)
from desktop_app.sync.erasure_marks import erased_keys
from desktop_app.sync.giving_back import give_back
from desktop_app.sync.hub_problems import PushReused, TooLarge
from desktop_app.sync.protocol import MAX_RECORD_BYTES, Change, PushAnswer, Record
from desktop_app.sync.records import SpaceKind
from desktop_app.sync.shadows import Shadow, gone, known_document, read_shadows, store_shadows, writers_with
from desktop_app.sync.tables import SyncHub, SyncPush
from desktop_app.sync.waiting_records import wire_key

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.hub_client import HubClient
    from desktop_app.sync.space_at import SpaceAt

PUSH_RECORDS = 200
_PUSH_BYTES = 4 * 1024 * 1024
_ROUNDS_OF_CONFLICTS = 8


@dataclass(slots=True)
class Sent:
    """What came of sending."""

    sent: int = 0
    received: int = 0
    conflicts: int = 0
    parked: int = 0


class Sender:
    """Sends the changes of one space."""

    def __init__(
        self, store: Store, client: HubClient, actor: Actor, space: SpaceAt, outcome: Sent | None = None
    ) -> None:
        """Send to `space` through `client`; count in `outcome`."""
        self._store = store
        self._client = client
        self._actor = actor
        self._space = space
        self.outcome = outcome or Sent()

    def send_prepared(self) -> None:
        """Send again what was prepared and not answered, byte for byte; before anything new."""
        rows = self._store.rows(SyncPush.select().where(SyncPush.space == self._space.name).order_by(SyncPush.made_at))
        again: list[str] = []
        for row in rows:
            again += self._send(row["id"], row["body"])
        if again:
            self.send(again)

    def send(self, keys: Sequence[str]) -> None:
        """Send those of these documents that the hub has not, or has otherwise."""
        waiting = list(dict.fromkeys(keys))
        for _ in range(_ROUNDS_OF_CONFLICTS):
            again: list[str] = []
            for start in range(0, len(waiting), PUSH_RECORDS):
                again += self._send_some(waiting[start : start + PUSH_RECORDS])
            if not again:
                return
            waiting = list(dict.fromkeys(again))
        # Others change the same records faster than we: the next round goes on.
        with self._store.unit_of_work(self._actor, "sync_later", ("sync", self._space.name)) as unit:
            for key in waiting:
                tell_key(unit, key)

    def _send_some(self, keys: Sequence[str]) -> list[str]:
        again: list[str] = []
        left = list(keys)
        while left:
            push_id, body, left, foreign = self._prepare(left)
            if foreign:
                self._give_back(foreign)
            if body:
                again += self._send(push_id, body)
        return again

    def _send_halves(self, push_id: str, body: str) -> list[str]:
        """The hub takes less at once than we thought."""
        keys = [item.key for item in self._open_all(json.loads(body)["changes"])]
        self._drop(push_id)
        if len(keys) == 1:
            with self._store.unit_of_work(self._actor, "sync_too_large", None) as unit:
                self._park_large(unit, keys[0])
            return []
        middle = len(keys) // 2
        return self._send_some(keys[:middle]) + self._send_some(keys[middle:])

    # Preparing --------------------------------------------------------------------------------------

    def _prepare(self, keys: Sequence[str]) -> tuple[str, str, list[str], list[str]]:
        """Seal and keep a push; return its id and body, what did not fit any more, and what is not ours to change."""
        push_id = str(uuid.uuid4())
        with self._store.unit_of_work(self._actor, "sync_prepare", None) as unit:
            plans, foreign = self._plan(unit, keys)
            connection = read_connection(unit)
            if connection is None or not plans:
                return push_id, "", [], foreign
            # From the clock, so that a file that was put back counts on from beyond what it had sealed since: others would
            # take a number for the second time as an old state played back. A clock that is behind costs nothing else.
            counter = max(connection.counter, int(self._store.clock.now().timestamp() * 1000))
            size = 0
            changes: list[Change] = []
            left: list[str] = []
            for key, document, shadow, erased in plans:
                if size > _PUSH_BYTES:
                    left.append(key)
                    continue
                counter += 1
                change = self._change(key, document, shadow, counter, erased=erased)
                if len(change["data"]) > MAX_RECORD_BYTES:
                    self._park_large(unit, key)
                    continue
                size += len(change["data"]) + 200
                changes.append(change)
                self._store.give_way()
            if not changes:
                return push_id, "", left, foreign
            space = read_space(unit, self._space.name)
            body = json.dumps({"push_id": push_id, "epoch": space.epoch, "changes": changes}, ensure_ascii=False)
            unit.insert(SyncPush, {"id": push_id, "space": self._space.name, "body": body, "made_at": unit.moment})
            unit.update(SyncHub, HUB, {"counter": counter})
        return push_id, body, left, foreign

    def _plan(
        self, unit: UnitOfWork, keys: Sequence[str]
    ) -> tuple[list[tuple[str, Document | None, Shadow, bool]], list[str]]:
        shadows = read_shadows(unit, keys)
        erased = erased_keys(unit, keys)
        held = self._held(unit, keys)
        documents = read_keys(unit, keys)
        marks = marked_plans(unit, keys)
        plans: list[tuple[str, Document | None, Shadow, bool]] = []
        foreign: list[str] = []
        for key in keys:
            self._store.give_way()
            if key in held:
                continue
            shadow, document = shadows.get(key, Shadow()), documents.get(key)
            plan = self._plan_one(key, document, shadow, is_erased=key in erased)
            if plan is None:
                continue
            if shadow.seq and self._space.is_foreign(shadow.owner):
                foreign.append(key)
            else:
                _, mine, base, is_gone = plan
                plans.append((key, with_marks(mine, marks.get(key, {})) if mine is not None else None, base, is_gone))
        return plans, foreign

    def _plan_one(
        self, key: str, document: Document | None, shadow: Shadow, *, is_erased: bool
    ) -> tuple[str, Document | None, Shadow, bool] | None:
        if document is None:
            knows = shadow.seq != 0 or shadow.document is not None or shadow.deleted == 2
            if is_erased:
                needs = knows and not (shadow.deleted == 2 and shadow.seq > 0)
            else:
                needs = shadow.seq > 0 and shadow.deleted == 0 and shadow.document is not None
            return (key, None, shadow, is_erased) if needs else None
        base = known_document(shadow)
        mine = as_the_hub_has_it(document, base) if base else document
        is_sealed_anew = bool(shadow.key_id) and shadow.key_id != (self._space.current_key or "")
        if base and shadow.seq > 0 and not shadow.deleted and same_content(mine, base) and not is_sealed_anew:
            return None
        return key, mine, shadow, False

    def _held(self, unit: UnitOfWork, keys: Sequence[str]) -> set[str]:
        """Return what waits for something that came and could not be applied: it is merged first."""
        rows = unit.sql(
            "SELECT document_id FROM sync_parked WHERE document_id IN (SELECT value FROM json_each(?)) "
            "AND reason NOT IN ('too_large', 'replayed')",
            (json.dumps(list(keys)),),
        )
        return {row[0] for row in rows}

    def _change(self, key: str, document: Document | None, shadow: Shadow, counter: int, *, erased: bool) -> Change:
        collection, _, record_id = key.partition("/")
        codec, base = self._space.codec, max(shadow.seq, 0)
        wire_collection, wire = codec.place(collection, record_id)
        if document is not None:
            data = codec.pack(document, base=base, counter=counter)
        else:
            data = codec.pack_marker(collection, record_id, erased=erased, base=base, counter=counter)
        return {
            "collection": wire_collection,
            "id": wire,
            "base": base,
            "deleted": document is None,
            "erased": erased,
            "data": data,
        }

    def _park_large(self, unit: UnitOfWork, key: str) -> None:
        unit.derived(
            "INSERT INTO sync_parked (id, space, document_id, record, reason, parked_at) "
            "VALUES (?, ?, ?, '', 'too_large', ?) ON CONFLICT (id) DO NOTHING",
            (self._large_id(key), self._space.name, key, unit.moment),
        )

    def _large_id(self, key: str) -> str:
        return f"{self._space.name}/own/{key}"

    # Answers ----------------------------------------------------------------------------------------

    def _send(self, push_id: str, body: str) -> list[str]:
        """Send a prepared push and apply its answer; return what has to be looked at again."""
        try:
            answer = self._client.push(self._space.name, body)
        except PushReused:
            changes = json.loads(body)["changes"]
            self._drop(push_id)
            return [item.key for item in self._open_all(changes)]
        except TooLarge:
            return self._send_halves(push_id, body)
        return self._apply_answer(push_id, json.loads(body)["changes"], answer)

    def _apply_answer(self, push_id: str, changes: Sequence[Change], answer: PushAnswer) -> list[str]:
        places = {(one["collection"], one["id"]): one["seq"] for one in answer["applied"]}
        stands = [
            (item, places[item.record["collection"], item.record["id"]])
            for item in self._open_all(changes)
            if (item.record["collection"], item.record["id"]) in places
        ]
        subject = ("sync", self._space.name) if answer["conflicts"] else None
        with self._store.unit_of_work(self._actor, "sync_applied", subject, from_outside=True) as unit:
            # Something was erased meanwhile: then the kept push is gone, and what it said must not come back.
            was_erased = not unit.sql("SELECT 1 FROM sync_push WHERE id = ?", (push_id,))
            self._keep(unit, stands, keep_text=not was_erased)
            again = self._take_conflicts(unit, changes, answer)
            unit.derived("DELETE FROM sync_push WHERE id = ?", (push_id,))
            unit.derived(
                "UPDATE sync_space SET seq = ? WHERE name = ? AND epoch = ? AND seq = ? AND renewed = 0",
                (answer["seq"], self._space.name, answer["epoch"], answer["seq"] - len(answer["applied"])),
            )
        self.outcome.sent += len(stands)
        return again

    def _keep(self, unit: UnitOfWork, stands: Sequence[tuple[Opened, int]], *, keep_text: bool) -> None:
        before = read_shadows(unit, [item.key for item, _ in stands])
        kept: list[tuple[str, Shadow]] = []
        for item, seq in stands:
            if item.key in before and before[item.key].seq >= seq:
                continue  # another program on this database has heard the same answer, or a later one
            writers = writers_with(before.get(item.key), item.stamp)
            text = document_text(item.document) if item.document is not None and keep_text else None
            owner = self._space.carrier_id if self._space.kind is SpaceKind.DIRECTORY else None
            key_id = item.stamp.key_id if item.stamp else ""
            kept.append((item.key, Shadow(seq, owner, gone(item.record), text, writers, key_id)))
        store_shadows(unit, self._space.name, kept)
        was_large = [self._large_id(item.key) for item, _ in stands]
        unit.derived("DELETE FROM sync_parked WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(was_large),))

    def _take_conflicts(self, unit: UnitOfWork, changes: Sequence[Change], answer: PushAnswer) -> list[str]:
        if not answer["conflicts"]:
            return []
        records: list[Record] = []
        unknown: set[tuple[str, str]] = set()
        owned: set[tuple[str, str]] = set()
        for conflict in answer["conflicts"]:
            place = (conflict["collection"], conflict["id"])
            if conflict["record"] is None:
                unknown.add(place)
            else:
                records.append(conflict["record"])
            if conflict["reason"] == "owned":
                owned.add(place)
        conflicting = {(one["collection"], one["id"]) for one in answer["conflicts"]}
        items = [
            item for item in self._open_all(changes) if (item.record["collection"], item.record["id"]) in conflicting
        ]
        gone = [item.key for item in items if (item.record["collection"], item.record["id"]) in unknown]
        shadows = read_shadows(unit, gone)
        store_shadows(unit, self._space.name, [(key, replace(one, seq=0)) for key, one in shadows.items()])
        connection = read_connection(unit)
        at = replace(self._space, counter=connection.counter if connection else self._space.counter)
        applier = PageApplier(self._store, unit, at)
        applier.apply(records)
        self._count(applier)
        foreign = [item.key for item in items if (item.record["collection"], item.record["id"]) in owned]
        if foreign:
            self.outcome.conflicts += give_back(self._store, unit, self._space, foreign)
        stuck = self._stuck(unit, records, items)
        for key in stuck:
            tell_key(unit, key)
        return [item.key for item in items if item.key not in foreign and item.key not in stuck]

    def _stuck(self, unit: UnitOfWork, records: Sequence[Record], items: Sequence[Opened]) -> list[str]:
        """Return what the hub has in a state that can't be taken: asking again at once would change nothing."""
        wanted = json.dumps([wire_key(self._space.name, record) for record in records])
        parked = {
            row[0]
            for row in unit.sql("SELECT id FROM sync_parked WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
        }
        return [item.key for item in items if wire_key(self._space.name, item.record) in parked]

    def _give_back(self, keys: Sequence[str]) -> None:
        with self._store.unit_of_work(
            self._actor, "sync_applied", ("sync", self._space.name), from_outside=True
        ) as unit:
            found = give_back(self._store, unit, self._space, keys)
        self.outcome.conflicts += found

    def _count(self, applier: PageApplier) -> None:
        self.outcome.received += applier.outcome.received
        self.outcome.conflicts += applier.outcome.conflicts
        self.outcome.parked += applier.outcome.parked

    def _open_all(self, changes: Iterable[Change]) -> list[Opened]:
        opened = []
        for change in changes:
            if change["collection"] != KEY_RECORDS:
                opened.append(self._space.codec.open({**change, "seq": 0, "owner": None}))  # type: ignore[typeddict-unknown-key]
                self._store.give_way()
        return opened

    def _drop(self, push_id: str) -> None:
        with self._store.unit_of_work(self._actor, "sync_drop", None) as unit:
            unit.derived("DELETE FROM sync_push WHERE id = ?", (push_id,))


# ----------------------------------------------------------------------------------------------------


def tell_key(unit: UnitOfWork, key: str) -> None:
    """Put a document into the outbox (again)."""
    collection, _, record_id = key.partition("/")
    row_id = row_of(unit, collection, record_id)
    if row_id is not None:
        unit.tell(collection, row_id)
