"""start.py as people meet it: a first start, a second one, and after all that can go wrong in between."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Protocol

MADE_NEW = "Die Umgebung wird eingerichtet."
REPAIRED = "Sie wird neu gemacht."
READY = "Die Umgebung ist fertig."


class Finished(Protocol):
    stdout: str
    stderr: str
    returncode: int


def heard(answer: Finished) -> dict[str, Any]:
    """Return what the started program said of itself."""
    line = next(line for line in answer.stdout.splitlines() if line.startswith("{"))
    return dict(json.loads(line))


def test_first_start_second_start_and_what_is_handed_on(house: Any, tmp_path: Path) -> None:
    house.write_lock("runtime", house.make_wheel("kleinteil", "1.0"))

    first = house.start("search", "Pflege & Wohnen", "--limit", "3", folder=tmp_path, EXIT_CODE="2")
    assert first.returncode == 2, first.stderr
    assert MADE_NEW in first.stdout
    assert "1 von 1  kleinteil" in first.stdout, first.stdout
    assert heard(first) == {
        "module": "ui.command_line",
        "arguments": ["search", "Pflege & Wohnen", "--limit", "3"],
        "folder": str(tmp_path),
        "prefix": str(house.root / ".venv"),
        "platform": "",
    }
    assert house.installed("kleinteil") == "1.0"

    second = house.start("self-test")
    assert READY not in second.stdout
    assert heard(second)["module"] == "ui.command_line"

    # Without a display the demonstration is played, and its exit code is 0 or 1.
    plain = house.start()
    assert plain.returncode == 0, plain.stderr
    assert "kein Bildschirm" in plain.stdout
    assert heard(plain)["module"] == "ui.demo"
    assert heard(plain)["arguments"] == ["--out", str(house.root / "demo-ausgabe")]
    assert heard(plain)["platform"] == "offscreen"
    assert house.start(EXIT_CODE="3").returncode == 1
    assert heard(house.start("demo", "--out", "anderswo"))["arguments"] == ["--out", "anderswo"]

    # With a display it is the window; somebody who asks for offscreen gets the demonstration.
    assert heard(house.start(DISPLAY=":7"))["module"] == "ui.__main__"
    assert heard(house.start(DISPLAY=":7", QT_QPA_PLATFORM="offscreen"))["module"] == "ui.demo"

    # What developing installs includes the hub.
    house.start("test")
    assert "Pakete" not in house.start("hub").stdout


def test_a_newer_lock_is_installed_without_starting_over(house: Any) -> None:
    house.write_lock("runtime", house.make_wheel("kleinteil", "1.0"))
    house.start("self-test")
    keepsake = house.root / ".venv" / "keepsake"
    keepsake.touch()

    house.write_lock("runtime", house.make_wheel("kleinteil", "1.1"))
    answer = house.start("self-test")
    assert READY in answer.stdout
    assert MADE_NEW not in answer.stdout
    assert house.installed("kleinteil") == "1.1"
    assert keepsake.exists()

    # A lock that can't be had (no network, say): a sentence, and the next start tries again.
    house.write_lock("runtime", "gibtesnicht==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")
    offline = house.start("self-test")
    assert offline.returncode == 1
    assert "Ist das Netz erreichbar?" in offline.stderr
    assert "Traceback" not in offline.stderr
    house.write_lock("runtime", house.make_wheel("kleinteil", "1.2"))
    assert heard(house.start("self-test"))["module"] == "ui.command_line"
    assert house.installed("kleinteil") == "1.2"
    assert keepsake.exists()

    # A package whose content is not the one that was locked is not installed.
    line = house.make_wheel("kleinteil", "1.3")
    house.write_lock("runtime", line[:-65] + "f" * 64 + "\n")
    assert house.start("self-test").returncode == 1
    assert house.installed("kleinteil") == "1.2"


def test_broken_and_moved_environments_are_made_anew(house: Any) -> None:
    # What a killed first start leaves: half an environment, no marker.
    (house.root / ".venv" / "lib").mkdir(parents=True)
    (house.root / ".venv" / "pyvenv.cfg").write_text("home = nirgends\n", encoding="utf-8")
    answer = house.start("self-test")
    assert REPAIRED in answer.stdout
    assert heard(answer)["prefix"] == str(house.root / ".venv")

    # The interpreter is gone (the system's Python was replaced).
    house.python.unlink()
    answer = house.start("self-test")
    assert REPAIRED in answer.stdout
    assert heard(answer)["module"] == "ui.command_line"

    house.marker.write_text("{", encoding="utf-8")
    assert REPAIRED in house.start("self-test").stdout

    moved = type(house)(house.root.parent / "Neuer Ort")
    shutil.move(house.root / ".venv", moved.root / ".venv")
    answer = moved.start("self-test")
    assert REPAIRED in answer.stdout
    assert heard(answer)["prefix"] == str(moved.root / ".venv")


def test_an_incomplete_copy_and_help_need_no_environment(house: Any) -> None:
    (house.root / "requirements" / "runtime.lock").unlink()
    answer = house.start("self-test")
    assert answer.returncode == 1
    assert "unvollständig" in answer.stderr
    assert "Traceback" not in answer.stderr
    helped = house.start("--help")
    assert helped.returncode == 0
    assert "start.py demo" in helped.stdout
    assert not (house.root / ".venv").exists()


def test_a_hub_gets_its_own_packages_and_leaves_the_others(house: Any) -> None:
    house.write_lock("hub", house.make_wheel("served", "1.0"))
    answer = house.start("hub", "--port", "9000")
    folder = str(house.root / "hub-probe")
    assert heard(answer)["module"] == "hub.cli.trial"
    assert heard(answer)["arguments"] == ["--folder", folder, "--port", "9000"]
    assert house.installed("served") == "1.0"
    assert "runtime" not in json.loads(house.marker.read_text(encoding="utf-8"))

    assert heard(house.start("self-test"))["module"] == "ui.command_line"
    again = house.start("hub")
    assert "Pakete" not in again.stdout, "installing for the desk takes nothing from the hub"
