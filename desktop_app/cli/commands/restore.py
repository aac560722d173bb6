"""Restores a backup, or saves what is readable from a damaged database. What was there is set aside."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.backup.account_changes import account_sentences
from desktop_app.backup.wording import returning_sentence
from desktop_app.cli.asking import agrees, can_ask
from desktop_app.cli.backups import backup_data, chosen_backup, folder_away, moment_text, preview_lines
from desktop_app.cli.command import DONE, USER_CAN_FIX, Outcome
from desktop_app.cli.parser import CommandParser, WrongUsage
from desktop_app.cli.session import Session
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr, tr_count
from desktop_app.retention.wording import repeated_sentences

if TYPE_CHECKING:
    from datetime import datetime

    from desktop_app.backup.records import Backup, Restored, RestorePreview, Salvage
    from desktop_app.backup.rescue import Rescue
    from desktop_app.cli.console import ConsoleProgress


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "name", nargs="?", default="", metavar="NAME", help=tr("Name oder Ordner der Sicherung; sonst die neueste gute")
    )
    parser.add_argument(
        "--recovery-key-file",
        type=Path,
        metavar=tr("DATEI"),
        help=tr("den Schlüssel des Wiederherstellungsblatts aus dieser Datei lesen („-“: Standardeingabe), statt eines "
                "Passworts; nur wenn sich die Datenbank nicht öffnen lässt"),
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help=tr("nur sagen, was geschähe; nichts ändern"))
    parser.add_argument(
        "--salvage",
        action="store_true",
        help=tr("keine Sicherung einspielen, sondern retten, was in der beschädigten Datenbank noch lesbar ist"),
    )
    parser.add_argument("--yes", action="store_true", help=tr("bestätigen: Die Datenbank wird ersetzt"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Restore, or only look."""
    from desktop_app.backup.rescue import keys_are_lost
    from desktop_app.storage.database import DamagedDatabase

    if arguments.salvage and arguments.dry_run:
        raise WrongUsage(tr("Was sich retten lässt, zeigt erst das Retten: --dry-run geht mit --salvage nicht."))
    if not (arguments.yes or arguments.dry_run or can_ask()):
        raise WrongUsage(
            tr("Die Datenbank wird ersetzt. Bitte bestätigen Sie mit --yes, oder sehen Sie zuerst mit --dry-run nach; es wurde "
               "nichts geändert.")
        )  # fmt: skip
    with session.progress() as progress:
        has_both = session.folder.database.exists() and not keys_are_lost(session.folder)
        if has_both and not arguments.salvage and arguments.recovery_key_file is None:
            # Opening, comparing or backing up may come upon damage: then the closed files are worked on instead.
            with suppress(DamagedDatabase), nullcontext() if arguments.dry_run else _alone(session):
                return _over_open(session, arguments, progress)
        with _alone(session):
            if arguments.salvage:
                return _salvage(session, arguments, progress)
            return _without_database(session, arguments, progress)


@contextmanager
def _alone(session: Session) -> Iterator[None]:
    """Let no window have the data meanwhile; a locked one has the database closed and would come back to another.

    Raises:
        UserError: one has it.
    """
    from desktop_app.environment.single_instance import AlreadyOpen, take_window_lock

    try:
        lock = take_window_lock(session.folder, session.surroundings().clock.now())
    except AlreadyOpen as error:
        if not error.here:
            raise
        raise UserError(
            tr("Quartierslotse ist mit diesen Daten geöffnet, vielleicht ist es gesperrt. Bitte schließen Sie das Fenster und "
               "versuchen Sie es dann noch einmal. Es wurde nichts verändert.")
        ) from error  # fmt: skip
    try:
        yield
    finally:
        lock.release()


def _over_open(session: Session, arguments: Namespace, progress: ConsoleProgress) -> Outcome:
    from desktop_app.bootstrap import open_application

    application = open_application(session.folder, session.account, session.password(), session.surroundings())
    try:
        service, now = application.backups, application.clock.now()
        chosen = _chosen(
            session, arguments.name, service.backups(), now, lambda backup: service.preview(backup, progress)
        )
        if not _agreed(session, arguments, progress, _preview_lines(chosen)):
            return _outcome(chosen, None, arguments)
        brought = service.bring_in(application.actor, chosen.backup, progress)
        return _outcome(chosen, application.restore_backup(chosen.backup, brought), arguments)
    finally:
        application.close()


def _without_database(session: Session, arguments: Namespace, progress: ConsoleProgress) -> Outcome:
    from desktop_app.backup.rescue import found_backups

    now = session.surroundings().clock.now()
    named = (
        chosen_backup(arguments.name, found_backups(session.folder), now, session.folder) if arguments.name else None
    )
    rescue = _rescue(session, arguments, named)
    known = rescue.backups() if named is None else (named,)
    chosen = _chosen(session, arguments.name, known, now, lambda backup: rescue.preview(backup, progress))
    if chosen.preview.present_is_readable and rescue.lacks_only_keys():
        keeps = tr("Nur die Schlüsseldatei fehlt oder ist beschädigt. Mit --salvage kommt sie allein zurück, und die Datenbank "
                   "bleibt, wie sie ist.")  # fmt: skip
        chosen = replace(chosen, remark=" ".join(filter(None, (chosen.remark, keeps))))
    agreed = _agreed(session, arguments, progress, _preview_lines(chosen))
    return _outcome(chosen, rescue.restore(chosen.backup, progress) if agreed else None, arguments)


def _agreed(
    session: Session, arguments: Namespace, progress: ConsoleProgress, lines: Sequence[str], question: str = ""
) -> bool:
    """Tell whether to go on; at a terminal without --yes it is asked, after `lines`."""
    if arguments.dry_run or arguments.yes:
        return bool(arguments.yes and not arguments.dry_run)
    progress.clear()
    for line in lines:
        session.console.problem(line)
    return agrees(question or tr("Die Datenbank damit ersetzen? Die bisherige bleibt daneben liegen. (ja/nein)"))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The backup to restore, what that would change, and the newer ones that are not good."""

    backup: Backup
    preview: RestorePreview
    passed_over: Sequence[Backup] = ()
    remark: str = ""
    """What to know first: that newer ones may lie where can't be looked now, or that another way loses less."""


def _chosen(
    session: Session, name: str, known: Sequence[Backup], now: datetime, look: Callable[[Backup], RestorePreview]
) -> _Chosen:
    """Return the named backup, or the newest good one.

    Raises:
        UserError: there is none, or none of that name.
        EnvironmentProblem: the named one is not good, or none is.
    """
    from desktop_app.backup.choosing import by_trust, first_good

    if name or not known:
        backup = chosen_backup(name, known, now, session.folder)
        return _Chosen(backup, look(backup))
    away = folder_away(session.folder)
    found, preview, passed_over = first_good(by_trust(known, now), look)
    if found is None or preview is None:
        raise EnvironmentProblem(
            away
            or tr("Es wurde keine gute Sicherung gefunden. Bitte stecken Sie den Datenträger mit den Sicherungen ein und nennen "
               "Sie den Ordner der Sicherung.")
        )  # fmt: skip
    return _Chosen(found, preview, passed_over, away)


def _rescue(session: Session, arguments: Namespace, named: Backup | None) -> Rescue:
    """Enter with the password or the printed key."""
    from desktop_app.backup.rescue import open_rescue

    surroundings = session.surroundings()
    key = session.text_of(arguments.recovery_key_file).strip() if arguments.recovery_key_file is not None else ""
    return open_rescue(
        session.folder, session.account, "" if key else session.password(), surroundings.clock, surroundings.ids,
        backup=named, recovery_key=key,
    )  # fmt: skip


def _salvage(session: Session, arguments: Namespace, progress: ConsoleProgress) -> Outcome:
    rescue = _rescue(session, arguments, None)
    if rescue.slots_of is not None and rescue.lacks_only_keys():
        return _bring_back_keys(session, arguments, rescue, rescue.slots_of, progress)
    about = tr("Es wird gerettet, was in „{file}“ noch lesbar ist.", file=session.folder.database)
    if not _agreed(session, arguments, progress, [about]):
        return Outcome([tr("Es wurde nichts geändert.")], _salvage_result(None), USER_CAN_FIX)
    saved = rescue.salvage(progress)
    lines = [
        tr_count("Gerettet: {count} Eintrag.", "Gerettet: {count} Einträge.", saved.rows),
        tr("Es fehlt nichts, was zu erkennen wäre.")
        if saved.is_whole
        else tr("Ein Teil war nicht mehr lesbar. Vergleichen Sie mit der letzten Sicherung."),
    ]
    if saved.set_aside is not None:
        lines.append(
            tr("Die bisherige Datenbank liegt unverändert daneben: „{name}“.", name=saved.set_aside.name)
            if saved.is_whole
            else tr("Die beschädigte Datenbank liegt unverändert daneben: „{name}“.", name=saved.set_aside.name)
        )
    return Outcome(lines, _salvage_result(saved))


def _bring_back_keys(
    session: Session, arguments: Namespace, rescue: Rescue, backup: Backup, progress: ConsoleProgress
) -> Outcome:
    about = tr("Die Datenbank ist in Ordnung; nur die Schlüsseldatei fehlt oder ist beschädigt.")
    question = tr(
        "Die Schlüsseldatei aus der Sicherung „{name}“ holen? Sonst ändert sich nichts. (ja/nein)", name=backup.name
    )
    if not _agreed(session, arguments, progress, [about], question):
        return Outcome([tr("Es wurde nichts geändert.")], _salvage_result(None), USER_CAN_FIX)
    rescue.bring_back_keys()
    lines = [
        about,
        tr("Die Schlüsseldatei ist aus der Sicherung „{name}“ wieder da, die Datenbank unverändert.", name=backup.name),
        tr("Es gelten wieder die Passwörter vom Tag der Sicherung."),
    ]
    return Outcome(lines, {**_salvage_result(None), "backup": backup_data(backup), "restored": True})


def _salvage_result(saved: Salvage | None) -> dict[str, object]:
    return {
        "backup": None,
        "passed_over": [],
        "restored": saved is not None,
        "salvaged": {table.name: table.rows for table in saved.tables} if saved is not None else {},
        "whole": saved is None or saved.is_whole,
        "lost_contacts": None,
        "returning_contacts": None,
        "account_changes": None,
        "set_aside": str(saved.set_aside) if saved is not None and saved.set_aside else None,
        "erased_again": 0,
        "erasures_known": True,
    }


def _preview_lines(chosen: _Chosen) -> list[str]:
    backup, preview = chosen.backup, chosen.preview
    lines = [
        *([chosen.remark] if chosen.remark else []),
        *(
            tr("Die Sicherung „{name}“ ist nicht in Ordnung; genommen wird eine ältere.", name=other.name)
            for other in chosen.passed_over
        ),
        tr("Sicherung „{name}“ vom {moment}:", name=backup.name, moment=moment_text(backup.made_at)),
        *preview_lines(preview),
    ]
    if preview.lost_contacts:
        lines.append(
            tr_count(
                "{count} Kontakt wurde danach erfasst.",
                "{count} Kontakte wurden danach erfasst.",
                preview.lost_contacts,
            )
        )
    returning = returning_sentence(preview)
    if returning:
        lines.append(returning)
    return [*lines, *account_sentences(preview.account_changes)]


def _outcome(chosen: _Chosen, restored: Restored | None, arguments: Namespace) -> Outcome:
    backup, preview = chosen.backup, chosen.preview
    lines = _preview_lines(chosen) if arguments.yes or arguments.dry_run else []  # else they stood before the question
    if restored is None:
        lines.append(
            tr("Probelauf: Es wurde nichts geändert.") if arguments.dry_run else tr("Es wurde nichts geändert.")
        )
    else:
        lines.append(tr("Die Sicherung ist eingespielt."))
        if restored.set_aside is not None:
            lines.append(tr("Was vorher da war, liegt daneben: „{name}“.", name=restored.set_aside.name))
        if restored.slots_replaced:
            lines.append(tr("Es gelten wieder die Passwörter vom Tag der Sicherung."))
        lines += repeated_sentences(restored.repeated)
    result = {
        "backup": backup_data(backup),
        "passed_over": [other.name for other in chosen.passed_over],
        "restored": restored is not None,
        "salvaged": {},
        "whole": True,
        "lost_contacts": preview.lost_contacts,
        "returning_contacts": preview.returning_contacts,
        "account_changes": list(account_sentences(preview.account_changes)),
        "set_aside": str(restored.set_aside) if restored is not None and restored.set_aside else None,
        "erased_again": restored.repeated.erased if restored is not None else 0,
        "erasures_known": restored.repeated.source_was_read if restored is not None else True,
    }
    return Outcome(lines, result, DONE if restored is not None or arguments.dry_run else USER_CAN_FIX)
