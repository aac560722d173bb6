"""The admin tool: every command on both engines, what it says in German, and how it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import unicodedata
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3

from desktop_app.sync.enrolment_text import read_enrolment_text
from hub.cli.main import main
from hub.settings import PREFIX
from hub.storage.database import HubDatabase
from tests.hub.running import ROOT, HubThread, Postgres, RunningHub, change, free_port

ADDRESS = "https://hub.example.org"
COMMANDS = ("init", "serve", "space", "enrol", "codes", "revoke", "restored", "prune", "stats")


class Tool:
    """Calls of the tool on one database."""

    def __init__(self, database: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.environment = {PREFIX + "DATABASE": database, PREFIX + "ADDRESS": ADDRESS}
        self._capsys = capsys
        self.error = ""

    def __call__(self, *words: str, code: int = 0, **settings: str) -> str:
        out = io.StringIO()
        self._capsys.readouterr()
        environment = {**self.environment, **{PREFIX + name: value for name, value in settings.items()}}
        assert main(words, environment=environment, out=out) == code
        self.error = self._capsys.readouterr().err
        return out.getvalue()

    def json(self, *words: str) -> Any:
        return json.loads(self("--json", *words))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Tool:
    """A tool on a database without tables."""
    if request.param == "sqlite":
        return Tool(f"sqlite:///{tmp_path}/hub.db", capsys)
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"empty_{uuid.uuid4().hex[:12]}"
    postgres.sql(f"CREATE DATABASE {name}")
    return Tool(postgres.url(name), capsys)


@pytest.fixture
def ready(empty: Tool) -> Tool:
    empty("init")
    return empty


@pytest.fixture
def sqlite_tool(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Tool:
    tool = Tool(f"sqlite:///{tmp_path}/hub.db", capsys)
    tool("init")
    return tool


def test_init_makes_a_hub_once(empty: Tool) -> None:
    first = empty("init")
    assert first.startswith("Die Datenbank ist bereit (2 Schritte ausgeführt).\nKennung des Hubs: ")
    again = empty("init")
    assert again.startswith("Die Datenbank war schon bereit.")
    assert again.splitlines()[1] == first.splitlines()[1], "the hub stays the same one"
    assert empty.json("init")["steps"] == []


@pytest.mark.parametrize("words", [("stats",), ("space", "list"), ("serve",), ("prune",), ("restored", "--yes")])
def test_nothing_works_before_init(empty: Tool, words: tuple[str, ...]) -> None:
    empty(*words, code=1)
    assert empty.error == "Die Datenbank ist noch leer. Bitte zuerst: quartierslotse-hub init\n"


def test_a_database_of_a_newer_hub_is_left_alone(ready: Tool) -> None:
    database = HubDatabase(ready.environment[PREFIX + "DATABASE"])
    with database.session():
        database.sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')")
    database.close()
    for words in (("stats",), ("serve",), ("restored", "--yes")):
        ready(*words, code=1)
        assert "neueren Version" in ready.error


def test_offices_codes_and_desks(ready: Tool) -> None:
    assert ready("space", "add-office", "--carrier", "AWO Köln", "--name", "  Büro   Nippes ") == (
        '„Büro Nippes“ (AWO Köln) ist angelegt. Nun: quartierslotse-hub enrol "Büro Nippes"\n'
    )
    ready("space", "add-office", "--carrier", "Caritas", "--name", "Büro Nippes", code=1)
    assert ready.error == "Ein Büro mit dem Namen „Büro Nippes“ gibt es schon.\n"
    ready("space", "add-coordination", "--carrier", "Stadt", "--name", "Koordination")
    listed = ready("space", "list")
    assert "AWO Köln  Büro Nippes   Büro" in listed
    assert "Stadt     Koordination  Koordination" in listed
    assert "Caritas" not in listed, "a refused office leaves no carrier"
    spaces = [line.split("  ") for line in listed.partition("\n\n")[2].splitlines()]
    assert [[word.strip() for word in line if word.strip()] for line in spaces][:3] == [
        ["Bereich", "wer ihn liest", "Stand"],
        ["directory", "alle", "0"],
        ["statistics", "die Koordination; ein Büro nur seine Monate", "0"],
    ]
    kinds = [space["kind"] for space in ready.json("space", "list")["spaces"]]
    assert kinds == ["directory", "statistics", "office"], "a coordination has no space of its own"

    shown = ready("enrol", "Büro Nippes")
    line = shown.splitlines()[-1]
    assert line.startswith("QL1-")
    assert shown.startswith("Anmelde-Code für einen Platz von „Büro Nippes“, gültig bis ")
    assert read_enrolment_text(line).address == ADDRESS
    for words, says in (
        (("enrol", "Niemand"), "gibt es nicht. Alle zeigt: quartierslotse-hub space list"),
        (("enrol", "Büro Nippes", "--days", "0"), "zwischen 1 und 365 Tagen"),
        (("enrol", "Büro Nippes", "--label", "x" * 81), "höchstens 80 Zeichen"),
        (("space", "add-office", "--carrier", "A", "--name", " "), "1 bis 80 Zeichen"),
        (("space", "add-office", "--carrier", "A", "--name", "B\x07"), "1 bis 80 Zeichen"),
        (("revoke", "nobody"), "Alle zeigt: quartierslotse-hub revoke"),
    ):
        ready(*words, code=1)
        assert says in ready.error
    for address, says in (("", "Bitte setzen Sie"), ("http://hub.example.org", "geht nicht als Adresse")):
        ready("enrol", "Büro Nippes", code=1, ADDRESS=address)
        assert says in ready.error


def test_a_name_that_looks_like_another_is_refused(ready: Tool) -> None:
    ready("space", "add-office", "--carrier", "AWO Köln", "--name", "Büro Nippes")
    listed = ready("space", "list")
    for carrier in ("Awo Köln", "AWO  KÖLN", "AWOKöln", unicodedata.normalize("NFD", "awo köln")):
        ready("space", "add-office", "--carrier", carrier, "--name", "Büro Süd", code=1)
        assert "Es gibt schon den Träger „AWO Köln“" in ready.error
        assert "mit --anyway" in ready.error
    ready("space", "add-coordination", "--carrier", "AWO Köln", "--name", "büro nippes", code=1)
    assert ready.error == (
        "Es gibt schon das Büro „Büro Nippes“; „büro nippes“ unterscheidet sich davon nur in Groß- und Kleinschreibung oder "
        "Leerzeichen. Soll es den Namen trotzdem geben: noch einmal mit --anyway\n"
    )
    assert ready("space", "list") == listed, "nothing was made"

    ready("space", "add-office", "--carrier", unicodedata.normalize("NFD", "AWO Köln"), "--name", "Büro Süd")
    offices = ready.json("space", "list")["offices"]
    assert {office["carrier"] for office in offices} == {"AWO Köln"}, (
        "the same letters, whatever the keyboard made them of"
    )

    ready("space", "add-office", "--carrier", "Awo Köln", "--name", "büro nippes", "--anyway")
    offices = ready.json("space", "list")["offices"]
    assert ("Awo Köln", "büro nippes") in {(office["carrier"], office["name"]) for office in offices}
    ready("space", "add-office", "--carrier", "Awo Köln", "--name", "Büro West")
    ready("space", "add-office", "--carrier", "AWO Köln", "--name", "Büro West", "--anyway", code=1)
    assert ready.error == "Ein Büro mit dem Namen „Büro West“ gibt es schon.\n"


@pytest.mark.parametrize("engine", ["hub", "postgres_hub"])
def test_an_office_and_a_carrier_get_other_names_while_the_hub_runs(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    hub: RunningHub = request.getfixturevalue(engine)
    tool = Tool(hub.settings.database, capsys)
    desk, other = hub.desk(hub.add_office("Awo", "Nipes")), hub.desk(hub.add_office("Caritas", "Ehrenfeld"))
    assert tool("space", "rename-office", "--from", "Nipes", "--to", " Nippes ") == (
        "Das Büro „Nipes“ heißt jetzt „Nippes“. Die Plätze erfahren es beim nächsten Abgleich.\n"
    )
    assert tool("space", "rename-carrier", "--from", "Awo", "--to", "AWO") == (
        "Der Träger „Awo“ heißt jetzt „AWO“. Die Plätze erfahren es beim nächsten Abgleich.\n"
    )
    me = desk.ask("GET", "/v1/me").json
    assert (me["office"], me["carrier"]["name"]) == ({"id": desk.office_id, "name": "Nippes"}, "AWO")
    offices = {office["name"]: office["carrier"]["name"] for office in other.ask("GET", "/v1/offices").json}
    assert offices == {"Nippes": "AWO", "Ehrenfeld": "Caritas"}

    for words, says in (
        (("rename-office", "--from", "Nipes", "--to", "Süd"), "Ein Büro mit dem Namen „Nipes“ gibt es nicht."),
        (
            ("rename-office", "--from", "Nippes", "--to", "Ehrenfeld"),
            "Ein Büro mit dem Namen „Ehrenfeld“ gibt es schon.",
        ),
        (("rename-office", "--from", "Nippes", "--to", "ehren feld"), "Es gibt schon das Büro „Ehrenfeld“"),
        (("rename-office", "--from", "Nippes", "--to", " "), "1 bis 80 Zeichen"),
        (("rename-carrier", "--from", "AWO", "--to", "Caritas"), "Einen Träger mit dem Namen „Caritas“ gibt es schon."),
        (("rename-carrier", "--from", "AWO", "--to", "CARITAS"), "Es gibt schon den Träger „Caritas“"),
    ):
        tool("space", *words, code=1)
        assert says in tool.error
    assert desk.ask("GET", "/v1/me").json == me
    tool("space", "rename-carrier", "--from", "AWO", "--to", "CARITAS", "--anyway")
    assert desk.ask("GET", "/v1/me").json["carrier"]["name"] == "CARITAS"


def test_a_name_that_is_not_quite_right_leads_to_the_one_meant(ready: Tool) -> None:
    ready("space", "add-office", "--carrier", "AWO Köln", "--name", "Büro Nippes")
    ready("space", "add-office", "--carrier", "Caritas", "--name", "Büro Süd")
    ready("enrol", "büro nippes", code=1)
    assert ready.error == (
        "Ein Büro mit dem Namen „büro nippes“ gibt es nicht. Gemeint „Büro Nippes“? Alle zeigt: quartierslotse-hub space list\n"
    )
    ready("space", "hand-over", "--from", "Awo Köln", "--to", "Caritas", code=1)
    assert "Einen Träger mit dem Namen „Awo Köln“ gibt es nicht. Gemeint „AWO Köln“?" in ready.error
    shown = ready("enrol", unicodedata.normalize("NFD", " Büro  Nippes "))
    assert shown.startswith("Anmelde-Code für einen Platz von „Büro Nippes“, ")


@pytest.mark.parametrize("engine", ["hub", "postgres_hub"])
def test_a_desk_is_shut_out_while_the_hub_runs(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    hub: RunningHub = request.getfixturevalue(engine)
    tool = Tool(hub.settings.database, capsys)
    office = hub.add_office("AWO", "Nippes")
    desk, other = hub.desk(office, "Empfang"), hub.desk(office, "Beratung")
    desk.push(desk.office_space, change("a", "content"), change("b", "", deleted=True))
    today = f"{datetime.now(UTC):%d.%m.%Y}"
    assert f"Nippes  Empfang   {today}  {today}  –            {desk.device_id}" in tool("revoke")
    said = tool("revoke", desk.device_id)
    assert said.startswith("Der Platz „Empfang“ ist seit ")
    assert "wechseln Sie im Büro auch den Schlüssel" in said
    assert desk.ask("GET", "/v1/me").error == "revoked"
    assert other.ask("GET", "/v1/me").status == 200
    assert tool("revoke", desk.device_id) == said, "shut out once"
    assert f"Nippes  Empfang   {today}  {today}  {today}   {desk.device_id}" in tool("revoke")

    rows = {row["name"]: row for row in tool.json("stats")}
    assert (rows[desk.office_space]["present"], rows[desk.office_space]["deleted"]) == (1, 1)
    assert "content" not in tool("stats")


@pytest.mark.parametrize("engine", ["hub", "postgres_hub"])
def test_a_carrier_that_leaves_hands_its_directory_over(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    hub: RunningHub = request.getfixturevalue(engine)
    tool = Tool(hub.settings.database, capsys)
    leaving, staying = hub.desk(hub.add_office("AWO", "Nippes")), hub.desk(hub.add_office("Caritas", "Ehrenfeld"))
    leaving.push("directory", change("one", "1"), change("two", "2"), change("wrong", "", erased=True))
    leaving.push("directory", change("gone", "", deleted=True))
    staying.push("directory", change("three", "3"))
    since = staying.pull("directory").json["seq"]
    words = ("space", "hand-over", "--from", "AWO", "--to", "Caritas")
    assert tool(*words, code=1) == ""
    assert tool.error == (
        "„AWO“ gehören 2 Einträge des Verzeichnisses, „Caritas“ gehört 1 Eintrag. Danach gehören alle „Caritas“ und lassen "
        "sich nicht mehr auseinanderhalten: Zurückgeben ließen sie sich nur alle zusammen. Wenn das so sein soll: "
        'quartierslotse-hub space hand-over --from "AWO" --to "Caritas" --yes\n'
    )
    assert staying.pull("directory", since).json["records"] == [], "nothing was done yet"
    assert tool(*words, "--yes") == (
        "Übergeben: 2 Einträge des Verzeichnisses von „AWO“ an „Caritas“. „Caritas“ gehören jetzt 3.\n"
    )
    page = staying.pull("directory", since).json
    assert [(record["id"], record["data"]) for record in page["records"]] == [("one", "1"), ("two", "2"), ("gone", "")]
    assert len({record["owner"] for record in page["records"]}) == 1
    base = page["records"][0]["seq"]
    assert leaving.push("directory", change("one", "mine", base=base)).json["conflicts"][0]["reason"] == "owned"
    assert staying.push("directory", change("one", "ours", base=base)).json["applied"]
    assert tool(*words) == "„AWO“ gehört nichts im Verzeichnis. Es bleibt alles, wie es ist.\n"
    assert tool.json(*words, "--yes")["records"] == 0
    tool("space", "hand-over", "--from", "AWO", "--to", "Nobody", "--yes", code=1)
    assert "Einen Träger mit dem Namen „Nobody“ gibt es nicht." in tool.error
    tool("space", "hand-over", "--from", "Caritas", "--to", "Caritas", "--yes", code=1)
    assert tool.error == "Das ist zweimal derselbe Träger: „Caritas“.\n"


def test_a_code_says_how_long_it_counts(sqlite_tool: Tool) -> None:
    sqlite_tool("space", "add-office", "--carrier", "AWO", "--name", "Nippes")
    out = io.StringIO()
    now = datetime(2026, 3, 28, 22, 15, tzinfo=UTC)
    assert main(["enrol", "Nippes"], environment=sqlite_tool.environment, now=lambda: now, out=out) == 0
    assert "gültig bis 04.04.2026, 22:15 Uhr (UTC)" in out.getvalue()


@pytest.mark.parametrize("engine", ["hub", "postgres_hub"])
def test_open_codes_are_listed_and_withdrawn_while_the_hub_runs(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    hub: RunningHub = request.getfixturevalue(engine)
    tool = Tool(hub.settings.database, capsys)
    assert tool("codes", "list") == "Kein Anmelde-Code ist offen.\n"
    hub.add_office("AWO", "Nippes")
    ehrenfeld = hub.add_office("Caritas", "Ehrenfeld")

    def made(office: str, *words: str) -> str:
        return read_enrolment_text(tool.json("enrol", office, *words)["enrolment"]).code

    def opens(code: str) -> bool:
        return hub.ask("POST", "/v1/enrol/preview", {"code": code}).status == 200

    first, second, other = made("Nippes", "--label", "Empfang"), made("Nippes"), made("Ehrenfeld")
    hub.desk(ehrenfeld)  # used up, so not open any more
    shown = tool("codes", "list")
    assert len(shown.splitlines()) == 4
    assert shown.splitlines()[0].split() == ["Kennung", "Büro", "Platz", "ausgegeben", "gültig", "bis"]
    assert "Nippes     Empfang  " in shown
    assert not any(code in shown for code in (first, second, other)), "the code itself is nowhere to be seen"
    rows = tool.json("codes", "list", "--office", "Nippes")
    assert [row["label"] for row in rows] == ["Empfang", ""]
    assert all(row["made_at"] < row["expires_at"] for row in rows)

    said = tool("codes", "withdraw", rows[0]["key"])
    assert said == "Zurückgezogen: 1 Code von „Nippes“. Wer ihn noch hat, kommt damit nicht mehr herein.\n"
    assert [opens(code) for code in (first, second, other)] == [False, True, True]
    tool("codes", "withdraw", rows[0]["key"], code=1)
    assert (
        tool.error
        == f"Einen offenen Code mit der Kennung „{rows[0]['key']}“ gibt es nicht. Alle zeigt: quartierslotse-hub codes list\n"
    )

    third = made("Nippes")
    said = tool("codes", "withdraw", "--office", "Nippes")
    assert said == "Zurückgezogen: 2 Codes von „Nippes“. Wer sie noch hat, kommt damit nicht mehr herein.\n"
    assert [opens(code) for code in (second, third, other)] == [False, False, True]
    assert tool("codes", "withdraw", "--office", "Nippes") == "Von „Nippes“ ist kein Anmelde-Code offen.\n"
    assert tool.json("codes", "withdraw", "--office", "Nippes") == {"withdrawn": []}
    tool("codes", "list", "--office", "Nobody", code=1)
    assert "Ein Büro mit dem Namen „Nobody“ gibt es nicht." in tool.error
    tool("codes", "withdraw", code=2)
    assert "Eine dieser Angaben fehlt" in tool.error


def test_a_new_code_says_that_older_ones_count_still(sqlite_tool: Tool) -> None:
    sqlite_tool("space", "add-office", "--carrier", "AWO", "--name", "Nippes")
    assert "gelten noch" not in sqlite_tool("enrol", "Nippes")
    assert sqlite_tool("enrol", "Nippes").splitlines()[-1] == (
        "Außerdem gilt noch 1 anderer Code für „Nippes“: quartierslotse-hub codes list"
    )
    assert sqlite_tool("enrol", "Nippes").splitlines()[-1] == (
        "Außerdem gelten noch 2 andere Codes für „Nippes“: quartierslotse-hub codes list"
    )
    later = datetime.now(UTC) + timedelta(days=8)
    out = io.StringIO()
    assert main(["codes", "list"], environment=sqlite_tool.environment, now=lambda: later, out=out) == 0
    assert out.getvalue() == "Kein Anmelde-Code ist offen.\n", "what has run out is not open"


def test_pruning_keeps_a_minimum(ready: Tool) -> None:
    assert ready("prune") == "Entfernt: 0 Löschvermerke, 0 gemerkte Antworten.\n"
    for option in (("--days", "29"), ("--answer-days", "6")):
        ready("prune", *option, code=1)
        assert ready.error == "Löschvermerke bleiben mindestens 30 Tage, gemerkte Antworten mindestens 7.\n"


def test_one_of_something_is_not_said_to_be_several(sqlite_tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.cli.care.prune_deleted", lambda *_: 1)
    monkeypatch.setattr("hub.cli.care.prune_results", lambda *_: 1)
    assert sqlite_tool("prune") == "Entfernt: 1 Löschvermerk, 1 gemerkte Antwort.\n"


def test_a_new_epoch_needs_a_yes(ready: Tool) -> None:
    ready("restored", code=1)
    assert "quartierslotse-hub restored --yes" in ready.error
    assert ready("restored", "--yes").startswith("2 Bereiche haben eine neue Epoche.")


@pytest.mark.parametrize(
    ("database", "says"),
    [
        ("mysql://x", "muss mit „postgresql://“ oder „sqlite:///“ beginnen"),
        ("postgresql://hub:secret@127.0.0.1:1/hub", "Die Datenbank antwortet nicht."),
        ("postgresql://hub:secret@127.0.0.1:port/hub", "Die Datenbank antwortet nicht."),
        ("postgresql://hub:secret@127.0.0.1/hub?colour=red", "Mit der Datenbank geht das nicht"),
        ("sqlite:////no/such/folder/hub.db", "Die Datenbank antwortet nicht."),
    ],
)
def test_a_wrong_address_is_a_sentence_without_the_password(
    capsys: pytest.CaptureFixture[str], database: str, says: str
) -> None:
    tool = Tool(database, capsys)
    for command in ("init", "stats", "serve"):
        tool(command, code=1)
        assert says in tool.error
        assert "secret" not in tool.error
        assert len(tool.error.splitlines()) == 1


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Dear hub, " * 100)
    tool = Tool(f"sqlite:///{letter}", capsys)
    tool("init", code=1)
    assert "Mit der Datenbank geht das nicht" in tool.error
    assert letter.read_text() == "Dear hub, " * 100


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"PORT": "http"}, "„http“ ist keine Zahl"),
        ({"PORT": "70000"}, "70000 ist kein Anschluss"),
        ({"CONNECTIONS": "0"}, "Mindestens eine Verbindung"),
        ({"MIN_CLIENT": "new"}, "keine Versionsnummer"),
        ({"DATABASE_FILE": "/no/such/file"}, "lässt sich nicht lesen"),
    ],
)
def test_a_wrong_setting_is_named(sqlite_tool: Tool, settings: dict[str, str], says: str) -> None:
    sqlite_tool("stats", code=1, **settings)
    assert says in sqlite_tool.error


def test_a_secret_may_come_as_a_file(sqlite_tool: Tool, tmp_path: Path) -> None:
    secret = tmp_path / "database"
    secret.write_text(sqlite_tool.environment.pop(PREFIX + "DATABASE") + "\n")
    assert "directory" in sqlite_tool("stats", DATABASE_FILE=str(secret))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Es fehlt: BEFEHL"),
        (("dance",), "'dance' gibt es hier nicht. Möglich: 'init'"),
        (("enrol",), "Es fehlt: BÜRO"),
        (("enrol", "Nippes", "--days", "many"), "'many' passt hier nicht"),
        (("stats", "--quick"), "Diese Angabe gibt es hier nicht: --quick"),
    ],
)
def test_a_wrong_call_ends_with_2_and_shows_the_way(sqlite_tool: Tool, words: tuple[str, ...], says: str) -> None:
    sqlite_tool(*words, code=2)
    assert says in sqlite_tool.error
    assert "Aufruf: quartierslotse-hub" in sqlite_tool.error
    assert "--help" in sqlite_tool.error


@pytest.mark.parametrize(
    "words", [(), *((command,) for command in COMMANDS), ("space", "add-office"), ("codes", "withdraw")]
)
def test_help_is_german(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for english in ("usage", "options:", "positional", "show this", "exit"):
        assert english not in shown
    assert "Aufruf: quartierslotse-hub" in shown
    if not words:
        assert all(f"    {command} " in shown for command in COMMANDS)


# ---------------------------------------------------------------------------------------------- serving, as a process


def serving(tool: Tool, port: int) -> subprocess.Popen[str]:
    """Start `serve` and wait until it answers."""
    started = subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "serve", "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **tool.environment},
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    retries = urllib3.Retry(total=None, connect=60, backoff_factor=0.05, backoff_max=0.2)
    answer = urllib3.request("GET", f"http://127.0.0.1:{port}/healthz", retries=retries)
    assert answer.json()["status"] == "ok"
    return started


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_serving_ends_in_order(sqlite_tool: Tool, number: signal.Signals) -> None:
    started = serving(sqlite_tool, free_port())
    started.send_signal(number)
    _out, log = started.communicate(timeout=30)
    assert started.returncode == 0
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events[0] == "start"
    assert events[-1] == "end"
    assert "request" in events


def test_a_port_in_use_is_a_sentence(hub: HubThread, capsys: pytest.CaptureFixture[str]) -> None:
    tool = Tool(hub.settings.database, capsys)
    answer = subprocess.run(
        [sys.executable, "-m", "hub.cli", "serve", "--port", str(hub.port)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **tool.environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 1
    assert "kann der Hub nicht lauschen. Läuft er schon?" in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr
