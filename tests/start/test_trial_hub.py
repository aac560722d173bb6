"""`start.py hub`: one command, a code, an end in order, and the same hub again the next time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
import urllib3

from desktop_app.sync.enrolment_text import Enrolment, read_enrolment_text

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


class Trial:
    """A running trial."""

    def __init__(self, folder: Path, *words: str) -> None:
        command = [sys.executable, "-P", "-m", "hub.cli.trial", "--folder", str(folder), *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def code(self) -> Enrolment:
        """Read what it prints up to its code, and wait until it answers."""
        assert self.process.stdout is not None
        self.first = self.process.stdout.readline()
        assert self.first.startswith("Der Hub läuft auf http://127.0.0.1:"), self.process.communicate()
        line = next(line.strip() for line in self.process.stdout if line.startswith("QL1-"))
        enrolment = read_enrolment_text(line)
        retries = urllib3.Retry(total=None, connect=60, backoff_factor=0.05, backoff_max=0.2)
        answer = urllib3.request("GET", enrolment.address + "/healthz", retries=retries)
        assert answer.json()["status"] == "ok"
        return enrolment

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        _out, error = self.process.communicate(timeout=60)
        return self.process.returncode, error


def free_port() -> str:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def whose(enrolment: Enrolment) -> Any:
    return urllib3.request(
        "POST",
        enrolment.address + "/v1/enrol/preview",
        json={"code": enrolment.code},
        headers={"Quartierslotse-Client": "0.1.0"},
    ).json()


def servers_of(folder: Path) -> list[int]:
    """The PostgreSQL servers that have their data there."""
    found = psutil.process_iter(["name", "cmdline", "status"])
    return [
        process.pid
        for process in found
        if process.info["name"] == "postgres"
        and process.info["status"] != psutil.STATUS_ZOMBIE
        and str(folder / "postgresql") in (process.info["cmdline"] or [])
    ]


def test_a_trial_on_postgresql_ends_in_order_and_keeps_its_data(tmp_path: Path) -> None:
    folder, port = tmp_path / "probe", free_port()
    trial = Trial(folder, "--port", port)
    first = trial.code()
    assert "PostgreSQL" in trial.first
    assert servers_of(folder)
    before = whose(first)
    assert before["office"]["name"] == "Quartiersbüro Beispielstadt"

    second = Trial(folder, "--port", free_port())
    _out, error = second.process.communicate(timeout=60)
    assert second.process.returncode == 1
    assert "läuft schon ein Hub" in error

    assert trial.end(signal.SIGTERM) == (0, "")
    assert servers_of(folder) == []

    # Killed: the server is left behind, taken over by the next trial, and stopped with it.
    killed = Trial(folder, "--port", port)
    killed.code()
    killed.process.kill()
    killed.process.communicate()
    assert servers_of(folder)
    again = Trial(folder, "--port", port)
    after = whose(again.code())
    assert (after["hub_id"], after["office"]) == (before["hub_id"], before["office"])
    assert again.end(signal.SIGINT) == (0, "")
    assert servers_of(folder) == []


def test_a_trial_on_sqlite(tmp_path: Path) -> None:
    folder, port = tmp_path / "probe", free_port()
    trial = Trial(folder, "--sqlite", "--port", port)
    first = whose(trial.code())
    assert "SQLite" in trial.first
    other = Trial(tmp_path / "other", "--sqlite", "--port", port)
    out, error = other.process.communicate(timeout=60)
    assert other.process.returncode == 1
    assert out == "", "nothing runs there, and its code opens nothing"
    assert error.splitlines()[-1].endswith("Ein anderer geht mit --port.")
    assert "Traceback" not in error
    assert trial.end(signal.SIGHUP) == (0, "")
    again = Trial(folder, "--sqlite", "--port", port)
    assert whose(again.code())["hub_id"] == first["hub_id"]
    assert again.end() == (0, "")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_second_carrier_comes_to_a_trial_with_the_tool(tmp_path: Path, engine: str) -> None:
    folder = tmp_path / "probe"
    trial = Trial(folder, "--port", "0", *(["--sqlite"] if engine == "sqlite" else []))
    first = trial.code()

    def tool(*words: str) -> tuple[int, str, str]:
        called = Trial(folder, "tool", *words).process
        out, error = called.communicate(timeout=60)
        return called.returncode, out, error

    assert tool("space", "add-office", "--carrier", "Zweiter Träger", "--name", "Zweites Büro")[0] == 0
    code, out, error = tool("enrol", "Zweites Büro")
    assert (code, error) == (0, "")
    enrolment = read_enrolment_text(out.splitlines()[-1])
    assert enrolment.address == first.address
    assert whose(enrolment)["carrier"]["name"] == "Zweiter Träger"
    assert tool("dance")[0] == 2
    assert trial.end() == (0, "")
    code, out, error = tool("space", "list")
    assert (code, out) == (1, "")
    assert error == f"In „{folder}“ läuft gerade kein Hub. Bitte starten Sie ihn zuerst, in einem anderen Fenster.\n"


def test_a_trial_takes_a_free_port(tmp_path: Path) -> None:
    trial = Trial(tmp_path / "probe", "--sqlite", "--port", "0")
    enrolment = trial.code()
    assert not enrolment.address.endswith(":0")
    assert enrolment.address in trial.first
    assert trial.end() == (0, "")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--port", "70000"), 1, "70000 ist kein Anschluss"),
        (("--port", "http"), 2, "'http' passt hier nicht"),
        (("--colour",), 2, "Diese Angabe gibt es hier nicht: --colour"),
    ],
)
def test_wrong_words(tmp_path: Path, words: tuple[str, ...], code: int, says: str) -> None:
    trial = Trial(tmp_path / "probe", *words)
    _out, error = trial.process.communicate(timeout=60)
    assert trial.process.returncode == code
    assert says in error
