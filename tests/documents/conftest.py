from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.documents.fonts import FontLibrary

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def fonts() -> FontLibrary:
    return FontLibrary(ROOT / "resources" / "fonts")


@pytest.fixture(scope="session")
def naughty_strings() -> list[str]:
    return json.loads((ROOT / "tests" / "data" / "text" / "blns.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def csv_payloads() -> list[str]:
    path = ROOT / "tests" / "data" / "text" / "csv-injection" / "csv-payload.txt"
    return path.read_text(encoding="utf-8").splitlines()
