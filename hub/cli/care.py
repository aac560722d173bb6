"""`restored`, `prune` and `stats`: after a restore, against growth, and what there is."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from hub.cli.command import Problem, Session, counted
from hub.clock import days_before
from hub.logs import log_event
from hub.upkeep import prune_deleted, prune_results, renew_epochs, statistics

_TOMBSTONE_DAYS = 400
_RESULT_DAYS = 90


def add_commands(commands: Any) -> None:
    """Declare the commands."""
    summary = "nach dem Einspielen einer Sicherung: alle Plätze gleichen danach neu ab"
    parser = commands.add_parser(
        "restored",
        help=summary,
        description="Gibt jedem Bereich eine neue Epoche. Aufrufen, nachdem eine Sicherung der Datenbank eingespielt "
        "wurde und bevor der Hub wieder läuft: Jeder Platz vergleicht dann alles und sendet, was dem Hub fehlt. "
        "Ohne diesen Schritt könnten Änderungen verloren gehen.",
    )
    parser.add_argument("--yes", action="store_true", help="nicht nachfragen, sondern ausführen")
    parser.set_defaults(run=restored)

    summary = "alte Löschvermerke und alte Antworten entfernen"
    parser = commands.add_parser(
        "prune",
        help=summary,
        description="Entfernt Löschvermerke, die älter sind, und gemerkte Antworten. Ein Platz, der länger nicht da war, "
        "gleicht danach einmal alles ab. Vermerke über getilgte Personen bleiben immer.",
    )
    parser.add_argument(
        "--days",
        type=int,
        default=_TOMBSTONE_DAYS,
        metavar="TAGE",
        help=f"Löschvermerke, die älter sind (sonst {_TOMBSTONE_DAYS})",
    )
    parser.add_argument(
        "--answer-days",
        type=int,
        default=_RESULT_DAYS,
        metavar="TAGE",
        help=f"gemerkte Antworten, die älter sind (sonst {_RESULT_DAYS})",
    )
    parser.set_defaults(run=prune)

    summary = "zeigen, wie viel in welchem Bereich liegt"
    parser = commands.add_parser("stats", help=summary, description=summary)
    parser.set_defaults(run=stats)


def restored(session: Session, arguments: Namespace) -> int:
    """Give every space a new epoch."""
    if not arguments.yes:
        raise Problem(
            "Nur nach dem Einspielen einer Sicherung, bei angehaltenem Hub. Wenn das so ist: quartierslotse-hub restored --yes"
        )
    with session.database(put_back=True) as database:
        count = renew_epochs(database)
    log_event("restored", spaces=count)
    session.say(
        f"{count} Bereiche haben eine neue Epoche. Der Hub kann wieder starten; jeder Platz gleicht alles neu ab."
    )
    session.result({"spaces": count})
    return 0


def prune(session: Session, arguments: Namespace) -> int:
    """Remove old tombstones and old results of pushes."""
    if arguments.days < 30 or arguments.answer_days < 7:
        raise Problem("Löschvermerke bleiben mindestens 30 Tage, gemerkte Antworten mindestens 7.")
    with session.database() as database:
        deleted = prune_deleted(database, days_before(session.now(), arguments.days))
        results = prune_results(database, days_before(session.now(), arguments.answer_days))
    session.say(
        f"Entfernt: {counted(deleted, 'Löschvermerk', 'Löschvermerke')}, "
        f"{counted(results, 'gemerkte Antwort', 'gemerkte Antworten')}."
    )
    session.result({"tombstones": deleted, "results": results})
    return 0


def stats(session: Session, _arguments: Namespace) -> int:
    """Show numbers, no content."""
    with session.database() as database:
        rows = statistics(database)
    session.table(
        ("Bereich", "Stand", "Datensätze", "gelöscht", "getilgt", "KiB"),
        [
            (row["name"], row["seq"], row["present"], row["deleted"], row["erased"], -(-row["bytes"] // 1024))
            for row in rows
        ],
    )
    session.result(rows)
    return 0
