"""Measures the program against bare peers in the same run: `start.py bench`."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.measuring import Figure, Wishes, machine, table

#: What can be measured, in the order of the table: name and module.
ITEMS = {
    "start": "tests.benchmarks.starting",
    "save": "tests.benchmarks.saving",
    "search": "tests.benchmarks.searching",
    "month": "tests.benchmarks.month",
    "sheet": "tests.benchmarks.sheet",
    "generate": "tests.benchmarks.generating",
    "backup": "tests.benchmarks.backing_up",
    "hub": "tests.benchmarks.hub_traffic",
    "sync": "tests.benchmarks.syncing",
    "bundle": "tests.benchmarks.bundling",
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog="start.py bench", description="Misst Quartierslotse gegen bloße Vergleiche.")
    parser.add_argument("--json", action="store_true", help="Ausgabe als JSON")
    parser.add_argument("--quick", action="store_true", help="weniger Daten und weniger Läufe")
    parser.add_argument(
        "--only", action="append", choices=tuple(ITEMS), metavar="NAME", help=f"nur dies: {', '.join(ITEMS)}"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. The exit code is 0 whatever the figures are; 1 if a measurement could not be made."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    chosen = options.only or list(ITEMS)
    facts = machine()
    figures: list[Figure] = []

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="quartierslotse-bench-") as scratch:
        wishes = Wishes(Path(scratch), quick=options.quick, say=say)
        for name, module in ITEMS.items():
            if name in chosen:
                say(f"Messung: {name} …")
                figures += importlib.import_module(module).measure(wishes)
    if options.json:
        result = {"machine": facts, "quick": options.quick, "figures": [figure.as_json() for figure in figures]}
        print(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        print(", ".join(f"{name}: {value}" for name, value in facts.items()))
        print()
        print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
