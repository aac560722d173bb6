"""The parser: argparse with our language, our errors and the global options before or after the command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from desktop_app.cli.command import CommandEntry
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

PROGRAM = "quartierslotse"
LANGUAGES = ("de", "en")


class WrongUsage(Exception):
    """The command line can't be understood; `hint` is the short usage."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the sentence and the hint."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class CommandParser(argparse.ArgumentParser):
    """An argument parser that raises instead of leaving the process."""

    def __init__(self, **options: object) -> None:
        """Abbreviations are off: a script must not change its meaning when an option is added."""
        super().__init__(
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **options,  # type: ignore[arg-type]
        )

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        # argparse swallows a closed pipe and a full disk; the tool says so by its exit code.
        stream = file or sys.stdout
        if message and stream is not None:
            stream.write(message)

    def error(self, message: str) -> NoReturn:
        """Raise WrongUsage with the sentence and where help is."""
        hint = self.format_usage() + tr("Hilfe: {command} --help", command=self.prog)
        raise WrongUsage(message.strip(), hint)


def read_command_line(argv: Sequence[str], commands: Sequence[CommandEntry], version: str) -> argparse.Namespace:
    """Return the options; `command` is the name of the command.

    Raises:
        WrongUsage: the command line can't be understood.
        SystemExit: help or version was asked for and has been printed.
    """
    _refuse_password_argument(argv)
    parser = CommandParser(
        prog=PROGRAM,
        description=tr("Quartierslotse auf der Kommandozeile: dieselbe Arbeit wie im Fenster, auch für Skripte."),
        epilog=_root_epilog(),
    )
    parser.add_argument(
        "--version", action="version", version=f"Quartierslotse {version}", help=tr("die Version des Programms zeigen")
    )
    add_global_options(parser)
    branches = parser.add_subparsers(
        dest="command", metavar=tr("BEFEHL"), title=tr("Befehle"), required=True, parser_class=CommandParser
    )
    given = set(argv)
    for entry in commands:
        summary = entry.summary()
        branch = branches.add_parser(entry.name, help=summary, description=summary)
        if entry.name in given:
            entry.load().add_arguments(branch)
            add_global_options(branch)
    arguments = parser.parse_args(list(argv))
    for name, default in _GLOBAL_DEFAULTS.items():
        if not hasattr(arguments, name):
            setattr(arguments, name, default)
    return arguments


def asked_language(argv: Sequence[str]) -> str:
    """Return the language asked for, before anything is parsed: help and errors are in it too."""
    for position, word in enumerate(argv):
        value = word.partition("=")[2]
        if word == "--lang" and position + 1 < len(argv):
            value = argv[position + 1]
        elif not word.startswith("--lang="):
            continue
        if value in LANGUAGES:
            return value
    return LANGUAGES[0]


def wants_json(argv: Sequence[str]) -> bool:
    """Tell whether errors of the command line itself have to be JSON."""
    return "--json" in argv


_GLOBAL_DEFAULTS: dict[str, object] = {
    "data_dir": None,
    "account": "",
    "password_file": None,
    "lang": LANGUAGES[0],
    "json": False,
}


def add_global_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options that every command and every step of a command has."""
    # No defaults here: the same options stand before and after the command, and the later must not undo the earlier.
    group = parser.add_argument_group(tr("Für alle Befehle"))
    absent = argparse.SUPPRESS
    group.add_argument(
        "--data-dir", type=Path, default=absent, metavar=tr("ORDNER"), help=tr("Ordner mit den Daten dieses Büros")
    )
    group.add_argument(
        "--account", default=absent, metavar="NAME", help=tr("Anmeldename; nötig nur, wenn es mehrere Konten gibt")
    )
    group.add_argument(
        "--password-file",
        type=Path,
        default=absent,
        metavar=tr("DATEI"),
        help=tr("Datei, in deren erster Zeile das Passwort steht (sonst QUARTIERSLOTSE_PASSWORD)"),
    )
    group.add_argument("--lang", choices=LANGUAGES, default=absent, help=tr("Sprache der Ausgabe: de oder en"))
    group.add_argument("--json", action="store_true", default=absent, help=tr("Ausgabe als JSON für andere Programme"))


def _refuse_password_argument(argv: Sequence[str]) -> None:
    # Whoever tries it must not see the password echoed; it is in the shell's history already.
    if any(word == "--password" or word.startswith("--password=") for word in argv):
        raise WrongUsage(
            tr(
                "Das Passwort steht nie in der Befehlszeile: Andere könnten es dort lesen. Bitte benutzen Sie "
                "--password-file oder die Umgebungsvariable QUARTIERSLOTSE_PASSWORD."
            )
        )


def _root_epilog() -> str:
    return tr(
        "Hilfe zu einem Befehl: quartierslotse BEFEHL --help\n\n"
        "Ende-Codes: 0 in Ordnung · 1 ein Problem, das Sie beheben können · 2 falscher Aufruf · 3 ein Fehler im "
        "Programm\nUmgebung: QUARTIERSLOTSE_PASSWORD (Passwort) · QUARTIERSLOTSE_DATA_DIR (Ordner mit den Daten)"
    )
