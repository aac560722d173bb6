"""The spaces between two offices: brings records between the hub and the exchange of consented referrals."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from desktop_app.exchange.mailbox import ExchangeMailbox, HubOffice, OfficePair, WireRecord
from desktop_app.exchange.sealing import key_text, public_key
from desktop_app.sync.connection import Connection, Space, read_space, read_spaces
from desktop_app.sync.hub_problems import Refused, hub_fault
from desktop_app.sync.records import SpaceKind, SyncChanged
from desktop_app.sync.tables import SyncParked, SyncSpace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_app.core.actor import Actor
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.hub_client import HubClient
    from desktop_app.sync.protocol import Record
    from desktop_app.sync.sealing import OfficeKeys

_PAGE = 200
_RESTARTS = 3


class ExchangeRound:
    """One round over all exchange spaces."""

    def __init__(
        self, store: Store, client: HubClient, actor: Actor, mailbox: ExchangeMailbox, connection: Connection
    ) -> None:
        """Carry records for `mailbox`."""
        self._store = store
        self._client = client
        self._actor = actor
        self._mailbox = mailbox
        self._connection = connection

    def run(self, keys: OfficeKeys) -> tuple[int, int]:
        """Pull, push; return how many records came and went."""
        if not keys.office_private_key:
            return 0, 0
        pair = OfficePair(self._connection.office_id, (keys.office_private_key, *keys.former_office_private_keys))
        received = sent = 0
        self._know_offices(pair)
        self._meet_partners()
        for space in read_spaces(self._store):
            if space.kind is SpaceKind.EXCHANGE and space.is_readable and space.with_office:
                received += self._pull(space, space.with_office, pair)
                self._try_again(space, space.with_office, pair)
                sent += self._push(space, space.with_office, pair)
        return received, sent

    def _know_offices(self, pair: OfficePair) -> None:
        """Tell the mailbox which offices there are, after the hub has our own key as it is now."""
        offices = self._client.offices()
        own = next((office for office in offices if office["id"] == self._connection.office_id), None)
        if own is not None and self._publish(own["public_key"], pair):
            own["public_key"] = _published(pair.private_keys[0])
        self._mailbox.know_offices(
            self._actor,
            self._connection.office_id,
            [
                HubOffice(
                    office["id"],
                    office["name"],
                    office["carrier"]["id"],
                    office["carrier"]["name"],
                    office["public_key"],
                )
                for office in offices
            ],
        )

    def _publish(self, listed: str | None, pair: OfficePair) -> bool:
        """Put the office's current key where a former one (or none) stands; return whether that was done.

        It is so after a desk was shut out, after a lost answer, and when the hub came back from a backup. A key that this
        desk does not know may be a newer one of which it has not heard yet: that stays.
        """
        current, *former = [_published(key) for key in pair.private_keys]
        if listed == current or (listed is not None and listed not in former):
            return False
        try:
            self._client.put_public_key({"public_key": current, "replaces": listed})
        except Refused:
            return False  # another desk of the office was quicker
        return True

    def _meet_partners(self) -> None:
        known = {space.with_office for space in read_spaces(self._store) if space.kind is SpaceKind.EXCHANGE}
        for office_id in self._mailbox.partners():
            if office_id in known:
                continue
            space = self._client.exchange_with(office_id)
            with self._store.unit_of_work(self._actor, "sync_exchange_space", None) as unit:
                if not unit.sql("SELECT 1 FROM sync_space WHERE name = ?", (space["name"],)):
                    unit.insert(
                        SyncSpace,
                        {
                            "name": space["name"],
                            "kind": SpaceKind.EXCHANGE.value,
                            "with_office": space["with_office"],
                            "compare": "",
                        },
                    )

    def _pull(self, space: Space, with_office: str, pair: OfficePair) -> int:
        received, cursor, epoch, restarts = 0, space.seq, space.epoch, 0
        while True:
            page = self._client.pull(space.name, cursor, _PAGE)
            is_over = bool(epoch and page["epoch"] != epoch) or page["seq"] < cursor
            if not is_over and epoch and not page["records"] and cursor == page["seq"]:
                return received
            restarts += is_over
            if restarts > _RESTARTS:
                raise hub_fault()  # such as two hubs with different pasts that answer in turn
            with self._store.unit_of_work(self._actor, "sync_applied", ("sync", space.name)) as unit:
                epoch = page["epoch"]
                if is_over:
                    self._mailbox.restarted(unit, with_office)
                    self._show_unusable(unit, space, with_office)
                    cursor = 0
                else:
                    self._incoming(unit, space, with_office, pair, page["records"])
                    received += len(page["records"])
                    cursor = page["records"][-1]["seq"] if page["more"] and page["records"] else page["seq"]
                unit.update(SyncSpace, space.name, {"epoch": epoch, "seq": cursor, "pulled_at": unit.moment})
            if not is_over and not page["more"]:
                return received

    def _try_again(self, space: Space, with_office: str, pair: OfficePair) -> None:
        """Use what waited and is of use now: a number was compared since, or the office's own desks brought the referral."""
        if self._mailbox.has_become_usable(with_office, pair):
            with self._store.unit_of_work(self._actor, "sync_applied", ("sync", space.name)) as unit:
                self._mailbox.incoming(unit, with_office, pair, ())
                self._show_unusable(unit, space, with_office)

    def _incoming(
        self, unit: UnitOfWork, space: Space, with_office: str, pair: OfficePair, records: Iterable[Record]
    ) -> None:
        found = [
            WireRecord(record["seq"], record["collection"], record["id"], record["data"], record["deleted"])
            for record in records
        ]
        if found:
            self._mailbox.incoming(unit, with_office, pair, found)
            self._show_unusable(unit, space, with_office)

    def _show_unusable(self, unit: UnitOfWork, space: Space, with_office: str) -> None:
        """Show what can't be used beside the parked records of the other spaces."""
        reasons = {f"{space.name}/{name}": why for name, why in self._mailbox.unusable(unit, with_office).items()}
        shown = {
            row["id"]: row["reason"] for row in unit.rows(SyncParked.select().where(SyncParked.space == space.name))
        }
        for name in shown.keys() - reasons.keys():
            unit.delete(SyncParked, name)
        for name, reason in reasons.items():
            if name not in shown:
                columns = {"id": name, "space": space.name, "document_id": "", "record": "", "parked_at": unit.moment}
                unit.insert(SyncParked, {**columns, "reason": reason})
            elif shown[name] != reason:
                unit.update(SyncParked, name, {"reason": reason})
        if shown != reasons:
            unit.notify(SyncChanged())

    def _push(self, space: Space, with_office: str, pair: OfficePair) -> int:
        """Send what the hub has not; what was taken comes back with the next pull. Nothing is kept to be sent again."""
        changes = [
            {
                "collection": change.collection,
                "id": change.record_id,
                "base": change.base,
                "deleted": False,
                "erased": False,
                "data": change.data,
            }
            for change in self._mailbox.outgoing(self._actor, with_office, pair)
        ]
        if not changes:
            return 0
        epoch = read_space(self._store, space.name).epoch
        body = {"push_id": str(uuid.uuid4()), "epoch": epoch, "changes": changes}
        answer = self._client.push(space.name, json.dumps(body, ensure_ascii=False))
        records = [conflict["record"] for conflict in answer["conflicts"] if conflict["record"] is not None]
        if records:
            with self._store.unit_of_work(self._actor, "sync_applied", ("sync", space.name)) as unit:
                self._incoming(unit, space, with_office, pair, records)
        if answer["applied"]:
            self._pull(read_space(self._store, space.name), with_office, pair)
        return len(answer["applied"])


def _published(private_key: bytes) -> str:
    return key_text(public_key(private_key))
