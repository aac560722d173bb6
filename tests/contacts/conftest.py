"""A front desk over a real store."""

from __future__ import annotations

import pytest

from desktop_app.storage.store import Store
from tests.contacts.office import FrontDesk, open_front_desk


@pytest.fixture
def desk(store: Store) -> FrontDesk:
    """An office with two accounts, topics, social spaces and three services."""
    return open_front_desk(store)
