"""Checks the audit log and writes it to a file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import DONE, USER_CAN_FIX, Outcome
from desktop_app.cli.parser import CommandParser, WrongUsage, add_global_options
from desktop_app.cli.session import Session
from desktop_app.core.translation import tr, tr_count
from desktop_app.environment.output_files import check_writable

if TYPE_CHECKING:
    from desktop_app.audit.records import Anchor, ChainBreak

FORMATS = ("csv", "json")


def add_arguments(parser: CommandParser) -> None:
    """Declare the steps and their options."""
    steps = parser.add_subparsers(dest="step", metavar=tr("SCHRITT"), title=tr("Schritte"), required=True,
                                  help=tr("was zu tun ist; Hilfe dazu: quartierslotse audit SCHRITT --help"))  # fmt: skip
    verify = steps.add_parser("verify", help=tr("prüfen, ob das Protokoll unverändert ist"))
    verify.add_argument(
        "--anchor",
        metavar=tr("PRÜFWERT"),
        help=tr("ein früher notierter Prüfwert, zum Beispiel 4711-3f2a-91c0-77de-0b1c"),
    )
    export = steps.add_parser("export", help=tr("das ganze Protokoll in eine Datei schreiben"))
    export.add_argument("--out", type=Path, required=True, metavar=tr("DATEI"), help=tr("die Datei, die entsteht"))
    export.add_argument("--format", choices=FORMATS, help=tr("Art der Datei (sonst nach der Endung von --out)"))
    export.add_argument("--force", action="store_true", help=tr("eine vorhandene Datei ersetzen"))
    for step in steps.choices.values():
        add_global_options(step)


def run(session: Session, arguments: Namespace) -> Outcome:
    """Do one step."""
    return _verify(session, arguments) if arguments.step == "verify" else _export(session, arguments)


def _verify(session: Session, arguments: Namespace) -> Outcome:
    from desktop_app.audit.records import Anchor
    from desktop_app.audit.wording import report_sentences

    anchor = Anchor.parse(arguments.anchor) if arguments.anchor is not None else None
    with session.application() as application, session.progress() as progress:
        report = application.audit.verify(progress, anchor=anchor)
    lines = [*report_sentences(report), *_anchor_lines(report.head)]
    result = _result(
        whole=report.is_whole,
        entries=report.entries,
        anchor=report.head,
        breaks=report.breaks,
        first_break=report.first_break,
    )
    return Outcome(lines, result, DONE if report.is_whole else USER_CAN_FIX)


def _export(session: Session, arguments: Namespace) -> Outcome:
    kind = arguments.format or arguments.out.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise WrongUsage(tr("Welche Art Datei soll es werden? Bitte --format csv oder json angeben."))
    check_writable(arguments.out, overwrite=arguments.force)
    with session.application() as application, session.progress() as progress:
        export = application.audit.export(application.actor, kind, arguments.out, progress, overwrite=arguments.force)
    sentence = tr_count(
        "Ein Eintrag steht in „{file}“.", "{count} Einträge stehen in „{file}“.", export.entries, file=arguments.out
    )
    result = _result(entries=export.entries, anchor=export.anchor, file=arguments.out)
    return Outcome([sentence, *_anchor_lines(export.anchor)], result)


def _anchor_lines(anchor: Anchor | None) -> list[str]:
    if anchor is None:
        return []
    return [
        tr("Prüfwert nach diesem Stand: {anchor}", anchor=anchor.short),
        tr("Bitte bewahren Sie ihn außerhalb dieses Rechners auf, zum Beispiel auf Papier."),
    ]


def _result(
    *,
    entries: int,
    anchor: Anchor | None,
    whole: bool | None = None,
    breaks: int | None = None,
    first_break: ChainBreak | None = None,
    file: Path | None = None,
) -> dict[str, object]:
    return {
        "whole": whole,
        "entries": entries,
        "anchor": anchor.text if anchor else None,
        "breaks": breaks,
        "first_break": {
            "kind": first_break.kind.value,
            "sequence": first_break.sequence,
            "before": first_break.before,
            "at": first_break.at,
        }
        if first_break
        else None,
        "file": str(file) if file else None,
    }
