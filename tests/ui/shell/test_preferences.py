"""Display settings survive a restart; a damaged file means the defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.shell.preferences import FILE_NAME, Preferences, PreferencesFile


def test_changes_are_there_the_next_time(tmp_path: Path) -> None:
    PreferencesFile(tmp_path / "neu").change(mode="dark", text_percent=150, lock_minutes=5)
    assert PreferencesFile(tmp_path / "neu").current == Preferences("dark", 150, True, 5)


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"mode": "rosa"}', '{"text_percent": "viel"}', "\x00\x01"])
def test_a_damaged_file_means_the_defaults(tmp_path: Path, damage: str) -> None:
    (tmp_path / FILE_NAME).write_text(damage, encoding="utf-8")
    assert PreferencesFile(tmp_path).current == Preferences()


def test_sizes_out_of_range_are_kept_inside(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"text_percent": 900, "lock_minutes": -3}', encoding="utf-8")
    assert PreferencesFile(tmp_path).current == Preferences(text_percent=200, lock_minutes=0)


def test_a_folder_that_refuses_only_costs_the_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "datei"
    blocked.write_text("", encoding="utf-8")
    preferences = PreferencesFile(blocked)
    assert preferences.change(mode="light").mode == "light"
    assert preferences.current.mode == "light"


def test_unknown_names_are_our_bug(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        PreferencesFile(tmp_path).change(colour="red")
