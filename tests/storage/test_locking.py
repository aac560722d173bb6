"""The key leaves while the screen is locked, and comes back with the password."""

from __future__ import annotations

import secrets

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.errors import EnvironmentProblem, LockedData
from desktop_app.storage.store import Store


def test_nothing_can_be_read_or_written_while_the_key_is_away(store: Store, actor: Actor, data_key: bytes) -> None:
    store.forget_key()
    assert not store.knows_key
    for access in (
        lambda: store.sql("SELECT 1"),
        lambda: store.unit_of_work(actor, "test", ("test", "1")).__enter__(),
        store.copy_reader,
    ):
        with pytest.raises(LockedData, match="gesperrt"):
            access()
    store.know_key(data_key)
    assert store.knows_key
    with store.unit_of_work(actor, "test", ("test", "1")):
        pass
    assert store.sql("SELECT count(*) FROM audit_entry") == [(1,)]


def test_another_key_does_not_open_it(store: Store, data_key: bytes) -> None:
    store.forget_key()
    with pytest.raises(EnvironmentProblem):
        store.know_key(secrets.token_bytes(32))
    store.know_key(data_key)


def test_closing_while_locked_is_quiet(store: Store) -> None:
    store.forget_key()
    store.close()
