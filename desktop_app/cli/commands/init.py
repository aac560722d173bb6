"""Sets up an office: database, first account, recovery key, on request with the sample directory."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import Outcome
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.cli.values import choices_text, labels_of, word_of
from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError, UserError
from desktop_app.core.translation import tr
from desktop_app.environment.folders import resources_folder
from desktop_app.environment.output_files import check_writable, write_whole
from desktop_app.settings.records import LegalProfile

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application

_GROUPS_IN_A_LINE = 3
_OFFICE_OPTIONS = ("street", "postal_code", "city", "phone", "email", "website", "office_hours")


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument("--office", required=True, metavar="NAME", help=tr("Name des Büros"))
    parser.add_argument("--carrier", required=True, metavar="NAME", help=tr("Träger des Büros"))
    parser.add_argument("--admin", required=True, metavar="NAME", help=tr("Anmeldename des ersten Kontos"))
    parser.add_argument("--admin-name", default="", metavar="NAME", help=tr("Vor- und Nachname zum ersten Konto"))
    parser.add_argument("--initials", default="", metavar=tr("KÜRZEL"), help=tr("Kürzel zum ersten Konto"))
    parser.add_argument(
        "--legal-profile",
        type=word_of(LegalProfile),
        default=LegalProfile.GDPR,
        metavar=tr("RECHT"),
        help=tr("Datenschutzrecht des Trägers: {choices}", choices=choices_text(labels_of(LegalProfile))),
    )
    parser.add_argument(
        "--social-space",
        action="append",
        default=[],
        metavar="NAME",
        help=tr("ein Sozialraum, für den das Büro da ist (mehrmals möglich, der eigene zuerst)"),
    )
    parser.add_argument("--street", default="", metavar=tr("TEXT"), help=tr("Straße und Hausnummer"))
    parser.add_argument("--postal-code", default="", metavar="PLZ", help=tr("Postleitzahl"))
    parser.add_argument("--city", default="", metavar=tr("ORT"), help=tr("Ort"))
    parser.add_argument("--phone", default="", metavar=tr("NUMMER"), help=tr("Telefon des Büros"))
    parser.add_argument("--email", default="", metavar=tr("ADRESSE"), help=tr("E-Mail-Adresse des Büros"))
    parser.add_argument("--website", default="", metavar=tr("ADRESSE"), help=tr("Internetseite des Büros"))
    parser.add_argument(
        "--office-hours", default="", metavar=tr("TEXT"), help=tr("Sprechzeiten, wie sie gedruckt werden")
    )
    parser.add_argument("--sample", action="store_true", help=tr("das mitgelieferte Beispielverzeichnis einlesen"))
    parser.add_argument(
        "--recovery-sheet",
        type=Path,
        metavar=tr("DATEI"),
        help=tr("den Wiederherstellungsschlüssel als PDF schreiben statt ihn anzuzeigen"),
    )
    parser.add_argument("--force", action="store_true", help=tr("eine vorhandene PDF-Datei ersetzen"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Set up, import the sample, hand over the recovery key."""
    from desktop_app.bootstrap import SetUp, is_set_up, set_up
    from desktop_app.security.accounts import NewAccount

    if is_set_up(session.folder):
        raise UserError(
            tr("Im Ordner „{folder}“ ist Quartierslotse schon eingerichtet. Es wurde nichts verändert.",
               folder=session.folder.root)
        )  # fmt: skip
    if arguments.recovery_sheet is not None:
        check_writable(arguments.recovery_sheet, overwrite=arguments.force)
    sample = _sample() if arguments.sample else None
    wishes = SetUp(
        office_name=arguments.office,
        carrier=arguments.carrier,
        account=NewAccount(arguments.admin, arguments.admin_name, arguments.initials),
        password=session.password(new=True),
        legal_profile=arguments.legal_profile,
        social_spaces=arguments.social_space,
        **{name: getattr(arguments, name) for name in _OFFICE_OPTIONS},
    )
    application, key = set_up(session.folder, wishes, session.surroundings())
    try:
        # From here on the key must reach the user whatever else fails: it exists only now.
        problems: list[str] = []
        on_paper = _write_sheet(application, key, arguments, problems)
        services = _import_sample(session, application, sample, problems)
        office = application.settings.office()
    finally:
        application.close()
    lines = [tr("Das Büro „{name}“ ist eingerichtet. Die Daten liegen verschlüsselt in „{folder}“.",
                name=office.name, folder=session.folder.root)]  # fmt: skip
    if services:
        lines.append(tr("Das Beispielverzeichnis ist eingelesen: {count} Angebote.", count=services))
    lines += _paper_lines(arguments.recovery_sheet) if on_paper else _key_lines(key)
    for problem in problems:
        session.console.problem(problem)
    result = {
        "data_dir": str(session.folder.root),
        "office": office.name,
        "carrier": office.carrier,
        "account": arguments.admin.strip(),
        "services": services,
        "recovery_sheet": str(arguments.recovery_sheet) if on_paper else None,
        "recovery_key": None if on_paper else "-".join(key),
    }
    return Outcome(lines, result, 1 if problems else 0)


def _sample() -> Path:
    folder = resources_folder() / "sample" / "directory"
    if not folder.is_dir():
        raise EnvironmentProblem(
            tr("Das Beispielverzeichnis fehlt in dieser Installation. Bitte installieren Sie das Programm neu.")
        )
    return folder


def _import_sample(session: Session, application: Application, sample: Path | None, problems: list[str]) -> int:
    if sample is None:
        return 0
    try:
        with session.progress() as progress:
            application.directory.import_directory(application.actor, sample, progress=progress)
    except QuartierslotseError as error:
        problems.append(error.message)
    return application.directory_queries.count().services


def _write_sheet(application: Application, key: tuple[str, ...], arguments: Namespace, problems: list[str]) -> bool:
    """Write the recovery sheet; False when the key has to be shown instead."""
    if arguments.recovery_sheet is None:
        return False
    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.handouts.recovery_sheet import recovery_sheet

    office = application.settings.office()
    try:
        sheet = recovery_sheet(
            FontLibrary(resources_folder() / "fonts"),
            office=office.name,
            carrier=office.carrier,
            recovery_key_groups=key,
            created=application.clock.today(),
        )
        write_whole(arguments.recovery_sheet, sheet, overwrite=arguments.force)
    except QuartierslotseError as error:
        problems.append(error.message)
        return False
    return True


def _paper_lines(path: Path) -> list[str]:
    return [
        tr("Das Wiederherstellungsblatt liegt in „{file}“.", file=path),
        tr("Drucken Sie es, legen Sie es in den Tresor und löschen Sie dann die Datei."),
    ]


def _key_lines(key: tuple[str, ...]) -> list[str]:
    return [
        "",
        tr("Ihr Wiederherstellungsschlüssel. Er wird nur dieses eine Mal gezeigt:"),
        "",
        *(
            "    " + "  ".join(key[start : start + _GROUPS_IN_A_LINE])
            for start in range(0, len(key), _GROUPS_IN_A_LINE)
        ),
        "",
        tr("Schreiben Sie ihn ab und legen Sie ihn in den Tresor. Ohne Passwort öffnet nur er die Daten."),
    ]
