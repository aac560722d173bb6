"""The entry point of `quartierslotse-hub`: which commands there are, and how a call ends."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import IO

import peewee

import hub
from hub.cli import care, codes, offices, running
from hub.cli.command import Command, Problem, Session, standard_output
from hub.cli.german import GermanParser, WrongUsage, german_argparse
from hub.clock import Now, system_now
from hub.errors import Refused
from hub.settings import PREFIX, HubSettings, SettingsError
from hub.storage.database import NotPrepared

PROGRAM = "quartierslotse-hub"
_EPILOG = f"""\
Einstellungen kommen aus der Umgebung (in Klammern der Wert, wenn nichts gesetzt ist):
  {PREFIX}DATABASE              postgresql://… oder sqlite:///Pfad (sqlite:///quartierslotse-hub.db)
  {PREFIX}ADDRESS               unter welcher Adresse die Plätze den Hub erreichen: https://…
  {PREFIX}HOST, …PORT           wo er lauscht (127.0.0.1, 8440)
  {PREFIX}CONNECTIONS           Verbindungen zur Datenbank (16)
  {PREFIX}MIN_CLIENT            älteste Version, mit der Plätze sich melden dürfen (0.1.0)
  {PREFIX}REQUESTS_PER_MINUTE   je Platz (1200; 0: ohne Grenze)
  {PREFIX}ENROLMENTS_PER_MINUTE Anmeldungen je Netzadresse (10; 0: ohne Grenze)
  {PREFIX}TRUSTED_PROXIES       Proxys, denen geglaubt wird, woher eine Anfrage kommt (127.0.0.1,::1)
Statt …NAME geht auch …NAME_FILE mit dem Pfad einer Datei, in der der Wert steht.

Ende-Codes: 0 in Ordnung · 1 ein Problem, das Sie beheben können · 2 falscher Aufruf
Anleitung für den Betrieb: docs/hub.md"""


def main(
    words: Sequence[str] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    now: Now = system_now,
    out: IO[str] | None = None,
) -> int:
    """Run one call and return its exit code."""
    try:
        with german_argparse():
            arguments = _parser().parse_args(list(sys.argv[1:] if words is None else words))
        settings = HubSettings.from_environment(os.environ if environment is None else environment)
        if arguments.database:
            settings = replace(settings, database=arguments.database).checked()
        session = Session(settings, now, out or standard_output(), as_json=arguments.json)
        return _run(arguments.run, session, arguments)
    except WrongUsage as error:
        _problem(error.hint, str(error))
        return 2
    except (Problem, SettingsError, NotPrepared) as error:
        _problem(str(error))
        return 1
    except KeyboardInterrupt:
        _problem("Abgebrochen.")
        return 130


def _run(command: Command, session: Session, arguments: Namespace) -> int:
    try:
        return command(session, arguments)
    except Refused as error:
        raise Problem(f"Das gibt es hier nicht ({error.code}).") from error
    except (peewee.OperationalError, peewee.InterfaceError) as error:
        raise Problem(
            "Die Datenbank antwortet nicht. Läuft sie, und stimmt die Adresse "
            f"({PREFIX}DATABASE)? Sie meldet: {type(error).__name__}"
        ) from error
    except peewee.DatabaseError as error:
        # Its own text may quote the address, and with it a password.
        raise Problem(
            f"Mit der Datenbank geht das nicht ({type(error).__name__}). Stimmt die Adresse ({PREFIX}DATABASE), ist es eine "
            "Datenbank des Hubs, und darf er in ihr alles?"
        ) from error


def _problem(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - the tool's own output


def _parser() -> GermanParser:
    parser = GermanParser(
        prog=PROGRAM, description="Verwaltet den Hub, über den Büros ihre Daten abgleichen.", epilog=_EPILOG
    )
    parser.add_argument(
        "--version", action="version", version=f"{PROGRAM} {hub.__version__}", help="die Version zeigen"
    )
    parser.add_argument("--database", metavar="ADRESSE", help=f"die Datenbank (sonst {PREFIX}DATABASE)")
    parser.add_argument("--json", action="store_true", help="Ausgabe als JSON für andere Programme")
    commands = parser.add_subparsers(metavar="BEFEHL", title="Befehle", required=True, parser_class=GermanParser)
    for part in (running, offices, codes, care):
        part.add_commands(commands)
    return parser
