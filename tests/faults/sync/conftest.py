"""Two desks in step, with a proxy between the first of them and the hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.core.clock import FixedClock
from tests.faults.sync.standing import Prepared, Standing, close_all
from tests.hub.fixtures import postgres  # noqa: F401
from tests.hub.running import HubThread, RunningHub


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, Prepared]:
    """What was made already, by the hub's engine."""
    return {}


def _standing(
    prepared: dict[str, Prepared],
    request: pytest.FixtureRequest,
    engine: str,
    folder: Path,
    kind: type[RunningHub] = HubThread,
) -> Standing:
    if engine not in prepared:
        server = request.getfixturevalue("postgres") if engine == "postgresql" else None
        made = request.getfixturevalue("tmp_path_factory").mktemp(f"prepared-{engine}")
        prepared[engine] = Prepared(made, server, FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC)))
    return prepared[engine].copy(folder, kind)


@pytest.fixture
def standing(prepared: dict[str, Prepared], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Standing]:
    """Two desks in step; the hub on SQLite, the quick one."""
    made = _standing(prepared, request, "sqlite", tmp_path)
    yield made
    close_all(made)


@pytest.fixture
def make_standing(
    prepared: dict[str, Prepared], request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Standing]]:
    """Make a pair with a hub of another kind, such as one in a process of its own."""
    made: list[Standing] = []

    def make(engine: str, kind: type[RunningHub] = HubThread) -> Standing:
        made.append(_standing(prepared, request, engine, tmp_path, kind))
        return made[-1]

    yield make
    for one in made:
        close_all(one)


@dataclass
class Lasting:
    """A pair that many tests use one after another, as long as each leaves it in step."""

    made: Standing | None = None
    is_sound: bool = False


@pytest.fixture(scope="module")
def _lasting() -> Iterator[Lasting]:
    lasting = Lasting()
    yield lasting
    if lasting.made is not None:
        close_all(lasting.made)


@pytest.fixture
def lasting(
    _lasting: Lasting, prepared: dict[str, Prepared], request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Standing]:
    """Two desks in step that other tests of the module have used: for the many small cases."""
    if not _lasting.is_sound or _lasting.made is None:
        if _lasting.made is not None:
            close_all(_lasting.made)
        _lasting.made = _standing(prepared, request, "sqlite", tmp_path)
    _lasting.is_sound = False
    before = request.session.testsfailed
    yield _lasting.made
    _lasting.is_sound = request.session.testsfailed == before


@pytest.fixture
def on_postgresql(prepared: dict[str, Prepared], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Standing]:
    """Two desks in step; the hub on PostgreSQL."""
    made = _standing(prepared, request, "postgresql", tmp_path)
    yield made
    close_all(made)


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request: pytest.FixtureRequest) -> Standing:
    """Two desks in step, over a hub on either engine."""
    made: Standing = request.getfixturevalue("standing" if request.param == "sqlite" else "on_postgresql")
    return made
