"""Start to a usable window, and memory when idle, against a bare PySide6 window: fresh processes in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.bootstrap import SetUp, Surroundings, set_up
from desktop_app.core.clock import SystemClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.months import Month
from desktop_app.directory.synthetic import insert_synthetic_services
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost, SlotKind, open_slot, read_slots
from tests.benchmarks.measuring import Figure, Wishes, median, spread
from tests.benchmarks.scratch_data import ACTOR, fill_month
from tests.benchmarks.window_process import ACCOUNT_VARIABLE, IDLE_MS, KEY_VARIABLE, TODAY_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
SERVICES, CONTACTS = 3_000, 1_000
PASSWORD = "Messung im Leerlauf 2026"


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
    variables = _installation(folder)
    sign_in = _Side(("sign-in", str(folder)))
    reception = _Side(("reception", str(folder)), variables)
    bare = _Side(("bare",))
    sides = [sign_in, bare, reception]
    runs = 3 if wishes.quick else 11
    for run in range(-1, runs):
        # The first round only fills the caches of the disk and writes the byte code.
        for side in sides:
            side.run(keep=run >= 0)
        sides = [*sides[1:], sides[0]]
    peer_title = "QMainWindow mit QLabel, gleicher Python, gleiche Schalter, frische Prozesse im Wechsel"
    installed = f"verschlüsselte Daten mit {SERVICES} Angeboten und {CONTACTS} Kontakten"
    figures = [
        Figure(
            key,
            title,
            "ms",
            median(side.seconds) * 1000,
            limit=1.5,
            peer=median(bare.seconds) * 1000,
            peer_title=peer_title,
            runs=runs,
            note=f"{note}; {installed}",
            details={"ours_ms": spread(side.seconds), "peer_ms": spread(bare.seconds)},
        )
        for key, title, side, note in (
            ("start", "Start bis zur Anmeldung", sign_in, "wie „python -m ui“, bis nach dem ersten Bild Ruhe ist"),
            (
                "start_reception",
                "Start bis zum Empfang ohne Anmeldung",
                reception,
                "mit dem Datenschlüssel geöffnet, bis nach dem ersten Bild mit gefüllter Liste Ruhe ist",
            ),
        )
    ]
    kind = _kind_of_memory(reception, bare)
    if kind is None:
        wishes.say("Arbeitsspeicher: dieses System nennt ihn nicht; nicht gemessen.")
        return figures
    ours, peer = ([row[kind] / 1024 for row in side.memory] for side in (reception, bare))
    figures.append(
        Figure(
            "memory",
            "Arbeitsspeicher im Leerlauf",
            "MB",
            median(ours),
            limit=1.6,
            peer=median(peer),
            peer_title="dasselbe bloße Fenster",
            runs=runs,
            note=f"{kind} aus /proc, {IDLE_MS} ms nach dem ersten Bild des Empfangs",
            details={
                "kind": kind,
                "ours_kb": {name: [row.get(name) for row in reception.memory] for name in reception.memory[0]},
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
    """Make an installation to start with and return what the process needs to open it without a password."""
    data = DataFolder(folder)
    clock = SystemClock()
    surroundings = Surroundings(clock, UuidFactory(clock), DerivationCost(time_cost=1, memory_kibibytes=8_192))
    wishes = SetUp("Quartiersbüro Messung", "Messträger", NewAccount("messung", "Messung", "ME"), PASSWORD)
    application, _recovery_key = set_up(data, wishes, surroundings)
    try:
        store, account_id = application.store, application.actor.account_id
        insert_synthetic_services(store, ACTOR, SERVICES, seed=11)
        today = clock.today()
        fill_month(store, Month.of(today), CONTACTS)
        shown = len(application.contact_queries.contacts_of_day(today))
    finally:
        application.close()
    (slot,) = (slot for slot in read_slots(data.key_slots) if slot.kind is SlotKind.PASSWORD)
    key = open_slot(slot, PASSWORD)
    return {KEY_VARIABLE: key.hex(), ACCOUNT_VARIABLE: account_id, TODAY_VARIABLE: str(shown)}
