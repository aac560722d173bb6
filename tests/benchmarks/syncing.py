"""The window's longest pause while a desk fetches everything its office has, with a real hub in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from desktop_app.bootstrap import Application, SetUp, Surroundings, set_up
from desktop_app.core.clock import SystemClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.months import Month
from desktop_app.core.progress import NoProgress
from desktop_app.directory.synthetic import insert_synthetic_services
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost, SlotKind, open_slot, read_slots
from desktop_app.sync.enrolment_text import enrolment_text
from tests.benchmarks.backup_process import ACCOUNT_VARIABLE, KEY_VARIABLE
from tests.benchmarks.measuring import Figure, Wishes, median
from tests.benchmarks.scratch_data import ACTOR, fill_month
from tests.hub.running import TEST_SETTINGS, HubProcess

ROOT = Path(__file__).resolve().parents[2]
MONTH = Month(2026, 1)
PASSWORD = "Messung beim Abgleich 2026"
_HANDSHAKES = 20


def measure(wishes: Wishes) -> list[Figure]:
    """Measure the pause while 10,000 contacts come in, and how long that takes."""
    contacts = 1_000 if wishes.quick else 10_000
    runs = 1 if wishes.quick else 3
    folder = wishes.folder("sync")
    hub = HubProcess(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
    try:
        new, variables = _desk_at_the_door(folder, hub, contacts)
        answers = [_run(new, folder / f"lauf-{number}", variables) for number in range(runs)]
    finally:
        hub.close()
    return [
        Figure(
            "sync_pause",
            f"Längste Pause des Fensters, während {contacts:,} Kontakte abgeglichen werden".replace(",", "."),
            "ms",
            median([answer["with"]["longest_ms"] for answer in answers]),
            limit=50.0,
            limit_is_ratio=False,
            peer=median([max(answer[when]["longest_ms"] for when in ("before", "after")) for answer in answers]),
            peer_title="dieselben Tasten und dasselbe Speichern ohne Abgleich",
            runs=runs,
            note="eine Taste alle 80 ms in der Suche, ein gespeicherter Kontakt alle 500 ms",
            details={"contacts": contacts, "runs": answers},
        )
    ]


def _desk_at_the_door(folder: Path, hub: HubProcess, contacts: int) -> tuple[Path, dict[str, str]]:
    """Two desks of an office: the first has sent all it has, the second is let in and has received nothing."""
    office = hub.add_office("Messträger", "Quartiersbüro Messung")
    first = _installation(folder / "erster")
    second = _installation(folder / "zweiter")
    try:
        fill_month(first.store, MONTH, contacts)
        _connect(first, enrolment_text(hub.address, hub.code(office), hub.hub_id))
        _in_step(first)
        _connect(second, first.sync.invite(first.actor, "Zweiter").code)
        words: tuple[str, ...] = ()
        device = ""
        for _ in range(_HANDSHAKES):
            second.sync.run(second.actor, NoProgress())
            first.sync.run(first.actor, NoProgress())
            waiting = first.sync.waiting_desks()
            device = waiting[0].device_id if waiting else ""
            words = first.sync.words_of(device) if device else ()
            if words and second.sync.admission_words() == words:
                break
        if not words:
            raise RuntimeError("the two desks came to no words")
        first.sync.admit(first.actor, device)
        first.sync.run(first.actor, NoProgress())
        second.sync.confirm_admission(second.actor)
        account = second.actor.account_id
    finally:
        first.close()
        second.close()
    data = DataFolder(folder / "zweiter")
    (slot,) = (slot for slot in read_slots(data.key_slots) if slot.kind is SlotKind.PASSWORD)
    return data.root, {KEY_VARIABLE: open_slot(slot, PASSWORD).hex(), ACCOUNT_VARIABLE: account}


def _installation(folder: Path) -> Application:
    clock = SystemClock()
    surroundings = Surroundings(clock, UuidFactory(clock), DerivationCost(time_cost=1, memory_kibibytes=8_192))
    wishes = SetUp("Quartiersbüro Messung", "Messträger", NewAccount("messung", "Messung", "ME"), PASSWORD)
    application, _recovery_key = set_up(DataFolder(folder), wishes, surroundings)
    insert_synthetic_services(application.store, ACTOR, 300, seed=11)
    return application


def _connect(application: Application, code: str) -> None:
    application.sync.connect(application.actor, code, "Messung", NoProgress())


def _in_step(application: Application) -> None:
    while not application.sync.run(application.actor, NoProgress()).is_complete:
        pass


def _run(installation: Path, folder: Path, variables: dict[str, str]) -> dict[str, dict[str, float]]:
    """Each run begins with the same desk, which has received nothing."""
    shutil.copytree(installation, folder)
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "QT_QPA_PLATFORM": "offscreen", **variables,
    }  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.sync_process", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if answer.returncode or not answer.stdout.strip():
        raise RuntimeError(f"nothing was brought into step: {answer.stderr}")
    return json.loads(answer.stdout.splitlines()[-1])
