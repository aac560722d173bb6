"""One round: pull, merge, push, pull, for every space. It can be stopped and killed anywhere and goes on where it was."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from desktop_app.core.clock import from_text
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.sync import hub_problems as problems
from desktop_app.sync.applying import PageApplier
from desktop_app.sync.codec import Codec, PlainCodec, SealedCodec
from desktop_app.sync.connection import (
    CONNECTED,
    HUB,
    Connection,
    Space,
    is_noted,
    note_me,
    read_connection,
    read_space,
    read_spaces,
)
from desktop_app.sync.documents import count_documents, document_ids, ids_after, vanished_ids
from desktop_app.sync.exchanging import ExchangeRound
from desktop_app.sync.following import guess_topics_once
from desktop_app.sync.hub_problems import CursorTooOld, EpochOver
from desktop_app.sync.opening_records import RestoredHere
from desktop_app.sync.records import RoundResult, SpaceKind
from desktop_app.sync.sending import Sender, Sent
from desktop_app.sync.space_at import SpaceAt
from desktop_app.sync.tables import SyncHub, SyncParked, SyncPush, SyncSpace
from desktop_app.sync.waiting_records import RETRIED
from desktop_app.sync.what_travels import COLLECTIONS

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.exchange.mailbox import ExchangeMailbox
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.hub_client import HubClient
    from desktop_app.sync.key_post import KeyPost
    from desktop_app.sync.office_key_service import OfficeKeyService
    from desktop_app.sync.protocol import Me, PullAnswer, Record

PULL_RECORDS = 500
#: Whoever saves a contact meanwhile waits no longer than one transaction takes: so many seconds, more or less.
_SLICE_SECONDS = 0.01
_SMALLEST_SLICE, _FIRST_SLICE, _LARGEST_SLICE = 4, 20, 200
_BREATH_SECONDS = 0.001  # between two of them: a lock is not handed on by itself
_WINDOW = 2_000  # rows of the outbox looked at at once
_COMPARE = 400  # documents compared at once
_RESTARTS = 3
_DIGEST_AFTER = timedelta(days=7)


class SyncRound:
    """Runs rounds over one connection; keeps nothing between them that a restart would miss."""

    def __init__(
        self,
        store: Store,
        client: HubClient,
        actor: Actor,
        post: KeyPost,
        keys: OfficeKeyService,
        mailbox: ExchangeMailbox | None = None,
    ) -> None:
        """Sync `store` through `client`."""
        self._store = store
        self._client = client
        self.actor = actor
        self._post = post
        self._keys = keys
        self._mailbox = mailbox
        self._slice = _FIRST_SLICE
        self._progress: Progress = NoProgress()
        self._received = self._sent = self._conflicts = self._parked = 0

    def run(self, progress: Progress | None = None) -> RoundResult:
        """Do one round.

        Raises:
            HubProblem: the hub can't be asked or refuses; what was done before stays.
            Cancelled: the user stopped it; what was done before stays.
        """
        self._progress = progress or NoProgress()
        self._received = self._sent = self._conflicts = self._parked = 0
        self._progress.step(0, 0, tr("Der Abgleich-Server wird gefragt"))
        try:
            return self._run()
        except problems.UnknownDesk:
            if self._is_wrong_hub():
                raise problems.wrong_hub() from None
            raise

    def enter_office(self) -> bool:
        """Take up, or go on with, the way to the office's keys; return whether this desk has all it needs for a round.

        Raises:
            HubProblem: the hub can't be asked or refuses.
        """
        connection = self._connection()
        if connection.is_coordination:
            if connection.state != CONNECTED:
                self._note_entered(needs_sheet=False)
            return True
        if self._post.office_keys(self._store) is None:
            place = connection.office_id, connection.office_space
            self._keys.enter(self.actor, self._client, *place, connection.device_label)
        if self._post.office_keys(self._store) is None:
            return False
        if connection.state != CONNECTED:
            self._note_entered(needs_sheet=self._keys.is_founder() and not self._keys.has_recovery())
        return True

    def _note_entered(self, *, needs_sheet: bool) -> None:
        with self._store.unit_of_work(self.actor, "sync_admitted", None) as unit:
            unit.update(SyncHub, HUB, {"state": CONNECTED, "recovery_sheet": int(needs_sheet)})

    def _run(self) -> RoundResult:
        connection = self._connection()
        self._succeed(connection)
        self._take_me(self._client.me())
        guess_topics_once(self._store, self.actor)
        if not self.enter_office():
            return self._result(is_complete=True)
        # Before pulling: then what an earlier push left at the hub is known as our own, not taken for somebody else's.
        self._send_prepared()
        for space in self._working_spaces():
            self._pull(space.name)
        self._keys.send(self.actor, self._client)
        wrote = self._send_outbox()
        wrote = self._compare() or wrote
        if wrote:
            for space in self._working_spaces():
                self._pull(space.name)
            self._send_outbox()
        self._exchange()
        self._check_digests()
        return self._result(is_complete=True)

    # Who we are -------------------------------------------------------------------------------------

    def _connection(self) -> Connection:
        connection = read_connection(self._store)
        if connection is None:
            raise problems.revoked(is_known=False)
        return connection

    def _take_me(self, me: Me) -> None:
        connection = self._connection()
        if me["hub_id"] != connection.hub_id or (connection.office_id and me["office"]["id"] != connection.office_id):
            raise problems.wrong_hub()
        if not is_noted(self._store, me):
            with self._store.unit_of_work(self.actor, "sync_me", None) as unit:
                note_me(unit, me)

    def _is_wrong_hub(self) -> bool:
        """Whether nobody knows us here because another hub, or one that was set up anew, has taken the address."""
        try:
            found = self._client.hub_id()
        except problems.HubProblem:
            return False
        return found not in {"", self._connection().hub_id}

    def _working_spaces(self) -> tuple[Space, ...]:
        return tuple(
            space for space in read_spaces(self._store) if space.is_readable and space.kind is not SpaceKind.EXCHANGE
        )

    def _at(self, name: str) -> SpaceAt:
        connection, space = self._connection(), read_space(self._store, name)
        codec: Codec = PlainCodec()
        current = None
        if space.kind is SpaceKind.OFFICE:
            keys = self._post.office_keys(self._store)
            if keys is None:
                raise problems.refused()
            codec, current = SealedCodec(keys, name, connection.device_id), keys.current
        return SpaceAt(
            name=name,
            kind=space.kind,
            codec=codec,
            device_id=connection.device_id,
            device_label=connection.device_label,
            carrier_id=connection.carrier_id,
            counter=connection.counter,
            current_key=current,
            keys=self._post if space.kind is SpaceKind.OFFICE else None,
            is_renewed=space.is_renewed,
            role=self.actor.role,
        )

    # A database that was put back -------------------------------------------------------------------

    def _become_successor(self) -> None:
        """Go on under a new device id: under the old one, numbers would be given twice."""
        import secrets

        device_id = str(uuid.uuid4())
        public_key = self._keys.prepare_successor(self.actor, device_id)
        wish = {"device_id": device_id, "token": secrets.token_urlsafe(32), "public_key": public_key}
        with self._store.unit_of_work(self.actor, "sync_successor", None) as unit:
            unit.update(SyncHub, HUB, {"successor": json.dumps(wish)})
            unit.derived("DELETE FROM sync_push")
        self._succeed(self._connection())

    def _succeed(self, connection: Connection) -> None:
        if connection.successor is None:
            return
        wish = connection.successor
        try:
            me = self._client.successor(
                {"device_id": wish["device_id"], "token": wish["token"], "public_key": wish["public_key"]}
            )
        except problems.Revoked:
            # The answer of an earlier try was lost: the hub knows us under the new token already. Or we are shut out.
            self._client.use_token(wish["token"])
            try:
                me = self._client.me()
            except problems.Revoked:
                self._client.use_token(connection.token)
                raise
        self._client.use_token(wish["token"])
        self._keys.succeed(self.actor, connection.device_label)
        with self._store.unit_of_work(self.actor, "sync_successor", None) as unit:
            unit.update(
                SyncHub,
                HUB,
                {"device_id": wish["device_id"], "token": wish["token"], "counter": 0, "successor": ""},
            )
        self._take_me(me)

    # Pulling ----------------------------------------------------------------------------------------

    def _pull(self, name: str) -> None:
        for _ in range(_RESTARTS):
            try:
                self._pull_pages(name)
            except EpochOver:
                continue
            except CursorTooOld:
                self._restart(name, read_space(self._store, name).epoch)
                continue
            except RestoredHere:
                self._become_successor()
                continue
            break
        else:
            # Such as two hubs with different pasts that answer in turn.
            raise problems.hub_fault()
        if self._retry_parked(name):
            self._retry_parked(name)

    def _pull_pages(self, name: str) -> None:
        while True:
            space = read_space(self._store, name)
            page = self._client.pull(name, space.seq, PULL_RECORDS)
            if (space.epoch and page["epoch"] != space.epoch) or page["seq"] < space.seq:
                self._restart(name, page["epoch"])
                raise problems.epoch_over()
            self._apply_page(space, page)
            if not page["more"]:
                break
        if read_space(self._store, name).is_renewed:
            self._end_renewal(name)

    def _apply_page(self, space: Space, page: PullAnswer) -> None:
        records = page["records"]
        start = 0
        while start < len(records):
            batch = records[start : start + self._slice]
            start += len(batch)
            self._progress.step(batch[0]["seq"], page["seq"], tr("Neues wird übernommen"))
            with self._measured():
                self._apply(space.name, page["epoch"], batch, batch[-1]["seq"])
        cursor = records[-1]["seq"] if page["more"] and records else page["seq"]
        if cursor != (records[-1]["seq"] if records else space.seq) or not space.epoch:
            with self._store.unit_of_work(self.actor, "sync_cursor", None) as unit:
                self._set_cursor(unit, space.name, page["epoch"], cursor)

    @contextmanager
    def _measured(self) -> Iterator[None]:
        """Choose how much the next transaction does by how long this one takes; then let others write."""
        begun, rested = time.perf_counter(), self._store.foreground.rested
        yield
        took = time.perf_counter() - begun - (self._store.foreground.rested - rested)
        if took > _SLICE_SECONDS:
            self._slice = max(self._slice // 2, _SMALLEST_SLICE)
        elif took < _SLICE_SECONDS / 2:
            self._slice = min(self._slice + self._slice // 2, _LARGEST_SLICE)
        time.sleep(_BREATH_SECONDS)

    def _apply(self, name: str, epoch: str, batch: Sequence[Record], cursor: int) -> None:
        at = self._at(name)
        subject = ("sync", name)
        with self._store.unit_of_work(self.actor, "sync_applied", subject, from_outside=True) as unit:
            applier = PageApplier(self._store, unit, at)
            applier.apply(batch)
            self._set_cursor(unit, name, epoch, cursor)
        self._count(applier)

    @staticmethod
    def _set_cursor(unit: UnitOfWork, name: str, epoch: str, cursor: int) -> None:
        unit.update(SyncSpace, name, {"epoch": epoch, "seq": cursor, "pulled_at": unit.moment})

    def _restart(self, name: str, epoch: str) -> None:
        """Read a space from its beginning: nothing here goes because the hub lacks it."""
        with self._store.unit_of_work(self.actor, "sync_restart", None) as unit:
            changes = {"epoch": epoch, "seq": 0, "renewed": 1, "compare": "-"}
            unit.update(SyncSpace, name, changes)
            unit.derived("UPDATE sync_shadow SET seq = -seq WHERE space = ? AND seq > 0", (name,))
            unit.derived("DELETE FROM sync_push WHERE space = ?", (name,))
            unit.derived("DELETE FROM sync_parked WHERE space = ? AND reason <> 'too_large'", (name,))
            if read_space(unit, name).kind is SpaceKind.OFFICE:
                self._post.restarted(unit)

    def _end_renewal(self, name: str) -> None:
        """What was not seen the hub does not have: it goes there again as new."""
        with self._store.unit_of_work(self.actor, "sync_renewed", None) as unit:
            unit.derived("DELETE FROM sync_shadow WHERE space = ? AND seq < 0 AND deleted = 1", (name,))
            unit.derived("DELETE FROM sync_shadow WHERE space = ? AND seq < 0 AND id LIKE 'wire:%'", (name,))
            unit.derived("UPDATE sync_shadow SET seq = 0 WHERE space = ? AND seq < 0", (name,))
            unit.update(SyncSpace, name, {"renewed": 0, "compare": "-"})

    def _retry_parked(self, name: str) -> bool:
        """Try again what waits; return whether some of it went."""
        query = SyncParked.select().where((SyncParked.space == name) & SyncParked.reason.in_(RETRIED))
        rows = self._store.rows(query)
        if not rows:
            return False
        went = 0
        while went < len(rows):
            batch = [json.loads(row["record"]) for row in rows[went : went + self._slice]]
            with self._measured():
                self._apply_again(name, batch)
            went += len(batch)
        left = len(self._store.rows(query))
        return left < went

    def _apply_again(self, name: str, batch: Sequence[Record]) -> None:
        with self._store.unit_of_work(self.actor, "sync_applied", ("sync", name), from_outside=True) as unit:
            applier = PageApplier(self._store, unit, self._at(name))
            applier.apply(batch)
        self._received += applier.outcome.received
        self._conflicts += applier.outcome.conflicts

    def _count(self, applier: PageApplier) -> None:
        self._received += applier.outcome.received
        self._conflicts += applier.outcome.conflicts
        self._parked += applier.outcome.parked

    # Pushing ----------------------------------------------------------------------------------------

    def _send_outbox(self) -> bool:
        """Send what changed here; return whether anything was sent."""
        sent = False
        # What is told while this goes on, such as what can't be sent now, waits for the next time.
        ((newest,),) = self._store.sql("SELECT coalesce(max(sequence), 0) FROM outbox")
        while True:
            connection = self._connection()
            rows = self._store.sql(
                "SELECT sequence, collection, record_id FROM outbox WHERE sequence > ? AND sequence <= ? "
                "ORDER BY sequence LIMIT ?",
                (connection.told, newest, _WINDOW),
            )
            if not rows:
                return sent
            by_space = self._document_keys(rows)
            for space in self._working_spaces():
                keys = by_space.get(space.kind, [])
                if keys and space.is_writable:
                    sent = self._send(space.name, keys) or sent
            with self._store.unit_of_work(self.actor, "sync_told", None) as unit:
                unit.update(SyncHub, HUB, {"told": rows[-1][0]})
                # The newest row stays: SQLite counts on from it.
                unit.derived(
                    "DELETE FROM outbox WHERE sequence <= ? AND sequence < (SELECT max(sequence) FROM outbox)",
                    (rows[-1][0],),
                )

    def _document_keys(self, rows: Sequence[tuple[int, str, str]]) -> dict[SpaceKind, list[str]]:
        tables: dict[str, list[str]] = defaultdict(list)
        for _, table, record_id in rows:
            tables[table].append(record_id)
        keys: dict[str, None] = {}
        for table, ids in tables.items():
            collection, found = document_ids(self._store, table, dict.fromkeys(ids))
            keys.update((f"{collection}/{record_id}", None) for record_id in found.values())
            if table in COLLECTIONS and len(found) < len(set(ids)):
                keys.update((f"{table}/{record_id}", None) for record_id in vanished_ids(self._store, table))
        by_space: dict[SpaceKind, list[str]] = defaultdict(list)
        order = {name: place for place, name in enumerate(COLLECTIONS)}
        for key in sorted(keys, key=lambda key: order[key.partition("/")[0]]):
            by_space[COLLECTIONS[key.partition("/")[0]].space].append(key)
        return by_space

    def _send_prepared(self) -> None:
        for space in self._working_spaces():
            if self._store.first(SyncPush.select(SyncPush.id).where(SyncPush.space == space.name)) is not None:
                self._with_sender(space.name, Sender.send_prepared)

    def _send(self, name: str, keys: Sequence[str]) -> bool:
        return self._with_sender(name, lambda sender: sender.send(keys))

    def _with_sender(self, name: str, work: Callable[[Sender], None]) -> bool:
        """Send; once more after the hub or this database turned out to have been put back. Return whether anything moved."""
        outcome = Sent()
        try:
            work(Sender(self._store, self._client, self.actor, self._at(name), outcome))
        except (EpochOver, RestoredHere) as news:
            if isinstance(news, RestoredHere):
                self._become_successor()
            self._pull(name)
            work(Sender(self._store, self._client, self.actor, self._at(name), outcome))
        finally:
            self._sent += outcome.sent
            self._received += outcome.received
            self._conflicts += outcome.conflicts
            self._parked += outcome.parked
        return bool(outcome.sent or outcome.received)

    def _compare(self) -> bool:
        """Compare every record with what the hub has, where that is due; return whether anything was sent."""
        sent = False
        for space in self._working_spaces():
            if not (space.compare and space.is_writable):
                continue
            total = self._total(space.kind)
            reached = space.compare
            for done, (position, keys) in enumerate(self._pieces(space)):
                self._progress.step(min(done * _COMPARE, total), total, tr("Eigenes wird gesendet"))
                sent = self._send(space.name, keys) or sent
                if not self._note_compared(space.name, reached, {"compare": position}):
                    break
                reached = position
            else:
                self._note_compared(space.name, reached, {"compare": ""})
        return sent

    def _note_compared(self, name: str, reached: str, changes: dict[str, str]) -> bool:
        """Keep how far the comparing is; False when it has to begin anew: the hub or the key changed meanwhile."""
        with self._store.unit_of_work(self.actor, "sync_compared", None) as unit:
            if read_space(unit, name).compare != reached:
                return False
            unit.update(SyncSpace, name, changes if changes["compare"] else {**changes, "compared_at": unit.moment})
        return True

    def _pieces(self, space: Space) -> Iterator[tuple[str, list[str]]]:
        """Yield documents piece by piece in a fixed order, from where the comparing was; with the place reached."""
        started, _, after = ("", "", "") if space.compare == "-" else space.compare.partition("/")
        names = [name for name, collection in COLLECTIONS.items() if collection.space is space.kind]
        if started in names:
            names = names[names.index(started) :]
        keys: list[str] = []
        for name in names:
            last = after if name == started else ""
            while True:
                found = ids_after(self._store, name, last, _COMPARE - len(keys))
                keys += [f"{name}/{record_id}" for record_id in found]
                if found:
                    last = found[-1]
                if len(keys) >= _COMPARE:
                    yield keys[-1], keys
                    keys = []
                elif not found or len(keys) < _COMPARE:
                    break
        erased = self._store.sql(
            "SELECT sync_shadow.id FROM sync_shadow LEFT JOIN erased_record ON erased_record.id = sync_shadow.id "
            "WHERE space = ? AND ((deleted = 2 AND seq = 0) OR (deleted < 2 AND erased_record.id NOTNULL))",
            (space.name,),
        )
        keys += [row[0] for row in erased]
        if keys:
            yield keys[-1], keys

    def _total(self, kind: SpaceKind) -> int:
        return sum(
            count_documents(self._store, name) for name, collection in COLLECTIONS.items() if collection.space is kind
        )

    # Exchange and digest ----------------------------------------------------------------------------

    def _exchange(self) -> None:
        # Read anew: a desk that was shut out in this round has changed the keys.
        office_keys = self._post.office_keys(self._store)
        if self._mailbox is None or office_keys is None:
            return
        exchange = ExchangeRound(self._store, self._client, self.actor, self._mailbox, self._connection())
        received, sent = exchange.run(office_keys)
        self._received += received
        self._sent += sent
        if received:
            self._send_outbox()

    def _check_digests(self) -> None:
        """Once a week: do we know of exactly what the hub has?"""
        now = self._store.clock.now()
        for space in self._working_spaces():
            if space.compare or space.compared_at is None:
                continue
            # A clock that was years ahead once must not put it off for years.
            if abs(now - from_text(space.compared_at)) < _DIGEST_AFTER:
                continue
            answer = self._client.digest(space.name)
            same_place = (answer["epoch"], answer["seq"]) == (space.epoch, space.seq)
            if same_place and answer["digest"] != self.digest(space.name):
                self._restart(space.name, space.epoch)
                continue
            with self._store.unit_of_work(self.actor, "sync_compared", None) as unit:
                # What the outbox should have missed is found as well.
                unit.update(SyncSpace, space.name, {"compare": "-"})

    def digest(self, name: str) -> str:
        """Return the digest over what we know of a space, as the hub makes it."""
        codec = self._at(name).codec
        lines: dict[tuple[str, str], int] = {}
        for key, seq in self._store.sql("SELECT id, seq FROM sync_shadow WHERE space = ? AND seq > 0", (name,)):
            collection, _, record_id = key.partition("/")
            if collection.startswith("wire:"):
                place = collection.removeprefix("wire:"), record_id
            else:
                place = codec.place(collection, record_id)
            lines[place] = max(seq, lines.get(place, 0))
        for (text,) in self._store.sql("SELECT record FROM sync_parked WHERE space = ? AND record <> ''", (name,)):
            record = json.loads(text)
            place = (record["collection"], record["id"])
            lines[place] = max(record["seq"], lines.get(place, 0))
        whole = hashlib.sha256()
        for (collection, record_id), seq in sorted(lines.items(), key=lambda line: tuple(map(str.encode, line[0]))):
            whole.update(f"{collection}/{record_id}/{seq}\n".encode())
        return whole.hexdigest()

    def _result(self, *, is_complete: bool) -> RoundResult:
        return RoundResult(self._received, self._sent, self._conflicts, self._parked, is_complete)
