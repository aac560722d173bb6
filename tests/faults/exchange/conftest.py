"""Two offices that hand people over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.exchange.between import Between, introduce


@pytest.fixture
def between(tmp_path: Path) -> Iterator[Between]:
    """A pair of its own, for what changes keys or what lies at the hub."""
    made = introduce(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Between]]:
    made: list[Between] = []
    yield made
    for one in made:
        one.close()


@pytest.fixture
def lasting(
    _shared: list[Between], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Between]:
    """A pair that other tests of the module have used and left in step; a new one after a failure."""
    if not _shared:
        _shared.append(introduce(tmp_path_factory.mktemp("pair")))
    before = request.session.testsfailed
    yield _shared[0]
    if request.session.testsfailed != before:
        _shared.pop().close()
