"""A hub to try out beside the demo, as `start.py hub` runs one: a process of its own, on this machine only."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr

ROOT = Path(__file__).resolve().parents[2]
#: what a hub runs on is not installed on every desk
_NEEDED = ("fastapi", "uvicorn")
_LONGEST_START_S = 60.0
_PAUSE_S = 0.05
_CODE = "QL1-"


@dataclass(frozen=True)
class TrialHub:
    """A running hub and the code of its example office."""

    address: str
    database: str
    example_code: str

    def code_for(self, carrier: str, office: str) -> str:
        """Add an office as the operator does; return a code for its first desk.

        Raises:
            EnvironmentProblem: the hub refused.
        """
        self._operate("space", "add-office", "--carrier", carrier, "--name", office)
        return _code_in(self._operate("enrol", office).splitlines())

    def _operate(self, *words: str) -> str:
        environment = {
            **_environment(),
            "QUARTIERSLOTSE_HUB_DATABASE": self.database,
            "QUARTIERSLOTSE_HUB_ADDRESS": self.address,
        }
        done = subprocess.run(
            [sys.executable, "-P", "-m", "hub.cli", *words],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            raise _problem()
        return done.stdout


@contextmanager
def trial_hub(folder: Path) -> Iterator[TrialHub | None]:
    """Run a hub on SQLite in `folder` as long as the block lasts; None where a hub can't run.

    Raises:
        EnvironmentProblem: it does not start.
    """
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        yield None
        return
    port = _free_port()
    command = [sys.executable, "-P", "-m", "hub.cli.trial", "--folder", str(folder), "--sqlite", "--port", str(port)]
    process = subprocess.Popen(
        command,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    try:
        if process.stdout is None:
            raise _problem()
        code = _code_in(process.stdout)
        _wait_for(port)
        yield TrialHub(f"http://127.0.0.1:{port}", f"sqlite:///{folder / 'hub.db'}", code)
    finally:
        process.terminate()
        process.communicate()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _code_in(lines: Iterable[str]) -> str:
    for line in lines:
        if line.startswith(_CODE):
            return line.strip()
    raise _problem()


def _wait_for(port: int) -> None:
    """Wait until somebody listens."""
    begun = time.monotonic()
    while time.monotonic() - begun < _LONGEST_START_S:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(_PAUSE_S)
    raise _problem()


def _problem() -> EnvironmentProblem:
    return EnvironmentProblem(tr("Der Abgleich-Server der Vorführung ließ sich nicht starten."))
