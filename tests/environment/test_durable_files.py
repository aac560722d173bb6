"""Names change in one step, and what the disk refuses is heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.environment.durable_files import flush_file, flush_folder, move_durably


def test_a_finished_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    old, new = tmp_path / "keys.json", tmp_path / "keys.json.neu"
    old.write_text("old", encoding="utf-8")
    new.write_text("new", encoding="utf-8")
    flush_file(new)
    move_durably(new, old)
    assert old.read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_what_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="fehlt"):
        flush_file(tmp_path / "fehlt")
    with pytest.raises(OSError, match="fehlt"):
        move_durably(tmp_path / "fehlt", tmp_path / "ziel")
    with pytest.raises(OSError, match="fehlt"):
        flush_folder(tmp_path / "fehlt")
