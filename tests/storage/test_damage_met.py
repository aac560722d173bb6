"""A database that opens and is broken further in: whoever meets the place hears the sentence, and the program hears of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.core.actor import Actor
from desktop_app.settings.tables import SocialSpaceTable
from desktop_app.storage.database import PAGE_BYTES, DamagedDatabase
from desktop_app.storage.store import DamageFound, Store

SUBJECT = ("office", "social_spaces")


@pytest.fixture
def damaged(store: Store, actor: Actor, reopen: Callable[[Path], Store]) -> Store:
    """The page with the root of the table is no longer what was written."""
    with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, {"id": "a", "name": "Nord", "position": 0, "active": 1})
    root = int(store.sql("SELECT rootpage FROM sqlite_master WHERE name = 'social_space'")[0][0])
    store.close()
    whole = bytearray(store.path.read_bytes())
    whole[(root - 1) * PAGE_BYTES : root * PAGE_BYTES] = bytes(PAGE_BYTES)
    store.path.write_bytes(whole)
    return reopen(store.path)


@pytest.fixture
def told(damaged: Store) -> list[DamageFound]:
    heard: list[DamageFound] = []
    damaged.notices.subscribe(DamageFound, heard.append)
    return heard


def test_a_read(damaged: Store, told: list[DamageFound]) -> None:
    with pytest.raises(DamagedDatabase):
        damaged.sql("SELECT * FROM social_space")
    with pytest.raises(DamagedDatabase):
        damaged.rows(SocialSpaceTable.select())
    assert told


def test_several_reads_of_one_moment(damaged: Store, told: list[DamageFound]) -> None:
    """What ends the snapshot fails too on a broken connection; it must not hide what was met first."""
    with pytest.raises(DamagedDatabase), damaged.reading():
        damaged.sql("SELECT * FROM social_space")
    assert told
    with pytest.raises(DamagedDatabase), damaged.reading():
        damaged.sql("SELECT * FROM social_space")


def test_while_nobody_writes(damaged: Store) -> None:
    with pytest.raises(DamagedDatabase), damaged.standing_still():
        damaged.sql("SELECT * FROM social_space")
    assert damaged.writer_lane.is_wanted is False


def test_a_save(damaged: Store, actor: Actor, told: list[DamageFound]) -> None:
    with pytest.raises(DamagedDatabase), damaged.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, {"id": "b", "name": "Süd", "position": 1, "active": 1})
    assert told


def test_a_fresh_connection_reads_what_is_whole(damaged: Store) -> None:
    with pytest.raises(DamagedDatabase):
        damaged.sql("SELECT * FROM social_space")
    damaged.end_thread()
    assert damaged.sql("SELECT count(*) FROM audit_entry")


def test_an_error_of_our_own_says_nothing_of_damage(damaged: Store, told: list[DamageFound]) -> None:
    with pytest.raises(ZeroDivisionError), damaged.reading():
        raise ZeroDivisionError
    with pytest.raises(Exception, match="syntax error"):
        damaged.sql("SELECT FROM")
    assert not told
