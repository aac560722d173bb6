"""Runs one command line from words to exit code."""

from __future__ import annotations

import logging
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import desktop_app
from desktop_app.cli.argparse_texts import translated_argparse
from desktop_app.cli.command import (
    INTERRUPTED,
    OUR_BUG,
    PIPE_CLOSED,
    USER_CAN_FIX,
    WRONG_USAGE,
    Check,
    CommandEntry,
    Outcome,
)
from desktop_app.cli.console import Console, prepare_streams
from desktop_app.cli.parser import WrongUsage, asked_language, read_command_line, wants_json
from desktop_app.cli.registry import own_commands
from desktop_app.cli.session import Session
from desktop_app.core.errors import EnvironmentProblem, InputError, QuartierslotseError
from desktop_app.core.progress import Cancelled
from desktop_app.core.tracebacks import traceback_without_values
from desktop_app.core.translation import tr, use_language
from desktop_app.environment.folders import DataFolder, default_data_folder
from desktop_app.environment.private_files import private_from_the_start

if TYPE_CHECKING:
    from desktop_app.bootstrap import Surroundings

_logger = logging.getLogger("quartierslotse.cli")


def main(
    argv: Sequence[str] | None = None,
    *,
    extra_commands: Sequence[CommandEntry] = (),
    extra_checks: Sequence[Check] = (),
    surroundings: Callable[[], Surroundings] | None = None,
) -> int:
    """Run a command line and return its exit code; never raises and never leaves the process.

    `extra_commands` and `extra_checks` come from above: what needs a screen. `surroundings` replaces clock,
    ids and the cost of deriving a key.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    prepare_streams()
    with use_language(asked_language(words)), private_from_the_start():
        run = _Run(words, (*own_commands(), *extra_commands), extra_checks, surroundings or _of_this_computer)
        return run.to_the_end()


class _Run:
    """One command line: parsed, run, printed; every way it can end has its exit code."""

    def __init__(
        self,
        words: Sequence[str],
        commands: Sequence[CommandEntry],
        extra_checks: Sequence[Check],
        surroundings: Callable[[], Surroundings],
    ) -> None:
        self._words = words
        self._commands = commands
        self._extra_checks = extra_checks
        self._surroundings = surroundings
        self._console = Console()
        self._folder: DataFolder | None = None
        self._as_json = wants_json(words)
        self._command = ""

    def to_the_end(self) -> int:
        """Run and return the exit code."""
        try:
            return self._guarded()
        except BrokenPipeError:
            self._console.drop_output()
            return PIPE_CLOSED
        except KeyboardInterrupt:
            self._console.problem(tr("Abgebrochen."))
            return INTERRUPTED

    def _guarded(self) -> int:
        try:
            code = self._run()
            self._console.flush()
        except WrongUsage as error:
            code = self._failed("usage", error.message, WRONG_USAGE, hint=error.hint)
        except InputError as error:
            code = self._failed("input", error.message, USER_CAN_FIX, field=error.field)
        except EnvironmentProblem as error:
            code = self._failed("environment", error.message, USER_CAN_FIX)
        except QuartierslotseError as error:
            code = self._failed("user", error.message, USER_CAN_FIX)
        except Cancelled:
            raise KeyboardInterrupt from None
        except SystemExit as ending:  # argparse has printed help or the version
            code = int(ending.code or 0)
            self._console.flush()
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - the one place where our own bugs end
            code = self._bug(error)
        return code

    def _run(self) -> int:
        with translated_argparse(asked_language(self._words)):
            arguments = read_command_line(self._words, self._commands, desktop_app.__version__)
        self._command = arguments.command
        self._as_json = arguments.json
        folder = _data_folder(arguments)
        self._folder = folder
        session = Session(
            folder=folder,
            account=arguments.account,
            password_file=arguments.password_file,
            surroundings=self._surroundings,
            console=self._console,
            extra_checks=self._extra_checks,
        )
        entry = next(entry for entry in self._commands if entry.name == self._command)
        with _log_in(folder) if folder.database.exists() else _no_log():
            outcome = entry.load().run(session, arguments)
        return self._finished(outcome)

    def _finished(self, outcome: Outcome) -> int:
        if self._as_json:
            self._console.json({"command": self._command, "ok": outcome.code == 0, "result": outcome.result})
        else:
            self._console.lines(outcome.lines)
        return outcome.code

    def _failed(self, kind: str, message: str, code: int, *, hint: str = "", field: str = "") -> int:
        if self._as_json:
            error = {"kind": kind, "message": message, "field": field}
            self._console.json({"command": self._command, "ok": False, "error": error})
            self._console.flush()
        if hint and not self._as_json:
            self._console.problem(hint + "\n")
        self._console.problem(message)
        return code

    def _bug(self, error: Exception) -> int:
        folder = self._folder or default_data_folder()
        with _log_in(folder) as log:
            _logger.error("bug in command %s\n%s", self._command or "?", traceback_without_values(error))
        where = (
            tr("Was geschah, steht ohne Ihre Daten in „{file}“.", file=folder.logs / "quartierslotse.log")
            if log
            else tr("Es konnte auch nicht aufgezeichnet werden, weil der Ordner „{folder}“ es nicht zulässt.",
                    folder=folder.logs)
        )  # fmt: skip
        sentence = tr("Das ist ein Fehler im Programm, nicht in Ihren Angaben.")
        return self._failed("bug", f"{sentence} {where}", OUR_BUG)


@contextmanager
def _log_in(folder: DataFolder) -> Iterator[bool]:
    """Write the log of the folder within the block; tell whether that is possible."""
    from desktop_app.environment.logs import start_logging

    logger = logging.getLogger("quartierslotse")
    handler = start_logging(folder)
    if handler is None:
        # Without any handler Python would print the records on the terminal.
        handler, possible = logging.NullHandler(), False
        logger.addHandler(handler)
    else:
        possible = True
    try:
        yield possible
    finally:
        logger.removeHandler(handler)
        handler.close()


@contextmanager
def _no_log() -> Iterator[bool]:
    yield False


def _data_folder(arguments: Namespace) -> DataFolder:
    if arguments.data_dir is None:
        return default_data_folder()
    return DataFolder(arguments.data_dir.expanduser().absolute())


def _of_this_computer() -> Surroundings:
    from desktop_app.bootstrap import Surroundings

    return Surroundings.of_this_computer()
