"""Desks with real data and a real hub, for tests of the office's keys; and a hub that lies."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.storage.store import Store
from desktop_app.sync import key_rows
from desktop_app.sync.hub_client import HubClient
from desktop_app.sync.key_post import KeyPost
from desktop_app.sync.membership import OfficeState
from desktop_app.sync.office_key_service import OfficeKeyService
from desktop_app.sync.protocol import PositionsAnswer, PullAnswer, PushAnswer
from desktop_app.sync.sealing import OfficeKeys
from tests.fresh_store import fresh_key, fresh_store
from tests.hub.running import RunningHub

ACTOR = Actor(account_id="018f0000-0000-7000-8000-000000000001", display_name="Erika Muster", initials="EM")


class LyingHub:
    """The way to a real hub with somebody on it who changes what this desk hears."""

    def __init__(self, client: HubClient) -> None:
        self.client = client
        self.change: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda record: record
        self.keeps_back = False

    def push(self, space: str, body: str) -> PushAnswer:
        if self.keeps_back:
            changes = json.loads(body)["changes"]
            applied = [{"collection": one["collection"], "id": one["id"], "seq": 1} for one in changes]
            return cast("PushAnswer", {"epoch": "e", "seq": 1, "applied": applied, "conflicts": []})
        return self.client.push(space, body)

    def pull(self, space: str, since: int, limit: int) -> PullAnswer:
        answer = cast("dict[str, Any]", self.client.pull(space, since, limit))
        told = [self.change(dict(record)) for record in answer["records"]]
        return cast("PullAnswer", {**answer, "records": [record for record in told if record is not None]})

    def positions(self, space: str, since: int, limit: int) -> PositionsAnswer:
        return self.client.positions(space, since, limit)


@dataclass
class KeyDesk:
    """One desk: its own database, its own token at the hub."""

    name: str
    folder: Path
    running: RunningHub
    office_id: str
    clock: FixedClock
    data_key: bytes = field(default_factory=fresh_key)
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.use(fresh_store(self.path, self.data_key, self.clock, UuidFactory(self.clock)))
        self.client = HubClient(self.running.address, self.token)
        self.hub = LyingHub(self.client)

    def use(self, store: Store) -> None:
        self.store = store
        self.post = KeyPost()
        self.keys = OfficeKeyService(store, self.post)

    @property
    def path(self) -> Path:
        return self.folder / "quartierslotse.db"

    @property
    def space(self) -> str:
        return f"office-{self.office_id}"

    @property
    def public_key(self) -> str:
        return self.keys.public_key

    @property
    def state(self) -> OfficeState:
        state = key_rows.load_state(self.store)
        assert state is not None
        return state

    @property
    def office_keys(self) -> OfficeKeys:
        found = self.post.office_keys(self.store)
        assert found is not None
        return found

    def enrol(self) -> None:
        public_key = self.keys.prepare(ACTOR, self.device_id)
        code = self.running.code(self.office_id)
        self.client.enrol(
            {
                "code": code,
                "device_id": self.device_id,
                "token": self.token,
                "public_key": public_key,
                "label": self.name,
            }
        )

    def found(self) -> None:
        self.keys.found(ACTOR, self.hub, self.office_id, self.space, self.name)
        self.poll()

    def ask(self) -> None:
        self.keys.ask_to_join(ACTOR, self.office_id, self.space)
        self.poll()

    def poll(self, *, whole: bool = False) -> None:
        self.keys.poll(ACTOR, self.hub, whole=whole)

    def words(self) -> tuple[str, ...]:
        comparison = self.keys.join_comparison()
        return comparison.words if comparison else ()

    def words_of(self, other: KeyDesk) -> tuple[str, ...]:
        comparison = self.keys.admission_comparison(other.public_key)
        return comparison.words if comparison else ()

    def admit(self, other: KeyDesk) -> None:
        """Let a desk in as two people do it."""
        self.poll()
        self.keys.begin_admission(ACTOR, other.public_key, other.device_id)
        self.poll()
        other.poll()
        self.poll()
        assert len(self.words_of(other)) == 8
        assert self.words_of(other) == other.words()
        other.keys.confirm_join(ACTOR)
        self.keys.admit(ACTOR, other.public_key, other.device_id, other.name)
        self.poll()
        other.poll()

    def revoke(self, other: KeyDesk, *, at_hub: bool = True) -> None:
        self.keys.revoke(ACTOR, other.public_key)
        if at_hub:
            self.client.revoke(other.device_id)
        self.poll()

    def close(self) -> None:
        self.client.close()
        self.store.close()
