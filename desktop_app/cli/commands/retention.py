"""Shows how long what is kept and what is due to be erased; changes a term."""

from __future__ import annotations

from argparse import Namespace

from desktop_app.cli.command import Outcome
from desktop_app.cli.parser import CommandParser, add_global_options
from desktop_app.cli.session import Session
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
    for step in steps.choices.values():
        add_global_options(step)


def run(session: Session, arguments: Namespace) -> Outcome:
    """Do one step."""
    from desktop_app.retention.wording import due_text

    with session.application() as application:
        if arguments.step == "change":
            application.retention.change_rule(application.actor, DataKind(arguments.kind), arguments.months)
        lists = application.retention.due_lists()
        needs_clean_up = application.retention.needs_clean_up()
    lines = [f"{due.in_force.rule.kind.value:9} {due.in_force.label}: {due_text(due)}" for due in lists]
    if needs_clean_up:
        lines.append(tr("Nach einer Löschung ist noch aufzuräumen: quartierslotse erase clean-up"))
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
            "oldest": due.oldest.isoformat() if due.oldest else None,
        }
        for due in lists
    ]
    return Outcome(lines, {"rules": result, "needs_clean_up": needs_clean_up})
