"""What sync costs a desk: sending and fetching everything an office has, rounds with nothing to do, the window's pauses.

The hub is a process of its own on a PostgreSQL of its own, as in use.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from tests.benchmarks.measuring import Figure, Wishes, median, spread
from tests.benchmarks.scratch_data import ACTOR, fill_month
from tests.hub.running import TEST_SETTINGS, HubProcess, Postgres

ROOT = Path(__file__).resolve().parents[2]
MONTH = Month(2026, 1)
PASSWORD = "Messung beim Abgleich 2026"
_HANDSHAKES = 20
_FIRST_SYNC_S = 15.0
_IDLE_CPU_MS = 20.0
_IDLE_ROUNDS = 50


def measure(wishes: Wishes) -> list[Figure]:
    """Measure the first sync of both desks of an office with 10,000 contacts, idle rounds, and the pause of the window."""
    contacts = 1_000 if wishes.quick else 10_000
    runs = 1 if wishes.quick else 3
    folder = wishes.folder("sync")
    server = Postgres(folder / "data", durable=True)
    try:
        office = _Office(folder, server, contacts)
        fetched = [office.run("first_sync_process", str(_IDLE_ROUNDS)) for _ in range(runs)]
        typed = [office.run("sync_process") for _ in range(runs)]
    finally:
        server.close()
    if any(answer["contacts"] != contacts for answer in fetched):
        raise RuntimeError("not every contact arrived")
    return [
        *_first_syncs(contacts, office.sent_s, fetched),
        _idle_round(fetched),
        Figure(
            "sync_pause",
            f"Längste Pause des Fensters, während {grouped(contacts)} Kontakte abgeglichen werden",
            "ms",
            median([answer["with"]["longest_ms"] for answer in typed]),
            limit=50.0,
            limit_is_ratio=False,
            peer=median([max(answer[when]["longest_ms"] for when in ("before", "after")) for answer in typed]),
            peer_title="dieselben Tasten und dasselbe Speichern ohne Abgleich",
            runs=runs,
            note="eine Taste alle 80 ms in der Suche, ein gespeicherter Kontakt alle 500 ms",
            details={"contacts": contacts, "runs": typed},
        ),
    ]


def _first_syncs(contacts: int, sent_s: float, fetched: list[dict[str, Any]]) -> list[Figure]:
    seconds = [answer["seconds"] for answer in fetched]
    return [
        Figure(
            "sync_first_push",
            f"Erster Rechner: verbinden und {grouped(contacts)} Kontakte verschlüsselt senden",
            "s",
            sent_s,
            limit=_FIRST_SYNC_S,
            limit_is_ratio=False,
            runs=1,
            details={"contacts": contacts},
        ),
        Figure(
            "sync_first",
            f"Zweiter Rechner: erster Abgleich mit {grouped(contacts)} verschlüsselten Kontakten",
            "s",
            median(seconds),
            limit=_FIRST_SYNC_S,
            limit_is_ratio=False,
            runs=len(fetched),
            note="Hub und PostgreSQL laufen auf demselben Rechner; dazu Bedarfe, Vermittlungen, Strichliste und Verzeichnis",
            details={
                "contacts": contacts,
                "records": fetched[0]["received"],
                "seconds": spread(seconds, 1),
                "cpu_seconds": spread([answer["cpu_seconds"] for answer in fetched], 1),
            },
        ),
    ]


def _idle_round(fetched: list[dict[str, Any]]) -> Figure:
    cpu = [seconds for answer in fetched for seconds in answer["idle_cpu_seconds"]]
    return Figure(
        "sync_idle",
        "Eine Runde, in der nichts zu tun ist: Rechenzeit des Programms",
        "ms",
        median(cpu) * 1000,
        limit=_IDLE_CPU_MS,
        limit_is_ratio=False,
        runs=len(cpu),
        details={"cpu_ms": spread(cpu)},
    )


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


class _Office:
    """Two desks of an office: the first has sent all it has, the second is let in and has received nothing."""

    def __init__(self, folder: Path, server: Postgres, contacts: int) -> None:
        self._folder, self._server = folder, server
        self._runs = 0
        hub = HubProcess(replace(TEST_SETTINGS, database=server.new_database()))
        try:
            self._new, self._variables, self.sent_s = _desk_at_the_door(folder, hub, contacts)
        finally:
            hub.close()
        self._settings = replace(hub.settings, port=hub.port)

    def run(self, module: str, *more: str) -> dict[str, Any]:
        """Run a process with the second desk. Each begins with the same desk and the same hub, which know of no other run."""
        self._runs += 1
        database = self._settings.database
        former = database.partition("?")[0].rpartition("/")[2]
        name = f"{former}_run_{self._runs}"
        self._server.sql(f"CREATE DATABASE {name} TEMPLATE {former}")
        hub = HubProcess(replace(self._settings, database=self._server.url(name)))
        try:
            copy = self._folder / f"run-{self._runs}"
            shutil.copytree(self._new, copy)
            return answer_of(module, copy, self._variables, *more)
        finally:
            hub.close()


def _desk_at_the_door(folder: Path, hub: HubProcess, contacts: int) -> tuple[Path, dict[str, str], float]:
    """Return the second desk's folder, what its processes need, and how long the first desk took to send, in seconds."""
    office = hub.add_office("Messträger", "Quartiersbüro Messung")
    first = installation(folder / "erster")
    second = installation(folder / "zweiter")
    try:
        fill_month(first.store, MONTH, contacts)
        code = enrolment_text(hub.address, hub.code(office), hub.hub_id)
        began = time.perf_counter()
        connect(first, code)
        in_step(first)
        sent_s = time.perf_counter() - began
        let_in(second, first)
        account = second.actor.account_id
    finally:
        first.close()
        second.close()
    return folder / "zweiter", variables_of(folder / "zweiter", account), sent_s


def let_in(second: Application, first: Application) -> None:
    """Connect the second desk and let it in by the first."""
    connect(second, first.sync.invite(first.actor, "Zweiter").code)
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


def variables_of(folder: Path, account: str) -> dict[str, str]:
    """Return what processes with this installation need."""
    (slot,) = (slot for slot in read_slots(DataFolder(folder).key_slots) if slot.kind is SlotKind.PASSWORD)
    return {KEY_VARIABLE: open_slot(slot, PASSWORD).hex(), ACCOUNT_VARIABLE: account}


def installation(folder: Path) -> Application:
    clock = SystemClock()
    surroundings = Surroundings(clock, UuidFactory(clock), DerivationCost(time_cost=1, memory_kibibytes=8_192))
    wishes = SetUp("Quartiersbüro Messung", "Messträger", NewAccount("messung", "Messung", "ME"), PASSWORD)
    application, _recovery_key = set_up(DataFolder(folder), wishes, surroundings)
    insert_synthetic_services(application.store, ACTOR, 300, seed=11)
    return application


def connect(application: Application, code: str) -> None:
    application.sync.connect(application.actor, code, "Messung", NoProgress())


def in_step(application: Application) -> None:
    while not application.sync.run(application.actor, NoProgress()).is_complete:
        pass


def answer_of(module: str, folder: Path, variables: dict[str, str], *more: str) -> dict[str, Any]:
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "QT_QPA_PLATFORM": "offscreen", **variables,
    }  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}", str(folder), *more],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if answer.returncode or not answer.stdout.strip():
        raise RuntimeError(f"nothing was brought into step: {answer.stderr}")
    return json.loads(answer.stdout.splitlines()[-1])
