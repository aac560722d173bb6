"""A counselling office over a real store."""

from __future__ import annotations

import pytest

from desktop_app.storage.store import Store
from tests.visitors.office import Counselling, open_counselling


@pytest.fixture
def office(store: Store) -> Counselling:
    return open_counselling(store)
