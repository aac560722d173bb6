"""The whole demo, as `start.py demo` runs it: a process of its own, no screen, files left behind."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pypdf
import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[3]
_DARK, _LIGHT = 80, 200  # of 255


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo leaves."""
    out = tmp_path_factory.mktemp("demo") / "Vorführung mit Leerzeichen"
    surroundings = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    finished = subprocess.run(
        [sys.executable, "-m", "ui.demo", "--out", str(out)],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "propagateSizeHints" not in finished.stderr
    return out


def test_every_screen_is_there_in_every_look(demo_folder: Path) -> None:
    screens = Counter(path.stem.rsplit("-", 2)[0] for path in demo_folder.glob("*.png"))
    assert len(screens) >= 15
    assert set(screens.values()) == {4}
    assert all(path.stat().st_size > 5_000 for path in demo_folder.glob("*.png"))


def test_two_offices_are_connected_and_hand_people_over(demo_folder: Path) -> None:
    names = {path.stem.rsplit("-", 2)[0].split("-", 1)[1] for path in demo_folder.glob("*.png")}
    assert {"übergaben", "übergaben-erhalten", "abgleich", "abgleich-rechner"} <= names
    sheet = pypdf.PdfReader(demo_folder / "Büro-Schlüssel.pdf").pages[0].extract_text()
    assert "Quartiersbüro Musterstadt-Mitte" in sheet


def test_the_first_run_and_the_sign_in_wear_the_look_of_the_program(demo_folder: Path) -> None:
    for name in ("10-einrichtung-100-hell", "15-einrichtung-100-hell"):
        picture = QImage(str(demo_folder / f"{name}.png"))
        assert picture.pixelColor(20, picture.height() - 40).lightness() < _DARK, name  # the list of the steps
    light, dark = (QImage(str(demo_folder / f"19-anmeldung-100-{look}.png")) for look in ("hell", "dunkel"))
    assert light.pixelColor(5, 5).lightness() > _LIGHT
    assert dark.pixelColor(5, 5).lightness() < _DARK


def test_the_papers_can_be_read(demo_folder: Path) -> None:
    sheet = " ".join(page.extract_text() for page in pypdf.PdfReader(demo_folder / "infoblatt.pdf").pages)
    assert "Quartiersbüro Musterstadt-Mitte" in sheet
    assert "Seite 1 von" in sheet
    basket = " ".join(page.extract_text() for page in pypdf.PdfReader(demo_folder / "merkzettel.pdf").pages)
    assert "Bitte zuerst anrufen" in basket
    recovery = pypdf.PdfReader(demo_folder / "Wiederherstellungsblatt-Quartierslotse.pdf").pages[0].extract_text()
    assert "Quartierslotse" in recovery


def test_the_month_counts_the_thirty_contacts(demo_folder: Path) -> None:
    assert {path.suffix for path in demo_folder.glob("statistik-2026-11.*")} == {".csv", ".xlsx", ".pdf"}
    text = (demo_folder / "statistik-2026-11.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert any("30" in row for row in rows)


def test_the_report_says_how_long_each_step_took(demo_folder: Path) -> None:
    report = (demo_folder / "REPORT.md").read_text(encoding="utf-8")
    assert "30 Kontakte" in report
    assert report.count(" s |") >= 10
