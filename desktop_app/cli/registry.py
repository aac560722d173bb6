"""The commands of the tool, each with its one-line summary and without loading it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from desktop_app.cli.command import CommandEntry, CommandModule
from desktop_app.core.translation import tr


def own_commands() -> tuple[CommandEntry, ...]:
    """Return the commands that work without a screen, in the order of the help."""
    return (
        _entry("init", lambda: tr("ein Büro einrichten: Datenbank, erstes Konto, Wiederherstellungsschlüssel")),
        _entry("import-directory", lambda: tr("ein Verzeichnis einlesen (HSDS: Ordner, ZIP oder JSON)")),
        _entry("search", lambda: tr("im Verzeichnis suchen")),
        _entry("show-service", lambda: tr("ein Angebot mit allem zeigen, was bekannt ist")),
        _entry("record", lambda: tr("einen Kontakt erfassen")),
        _entry("contacts", lambda: tr("die Kontakte eines Tages zeigen")),
        _entry("sheet", lambda: tr("ein Infoblatt oder einen Merkzettel als PDF schreiben")),
        _entry("statistics", lambda: tr("die Zahlen eines Monats zeigen oder ausgeben")),
        _entry("access-request", lambda: tr("einer Person Auskunft geben: alles über sie als PDF und JSON")),
        CommandEntry(
            "retention", lambda: tr("zeigen, was wie lange bleibt und was zu löschen ist; Fristen ändern"), _retention
        ),
        CommandEntry("erase", lambda: tr("endgültig löschen: Fälliges, eine Notiz, eine Person; mit Quittung"), _erase),
        CommandEntry(
            "privacy-documents",
            lambda: tr("Verarbeitungsverzeichnis, Löschkonzept und Maßnahmen als PDF schreiben"),
            _privacy_documents,
        ),
        _entry("generate", lambda: tr("erfundene Kontakte zum Ausprobieren und Messen erzeugen")),
        _entry("account", lambda: tr("Konten zeigen, anlegen, entfernen, Rolle ändern, Einmal-Code geben")),
        _entry("backup", lambda: tr("die Daten sichern und die Sicherung prüfen")),
        _entry("verify-backup", lambda: tr("eine Sicherung öffnen und nachzählen")),
        _entry("restore", lambda: tr("eine Sicherung einspielen oder retten, was noch lesbar ist")),
        _entry("restore-drill", lambda: tr("das Zurückspielen üben, mit Protokoll")),
        CommandEntry("sync", lambda: tr("abgleichen, verbinden, zeigen, wie es steht, Konflikte entscheiden"), _sync),
        CommandEntry("bundle", lambda: tr("Abgleich ohne Netz: Datei für den Stick ausgeben oder übernehmen"), _bundle),
        CommandEntry("device", lambda: tr("die Rechner des Büros zeigen, einen ausschließen"), _device),
        CommandEntry("audit", lambda: tr("das Protokoll prüfen oder ausgeben: wer wann was tat"), _audit),
        _entry("self-test", lambda: tr("prüfen, ob diese Installation vollständig ist")),
    )


def _retention() -> CommandModule:
    from desktop_app.cli.commands import retention

    return retention


def _erase() -> CommandModule:
    from desktop_app.cli.commands import erase

    return erase


def _sync() -> CommandModule:
    from desktop_app.cli.commands import sync

    return sync


def _bundle() -> CommandModule:
    from desktop_app.cli.commands import bundle

    return bundle


def _device() -> CommandModule:
    from desktop_app.cli.commands import device

    return device


def _audit() -> CommandModule:
    from desktop_app.cli.commands import audit

    return audit


def _privacy_documents() -> CommandModule:
    from desktop_app.cli.commands import privacy_documents

    return privacy_documents


def _entry(name: str, summary: Callable[[], str]) -> CommandEntry:
    return CommandEntry(name, summary, partial(_load, name))


def _load(name: str) -> CommandModule:  # noqa: C901, PLR0912 - one case for each command
    # Written out instead of built from the name, so that packagers and type checkers see every module.
    module: CommandModule
    match name:
        case "init":
            from desktop_app.cli.commands import init

            module = init
        case "import-directory":
            from desktop_app.cli.commands import import_directory

            module = import_directory
        case "search":
            from desktop_app.cli.commands import search

            module = search
        case "show-service":
            from desktop_app.cli.commands import show_service

            module = show_service
        case "record":
            from desktop_app.cli.commands import record

            module = record
        case "contacts":
            from desktop_app.cli.commands import contacts

            module = contacts
        case "sheet":
            from desktop_app.cli.commands import sheet

            module = sheet
        case "statistics":
            from desktop_app.cli.commands import statistics

            module = statistics
        case "access-request":
            from desktop_app.cli.commands import access_request

            module = access_request
        case "generate":
            from desktop_app.cli.commands import generate

            module = generate
        case "account":
            from desktop_app.cli.commands import account

            module = account
        case "backup":
            from desktop_app.cli.commands import backup

            module = backup
        case "verify-backup":
            from desktop_app.cli.commands import verify_backup

            module = verify_backup
        case "restore":
            from desktop_app.cli.commands import restore

            module = restore
        case "restore-drill":
            from desktop_app.cli.commands import restore_drill

            module = restore_drill
        case _:
            from desktop_app.cli.commands import self_test

            module = self_test
    return module
