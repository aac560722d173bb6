"""What signing in does, without widgets. Deriving a key takes a moment, so it runs beside the window."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.bootstrap import Application, Surroundings, check_password, open_application, reset_password
from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder
from desktop_app.security.one_time_code import is_one_time_code
from desktop_app.storage.database import DamagedDatabase
from ui.shell.tasks import TaskRunner
from ui.sign_in.problem import PASSWORD_FIELD, RECOVERY_FIELD, Problem


class SignInPresenter:
    """Opens the installation and hands the open application on.

    ``opened`` and ``failed`` are called in the GUI thread; unexpected errors go on to ``tasks.failed``.
    """

    def __init__(
        self,
        folder: DataFolder,
        surroundings: Surroundings,
        tasks: TaskRunner,
        *,
        opened: Callable[[Application], None],
        failed: Callable[[Problem], None],
    ) -> None:
        self._folder, self._surroundings, self._tasks = folder, surroundings, tasks
        self._opened, self._failed = opened, failed
        self.is_busy = False
        #: takes over when the secret fits and the database is damaged or gone: problem, login name, password, printed key
        self.damaged: Callable[[DamagedDatabase, str, str, str], None] | None = None

    def sign_in(self, login_name: str, password: str) -> None:
        """Try a password. An empty one is told at once."""
        if not password:
            self._failed(Problem(tr("Bitte geben Sie Ihr Passwort ein."), PASSWORD_FIELD))
            return
        self._run(
            lambda: open_application(self._folder, login_name, password, self._surroundings),
            PASSWORD_FIELD,
            lambda problem: self.damaged is not None and self.damaged(problem, login_name, password, ""),
        )

    def use_recovery_key(self, login_name: str, recovery_key: str, new_password: str) -> None:
        """Set a new password with the one-time code or the printed key and open the installation."""
        self._run(
            lambda: reset_password(self._folder, login_name, recovery_key, new_password, self._surroundings),
            RECOVERY_FIELD,
            lambda problem: self._rescue_by_key(problem, login_name, recovery_key),
        )

    def _rescue_by_key(self, problem: DamagedDatabase, login_name: str, recovery_key: str) -> None:
        if self.damaged is not None and not is_one_time_code(recovery_key):
            self.damaged(problem, login_name, "", recovery_key)

    def _run(
        self,
        work: Callable[[], Application],
        field: str,
        on_damage: Callable[[DamagedDatabase], object] = lambda _problem: None,
    ) -> None:
        if self.is_busy:
            return
        self.is_busy = True

        def done(application: Application) -> None:
            self.is_busy = False
            self._opened(application)

        def failed(error: Exception) -> None:
            self.is_busy = False
            self._failed(problem_of(error, field))
            if isinstance(error, DamagedDatabase):
                on_damage(error)

        def open_and_let_go(_progress: Progress) -> Application:
            application = work()
            application.store.end_thread()  # this thread ends; the window's own opens a connection of its own
            return application

        self._tasks.run(open_and_let_go, on_done=done, on_error=failed)


def problem_of(error: Exception, field: str) -> Problem:
    """An expected error as a sentence at its field. Raises ``error`` again if it is a bug of ours."""
    if isinstance(error, InputError):
        return Problem(error.message, error.field)
    if isinstance(error, QuartierslotseError):
        return Problem(error.message, field)
    raise error


class UnlockPresenter:
    """Checks the password of whoever is signed in, and hands back the data key that the lock let go of."""

    def __init__(
        self,
        folder: DataFolder,
        account_id: str,
        tasks: TaskRunner,
        surroundings: Surroundings,
        *,
        unlocked: Callable[[bytes], None],
        failed: Callable[[Problem], None],
    ) -> None:
        self._folder, self._account_id, self._tasks = folder, account_id, tasks
        self._surroundings = surroundings
        self._unlocked, self._failed = unlocked, failed
        self.is_busy = False

    def unlock(self, password: str) -> None:
        """Try a password."""
        if self.is_busy:
            return
        if not password:
            self._failed(Problem(tr("Bitte geben Sie Ihr Passwort ein."), PASSWORD_FIELD))
            return
        self.is_busy = True

        def failed(error: Exception) -> None:
            self.is_busy = False
            self._failed(problem_of(error, PASSWORD_FIELD))

        self._tasks.run(lambda _progress: self._check(password), on_done=self._done, on_error=failed)

    def _check(self, password: str) -> bytes:
        return check_password(self._folder, self._account_id, password, self._surroundings)

    def _done(self, data_key: bytes) -> None:
        self.is_busy = False
        self._unlocked(data_key)
