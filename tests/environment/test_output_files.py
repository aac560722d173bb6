"""Files the user asked for: whole or not at all, never over another one unasked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.environment.output_files import check_writable, write_whole


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_written(tmp_path):
    write_whole(tmp_path / "neu für Süd.pdf", b"Inhalt")
    assert (tmp_path / "neu für Süd.pdf").read_bytes() == b"Inhalt"
    assert names(tmp_path) == ["neu für Süd.pdf"]


def test_an_existing_file_stays_unless_it_may_be_replaced(tmp_path):
    path = tmp_path / "alt.pdf"
    path.write_bytes(b"alt")
    with pytest.raises(UserError, match="gibt es schon"):
        write_whole(path, b"neu")
    assert path.read_bytes() == b"alt"
    write_whole(path, b"neu", overwrite=True)
    assert path.read_bytes() == b"neu"
    assert names(tmp_path) == ["alt.pdf"]


def test_folders_are_no_files(tmp_path):
    for overwrite in (False, True):
        with pytest.raises(UserError, match="ist ein Ordner"):
            check_writable(tmp_path, overwrite=overwrite)
    with pytest.raises(UserError, match="gibt es nicht"):
        check_writable(tmp_path / "fehlt" / "x.pdf")


def test_somebody_takes_the_name_meanwhile(tmp_path, monkeypatch):
    path = tmp_path / "blatt.pdf"
    sync = os.fsync

    def taken(descriptor):
        path.write_bytes(b"von jemand anderem")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", taken)
    with pytest.raises(UserError, match="gibt es schon"):
        write_whole(path, b"meins")
    assert path.read_bytes() == b"von jemand anderem"
    assert names(tmp_path) == ["blatt.pdf"]


def test_a_disk_without_hard_links(tmp_path, monkeypatch):
    def refused(self, target):
        raise PermissionError("no links on this file system")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    path = tmp_path / "blatt.pdf"
    write_whole(path, b"eins")
    assert path.read_bytes() == b"eins"
    with pytest.raises(UserError):
        write_whole(path, b"zwei")
    assert names(tmp_path) == ["blatt.pdf"]


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    path = tmp_path / "blatt.pdf"
    path.write_bytes(b"alt")
    with pytest.raises(EnvironmentProblem, match="Platz und Rechte"):
        write_whole(path, b"neu", overwrite=True)
    assert path.read_bytes() == b"alt"
    assert names(tmp_path) == ["blatt.pdf"]
