"""Connects this computer with others, brings it into step, shows how it stands, and decides conflicts."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.asking import agrees, ask, can_ask
from desktop_app.cli.command import USER_CAN_FIX, Outcome
from desktop_app.cli.console import table
from desktop_app.cli.parser import CommandParser, WrongUsage, add_global_options
from desktop_app.cli.session import Session
from desktop_app.cli.syncing import (
    conflict_data,
    preview_data,
    round_data,
    share_data,
    share_lines,
    status_data,
    when,
)
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.translation import tr, tr_count
from desktop_app.environment.output_files import check_writable, write_whole

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.sync.records import Conflict, ConflictField, ConnectionPreview, RoundResult

Step = Callable[[Session, "Application", Namespace], Outcome]
_SHORTEST_NUMBER = 6
_TRIES = 3


def add_arguments(parser: CommandParser) -> None:
    """Declare the steps and their options."""
    steps = parser.add_subparsers(dest="step", metavar=tr("SCHRITT"), title=tr("Schritte"), required=True,
                                  help=tr("was zu tun ist; Hilfe dazu: quartierslotse sync SCHRITT --help"))  # fmt: skip
    steps.add_parser("run", help=tr("jetzt abgleichen: Neues holen, Eigenes senden"))
    steps.add_parser("status", help=tr("zeigen, wie es steht und was mit wem geteilt wird"))
    connect = steps.add_parser("connect", help=tr("diesen Rechner mit einem Abgleich-Server verbinden"))
    connect.add_argument(
        "--name", required=True, metavar="NAME", help=tr("wie dieser Rechner heißen soll, z. B. Empfang")
    )
    connect.add_argument("--code-file", type=Path, metavar=tr("DATEI"),
                         help=tr("Datei mit dem Anmeldecode, - für die Eingabe (sonst wird am Terminal gefragt)"))  # fmt: skip
    connect.add_argument("--yes", action="store_true",
                         help=tr("bestätigen, was dann mit wem geteilt wird; sonst wird am Terminal gefragt"))  # fmt: skip
    sheet = steps.add_parser("key-sheet", help=tr("den Büro-Schlüssel als PDF schreiben und vom Papier bestätigen"))
    sheet.add_argument("--out", type=Path, required=True, metavar=tr("DATEI"), help=tr("die PDF-Datei, die entsteht"))
    sheet.add_argument("--force", action="store_true", help=tr("eine vorhandene Datei ersetzen"))
    conflicts = steps.add_parser("conflicts", help=tr("Konflikte zeigen und entscheiden"))
    conflicts.add_argument("conflict_id", nargs="?", default="", metavar=tr("NUMMER"),
                           help=tr("nur diesen Konflikt; der Anfang seiner Nummer genügt"))  # fmt: skip
    conflicts.add_argument("--all", action="store_true", help=tr("auch entschiedene zeigen"))
    what = conflicts.add_mutually_exclusive_group()
    what.add_argument("--take", choices=("mine", "theirs", "before"),
                      help=tr("welcher Wert gelten soll: der hier, der vom anderen Rechner oder der von vorher"))  # fmt: skip
    what.add_argument("--done", action="store_true", help=tr("alles lassen, wie es ist, und den Konflikt wegräumen"))
    what.add_argument("--undo", action="store_true", help=tr("die Entscheidung zurücknehmen"))
    conflicts.add_argument("--field", action="append", default=[], metavar=tr("FELD"),
                           help=tr("mit --take: nur dieses Feld (mehrmals möglich; sonst alle Felder des Konflikts)"))  # fmt: skip
    for step in steps.choices.values():
        add_global_options(step)


def run(session: Session, arguments: Namespace) -> Outcome:
    """Do one step."""
    steps: dict[str, Step] = {
        "run": _run,
        "status": _status,
        "connect": _connect,
        "key-sheet": _key_sheet,
        "conflicts": _conflicts,
    }
    if (
        arguments.step == "conflicts"
        and not arguments.conflict_id
        and (arguments.take or arguments.done or arguments.undo or arguments.field)
    ):
        raise WrongUsage(tr("Bitte nennen Sie die Nummer des Konflikts, den Sie entscheiden wollen."))
    if arguments.step == "conflicts" and arguments.field and not arguments.take:
        raise WrongUsage(tr("--field sagt, für welches Feld --take gilt. Bitte nennen Sie auch --take."))
    with session.application() as application:
        return steps[arguments.step](session, application, arguments)


def _run(session: Session, application: Application, _arguments: Namespace) -> Outcome:
    with session.progress() as progress:
        result = application.sync.run(application.actor, progress)
    return Outcome([*_round_lines(result), application.sync.status().sentence], _result(application, done=result))


def _status(_session: Session, application: Application, _arguments: Namespace) -> Outcome:
    status = application.sync.status()
    lines = [status.sentence]
    if status.last_success is not None:
        lines.append(tr("Zuletzt ganz abgeglichen: {when}", when=when(status.last_success)))
    if status.problem and status.problem != status.sentence:
        lines.append(status.problem)
    if status.open_conflicts:
        lines.append(
            tr_count("{count} Konflikt wartet: quartierslotse sync conflicts",
                     "{count} Konflikte warten: quartierslotse sync conflicts", status.open_conflicts)
        )  # fmt: skip
    if status.needs_recovery_sheet:
        lines.append(_sheet_sentence())
    lines += [f"{parked.what}: {parked.sentence}" for parked in application.sync.parked()]
    lines += ["", tr("Geteilt wird:"), *share_lines(application.sync.shares())]
    return Outcome(lines, _result(application))


# Connecting -----------------------------------------------------------------------------------------------


def _connect(session: Session, application: Application, arguments: Namespace) -> Outcome:
    code = _code(session, arguments.code_file)
    begun = application.sync.begun_with(code)
    if begun:
        # Agreed to before; the hub may not know the code any more.
        with session.progress() as progress:
            application.sync.connect(application.actor, code, begun, progress)
        return Outcome(_connected_lines(application), _result(application))
    preview = application.sync.preview(code)
    lines = _preview_lines(preview)
    if not arguments.yes:
        if not can_ask() or arguments.code_file == Path("-"):
            lines += ["", tr("Es wurde nichts gesendet. Wenn Sie das so wollen, bestätigen Sie bitte mit --yes.")]
            return Outcome(lines, _result(application, preview=preview), USER_CAN_FIX)
        for line in lines:
            session.console.problem(line)
        if not agrees(tr("Verbinden? (ja/nein)")):
            return Outcome([tr("Es wurde nichts gesendet.")], _result(application, preview=preview), USER_CAN_FIX)
        lines = []
    with session.progress() as progress:
        application.sync.connect(application.actor, code, arguments.name, progress)
    lines += ["", *_connected_lines(application)] if lines else _connected_lines(application)
    return Outcome(lines, _result(application, preview=preview))


def _connected_lines(application: Application) -> list[str]:
    status = application.sync.status()
    lines = [status.sentence]
    if status.needs_recovery_sheet:
        lines.append(_sheet_sentence())
    if status.state.value == "waiting_for_admission":
        lines.append(
            tr(
                "Aufgenommen wird er von einem Rechner, der schon dabei ist: Öffnen Sie auf beiden das Fenster, Bereich "
                "Abgleich, und vergleichen Sie die acht Wörter. Danach holt „quartierslotse sync run“ die Daten."
            )
        )
    return lines


def _code(session: Session, file: Path | None) -> str:
    """Return the enrolment code; it opens a door and stands in no command line."""
    if file is not None:
        return session.text_of(file).strip()
    if not can_ask():
        raise UserError(
            tr(
                "Es fehlt der Anmeldecode. Bitte schreiben Sie ihn in eine Datei und nennen Sie diese mit --code-file; in der "
                "Befehlszeile könnten andere ihn lesen."
            )
        )
    return ask(tr("Anmeldecode:"))


def _preview_lines(preview: ConnectionPreview) -> list[str]:
    role = tr("Ein Rechner dieses Büros ist schon verbunden; er muss diesen hier aufnehmen.")
    if preview.is_first_desk:
        role = tr("Dieser Rechner wäre der erste dieses Büros; er macht den Schlüssel.")
    if preview.is_coordination:
        role = tr("Der Code ist der einer Koordination: Sie liest das Verzeichnis, Daten der Büros bekommt sie nicht.")
    return [
        tr("Abgleich-Server: {address}", address=preview.hub_address),
        tr("Büro: {office} ({carrier})", office=preview.office, carrier=preview.carrier),
        role,
        *([preview.other_office] if preview.other_office else []),
        "",
        tr("Geteilt würde:"),
        *share_lines(preview.shares),
    ]


def _key_sheet(session: Session, application: Application, arguments: Namespace) -> Outcome:
    if not can_ask():
        raise UserError(
            tr(
                "Der Büro-Schlüssel zählt erst, wenn jemand seine erste Gruppe vom Papier abtippt. Bitte rufen Sie den Befehl "
                "an einem Terminal auf, oder drucken Sie das Blatt im Fenster unter Abgleich."
            )
        )
    check_writable(arguments.out, overwrite=arguments.force)
    write_whole(arguments.out, application.sync.recovery_sheet(application.actor), overwrite=arguments.force)
    session.console.problem(
        tr(
            "Das Blatt liegt in „{file}“. Bitte drucken Sie es jetzt, und löschen Sie danach die Datei.",
            file=arguments.out,
        )
    )
    _confirm_sheet(session, application)
    sentence = tr(
        "Der gedruckte Büro-Schlüssel gilt. Frühere Blätter gelten nicht mehr. Verwahren Sie das Blatt wie Bargeld."
    )
    return Outcome([sentence], _result(application, sheet=arguments.out))


def _confirm_sheet(session: Session, application: Application) -> None:
    """Ask for the first group; after a typing mistake again, for the next call would make another key."""
    for left in range(_TRIES - 1, -1, -1):
        try:
            application.sync.confirm_recovery(application.actor, ask(tr("Die erste Gruppe, vom Papier abgetippt:")))
        except InputError as mistake:
            if not left:
                raise
            session.console.problem(mistake.message)
        else:
            return


def _sheet_sentence() -> str:
    return tr(
        "Der Büro-Schlüssel ist noch nicht gedruckt. Ohne ihn sind die Daten auf dem Server verloren, wenn alle Rechner "
        "ausfallen: quartierslotse sync key-sheet --out blatt.pdf, oder im Fenster unter Abgleich."
    )


# Conflicts ------------------------------------------------------------------------------------------------


def _conflicts(_session: Session, application: Application, arguments: Namespace) -> Outcome:
    sync, actor = application.sync, application.actor
    if not arguments.conflict_id:
        found = sync.conflicts(with_decided=arguments.all)
        return Outcome(_list_lines(found), _result(application, conflicts=found))
    conflict = _chosen(sync.conflicts(with_decided=True), arguments.conflict_id)
    said: list[str] = []
    if arguments.take:
        from desktop_app.sync.records import Choice

        for field in _fields(conflict, arguments.field):
            sync.decide(actor, conflict.conflict_id, field.name, Choice(arguments.take))
            said.append(tr("Entschieden: {field}", field=field.label or tr("der ganze Eintrag")))
    elif arguments.done:
        sync.dismiss(actor, conflict.conflict_id)
        said.append(tr("Weggeräumt; es bleibt, wie es ist."))
    elif arguments.undo:
        sync.undo_decision(actor, conflict.conflict_id)
        said.append(tr("Die Entscheidung ist zurückgenommen."))
    conflict = sync.conflict(conflict.conflict_id)
    return Outcome([*said, *_conflict_lines(conflict)], _result(application, conflicts=(conflict,)))


def _chosen(conflicts: Sequence[Conflict], number: str) -> Conflict:
    found = [one for one in conflicts if one.conflict_id == number]
    if not found and len(number) >= _SHORTEST_NUMBER:
        found = [one for one in conflicts if one.conflict_id.startswith(number)]
    if len(found) != 1:
        raise UserError(
            tr("Den Konflikt „{number}“ gibt es nicht. Welche es gibt, zeigt: quartierslotse sync conflicts --all",
               number=number)
            if not found
            else tr("Mehrere Konflikte beginnen mit „{number}“. Bitte nennen Sie die ganze Nummer.", number=number)
        )  # fmt: skip
    return found[0]


def _fields(conflict: Conflict, names: Sequence[str]) -> list[ConflictField]:
    known = {field.name: field for field in conflict.fields}
    for name in names:
        if name not in known:
            raise UserError(
                tr(
                    "Das Feld „{name}“ gehört nicht zu diesem Konflikt. Möglich: {names}",
                    name=name,
                    names=", ".join(known),
                )
            )
    return [known[name] for name in names or known]


def _list_lines(conflicts: Sequence[Conflict]) -> list[str]:
    if not conflicts:
        return [tr("Keine Konflikte.")]
    rows = [
        (
            one.conflict_id,
            when(one.happened_at),
            one.what,
            one.record,
            ", ".join(field.label for field in one.fields if field.label),
            tr("entschieden") if one.is_decided else tr("offen"),
        )
        for one in conflicts
    ]
    return table((tr("Nummer"), tr("Gefunden"), tr("Was"), tr("Eintrag"), tr("Felder"), tr("Stand")), rows)


def _conflict_lines(conflict: Conflict) -> list[str]:
    lines = [f"{conflict.what}: {conflict.record}"]
    words = {"mine": conflict.mine_where, "theirs": conflict.theirs_where, "before": tr("vorher")}
    for field in conflict.fields:
        lines += ["", f"{field.label or tr('der ganze Eintrag')}  [{field.name}]"]
        for choice, value in (("mine", field.mine), ("theirs", field.theirs), ("before", field.before)):
            mark = "*" if field.stands.value == choice else " "
            first, *more = value.splitlines() or ["–"]
            lines.append(f"  {mark} {choice:<6} ({words[choice]}): {first}")
            lines += [f"      {line}" for line in more]
    lines += [
        "",
        tr("* gilt gerade. Anders entscheiden: quartierslotse sync conflicts NUMMER --take mine|theirs|before"),
    ]
    return lines


# ----------------------------------------------------------------------------------------------------------


def _round_lines(result: RoundResult) -> list[str]:
    lines = [
        tr_count("{count} Eintrag empfangen", "{count} Einträge empfangen", result.received),
        tr_count("{count} Eintrag gesendet", "{count} Einträge gesendet", result.sent),
    ]
    if result.new_conflicts:
        lines.append(
            tr_count("{count} neuer Konflikt: quartierslotse sync conflicts",
                     "{count} neue Konflikte: quartierslotse sync conflicts", result.new_conflicts)
        )  # fmt: skip
    return lines


def _result(
    application: Application,
    *,
    done: RoundResult | None = None,
    preview: ConnectionPreview | None = None,
    conflicts: Sequence[Conflict] = (),
    sheet: Path | None = None,
) -> dict[str, object]:
    return {
        "status": status_data(application.sync.status()),
        "shares": [share_data(share) for share in application.sync.shares()],
        "round": round_data(done) if done is not None else None,
        "preview": preview_data(preview) if preview is not None else None,
        "conflicts": [conflict_data(one) for one in conflicts],
        "sheet": str(sheet) if sheet is not None else None,
    }
