"""Copies that can be stopped, and files that are only looked at."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.progress import Cancelled
from desktop_app.settings.tables import SocialSpaceTable
from desktop_app.storage.copies import CopyReader, UnreadableCopy
from desktop_app.storage.store import Store


def fill(store: Store, actor: Actor, rows: int) -> None:
    with store.unit_of_work(actor, "fill", ("office", "social_spaces")) as unit:
        unit.insert_many(
            SocialSpaceTable,
            [{"id": f"{number:06d}", "name": "x" * 200, "position": number, "active": 1} for number in range(rows)],
        )


class Watcher:
    def __init__(self, stop_at: float = 2.0) -> None:
        self.stop_at = stop_at
        self.steps: list[tuple[int, int]] = []

    def step(self, done: int, total: int, text: str) -> None:
        self.steps.append((done, total))
        if done / total > self.stop_at:
            raise Cancelled


def test_a_copy_tells_how_far_it_is(store: Store, actor: Actor, tmp_path: Path) -> None:
    fill(store, actor, 20_000)
    watcher = Watcher()
    store.write_backup_copy(tmp_path / "kopie.db", watcher)
    assert watcher.steps[0][0] == 0
    assert [done for done, _total in watcher.steps] == sorted(done for done, _total in watcher.steps)
    assert len({done for done, _total in watcher.steps}) > 3
    with store.copy_reader().open(tmp_path / "kopie.db") as copy:
        assert copy.sql("SELECT count(*) FROM social_space") == [(20_000,)]
        assert not copy.has_damaged_pages()
        assert not copy.has_broken_structure()


def test_a_copy_stopped_in_the_middle_leaves_nothing_and_the_store_works_on(
    store: Store, actor: Actor, tmp_path: Path
) -> None:
    fill(store, actor, 20_000)
    target = tmp_path / "hier" / "kopie.db"
    with pytest.raises(Cancelled):
        store.write_backup_copy(target, Watcher(stop_at=0.3))
    assert list(target.parent.iterdir()) == []
    fill_again = store.sql("SELECT count(*) FROM social_space")
    assert fill_again == [(20_000,)]
    store.write_backup_copy(target)
    assert target.is_file()


def test_a_bug_of_the_watcher_is_not_swallowed(store: Store, tmp_path: Path) -> None:
    class Broken:
        def step(self, done: int, total: int, text: str) -> None:
            raise LookupError

    with pytest.raises(LookupError):
        store.write_backup_copy(tmp_path / "kopie.db", Broken())
    assert not (tmp_path / "kopie.db.unfertig").exists()


def test_looking_writes_nothing_and_leaves_no_side_files(store: Store, actor: Actor, tmp_path: Path) -> None:
    fill(store, actor, 10)
    folder = tmp_path / "mit # und ? im Namen"
    store.write_backup_copy(folder / "kopie.db")
    before = (folder / "kopie.db").read_bytes()
    with store.copy_reader().open(folder / "kopie.db") as copy:
        assert copy.schema > 0
        with pytest.raises(UnreadableCopy):
            copy.sql("DELETE FROM social_space")
    assert (folder / "kopie.db").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["kopie.db"]


def test_another_key_does_not_open(store: Store, tmp_path: Path) -> None:
    store.write_backup_copy(tmp_path / "kopie.db")
    with pytest.raises(UnreadableCopy, match="gehört nicht zu diesen Daten"):
        CopyReader(secrets.token_bytes(32)).open(tmp_path / "kopie.db")


def test_the_sealing_key_is_not_the_data_key(data_key: bytes) -> None:
    reader = CopyReader(data_key)
    assert len(reader.sealing_key()) == 32
    assert reader.sealing_key() != data_key
    assert reader.sealing_key() == CopyReader(data_key).sealing_key()
