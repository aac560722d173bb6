"""What the program keeps is for the account of this computer's user alone; drives that know no rights are no reason to stop."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.private_files import make_private
from desktop_app.environment.single_instance import take_window_lock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX systems")
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Gurke Fahrrad Mondschein"


@pytest.fixture(autouse=True)
def usual_rights() -> Iterator[None]:
    """A computer where files are readable for all unless somebody says otherwise."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(root: Path) -> list[str]:
    """Names of what others could read, write or enter."""
    return sorted(
        str(path.relative_to(root.parent))
        for path in (root, *root.rglob("*"))
        if not path.is_symlink() and path.stat().st_mode & 0o077
    )


def readable_for_all(root: Path) -> None:
    for path in (root, *root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def run_tool(folder: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "ui.command_line", "--data-dir", str(folder), *words],
        cwd=ROOT,
        env={**os.environ, "QUARTIERSLOTSE_PASSWORD": PASSWORD},
        check=True,
        capture_output=True,
    )


def test_all_that_the_program_makes_is_private(tmp_path: Path) -> None:
    folder, stick = tmp_path / "daten", tmp_path / "stick"
    stick.mkdir()
    run_tool(folder, "init", "--office", "Büro Nord", "--carrier", "AWO", "--admin", "erika")
    run_tool(folder, "backup")
    run_tool(folder, "restore-drill")
    run_tool(folder, "backup", "--to", str(stick))
    assert open_to_others(folder) == []
    assert [path for backup in stick.glob("sicherung-*") for path in open_to_others(backup)] == []
    names = {path.name for path in folder.rglob("*")}
    assert {"quartierslotse.db", "schluessel.json", "sicherungen.json", "sicherungen", "rueckspielproben"} <= names


def test_what_is_there_is_tightened_at_the_next_start(tmp_path: Path) -> None:
    root = tmp_path / "daten"
    for name in ("protokoll/quartierslotse.log", "sicherungen/sicherung-1/quartierslotse.db", "quartierslotse.db"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    readable_for_all(root)
    elsewhere = tmp_path / "anderswo.txt"
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    (root / "verweis").symlink_to(elsewhere)
    take_window_lock(DataFolder(root), datetime(2026, 11, 22, tzinfo=UTC)).release()
    assert open_to_others(root) == []
    assert elsewhere.stat().st_mode & 0o777 == 0o644, "what a link leads to is not ours"


def test_the_command_line_tightens_too(tmp_path: Path) -> None:
    folder = tmp_path / "daten"
    run_tool(folder, "init", "--office", "Büro Nord", "--carrier", "AWO", "--admin", "erika")
    readable_for_all(folder)
    run_tool(folder, "backup", "--list")
    assert open_to_others(folder) == []


def test_a_drive_that_knows_no_rights_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAT refuses, some shares say yes and do nothing: either way the program goes on."""
    (tmp_path / "datei").write_bytes(b"x")
    readable_for_all(tmp_path)

    def refuse(_self: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    for answer in (refuse, lambda _self, _mode: None):
        monkeypatch.setattr(Path, "chmod", answer)
        make_private(tmp_path)
        take_window_lock(DataFolder(tmp_path), datetime(2026, 11, 22, tzinfo=UTC)).release()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    make_private(tmp_path / "nirgends")


def test_a_database_is_private_from_its_first_byte(tmp_path: Path, clock: FixedClock, ids: UuidFactory) -> None:
    from desktop_app.core.notices import NoticeBoard
    from desktop_app.storage.opening import create_store

    store = create_store(tmp_path / "neu.db", bytes(32), clock, ids, NoticeBoard())
    try:
        assert {path.name for path in tmp_path.iterdir()} >= {"neu.db", "neu.db-wal"}
        assert all(not path.stat().st_mode & 0o077 for path in tmp_path.iterdir())
    finally:
        store.close()
