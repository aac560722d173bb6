"""What a command gets: the folder, the open application, the password, the clock."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import Check
from desktop_app.cli.console import Console, ConsoleProgress
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application, Surroundings
    from desktop_app.environment.folders import DataFolder

PASSWORD_VARIABLE = "QUARTIERSLOTSE_PASSWORD"  # noqa: S105 - the name of a variable
STANDARD_INPUT = Path("-")
_LARGEST_TEXT_FILE = 200_000


class Session:
    """One run of the tool. Nothing is opened before a command asks for it."""

    def __init__(
        self,
        *,
        folder: DataFolder,
        account: str,
        password_file: Path | None,
        surroundings: Callable[[], Surroundings],
        console: Console,
        extra_checks: Sequence[Check],
    ) -> None:
        """Keep what the command line says."""
        self.folder = folder
        self.account = account
        self.console = console
        self.extra_checks = extra_checks
        self._password_file = password_file
        self._surroundings = surroundings
        self._known_password: str | None = None

    def surroundings(self) -> Surroundings:
        """Return clock, ids and cost."""
        return self._surroundings()

    @contextmanager
    def application(self) -> Iterator[Application]:
        """Open the installation for the block.

        Raises:
            UserError: there is no installation, the password is missing or wrong.
            EnvironmentProblem: the files are missing or damaged.
        """
        from desktop_app.bootstrap import is_set_up, open_application
        from desktop_app.environment.private_files import make_private
        from desktop_app.environment.single_instance import refuse_beside_other_computer

        if not is_set_up(self.folder):
            raise UserError(
                tr(
                    "Im Ordner „{folder}“ ist Quartierslotse noch nicht eingerichtet. Richten Sie es zuerst ein: "
                    "quartierslotse init --help",
                    folder=self.folder.root,
                )
            )
        refuse_beside_other_computer(self.folder)
        make_private(self.folder.root)
        application = open_application(self.folder, self.account, self.password(), self.surroundings())
        try:
            doubt = application.clock_care.sentence(application.clock_care.verdict())
            if doubt:
                self.console.problem(tr("Hinweis: {sentence}", sentence=doubt))
            yield application
        finally:
            application.close()

    @contextmanager
    def progress(self) -> Iterator[ConsoleProgress]:
        """Show progress for the block."""
        progress = ConsoleProgress()
        try:
            yield progress
        finally:
            progress.clear()

    def password(self, *, new: bool = False) -> str:
        """Return the password from the file, the environment or, at a terminal, the keyboard; `new` asks twice.

        It is asked for once a run.

        Raises:
            UserError: there is none, or the two entries differ.
        """
        if self._known_password is None:
            self._known_password = self._asked_password(new=new)
        return self._known_password

    def _asked_password(self, *, new: bool) -> str:
        if self._password_file is not None:
            return self._password_from_file(self._password_file)
        from_environment = os.environ.get(PASSWORD_VARIABLE)
        if from_environment:
            return from_environment
        if sys.stdin is None or not sys.stdin.isatty():
            raise UserError(
                tr(
                    "Es fehlt das Passwort. Bitte schreiben Sie es in eine Datei und nennen Sie diese mit --password-file, "
                    "oder setzen Sie die Umgebungsvariable QUARTIERSLOTSE_PASSWORD."
                )
            )
        from getpass import getpass

        password = getpass(tr("Passwort: "), stream=sys.stderr)
        if new and getpass(tr("Passwort noch einmal: "), stream=sys.stderr) != password:
            raise UserError(tr("Die beiden Passwörter sind verschieden. Bitte versuchen Sie es noch einmal."))
        return password

    def _password_from_file(self, path: Path) -> str:
        password = self.text_of(path).split("\n", 1)[0].rstrip("\r")
        if not password:
            raise UserError(tr("In der Passwortdatei „{name}“ steht in der ersten Zeile nichts.", name=path.name))
        if path != STANDARD_INPUT and os.name == "posix" and path.stat().st_mode & 0o077:
            self.console.problem(
                tr(
                    "Hinweis: Die Passwortdatei „{name}“ können auch andere auf diesem Rechner lesen. Besser: chmod 600",
                    name=path.name,
                )
            )
        return password

    @staticmethod
    def text_of(path: Path) -> str:
        """Return a short text file (UTF-8); `-` reads standard input.

        Raises:
            UserError: it is missing, too large or no text.
            EnvironmentProblem: the system refuses to read it.
        """
        try:
            if path == STANDARD_INPUT:
                content = sys.stdin.buffer.read(_LARGEST_TEXT_FILE + 1) if sys.stdin is not None else b""
            else:
                with path.open("rb") as file:
                    content = file.read(_LARGEST_TEXT_FILE + 1)
        except FileNotFoundError as error:
            raise UserError(tr("Die Datei „{name}“ gibt es nicht.", name=path)) from error
        except OSError as error:
            raise EnvironmentProblem(
                tr("Die Datei „{name}“ lässt sich nicht lesen. Bitte prüfen Sie die Rechte.", name=path)
            ) from error
        if len(content) > _LARGEST_TEXT_FILE:
            raise UserError(tr("Die Datei „{name}“ ist zu groß; erwartet wird ein kurzer Text.", name=path))
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UserError(tr("Die Datei „{name}“ ist kein Text in UTF-8.", name=path)) from error
