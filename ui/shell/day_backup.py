"""The backup of the day: made beside the window once it is usable; what goes wrong is said above the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.backup.records import Backup, BackupsChanged
from desktop_app.core.clock import office_zone
from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.permissions import Action
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from desktop_app.storage.database import DamagedDatabase
from desktop_app.storage.store import DamageFound
from ui.widgets.badge import Tone

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.context import PageContext
    from ui.shell.main_window import MainWindow
    from ui.widgets.feedback import Notice


class DayBackup(QObject):
    """Makes today's backup unless there is one. ``begin()`` starts; ``notice`` is what had to be said, if anything."""

    def __init__(self, window: MainWindow, context: PageContext, open_backups: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._context, self._open_backups = window, context, open_backups
        self.notice: Notice | None = None
        context.notices.listen(BackupsChanged, lambda _notice: self._take_back(), owner=self)

    def begin(self) -> None:
        """Make it in a thread of its own; nobody waits for it."""
        application = self._context.application
        self._context.tasks.run(
            lambda progress: _make_due(application, progress),
            on_done=lambda _backup: self._warn(),
            on_error=self._refused,
        )

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, QuartierslotseError):
            raise error
        overdue = self._context.application.backups.status().warning
        if isinstance(error, DamagedDatabase):
            self._say_damaged(f"{error.message} {overdue}".strip())
        else:
            self._say(f"{overdue} {error.message}".strip(), Tone.WARNING)

    def _say_damaged(self, sentence: str) -> None:
        """Nobody has met the damage yet: whoever may restore decides when the window closes for it."""
        application = self._context.application
        if not application.may(Action.RESTORE_BACKUPS):
            self._say(sentence, Tone.DANGER)
            return
        self._take_back()
        self.notice = self._window.add_notice(
            sentence, Tone.DANGER, action=tr("Zur Rettung"), do=lambda: application.notices.publish(DamageFound())
        )

    def _warn(self) -> None:
        warning = self._context.application.backups.status().warning
        if warning:
            self._say(warning, Tone.WARNING)

    def _say(self, sentence: str, tone: Tone) -> None:
        self._take_back()
        if self._context.application.may(Action.MAKE_BACKUPS):
            self.notice = self._window.add_notice(sentence, tone, action=tr("Zur Sicherung"), do=self._open_backups)
            return
        if tone is not Tone.DANGER:
            sentence = self._plain_state()  # the other sentence asks for what this account may not do
        self.notice = self._window.add_notice(f"{sentence} {tr('Bitte sagen Sie der Koordination Bescheid.')}", tone)

    def _plain_state(self) -> str:
        last = self._context.application.backups.status().last_good
        if last is None:
            return tr("Die Daten dieses Rechners sind noch nicht gesichert.")
        day = f"{last.astimezone(office_zone()):%d.%m.%Y}"
        return tr("Die Daten dieses Rechners wurden heute nicht gesichert, zuletzt am {day}.", day=day)

    def _take_back(self) -> None:
        """A backup was made after all."""
        if self.notice is not None:
            self.notice.hide()
            self.notice.deleteLater()
            self.notice = None


def _make_due(application: Application, progress: Progress) -> Backup | None:
    try:
        return application.backups.make_due(progress)
    finally:
        application.store.end_thread()
