"""What the surroundings refuse comes as a German sentence, and nothing is half written."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.settings.tables import SocialSpaceTable
from desktop_app.storage.backup_copy import write_backup_copy
from desktop_app.storage.database import EncryptedDatabase
from desktop_app.storage.opening import create_store, open_store
from desktop_app.storage.store import Store
from tests.storage.ordinary_rights import read_only, shared_folder

resource = pytest.importorskip("resource", reason="limits and rights of POSIX systems")
SUBJECT = ("office", "social_spaces")
ROOT = Path(__file__).resolve().parents[2]


def add(store: Store, actor: Actor, space_id: str, name: str = "Nord") -> None:
    with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, {"id": space_id, "name": name, "position": 0, "active": 1})


def count(store: Store) -> tuple[int, int, int]:
    return store.sql(
        "SELECT (SELECT count(*) FROM social_space), (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entry)"
    )[0]  # type: ignore[return-value]


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse what would make a file larger, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def second_program(store: Store, data_key: bytes) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(task: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.storage.contending_process", str(store.path), data_key.hex(), task],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_full_disk_says_so_and_saves_nothing(store: Store, actor: Actor) -> None:
    add(store, actor, "before")
    before = count(store)
    pages = store.sql("PRAGMA page_count")[0][0]
    store.sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(EnvironmentProblem) as caught:
        add(store, actor, "large", "x" * 200_000)
    assert "Datenträger ist voll" in caught.value.message
    assert caught.value.message.startswith("Nicht gespeichert")
    assert count(store) == before
    store.sql("PRAGMA max_page_count = 1000000")
    add(store, actor, "large", "x" * 200_000)
    assert store.sql("PRAGMA integrity_check") == [("ok",)]


def test_a_disk_that_refuses_the_commit_says_so_and_saves_nothing(
    store: Store, actor: Actor, reopen: Callable[[Path], Store]
) -> None:
    add(store, actor, "before")
    before = count(store)
    with no_file_larger_than(120_000), pytest.raises(EnvironmentProblem) as caught:
        for number in range(100):
            add(store, actor, f"large {number}", "x" * 50_000)
    assert caught.value.message.startswith("Nicht gespeichert")
    spaces, outbox, audit = count(store)
    assert spaces == outbox == audit
    assert before[0] <= spaces < 100
    add(store, actor, "after")
    store.close()
    again = reopen(store.path)
    assert count(again) == (spaces + 1, outbox + 1, audit + 1)
    assert again.sql("PRAGMA integrity_check") == [("ok",)]


def test_a_disk_too_full_for_a_new_database_says_so(tmp_path: Path, clock: FixedClock, ids: UuidFactory) -> None:
    path = tmp_path / "neu.db"
    with no_file_larger_than(20_000), pytest.raises(EnvironmentProblem, match=r"Datenträger|Ordner"):
        create_store(path, bytes(32), clock, ids, NoticeBoard())


def test_a_folder_that_may_not_be_written(clock: FixedClock, ids: UuidFactory, actor: Actor, data_key: bytes) -> None:
    with shared_folder() as folder:
        path = folder / "quartierslotse.db"
        store = create_store(path, data_key, clock, ids, NoticeBoard())
        add(store, actor, "a")
        store.close()
        before = path.read_bytes()
        with read_only(folder):
            with pytest.raises(EnvironmentProblem) as caught:
                open_store(path, data_key, clock, ids, NoticeBoard(), backups=folder / "sicherungen")
            with pytest.raises(EnvironmentProblem, match="Ordner"):
                create_store(folder / "neu.db", data_key, clock, ids, NoticeBoard())
        assert "schreiben dürfen" in caught.value.message
        assert str(folder) in caught.value.message
        assert path.read_bytes() == before
        assert [entry.name for entry in folder.iterdir()] == [path.name]


def test_a_folder_that_is_not_there(tmp_path: Path, clock: FixedClock, ids: UuidFactory, data_key: bytes) -> None:
    missing = tmp_path / "abgezogen" / "quartierslotse.db"
    with pytest.raises(EnvironmentProblem, match="fehlt im Ordner"):
        open_store(missing, data_key, clock, ids, NoticeBoard(), backups=tmp_path)
    with pytest.raises(EnvironmentProblem, match="lässt sich nicht öffnen"):
        create_store(missing, data_key, clock, ids, NoticeBoard())
    assert not missing.parent.exists()


def test_an_existing_file_is_never_created_over(tmp_path: Path, clock: FixedClock, ids: UuidFactory) -> None:
    path = tmp_path / "brief.txt"
    path.write_text("Sehr geehrte Frau Muster", encoding="utf-8")
    with pytest.raises(UserError, match="gibt es schon"):
        create_store(path, bytes(32), clock, ids, NoticeBoard())
    assert path.read_text(encoding="utf-8") == "Sehr geehrte Frau Muster"


def test_a_key_has_32_bytes(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        EncryptedDatabase(tmp_path / "x.db", b"short")


def test_a_page_damaged_while_open_is_no_bug_of_ours(
    store: Store, actor: Actor, reopen: Callable[[Path], Store]
) -> None:
    for number in range(200):
        add(store, actor, f"{number:04d}", "x" * 300)
    store.close()
    page = 4096
    pages = store.path.stat().st_size // page
    with store.path.open("r+b") as file:
        for number in range(pages - 8, pages):  # rows of social_space, written last
            file.seek(number * page + 100)
            file.write(b"\xff" * 50)
    again = reopen(store.path)
    with pytest.raises(EnvironmentProblem, match="beschädigt"):
        again.rows(SocialSpaceTable.select())
    with pytest.raises(EnvironmentProblem, match="beschädigt"):
        again.sql("SELECT sum(length(name)) FROM social_space")
    with pytest.raises(EnvironmentProblem, match="beschädigt"):
        again.tuples(SocialSpaceTable.select())


def test_another_program_that_holds_the_database_too_long(
    store: Store, actor: Actor, second_program: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = second_program("hold")
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "held\n"
    store.sql("PRAGMA busy_timeout = 20")
    with pytest.raises(EnvironmentProblem, match="Ein anderes Programm schreibt gerade"):
        add(store, actor, "mine")
    assert count(store) == (0, 0, 0)
    store.sql("PRAGMA busy_timeout = 10000")
    failures: list[BaseException] = []

    def wait_and_write() -> None:
        try:
            add(store, actor, "mine")
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)
        finally:
            store.end_thread()

    thread = threading.Thread(target=wait_and_write)
    thread.start()
    process.stdin.write("go\n")
    process.stdin.flush()
    thread.join()
    assert process.stdout.readline() == "done\n"
    assert failures == []
    assert count(store) == (2, 2, 2)


def test_two_programs_write_without_losing_a_row(
    store: Store, actor: Actor, ids: UuidFactory, second_program: Callable[[str], subprocess.Popen[str]]
) -> None:
    processes = [second_program("60"), second_program("60")]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for _ in range(60):
        with store.unit_of_work(actor, "count", SUBJECT) as unit:
            position = unit.sql("SELECT count(*) FROM social_space")[0][0]
            unit.insert(SocialSpaceTable, {"id": ids.new_id(), "name": "x", "position": position, "active": 1})
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
    assert [row[0] for row in store.sql("SELECT position FROM social_space ORDER BY position")] == list(range(180))
    assert count(store) == (180, 180, 180)


def test_a_backup_needs_a_free_name_and_a_folder_that_takes_it(store: Store, tmp_path: Path, data_key: bytes) -> None:
    database = EncryptedDatabase(store.path, data_key)
    taken = tmp_path / "schon-da.db"
    taken.write_bytes(b"x")
    with pytest.raises(EnvironmentProblem, match="wird nicht überschrieben"):
        write_backup_copy(database, taken)
    assert taken.read_bytes() == b"x"
    with pytest.raises(EnvironmentProblem, match="Platz und Rechte"):
        write_backup_copy(database, taken / "ordner" / "copy.db")
    full = tmp_path / "voll" / "copy.db"
    with no_file_larger_than(20_000), pytest.raises(EnvironmentProblem, match="Platz und Rechte"):
        write_backup_copy(database, full)
    assert list(full.parent.iterdir()) == []
    database.close_all()
