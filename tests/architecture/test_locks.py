"""The lock files: everything pinned, everything hashed, no address, and in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

KINDS = ("runtime", "hub", "development")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+?))? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def read_lock(root: Path, kind: str) -> dict[str, tuple[str, list[str]]]:
    """Return name -> (version, hashes); a line of any other shape fails."""
    pins: dict[str, tuple[str, list[str]]] = {}
    hashes: list[str] = []
    for line in (root / "requirements" / f"{kind}.lock").read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            hashes = []
            pins[canonicalize_name(match["name"])] = (match["version"], hashes)
        else:
            assert HASH.match(line), f"unexpected line in {kind}.lock: {line!r}"
            hashes.append(line)
    return pins


def declared(root: Path) -> dict[str, list[Requirement]]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = [Requirement(text) for text in project["project"]["dependencies"]]
    groups = project["dependency-groups"]
    hub = [Requirement(text) for text in groups["hub"]]
    assert {"include-group": "hub"} in groups["development"]
    development = [Requirement(text) for text in groups["development"] if isinstance(text, str)]
    return {"runtime": runtime, "hub": hub, "development": [*runtime, *hub, *development]}


@pytest.mark.parametrize("kind", KINDS)
def test_every_requirement_is_pinned_and_hashed(root: Path, kind: str) -> None:
    pins = read_lock(root, kind)
    assert len(pins) > 10
    assert [name for name, (_version, hashes) in pins.items() if not hashes] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_names_no_address_and_no_option(root: Path, kind: str) -> None:
    text = (root / "requirements" / f"{kind}.lock").read_text(encoding="utf-8")
    assert "//" not in text
    assert " @ " not in text
    assert set(re.findall(r"--[a-z-]+", text)) == {"--hash"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_fits_the_project_file(root: Path, kind: str) -> None:
    pins = read_lock(root, kind)
    for requirement in declared(root)[kind]:
        version, _hashes = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_developing_means_running_the_same_versions(root: Path) -> None:
    runtime, hub, development = (read_lock(root, kind) for kind in KINDS)
    assert {name: development.get(name) for name in runtime} == runtime
    assert {name: development.get(name) for name in hub} == hub


def test_nothing_of_the_hub_comes_onto_a_desk_and_no_qt_onto_the_hub(root: Path) -> None:
    runtime, hub = read_lock(root, "runtime"), read_lock(root, "hub")
    assert not {"fastapi", "starlette", "uvicorn", "pydantic", "psycopg", "orjson"} & set(runtime)
    assert set(runtime) & set(hub) <= {"peewee", "idna", "tzdata"}


def test_qt_stays_below_the_version_that_crashes(root: Path) -> None:
    version, _hashes = read_lock(root, "runtime")["pyside6-essentials"]
    assert version.startswith("6.11.")


def test_right_to_left_support_does_not_come_through_the_extra_that_downgrades(root: Path) -> None:
    reportlab = next(item for item in declared(root)["runtime"] if item.name == "reportlab")
    assert reportlab.extras == set()
