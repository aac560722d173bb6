"""Peewee logs bound values, and even the key, at DEBUG: whatever the root logger says, that must not be written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import logging, secrets, sys
from pathlib import Path

logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)

from desktop_app.core.actor import Actor
from desktop_app.core.clock import SystemClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.storage.opening import create_store

clock = SystemClock()
store = create_store(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), clock, UuidFactory(clock), NoticeBoard())
with store.unit_of_work(Actor("a", "Erika Muster", "EM"), "test", subject=("test", "Vertrauliches")) as unit:
    unit.sql("SELECT ?", ("Vertrauliches",))
store.close()
print("level", logging.getLogger("peewee").getEffectiveLevel() >= logging.INFO)
"""


def test_values_and_key_stay_out_of_a_debug_log(root: Path, tmp_path: Path) -> None:
    key = "5e" * 32
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "store.db"), key],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[-1] == "level True"
    assert "Vertrauliches" not in answer.stdout + answer.stderr
    assert key not in answer.stdout + answer.stderr
    assert "DEBUG:peewee" not in answer.stdout
