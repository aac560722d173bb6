"""Network drives, missing drives and little space are noticed before anything is written."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.environment import drives
from desktop_app.environment.drives import check_drive_is_there, drive_remarks, is_on_network
from desktop_app.environment.folders import DataFolder

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt rw - tmpfs tmpfs rw
31 30 0:41 / /mnt/q\\040daten rw,relatime shared:2 - cifs //server/q rw
32 22 0:42 / /mnt/nfs rw - nfs4 server:/x rw
33 22 0:43 / /mnt/nfs/lokal rw - ext4 /dev/sdb1 rw
kaputte Zeile
"""


@pytest.mark.skipif(sys.platform == "win32", reason="mounts of Linux")
@pytest.mark.parametrize(
    ("path", "network"),
    [
        ("/mnt/q daten", True),
        ("/mnt/q daten/büro", True),
        ("/mnt/q", False),
        ("/mnt/nfs/daten", True),
        ("/mnt/nfs/lokal/daten", False),
        ("/srv", False),
    ],
)
def test_the_nearest_mount_decides(tmp_path: Path, path: str, *, network: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert is_on_network(Path(path), mounts) is network


def test_without_a_list_of_mounts_nothing_is_claimed(tmp_path: Path) -> None:
    assert not is_on_network(tmp_path, tmp_path / "fehlt")


def test_a_named_folder_whose_drive_is_missing_is_not_made_anew(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "stick" / "daten")
    with pytest.raises(EnvironmentProblem, match=r"Stick oder einem Netzlaufwerk.*nichts angelegt"):
        check_drive_is_there(folder)
    assert not folder.root.parent.exists()
    folder.root.parent.mkdir()
    check_drive_is_there(folder)
    folder.root.write_text("x")
    with pytest.raises(EnvironmentProblem, match="kein Ordner"):
        check_drive_is_there(folder)


def test_remarks_about_network_and_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DataFolder(tmp_path)
    monkeypatch.setattr(drives, "is_on_network", lambda _path: True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 9, 42_000_000))
    network, space = drive_remarks(folder)
    assert "Netzlaufwerk" in network
    assert "42 MB" in space
    assert drive_remarks(DataFolder(tmp_path)) == (network, space)


def test_an_ordinary_folder_needs_no_remark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives, "is_on_network", lambda _path: False)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 0, 10**12))
    assert drive_remarks(DataFolder(tmp_path)) == ()
