"""No file and no log line holds a word that somebody typed: searched byte by byte, open and closed."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.talkative_desk import WORDS

ROOT = Path(__file__).resolve().parents[2]


def forms(word: str) -> Iterator[bytes]:
    """Yield a word as files may hold it; what is searched is made lower case too."""
    for text in (word.lower(), *word.lower().split()):
        if len(text) > 6:
            yield text.encode()
            yield text.encode("utf-16-le")
            yield text.encode("utf-16-be")
    yield word.encode().hex().encode()
    for shift in range(3):
        # The middle of the word as base64 shows it at each of three positions.
        coded = base64.b64encode(b" " * shift + word.encode() + b" " * 3)
        yield coded[4:-8].lower()


NEEDLES = {(kind, form): form for kind, word in WORDS.items() for form in forms(word)}


def found_in(content: bytes) -> set[str]:
    lowered = content.lower()
    return {kind for (kind, _form), needle in NEEDLES.items() if needle in lowered}


def found_below(*folders: Path) -> dict[str, set[str]]:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path): kinds for path in files if (kinds := found_in(path.read_bytes()))}


def open_files(pid: int) -> list[Path]:
    """Return what the process has open, files that are already deleted too (Linux)."""
    folder = Path(f"/proc/{pid}/fd")
    return list(folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_the_search_would_find_it(tmp_path: Path, encoding: str) -> None:
    for kind, word in WORDS.items():
        planted = tmp_path / "planted"
        planted.write_bytes(b"\x00\xff" + f"... {word.upper()} ...".encode(encoding))
        assert found_below(tmp_path) == {str(planted): {kind}}
    assert found_in(base64.b64encode(WORDS["note"].encode())) == {"note"}
    assert found_in(b"x" + WORDS["draft"].encode().hex().upper().encode()) == {"draft"}


def test_no_word_that_was_typed_is_anywhere(tmp_path: Path) -> None:
    data, temporary = tmp_path / "daten", tmp_path / "temp"
    temporary.mkdir()
    places = {name: str(temporary) for name in ("TMPDIR", "SQLITE_TMPDIR", "TEMP", "TMP")}
    log = tmp_path / "log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.talkative_desk", str(data)],
            cwd=ROOT,
            env={**os.environ, **places},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said.strip() == b"open", log.read_text(encoding="utf-8")
    assert {path.name for path in data.iterdir()} >= {
        "quartierslotse.db",
        "quartierslotse.db-wal",
        "quartierslotse.db-shm",
        "schluessel.json",
        "sicherungen",
        "protokoll",
    }
    assert (data / "quartierslotse.db-wal").stat().st_size > 1_000_000
    assert found_below(data, temporary) == {}
    for descriptor in open_files(process.pid):
        if descriptor.is_file():
            assert found_in(descriptor.read_bytes()) == set(), descriptor.readlink()
    rest, _none = process.communicate(b"go on\n")
    assert rest.strip() == b"closed"
    assert process.returncode == 0
    assert found_below(data, temporary) == {}
    assert not Path(f"{data / 'quartierslotse.db'}-wal").exists()

    lines = log.read_text(encoding="utf-8")
    assert found_in(lines.encode()) == set()
    assert "refused as it should be" in lines
    assert "mistyped as it should be" in lines
    assert "a listener failed on ContactsChanged" in lines
    assert "KeyError" in lines
    assert "DEBUG:peewee" not in lines
    own_log = (data / "protokoll" / "quartierslotse.log").read_text(encoding="utf-8")
    assert "a listener failed on ContactsChanged" in own_log
