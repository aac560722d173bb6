"""Becoming known to a hub with an enrolment code, once, whatever is lost on the way; and forgetting it again."""

from __future__ import annotations

import json
import secrets
import uuid
from typing import TYPE_CHECKING

from desktop_app.core.translation import tr
from desktop_app.settings.tables import OfficeTable
from desktop_app.sync.connection import ENROLLING, HUB, WAITING, Connection, note_me, read_connection
from desktop_app.sync.engine import SyncEngine, not_connected
from desktop_app.sync.enrolment_code import check_hub
from desktop_app.sync.hub_problems import Refused
from desktop_app.sync.records import SyncChanged
from desktop_app.sync.tables import SyncHub

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.core.progress import Progress
    from desktop_app.storage.store import Store
    from desktop_app.sync.enrolment_text import Enrolment
    from desktop_app.sync.protocol import EnrolPreview, Me

_LOCAL_TABLES = (
    "sync_push",
    "sync_parked",
    "sync_shadow",
    "sync_space",
    "sync_hub",
    "sync_bundle_desk",
    "sync_bundle_sent",
    "sync_bundle_state",
)


class Enrolling:
    """What is asked of a hub before this desk is known there, and the rows about it."""

    def __init__(self, store: Store, engine: SyncEngine) -> None:
        """Enrol the desk of `store` through the engine's way to the hub."""
        self._store = store
        self._engine = engine

    def ask(self, enrolment: Enrolment) -> EnrolPreview:
        """Return whom a code belongs to; it is not used up.

        Raises:
            InputError: another hub answers.
            HubProblem: the hub can't be asked, or does not know the code.
        """
        client = self._engine.open_client(enrolment.address, "")
        try:
            # First who it is: a hub that the code was not made for does not get to see it.
            check_hub(enrolment, client.hub_id())
            return client.preview(enrolment.code)
        finally:
            client.close()

    def begun_with(self, enrolment: Enrolment) -> str:
        """Return under which name enrolling with a code was begun and broke off; empty if it was not."""
        connection = self._engine.connection
        if connection is None or connection.address != enrolment.address:
            return ""
        is_same = connection.state == ENROLLING and (connection.successor or {}).get("code") == enrolment.code
        return connection.device_label if is_same or self.is_half_way_in(connection) else ""

    def is_half_way_in(self, connection: Connection) -> bool:
        """Whether the hub knows this desk, and it has neither the office's keys nor asked for them yet."""
        return connection.state == WAITING and not self._engine.keys.is_asking()

    def enrol(
        self, actor: Actor, enrolment: Enrolment, label: str, before: Connection | None, progress: Progress
    ) -> None:
        """Become known to the hub; again with the same code after a lost answer it is the same desk.

        Raises:
            InputError: another hub answers.
            HubProblem: the hub can't be asked or refuses.
            Cancelled: the user stopped it.
        """
        connection = self._begin(actor, enrolment.address, enrolment.code, label, before)
        public_key = self._engine.keys.prepare(actor, connection.device_id)
        with self._engine.client(progress) as client:
            check_hub(enrolment, client.hub_id())
            try:
                me = client.enrol(
                    {
                        "code": enrolment.code,
                        "device_id": connection.device_id,
                        "token": connection.token,
                        "public_key": public_key,
                        "label": label,
                    }
                )
            except Refused:
                self.forget(actor)
                raise
            self._note_enrolled(actor, me)

    def forget(self, actor: Actor) -> None:
        """Forget the hub and all that is known of its records; what this desk has stays."""
        with self._store.unit_of_work(actor, "disconnect_sync", ("sync", HUB)) as unit:
            for table in _LOCAL_TABLES:
                unit.derived(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables
            unit.notify(SyncChanged())

    def _begin(self, actor: Actor, address: str, code: str, label: str, before: Connection | None) -> Connection:
        """Write down under which name and token we enrol, so that a lost answer can be asked for again."""
        if before is not None and before.address == address and (before.successor or {}).get("code") == code:
            return before
        with self._store.unit_of_work(actor, "sync_begin", None) as unit:
            unit.delete(SyncHub, HUB)
            unit.insert(
                SyncHub,
                {
                    "id": HUB,
                    "address": address,
                    "hub_id": "",
                    "device_id": str(uuid.uuid4()),
                    "device_label": label,
                    "token": secrets.token_urlsafe(32),
                    "state": ENROLLING,
                    "connected_at": unit.moment,
                    "successor": json.dumps({"code": code}),
                },
            )
            found = read_connection(unit)
        self._engine.forget_client()
        if found is None:
            raise not_connected()
        return found

    def _note_enrolled(self, actor: Actor, me: Me) -> None:
        with self._store.unit_of_work(actor, "connect_sync", ("sync", me["hub_id"])) as unit:
            ((newest,),) = unit.sql("SELECT coalesce(max(sequence), 0) FROM outbox")
            # Everything is compared at first: what the outbox gathered so far says nothing more.
            changes = {"hub_id": me["hub_id"], "state": WAITING, "successor": "", "told": newest}
            unit.update(SyncHub, HUB, changes)
            unit.derived("DELETE FROM outbox WHERE sequence < ?", (newest,))
            note_me(unit, me)
            unit.notify(SyncChanged())


def other_office(store: Store, found: EnrolPreview) -> str:
    """Return that this desk was set up as another office than the code is for, and what connecting would make of it."""
    row = store.first(OfficeTable.select(OfficeTable.name, OfficeTable.carrier))
    if row is None:
        return ""
    ours, theirs = (row["name"], row["carrier"]), (found["office"]["name"], found["carrier"]["name"])
    if [_compared(name) for name in ours] == [_compared(name) for name in theirs]:
        return ""
    return tr(
        "Dieser Rechner ist als „{office}“ ({carrier}) eingerichtet, der Code gilt für „{other}“ ({other_carrier}). Sind das "
        "verschiedene Büros, verbinden Sie ihn nicht: Was hier erfasst wurde, käme zu den Daten des anderen.",
        office=ours[0],
        carrier=ours[1],
        other=theirs[0],
        other_carrier=theirs[1],
    )


def _compared(name: str) -> str:
    return " ".join(name.split()).casefold()
