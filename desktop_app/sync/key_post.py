"""Brings the records of the collection "k" in and out: envelopes, requests to be let in, answers.

All of it happens inside the transaction of whoever calls: what came, what followed from it and what is to be sent stand
together or not at all. What is to be sent is kept as it will be sent, so that a repeat sends the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.sync import key_rows
from desktop_app.sync.device_keys import DeviceKeys, key_bytes
from desktop_app.sync.key_envelopes import EnvelopeBroken, opened_envelope, sealed_envelope
from desktop_app.sync.key_messages import (
    COLLECTION,
    Envelope,
    Founding,
    JoinAnswer,
    JoinRequest,
    Message,
    message_id,
    message_text,
    nonce_text,
    read_message,
    shown_nonce,
)
from desktop_app.sync.membership import Letter, OfficeState, resolved, with_fresh_key
from desktop_app.sync.protocol import Change, Record
from desktop_app.sync.sealing import KeyId, OfficeKeys
from desktop_app.sync.tables import SyncKeyRecord, SyncOfficeKey

# Stages of an admission. On the desk that asks: ASKED, SHOWN, CONFIRMED. On the desk that lets in: ANSWERED, SHOWN.
ASKED, ANSWERED, SHOWN, CONFIRMED = "asked", "answered", "shown", "confirmed"
CHANGED, ELSEWHERE = "changed", "elsewhere"  # the request is not what it was; another desk lets it in
_MOST_REQUESTS = 200  # a hub could make up any number


class KeyPost:
    """The engine's and the key service's way to the collection "k" of the office's space."""

    def __init__(self, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        """Use `random_bytes` for new keys."""
        self.random_bytes = random_bytes

    def office_keys(self, store: Store) -> OfficeKeys | None:
        """Return the office's keys; None while this desk has none."""
        state = key_rows.load_state(store)
        return None if state is None else state.office_keys()

    def may_come_under(self, store: Store, key_id: KeyId, seq: int) -> bool:
        """Tell whether a record that this desk has not seen yet may be sealed with this key.

        After a change of the key only who was shut out, or has not heard of it, still seals with a former one; what the
        latter wrote comes again under the new key.
        """
        row = store.first(SyncOfficeKey.select().where(SyncOfficeKey.id == key_id))
        return row is not None and (row["retired_seq"] is None or seq <= row["retired_seq"])

    def incoming(self, unit: UnitOfWork, records: Iterable[Record]) -> None:
        """Take in what the hub has (pages, records of conflicts, own ones too) and do what follows from it."""
        place = key_rows.place(unit)
        if place is None:
            return
        space, found = place[1], []
        own = {keys.public_key for keys in key_rows.identities(unit)}
        for record in records:
            if record["collection"] == COLLECTION:
                message = self._take(unit, space, record, own)
                if message is not None:
                    found.append((message, record["seq"]))
        self.settle(unit, found)

    def outgoing(self, store: Store) -> Sequence[Change]:
        """Return what the hub is to be told."""
        query = SyncKeyRecord.select().where((SyncKeyRecord.is_own == 1) & (SyncKeyRecord.is_waiting == 1))
        return [
            Change(collection=COLLECTION, id=row["id"], base=row["seq"], deleted=False, erased=False, data=row["data"])
            for row in store.rows(query.order_by(SyncKeyRecord.id))
        ]

    def gone(self, unit: UnitOfWork, record_ids: Iterable[str]) -> None:
        """Take in that the hub does not have these records: own ones are sent as new."""
        for record_id in record_ids:
            row = key_rows.key_record(unit, record_id)
            if row is not None and row["is_own"]:
                key_rows.put_key_record(unit, record_id, {"seq": 0, "is_waiting": 1})

    def restarted(self, unit: UnitOfWork) -> None:
        """Take in that the hub begins anew (restored from a backup, or empty): it is told all of ours again.

        Its numbers say nothing about the past any more: under former keys nothing unseen is taken from now on.
        """
        rows = unit.rows(SyncKeyRecord.select())
        self.gone(unit, [row["id"] for row in rows])
        for row in rows:
            if not row["is_own"]:
                key_rows.put_key_record(unit, row["id"], {"seq": 0})
        state = key_rows.load_state(unit)
        if state is not None:
            current = state.current.key_id
            for row in unit.rows(SyncOfficeKey.select().where(SyncOfficeKey.id != current)):
                unit.update(SyncOfficeKey, row["id"], {"retired_seq": 0})

    def put(self, unit: UnitOfWork, message: Message, content: str = "") -> None:
        """Keep a message to be sent; `content` names what it says."""
        place = key_rows.place(unit)
        if place is None:
            raise ValueError("this desk belongs to no office")
        record_id = message_id(place[1], message)
        row = key_rows.key_record(unit, record_id)
        if (
            row is not None
            and row["is_own"]
            and (row["data"] == message_text(message) or content == row["content"] != "")
        ):
            return
        key_rows.put_key_record(
            unit,
            record_id,
            {
                "is_own": 1,
                "seq": row["seq"] if row else 0,
                "is_waiting": 1,
                "content": content,
                "data": message_text(message),
            },
        )

    def messages(self, reader: key_rows.Reader) -> tuple[Message, ...]:
        """Return what others said."""
        place = key_rows.place(reader)
        if place is None:
            return ()
        rows = reader.rows(SyncKeyRecord.select().where(SyncKeyRecord.is_own == 0))
        read = (read_message(place[1], row["id"], row["data"]) for row in rows)
        return tuple(message for message in read if message is not None)

    def settle(self, unit: UnitOfWork, found: Sequence[tuple[Message, int]] = ()) -> None:
        """Do what follows: go on with admissions, believe envelopes, make a new key where one is due, tell the others.

        `found` is what just came, with the hub's numbers.
        """
        own = key_rows.identities(unit)
        if not own:
            return
        for message, _ in found:
            if isinstance(message, JoinAnswer):
                self._show_nonce(unit, own[0], message)
            elif isinstance(message, JoinRequest):
                self._see_nonce(unit, own[0], message)
        before = key_rows.load_state(unit)
        came = [(letter, seq) for message, seq in found for letter in self._letters(own, [message])]
        letters = [*self._letters(own, self.messages(unit)), *(letter for letter, _ in came)]
        state = before or self._first_state(unit, own[0], letters)
        if state is None:
            return
        self.keep(unit, before, resolved(state, letters))
        self._retire(unit, came)

    def keep(self, unit: UnitOfWork, before: OfficeState | None, state: OfficeState) -> OfficeState:
        """Keep a state and queue what the other members are to be told; return it, with a new key if one was due."""
        own = key_rows.own_keys(unit)
        if own is None:
            raise ValueError("this desk has no key pair")
        is_member = state.trusts(own.public_key)
        if is_member:
            state = with_fresh_key(state, self.random_bytes)
        if state != before:
            key_rows.save_state(unit, before, state)
        if is_member:
            self.tell_all(unit, own, state)
        return state

    def tell_all(self, unit: UnitOfWork, sender: DeviceKeys, state: OfficeState) -> None:
        """Queue an envelope to every member (to itself as well: a restored backup finds there what it missed)."""
        digest = state.digest()
        for recipient in state.recipients(""):
            name = message_id(state.space, Envelope(sender.public_key, recipient.public_key, ""))
            row = key_rows.key_record(unit, name)
            if row is None or not row["is_own"] or row["content"] != digest:
                box = sealed_envelope(state, sender, recipient)
                self.put(unit, Envelope(sender.public_key, recipient.public_key, box), digest)

    def _take(self, unit: UnitOfWork, space: str, record: Record, own: set[str]) -> Message | None:
        """Keep one record; return its message if it says something new to this desk."""
        row = key_rows.key_record(unit, record["id"])
        is_gone = record["deleted"] or record["erased"]
        message = None if is_gone else read_message(space, record["id"], record["data"])
        if row is not None and row["is_own"]:
            if isinstance(message, Founding) and message.by not in own:
                key_rows.put_key_record(
                    unit, record["id"], {"is_own": 0, "seq": record["seq"], "is_waiting": 0, "data": record["data"]}
                )
                return message
            stands = not is_gone and record["data"] == row["data"]
            key_rows.put_key_record(unit, record["id"], {"seq": record["seq"], "is_waiting": int(not stands)})
            return message if isinstance(message, Envelope) else None
        if message is None or not self._concerns(unit, message, own, is_known=row is not None):
            return None
        values = {"is_own": 0, "seq": record["seq"], "is_waiting": 0, "content": "", "data": record["data"]}
        key_rows.put_key_record(unit, record["id"], values)
        return message

    def _concerns(self, unit: UnitOfWork, message: Message, own: set[str], *, is_known: bool) -> bool:
        if isinstance(message, JoinAnswer | Envelope):
            return message.to in own
        if isinstance(message, JoinRequest) and not is_known:
            return len(unit.rows(SyncKeyRecord.select().where(SyncKeyRecord.is_own == 0))) < _MOST_REQUESTS
        return True

    def _letters(self, own: Sequence[DeviceKeys], messages: Iterable[Message]) -> list[Letter]:
        letters = []
        for message in messages:
            for keys in own:
                if isinstance(message, Envelope) and message.to == keys.public_key:
                    try:
                        letters.append(Letter(message.by, opened_envelope(message.box, message.by, keys)))
                    except EnvelopeBroken:
                        continue
        return letters

    def _first_state(self, unit: UnitOfWork, own: DeviceKeys, letters: Iterable[Letter]) -> OfficeState | None:
        """Return what the desk told whose words were compared; None while nobody confirmed or it said nothing yet.

        What this desk once told itself counts too: a backup from before it made the keys was put back.
        """
        place, row = key_rows.place(unit), key_rows.admission(unit, own.public_key)
        believed = {own.public_key}
        if row is not None and row["stage"] == CONFIRMED:
            believed.add(row["partner"])
        for letter in letters:
            state = letter.state
            fits = (state.office_id, state.space) == place and state.trusts(own.public_key)
            if letter.sender in believed and fits and state.believes(letter.sender):
                return state
        return None

    def _show_nonce(self, unit: UnitOfWork, own: DeviceKeys, answer: JoinAnswer) -> None:
        row = key_rows.admission(unit, own.public_key)
        if row is None or row["stage"] != ASKED or answer.to != own.public_key:
            return
        if answer.commitment != row["commitment"] or not _is_nonce(answer.nonce):
            return
        key_rows.put_admission(
            unit, own.public_key, {"stage": SHOWN, "partner": answer.by, "partner_nonce": answer.nonce}
        )
        self.put(unit, JoinRequest(own.public_key, row["commitment"], answer.by, row["own_nonce"]))

    def _see_nonce(self, unit: UnitOfWork, own: DeviceKeys, request: JoinRequest) -> None:
        row, place = key_rows.admission(unit, request.by), key_rows.place(unit)
        if row is None or place is None or request.by == own.public_key or row["stage"] not in {ANSWERED, SHOWN}:
            return
        if request.commitment != row["commitment"]:
            key_rows.put_admission(unit, request.by, {"stage": CHANGED})
            return
        if not request.to and row["stage"] == ANSWERED:
            return
        nonce = shown_nonce(request, place[1])
        if request.to != own.public_key:
            key_rows.put_admission(unit, request.by, {"stage": ELSEWHERE if request.to else CHANGED})
        elif nonce is None or row["partner_nonce"] not in {"", nonce_text(nonce)}:
            key_rows.put_admission(unit, request.by, {"stage": CHANGED})
        elif row["stage"] == ANSWERED:
            key_rows.put_admission(unit, request.by, {"stage": SHOWN, "partner_nonce": nonce_text(nonce)})

    def _retire(self, unit: UnitOfWork, came: Sequence[tuple[Letter, int]]) -> None:
        """Keep where the current key stood at the hub first: the number of the envelope that brought it."""
        state = key_rows.load_state(unit)
        if state is None:
            return
        current = state.current.key_id
        seqs = [seq for letter, seq in came if current in letter.state.keys and state.believes(letter.sender)]
        if seqs:
            key_rows.retire_keys(unit, current, min(seqs))


def _is_nonce(text: str) -> bool:
    try:
        key_bytes(text)
    except ValueError:
        return False
    return True
