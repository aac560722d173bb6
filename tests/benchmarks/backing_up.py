"""A backup while somebody types: the longest time the window does not answer, in a fresh process with the real window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from desktop_app.bootstrap import SetUp, Surroundings, set_up
from desktop_app.core.clock import SystemClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.months import Month
from desktop_app.directory.synthetic import insert_synthetic_services
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost, SlotKind, open_slot, read_slots
from tests.benchmarks.backup_process import ACCOUNT_VARIABLE, KEY_VARIABLE
from tests.benchmarks.measuring import Figure, Wishes, median
from tests.benchmarks.scratch_data import ACTOR, fill_month

ROOT = Path(__file__).resolve().parents[2]
SERVICES = 3_000
MONTH = Month(2026, 1)
PASSWORD = "Messung beim Sichern 2026"


def measure(wishes: Wishes) -> list[Figure]:
    """Measure the pause while 100,000 contacts are checked, copied, opened again and counted."""
    contacts = 10_000 if wishes.quick else 100_000
    runs = 1 if wishes.quick else 5
    folder = wishes.folder("backup")
    variables = _installation(folder, contacts)
    answers = [_run(folder, variables) for _ in range(runs)]
    grouped = f"{contacts:,}".replace(",", ".")
    with_backup = [answer["with"]["longest_ms"] for answer in answers]
    without = [answer[time]["longest_ms"] for answer in answers for time in ("before", "after")]
    return [
        Figure(
            "backup_pause",
            f"Längste Pause des Fensters, während {grouped} Kontakte gesichert werden",
            "ms",
            median(with_backup),
            limit=50.0,
            limit_is_ratio=False,
            peer=median(without),
            peer_title="dieselben Tasten und dasselbe Speichern ohne Sicherung, kurz davor und kurz danach",
            runs=runs,
            note="Mitte der längsten Pausen; eine Taste alle 80 ms in der Suche, ein gespeicherter Kontakt alle 500 ms",
            details={"contacts": contacts, "runs": answers},
        )
    ]


def _run(folder: Path, variables: dict[str, str]) -> dict[str, Any]:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "QT_QPA_PLATFORM": "offscreen", **variables,
    }  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.backup_process", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if answer.returncode or not answer.stdout.strip():
        raise RuntimeError(f"the backup was not made: {answer.stderr}")
    return {**json.loads(answer.stdout.splitlines()[-1]), "load": load}


def _installation(folder: Path, contacts: int) -> dict[str, str]:
    """Make an installation and return what the process needs to open it without a password."""
    data = DataFolder(folder)
    clock = SystemClock()
    surroundings = Surroundings(clock, UuidFactory(clock), DerivationCost(time_cost=1, memory_kibibytes=8_192))
    wishes = SetUp("Quartiersbüro Messung", "Messträger", NewAccount("messung", "Messung", "ME"), PASSWORD)
    application, _recovery_key = set_up(data, wishes, surroundings)
    try:
        account_id = application.actor.account_id
        insert_synthetic_services(application.store, ACTOR, SERVICES, seed=11)
        fill_month(application.store, MONTH, contacts)
    finally:
        application.close()
    (slot,) = (slot for slot in read_slots(data.key_slots) if slot.kind is SlotKind.PASSWORD)
    return {KEY_VARIABLE: open_slot(slot, PASSWORD).hex(), ACCOUNT_VARIABLE: account_id}
