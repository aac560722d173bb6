"""Exchanges with other desks of the office by file: on a stick or in a shared folder, without any network."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import Outcome
from desktop_app.cli.parser import CommandParser, add_global_options
from desktop_app.cli.session import Session
from desktop_app.cli.syncing import when
from desktop_app.core.translation import tr, tr_count

if TYPE_CHECKING:
    from desktop_app.sync.bundle_records import BundleGiven, BundleStatus, BundleTaken


def add_arguments(parser: CommandParser) -> None:
    """Declare the steps and their options."""
    steps = parser.add_subparsers(dest="step", metavar=tr("SCHRITT"), title=tr("Schritte"), required=True,
                                  help=tr("was zu tun ist; Hilfe dazu: quartierslotse bundle SCHRITT --help"))  # fmt: skip
    export = steps.add_parser("export", help=tr("eine Abgleich-Datei für die anderen Rechner des Büros schreiben"))
    export.add_argument("folder", type=Path, metavar=tr("ORDNER"), help=tr("der Stick oder der gemeinsame Ordner"))
    export.add_argument("--everything", action="store_true",
                        help=tr("alles ausgeben, auch was die anderen Rechner schon haben"))  # fmt: skip
    taking = steps.add_parser("import", help=tr("Abgleich-Dateien anderer Rechner des Büros übernehmen"))
    taking.add_argument("source", type=Path, metavar=tr("DATEI"),
                        help=tr("die Datei, oder der Ordner, in dem die neuesten liegen"))  # fmt: skip
    steps.add_parser("status", help=tr("zeigen, wann zuletzt ausgegeben und übernommen wurde"))
    for step in steps.choices.values():
        add_global_options(step)


def run(session: Session, arguments: Namespace) -> Outcome:
    """Do one step."""
    given: BundleGiven | None = None
    taken: BundleTaken | None = None
    with session.application() as application, session.progress() as progress:
        service, actor = application.bundles, application.actor
        if arguments.step == "export":
            given = service.export(actor, arguments.folder, progress, everything=arguments.everything)
        elif arguments.step == "import":
            taken = service.take_over(actor, arguments.source, progress)
        status = service.status()
    if given is not None:
        lines = _given_lines(given)
    elif taken is not None:
        lines = _taken_lines(taken)
    else:
        lines = _status_lines(status)
    return Outcome(lines, _result(status, given, taken))


def _given_lines(given: BundleGiven) -> list[str]:
    what = tr("alles") if given.is_everything else tr("was den anderen Rechnern fehlt")
    count = tr_count("{count} Eintrag", "{count} Einträge", given.records)
    return [
        tr("Ausgegeben: {what}, {count}.", what=what, count=count),
        tr("Die Datei: „{file}“. Lesen können sie nur die Rechner Ihres Büros.", file=given.path),
    ]


def _taken_lines(taken: BundleTaken) -> list[str]:
    if taken.is_known:
        return [tr("Das wurde hier schon übernommen. Es hat sich nichts geändert.")]
    lines = [
        tr_count("{count} Eintrag übernommen von: {desks}", "{count} Einträge übernommen von: {desks}", taken.received,
                 desks=", ".join(taken.labels))
    ]  # fmt: skip
    if taken.new_conflicts:
        lines.append(
            tr_count("{count} neuer Konflikt: quartierslotse sync conflicts",
                     "{count} neue Konflikte: quartierslotse sync conflicts", taken.new_conflicts)
        )  # fmt: skip
    if taken.left_out:
        lines.append(
            tr_count(
                "{count} Eintrag passt hier noch nicht; er kommt mit der nächsten Datei oder über das Netz.",
                "{count} Einträge passen hier noch nicht; sie kommen mit der nächsten Datei oder über das Netz.",
                taken.left_out,
            )
        )
    return lines


def _status_lines(status: BundleStatus) -> list[str]:
    if not status.is_possible:
        return [status.sentence]
    lines = [
        tr("Zuletzt ausgegeben: {when}", when=when(status.last_given))
        if status.last_given
        else tr("Von diesem Rechner wurde noch nichts ausgegeben.")
    ]
    lines += [
        tr("Zuletzt übernommen von „{desk}“: {when}", desk=desk.label, when=when(desk.taken_at))
        for desk in status.desks
    ]
    return lines if status.desks else [*lines, tr("Hier wurde noch nichts übernommen.")]


def _result(status: BundleStatus, given: BundleGiven | None, taken: BundleTaken | None) -> dict[str, object]:
    return {
        "possible": status.is_possible,
        "last_given": status.last_given.isoformat(timespec="seconds") if status.last_given else None,
        "desks": [
            {"label": desk.label, "taken_at": desk.taken_at.isoformat(timespec="seconds")} for desk in status.desks
        ],
        "given": {
            "file": str(given.path),
            "records": given.records,
            "everything": given.is_everything,
            "size": given.size,
        }
        if given is not None
        else None,
        "taken": {
            "from": list(taken.labels),
            "made_at": taken.made_at.isoformat(timespec="seconds") if taken.made_at else None,
            "received": taken.received,
            "new_conflicts": taken.new_conflicts,
            "left_out": taken.left_out,
            "known": taken.is_known,
        }
        if taken is not None
        else None,
    }
