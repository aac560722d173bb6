"""A report tells kind and places and nothing of the data; a dying process leaves its places behind."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import desktop_app
from desktop_app.environment.crash_report import CrashLog, CrashReport, redacted_fault, report_of
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.start_record import StartRecord

NOW = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
DIE = """
import faulthandler, sys
from pathlib import Path
from desktop_app.environment.crash_report import CrashLog
from desktop_app.environment.folders import DataFolder

def the_place_of_death(visitor):
    faulthandler._sigsegv()

CrashLog(DataFolder(Path(sys.argv[1]))).begin()
the_place_of_death("Frau Geheim")
"""


def fail(visitor: str) -> None:
    try:
        int(visitor)
    except ValueError as error:
        raise KeyError(visitor) from error


def test_the_report_holds_version_system_kind_and_places_and_no_value(tmp_path: Path) -> None:
    with pytest.raises(KeyError) as caught:
        fail("Frau Geheim")
    text = report_of(caught.value, NOW).text()
    assert desktop_app.__version__ in text
    assert "2026-11-22T09:40:00.000Z" in text
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text
    assert "tests/environment/test_crash_report.py" in text
    assert "in fail" in text
    assert "sqlcipher3: 0." in text
    assert "Geheim" not in text
    assert str(Path.home()) not in text
    assert str(ROOT) not in text


def test_further_parts_are_listed() -> None:
    assert "Qt: 6.11" in CrashReport(NOW, "x", {"Qt": "6.11"}).text()


def test_a_process_that_dies_leaves_its_places_and_the_next_run_reads_them(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "daten")
    done = subprocess.run(
        [sys.executable, "-c", DIE, str(folder.root)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    log = CrashLog(folder)
    left = log.begin()
    log.end()
    assert "the_place_of_death" in left
    assert "Geheim" not in left
    assert not (folder.logs / "absturz.log").exists()
    assert CrashLog(folder)._left() == ""


def test_a_quiet_run_leaves_nothing(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    log = CrashLog(folder)
    assert log.begin() == ""
    log.end()
    log.end()
    assert list(folder.logs.iterdir()) == []


def test_only_lines_about_places_pass(tmp_path: Path) -> None:
    fault = (
        "Fatal Python error: Segmentation fault\n\n"
        "Current thread 0x00007f5d [quartierslotse-task] (most recent call first):\n"
        '  File "/ordner/erika.muster/geheim/programm.py", line 3 in lies\n'
        '  File "/ordner/erika.muster/venv/lib/python3.11/site-packages/peewee/core.py", line 9 in <module>\n'
        "Extension modules: shiboken6\n"
        "Frau Geheim war da\n"
    )
    text = redacted_fault(fault)
    assert text.splitlines() == [
        "Fatal Python error: Segmentation fault",
        "Current thread",
        "  programm.py:3 in lies",
        "  peewee/core.py:9 in <module>",
    ]


def test_a_folder_that_refuses_costs_only_the_log(tmp_path: Path) -> None:
    blocked = tmp_path / "datei"
    blocked.write_text("x")
    log = CrashLog(DataFolder(blocked))
    assert log.begin() == ""
    log.end()
    record = StartRecord(DataFolder(blocked))
    record.begin()
    assert record.failed_starts() == 0


def test_three_failed_starts_offer_the_safe_start_and_a_good_one_forgets_them(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    for number in range(3):
        record = StartRecord(folder)
        assert record.failed_starts() == number
        assert not record.offers_safe_start
        record.begin()
    record = StartRecord(folder)
    assert record.offers_safe_start
    record.begin()
    record.succeed()
    assert not StartRecord(folder).offers_safe_start


def test_an_error_before_the_start_succeeded_is_no_success(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    record = StartRecord(folder)
    record.begin()
    record.error_happened()
    record.succeed()
    assert record.failed_starts() == 1
    later = StartRecord(folder)
    later.begin()
    later.succeed()
    later.error_happened()
    assert later.failed_starts() == 0


@pytest.mark.parametrize("content", ["", "[]", '{"failed": "x"}', '{"failed": -4}'])
def test_a_damaged_count_is_none(tmp_path: Path, content: str) -> None:
    folder = DataFolder(tmp_path)
    folder.logs.mkdir()
    (folder.logs / "starts.json").write_text(content)
    assert StartRecord(folder).failed_starts() == 0
