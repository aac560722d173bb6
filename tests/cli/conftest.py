"""The tool as tests use it: the real `main`, a real data folder, cheap key derivation, a clock that stands still."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from desktop_app.bootstrap import Application, Surroundings, open_application
from desktop_app.cli.command import CommandEntry
from desktop_app.cli.main import main
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_slots import DerivationCost
from desktop_app.sync.enrolment_code import make_enrolment_code
from tests.hub.fixtures import hub  # noqa: F401
from tests.hub.running import HubThread

PASSWORD = "drei Worte Regenschirm"
CAFE = "11111111-1111-4111-8111-111111111111"
CARE = "22222222-2222-4222-8222-222222222222"
COURSE = "33333333-3333-4333-8333-333333333333"


@dataclass(frozen=True)
class Answer:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON object on standard output."""
        return json.loads(self.out)

    @property
    def result(self) -> Any:
        """What the command found, of a command that worked."""
        assert self.data["ok"] is True, self
        return self.data["result"]


@dataclass
class Tool:
    """Runs command lines on one data folder."""

    PASSWORD: ClassVar[str] = PASSWORD
    CAFE: ClassVar[str] = CAFE
    CARE: ClassVar[str] = CARE
    COURSE: ClassVar[str] = COURSE

    folder: Path
    password_file: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(datetime(2026, 11, 20, 9, 40, tzinfo=UTC)))

    def surroundings(self) -> Surroundings:
        return Surroundings(self.clock, UuidFactory(self.clock), DerivationCost(1, 64, 1))

    def bare(self, *words: str, encoding: str = "utf-8", extra_commands: Sequence[CommandEntry] = ()) -> Answer:
        """Run exactly these words."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="") for _ in range(2))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words, surroundings=self.surroundings, extra_commands=extra_commands)
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode(encoding))
        return Answer(code, *texts)

    def __call__(self, command: str, *words: str, **options: Any) -> Answer:
        """Run a command on the data folder with the right password."""
        where = ("--data-dir", str(self.folder), "--password-file", str(self.password_file))
        return self.bare(command, *where, *words, **options)

    def json(self, command: str, *words: str) -> Any:
        """Run a command that must work and return its result as data."""
        answer = self(command, "--json", *words)
        assert answer.code == 0, answer
        assert answer.err == "", answer
        return answer.result

    @contextlib.contextmanager
    def application(self) -> Iterator[Application]:
        """Open the same data as the window would."""
        application = open_application(DataFolder(self.folder), "", PASSWORD, self.surroundings())
        try:
            yield application
        finally:
            application.close()


def small_directory() -> list[dict[str, Any]]:
    """Three services of two organisations, as a list of organisations in HSDS."""

    def place(number: int, street: str) -> dict[str, Any]:
        location = {
            "id": f"4444444{number}-4444-4444-8444-444444444444",
            "location_type": "physical",
            "name": "Haus am Park",
            "addresses": [
                {
                    "id": f"5555555{number}-5555-4555-8555-555555555555",
                    "address_1": street,
                    "city": "Musterstadt",
                    "state_province": "",
                    "postal_code": "12345",
                    "country": "DE",
                    "address_type": "physical",
                }
            ],
        }
        return {"id": f"6666666{number}-6666-4666-8666-666666666666", "location": location}

    def service(service_id: str, name: str, description: str, number: int) -> dict[str, Any]:
        return {
            "id": service_id,
            "name": name,
            "status": "active",
            "description": description,
            "phones": [{"id": f"7777777{number}-7777-4777-8777-777777777777", "number": f"030 12345{number}"}],
            "service_at_locations": [place(number, f"Lindenstraße {number}")],
        }

    return [
        {
            "id": "88888888-8888-4888-8888-888888888888",
            "name": "Nachbarschaftshaus Müllerstraße",
            "description": "Ein Haus für alle.",
            "services": [
                service(CAFE, "Begegnungscafé Süd", "Kaffee und Gespräche, jeden Dienstag.", 1),
                service(COURSE, "Computerkurs für Ältere", "Internet und Smartphone in Ruhe.", 3),
            ],
        },
        {
            "id": "99999999-9999-4999-8999-999999999999",
            "name": "Pflegestützpunkt Musterstadt",
            "description": "Beratung rund um die Pflege.",
            "services": [service(CARE, "Pflegeberatung", "Pflegegrad, Anträge, Kurzzeitpflege.", 2)],
        },
    ]


@pytest.fixture(scope="session")
def directory_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small directory as JSON."""
    path = tmp_path_factory.mktemp("directory") / "verzeichnis.json"
    path.write_text(json.dumps(small_directory()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def password_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("password") / "passwort.txt"
    path.write_text(PASSWORD + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory: pytest.TempPathFactory, directory_file: Path, password_file: Path) -> Path:
    """An office with the small directory; copied for every test."""
    tool = Tool(tmp_path_factory.mktemp("office") / "daten", password_file)
    options = ("--office", "Quartiersbüro Süd", "--carrier", "AWO", "--admin", "erika", "--admin-name", "Erika Muster")
    assert tool("init", *options, "--social-space", "Mitte", "--social-space", "Ost & West").code == 0
    assert tool("import-directory", str(directory_file)).code == 0
    return tool.folder


@pytest.fixture
def tool(tmp_path: Path, prepared_folder: Path, password_file: Path) -> Tool:
    """The tool on an office with a directory and no contacts. It is Friday, 20 November 2026, 10:40."""
    folder = tmp_path / "daten"
    shutil.copytree(prepared_folder, folder)
    return Tool(folder, password_file)


@pytest.fixture
def new_tool(tmp_path: Path, password_file: Path) -> Tool:
    """The tool on a folder where nothing has been set up."""
    return Tool(tmp_path / "Daten für Süd", password_file)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The self-test draws a window; here nobody sees it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return ["quartierslotse"]


@pytest.fixture(autouse=True)
def no_password_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUARTIERSLOTSE_PASSWORD", raising=False)
    monkeypatch.delenv("QUARTIERSLOTSE_DATA_DIR", raising=False)


@dataclass(frozen=True)
class Town:
    """A hub with one office on it."""

    hub: HubThread
    office_id: str
    folder: Path

    def code_file(self) -> str:
        """Write a new enrolment code of the office into a file."""
        path = self.folder / "code.txt"
        code = make_enrolment_code(self.hub.address, self.hub.code(self.office_id), self.hub.hub_id)
        path.write_text(code + "\n", encoding="utf-8")
        return str(path)


@pytest.fixture
def town(hub: HubThread, tmp_path: Path) -> Town:  # noqa: F811
    """The hub with the office „Quartiersbüro Süd“."""
    return Town(hub, hub.add_office("AWO", "Quartiersbüro Süd"), tmp_path)


@pytest.fixture
def connected(tool: Tool, town: Town) -> Tool:
    """The tool on the first desk of the office at the hub."""
    tool.json("sync", "connect", "--name", "Empfang", "--code-file", town.code_file(), "--yes")
    return tool


@pytest.fixture
def second(connected: Tool, town: Town, prepared_folder: Path, tmp_path: Path) -> Tool:
    """The tool on another desk of that office, let in by the first."""
    folder = tmp_path / "beratung"
    shutil.copytree(prepared_folder, folder)
    other = Tool(folder, connected.password_file, connected.clock)
    answer = other("sync", "connect", "--name", "Beratung", "--code-file", town.code_file(), "--yes")
    assert answer.code == 0, answer
    assert "acht Wörter" in answer.out
    with connected.application() as here, other.application() as there:
        (desk,) = here.sync.waiting_desks()
        here.sync.words_of(desk.device_id)
        words = there.sync.admission_words()
        assert words == here.sync.words_of(desk.device_id) != ()
        there.sync.confirm_admission(there.actor)
        here.sync.admit(here.actor, desk.device_id)
    other.json("sync", "run")
    connected.json("sync", "run")
    other.json("sync", "run")
    return other
