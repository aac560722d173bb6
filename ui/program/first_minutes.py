"""What comes once the window stands: the backup of the day, sync, an offer that waits, the words of a search loaded ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.context import PageContext
    from ui.shell.main_window import MainWindow

#: the backup of the day begins when nobody waits for the window any more
_DAY_BACKUP_MS = 6_000
#: sync too; it is soon enough for a line at the foot
_SYNC_MS = 2_500


def begin_backups(window: MainWindow, context: PageContext) -> None:
    """Make the backup of the day in a while."""

    def show_backups() -> None:
        from ui.administration.page import BACKUP_TARGET
        from ui.pages import ADMINISTRATION
        from ui.shell.page import Target

        window.open_page(ADMINISTRATION, Target(BACKUP_TARGET, ""))

    def begin() -> None:
        from ui.shell.day_backup import DayBackup

        DayBackup(window, context, show_backups).begin()
        _begin_reminder(window, context)

    QTimer.singleShot(_DAY_BACKUP_MS, window, begin)


def _begin_reminder(window: MainWindow, context: PageContext) -> None:
    """Say what is due to be erased."""

    def show_list() -> None:
        from ui.administration.page import RETENTION_TARGET
        from ui.pages import ADMINISTRATION
        from ui.shell.page import Target

        window.open_page(ADMINISTRATION, Target(RETENTION_TARGET, ""))

    from ui.shell.retention_reminder import RetentionReminder

    RetentionReminder(window, context, show_list).look()


def begin_sync(window: MainWindow, context: PageContext) -> None:
    """Show how the connection to others stands and go on with it in a while, if this desk is connected."""

    def show(kind: str) -> None:
        from ui.pages import SYNC
        from ui.shell.page import Target

        window.open_page(SYNC, Target(kind, ""))

    def begin() -> None:
        from ui.sync.care import SyncCare
        from ui.sync.targets import CONFLICTS_TARGET, STATE_TARGET

        SyncCare(
            window,
            context.application,
            context.notices,
            open_conflicts=lambda: show(CONFLICTS_TARGET),
            open_state=lambda: show(STATE_TARGET),
        ).begin()

    QTimer.singleShot(_SYNC_MS, window, begin)


def offer_recovery_sheet(window: MainWindow, context: PageContext) -> None:
    """Offer a recovery sheet if the first run (or the last renewal) ended before its sheet was kept."""
    from ui.pages import ADMINISTRATION
    from ui.setup.kept_sheet import RECOVERY_TARGET, SheetKept, is_sheet_kept
    from ui.shell.page import Target

    if is_sheet_kept(context.application) or not context.application.may(Action.RENEW_RECOVERY_KEY):
        return
    window.show_offer(
        tr("Das Wiederherstellungsblatt wurde noch nicht gedruckt oder gespeichert. Ohne Blatt und Passwort sind die "
           "Daten verloren."),
        tr("Neues Blatt machen"),
        lambda: window.open_page(ADMINISTRATION, Target(RECOVERY_TARGET, "")),
    )  # fmt: skip
    context.notices.listen(SheetKept, lambda _notice: window.offer.hide(), owner=window)


def drop_old_drafts(window: MainWindow, application: Application) -> None:
    """In a while drop half-typed visitor files whose day is over, even if nobody looks at that page."""

    def drop() -> None:
        if not window.is_locked:
            application.visitor_drafts.drop_old(application.actor)

    if application.may(Action.CHANGE_VISITOR_FILES):
        QTimer.singleShot(_DAY_BACKUP_MS // 2, window, drop)


class SearchWarmUp(QObject):
    """Loads what the first misspelt search needs once somebody is about to search; many a day nobody is."""

    def __init__(self, window: MainWindow, application: Application) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._waits = application.may(Action.SEE_DIRECTORY)
        if self._waits:
            _qt().focusChanged.connect(self._focus_changed)

    def end(self) -> None:
        """Wait no more."""
        if self._waits:
            self._waits = False
            _qt().focusChanged.disconnect(self._focus_changed)

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        from ui.widgets.search_list import SearchField  # loaded with the window

        if isinstance(now, SearchField):
            self.end()
            QTimer.singleShot(0, self._window, self._application.directory_queries.warm_up)


def _qt() -> QApplication:
    running = QApplication.instance()
    if not isinstance(running, QApplication):
        raise TypeError(running)
    return running
