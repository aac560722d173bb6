"""The connection to other desks and offices, as screens and commands use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

from desktop_app.core.clock import from_text, office_zone
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr, tr_count
from desktop_app.sync.conflicts import ConflictInbox, may_read
from desktop_app.sync.connection import (
    CONNECTED,
    ENROLLING,
    HUB,
    WAITING,
    Connection,
    read_spaces,
)
from desktop_app.sync.documents import count_documents
from desktop_app.sync.engine import SyncEngine, not_connected
from desktop_app.sync.enrolling import Enrolling, other_office
from desktop_app.sync.enrolment_code import parse_enrolment_code
from desktop_app.sync.hub_problems import HubProblem
from desktop_app.sync.membership import Standing
from desktop_app.sync.records import (
    Choice,
    Conflict,
    ConnectionPreview,
    ConnectionState,
    Desk,
    Invitation,
    ParkedRecord,
    RoundResult,
    Settled,
    Share,
    SpaceKind,
    SyncChanged,
    SyncStatus,
)
from desktop_app.sync.tables import SyncHub, SyncParked
from desktop_app.sync.what_travels import COLLECTIONS, INSIDE
from desktop_app.sync.wording import collection_label, parked_sentence, space_sentence, space_title

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.storage.store import Store
    from desktop_app.sync.protocol import DeviceInfo, EnrolPreview

_OWN_SPACES = (SpaceKind.DIRECTORY, SpaceKind.OFFICE)


class SyncService:
    """Connects this desk, runs rounds, lets desks in and out, and keeps the conflict inbox."""

    def __init__(self, store: Store, actor: Actor, engine: SyncEngine, fonts: Callable[[], FontLibrary]) -> None:
        """Work through `engine` as `actor` may see things."""
        self._store = store
        self._actor = actor
        self._engine = engine
        self._fonts = fonts
        self._enrolling = Enrolling(store, engine)
        self._inbox = ConflictInbox(store, actor.role)
        self._recovery_groups: tuple[str, ...] = ()

    # How it stands ----------------------------------------------------------------------------------

    def status(self) -> SyncStatus:
        """Return how the connection stands; reads a few rows, asks nobody."""
        connection = self._engine.connection
        if connection is None or connection.state == ENROLLING:
            sentence = tr("Nicht verbunden: Dieser Rechner arbeitet für sich.")
            return SyncStatus(ConnectionState.NOT_CONNECTED, sentence)
        waiting = self._waiting(connection)
        state, sentence = self._state(connection, waiting)
        return SyncStatus(
            state=state,
            sentence=sentence,
            last_success=from_text(connection.finished_at) if connection.finished_at else None,
            next_try=self._engine.next_try,
            waiting_changes=waiting,
            open_conflicts=self._inbox.count_waiting(),
            parked_records=int(self._store.sql("SELECT count(*) FROM sync_parked")[0][0]),
            problem=connection.problem if state is ConnectionState.PROBLEM else "",
            trouble="" if state is ConnectionState.PROBLEM else self._engine.trouble,
            is_shut_out=connection.is_shut_out,
            is_paused=connection.is_paused,
            is_offline=self._engine.is_offline,
            needs_recovery_sheet=connection.needs_recovery_sheet,
        )

    def shares(self) -> tuple[Share, ...]:
        """Return what is shared with whom, space by space."""
        connection = self._engine.connection
        if connection is None:
            return self._shares_to_be(tr("die Rechner dieses Büros"))
        spaces = {space.kind: space for space in read_spaces(self._store)}
        waiting = self._waiting_by_space(connection)
        finished = from_text(connection.finished_at) if connection.finished_at else None
        found: list[Share] = []
        for share in self._shares_to_be(connection.office_name, is_coordination=connection.is_coordination):
            space = spaces.get(share.kind)
            found.append(
                Share(
                    share.kind,
                    share.title,
                    share.sentence,
                    share.with_whom,
                    share.records,
                    waiting.get(share.kind, 0),
                    from_text(space.pulled_at) if space and space.pulled_at else None,
                    finished if share.kind is not SpaceKind.STATISTICS else None,
                )
            )
        return tuple(found)

    def parked(self) -> tuple[ParkedRecord, ...]:
        """Return what came and can't be used yet, or can't be sent."""
        return tuple(
            ParkedRecord(
                what=collection_label(row["document_id"].partition("/")[0]) if row["document_id"] else tr("Eintrag"),
                sentence=parked_sentence(row["reason"]),
                since=from_text(row["parked_at"]),
            )
            for row in self._store.rows(SyncParked.select().order_by(SyncParked.parked_at, SyncParked.id))
        )

    # Connecting -------------------------------------------------------------------------------------

    def preview(self, code: str) -> ConnectionPreview:
        """Return what connecting with a code would mean; the code is not used up, and no data is sent.

        Raises:
            InputError: the code has a mistake, or another hub answers.
            HubProblem: the hub can't be asked, or does not know the code.
        """
        enrolment = parse_enrolment_code(code)
        return self._preview(enrolment.address, self._enrolling.ask(enrolment))

    def begun_with(self, code: str) -> str:
        """Return under which name connecting with a code was begun and broke off; then `connect` goes on without asking.

        The hub may have used the code up by then and not know it any more. Empty: nothing was begun with it.

        Raises:
            InputError: the code has a mistake.
        """
        return self._enrolling.begun_with(parse_enrolment_code(code))

    def connect(self, actor: Actor, code: str, label: str, progress: Progress | None = None) -> None:
        """Connect this desk. The office's first desk makes the keys; another has to be let in by a desk that is in.

        Stopped or broken off, it goes on with the same code. A desk that was shut out leaves its former connection first.

        Raises:
            InputError: the code or the label is not usable, or another hub answers.
            UserError: this desk is connected already.
            HubProblem: the hub can't be asked or refuses.
            Cancelled: the user stopped it.
        """
        progress = progress or NoProgress()
        enrolment = parse_enrolment_code(code)
        name = " ".join(label.split())
        if not name:
            raise InputError("label", tr("Bitte geben Sie diesem Rechner einen Namen, zum Beispiel „Empfang“."))
        before = self._engine.connection
        if before is not None and before.state != ENROLLING:
            if before.is_shut_out:
                self.disconnect(actor)
                before = None
            elif before.address != enrolment.address or not self._enrolling.is_half_way_in(before):
                raise UserError(
                    tr(
                        "Dieser Rechner ist schon verbunden. Beenden Sie zuerst die Verbindung (im Fenster unter „Abgleich“: "
                        "„Verbindung beenden“)."
                    )
                )
        progress.step(0, 3, tr("Anmelden"))
        if before is None or before.state == ENROLLING:
            self._enrolling.enrol(actor, enrolment, name, before, progress)
        self._engine.enter_office(actor)
        progress.step(2, 3, tr("Erster Abgleich"))
        self._store.notices.publish(SyncChanged())
        if self._connection().state == CONNECTED:
            self._engine.run(actor, progress)

    def recovery_sheet(self, actor: Actor) -> bytes:  # noqa: ARG002 - same shape as its neighbours
        """Return the sheet with the office's printed key as PDF; it counts once a group was typed back.

        Raises:
            EnvironmentProblem: a font file is missing.
        """
        from desktop_app.sync.office_key_sheet import office_key_sheet

        connection = self._connection()
        self._recovery_groups = self._recovery_groups or self._engine.keys.new_recovery_groups()
        return office_key_sheet(
            self._fonts(),
            office=connection.office_name,
            carrier=connection.carrier_name,
            groups=self._recovery_groups,
            created=self._store.clock.today(),
        )

    def confirm_recovery(self, actor: Actor, first_group: str) -> None:
        """Let the printed key count, after its first group was typed from the paper.

        Raises:
            InputError: it is another group.
            UserError: no sheet was made since the program started.
        """
        if not self._recovery_groups:
            raise UserError(
                tr("Bitte drucken Sie das Blatt zuerst (noch einmal); der Schlüssel ist jedes Mal ein neuer.")
            )
        self._engine.keys.confirm_recovery(actor, self._recovery_groups, first_group)
        with self._store.unit_of_work(actor, "sync_noted", None) as unit:
            unit.update(SyncHub, HUB, {"recovery_sheet": 0})
            unit.notify(SyncChanged())
        self._recovery_groups = ()

    def recover(self, actor: Actor, groups: str, progress: Progress | None = None) -> None:
        """Take the office's keys with the printed key, when no other desk is left to let this one in.

        Raises:
            InputError: a typing mistake, or the key of another sheet.
            HubProblem: the hub can't be asked.
        """
        connection = self._connection()
        with self._engine.client(progress) as client:
            self._engine.keys.recover(
                actor, client, groups, connection.office_id, connection.office_space, connection.device_label
            )
            self._engine.keys.send(actor, client)
        # The sheet was in use: a new one is due, and the office is reminded of it.
        self._note_connected(actor, recovery_sheet=1)
        self._engine.run(actor, progress)

    # Letting desks in -------------------------------------------------------------------------------

    def admission_words(self) -> tuple[str, ...]:
        """Return this waiting desk's words; empty until a desk of the office has begun to let it in."""
        with self._engine.client() as client:
            self._engine.keys.poll(self._actor, client)
        comparison = self._engine.keys.join_comparison()
        return comparison.words if comparison else ()

    def confirm_admission(self, actor: Actor) -> None:
        """Say on the waiting desk that the words are the same: now it takes the keys."""
        self._engine.keys.confirm_join(actor)
        with self._engine.client() as client:
            self._engine.keys.poll(actor, client)
        if self._engine.keys.is_member():
            self._note_connected(actor)

    def waiting_desks(self) -> tuple[Desk, ...]:
        """Return the desks that ask to be let in."""
        with self._engine.client() as client:
            self._engine.keys.poll(self._actor, client)
            devices = client.devices()
        asking = {desk.public_key for desk in self._engine.keys.joining()}
        return tuple(
            self._desk(device, is_admitted=False)
            for device in devices
            if device["public_key"] in asking and not device["revoked_at"]
        )

    def words_of(self, device_id: str) -> tuple[str, ...]:
        """Return the words to compare with a waiting desk; empty until it has answered. Begins the comparison."""
        with self._engine.client() as client:
            self._engine.keys.poll(self._actor, client)
            public_key = self._public_key(client.devices(), device_id)
            self._engine.keys.begin_admission(self._actor, public_key, device_id)
            self._engine.keys.poll(self._actor, client)
        comparison = self._engine.keys.admission_comparison(public_key)
        return comparison.words if comparison else ()

    def admit(self, actor: Actor, device_id: str) -> None:
        """Let a desk in after its words were compared.

        Raises:
            UserError: there was nothing to compare.
        """
        with self._engine.client() as client:
            device = self._device(client.devices(), device_id)
            self._engine.keys.admit(actor, device["public_key"], device_id, device["label"])
            self._engine.keys.send(actor, client)
        self._store.notices.publish(SyncChanged())

    def invite(self, actor: Actor, label: str) -> Invitation:  # noqa: ARG002 - the hub writes down who invited
        """Return a code with which a further desk of the office connects."""
        from desktop_app.sync.enrolment_code import make_enrolment_code

        connection = self._connection()
        with self._engine.client() as client:
            made = client.invite(" ".join(label.split()))
        text = make_enrolment_code(connection.address, made["code"], connection.hub_id)
        return Invitation(text, from_text(made["expires_at"]))

    def desks(self) -> tuple[Desk, ...]:
        """Return the desks of the office."""
        with self._engine.client() as client:
            devices = client.devices()
        admitted = {member.public_key for member in self._engine.keys.members() if member.standing is Standing.TRUSTED}
        return tuple(self._desk(device, is_admitted=device["public_key"] in admitted) for device in devices)

    def revoke(self, actor: Actor, device_id: str, progress: Progress | None = None) -> None:
        """Shut a desk out: its token ends, the others get a new key, and what it could read is sealed anew.

        Raises:
            UserError: it is this desk itself, or none of the office.
            HubProblem: the hub can't be asked.
        """
        with self._engine.client(progress) as client:
            device = self._device(client.devices(), device_id)
            if device_id == self._connection().device_id:
                raise UserError(
                    tr("Dieser Rechner kann sich nicht selbst ausschließen. Bitte tun Sie es an einem anderen.")
                )
            client.revoke(device_id)
            if any(member.public_key == device["public_key"] for member in self._engine.keys.members()):
                self._engine.keys.revoke(actor, device["public_key"])
            self._engine.keys.send(actor, client)
        self._store.notices.publish(SyncChanged())
        self._engine.run(actor, progress)

    # Rounds -----------------------------------------------------------------------------------------

    def run(self, actor: Actor, progress: Progress | None = None) -> RoundResult:
        """Do one round now.

        Raises:
            UserError: this desk is not connected.
            HubProblem: it did not come to its end; nothing is lost.
            Cancelled: the user stopped it.
        """
        return self._engine.run(actor, progress)

    def pause(self, actor: Actor) -> None:
        """Do nothing by itself until `resume`."""
        self._set_paused(actor, is_paused=True)

    def resume(self, actor: Actor) -> None:
        """Go on by itself."""
        self._set_paused(actor, is_paused=False)

    def disconnect(self, actor: Actor) -> None:
        """Let this desk work alone again; its data stays, what the hub has stays there.

        The others see that it has left, if the hub can be told of it now, and are asked to change the key it knows.
        """
        device_id = self._connection().device_id
        with self._engine.client() as client:
            with suppress(HubProblem):
                client.revoke(device_id)
            self._engine.keys.forget(actor)
            self._enrolling.forget(actor)
        if self._engine.mailbox is not None:
            self._engine.mailbox.forget_offices(actor)
        self._engine.forget_client()

    # Conflicts --------------------------------------------------------------------------------------

    def conflicts(self, *, with_decided: bool = False) -> tuple[Conflict, ...]:
        """Return conflicts, the newest first."""
        return self._inbox.conflicts(with_decided=with_decided)

    def count_decided(self) -> int:
        """Return how many conflicts somebody has dealt with."""
        return self._inbox.count_decided()

    def conflict(self, conflict_id: str) -> Conflict:
        """Return one conflict.

        Raises:
            UserError: there is no such conflict (any more).
        """
        return self._inbox.conflict(conflict_id)

    def decide(self, actor: Actor, conflict_id: str, field: str, choice: Choice) -> Settled:
        """Let one of three values of a field stand; `take_back` brings back which one stood before.

        Raises:
            UserError: it is gone, or the record belongs to another carrier.
        """
        return self._inbox.decide(actor, conflict_id, field, choice)

    def undo_decision(self, actor: Actor, conflict_id: str) -> None:
        """Take all decisions on a conflict back.

        Raises:
            UserError: it is gone.
        """
        self._inbox.undo_decision(actor, conflict_id)

    def dismiss(self, actor: Actor, conflict_id: str) -> Settled:
        """Leave everything as it stands and clear the conflict away; `take_back` brings it back.

        Raises:
            UserError: it is gone.
        """
        return self._inbox.dismiss(actor, conflict_id)

    def dismiss_all(self, actor: Actor, conflict_ids: Sequence[str]) -> Settled:
        """Clear conflicts away at once, but none that asks for a decision; `take_back` brings them back.

        Raises:
            UserError: none of them waits any more.
        """
        return self._inbox.dismiss_all(actor, conflict_ids)

    def take_back(self, actor: Actor, settled: Settled) -> None:
        """Let what one command settled stand as before; what was settled otherwise since then stays so.

        Raises:
            UserError: nothing of it is left to take back.
        """
        self._inbox.take_back(actor, settled)

    # ------------------------------------------------------------------------------------------------

    def _connection(self) -> Connection:
        connection = self._engine.connection
        if connection is None or connection.state == ENROLLING:
            raise not_connected()
        return connection

    def _state(self, connection: Connection, waiting: int) -> tuple[ConnectionState, str]:
        engine = self._engine
        if connection.problem:
            return ConnectionState.PROBLEM, connection.problem
        if connection.state == WAITING and not self._enrolling.is_half_way_in(connection):
            sentence = tr("Wartet darauf, dass ein Rechner des Büros diesen hier aufnimmt.")
            return ConnectionState.WAITING_FOR_ADMISSION, sentence
        if engine.is_working:
            return ConnectionState.WORKING, tr("Wird abgeglichen …")
        sentence = self._what_is_left(connection, waiting)
        if sentence or connection.finished_at is None:
            return ConnectionState.WAITING, sentence or tr("Noch nicht abgeglichen")
        moment = from_text(connection.finished_at).astimezone(office_zone())
        today = self._store.clock.today()
        when = f"{moment:%H:%M}" if moment.date() == today else f"{moment:%d.%m.%Y, %H:%M}"
        return ConnectionState.IN_STEP, tr("Alles abgeglichen um {when}", when=when)

    def _what_is_left(self, connection: Connection, waiting: int) -> str:
        """Return what is not done yet, in words; empty when nothing is."""
        told = tr_count("{count} Änderung wartet", "{count} Änderungen warten", waiting)
        if connection.is_paused:
            return tr("Abgleich angehalten; {told}", told=told)
        if self._enrolling.is_half_way_in(connection):
            return tr("Die Anmeldung ist noch nicht zu Ende; der nächste Abgleich macht damit weiter.")
        if self._engine.is_offline or self._engine.trouble:
            return self._failing(told if waiting else "")
        if waiting:
            return told
        own = (space for space in read_spaces(self._store) if space.kind in _OWN_SPACES)
        if any(space.compare for space in own if space.is_writable):
            return tr("Noch nicht alles abgeglichen")
        return ""

    def _failing(self, told: str) -> str:
        if self._engine.is_offline:
            return tr("{told}, offline", told=told) if told else tr("Offline")
        if told:
            return tr("{told}; der Abgleich gelingt gerade nicht", told=told)
        return tr("Der Abgleich gelingt gerade nicht")

    def _waiting(self, connection: Connection) -> int:
        return sum(self._waiting_by_space(connection).values())

    def _waiting_by_space(self, connection: Connection) -> dict[SpaceKind, int]:
        rows = self._store.sql(
            "SELECT collection, count(DISTINCT record_id) FROM outbox WHERE sequence > ? GROUP BY collection",
            (connection.told,),
        )
        counts = {str(name): int(count) for name, count in rows}
        found: dict[SpaceKind, int] = {}
        for name, count in counts.items():
            if name in COLLECTIONS:
                kind = COLLECTIONS[name].space
                found[kind] = found.get(kind, 0) + count
        if not counts.get("contact"):
            # Only a part of a contact changed, such as the state of a referral.
            parts = max((counts.get(name, 0) for name in INSIDE), default=0)
            if parts:
                found[SpaceKind.OFFICE] = found.get(SpaceKind.OFFICE, 0) + parts
        return found

    def _shares_to_be(self, office: str, *, is_coordination: bool = False) -> tuple[Share, ...]:
        whom = {SpaceKind.DIRECTORY: tr("alle Büros am Abgleich-Server")}
        if not is_coordination:
            whom |= {SpaceKind.OFFICE: office, SpaceKind.EXCHANGE: tr("das Büro, an das Sie weitervermitteln")}
        whom[SpaceKind.STATISTICS] = tr("niemand")
        return tuple(
            Share(
                kind,
                space_title(kind),
                space_sentence(kind),
                (whom[kind],),
                records=0 if is_coordination else self._records(kind),
            )
            for kind in whom
        )

    def _records(self, kind: SpaceKind) -> int:
        """Return how many records there are of what the role may read: the number would tell of visitors' files too."""
        return sum(
            count_documents(self._store, name)
            for name, collection in COLLECTIONS.items()
            if collection.space is kind and may_read(self._actor.role, name, "id")
        )

    def _preview(self, address: str, found: EnrolPreview) -> ConnectionPreview:
        is_coordination = found["role"] == "coordination"
        return ConnectionPreview(
            hub_address=address,
            carrier=found["carrier"]["name"],
            office=found["office"]["name"],
            desks=found["desks"],
            is_coordination=is_coordination,
            label=" ".join(found["label"].split()),
            shares=self._shares_to_be(found["office"]["name"], is_coordination=is_coordination),
            other_office="" if is_coordination else other_office(self._store, found),
        )

    def _note_connected(self, actor: Actor, **more: int) -> None:
        with self._store.unit_of_work(actor, "sync_noted", None) as unit:
            unit.update(SyncHub, HUB, {"state": CONNECTED, "problem": "", "shut_out": 0, **more})
            unit.notify(SyncChanged())

    def _set_paused(self, actor: Actor, *, is_paused: bool) -> None:
        self._connection()
        with self._store.unit_of_work(actor, "sync_noted", None) as unit:
            unit.update(SyncHub, HUB, {"paused": int(is_paused)})
            unit.notify(SyncChanged())

    def _public_key(self, devices: list[DeviceInfo], device_id: str) -> str:
        return self._device(devices, device_id)["public_key"]

    @staticmethod
    def _device(devices: list[DeviceInfo], device_id: str) -> DeviceInfo:
        for device in devices:
            if device["id"] == device_id:
                return device
        raise UserError(tr("Diesen Rechner kennt der Abgleich-Server nicht (mehr)."))

    def _desk(self, device: DeviceInfo, *, is_admitted: bool) -> Desk:
        connection = self._engine.connection
        return Desk(
            device_id=device["id"],
            label=device["label"],
            is_this=connection is not None and device["id"] == connection.device_id,
            is_admitted=is_admitted,
            enrolled_on=_day(device["enrolled_at"]),
            last_seen_on=_day(device["last_seen_on"]),
            revoked_on=_day(device["revoked_at"]),
        )


def _day(text: str | None) -> date | None:
    if not text:
        return None
    return datetime.fromisoformat(text.replace("Z", "+00:00")).date()
