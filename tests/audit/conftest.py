"""A log with some entries, and the file as somebody sees it who has the key and wants to hide something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from desktop_app.audit.service import AuditService
from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.storage.store import Store

TRIGGERS = ("audit_entry_never_changes", "audit_entry_never_goes")


@pytest.fixture
def add_entries(store: Store, actor: Actor, clock: FixedClock) -> Callable[..., None]:
    """Let time pass and write entries, each by a unit of work of its own."""

    def add(count: int, action: str = "record_contact", kind: str = "contact") -> None:
        for _ in range(count):
            clock.advance(timedelta(minutes=1))
            with store.unit_of_work(actor, action, (kind, store.ids.new_id())):
                pass

    return add


@pytest.fixture
def tamper(store: Store, data_key: bytes) -> Callable[..., Any]:
    """Open the same file past the program, with the key, and take the triggers away."""

    @contextmanager
    def opened() -> Iterator[Any]:
        connection = dbapi2.connect(str(store.path), isolation_level=None)
        try:
            connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
            for trigger in TRIGGERS:
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            yield connection
        finally:
            connection.close()

    return opened


@pytest.fixture
def audit(store: Store) -> AuditService:
    return AuditService(store)
