"""Erases for good: what is due, one contact's note, one person; writes the receipt."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import USER_CAN_FIX, Outcome
from desktop_app.cli.parser import CommandParser, WrongUsage, add_global_options
from desktop_app.cli.session import Session
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.environment.output_files import check_writable, write_whole
from desktop_app.retention.records import DataKind

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress
    from desktop_app.retention.records import ErasureReceipt


def add_arguments(parser: CommandParser) -> None:
    """Declare the steps and their options."""
    steps = parser.add_subparsers(dest="step", metavar=tr("SCHRITT"), title=tr("Schritte"), required=True,
                                  help=tr("was zu tun ist; Hilfe dazu: quartierslotse erase SCHRITT --help"))  # fmt: skip
    due = steps.add_parser("due", help=tr("alles Fällige einer Art löschen (siehe retention list)"))
    due.add_argument("kind", choices=[kind.value for kind in DataKind], help=tr("die Art der Daten"))
    due.add_argument(
        "--dry-run", action="store_true", help=tr("nur zeigen, was fällig ist und seit wann; nichts löschen")
    )
    note = steps.add_parser("note", help=tr("die Notiz eines Kontakts löschen; der Kontakt bleibt"))
    note.add_argument("record_id", metavar=tr("NUMMER"), help=tr("Nummer des Kontakts"))
    visitor = steps.add_parser("visitor", help=tr("eine Person löschen: Akte und alle Texte ihrer Kontakte"))
    visitor.add_argument("record_id", metavar=tr("NUMMER"), help=tr("Nummer der Personenakte"))
    for step in (due, note, visitor):
        step.add_argument("--receipt", type=Path, required=step is not due, metavar=tr("DATEI"),
                          help=tr("die Löschquittung, die als PDF entsteht"))  # fmt: skip
        step.add_argument("--yes", action="store_true", help=tr("bestätigen: Gelöschtes kommt nicht wieder"))
    steps.add_parser("clean-up", help=tr("die Datenbank neu schreiben, wenn das nach einer Löschung nicht ging"))
    for step in steps.choices.values():
        add_global_options(step)


def run(session: Session, arguments: Namespace) -> Outcome:
    """Do one step."""
    from desktop_app.retention.wording import backup_sentence, clean_sentence

    if arguments.step == "clean-up":
        return _clean_up(session)
    if arguments.step == "due" and arguments.dry_run:
        return _look(session, DataKind(arguments.kind))
    if arguments.receipt is None:
        raise WrongUsage(
            tr("Bitte nennen Sie mit --receipt die Datei für die Löschquittung; es wurde nichts gelöscht.")
        )
    if not arguments.yes:
        raise WrongUsage(tr("Gelöschtes kommt nicht wieder. Bitte bestätigen Sie mit --yes; es wurde nichts gelöscht."))
    check_writable(arguments.receipt, overwrite=False)
    with session.application() as application, session.progress() as progress:
        receipt = _erase(application, arguments, progress)
        write_whole(arguments.receipt, application.retention.receipt_pdf(receipt), overwrite=False)
    lines = [f"{counted.label}: {counted.count}" for counted in receipt.counts]
    lines += [clean_sentence(receipt), backup_sentence(receipt)]
    lines.append(tr("Die Quittung liegt in „{file}“.", file=arguments.receipt))
    return Outcome(lines, _result(receipt, arguments.receipt))


def _erase(application: Application, arguments: Namespace, progress: Progress) -> ErasureReceipt:
    if arguments.step == "due":
        return application.retention.erase_due(application.actor, DataKind(arguments.kind), progress)
    if arguments.step == "note":
        return application.retention.erase_note(application.actor, arguments.record_id, progress)
    return application.retention.erase_visitor(application.actor, arguments.record_id, progress)


def _look(session: Session, kind: DataKind) -> Outcome:
    from desktop_app.retention.wording import item_text, item_title

    with session.application() as application:
        items = application.retention.due_items(kind)
        if kind is DataKind.VISITORS:
            items += application.retention.held_items()
        may_name = application.may(Action.READ_VISITOR_FILES)
        names = application.retention.due_names(kind) if may_name else {}
    named = [(item, names.get((item.what, item.record_id), "")) for item in items]
    lines = [f"{item_title(item, name)}, {item_text(item)}" for item, name in named]
    due = [
        {
            "what": item.what,
            "record_id": item.record_id,
            "name": name,
            "since": item.since.isoformat(),
            "due_on": item.due_on.isoformat(),
            "lacks_consent": item.lacks_consent,
            "held": item.is_held,
        }
        for item, name in named
    ]
    lines = lines or [tr("Es ist nichts fällig.")]
    return Outcome(lines, {**_result(None, None), "clean": None, "due": due})


def _clean_up(session: Session) -> Outcome:
    with session.application() as application, session.progress() as progress:
        is_clean = application.retention.clean_up(application.actor, progress)
    if is_clean:
        return Outcome([tr("Die Datenbank ist neu geschrieben.")], _result(None, None, clean=True))
    sentence = tr("Ein anderes Programm liest gerade; bitte schließen Sie es und versuchen Sie es noch einmal.")
    return Outcome([sentence], _result(None, None), USER_CAN_FIX)


def _result(receipt: ErasureReceipt | None, file: Path | None, *, clean: bool = False) -> dict[str, object]:
    return {
        "receipt": receipt.receipt_id if receipt else None,
        "erased": [{"what": counted.label, "count": counted.count} for counted in receipt.counts] if receipt else [],
        "clean": receipt.is_clean if receipt else clean,
        "out_of_backups_by": receipt.out_of_backups_by.isoformat() if receipt else None,
        "file": str(file) if file else None,
        "due": None,
    }
