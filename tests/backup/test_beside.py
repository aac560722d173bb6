"""A large backup is written by a process of its own: same result, same sentences, and the key shows nowhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from desktop_app.backup.beside import run_beside
from desktop_app.backup.service import BackupService
from desktop_app.bootstrap import Application
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.progress import Cancelled, NoProgress
from desktop_app.core.translation import use_language
from desktop_app.settings.service import SettingsService
from desktop_app.storage.database import DamagedDatabase
from tests.backup.conftest import record
from tests.backup.test_making import StopAt, names
from tests.storage.test_trouble import no_file_larger_than

PAGE = 4096


@pytest.fixture
def beside(office: Application, stick: Path) -> BackupService:
    """The service that takes every database for a large one."""
    service = BackupService(office.store, office.folder, SettingsService(office.store), beside_from=0)
    service.choose_folder(office.actor, stick)
    return service


def children() -> list[int]:
    """Processes that this one started and that still run."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


class Spy:
    """Looks at the working process from outside while it works."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.texts: set[str] = set()

    def step(self, _done: int, _total: int, text: str) -> None:
        self.texts.add(text)
        for pid in children():
            process = Path(f"/proc/{pid}")
            self.seen += [(process / "cmdline").read_bytes(), (process / "environ").read_bytes()]


def test_it_makes_the_same_backup(beside: BackupService, office: Application) -> None:
    made = beside.make_due(progress := StopAt("nie"))
    assert made is not None
    assert beside.backups() == (made,)
    found = beside.verify(made)
    assert found.is_good
    assert found.contents is not None
    assert found.contents.rows["contact"] == 20
    assert set(progress.seen) == {"Die Daten werden kopiert", "Die Sicherung wird geprüft"}
    record(office, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_the_key_is_neither_on_the_command_line_nor_in_the_environment(
    beside: BackupService, office: Application
) -> None:
    spy = Spy()
    beside.make(progress=spy)
    assert any(b"desktop_app.backup.working_process" in seen for seen in spy.seen)
    key = office.store.copy_reader().data_key
    assert not any(key.hex().encode() in seen or key in seen for seen in spy.seen)
    assert children() == []


@pytest.mark.parametrize("words", ["kopiert", "geprüft"])
def test_cancelled_leaves_neither_files_nor_a_process(beside: BackupService, stick: Path, words: str) -> None:
    before = names(stick)
    with pytest.raises(Cancelled):
        beside.make(progress=StopAt(words))
    assert names(stick) == before
    if sys.platform == "linux":
        assert children() == []


def test_a_full_disk_has_its_sentence(beside: BackupService, stick: Path) -> None:
    before = names(stick)
    with no_file_larger_than(150_000), pytest.raises(EnvironmentProblem, match=r"Sicherung.*Platz"):
        beside.make()
    assert names(stick) == before


def test_its_sentences_come_in_the_language_of_the_caller(beside: BackupService) -> None:
    spy = Spy()
    with use_language("en"):
        beside.make(progress=spy)
    assert "Die Daten werden kopiert" not in spy.texts


def test_a_damaged_database_is_found(beside: BackupService, office: Application) -> None:
    office.store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database = office.folder.database
    whole = bytearray(database.read_bytes())
    whole[-3 * PAGE + 50] ^= 0x10
    database.write_bytes(whole)
    with pytest.raises(DamagedDatabase, match="beschädigt"):
        beside.make_due()
    assert beside.backups() == ()
    assert database.read_bytes() == bytes(whole)


def test_without_a_process_the_work_is_done_here(
    beside: BackupService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "kein-python"))
    made = beside.make_due()
    assert made is not None
    assert beside.verify(made).is_good


def test_a_bug_over_there_is_a_bug_here(office: Application) -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        run_beside({"task": "make", "database": str(office.store.path)}, office.store.copy_reader(), NoProgress())
