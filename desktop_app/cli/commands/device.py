"""Shows the computers of the office as the hub knows them, and shuts one out."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_app.cli.command import Outcome
from desktop_app.cli.console import table
from desktop_app.cli.parser import CommandParser, WrongUsage, add_global_options
from desktop_app.cli.session import Session
from desktop_app.cli.syncing import desk_data
from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from datetime import date

    from desktop_app.sync.records import Desk


def add_arguments(parser: CommandParser) -> None:
    """Declare the steps and their options."""
    steps = parser.add_subparsers(dest="step", metavar=tr("SCHRITT"), title=tr("Schritte"), required=True,
                                  help=tr("was zu tun ist; Hilfe dazu: quartierslotse device SCHRITT --help"))  # fmt: skip
    listing = steps.add_parser("list", help=tr("die Rechner des Büros zeigen"))
    listing.add_argument("--all", action="store_true", help=tr("auch ausgeschlossene"))
    revoke = steps.add_parser("revoke", help=tr("einen Rechner ausschließen, z. B. einen gestohlenen"))
    revoke.add_argument("device_id", metavar=tr("NUMMER"), help=tr("Nummer des Rechners (siehe device list)"))
    revoke.add_argument(
        "--yes", action="store_true", help=tr("bestätigen: der Rechner kommt nur mit neuer Aufnahme wieder")
    )
    for step in steps.choices.values():
        add_global_options(step)


def run(session: Session, arguments: Namespace) -> Outcome:
    """Do one step."""
    if arguments.step == "revoke" and not arguments.yes:
        raise WrongUsage(
            tr(
                "Ein ausgeschlossener Rechner bekommt nichts mehr und kommt nur mit einer neuen Aufnahme wieder. Bitte "
                "bestätigen Sie mit --yes; es wurde nichts geändert."
            )
        )
    with session.application() as application, session.progress() as progress:
        sync = application.sync
        said: list[str] = []
        revoked = None
        if arguments.step == "revoke":
            desk = _chosen(sync.desks(), arguments.device_id)
            sync.revoke(application.actor, desk.device_id, progress)
            revoked = desk.device_id
            said = [
                tr("„{desk}“ ist ausgeschlossen; die anderen haben einen neuen Schlüssel.", desk=desk.label),
                tr("Was auf ihm liegt, bleibt dort. Aus der Ferne löschen lässt es sich nicht."),
                "",
            ]
        # Shut out by the hub alone, a desk is still of the office: it has the key.
        desks = [
            desk for desk in sync.desks() if desk.revoked_on is None or desk.is_admitted or revoked or arguments.all
        ]
    headers = (tr("Nummer"), tr("Name"), tr("Stand"), tr("Verbunden seit"), tr("Zuletzt gesehen"))
    rows = [
        (desk.device_id, desk.label, _state(desk), _day(desk.enrolled_on), _day(desk.last_seen_on)) for desk in desks
    ]
    said += table(headers, rows)
    for desk in desks:
        if _keeps_key(desk):
            said += [
                "",
                tr("„{desk}“ hat noch den Büro-Schlüssel. So bekommt das Büro einen neuen:", desk=desk.label),
                f"  quartierslotse device revoke {desk.device_id} --yes",
            ]
    return Outcome(said, {"devices": [desk_data(desk) for desk in desks], "revoked": revoked})


def _chosen(desks: Sequence[Desk], number: str) -> Desk:
    found = [desk for desk in desks if number in {desk.device_id, desk.label}]
    if len(found) != 1:
        raise UserError(
            tr(
                "Einen Rechner „{number}“ gibt es nicht. Welche es gibt, zeigt: quartierslotse device list",
                number=number,
            )
            if not found
            else tr("Mehrere Rechner heißen „{name}“. Bitte nennen Sie die Nummer.", name=number)
        )
    return found[0]


def _keeps_key(desk: Desk) -> bool:
    return desk.revoked_on is not None and desk.is_admitted


def _state(desk: Desk) -> str:
    if _keeps_key(desk):
        return tr("nur am Server gesperrt am {day}", day=_day(desk.revoked_on))
    if desk.revoked_on is not None:
        return tr("ausgeschlossen am {day}", day=_day(desk.revoked_on))
    if desk.is_this:
        return tr("dieser Rechner")
    return tr("aufgenommen") if desk.is_admitted else tr("wartet auf Aufnahme")


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day is not None else ""
