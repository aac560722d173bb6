"""From one schema to the next: with a copy before, a way back, and a newer file left alone."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.settings.service import SettingsService
from desktop_app.settings.tables import SocialSpaceTable
from desktop_app.storage.backup_copy import write_backup_copy
from desktop_app.storage.database import EncryptedDatabase
from desktop_app.storage.opening import MIGRATIONS, create_store, newest_schema, open_store, schema_version
from desktop_app.storage.store import Store

Opener = Callable[..., Store]

CHAINED_LOG = 4  # the schema since which the log has a chain

FAILING = {
    "raises after changing data": (
        """
def up(migrator, db):
    db.execute_sql("UPDATE social_space SET name = 'verdorben'")
    raise KeyError("Frau Vertraulich")
"""
    ),
    "commits half of its work": (
        """
atomic = False

def up(migrator, db):
    db.execute_sql("UPDATE social_space SET name = 'verdorben'")
    db.execute_sql("DROP TABLE tally_mark")
    db.execute_sql("SELECT broken")
"""
    ),
    "breaks foreign keys": (
        """
atomic = False

def up(migrator, db):
    db.execute_sql("PRAGMA foreign_keys = 0")
    db.execute_sql("INSERT INTO need (id, contact_id, topic_id, result, position) VALUES ('n', 'c', 't', 'met', 0)")
    db.execute_sql("PRAGMA foreign_keys = 1")
"""
    ),
    "is no Python": "def up(migrator, db:\n",
    "has no way up": "def down(migrator, db): pass\n",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "daten" / "quartierslotse.db"


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "daten" / "sicherungen"


@pytest.fixture
def opener(path: Path, backups: Path, data_key: bytes, clock: FixedClock, ids: UuidFactory) -> Iterator[Opener]:
    """Open the database of this test with a set of migrations; closed at the end."""
    opened: list[Store] = []

    def open_with(migrations: Path = MIGRATIONS, file: Path | None = None) -> Store:
        store = open_store(file or path, data_key, clock, ids, NoticeBoard(), backups=backups, migrations=migrations)
        opened.append(store)
        return store

    yield open_with
    for store in opened:
        store.close()


def migrations_up_to(number: int, folder: Path) -> Path:
    """Copy the first migrations into a folder: the program as it once was."""
    folder.mkdir()
    for script in MIGRATIONS.glob("[0-9]*.py"):
        if int(script.name[:4]) <= number:
            shutil.copy(script, folder)
    return folder


def with_next(folder: Path, script: str) -> Path:
    """Copy all migrations and add one more: the program as it may become."""
    migrations_up_to(newest_schema(), folder)
    (folder / f"{newest_schema() + 1:04d}_next.py").write_text(script, encoding="utf-8")
    return folder


def add_spaces(store: Store, actor: Actor, *names: str) -> None:
    for position, name in enumerate(names):
        with store.unit_of_work(actor, "add_space", ("social_space", name)) as unit:
            unit.insert(SocialSpaceTable, {"id": name, "name": name, "position": position, "active": 1})


def add_spaces_as_once(store: Store, actor: Actor, *names: str) -> None:
    """Write what an older program wrote: its log had no chain yet."""
    for position, name in enumerate(names):
        trail = ("2026-11-22T09:40:00.000Z", actor.account_id, "add_space", "social_space", name)
        store.execute(
            "INSERT INTO social_space (id, name, position, active) VALUES (?, ?, ?, 1)", (name, name, position)
        )
        store.execute(
            "INSERT INTO outbox (collection, record_id, deleted, changed_at) VALUES ('social_space', ?, 0, ?)",
            (name, trail[0]),
        )
        store.execute(
            "INSERT INTO audit_entry (at, account_id, action, subject_kind, subject_id) VALUES (?, ?, ?, ?, ?)", trail
        )


def space_names(store: Store) -> list[str]:
    return [row[0] for row in store.sql("SELECT name FROM social_space ORDER BY position")]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_database(path: Path, key: bytes, clock: FixedClock, ids: UuidFactory, migrations: Path = MIGRATIONS) -> Store:
    path.parent.mkdir(exist_ok=True)
    return create_store(path, key, clock, ids, NoticeBoard(), migrations=migrations)


def test_migrations_have_their_own_number_and_say_what_they_do() -> None:
    scripts = sorted(MIGRATIONS.glob("[0-9]*.py"))
    assert len({script.name[:4] for script in scripts}) == len(scripts)
    for script in scripts:
        assert script.read_text(encoding="utf-8").startswith('"""'), script.name


def test_a_file_up_to_date_is_opened_without_a_copy(
    path: Path, backups: Path, data_key: bytes, clock: FixedClock, ids: UuidFactory, opener: Opener
) -> None:
    make_database(path, data_key, clock, ids).close()
    assert opener().sql("PRAGMA user_version") == [(newest_schema(),)]
    assert not backups.exists()


def test_a_newer_file_is_refused_and_not_touched(
    path: Path, backups: Path, data_key: bytes, clock: FixedClock, ids: UuidFactory, actor: Actor, opener: Opener
) -> None:
    store = make_database(path, data_key, clock, ids)
    add_spaces(store, actor, "Nord")
    store.sql(f"PRAGMA user_version = {newest_schema() + 7}")
    store.close()
    before = digest(path)
    with pytest.raises(UserError) as caught:
        opener()
    assert "neueren Version" in caught.value.message
    assert f"Stand {newest_schema() + 7}" in caught.value.message
    assert f"kennt {newest_schema()}" in caught.value.message
    assert digest(path) == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert not backups.exists()


@pytest.mark.parametrize("start", sorted(int(script.name[:4]) for script in MIGRATIONS.glob("[0-9]*.py"))[:-1])
def test_a_file_of_every_older_schema_is_brought_up_with_its_data(
    start: int,
    tmp_path: Path,
    path: Path,
    backups: Path,
    data_key: bytes,
    clock: FixedClock,
    ids: UuidFactory,
    actor: Actor,
    opener: Opener,
) -> None:
    old = make_database(path, data_key, clock, ids, migrations_up_to(start, tmp_path / "alt"))
    (add_spaces if start >= CHAINED_LOG else add_spaces_as_once)(old, actor, "Nord", "Süd")
    old.close()
    store = opener()
    assert store.sql("PRAGMA user_version") == [(newest_schema(),)]
    assert space_names(store) == ["Nord", "Süd"]
    assert len(store.sql("SELECT * FROM outbox")) == len(store.sql("SELECT * FROM audit_entry")) == 2
    fresh = make_database(tmp_path / "neu.db", data_key, clock, ids)
    shape = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    assert store.sql(shape) == fresh.sql(shape)
    fresh.close()
    assert [value.name for value in SettingsService(store).social_spaces()] == ["Nord", "Süd"]

    (copy,) = backups.iterdir()
    assert copy.name == f"vor-umstellung-{start:04d}-20261122-094000.db"
    database = EncryptedDatabase(copy, data_key)
    assert schema_version(database) == start
    assert database.execute_sql("SELECT name FROM social_space ORDER BY position").fetchall() == [("Nord",), ("Süd",)]
    database.close_all()


@pytest.mark.parametrize("script", FAILING.values(), ids=FAILING.keys())
def test_a_failing_migration_gives_the_data_back(
    script: str,
    tmp_path: Path,
    path: Path,
    backups: Path,
    data_key: bytes,
    clock: FixedClock,
    ids: UuidFactory,
    actor: Actor,
    opener: Opener,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = make_database(path, data_key, clock, ids)
    add_spaces(store, actor, "Nord", "Süd")
    store.close()
    newer = with_next(tmp_path / "neu", script)
    with caplog.at_level(logging.DEBUG), pytest.raises(EnvironmentProblem) as caught:
        opener(newer)
    assert "Der vorherige Stand ist wiederhergestellt" in caught.value.message
    assert str(backups) in caught.value.message
    assert "Vertraulich" not in caplog.text

    again = opener()
    assert again.sql("PRAGMA user_version") == [(newest_schema(),)]
    assert space_names(again) == ["Nord", "Süd"]
    assert again.sql("PRAGMA integrity_check") == [("ok",)]
    assert again.sql("SELECT count(*) FROM tally_mark") == [(0,)]
    again.close()
    aside = [entry for entry in path.parent.iterdir() if "umstellung-fehlgeschlagen" in entry.name]
    failed = next(entry for entry in aside if entry.suffix == ".db")
    database = EncryptedDatabase(failed, data_key)
    assert database.execute_sql("SELECT count(*) FROM social_space").fetchone() == (2,)
    database.close_all()
    (copy,) = backups.iterdir()
    assert space_names(opener(file=copy)) == ["Nord", "Süd"]


def test_failing_twice_in_one_second_keeps_both_copies(
    tmp_path: Path,
    path: Path,
    backups: Path,
    data_key: bytes,
    clock: FixedClock,
    ids: UuidFactory,
    actor: Actor,
    opener: Opener,
) -> None:
    store = make_database(path, data_key, clock, ids)
    add_spaces(store, actor, "Nord")
    store.close()
    newer = with_next(tmp_path / "neu", FAILING["raises after changing data"])
    for _ in range(3):
        with pytest.raises(EnvironmentProblem, match="wiederhergestellt"):
            opener(newer)
    assert len(list(backups.iterdir())) == 3
    assert len([entry for entry in path.parent.iterdir() if "fehlgeschlagen" in entry.name]) == 3
    assert space_names(opener()) == ["Nord"]


def test_no_copy_no_migration(
    tmp_path: Path,
    path: Path,
    backups: Path,
    data_key: bytes,
    clock: FixedClock,
    ids: UuidFactory,
    actor: Actor,
    opener: Opener,
) -> None:
    store = make_database(path, data_key, clock, ids)
    add_spaces(store, actor, "Nord")
    store.close()
    before = digest(path)
    backups.write_text("hier steht schon eine Datei im Weg", encoding="utf-8")
    newer = with_next(tmp_path / "neu", "def up(migrator, db):\n    db.execute_sql('DELETE FROM social_space')\n")
    with pytest.raises(EnvironmentProblem, match="Die Sicherung konnte nicht"):
        opener(newer)
    assert digest(path) == before


def test_a_good_next_migration_runs_once(
    tmp_path: Path, path: Path, data_key: bytes, clock: FixedClock, ids: UuidFactory, actor: Actor, opener: Opener
) -> None:
    store = make_database(path, data_key, clock, ids)
    add_spaces(store, actor, "Nord")
    store.close()
    newer = with_next(
        tmp_path / "neu", "def up(migrator, db):\n    db.execute_sql(\"UPDATE social_space SET name = name || '!'\")\n"
    )
    for _ in range(2):
        store = opener(newer)
        assert space_names(store) == ["Nord!"]
        store.close()


def test_an_upgrade_cut_off_between_two_migrations_goes_on(
    tmp_path: Path, path: Path, data_key: bytes, clock: FixedClock, ids: UuidFactory, actor: Actor, opener: Opener
) -> None:
    """The first of two was committed, then the power went: the schema number still names the old one."""
    store = make_database(path, data_key, clock, ids, migrations_up_to(2, tmp_path / "alt"))
    add_spaces_as_once(store, actor, "Nord")
    store.sql("PRAGMA user_version = 1")
    store.close()
    assert space_names(opener()) == ["Nord"]


def test_the_copy_of_a_live_database_holds_every_committed_row(
    tmp_path: Path, path: Path, data_key: bytes, clock: FixedClock, ids: UuidFactory, actor: Actor, opener: Opener
) -> None:
    store = make_database(path, data_key, clock, ids)
    store.sql("PRAGMA wal_autocheckpoint = 0")
    names = [f"Raum {number:03d}" for number in range(100)]
    add_spaces(store, actor, *names)
    assert Path(f"{path}-wal").stat().st_size > 0
    database = EncryptedDatabase(path, data_key)
    copy = tmp_path / "kopien" / "kopie.db"
    write_backup_copy(database, copy)
    database.close_all()
    assert space_names(opener(file=copy)) == names
    assert b"Raum 0" not in copy.read_bytes()
    assert not copy.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(EnvironmentProblem, match="beschädigt oder gehört nicht zu diesem Schlüssel"):
        open_store(copy, bytes(32), clock, ids, NoticeBoard(), backups=tmp_path)
    store.close()
