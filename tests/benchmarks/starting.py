"""Start to a usable window, and memory when idle, against a bare PySide6 window: fresh processes in turn."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.contacts.queries import ContactQueries
from desktop_app.core.months import Month
from desktop_app.directory.synthetic import insert_synthetic_services
from desktop_app.security.accounts import NewAccount, create_account
from tests.benchmarks.measuring import Figure, Wishes, median, spread
from tests.benchmarks.scratch_data import ACTOR, fill_month, new_store
from tests.benchmarks.window_process import ACCOUNT_VARIABLE, IDLE_MS, KEY_VARIABLE, TODAY_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
SERVICES, CONTACTS = 3_000, 1_000


@dataclass
class _Side:
    """One of the two windows: how to start it and what was measured."""

    arguments: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    memory: list[dict[str, int]] = field(default_factory=list)

    def run(self, *, keep: bool) -> None:
        """Start a fresh process and wait for its end."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "QT_QPA_PLATFORM": "offscreen",
            **self.variables,
        }
        command = [sys.executable, "-P", "-m", "tests.benchmarks.window_process", *self.arguments]
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True, encoding="utf-8"
        )
        with process:
            assert process.stdout is not None
            assert process.stderr is not None
            usable = process.stdout.readline().strip()
            seconds = time.perf_counter() - start
            rest = process.stdout.read().splitlines()
            complaints = process.stderr.read()
        if usable != "usable" or not rest or not rest[-1].startswith("idle ") or process.returncode:
            raise RuntimeError(f"the window did not open: {[usable, *rest]}\n{complaints}")
        if keep:
            self.seconds.append(seconds)
            self.memory.append(json.loads(rest[-1].removeprefix("idle ")))


def measure(wishes: Wishes) -> list[Figure]:
    """Measure start and idle memory from the same processes."""
    folder = wishes.folder("start")
    program = _Side(("program", str(folder)), _installation(folder))
    bare = _Side(("bare",))
    runs = 3 if wishes.quick else 11
    for run in range(-1, runs):
        # The first pair only fills the caches of the disk and writes the byte code.
        for side in (program, bare) if run % 2 else (bare, program):
            side.run(keep=run >= 0)
    figures = [
        Figure(
            "start",
            "Start bis zum benutzbaren Fenster",
            "ms",
            median(program.seconds) * 1000,
            limit=1.5,
            peer=median(bare.seconds) * 1000,
            peer_title="QMainWindow mit QLabel, gleicher Python, gleiche Schalter, frische Prozesse im Wechsel",
            runs=runs,
            note=(
                f"gemessen bis zum ersten Bild des Empfangs mit gefüllter Liste und leerer Ereignisschlange; "
                f"{SERVICES} Angebote, {CONTACTS} Kontakte, angemeldet mit dem Datenschlüssel"
            ),
            details={"ours_ms": spread(program.seconds), "peer_ms": spread(bare.seconds)},
        )
    ]
    kind = _kind_of_memory(program, bare)
    if kind is None:
        wishes.say("Arbeitsspeicher: dieses System nennt ihn nicht; nicht gemessen.")
        return figures
    ours, peer = ([row[kind] / 1024 for row in side.memory] for side in (program, bare))
    figures.append(
        Figure(
            "memory",
            f"Arbeitsspeicher im Leerlauf ({kind})",
            "MB",
            median(ours),
            limit=1.6,
            peer=median(peer),
            peer_title="dasselbe bloße Fenster",
            runs=runs,
            note=f"{kind} aus /proc, {IDLE_MS} ms nach dem ersten Bild",
            details={
                "kind": kind,
                "ours_kb": {name: [row.get(name) for row in program.memory] for name in program.memory[0]},
                "peer_kb": {name: [row.get(name) for row in bare.memory] for name in bare.memory[0]},
            },
        )
    )
    return figures


def _kind_of_memory(*sides: _Side) -> str | None:
    """Return what every process told: resident memory as everybody sees it in the system's own list."""
    for kind in ("VmRSS", "Pss"):
        if all(kind in row for side in sides for row in side.memory):
            return kind
    return None


def _installation(folder: Path) -> dict[str, str]:
    """Make an installation to start with and return what the process needs to open it."""
    key = secrets.token_bytes(32)
    store = new_store(folder, key=key)
    try:
        create_account(store, ACTOR.account_id, NewAccount("messung", ACTOR.display_name, ACTOR.initials))
        insert_synthetic_services(store, ACTOR, SERVICES, seed=11)
        today = store.clock.today()
        fill_month(store, Month.of(today), CONTACTS)
        shown = len(ContactQueries(store).contacts_of_day(today))
    finally:
        store.close()
    return {KEY_VARIABLE: key.hex(), ACCOUNT_VARIABLE: ACTOR.account_id, TODAY_VARIABLE: str(shown)}
