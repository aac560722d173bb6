"""One window per data folder; a crash gives it back; other computers and read-only shares are told apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.environment import drives, single_instance
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.single_instance import (
    AlreadyOpen,
    call_window,
    refuse_beside_other_computer,
    take_window_lock,
)
from tests.storage.ordinary_rights import read_only, shared_folder

NOW = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.single_instance import take_window_lock
lock = take_window_lock(DataFolder(Path(sys.argv[1])), datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "daten")


def held_elsewhere(folder: DataFolder) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_window_is_told_where_the_first_is(folder: DataFolder) -> None:
    lock = take_window_lock(folder, NOW)
    with pytest.raises(AlreadyOpen, match="schon geöffnet") as caught:
        take_window_lock(folder, NOW)
    assert caught.value.here
    lock.release()
    lock.release()
    take_window_lock(folder, NOW).release()


def test_a_killed_process_gives_the_folder_back(folder: DataFolder) -> None:
    process = held_elsewhere(folder)
    with process:
        with pytest.raises(AlreadyOpen):
            take_window_lock(folder, NOW)
        process.kill()
    take_window_lock(folder, NOW).release()


def test_two_folders_have_two_windows(tmp_path: Path) -> None:
    first = take_window_lock(DataFolder(tmp_path / "a"), NOW)
    second = take_window_lock(DataFolder(tmp_path / "b"), NOW)
    first.release()
    second.release()


def test_a_window_on_another_computer_is_named(folder: DataFolder) -> None:
    lock = take_window_lock(folder, NOW)
    folder.window_lock.write_text(json.dumps({"computer": "EMPFANG-2", "since": "2026-11-22T07:15:00.000Z"}))
    with pytest.raises(AlreadyOpen, match="seit 08:15 Uhr auf dem Rechner „EMPFANG-2“") as caught:
        take_window_lock(folder, NOW)
    assert not caught.value.here
    lock.release()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"since": 3}'])
def test_an_unreadable_note_about_the_holder_still_refuses(folder: DataFolder, content: str) -> None:
    lock = take_window_lock(folder, NOW)
    folder.window_lock.write_text(content, encoding="utf-8")
    with pytest.raises(AlreadyOpen):
        take_window_lock(folder, NOW)
    lock.release()


def test_a_command_runs_beside_the_window_but_not_beside_another_computer(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = take_window_lock(folder, NOW)
    refuse_beside_other_computer(folder)
    monkeypatch.setattr(drives, "is_on_network", lambda _path: True)
    refuse_beside_other_computer(folder)
    folder.window_lock.write_text(json.dumps({"computer": "EMPFANG-2", "since": "2026-11-22T07:15:00.000Z"}))
    with pytest.raises(AlreadyOpen, match="EMPFANG-2"):
        refuse_beside_other_computer(folder)
    lock.release()
    refuse_beside_other_computer(folder)


def test_a_drive_without_locks_is_refused(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_descriptor: int) -> None:
        raise OSError(37, os.strerror(37))

    monkeypatch.setattr(single_instance, "_lock", no_locks)
    with pytest.raises(EnvironmentProblem, match="kennt keine Sperren"):
        take_window_lock(folder, NOW)


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX systems")
def test_a_read_only_share_is_told_and_nothing_is_written() -> None:
    with shared_folder() as root:
        folder = DataFolder(root)
        folder.database.write_bytes(b"x")
        with read_only(root), pytest.raises(EnvironmentProblem, match=r"schreibgeschützt.*Daten sind da") as caught:
            take_window_lock(folder, NOW)
        assert str(root) in caught.value.message
        assert [path.name for path in root.iterdir()] == [folder.database.name]
        folder.database.unlink()
        with read_only(root), pytest.raises(EnvironmentProblem, match="lässt sich nicht beschreiben"):
            take_window_lock(folder, NOW)


def test_calling_the_window_never_fails(folder: DataFolder) -> None:
    call_window(folder)
    assert not folder.root.exists()
    folder.root.mkdir()
    call_window(folder)
    assert folder.window_call.exists()
