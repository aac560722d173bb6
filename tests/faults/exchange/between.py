"""Two offices of different carriers that have compared their numbers, each with a proxy before the hub."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from desktop_app.core.clock import FixedClock
from desktop_app.exchange.records import Outcome
from desktop_app.exchange.sealing import key_bytes, open_sealed
from desktop_app.exchange.wire import OfferRecord, parsed
from desktop_app.sync.hub_problems import HubProblem
from hub.storage.tables import Record, Space
from tests.faults.sync.proxy import FaultyProxy
from tests.hub.running import TEST_SETTINGS, HubThread
from tests.sync.desks import OfficeDesk
from tests.sync.sharing import NORTH, SOUTH, Sharing, rounds

PUSH = r"^POST /v1/spaces/exchange-[^/]*/push"
PULL = r"^GET /v1/spaces/exchange-[^/]*/pull"
MEET = r"^POST /v1/exchanges"


@dataclass
class Side:
    """One office: its desk and the way from it to the hub."""

    sharing: Sharing
    proxy: FaultyProxy

    @property
    def desk(self) -> OfficeDesk:
        return self.sharing.desk

    def fails(self) -> str:
        """Run a round that has to fail; return the sentence the user gets."""
        try:
            self.desk.round()
        except HubProblem as problem:
            return problem.message
        raise AssertionError("the round came to its end")


@dataclass
class Between:
    """What a test gets."""

    hub: HubThread
    north: Side
    south: Side
    folder: Path
    clock: FixedClock
    offered: list[str] = field(default_factory=list)
    more: list[OfficeDesk] = field(default_factory=list)

    def offer(self, name: str = "Frieda Eins") -> str:
        """Offer a person, with a consent of their own, from north to south; return the referral's id."""
        self.offered.append(self.north.sharing.offer(self.north.sharing.person(name)))
        return self.offered[-1]

    def waiting(self) -> str:
        """Offer a person that south has heard of."""
        referral_id = self.offer(f"Frieda {len(self.offered)}")
        self.rounds(1)
        assert self.south.sharing.referral(referral_id).outcome is Outcome.WAITING
        return referral_id

    def rounds(self, times: int = 3) -> None:
        rounds(self.north.sharing, self.south.sharing, times=times)

    def settle(self) -> None:
        """Nobody disturbs any more: both say the same, nothing is lost, nothing is there twice."""
        self.north.proxy.heal()
        self.south.proxy.heal()
        for _ in range(5):
            moved = [side.desk.round() for side in (self.north, self.south)]
            if not any(result.sent or result.received for result in moved):
                break
        self._compare()
        for side in (self.north, self.south):
            status = side.desk.sync.status()
            assert (status.problem, status.trouble, status.parked_records) == ("", "", 0)
            assert side.desk.store.sql("SELECT count(*) FROM sync_push") == [(0,)]

    def _compare(self) -> None:
        sent = {one.referral_id: one for one in self.north.sharing.found.sent()}
        received = {one.referral_id: one for one in self.south.sharing.found.received()}
        assert set(sent) == set(self.offered)
        assert set(received) <= set(sent)
        for referral_id, mine in sent.items():
            theirs, kinds = received.get(referral_id), set(self.at_the_hub(referral_id))
            assert mine.is_told
            if theirs is None:
                assert mine.outcome is Outcome.WITHDRAWN
                assert not self.content_at_the_hub(referral_id), "the hub holds what was never to be told"
                continue
            assert theirs.is_told
            assert (theirs.outcome, theirs.cause) == (mine.outcome, mine.cause)
            assert "o" in kinds
            if mine.outcome in {Outcome.ACCEPTED, Outcome.DECLINED}:
                assert (theirs.answer, theirs.reason, theirs.answer_text) == (
                    mine.answer,
                    mine.reason,
                    mine.answer_text,
                )
            if mine.outcome is Outcome.WITHDRAWN:
                assert not any((mine.has_content, theirs.has_content, self.content_at_the_hub(referral_id)))

    def another_desk(self, name: str, office: str = SOUTH) -> OfficeDesk:
        """Return a further desk of south, or the first one of a third office; it is not connected yet."""
        office_id = (
            self.south.desk.office_id if office == SOUTH else self.hub.add_office(f"Träger von {office}", office)
        )
        self.more.append(OfficeDesk(name, self.folder / f"{office}-{name}", self.hub, office_id, self.clock))
        return self.more[-1]

    # At the hub -------------------------------------------------------------------------------------

    def at_the_hub(self, referral_id: str) -> dict[str, str]:
        """Return the sealed texts of a referral by their collection."""
        database = self.hub.database
        with database.session():
            rows = database.rows(Record.select().where(Record.id == referral_id))
        found = {row["collection"]: row["data"] for row in rows}
        assert len(found) == len(rows), "a record is there twice"
        return found

    def content_at_the_hub(self, referral_id: str) -> str:
        """Return the name in the offer that the hub holds, empty without one; south can read it."""
        data = self.at_the_hub(referral_id).get("o")
        if data is None:
            return ""
        south, north = self.south.desk, self.north.desk
        keys = south.engine.post.office_keys(south.store)
        assert keys is not None
        private = (keys.office_private_key, *keys.former_office_private_keys)
        (listed,) = south.store.sql("SELECT public_key FROM exchange_office WHERE id = ?", (north.office_id,))
        plain = open_sealed(private, [key_bytes(listed[0])], data)
        said = parsed("o", referral_id, south.office_id, north.office_id, plain).record
        assert isinstance(said, OfferRecord)
        return said.content.name if said.content else ""

    def put(self, referral_id: str, data: str, collection: str = "o") -> None:
        """Change a text at the hub so that both sides get it with their next pull."""
        database = self.hub.database
        here = (Record.id == referral_id) & (Record.collection == collection)
        with database.writing():
            (record,) = database.rows(Record.select().where(here))
            (space,) = database.rows(Space.select().where(Space.id == record["space"]))
            database.run(Record.update(seq=space["seq"] + 1, data=data).where(here))
            database.run(Space.update(seq=space["seq"] + 1).where(Space.id == record["space"]))

    def close(self) -> None:
        for desk in (self.north.desk, self.south.desk, *self.more):
            with suppress(Exception):  # a test may have closed it
                desk.close()
        self.north.proxy.close()
        self.south.proxy.close()
        self.hub.close()


def introduce(folder: Path) -> Between:
    """Start a hub and connect both offices."""
    clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    hub = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
    sides = []
    for name in (NORTH, SOUTH):
        proxy = FaultyProxy(hub.port)
        office = hub.add_office(f"Träger von {name}", name)
        desk = OfficeDesk("Empfang", folder / name, hub, office, clock, proxy.address)
        desk.connect()
        sides.append(Side(Sharing(desk), proxy))
    north, south = sides
    north.desk.round()
    assert north.sharing.compare(SOUTH) == south.sharing.compare(NORTH)
    return Between(hub, north, south, folder, clock)
