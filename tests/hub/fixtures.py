"""Fixtures for every folder that needs a hub: `from tests.hub.fixtures import hub, hub_process, postgres  # noqa: F401`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.hub.running import TEST_SETTINGS, HubProcess, HubThread, Postgres, RunningHub


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server out of the wheel, started when the first test asks."""
    # Not under pytest's own folder: every other run of pytest closes that folder to the server's system user.
    with tempfile.TemporaryDirectory(prefix="quartierslotse-pg-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder) / "data")
        yield server
        server.close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubThread]:
    """A hub on SQLite, in a thread: the quick one."""
    running = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{tmp_path}/hub.db"))
    yield running
    running.close()


@pytest.fixture
def postgres_hub(postgres: Postgres) -> Iterator[HubThread]:
    """A hub on PostgreSQL, in a thread."""
    running = HubThread(replace(TEST_SETTINGS, database=postgres.new_database()))
    yield running
    running.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_hub(request: pytest.FixtureRequest) -> RunningHub:
    """Both hubs, one after the other."""
    running: RunningHub = request.getfixturevalue("hub" if request.param == "sqlite" else "postgres_hub")
    return running


@pytest.fixture
def hub_process(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], HubProcess]]:
    """Start hubs in processes of their own: `hub_process("sqlite")`, `hub_process("postgresql")`."""
    started: list[HubProcess] = []

    def start(engine: str = "sqlite") -> HubProcess:
        if engine == "sqlite":
            url = f"sqlite:///{tmp_path}/hub-{len(started)}.db"
        else:
            server: Postgres = request.getfixturevalue("postgres")
            url = server.new_database()
        running = HubProcess(replace(TEST_SETTINGS, database=url))
        started.append(running)
        return running

    yield start
    for running in started:
        running.close()
