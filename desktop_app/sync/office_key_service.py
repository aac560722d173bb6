"""The desks of an office and its keys: making them, letting a desk in, shutting one out, coming back.

Nothing here decides by itself whom to trust: people compare eight words, or type a printed key.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from typing import Any, Protocol

from desktop_app.core.actor import Actor
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.translation import tr
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.sync import key_rows
from desktop_app.sync.device_keys import DeviceKeys, key_bytes, new_device_keys
from desktop_app.sync.key_envelopes import EnvelopeBroken, opened_envelope
from desktop_app.sync.key_messages import (
    COLLECTION,
    Envelope,
    Founding,
    JoinAnswer,
    JoinRequest,
    Message,
    commitment_to,
    message_id,
    message_text,
    nonce_text,
    party,
    read_message,
)
from desktop_app.sync.key_post import ANSWERED, ASKED, CHANGED, CONFIRMED, ELSEWHERE, SHOWN, KeyPost
from desktop_app.sync.membership import (
    Letter,
    Member,
    MemberKind,
    OfficeState,
    Standing,
    founded,
    joined,
    with_member,
    with_standing,
)
from desktop_app.sync.office_recovery import (
    FIELD,
    OfficeRecovery,
    new_office_recovery,
    parse_office_recovery,
)
from desktop_app.sync.protocol import MAX_PULL_RECORDS, PositionsAnswer, PullAnswer, PushAnswer, Record
from desktop_app.sync.tables import SyncAdmission, SyncDeviceKey
from desktop_app.sync.words import Comparison, comparison_of

_NONCE_BYTES = 32


class KeyHub(Protocol):
    """What is asked of the hub here; `hub_client.HubClient` does it."""

    def push(self, space: str, body: str) -> PushAnswer:
        """Send changes."""
        ...

    def pull(self, space: str, since: int, limit: int) -> PullAnswer:
        """Return records after a number."""
        ...

    def positions(self, space: str, since: int, limit: int) -> PositionsAnswer:
        """Return the same without their data."""
        ...


@dataclass(frozen=True, slots=True)
class JoiningDesk:
    """A desk that asks to be let in."""

    public_key: str
    is_begun: bool


class OfficeKeyService:
    """Commands about the office's keys. Local first: what the hub has to hear waits in `KeyPost.outgoing`."""

    def __init__(self, store: Store, post: KeyPost | None = None) -> None:
        """Use the opened data; the engine uses the same `post`."""
        self._store = store
        self._post = post or KeyPost()
        self._cursor: tuple[str, int] = ("", 0)
        self._compared: dict[tuple[bytes, ...], Comparison] = {}

    # ------------------------------------------------------------------------------------------ what there is

    @property
    def public_key(self) -> str:
        """This device's public key; empty while it has none."""
        own = key_rows.own_keys(self._store)
        return own.public_key if own else ""

    def members(self) -> tuple[Member, ...]:
        """Return every desk and printed key the office knows, also former ones."""
        state = key_rows.load_state(self._store)
        return tuple(state.members.values()) if state else ()

    def member_of(self, device_id: str) -> Member | None:
        """Return the member with a device id, as people let it in; the hub's list may say anything."""
        return next((member for member in self.members() if member.device_id == device_id), None)

    def is_member(self) -> bool:
        """Whether this desk holds the office's keys and belongs to it."""
        state = key_rows.load_state(self._store)
        return state is not None and state.trusts(self.public_key)

    def is_shut_out(self) -> bool:
        """Whether another desk of the office has shut this one out."""
        state = key_rows.load_state(self._store)
        return state is not None and not state.believes(self.public_key)

    def has_recovery(self) -> bool:
        """Whether there is a printed key to which the office's keys are sealed."""
        return any(
            member.kind is MemberKind.RECOVERY and member.standing is Standing.TRUSTED for member in self.members()
        )

    def is_founded_elsewhere(self) -> bool:
        """Whether another desk has made the office's keys, as far as the hub says; ask `poll` first."""
        own = self.public_key
        return any(isinstance(message, Founding) and message.by != own for message in self._post.messages(self._store))

    # ------------------------------------------------------------------------------------------ the way in

    def is_asking(self) -> bool:
        """Whether this desk has no keys of the office yet and has asked to be let in."""
        if key_rows.load_state(self._store) is not None:
            return False
        return key_rows.admission(self._store, self.public_key) is not None

    def enter(self, actor: Actor, hub: KeyHub, office_id: str, space: str, label: str) -> None:
        """Make the office's keys, or ask to be let in where another desk has made them; goes on where it broke off.

        Nobody else can do it: an office whose first desk stops before it has made them would wait for ever.
        """
        if not self.is_asking():
            try:
                self.found(actor, hub, office_id, space, label)
            except UserError:
                if not self.is_founded_elsewhere():
                    raise
                self.ask_to_join(actor, office_id, space)
        self.poll(actor, hub)

    def is_founder(self) -> bool:
        """Whether this desk has made the office's keys: no other has let it in."""
        member = next((member for member in self.members() if member.public_key == self.public_key), None)
        return member is not None and not member.admitted_by

    # ------------------------------------------------------------------------------------------ the first desk

    def prepare(self, actor: Actor, device_id: str) -> str:
        """Make this device's key pair if there is none; return its public key for the enrolment."""
        own = key_rows.own_keys(self._store)
        if own is not None and own.device_id == device_id:
            return own.public_key
        keys = new_device_keys(device_id, self._post.random_bytes)
        with self._local(actor) as unit:
            if own is not None:
                unit.update(SyncDeviceKey, own.public_key, {"is_current": key_rows.FORMER})
            key_rows.insert_identity(unit, keys, key_rows.CURRENT)
        return keys.public_key

    def found(self, actor: Actor, hub: KeyHub, office_id: str, space: str, label: str) -> None:
        """Make the office's keys on its first desk; once made, again changes nothing.

        Raises:
            UserError: another desk was first: this one has to be let in.
        """
        if key_rows.load_state(self._store) is not None:
            return
        own = self._own()
        with self._local(actor) as unit:
            key_rows.keep_place(unit, office_id, space)
        self.poll(actor, hub, whole=True)
        if self.is_founded_elsewhere():
            raise UserError(_founded_elsewhere())
        first = self._push_founding(hub, space, own)
        if first is not None and first.by != own.public_key:
            raise UserError(_founded_elsewhere())
        member = Member(own.public_key, MemberKind.DESK, own.device_id, label, "", Standing.TRUSTED)
        with self._unit(actor, "make_office_keys", own.device_id) as unit:
            if key_rows.load_state(unit) is not None:
                return  # another program on this database was quicker
            self._post.keep(unit, None, founded(office_id, space, member, self._post.random_bytes))

    # ------------------------------------------------------------------------------------------ a desk that asks

    def ask_to_join(self, actor: Actor, office_id: str, space: str) -> None:
        """Ask the office's desks to let this one in; asking again begins with new words."""
        own, nonce = self._own(), self._post.random_bytes(_NONCE_BYTES)
        commitment = commitment_to(own.public_key, nonce, space)
        with self._local(actor) as unit:
            key_rows.keep_place(unit, office_id, space)
            key_rows.put_admission(
                unit,
                own.public_key,
                {
                    "stage": ASKED,
                    "own_nonce": nonce_text(nonce),
                    "commitment": commitment,
                    "partner": "",
                    "partner_nonce": "",
                },
            )
            self._post.put(unit, JoinRequest(own.public_key, commitment))

    def join_comparison(self) -> Comparison | None:
        """Return the words of the desk that asks; None until a desk of the office has taken it up.

        Raises:
            UserError: what came does not fit together.
        """
        own = self._own()
        row = key_rows.admission(self._store, own.public_key)
        if row is None or row["stage"] not in {SHOWN, CONFIRMED}:
            return None
        for message in self._post.messages(self._store):
            if not isinstance(message, JoinAnswer) or (message.by, message.to) != (row["partner"], own.public_key):
                continue
            if (message.nonce, message.commitment) != (row["partner_nonce"], row["commitment"]):
                raise UserError(_changed_meanwhile())
        return self._comparison(own.public_key, row["partner"], row)

    def confirm_join(self, actor: Actor) -> None:
        """Take the keys from the desk that showed the same words; they come as soon as it lets this one in.

        Raises:
            UserError: there are no words to compare (any more).
        """
        if self.join_comparison() is None:
            raise UserError(_no_words_yet())
        own = self._own()
        with self._unit(actor, "confirm_office_keys", own.device_id) as unit:
            key_rows.put_admission(unit, own.public_key, {"stage": CONFIRMED})
            self._post.settle(unit)

    # ------------------------------------------------------------------------------------------ a desk that lets in

    def joining(self) -> tuple[JoiningDesk, ...]:
        """Return the desks that ask to be let in, as far as the hub has told."""
        state = key_rows.load_state(self._store)
        if state is None:
            return ()
        asking = [
            message.by
            for message in self._post.messages(self._store)
            if isinstance(message, JoinRequest) and message.by not in state.members
        ]
        return tuple(JoiningDesk(key, key_rows.admission(self._store, key) is not None) for key in sorted(set(asking)))

    def begin_admission(self, actor: Actor, public_key: str, device_id: str) -> None:
        """Take up a desk's request, so that both come to their words; begun already, it goes on.

        A device id has one public key for ever: a hub could otherwise show one key while people compare and another
        when they say yes.

        Raises:
            UserError: it does not ask (any more), another desk lets it in, or the hub names another key for it.
        """
        self._check_device(public_key, device_id)
        own, request = self._own(), self._request_of(public_key)
        row = key_rows.admission(self._store, public_key)
        if row is not None and row["commitment"] == request.commitment and row["stage"] in {ANSWERED, SHOWN}:
            return
        if request.to not in {"", own.public_key}:
            raise UserError(_elsewhere())
        if request.nonce:
            raise UserError(
                _changed_meanwhile()
            )  # it has shown its number already: to somebody, or for words of before
        nonce = nonce_text(self._post.random_bytes(_NONCE_BYTES))
        with self._local(actor) as unit:
            key_rows.put_admission(
                unit,
                public_key,
                {
                    "stage": ANSWERED,
                    "partner": device_id,
                    "own_nonce": nonce,
                    "partner_nonce": "",
                    "commitment": request.commitment,
                },
            )
            self._post.put(unit, JoinAnswer(own.public_key, public_key, request.commitment, nonce))

    def admission_comparison(self, public_key: str) -> Comparison | None:
        """Return the words for a desk that asks; None until it has answered.

        Raises:
            UserError: its request is not what it was: begin again, and if it happens again, somebody stands in between.
        """
        row = key_rows.admission(self._store, public_key)
        if row is None or row["stage"] == ANSWERED:
            return None
        if row["stage"] == ELSEWHERE:
            raise UserError(_elsewhere())
        if row["stage"] == CHANGED:
            raise UserError(_changed_meanwhile())
        return self._comparison(self._own().public_key, public_key, row)

    def admit(self, actor: Actor, public_key: str, device_id: str, label: str) -> None:
        """Let a desk in after its words were compared: it and all others are told, sealed.

        Raises:
            UserError: there was nothing to compare, it was shut out before, or the hub names another key for it.
        """
        self._check_device(public_key, device_id)
        if self.admission_comparison(public_key) is None:
            raise UserError(_no_words_yet())
        own, state = self._own(), self._state()
        if public_key in state.members and not state.trusts(public_key):
            raise UserError(
                tr("Dieser Rechner wurde ausgeschlossen. Er muss sich mit einem neuen Anmeldecode anmelden.")
            )
        member = Member(public_key, MemberKind.DESK, device_id, label, own.public_key, Standing.TRUSTED)
        with self._unit(actor, "admit_desk", device_id) as unit:
            self._post.keep(unit, state, with_member(state, member))

    def refuse(self, actor: Actor, public_key: str) -> None:
        """Do not let a desk in: its words differ. It can be begun again with new ones."""
        with self._local(actor) as unit:
            if key_rows.admission(unit, public_key) is not None:
                key_rows.put_admission(unit, public_key, {"stage": CHANGED})

    # ------------------------------------------------------------------------------------------ shutting out

    def revoke(self, actor: Actor, public_key: str) -> None:
        """Shut a desk out: the others get a new key, with which everything is sealed from now on.

        The hub has to be told as well, so that its token ends. What it has seen it keeps.

        Raises:
            UserError: it is this desk itself, or none of the office.
        """
        state = self._state()
        if public_key == self.public_key:
            raise UserError(
                tr("Dieser Rechner kann sich nicht selbst ausschließen. Bitte tun Sie es an einem anderen.")
            )
        if public_key not in state.members:
            raise UserError(tr("Diesen Rechner kennt das Büro nicht (mehr)."))
        with self._unit(actor, "revoke_desk", state.members[public_key].device_id) as unit:
            self._post.keep(unit, state, with_standing(state, public_key, Standing.REVOKED, self._post.random_bytes))

    # ------------------------------------------------------------------------------------------ the printed key

    @staticmethod
    def new_recovery_groups() -> tuple[str, ...]:
        """Return the groups of a new printed key; nothing is kept before `confirm_recovery`."""
        return new_office_recovery()

    def confirm_recovery(self, actor: Actor, groups: tuple[str, ...], typed: str) -> None:
        """Seal the office's keys to a printed key after somebody typed its first group from the paper.

        A former printed key is shut out, as it may have been found: everything gets a new key.

        Raises:
            InputError: the typed group is not the first one.
        """
        recovery = parse_office_recovery("".join(groups))
        if "".join(letter for letter in typed.upper() if letter.isalnum()) != groups[0]:
            raise InputError(
                FIELD, tr("Das ist nicht die erste Gruppe auf dem Blatt. Bitte sehen Sie noch einmal nach.")
            )
        own, state = self._own(), self._state()
        member = _recovery_member(recovery, own.public_key)
        with self._unit(actor, "print_office_key", own.device_id) as unit:
            reached = with_member(state, member)
            for former in state.members.values():
                is_other = former.kind is MemberKind.RECOVERY and former.public_key != member.public_key
                if is_other and former.standing is not Standing.REVOKED:
                    reached = with_standing(reached, former.public_key, Standing.REVOKED, self._post.random_bytes)
            self._post.keep(unit, state, reached)

    def recover(self, actor: Actor, hub: KeyHub, typed: str, office_id: str, space: str, label: str) -> None:
        """Take the office's keys with the printed key, on a desk that is enrolled already.

        Raises:
            InputError: a typing mistake, or the key of another sheet.
            UserError: the hub has nothing that this key opens.
        """
        recovery, own = parse_office_recovery(typed), self._own()
        known = key_rows.load_state(self._store)
        if known is not None and known.trusts(own.public_key):
            return
        state = self._sealed_to(recovery, hub, office_id, space)
        if known is not None:
            state = joined(known, state)
        if own.public_key in state.members:
            raise UserError(_shut_out())
        member = Member(
            own.public_key, MemberKind.DESK, own.device_id, label, recovery.keys.public_key, Standing.TRUSTED
        )
        with self._unit(actor, "recover_office_keys", own.device_id) as unit:
            key_rows.keep_place(unit, office_id, space)
            reached = self._post.keep(unit, known, with_member(state, member))
            # The others don't know this desk, but they know the printed key: it introduces us.
            self._post.tell_all(unit, recovery.keys, reached)

    # ------------------------------------------------------------------------------------------ after a local restore

    def prepare_successor(self, actor: Actor, device_id: str) -> str:
        """Make the key pair with which this desk goes on after a restore; return its public key for the hub."""
        row = self._store.first(SyncDeviceKey.select().where(SyncDeviceKey.is_current == key_rows.COMING))
        if row is not None and row["device_id"] == device_id:
            return str(row["id"])
        keys = new_device_keys(device_id, self._post.random_bytes)
        with self._local(actor) as unit:
            if row is not None:
                unit.delete(SyncDeviceKey, row["id"])
            key_rows.insert_identity(unit, keys, key_rows.COMING)
        return keys.public_key

    def succeed(self, actor: Actor, label: str) -> None:
        """Go on under the prepared pair, once the hub has accepted it. The former pair introduces it to the others.

        Without keys of the office (the backup is from before), the new pair has to ask to be let in.
        """
        row = self._store.first(SyncDeviceKey.select().where(SyncDeviceKey.is_current == key_rows.COMING))
        if row is None:
            return
        former = key_rows.own_keys(self._store)
        keys = DeviceKeys(row["device_id"], key_bytes(row["private_key"]))
        state = key_rows.load_state(self._store)
        with self._unit(actor, "succeed_desk", keys.device_id) as unit:
            if former is not None:
                unit.update(SyncDeviceKey, former.public_key, {"is_current": key_rows.FORMER})
            unit.update(SyncDeviceKey, keys.public_key, {"is_current": key_rows.CURRENT})
            if former is None or state is None or not state.trusts(former.public_key):
                return
            member = Member(
                keys.public_key, MemberKind.DESK, keys.device_id, label, former.public_key, Standing.TRUSTED
            )
            reached = with_standing(with_member(state, member), former.public_key, Standing.RETIRED)
            reached = self._post.keep(unit, state, reached)
            self._post.tell_all(unit, former, reached)

    # ------------------------------------------------------------------------------------------ with the hub

    def poll(self, actor: Actor, hub: KeyHub, *, whole: bool = False) -> None:
        """Fetch and send the records of collection "k" alone: before there are keys, and while words are awaited.

        `whole` looks at everything again, not only at what is new.
        """
        place = key_rows.place(self._store)
        if place is None:
            return
        if whole:
            self._cursor = ("", 0)
        records = self._fetch(hub, place[1])
        if records:
            with self._local(actor) as unit:
                self._post.incoming(unit, records)
        self.send(actor, hub)

    def send(self, actor: Actor, hub: KeyHub) -> None:
        """Tell the hub what waits in collection "k"."""
        place, changes = key_rows.place(self._store), self._post.outgoing(self._store)
        if place is None or not changes:
            return
        answer = hub.push(place[1], json.dumps({"push_id": str(uuid.uuid4()), "changes": list(changes)}))
        sent = {change["id"]: change for change in changes}
        records = [
            _record(done["seq"], done["id"], sent[done["id"]]["data"])
            for done in answer["applied"]
            if done["id"] in sent
        ]
        records += [conflict["record"] for conflict in answer["conflicts"] if conflict["record"] is not None]
        with self._local(actor) as unit:
            self._post.gone(unit, [lost["id"] for lost in answer["conflicts"] if lost["record"] is None])
            self._post.incoming(unit, records)

    def forget(self, actor: Actor) -> None:
        """Forget the office's keys on this desk (it is disconnected)."""
        with self._unit(actor, "forget_office_keys", self.public_key) as unit:
            for table in key_rows.TABLES:
                for row in unit.rows(table.select()):
                    unit.delete(table, row["id"])

    # ------------------------------------------------------------------------------------------ parts

    def _fetch(self, hub: KeyHub, space: str) -> list[Record]:
        """Return the records of collection "k" after the cursor without pulling those of everything else."""
        epoch, since = self._cursor
        found: list[Record] = []
        while True:
            page = hub.positions(space, since, MAX_PULL_RECORDS)
            if epoch not in {"", page["epoch"]}:
                epoch, since, found = page["epoch"], 0, []
                continue
            epoch = page["epoch"]
            for position in page["records"]:
                since = position["seq"]
                if position["collection"] == COLLECTION:
                    found += [
                        record
                        for record in hub.pull(space, position["seq"] - 1, 1)["records"]
                        if record["collection"] == COLLECTION
                    ]
            if not page["more"] or not page["records"]:
                self._cursor = (epoch, max(since, page["seq"] if not page["more"] else since))
                return found

    def _push_founding(self, hub: KeyHub, space: str, own: DeviceKeys) -> Founding | None:
        """Claim to be the first; return who was before."""
        message = Founding(own.public_key)
        change = {
            "collection": COLLECTION,
            "id": message_id(space, message),
            "base": 0,
            "deleted": False,
            "erased": False,
            "data": message_text(message),
        }
        answer = hub.push(space, json.dumps({"push_id": str(uuid.uuid4()), "changes": [change]}))
        for conflict in answer["conflicts"]:
            record = conflict["record"]
            first = read_message(space, record["id"], record["data"]) if record else None
            if not isinstance(first, Founding):
                raise UserError(_founded_elsewhere())
            return first
        return None

    def _sealed_to(self, recovery: OfficeRecovery, hub: KeyHub, office_id: str, space: str) -> OfficeState:
        letters = self._letters_to(recovery, hub, office_id, space)
        revoked = frozenset[str]().union(*(letter.state.revoked for letter in letters))
        heard = [letter for letter in letters if letter.sender not in revoked]
        state = _all_of(heard or letters)
        if state is None or not state.trusts(recovery.keys.public_key):
            raise UserError(
                tr(
                    "Zu diesem Blatt liegt auf dem Abgleich-Server nichts. Bitte prüfen Sie, ob es das neueste Blatt dieses "
                    "Büros ist und ob der Anmeldecode für dieses Büro ausgestellt wurde."
                )
            )
        if not heard:
            # Each of them was shut out by another: all of it is readable, nobody is trusted.
            outcasts = {
                key: replace(member, standing=Standing.REVOKED)
                for key, member in state.members.items()
                if member.kind is MemberKind.DESK
            }
            state = joined(state, replace(state, members={**state.members, **outcasts}))
        return state

    def _letters_to(self, recovery: OfficeRecovery, hub: KeyHub, office_id: str, space: str) -> list[Letter]:
        self._cursor = ("", 0)
        letters = []
        for record in sorted(self._fetch(hub, space), key=lambda record: record["seq"]):
            message: Message | None = None
            if not record["deleted"] and not record["erased"]:
                message = read_message(space, record["id"], record["data"])
            if not isinstance(message, Envelope) or message.to != recovery.keys.public_key:
                continue
            try:
                state = opened_envelope(message.box, message.by, recovery.keys, recovery.secret)
            except EnvelopeBroken:
                continue
            if (state.office_id, state.space) == (office_id, space) and state.believes(message.by):
                letters.append(Letter(message.by, state))
        self._cursor = ("", 0)
        return letters

    def _check_device(self, public_key: str, device_id: str) -> None:
        known = {row["partner"]: row["id"] for row in self._store.rows(SyncAdmission.select())}
        known |= {member.device_id: member.public_key for member in self.members() if member.device_id}
        row = key_rows.admission(self._store, public_key)
        if known.get(device_id, public_key) != public_key or (row is not None and row["partner"] != device_id):
            raise UserError(_changed_meanwhile())

    def _comparison(self, own_public_key: str, other_public_key: str, row: dict[str, Any]) -> Comparison:
        place = key_rows.place(self._store)
        if place is None:
            raise UserError(_no_words_yet())
        parties = (
            party(own_public_key, key_bytes(row["own_nonce"])),
            party(other_public_key, key_bytes(row["partner_nonce"])),
        )
        if parties not in self._compared:  # it takes a tenth of a second, and screens ask every two
            self._compared = {parties: comparison_of(place[0], parties)}
        return self._compared[parties]

    def _request_of(self, public_key: str) -> JoinRequest:
        for message in self._post.messages(self._store):
            if isinstance(message, JoinRequest) and message.by == public_key:
                return message
        raise UserError(tr("Dieser Rechner wartet nicht (mehr) auf Aufnahme. Bitte laden Sie die Ansicht neu."))

    def _own(self) -> DeviceKeys:
        own = key_rows.own_keys(self._store)
        if own is None:
            raise UserError(_not_connected())
        return own

    def _state(self) -> OfficeState:
        state = key_rows.load_state(self._store)
        if state is None:
            raise UserError(_not_connected())
        return state

    def _unit(self, actor: Actor, action: str, device_id: str) -> UnitOfWork:
        return self._store.unit_of_work(actor, action, ("sync_device", device_id))

    def _local(self, actor: Actor) -> UnitOfWork:
        return self._store.unit_of_work(actor, "sync_keys", None)


def _recovery_member(recovery: OfficeRecovery, admitted_by: str) -> Member:
    return Member(
        recovery.keys.public_key,
        MemberKind.RECOVERY,
        "",
        "",
        admitted_by,
        Standing.TRUSTED,
        recovery.secret,
    )


def _all_of(letters: list[Letter]) -> OfficeState | None:
    state: OfficeState | None = None
    for letter in letters:
        if state is None:
            state = letter.state
        elif state.index_key == letter.state.index_key:
            state = joined(state, letter.state)
    return state


def _record(seq: int, record_id: str, data: str) -> Record:
    return Record(seq=seq, collection=COLLECTION, id=record_id, deleted=False, erased=False, owner=None, data=data)


def _founded_elsewhere() -> str:
    return tr("Ein anderer Rechner Ihres Büros ist schon verbunden. Bitte lassen Sie diesen von dort aufnehmen.")


def _shut_out() -> str:
    return tr("Dieser Rechner wurde ausgeschlossen. Er muss sich mit einem neuen Anmeldecode anmelden.")


def _elsewhere() -> str:
    return tr("Diesen Rechner nimmt gerade ein anderer auf. Bitte vergleichen Sie die Wörter dort.")


def _changed_meanwhile() -> str:
    return tr(
        "Die Aufnahme passt nicht mehr zusammen. Bitte beginnen Sie auf beiden Rechnern neu. Geschieht das wieder, könnte "
        "jemand dazwischenstehen: Nehmen Sie den Rechner dann nicht auf und sagen Sie der Leitung Bescheid."
    )


def _no_words_yet() -> str:
    return tr("Die acht Wörter sind noch nicht da. Beide Rechner müssen dafür verbunden sein.")


def _not_connected() -> str:
    return tr("Dieser Rechner ist nicht verbunden.")
