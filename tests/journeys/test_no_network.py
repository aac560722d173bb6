"""A whole day without a network: nothing of ours opens a connection, asks for a name or listens.

An audit hook of Python sees every socket, whoever opens it in Python; on Linux the open files of the process are looked at
too, because libraries in C need no Python for it.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NETWORK_MODULES = {
    "_socket", "aiohttp", "asyncio", "ftplib", "grpc", "http", "httpx", "imaplib", "nntplib", "poplib", "requests",
    "smtplib", "socket", "socketserver", "ssl", "telnetlib", "urllib3", "webbrowser", "websockets", "xmlrpc",
}  # fmt: skip
NETWORK_PARTS = {
    "urllib.request", "logging.handlers.SocketHandler", "PySide6.QtNetwork", "PySide6.QtWebEngineCore",
    "PySide6.QtWebEngineWidgets", "PySide6.QtWebSockets", "multiprocessing.connection", "multiprocessing.managers",
}  # fmt: skip
#: The places that may: what an office sets up itself, and the demonstration, which starts a hub on this very computer.
ALLOWED = ("desktop_app/sync/", "ui/demo/trial_hub.py")

DAY = """
import json, os, sys
from datetime import UTC, datetime
from pathlib import Path

seen = []


def watch(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "poplib.", "imaplib.", "nntplib.", "webbrowser.")):
        seen.append(event)
        raise RuntimeError("the network is forbidden: " + event)


sys.addaudithook(watch)

import ui.app
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from desktop_app.bootstrap import SetUp, Surroundings, open_application, set_up
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.months import Month
from desktop_app.core.progress import NoProgress
from desktop_app.documents.render import page_images
from desktop_app.environment.folders import DataFolder
from desktop_app.handouts.from_directory import sheet_entry
from desktop_app.handouts.from_office import sender_of
from desktop_app.handouts.records import SheetOptions
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry

out = Path(sys.argv[1])
folder = DataFolder(out / "daten")
clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
surroundings = Surroundings(clock, UuidFactory(clock), DerivationCost(1, 64, 1))
wishes = SetUp("Quartiersbüro Nord", "AWO", NewAccount("erika", "Erika Muster", "EM"), "drei Worte im Mai")
first, groups = set_up(folder, wishes, surroundings)
first.directory.import_directory(first.actor, Path(sys.argv[2]))
first.close()

application = open_application(folder, "", "drei Worte im Mai", surroundings)
topic = application.settings.topics()[0]
application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry(topic.code),)))
hit = application.directory_queries.search("pfle", limit=3)[0]
sender = sender_of(application.settings.office())
entry = sheet_entry(application.directory_queries.service(hit.service_id))
sheet = application.handouts.info_sheet([entry], SheetOptions(), sender, today=clock.today())
page_images(sheet, 72)
application.handouts.recovery_sheet(office="B", carrier="T", groups=groups, created=clock.today())
for kind in ("csv", "xlsx", "pdf"):
    application.statistics.export(application.actor, Month(2026, 11), kind, out / f"november.{kind}", NoProgress())
application.privacy.write(out / "datenschutz", NoProgress())
application.backups.make(progress=NoProgress())
application.visitors.create_file(
    application.actor, VisitorEntry(name="Anna Beispiel"), [ConsentEntry(ConsentKind.RECORD, clock.today(), "2026-11")]
)

with ui.app.running(folder) as program:
    window = program.open_window(application)

    def visit():
        for key in (*window.rail.keys(), "handouts"):
            window.open_page(key)
        program.lock()
        QTimer.singleShot(300, window.close)

    QTimer.singleShot(300, visit)
    program.qt.exec()

sockets = []
if sys.platform == "linux":
    open_ones = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink("/proc/self/fd/" + name)
        except OSError:
            continue
        if target.startswith("socket:["):
            open_ones.add(target[8:-1])
    for table in ("tcp", "tcp6", "udp", "udp6", "raw"):
        try:
            lines = Path("/proc/self/net", table).read_text().splitlines()[1:]
        except OSError:
            continue
        sockets += [table for line in lines if line.split()[9] in open_ones]
print(json.dumps({"seen": seen, "sockets": sockets, "qt_network": "PySide6.QtNetwork" in sys.modules,
                  "files": sorted(path.name for path in out.iterdir())}))
"""


def test_a_whole_day_opens_no_connection(tmp_path: Path) -> None:
    source = ROOT / "resources" / "sample" / "directory"
    done = subprocess.run(
        [sys.executable, "-c", DAY, str(tmp_path), str(source)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["seen"] == []
    assert answer["sockets"] == []
    assert answer["qt_network"] is False
    assert {"november.csv", "november.xlsx", "november.pdf", "datenschutz"} <= set(answer["files"])


def test_the_hook_would_notice() -> None:
    """What the day is judged by really fires."""
    script = (
        "import sys\nseen = []\nsys.addaudithook(lambda event, _a: seen.append(event))\n"
        "import socket\nsocket.socket().close()\n"
        "try:\n    socket.getaddrinfo('localhost', 1, flags=socket.AI_NUMERICHOST)\nexcept OSError:\n    pass\n"
        "print([event for event in seen if event.startswith('socket.')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "socket.__new__" in done.stdout
    assert "socket.getaddrinfo" in done.stdout


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("package", ["desktop_app", "ui"])
def test_no_module_imports_what_speaks_to_a_network(package: str) -> None:
    offenders = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(ALLOWED):
            continue
        found = {one for one in imports_of(path) if one.split(".")[0] in NETWORK_MODULES or one in NETWORK_PARTS}
        if found:
            offenders[name] = sorted(found)
    assert offenders == {}
