"""`enrol` and `codes`: with what desks come in, and taking it back."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from desktop_app.sync.enrolment_text import NoEnrolmentCode, enrolment_text
from hub.cli.command import Problem, Session, counted
from hub.cli.names import LONGEST_NAME, office_named
from hub.clock import readable
from hub.identity import devices
from hub.identity.codes import open_codes, withdraw
from hub.identity.offices import hub_id
from hub.settings import PREFIX
from hub.storage.database import HubDatabase

_CODE_DAYS = 7
_ALL = "quartierslotse-hub codes list"


def add_commands(commands: Any) -> None:
    """Declare the commands."""
    summary = "einen Anmelde-Code für einen Platz ausgeben"
    parser = commands.add_parser("enrol", help=summary, description=summary)
    parser.add_argument("office", metavar="BÜRO", help="der Name des Büros")
    parser.add_argument("--label", default="", metavar="TEXT", help="wie der Platz heißt (sonst sagt er es selbst)")
    parser.add_argument(
        "--days", type=int, default=_CODE_DAYS, metavar="TAGE", help=f"wie lange der Code gilt (sonst {_CODE_DAYS})"
    )
    parser.set_defaults(run=enrol)

    summary = "offene Anmelde-Codes zeigen und zurückziehen"
    parser = commands.add_parser("codes", help=summary, description=summary)
    steps = parser.add_subparsers(metavar="SCHRITT", title="Schritte", required=True, parser_class=type(parser))
    summary = "offene Codes zeigen; die Codes selbst kennt der Hub nicht"
    step = steps.add_parser("list", help=summary, description=summary)
    step.add_argument("--office", metavar="BÜRO", help="nur die dieses Büros")
    step.set_defaults(run=list_codes)
    summary = "einen offenen Code zurückziehen, oder alle eines Büros"
    step = steps.add_parser("withdraw", help=summary, description=summary)
    which = step.add_mutually_exclusive_group(required=True)
    which.add_argument("key", nargs="?", metavar="KENNUNG", help=f"wie sie {_ALL} zeigt")
    which.add_argument("--office", metavar="BÜRO", help="alle offenen dieses Büros")
    step.set_defaults(run=withdraw_codes)


def enrol(session: Session, arguments: Namespace) -> int:
    """Make a code; print it as the line that is pasted or scanned."""
    if not 1 <= arguments.days <= 365:
        raise Problem("Ein Code gilt zwischen 1 und 365 Tagen.")
    if len(arguments.label) > LONGEST_NAME:
        raise Problem(f"Der Name des Platzes hat höchstens {LONGEST_NAME} Zeichen.")
    with session.database() as database:
        with database.session():
            office = office_named(database, arguments.office)
            others = len(open_codes(database, session.now, office["id"]))
        name = str(office["name"])
        line, expires = code_line(session, database, name, arguments.label, arguments.days * 24)
    session.say(
        f"Anmelde-Code für einen Platz von „{name}“, gültig bis {readable(expires)}, einmal zu benutzen:",
        "",
        line,
    )
    if others:
        which = counted(others, "anderer Code", "andere Codes")
        session.say("", f"Außerdem {'gilt' if others == 1 else 'gelten'} noch {which} für „{name}“: {_ALL}")
    session.result({"office": name, "enrolment": line, "expires_at": expires, "other_codes": others})
    return 0


def code_line(session: Session, database: HubDatabase, office: str, label: str, hours: int) -> tuple[str, str]:
    """Make a code for a desk of an office; return the line and until when it counts.

    Raises:
        Problem: there is no such office, or the hub does not know its own address.
    """
    address = session.settings.address
    if not address:
        raise Problem(
            f"Der Code nennt auch die Adresse des Hubs. Bitte setzen Sie {PREFIX}ADDRESS, zum Beispiel auf "
            "https://hub.example.org"
        )
    with database.writing():
        row = office_named(database, office)
        invitation = devices.invite(database, session.now, row["id"], label, hours)
        try:
            line = enrolment_text(address, invitation["code"], hub_id(database))
        except NoEnrolmentCode as error:
            raise Problem(
                f"„{address}“ ({PREFIX}ADDRESS) geht nicht als Adresse: nötig ist https://…, und http:// nur auf diesem "
                "Rechner selbst."
            ) from error
    return line, invitation["expires_at"]


def list_codes(session: Session, arguments: Namespace) -> int:
    """Show which codes are open."""
    with session.database() as database, database.session():
        office_id = office_named(database, arguments.office)["id"] if arguments.office else None
        found = open_codes(database, session.now, office_id)
    if found:
        session.table(
            ("Kennung", "Büro", "Platz", "ausgegeben", "gültig bis"),
            [
                (
                    code["key"],
                    code["office"],
                    code["label"] or "–",
                    readable(code["made_at"]) if code["made_at"] else "–",
                    readable(code["expires_at"]),
                )
                for code in found
            ],
        )
    else:
        session.say("Kein Anmelde-Code ist offen.")
    session.result(found)
    return 0


def withdraw_codes(session: Session, arguments: Namespace) -> int:
    """Take one code back, or all of an office."""
    with session.database() as database:
        if arguments.office:
            with database.session():
                office_id = office_named(database, arguments.office)["id"]
            gone = withdraw(database, session.now, office_id=office_id)
        else:
            gone = withdraw(database, session.now, key=arguments.key)
            if not gone:
                raise Problem(f"Einen offenen Code mit der Kennung „{arguments.key}“ gibt es nicht. Alle zeigt: {_ALL}")
    if gone:
        whom = "ihn" if len(gone) == 1 else "sie"
        session.say(
            f"Zurückgezogen: {counted(len(gone), 'Code', 'Codes')} von „{gone[0]['office']}“. "
            f"Wer {whom} noch hat, kommt damit nicht mehr herein."
        )
    else:
        session.say(f"Von „{arguments.office}“ ist kein Anmelde-Code offen.")
    session.result({"withdrawn": gone})
    return 0
