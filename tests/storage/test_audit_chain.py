"""The audit log grows at its end, and every entry carries the hash of itself and of the one before."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import peewee
import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.storage.audit_chain import FIRST_HASH, entry_hash
from desktop_app.storage.opening import MIGRATIONS, create_store, open_store
from desktop_app.storage.store import Store

ROWS = "SELECT sequence, at, account_id, action, subject_kind, subject_id, hash FROM audit_entry ORDER BY sequence"


def write(store: Store, actor: Actor, count: int) -> None:
    for number in range(count):
        with store.unit_of_work(actor, "try", ("thing", f"Ding {number}")):
            pass


def assert_chained(store: Store, count: int) -> None:
    previous = FIRST_HASH
    rows = store.sql(ROWS)
    assert [row[0] for row in rows] == list(range(1, count + 1))
    for *entry, found in rows:
        previous = entry_hash(previous, *entry)
        assert found == previous


def test_how_a_hash_is_made_is_fixed() -> None:
    # Exported logs are checked by other programs: this must stay as it is.
    text = f'["{FIRST_HASH}",1,"2026-11-22T09:40:00.000Z","a","record_contact","contact","ä\\"1"]'
    made = entry_hash(FIRST_HASH, 1, "2026-11-22T09:40:00.000Z", "a", "record_contact", "contact", 'ä"1')
    assert made == hashlib.sha256(text.encode()).hexdigest()


def test_the_border_between_two_fields_counts() -> None:
    assert entry_hash(FIRST_HASH, 1, "t", "ab", "c", "k", "s") != entry_hash(FIRST_HASH, 1, "t", "a", "bc", "k", "s")


def test_every_entry_is_chained_to_the_one_before(store: Store, actor: Actor) -> None:
    write(store, actor, 3)
    with store.unit_of_work(actor, "try", ("thing", "last")) as unit:
        unit.also_subject("thing", "first of two")
    with pytest.raises(RuntimeError), store.unit_of_work(actor, "try", ("thing", "undone")) as unit:
        unit.also_subject("thing", "undone")
        raise RuntimeError
    write(store, actor, 1)
    assert_chained(store, 6)


def test_two_programs_on_one_file_make_one_chain(
    store: Store, actor: Actor, data_key: bytes, clock: FixedClock, ids: UuidFactory
) -> None:
    other = open_store(store.path, data_key, clock, ids, NoticeBoard(), backups=store.path.parent)
    for _ in range(3):
        write(store, actor, 1)
        write(other, actor, 2)
    other.close()
    assert_chained(store, 9)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET account_id = 'somebody else' WHERE sequence = 2",
        "UPDATE audit_entry SET sequence = 9 WHERE sequence = 3",
        "DELETE FROM audit_entry WHERE sequence = 3",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry SELECT 2, at, 'x', action, subject_kind, subject_id, hash FROM audit_entry LIMIT 1",
        "INSERT OR REPLACE INTO audit_entry SELECT 2, at, 'x', action, subject_kind, subject_id, hash FROM audit_entry LIMIT 1",
    ],
)
def test_the_database_itself_lets_the_log_only_grow(store: Store, actor: Actor, statement: str) -> None:
    write(store, actor, 3)
    with pytest.raises(peewee.IntegrityError), store.unit_of_work(actor, "cheat", None) as unit:
        unit.derived(statement)
    assert_chained(store, 3)


def test_an_older_log_is_chained_when_it_is_brought_up(
    tmp_path: Path, data_key: bytes, clock: FixedClock, ids: UuidFactory, actor: Actor
) -> None:
    old = tmp_path / "alt"
    old.mkdir()
    for number in (1, 2, 3):
        shutil.copy(next(MIGRATIONS.glob(f"{number:04d}_*.py")), old)
    path = tmp_path / "alt.db"
    store = create_store(path, data_key, clock, ids, NoticeBoard(), migrations=old)
    store.execute("BEGIN")
    store.execute_many(
        "INSERT INTO audit_entry (at, account_id, action, subject_kind, subject_id) VALUES (?, 'a', 'x', 'k', ?)",
        [(f"2026-11-22T09:40:00.{number % 1000:03d}Z", f"ä„{number}“\n") for number in range(12_000)],
    )
    store.execute("COMMIT")
    store.close()
    store = open_store(path, data_key, clock, ids, NoticeBoard(), backups=tmp_path / "sicherungen")
    write(store, actor, 2)
    assert_chained(store, 12_002)
    store.close()
