"""docs/kommandozeile.md promises shapes to other programs: what it says is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "kommandozeile.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE.split("| Befehl | `result` |")[1], flags=re.MULTILINE))


def promised(command: str) -> set[str]:
    """Return the names of the first level."""
    text = re.sub(r"\([^()]*\)", "", ROWS[command])
    return set(re.findall(r"`([a-z_]+)`", text)) - {"null"}


def words(tool, command: str, folder: Path, directory_file: Path) -> list[str]:
    return {
        "import-directory": [str(directory_file)],
        "search": ["Pflege"],
        "show-service": [tool.CAFE],
        "record": ["--topic", "pflege"],
        "contacts": [],
        "sheet": [tool.CAFE, "--out", str(folder / "blatt.pdf")],
        "statistics": ["--month", "2026-11"],
        "retention": ["list"],
        "erase": ["clean-up"],
        "privacy-documents": ["--out", str(folder / "datenschutz")],
        "access-request": ["--name-file", str(directory_file)],
        "generate": ["--contacts", "3"],
        "account": ["list"],
        "backup": [],
        "verify-backup": ["--all"],
        "restore": ["--salvage", "--yes"],
        "restore-drill": [],
        "sync": ["status"],
        "bundle": ["status"],
        "device": ["list"],
        "audit": ["verify"],
        "self-test": [],
    }[command]


def test_every_command_is_documented():
    from desktop_app.cli.registry import own_commands

    assert [*ROWS] == [*(entry.name for entry in own_commands()), "demo"]


@pytest.mark.parametrize("command", sorted(ROWS.keys() - {"init", "demo"}))
def test_the_documented_names_are_the_ones_that_come(tool, command, tmp_path, directory_file, request):
    if command == "device":
        request.getfixturevalue("connected")
    if command in {"verify-backup", "restore-drill"}:
        tool.json("backup")
    answer = tool(command, "--json", *words(tool, command, tmp_path, directory_file))
    assert answer.data["result"].keys() == promised(command)


def test_what_setting_up_answers(new_tool):
    result = new_tool.json("init", "--office", "B", "--carrier", "T", "--admin", "anna")
    assert result.keys() == promised("init")
