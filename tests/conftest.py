"""What many tests need: a clock that stands still, known ids, a real encrypted store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.security.key_slots import DerivationCost
from desktop_app.storage.store import Store
from desktop_app.sync import words
from tests.fresh_store import fresh_key, fresh_store

# Tests never need a screen; a screen that is there is left alone only if the caller says so.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_PRICE = words._COST
#: A minute and more each: begun last, they would be waited for when everything else is done.
_DEAREST = ("tests/ui/demo/test_demo.py", "tests/retention/test_histories.py", "tests/start/test_start_process.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the dearest tests, whatever the order of the others."""
    items.sort(key=lambda item: not item.nodeid.startswith(_DEAREST))


@pytest.fixture(scope="session", autouse=True)
def cheap_words() -> Iterator[None]:
    """The words that two screens show at a price of nothing; at their own they are most of what letting a desk in takes."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(words, "_COST", DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1))
        yield


@pytest.fixture(scope="module")
def dear_words(cheap_words: None) -> Iterator[None]:
    """The words at the price they have in the program."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(words, "_COST", _PRICE)
        yield


@pytest.fixture
def clock() -> FixedClock:
    """Sunday, 22 November 2026, 10:40 in Berlin."""
    return FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))


@pytest.fixture
def ids(clock: FixedClock) -> UuidFactory:
    """Ids as the program makes them."""
    return UuidFactory(clock)


@pytest.fixture
def actor() -> Actor:
    """A front-desk account."""
    return Actor(account_id="018f0000-0000-7000-8000-000000000001", display_name="Erika Muster", initials="EM")


@pytest.fixture
def data_key() -> bytes:
    """A random data key."""
    return fresh_key()


@pytest.fixture
def store(tmp_path: Path, clock: FixedClock, ids: UuidFactory, data_key: bytes) -> Iterator[Store]:
    """A real SQLCipher database with the current schema."""
    opened = fresh_store(tmp_path / "quartierslotse.db", data_key, clock, ids)
    yield opened
    opened.close()
