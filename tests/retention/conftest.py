"""An office that erases, over a real store."""

from __future__ import annotations

import pytest

from desktop_app.storage.store import Store
from tests.retention.office import Keeping, open_keeping


@pytest.fixture
def keeping(store: Store, data_key: bytes) -> Keeping:
    """An empty office."""
    return open_keeping(store, data_key)
