"""The parts of start.py, one by one."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import start

SOURCE = Path(start.__file__)
MISSING = start.SystemLibrary("libgibtesnicht.so.7", ("libneu7t64", "libneu7"), needed_offscreen=True)
MISSING_WINDOW = start.SystemLibrary("libauchnicht.so.1", ("libauch1",), needed_offscreen=False)
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="system libraries are looked for on Linux only")


def test_an_old_python_can_read_the_file_and_gets_a_sentence() -> None:
    text = SOURCE.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 7))
    assert not [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    code = f"import sys; sys.version_info = (3, 9, 2); exec(open({str(SOURCE)!r}, encoding='utf-8').read())"
    answer = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, encoding="utf-8"
    )
    assert answer.returncode == 1
    assert "braucht Python 3.11 oder neuer. Dieses hier ist Python 3.9." in answer.stderr
    assert "Traceback" not in answer.stderr


def test_only_the_standard_library_is_used() -> None:
    names = set()
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).split(".")[0])
    assert names <= sys.stdlib_module_names


@pytest.fixture
def environment(tmp_path: Path) -> start.Environment:
    """An environment that is marked as complete."""
    made = start.Environment(tmp_path)
    (tmp_path / "requirements").mkdir()
    for kind in start.LOCKS:
        made.lock_file(kind).write_text(kind, encoding="utf-8")
    made.python.parent.mkdir(parents=True)
    made.python.touch()
    made.write_marker({"runtime": made.lock_hash("runtime"), "system": start.system_fingerprint()})
    return made


def test_a_marker_counts_for_its_own_lock_only(environment: start.Environment) -> None:
    assert environment.is_ready("runtime")
    assert not environment.is_ready("development")
    environment.lock_file("runtime").write_text("changed", encoding="utf-8")
    assert not environment.is_ready("runtime")
    assert environment.read_marker()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"identity": ["2.7"]}', "\x00\x01"])
def test_a_marker_of_anything_else_does_not_count(environment: start.Environment, content: str) -> None:
    environment.marker.write_text(content, encoding="utf-8")
    assert environment.read_marker() == {}
    assert not environment.is_ready("runtime")


def test_a_missing_interpreter_spoils_the_marker(environment: start.Environment) -> None:
    environment.python.unlink()
    assert environment.read_marker() == {}


def test_another_python_spoils_the_marker_but_not_another_patch_level(
    environment: start.Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    actual = sys.version_info
    version = type("Version", (), {"major": actual.major, "minor": actual.minor, "micro": actual.micro + 1})
    monkeypatch.setattr(sys, "version_info", version)
    assert environment.is_ready("runtime")
    version.minor = actual.minor + 1
    assert not environment.is_ready("runtime")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, sys.platform != "linux"),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "minimal"}, False),
        ({"QT_QPA_PLATFORM": "vnc:size=1280x800"}, True),
    ],
)
def test_a_display_is_recognised(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, expected: bool) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert start.has_display() is expected


def test_options_of_pytest_are_handed_on(environment: start.Environment) -> None:
    assert start.pytest_command(environment, ["--", "-q", "tests/start"])[-2:] == ["-q", "tests/start"]
    assert start.pytest_command(environment, ["-n", "0"])[-2:] == ["-n", "0"]
    assert 2 <= start.worker_count() <= 6


# ---- system libraries: the missing library is invented, the apt programs are small scripts on the path


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Put programs on an otherwise empty path; each writes its arguments into a log that is returned."""
    programs = tmp_path / "programs"
    programs.mkdir()
    log = tmp_path / "log"
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(start, "SYSTEM_LIBRARIES", (MISSING, MISSING_WINDOW))
    (programs / "env").symlink_to("/usr/bin/env")

    def add(**scripts: str) -> Path:
        for name, body in scripts.items():
            path = programs / name.replace("_", "-")
            path.write_text(f'#!/bin/sh\necho "{path.name} $*" >> "{log}"\n{body}\n', encoding="utf-8")
            path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        return log

    return add


@only_linux
def test_root_gets_the_packages_that_this_system_knows(
    system: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    log = system(apt_get="", apt_cache='case "$*" in *t64*) exit 100;; esac')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(start.StartError, match=r"fehlen noch: libgibtesnicht\.so\.7, libauchnicht\.so\.1"):
        start.provide_system_parts(need_venv=False)
    lines = log.read_text(encoding="utf-8").splitlines()
    assert sum(line.endswith(" update") for line in lines) == 1
    assert lines[-1].endswith(" install --no-install-recommends libneu7 libauch1")
    assert "libgibtesnicht.so.7" in capfd.readouterr().out


@only_linux
def test_without_rights_the_exact_command_is_named(
    system: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = system(apt_get="", apt_cache="", sudo="exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(start.StartError) as caught:
        start.provide_system_parts(need_venv=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert f"install --no-install-recommends -y {version} libneu7t64 libauch1" in str(caught.value)
    assert "apt-get" not in log.read_text(encoding="utf-8")


@only_linux
def test_sudo_without_a_password_is_used(system: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    log = system(apt_get="", apt_cache="", sudo='[ "$1" = -n ] && exit 0; exec "$@"')
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(start.StartError, match="fehlen noch"):
        start.provide_system_parts(need_venv=False)
    lines = log.read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get") for line in lines)
    assert any(line.startswith("apt-get ") and line.endswith("libneu7t64 libauch1") for line in lines)


@only_linux
def test_a_failing_apt_get_is_reported(system: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    system(apt_get='case "$*" in *install*) exit 100;; esac', apt_cache="")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(start.StartError, match="konnte die Pakete nicht installieren"):
        start.provide_system_parts(need_venv=False)


@only_linux
def test_other_systems_are_told_the_names(
    system: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    system()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with pytest.raises(start.StartError, match="Paketverwaltung"):
        start.provide_system_parts(need_venv=False)
    assert "libgibtesnicht.so.7, libauchnicht.so.1" in capsys.readouterr().out
    # Only parts of the window are missing, and no window is asked for.
    monkeypatch.setattr(start, "SYSTEM_LIBRARIES", (MISSING_WINDOW,))
    start.provide_system_parts(need_venv=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with pytest.raises(start.StartError):
        start.provide_system_parts(need_venv=False)


@only_linux
def test_an_old_linux_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.platform, "libc_ver", lambda: ("glibc", "2.31"))
    with pytest.raises(start.StartError, match=r"zu alt für Qt: glibc 2\.31"):
        start.check_platform()
