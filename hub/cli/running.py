"""`init` and `serve`."""

from __future__ import annotations

import contextlib
from argparse import Namespace
from dataclasses import replace
from typing import Any

from hub.cli.command import Problem, Session, counted
from hub.identity.offices import prepare


def add_commands(commands: Any) -> None:
    """Declare the commands."""
    summary = "die Datenbank vorbereiten oder auf den Stand dieser Version bringen"
    parser = commands.add_parser("init", help=summary, description=summary + "; mehrmals aufzurufen schadet nicht")
    parser.set_defaults(run=init)
    summary = "den Hub starten"
    parser = commands.add_parser("serve", help=summary, description=summary + "; endet mit Strg+C oder SIGTERM")
    parser.add_argument("--host", metavar="ADRESSE", help="wo er lauscht (sonst die Einstellung)")
    parser.add_argument("--port", type=int, metavar="ZAHL", help="der Anschluss (sonst die Einstellung)")
    parser.set_defaults(run=serve)


def init(session: Session, _arguments: Namespace) -> int:
    """Make or update the schema, the hub's id and the common spaces."""
    with session.database(prepared=False) as database:
        steps = database.migrate()
        identity = prepare(database, session.now)
    session.say(
        f"Die Datenbank ist bereit ({counted(len(steps), 'Schritt', 'Schritte')} ausgeführt)."
        if steps
        else "Die Datenbank war schon bereit.",
        f"Kennung des Hubs: {identity}",
    )
    session.result({"hub_id": identity, "steps": steps})
    return 0


def serve(session: Session, arguments: Namespace) -> int:
    """Run until told to stop."""
    # Imported here: the other commands need no web server.
    from hub.app import create_app
    from hub.logs import log_event, start_logging
    from hub.serving import ended_like_ctrl_c, make_server, run_server

    settings = session.settings
    if arguments.host:
        settings = replace(settings, host=arguments.host)
    if arguments.port is not None:
        settings = replace(settings, port=arguments.port).checked()
    app = create_app(settings, now=session.now)
    start_logging()
    log_event("start", host=settings.host, port=settings.port)
    listened = True
    with contextlib.suppress(KeyboardInterrupt), ended_like_ctrl_c():
        listened = run_server(make_server(app, settings))
    log_event("end")
    if not listened:
        raise Problem(f"Auf {settings.host}, Anschluss {settings.port}, kann der Hub nicht lauschen. Läuft er schon?")
    return 0
