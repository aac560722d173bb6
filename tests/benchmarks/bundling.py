"""What the exchange by file costs: giving out all an office has, and taking it over, beside fetching the same from a hub."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_app.core.progress import NoProgress
from desktop_app.sync.enrolment_text import enrolment_text
from tests.benchmarks.measuring import Figure, Wishes, median, spread
from tests.benchmarks.scratch_data import fill_month
from tests.benchmarks.syncing import (
    MONTH,
    answer_of,
    connect,
    grouped,
    in_step,
    installation,
    let_in,
    variables_of,
)
from tests.hub.running import TEST_SETTINGS, HubProcess, Postgres

_GIVE_OUT_S = 15.0
#: Taking over does what a first sync does, without the way to the hub.
_AS_LONG_AS_A_SYNC = 1.0


def measure(wishes: Wishes) -> list[Figure]:
    """Measure both directions of the exchange with 10,000 contacts that no hub has seen."""
    contacts = 1_000 if wishes.quick else 10_000
    runs = 1 if wishes.quick else 3
    folder = wishes.folder("bundle")
    server = Postgres(folder / "data", durable=True)
    try:
        given, taken, fetched = _both_ways(folder, server, contacts, runs)
    finally:
        server.close()
    if any(answer["contacts"] != contacts for answer in (*taken, *fetched)):
        raise RuntimeError("not every contact arrived")
    seconds = [answer["seconds"] for answer in taken]
    return [
        Figure(
            "bundle_export",
            f"Auf den Stick ausgeben: alles mit {grouped(contacts)} Kontakten",
            "s",
            given,
            limit=_GIVE_OUT_S,
            limit_is_ratio=False,
            runs=1,
            details={"contacts": contacts},
        ),
        Figure(
            "bundle",
            f"Vom Stick übernehmen: {grouped(contacts)} Kontakte",
            "s",
            median(seconds),
            limit=_AS_LONG_AS_A_SYNC,
            peer=median([answer["seconds"] for answer in fetched]),
            peer_title="dieselben Kontakte über den Hub",
            runs=runs,
            note="daneben speichert jemand alle 500 ms; das Verzeichnis haben beide Rechner schon",
            details={
                "contacts": contacts,
                "records": taken[0]["received"],
                "seconds": spread(seconds, 1),
                "cpu_seconds": spread([answer["cpu_seconds"] for answer in taken], 1),
                "peer_cpu_seconds": spread([answer["cpu_seconds"] for answer in fetched], 1),
                "longest_save_ms": spread([answer["longest_save_ms"] for answer in taken], 1),
            },
        ),
    ]


def _both_ways(
    folder: Path, server: Postgres, contacts: int, runs: int
) -> tuple[float, list[dict[str, Any]], list[dict[str, Any]]]:
    """Return how long giving out took, in seconds, and what the processes that took over and that fetched tell, in turn."""
    stick = folder / "stick"
    stick.mkdir()
    hub = HubProcess(replace(TEST_SETTINGS, database=server.new_database()))
    try:
        office = hub.add_office("Messträger", "Quartiersbüro Messung")
        first, second = installation(folder / "erster"), installation(folder / "zweiter")
        try:
            connect(first, enrolment_text(hub.address, hub.code(office), hub.hub_id))
            in_step(first)
            let_in(second, first)
            for application in (second, first, second):
                in_step(application)
            fill_month(first.store, MONTH, contacts)
            began = time.perf_counter()
            path = first.bundles.export(first.actor, stick, NoProgress(), everything=True).path
            given = time.perf_counter() - began
            # The rows were written beside the outbox: whoever compares finds them.
            with first.store.unit_of_work(first.actor, "measured", None) as unit:
                unit.derived("UPDATE sync_space SET compare = '-' WHERE kind = 'office'")
            in_step(first)
            account = second.actor.account_id
        finally:
            first.close()
            second.close()
        variables = variables_of(folder / "zweiter", account)
        taken: list[dict[str, Any]] = []
        fetched: list[dict[str, Any]] = []
        for run in range(runs):
            for name, answers, module, more in (
                ("stick", taken, "bundle_process", str(path)),
                ("hub", fetched, "first_sync_process", "0"),
            ):
                copy = folder / f"{name}-{run}"
                shutil.copytree(folder / "zweiter", copy)
                answers.append(answer_of(module, copy, variables, more))
    finally:
        hub.close()
    return given, taken, fetched
