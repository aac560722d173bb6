"""Shows how long what is kept and what is due to be erased; changes a term."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from desktop_app.cli.command import Outcome
from desktop_app.cli.parser import CommandParser, WrongUsage, add_global_options
from desktop_app.cli.session import Session
from desktop_app.core.clock import to_text
from desktop_app.core.translation import tr
from desktop_app.retention.records import DataKind


def add_arguments(parser: CommandParser) -> None:
    """Declare the steps and their options."""
    steps = parser.add_subparsers(dest="step", metavar=tr("SCHRITT"), title=tr("Schritte"), required=True,
                                  help=tr("was zu tun ist; Hilfe dazu: quartierslotse retention SCHRITT --help"))  # fmt: skip
    steps.add_parser("list", help=tr("zeigen, was wie lange bleibt und was fällig ist; es wird nichts gelöscht"))
    change = steps.add_parser("change", help=tr("eine Frist ändern, innerhalb ihrer Grenzen"))
    change.add_argument("kind", choices=[kind.value for kind in DataKind], help=tr("die Art der Daten"))
    change.add_argument("months", type=int, metavar=tr("MONATE"), help=tr("die neue Frist in Monaten"))
    delete = steps.add_parser("delete-copy", help=tr("eine beiseitegelegte Datei sofort löschen (siehe list)"))
    delete.add_argument("name", metavar=tr("NAME"), help=tr("Name der Datei"))
    delete.add_argument("--yes", action="store_true", help=tr("bestätigen: Gelöschtes kommt nicht wieder"))
    forget = steps.add_parser(
        "forget-folder", help=tr("einen früheren Ordner für Sicherungen nicht mehr nennen, weil es ihn nicht mehr gibt")
    )
    forget.add_argument("folder", type=Path, metavar=tr("ORDNER"), help=tr("wie ihn list nennt"))
    for step in steps.choices.values():
        add_global_options(step)


def run(session: Session, arguments: Namespace) -> Outcome:
    """Do one step."""
    from desktop_app.backup.wording import former_place_text, set_aside_label, set_aside_text
    from desktop_app.retention.wording import changed_text, kind_text

    if arguments.step == "delete-copy" and not arguments.yes:
        raise WrongUsage(tr("Gelöschtes kommt nicht wieder. Bitte bestätigen Sie mit --yes; es wurde nichts gelöscht."))
    with session.application() as application:
        if arguments.step == "change":
            application.retention.change_rule(application.actor, DataKind(arguments.kind), arguments.months)
        if arguments.step == "delete-copy":
            application.backups.remove_set_aside(application.actor, arguments.name)
        if arguments.step == "forget-folder":
            application.backups.forget_place(application.actor, arguments.folder)
        set_aside, places = application.backups.set_aside(), application.backups.former_places()
        lists = application.retention.due_lists()
        needs_clean_up = application.retention.needs_clean_up()
    lines = [f"{due.in_force.rule.kind.value:9} {due.in_force.label}: {kind_text(due)}" for due in lists]
    if arguments.step == "change":
        changed = next(due.in_force for due in lists if due.in_force.rule.kind.value == arguments.kind)
        lines.insert(0, changed_text(changed))
    if needs_clean_up:
        lines.append(tr("Nach einer Löschung ist noch aufzuräumen: quartierslotse erase clean-up"))
    lines += [f"{aside.file.name}: {set_aside_label(aside)}, {set_aside_text(aside)}" for aside in set_aside]
    lines += [
        tr("Sicherungen in „{folder}“: {text}", folder=place.folder, text=former_place_text(place)) for place in places
    ]
    result = [
        {
            "kind": due.in_force.rule.kind.value,
            "months": due.in_force.months,
            "least_months": due.in_force.rule.least_months,
            "most_months": due.in_force.rule.most_months,
            "erased_here": due.in_force.rule.is_erased_here,
            "basis": due.in_force.basis,
            "total": due.total,
            "due": due.count,
            "held": due.held,
            "oldest": due.oldest.isoformat() if due.oldest else None,
        }
        for due in lists
    ]
    copies = [
        {"name": aside.file.name, "at": to_text(aside.at), "size": aside.size, "gone_by": aside.gone_by.isoformat()}
        for aside in set_aside
    ]
    former = [
        {
            "folder": str(place.folder),
            "reachable": place.is_reachable,
            "backups": place.count if place.is_reachable else None,
            "gone_by": place.gone_by.isoformat() if place.gone_by else None,
        }
        for place in places
    ]
    return Outcome(
        lines, {"rules": result, "needs_clean_up": needs_clean_up, "set_aside": copies, "former_folders": former}
    )
