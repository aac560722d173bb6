"""A set-up office with a small directory for the tests of screens: made once per session, copied for every test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from desktop_app.bootstrap import Application, SetUp, Surroundings, open_application, set_up
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost

PASSWORD = "drei-wilde-Woerter"
_CHEAP = DerivationCost(1, 8, 1)


def _id(number: int) -> str:
    return f"7a1f3f9e-58b3-4c2e-9c6b-{number:012d}"


CARE_POINT, LUNCH, REPAIRS, SPORT, LAWYER = (_id(number) for number in (100, 200, 300, 400, 500))

_SERVICES = [
    {
        "id": CARE_POINT,
        "name": "Pflegestützpunkt Musterstadt-Mitte",
        "alternate_name": "Pflegeberatung, Pflegebüro",
        "description": "<p>Wir beraten <b>unabhängig</b> zu Pflegegraden und zu Hilfe im Alltag. Das Gespräch ist vertraulich.</p>"
        "<ul><li>Anträge gemeinsam ausfüllen</li><li>Wohnung anpassen, Hilfsmittel finden, Umbau beantragen</li>"
        "<li>Angehörige entlasten: Tagespflege, Kurzzeitpflege, Betreuung zu Hause, Gesprächskreise</li></ul>"
        "<p>Auf Wunsch kommen wir zu Ihnen nach Hause, auch gemeinsam mit Ihren Angehörigen.</p>",
        "url": "https://pflege.example.org",
        "email": "mitte@pflege.example.org",
        "status": "active",
        "eligibility_description": "Menschen mit Pflegebedarf und ihre Angehörigen",
        "fees_description": "kostenlos",
        "alert": "Bis 4. Dezember nur telefonisch.",
        "organization": {"id": _id(1), "name": "AWO Kreisverband Musterstadt e. V.", "description": "Wohlfahrtsverband"},
        "phones": [
            {"id": _id(101), "number": "030 23125-109", "type": "fax"},
            {"id": _id(102), "number": "030 23125-100", "type": "voice", "description": "Beratung"},
        ],
        "schedules": [
            {"id": _id(103), "freq": "WEEKLY", "byday": "MO,TU,WE", "opens_at": "09:00", "closes_at": "12:00"},
            {"id": _id(104), "freq": "WEEKLY", "byday": "TU", "opens_at": "14:00", "closes_at": "18:00",
             "description": "mit Anmeldung"},
            {"id": _id(105), "freq": "MONTHLY", "byday": "1SA", "opens_at": "10:00", "closes_at": "12:00"},
        ],
        "languages": [{"id": _id(106), "name": "Deutsch", "code": "de"}, {"id": _id(107), "name": "Türkisch", "code": "tr"}],
        "interpretation_services": "Gebärdensprache nach Anmeldung",
        "required_documents": [{"id": _id(108), "document": "Versichertenkarte"}],
        "service_at_locations": [
            {
                "id": _id(109),
                "location": {
                    "id": _id(110),
                    "name": "Haus am Stadtpark",
                    "location_type": "physical",
                    "transportation": "Bus 104 bis Stadtpark",
                    "addresses": [
                        {"id": _id(111), "address_1": "Parkallee 7", "city": "Musterstadt", "postal_code": "12345",
                         "country": "DE", "state_province": "NW", "address_type": "physical"}
                    ],
                    "accessibility": [{"id": _id(112), "description": "Eingang ohne Stufen"}],
                },
            }
        ],
    },
    {
        "id": LUNCH,
        "name": "Mittagstisch im Nachbarschaftshaus",
        "description": "Gemeinsam essen. Jeden Dienstag gibt es auch Gemüse aus dem eigenen Garten.",
        "status": "active",
        "organization": {"id": _id(2), "name": "Nachbarschaftshaus Nord", "description": "Treffpunkt"},
        "phones": [{"id": _id(201), "number": "030 23125-200", "type": "voice"}],
    },
    {
        "id": REPAIRS,
        "name": "Reparaturcafé",
        "description": "Ehrenamtliche reparieren Kleingeräte.",
        "status": "active",
        "organization": {"id": _id(2), "name": "Nachbarschaftshaus Nord", "description": "Treffpunkt"},
    },
    {
        "id": SPORT,
        "name": "Gymnastik für Ältere",
        "description": "Bewegung im Sitzen & im Stehen",
        "status": "active",
        "organization": {"id": _id(3), "name": "Turnverein 1892", "description": "Sport"},
        "phones": [{"id": _id(401), "number": "030 23125-400", "type": "voice"}],
    },
    {
        "id": LAWYER,
        "name": "Rechtsberatung",
        "description": "Auskunft zu Miete und Erbe",
        "status": "active",
        "organization": {"id": _id(4), "name": "Mieterverein Musterstadt", "description": "Beratung"},
        "phones": [{"id": _id(501), "number": "030 23125-500", "type": "voice"}],
    },
]  # fmt: skip


def write_directory(target: Path, *, with_problem: bool = False) -> Path:
    """Write the small directory as a page of services; one e-mail address may be none."""
    services = json.loads(json.dumps(_SERVICES))
    if with_problem:
        services[1]["email"] = "keine Adresse"
    page = {"total_items": len(services), "contents": services}
    target.write_text(json.dumps(page), encoding="utf-8")
    return target


def settle(widget: QWidget) -> None:
    """Let layouts come to rest after a change of size or look."""
    before: list[QRect] = []
    for _ in range(20):
        QApplication.processEvents()
        now = [child.geometry() for child in widget.findChildren(QWidget)]
        if now == before:
            return
        before = now


def doubled_mnemonics(root: QWidget) -> dict[str, list[str]]:
    """Letters that more than one visible control answers to: Qt would press none of them."""
    owners: dict[str, list[str]] = {}
    for widget in root.findChildren(QWidget):
        has_one = isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None)
        if has_one and widget.isVisibleTo(root):
            letter = QKeySequence.mnemonic(widget.text()).toString()
            if letter:
                owners.setdefault(letter, []).append(widget.text())
    return {letter: texts for letter, texts in owners.items() if len(texts) > 1}


@pytest.fixture
def surroundings(clock: FixedClock) -> Surroundings:
    """The fixed clock, real ids, and a key derivation that costs nothing."""
    return Surroundings(clock, UuidFactory(clock), _CHEAP)


@pytest.fixture(scope="session")
def office_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two closed installations, one with the small directory and one without."""
    base = tmp_path_factory.mktemp("office")
    source = write_directory(base / "verzeichnis.json")
    clock = FixedClock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    made = {}
    for kind in ("empty", "filled"):
        wishes = SetUp(
            "Quartiersbüro Musterstadt",
            "AWO Musterstadt",
            NewAccount("erika", "Erika Muster", "EM"),
            PASSWORD,
            social_spaces=("Mitte", "Nord"),
            phone="0208 123456",
        )
        made[kind] = base / kind
        application, _ = set_up(DataFolder(made[kind]), wishes, Surroundings(clock, UuidFactory(clock), _CHEAP))
        if kind == "filled":
            application.directory.import_directory(application.actor, source)
        application.close()
    return made


def _open_copy(template: Path, folder: Path, surroundings: Surroundings) -> Iterator[Application]:
    shutil.copytree(template, folder)
    application = open_application(DataFolder(folder), "", PASSWORD, surroundings)
    yield application
    application.close()


@pytest.fixture
def application(office_templates: dict[str, Path], tmp_path: Path, surroundings: Surroundings) -> Iterator[Application]:
    """The office with the small directory."""
    yield from _open_copy(office_templates["filled"], tmp_path / "daten", surroundings)


@pytest.fixture
def empty_application(
    office_templates: dict[str, Path], tmp_path: Path, surroundings: Surroundings
) -> Iterator[Application]:
    """The office before anything is in its directory."""
    yield from _open_copy(office_templates["empty"], tmp_path / "leer", surroundings)
