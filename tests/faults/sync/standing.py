"""Two desks of one office in step, a hub and a proxy between: made once, copied for every test."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.security.accounts import account_actor
from desktop_app.storage.opening import open_store
from desktop_app.sync.hub_client import HubClient
from desktop_app.sync.hub_problems import HubProblem
from desktop_app.sync.key_post import COLLECTION as KEY_RECORDS
from hub.cli.main import main
from hub.storage.tables import DELETED, PRESENT, Record, Space
from tests.faults.sync.proxy import FaultyProxy
from tests.hub.running import TEST_SETTINGS, HubThread, Postgres, RunningHub
from tests.sync.desks import OfficeDesk, in_step

#: So long a desk waits for an answer in these tests, in seconds, where it has to give up.
IMPATIENT = 0.4


@dataclass
class StandingDesk(OfficeDesk):
    """A desk whose database is there already."""

    read_seconds: float = 10.0

    def __post_init__(self) -> None:
        store = open_store(
            self.path,
            self.data_key,
            self.clock,
            UuidFactory(self.clock),
            NoticeBoard(),
            backups=self.folder / "backups",
        )
        self.actor = account_actor(store, "account-erika")
        self.use(store)

    def make_client(self, address: str, token: str) -> HubClient:
        return HubClient(self.address or address, token, connect_seconds=2, read_seconds=self.read_seconds)

    def be_impatient(self) -> None:
        """Give up soon."""
        self.read_seconds = IMPATIENT
        self.engine.forget_client()

    def sentence(self) -> str:
        """What the status line shows."""
        return self.sync.status().sentence

    def fails(self) -> str:
        """Run a round that has to fail; return the sentence the user gets."""
        try:
            self.round()
        except HubProblem as problem:
            return problem.message
        raise AssertionError("the round came to its end")

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self.store.sql(f"SELECT count(*) FROM {table}")[0][0])

    def contacts(self) -> list[str]:
        """Return the `material` of all contacts; the tests name them by it."""
        return sorted(row[0] for row in self.store.sql("SELECT material FROM contact"))


@dataclass
class Standing:
    """What a test gets."""

    hub: RunningHub
    proxy: FaultyProxy
    one: StandingDesk
    two: StandingDesk
    postgres: Postgres | None = None
    more: list[OfficeDesk] = field(default_factory=list)

    def settle(self) -> None:
        """Nobody disturbs any more: everything arrives, nothing is lost, nothing is there twice."""
        self.proxy.heal()
        desks = (self.one, self.two, *self.more)
        in_step(*desks, rounds=6)
        for desk in desks:
            self.check(desk)

    def check(self, desk: OfficeDesk) -> None:
        """Check one desk that is in step, and the hub against it."""
        state = desk.state()
        assert desk.store.sql("PRAGMA integrity_check") == [("ok",)]
        assert desk.store.sql("PRAGMA foreign_key_check") == []
        assert desk.store.sql("SELECT count(*) FROM sync_push") == [(0,)]
        assert desk.store.sql("SELECT reason FROM sync_parked") == []
        assert (
            desk.store.sql("SELECT name FROM sync_space WHERE compare <> '' AND kind IN ('directory', 'office')") == []
        )
        assert self.live_records() == len(state), "the hub has more or fewer records than the desks"
        status = desk.sync.status()
        assert (status.waiting_changes, status.problem) == (0, "")
        assert status.sentence.startswith("Alles abgeglichen um"), status.sentence

    def new_epoch(self, epoch: str) -> None:
        """Let the hub begin a new time."""
        with self.hub.database.writing():
            self.hub.database.run(Space.update(epoch=epoch))

    def live_records(self) -> int:
        """Return how many records of desks the hub has, without those about keys."""
        database = self.hub.database
        with database.session():
            rows = database.rows(
                Record.select(Record.id)
                .join(Space)
                .where((Record.state == PRESENT) & (Record.collection != KEY_RECORDS))
            )
        return len(rows)

    def tombstones(self) -> int:
        """Return how many deleted or erased records the hub remembers."""
        database = self.hub.database
        with database.session():
            return len(database.rows(Record.select(Record.id).where(Record.state >= DELETED)))


class Backup:
    """A backup of the hub's database, and putting it back as the runbook says."""

    def __init__(self, standing: Standing, folder: Path) -> None:
        self._hub, self._postgres = standing.hub, standing.postgres
        self._stop()
        if self._postgres is None:
            self._copy = str(folder / "hub-backup.db")
            shutil.copy(self._file(), self._copy)
        else:
            self._copy = f"backup_of_{self._name()}"
            self._postgres.sql(f"CREATE DATABASE {self._copy} TEMPLATE {self._name()}")
        self._hub.start()

    def put_back(self, *, runbook: bool = True) -> None:
        self._stop()
        if self._postgres is None:
            for suffix in ("-wal", "-shm"):
                Path(self._file() + suffix).unlink(missing_ok=True)
            shutil.copy(self._copy, self._file())
        else:
            self._postgres.sql(f"DROP DATABASE {self._name()} WITH (FORCE)")
            self._postgres.sql(f"CREATE DATABASE {self._name()} TEMPLATE {self._copy}")
        if runbook:
            environment = {"QUARTIERSLOTSE_HUB_DATABASE": self._hub.settings.database}
            assert main(["restored", "--yes"], environment=environment, out=io.StringIO()) == 0
        self._hub.start()

    def _stop(self) -> None:
        self._hub.stop()
        self._hub.database.close()

    def _file(self) -> str:
        return self._hub.settings.database.removeprefix("sqlite:///")

    def _name(self) -> str:
        return self._hub.settings.database.partition("?")[0].rsplit("/", 1)[1]


class Prepared:
    """The pair as it was left: files to copy."""

    def __init__(self, folder: Path, postgres: Postgres | None, clock: FixedClock) -> None:
        """Make it."""
        self.folder = folder
        self.postgres = postgres
        self.template = ""
        url = postgres.new_database() if postgres else f"sqlite:///{folder}/hub.db"
        hub = HubThread(replace(TEST_SETTINGS, database=url))
        self.office_id = hub.add_office("Träger von Büro Nord", "Büro Nord")
        one, two = (OfficeDesk(name, folder / name, hub, self.office_id, clock) for name in ("Empfang", "Beratung"))
        one.connect()
        two.join(one)
        in_step(one, two)
        for desk in (one, two):
            for conflict in desk.sync.conflicts():
                desk.sync.dismiss(desk.actor, conflict.conflict_id)
        in_step(one, two)
        self.keys = {desk.name: desk.data_key for desk in (one, two)}
        for desk in (one, two):
            desk.close()
        hub.close()
        self.moment = clock.now()
        if postgres:
            name = url.partition("?")[0].rsplit("/", 1)[1]
            self.template = name

    def copy(self, folder: Path, kind: type[RunningHub] = HubThread) -> Standing:
        """Return a copy that may be broken."""
        if self.postgres:
            name = f"copy_of_{self.template}_{abs(hash(folder))}"
            self.postgres.sql(f"CREATE DATABASE {name} TEMPLATE {self.template}")
            url = self.postgres.url(name)
        else:
            shutil.copy(self.folder / "hub.db", folder / "hub.db")
            url = f"sqlite:///{folder}/hub.db"
        hub = kind(replace(TEST_SETTINGS, database=url))
        proxy = FaultyProxy(hub.port)
        one, two = (self.desk(name, folder, hub, proxy) for name in ("Empfang", "Beratung"))
        return Standing(hub, proxy, one, two, self.postgres)

    def desk(self, name: str, folder: Path, hub: RunningHub, proxy: FaultyProxy) -> StandingDesk:
        """Return a copy of a desk; the first one's way leads through the proxy."""
        target = folder / name
        target.mkdir()
        shutil.copy(self.folder / name / "quartierslotse.db", target)
        clock = FixedClock(self.moment + timedelta(minutes=1))
        address = proxy.address if name == "Empfang" else hub.address
        return StandingDesk(name, target, hub, self.office_id, clock, address, self.keys[name])


def close_all(standing: Standing, others: Sequence[OfficeDesk] = ()) -> None:
    """Stop everything."""
    for desk in (standing.one, standing.two, *standing.more, *others):
        with suppress(Exception):  # a test may have closed it
            desk.close()
    standing.proxy.close()
    standing.hub.close()
