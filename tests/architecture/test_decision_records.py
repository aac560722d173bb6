"""Every dependency and every decision of the house has half a page that says why."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"
RECORDS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
HEADINGS = ["Context", "Decision", "Consequences", "Alternatives"]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_has_its_four_headings_and_fits_a_page(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert re.match(r"^# \d{4} \S", lines[0])
    assert lines[0][2:6] == path.name[:4]
    assert [line[3:] for line in lines if line.startswith("## ")] == HEADINGS
    assert len(lines) <= 60


def test_numbers_are_given_once() -> None:
    numbers = [path.name[:4] for path in RECORDS]
    assert len(numbers) == len(set(numbers)) > 10


def test_the_index_lists_every_record() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in RECORDS if f"({path.name})" not in index] == []


def test_every_dependency_is_explained(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    explained = "\n".join(path.read_text(encoding="utf-8") for path in RECORDS).lower()
    names = [Requirement(text).name for group in groups for text in group if isinstance(text, str)]
    assert [name for name in names if name.lower() not in explained] == []
