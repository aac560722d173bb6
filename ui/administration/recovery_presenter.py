"""Making a new recovery sheet, without widgets. Deriving keys takes a moment, so it runs beside the window."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.bootstrap import Application, Surroundings, renew_recovery_key, sign_in_names
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Action
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from ui.setup.kept_sheet import note_sheet
from ui.shell.tasks import TaskRunner


class RecoveryPresenter:
    """Renews the recovery key of the open office for whoever is signed in."""

    def __init__(self, application: Application, tasks: TaskRunner, surroundings: Surroundings | None = None) -> None:
        self._application, self._tasks = application, tasks
        self._surroundings = surroundings or Surroundings(application.clock, application.ids)
        self.is_busy = False

    def renew(self, password: str, *, done: Callable[[bytes], None], failed: Callable[[Exception], None]) -> None:
        """Make a new key and its sheet; ``failed`` with a wrong password leaves the old sheet valid."""
        if self.is_busy:
            return
        self.is_busy = True
        application = self._application

        def work(_progress: Progress) -> bytes:
            try:
                return self._renewed(password)
            finally:
                application.store.end_thread()

        def made(pdf: bytes) -> None:
            self.is_busy = False
            done(pdf)

        def refused(error: Exception) -> None:
            self.is_busy = False
            failed(error)

        self._tasks.run(work, on_done=made, on_error=refused)

    def sheet_was_kept(self) -> None:
        """The new sheet was printed or saved."""
        note_sheet(self._application, kept=True)

    def _renewed(self, password: str) -> bytes:
        application = self._application
        application.require(Action.RENEW_RECOVERY_KEY)
        groups = renew_recovery_key(application.folder, self._login_name(), password, self._surroundings)
        # From here on the old sheet is void; until the new one is kept, the next start says so.
        note_sheet(application, kept=False)
        office = application.settings.office()
        return application.handouts.recovery_sheet(
            office=office.name, carrier=office.carrier, groups=groups, created=application.clock.today()
        )

    def _login_name(self) -> str:
        for name in sign_in_names(self._application.folder):
            if name.account_id == self._application.actor.account_id:
                return name.login_name
        raise UserError(tr("Dieses Konto gibt es nicht mehr. Bitte starten Sie das Programm neu."))
