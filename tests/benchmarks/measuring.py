"""What a measurement is, how it is judged, and how the figures are printed."""

from __future__ import annotations

import gc
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One line of the table: our figure beside its peer of the same run, or against a fixed limit."""

    key: str
    title: str
    unit: str
    ours: float
    """Median of the runs (p95 where the title says so)."""
    limit: float
    peer: float | None = None
    peer_title: str = ""
    limit_is_ratio: bool = True
    """False: `limit` is in `unit` and the peer is only shown for comparison."""
    runs: int = 0
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Our figure as a multiple of the peer's."""
        return self.ours / self.peer if self.peer else None

    @property
    def within_limit(self) -> bool:
        """Tell whether the limit is kept."""
        judged = self.ratio if self.limit_is_ratio else self.ours
        return judged is not None and judged <= self.limit

    def as_json(self) -> dict[str, Any]:
        """Return the figure for `--json`."""
        return {
            "key": self.key,
            "title": self.title,
            "unit": self.unit,
            "ours": round(self.ours, 4),
            "peer": None if self.peer is None else round(self.peer, 4),
            "peer_title": self.peer_title,
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "limit": self.limit,
            "limit_is_ratio": self.limit_is_ratio,
            "within_limit": self.within_limit,
            "runs": self.runs,
            "note": self.note,
            "details": self.details,
        }


@dataclass(frozen=True)
class Wishes:
    """How thoroughly to measure and where scratch files may lie."""

    scratch: Path
    quick: bool = False
    say: Callable[[str], None] = print

    def folder(self, name: str) -> Path:
        """Return a new empty scratch folder."""
        folder = self.scratch / name
        folder.mkdir()
        return folder


def timed(action: Callable[[], object]) -> float:
    """Return how long one call takes, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def alternate(
    ours: Callable[[], object], peer: Callable[[], object], runs: int, *, warm_up: int = 1
) -> tuple[list[float], list[float]]:
    """Time both in turn, so that a busy moment of the machine meets both; the garbage collector waits."""
    for _ in range(warm_up):
        ours()
        peer()
    our_times: list[float] = []
    peer_times: list[float] = []
    gc.collect()
    gc.disable()
    try:
        for run in range(runs):
            # Who is first changes, so that neither always finds the caches the other left.
            pairs = [(ours, our_times), (peer, peer_times)]
            for action, times in pairs if run % 2 == 0 else reversed(pairs):
                times.append(timed(action))
    finally:
        gc.enable()
    return our_times, peer_times


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float], factor: float = 1000.0) -> dict[str, float]:
    """Return least, median and greatest value for the details."""
    return {
        "min": round(min(values) * factor, 3),
        "median": round(median(values) * factor, 3),
        "max": round(max(values) * factor, 3),
    }


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    import sqlcipher3

    connection = sqlcipher3.connect(":memory:")
    try:
        (cipher,) = connection.execute("PRAGMA cipher_version").fetchone() or ("?",)
    finally:
        connection.close()
    return {
        "system": platform.system(),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "sqlite": sqlcipher3.sqlite_version,
        "sqlcipher": cipher,
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table, with what the peers are below it."""
    head = ("Arbeit", "wir", "Vergleich", "Faktor", "Grenze", "")
    rows = [
        (
            figure.title,
            _number(figure.ours, figure.unit),
            "" if figure.peer is None else _number(figure.peer, figure.unit),
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            f"× {figure.limit:g}" if figure.limit_is_ratio else _number(figure.limit, figure.unit),
            "ok" if figure.within_limit else "DARÜBER",
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = ["  ".join(_cell(row, column, widths) for column in range(len(head))).rstrip() for row in (head, *rows)]
    lines.insert(1, "  ".join("-" * width for width in widths[:-1]))
    lines.append("")
    for figure in figures:
        if figure.peer_title:
            lines.append(f"{figure.title} – Vergleich: {figure.peer_title}")
        if figure.note:
            lines.append(f"{figure.title} – {figure.note}")
    return "\n".join(lines)


def _cell(row: Sequence[str], column: int, widths: Sequence[int]) -> str:
    return row[column].ljust(widths[column]) if column in {0, len(row) - 1} else row[column].rjust(widths[column])


def _number(value: float, unit: str) -> str:
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"
