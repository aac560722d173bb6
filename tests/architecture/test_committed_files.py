"""What is committed belongs to the project: no place of one machine, no package index, no large accident."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

# Put together here so that this file does not find itself.
PLACES = ["home", "Users", "root", "work", "opt", "tmp" + "/brief"]
HOSTS = [
    ".".join(words)
    for words in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("snapshot", "debian", "org"),
        ("pkg", "dev"),
    )
]
#: where a hub is installed on a server; docs/hub.md says so
SERVER_PLACE = r"(?!/o" + r"pt/(?:quartierslotse-)?hub\b)"
ABSOLUTE_PLACE = re.compile(
    r"(?<![\w.~*/})\]-])" + SERVER_PLACE + r"(?:[A-Za-z]:)?[/\\]{1,2}(?:" + "|".join(PLACES) + r")[/\\]+[\w.]+"
)
PACKAGE_HOST = re.compile("|".join(rf"(?<![\w-]){re.escape(host)}\b" for host in HOSTS))
LARGEST = 4_000_000


def texts(files: list[Path]) -> Iterator[tuple[Path, str]]:
    for path in files:
        content = path.read_bytes()
        if b"\0" in content:
            continue
        yield path, content.decode("utf-8", errors="replace")


def found_in(files: list[Path], root: Path, pattern: re.Pattern[str]) -> dict[str, list[str]]:
    return {
        path.relative_to(root).as_posix(): matches
        for path, text in texts(files)
        if (matches := [match.group() for match in pattern.finditer(text)])
    }


def test_no_file_names_a_place_on_somebodys_machine(root: Path, project_files: list[Path]) -> None:
    assert found_in(project_files, root, ABSOLUTE_PLACE) == {}


def test_no_file_names_a_package_index(root: Path, project_files: list[Path]) -> None:
    assert found_in(project_files, root, PACKAGE_HOST) == {}


def test_no_file_is_large(root: Path, project_files: list[Path]) -> None:
    assert [path.relative_to(root).as_posix() for path in project_files if path.stat().st_size > LARGEST] == []


def test_every_python_file_is_utf8_with_unix_line_ends(project_files: list[Path]) -> None:
    for path in project_files:
        if path.suffix == ".py":
            assert b"\r\n" not in path.read_bytes(), path
            path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "is_place"),
    [
        ("see /" + "home/erika/notes.txt", True),
        ('"C:\\' + 'Users\\erika"', True),
        ("/" + "work/main", True),
        ("https://www.example.org/" + "home/kontakt", False),
        ("~/" + "work/main", False),
        ("/" + "opt/hub/bin/python", False),
        ("/" + "opt/other/bin/python", True),
        ("the home/work question", False),
    ],
)
def test_the_pattern_tells_a_place_from_an_address(text: str, *, is_place: bool) -> None:
    assert bool(ABSOLUTE_PLACE.search(text)) is is_place
