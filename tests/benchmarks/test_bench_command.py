"""The measurements run and say what they say in a known shape; how long anything takes is never tested here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import ITEMS
from tests.benchmarks.measuring import Figure, percentile, table

ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "key",
    "title",
    "unit",
    "ours",
    "peer",
    "peer_title",
    "ratio",
    "limit",
    "limit_is_ratio",
    "within_limit",
    "runs",
    "note",
    "details",
}


def bench(*arguments: str, scratch: Path) -> subprocess.CompletedProcess[str]:
    """Run the command the way `start.py bench` does."""
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TMPDIR": str(scratch), "TEMP": str(scratch)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_json_has_machine_and_figures_and_nothing_stays_behind(tmp_path: Path) -> None:
    answer = bench("--json", "--quick", "--only", "save", "--only", "sheet", scratch=tmp_path)
    assert answer.returncode == 0, answer.stderr
    result = json.loads(answer.stdout)
    assert {"python", "cores", "system"} <= set(result["machine"])
    assert result["quick"] is True
    assert [figure["key"] for figure in result["figures"]] == ["save", "save_full", "sheet"]
    for figure in result["figures"]:
        assert set(figure) == KEYS
        assert figure["ours"] > 0
        assert figure["peer"] > 0
        assert figure["runs"] > 0
    sheet = result["figures"][-1]["details"]
    assert sheet["words_only_ours"] == [], "the peer sets the same words"
    assert list(tmp_path.iterdir()) == []


def test_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    answer = bench("--only", "nothing", scratch=tmp_path)
    assert answer.returncode == 2
    for name in ITEMS:
        assert name in answer.stderr


def test_table_says_what_is_over_its_limit() -> None:
    slow = Figure("slow", "Langsam", "ms", 30.0, limit=2.0, peer=10.0, peer_title="bloß")
    quick = Figure("quick", "Schnell", "ms", 3.0, limit=16.0, limit_is_ratio=False)
    lines = table([slow, quick]).splitlines()
    assert lines[2].split() == ["Langsam", "30.0", "ms", "10.0", "ms", "3.00", "×", "2", "DARÜBER"]
    assert lines[3].split() == ["Schnell", "3.00", "ms", "16.0", "ms", "ok"]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.95, 10), (0.9, 9), (1.0, 10), (0.01, 1)])
def test_percentile_is_a_value_that_occurred(share: float, expected: int) -> None:
    assert percentile(range(1, 11), share) == expected
