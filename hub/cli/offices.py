"""`space` and `revoke`: carriers, offices and their desks."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import peewee

from hub.cli.command import Problem, Session, counted
from hub.cli.names import carrier_named, new_name, office_named, refuse_similar
from hub.clock import readable, readable_day
from hub.errors import Refused
from hub.identity import devices
from hub.identity.offices import add_office, rename
from hub.spaces.hand_over import count_owned, hand_over_all
from hub.storage.database import HubDatabase
from hub.storage.tables import Carrier, Device, Office, Space

_ENTRIES = ("Eintrag", "Einträge")
_ANYWAY = "auch wenn es einen Namen schon gibt, der fast gleich ist"


def add_commands(commands: Any) -> None:
    """Declare the commands."""
    summary = "Büros und ihre Bereiche zeigen und anlegen"
    parser = commands.add_parser("space", help=summary, description=summary)
    steps = parser.add_subparsers(metavar="SCHRITT", title="Schritte", required=True, parser_class=type(parser))
    step = steps.add_parser("list", help="alle Bereiche zeigen", description="Zeigt alle Bereiche.")
    step.set_defaults(run=list_spaces)
    for name, summary, role in (
        ("add-office", "ein Büro mit seinem eigenen Bereich anlegen", "office"),
        (
            "add-coordination",
            "eine Koordination anlegen: sie liest Verzeichnis und Statistik, sonst nichts",
            "coordination",
        ),
    ):
        step = steps.add_parser(name, help=summary, description=summary)
        step.add_argument("--carrier", required=True, metavar="NAME", help="der Träger")
        step.add_argument("--name", required=True, metavar="NAME", help="der Name, unter dem andere es sehen")
        step.add_argument("--anyway", action="store_true", help=_ANYWAY)
        step.set_defaults(run=new_office, role=role)

    for kind, words, run in (("office", "einem Büro", rename_office), ("carrier", "einem Träger", rename_carrier)):
        summary = f"{words} einen anderen Namen geben"
        step = steps.add_parser(f"rename-{kind}", help=summary, description=summary)
        step.add_argument("--from", dest="former", required=True, metavar="NAME", help="wie es bisher heißt")
        step.add_argument("--to", dest="name", required=True, metavar="NAME", help="wie es heißen soll")
        step.add_argument("--anyway", action="store_true", help=_ANYWAY)
        step.set_defaults(run=run)

    summary = "alle Angebote eines Trägers im Verzeichnis einem anderen geben"
    step = steps.add_parser(
        "hand-over",
        help=summary,
        description="Gibt alles, was einem Träger im Verzeichnis gehört, einem anderen, zum Beispiel wenn ein Träger aufhört. "
        "Jeder Platz erfährt davon beim nächsten Abgleich; von da an pflegt es der neue. Was ihm vorher schon gehörte, lässt "
        "sich danach nicht mehr davon unterscheiden: Zurück ginge alles zusammen.",
    )
    step.add_argument("--from", dest="former", required=True, metavar="TRÄGER", help="wem es gehört")
    step.add_argument("--to", dest="owner", required=True, metavar="TRÄGER", help="wem es gehören soll")
    step.add_argument("--yes", action="store_true", help="nicht nachfragen, sondern ausführen")
    step.set_defaults(run=hand_over)

    summary = "einen Platz aussperren, oder ohne Angabe alle Plätze zeigen"
    parser = commands.add_parser("revoke", help=summary, description=summary)
    parser.add_argument("device", nargs="?", metavar="KENNUNG", help="die Kennung des Platzes")
    parser.set_defaults(run=revoke)


def new_office(session: Session, arguments: Namespace) -> int:
    """Make an office or a coordination."""
    carrier, name = new_name(arguments.carrier), new_name(arguments.name)
    with session.database() as database:
        if not arguments.anyway:
            with database.session():
                refuse_similar(database, Carrier, carrier)
                refuse_similar(database, Office, name)
        try:
            office_id = add_office(database, carrier, name, arguments.role)
        except peewee.IntegrityError as error:
            raise Problem(f"Ein Büro mit dem Namen „{name}“ gibt es schon.") from error
    session.say(f'„{name}“ ({carrier}) ist angelegt. Nun: quartierslotse-hub enrol "{name}"')
    session.result({"office_id": office_id, "name": name, "carrier": carrier, "role": arguments.role})
    return 0


def rename_office(session: Session, arguments: Namespace) -> int:
    """Give an office another name."""
    return _rename(session, arguments, Office, "Das Büro", "Ein Büro")


def rename_carrier(session: Session, arguments: Namespace) -> int:
    """Give a carrier another name."""
    return _rename(session, arguments, Carrier, "Der Träger", "Einen Träger")


def _rename(
    session: Session, arguments: Namespace, table: type[Carrier] | type[Office], the_one: str, another: str
) -> int:
    name = new_name(arguments.name)
    with session.database() as database:
        with database.session():
            row = (office_named if table is Office else carrier_named)(database, arguments.former)
            if not arguments.anyway:
                refuse_similar(database, table, name, besides=row["name"])
        try:
            rename(database, table, row["id"], name)
        except peewee.IntegrityError as error:
            raise Problem(f"{another} mit dem Namen „{name}“ gibt es schon.") from error
    session.say(f"{the_one} „{row['name']}“ heißt jetzt „{name}“. Die Plätze erfahren es beim nächsten Abgleich.")
    session.result({"id": row["id"], "name": name, "former": row["name"]})
    return 0


def list_spaces(session: Session, _arguments: Namespace) -> int:
    """Show offices and spaces."""
    with session.database() as database, database.session():
        people = database.rows(
            Office.select(Office.id, Office.name, Office.role, Carrier.name.alias("carrier"))
            .join(Carrier)
            .order_by(Carrier.name, Office.name)
        )
        spaces = database.rows(Space.select().order_by(Space.id))
    names = {row["id"]: row["name"] for row in people}
    session.table(
        ("Träger", "Büro", "Rolle", "Kennung"),
        [(row["carrier"], row["name"], _ROLES[row["role"]], row["id"]) for row in people],
    )
    session.say("")
    session.table(
        ("Bereich", "wer ihn liest", "Stand"),
        [
            (
                row["name"],
                " und ".join(names[office] for office in (row["office"], row["other_office"]) if office)
                or _READERS[row["kind"]],
                row["seq"],
            )
            for row in spaces
        ],
    )
    session.result({"offices": people, "spaces": spaces})
    return 0


def hand_over(session: Session, arguments: Namespace) -> int:
    """Give the directory's records of one carrier to another."""
    with session.database() as database:
        with database.session():
            former, owner = (carrier_named(database, name) for name in (arguments.former, arguments.owner))
            theirs, ours = (count_owned(database, carrier["id"]) for carrier in (former, owner))
        if former == owner:
            raise Problem(f"Das ist zweimal derselbe Träger: „{owner['name']}“.")
        if theirs and not arguments.yes:
            raise Problem(_before_handing_over(former["name"], theirs, owner["name"], ours))
        count = hand_over_all(database, session.now, former["id"], owner["id"]) if arguments.yes else 0
        with database.session():
            ours = count_owned(database, owner["id"])
    if count:
        session.say(
            f"Übergeben: {counted(count, *_ENTRIES)} des Verzeichnisses von „{former['name']}“ an „{owner['name']}“. "
            f"„{owner['name']}“ {'gehört' if ours == 1 else 'gehören'} jetzt {ours}."
        )
    else:
        session.say(f"„{former['name']}“ gehört nichts im Verzeichnis. Es bleibt alles, wie es ist.")
    session.result({"records": count, "from": former["id"], "to": owner["id"]})
    return 0


def _before_handing_over(former: str, theirs: int, owner: str, ours: int) -> str:
    """Return what would be done, and how to say yes."""
    return (
        f"„{former}“ {_belong(theirs)} des Verzeichnisses, „{owner}“ {_belong(ours)}. Danach gehören alle „{owner}“ und lassen "
        "sich nicht mehr auseinanderhalten: Zurückgeben ließen sie sich nur alle zusammen. Wenn das so sein soll: "
        f'quartierslotse-hub space hand-over --from "{former}" --to "{owner}" --yes'
    )


def _belong(count: int) -> str:
    return f"{'gehört' if count == 1 else 'gehören'} {counted(count, *_ENTRIES)}"


_READERS = {"directory": "alle", "statistics": "die Koordination; ein Büro nur seine Monate"}
_ROLES = {"office": "Büro", "coordination": "Koordination"}


def revoke(session: Session, arguments: Namespace) -> int:
    """Shut a desk out, or show all of them."""
    with session.database() as database:
        if arguments.device is None:
            return _list_devices(session, database)
        try:
            info = devices.revoke(database, session.now, arguments.device)
        except Refused as error:
            raise Problem(
                f"Einen Platz mit der Kennung „{arguments.device}“ gibt es nicht. Alle zeigt: quartierslotse-hub revoke"
            ) from error
    session.say(
        f"Der Platz „{info['label']}“ ist seit {readable(info['revoked_at'] or '')} ausgesperrt.",
        "Was er schon geholt hat, bleibt auf ihm: Bitte wechseln Sie im Büro auch den Schlüssel.",
    )
    session.result(info)
    return 0


def _list_devices(session: Session, database: HubDatabase) -> int:
    with database.session():
        rows = database.rows(
            Device.select(
                Device.id, Device.label, Device.enrolled_at, Device.last_seen_on, Device.revoked_at, Office.name
            )
            .join(Office)
            .order_by(Office.name, Device.enrolled_at)
        )
    session.table(
        ("Büro", "Platz", "angemeldet", "zuletzt", "ausgesperrt", "Kennung"),
        [
            (
                row["name"],
                row["label"],
                readable_day(row["enrolled_at"]),
                readable_day(row["last_seen_on"]),
                readable_day(row["revoked_at"]),
                row["id"],
            )
            for row in rows
        ],
    )
    session.result(rows)
    return 0
