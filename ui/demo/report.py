"""REPORT.md: what the demo did and how long each step took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Report:
    """Collects steps with their durations and writes them as a table."""

    steps: list[tuple[str, float, str]] = field(default_factory=list)

    @contextmanager
    def step(self, title: str) -> Iterator[list[str]]:
        """Measure one step; what is appended to the list becomes its remark."""
        remarks: list[str] = []
        begun = time.perf_counter()
        yield remarks
        seconds = time.perf_counter() - begun
        self.steps.append((title, seconds, " ".join(remarks)))
        print(f"  {title}: {seconds:.2f} s {' '.join(remarks)}".rstrip(), flush=True)  # noqa: T201

    def write(self, path: Path, head: str) -> None:
        """Write the report."""
        lines = [head, "", "| Schritt | Dauer | Bemerkung |", "|---|---:|---|"]
        lines += [f"| {title} | {seconds:.2f} s | {remark} |" for title, seconds, remark in self.steps]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
