"""The program from its start to its end: one of first run, sign-in and window is open at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder
from ui.program.entrance import Entrance
from ui.shell.gate import Gate
from ui.shell.preferences import PreferencesFile
from ui.shell.tasks import TaskRunner
from ui.theme.theme import ThemeController

if TYPE_CHECKING:
    from desktop_app.backup.records import Restored
    from desktop_app.bootstrap import Application, Surroundings
    from desktop_app.storage.store import DamageFound
    from ui.program.first_minutes import SearchWarmUp
    from ui.program.screen_lock import ScreenLock
    from ui.rescue.waiting import WaitingPage
    from ui.setup.wizard import SetUpWizard
    from ui.shell.main_window import MainWindow
    from ui.shell.restore_notice import RestoreReady
    from ui.sign_in.page import SignInPage

#: what there is to say about clock and drive comes before the first contact can be recorded
_REMARKS_MS = 200
#: a window that has stood for so long has started well
_STARTED_MS = 10_000


class DesktopProgram(QObject):
    """Owns what is open. ``start()`` shows the first of it; whoever closes the last window ends the program."""

    def __init__(
        self,
        qt: QApplication,
        folder: DataFolder,
        surroundings: Callable[[], Surroundings],
        theme: ThemeController,
        preferences: PreferencesFile,
        gate: Gate | None = None,
    ) -> None:
        super().__init__()
        self.gate = gate
        self.last_crash = ""
        self.qt, self._folder, self._make_surroundings = qt, folder, surroundings
        self.theme, self._preferences = theme, preferences
        self.tasks = TaskRunner(self)
        self.tasks.failed.connect(self._raise)
        self.entrance = Entrance(folder, surroundings, theme, self.tasks, gate, self._opened)
        self.application: Application | None = None
        self.window: MainWindow | None = None
        self.screen_lock: ScreenLock | None = None
        self._warm_up: SearchWarmUp | None = None
        self._remarks_wait = False
        self._damage_is_met = False
        if gate is not None:
            gate.called.connect(self.bring_to_front)

    def start(self) -> None:
        """Show the first run, the sign-in, or why it can't be; after failed starts ask how to start."""
        self.entrance.enter()

    @property
    def sign_in_page(self) -> SignInPage | None:
        """The sign-in before the window."""
        return self.entrance.sign_in_page

    @property
    def wizard(self) -> SetUpWizard | None:
        """The first run."""
        return self.entrance.wizard

    @property
    def problem_page(self) -> QWidget | None:
        """What is shown instead of the sign-in when something is in the way."""
        return self.entrance.problem_page

    # -- the window ----------------------------------------------------------------------------------

    def open_window(self, application: Application) -> MainWindow:
        """Show the window over an open application."""
        from desktop_app.storage.store import DamageFound
        from ui.pages import ADMINISTRATION, HANDOUTS, allowed_entries, service_entries
        from ui.program.first_minutes import (
            SearchWarmUp,
            begin_backups,
            begin_sync,
            drop_old_drafts,
            offer_recovery_sheet,
        )
        from ui.program.input_watch import InputWatch
        from ui.program.screen_lock import ScreenLock
        from ui.shell.basket import Basket
        from ui.shell.context import PageContext
        from ui.shell.exchange_watch import ExchangeWatch
        from ui.shell.main_window import MainWindow
        from ui.shell.notices import NoticeBridge
        from ui.shell.restore_notice import RestoreReady
        from ui.shell.rewriting import RewritingAtRest

        self.application = application
        context = PageContext(
            application=application,
            tasks=TaskRunner(),
            notices=NoticeBridge(application.notices),
            theme=self.theme,
            basket=Basket(),
            preferences=self._preferences,
        )
        entries = allowed_entries(application)
        window = MainWindow(context, entries, office_name=application.settings.office().name)
        window.palette_layer.add_provider(service_entries(application, window.open_page))
        window.switch_requested.connect(self.switch_user)
        window.basket_requested.connect(lambda: window.open_page(HANDOUTS))
        window.closing.connect(self._window_closing)
        self.window = window
        context.notices.listen(DamageFound, self._damage_met, owner=window)
        self.screen_lock = ScreenLock(
            window,
            application,
            self._folder,
            self.tasks,
            self._make_surroundings,
            switch=self.switch_user,
            unlocked=self._unlocked,
            damaged=self._leave_for_rescue,
        )
        self.entrance.place(window)
        is_safe = self.gate is not None and self.gate.is_safe
        keys = [entry.key for entry in entries]
        window.open_page(ADMINISTRATION if is_safe and ADMINISTRATION in keys else keys[0])
        offer_recovery_sheet(window, context)
        window.show()
        self.entrance.leave_former()
        QTimer.singleShot(_REMARKS_MS, window, self._tell_remarks)
        begin_backups(window, context)
        begin_sync(window, context)
        drop_old_drafts(window, application)
        context.notices.listen(RestoreReady, self._restore, owner=window)
        if self.gate is not None:
            QTimer.singleShot(_STARTED_MS, window, self.gate.starts.succeed)
        self.screen_lock.watch(self._preferences)
        InputWatch(window, lambda: application.foreground)
        self._warm_up = SearchWarmUp(window, application)
        ExchangeWatch(window, context)
        RewritingAtRest(window, context)
        return window

    def _tell_remarks(self) -> None:
        if self.window is None or self.application is None:
            return
        if self.window.is_locked:
            self._remarks_wait = True
            return
        from ui.shell.remarks import Remarks

        crash, self.last_crash = self.last_crash, ""
        is_safe = self.gate is not None and self.gate.is_safe
        Remarks(self.window, self.application).look(last_crash=crash, is_safe=is_safe)

    def bring_to_front(self) -> None:
        """Somebody started the program a second time: show the window that is there."""
        window = self.front()
        if window is None:
            return
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        self.qt.alert(window)

    def _opened(self, application: Application) -> None:
        from desktop_app.storage.database import DamagedDatabase

        try:
            self.open_window(application)
        except DamagedDatabase:
            self.rescue()

    def front(self) -> QWidget | None:
        """The window that is open."""
        return self.window or next(iter(self.entrance.widgets()), None)

    def show_sentence(self, sentence: str) -> bool:
        """Show a problem where the person is now."""
        return self.window is not None and self.window.show_problem(sentence)

    # -- lock and people -----------------------------------------------------------------------------

    def lock(self) -> None:
        """Cover the window with the sign-in; what is typed beneath stays."""
        if self.window is not None and self.screen_lock is not None:
            self.screen_lock.lock()

    @property
    def lock_page(self) -> SignInPage | None:
        """The sign-in over the window while it is locked."""
        return self.screen_lock.page if self.screen_lock is not None else None

    def switch_user(self) -> None:
        """Let somebody else sign in; the open cards of whoever was here stay theirs."""
        window = self.window
        if window is None:
            return
        self.tasks.close()
        # The sign-in first: without any window the program would end.
        page = self.entrance.sign_in_again()
        if page is not None:
            page.setGeometry(window.geometry())
        window.close()
        window.deleteLater()
        self.window = self.screen_lock = None

    def _unlocked(self) -> None:
        if self._damage_is_met:
            self._leave_for_rescue()
        elif self._remarks_wait:
            self._remarks_wait = False
            self._tell_remarks()

    # -- a damaged database --------------------------------------------------------------------------

    def rescue(self) -> bool:
        """Somebody met a damaged place: leave the window for the ways back. ``False`` if no database is open."""
        if self.application is None:
            return False
        if not self._damage_is_met:
            self._damage_is_met = True
            QTimer.singleShot(0, self, self._leave_for_rescue)  # whoever met it is still at work
        return True

    def _damage_met(self, _notice: DamageFound) -> None:
        self.rescue()

    def _leave_for_rescue(self, data_key: bytes = b"") -> None:
        """Close the window and show the ways back where it was; beneath the lock that waits for the password."""
        application, window = self.application, self.window
        if application is None or (window is not None and window.is_locked and not data_key):
            return
        # The connection that met the damage reads nothing any more; a new one may still keep what was just typed.
        application.store.end_thread()
        rescue = application.rescue(data_key)
        self.tasks.close()
        # The page first: without any window the program would end.
        page = self.entrance.offer_rescue(
            tr("Die Datenbank ist an einer Stelle beschädigt. Damit nicht noch mehr verloren geht, wurde das Fenster "
               "geschlossen. Bitte kopieren Sie den Ordner „{folder}“, bevor Sie etwas anderes tun.",
               folder=self._folder.root),
            lambda: rescue,
        )  # fmt: skip
        if window is not None:
            page.setGeometry(window.geometry())
            window.close()
            window.deleteLater()
        self._window_closing()  # a window that was never shown tells of no end
        self.window = self.screen_lock = None
        self._damage_is_met = False
        page.look()

    def _restore(self, ready: RestoreReady) -> None:
        """Close the window, let a backup take the database's place beside the screen, and ask for the password again."""
        application, window = self.application, self.window
        if application is None or window is None:
            return
        from ui.rescue.waiting import Steady

        self.tasks.close()
        # The page first: without any window the program would end.
        page = self.entrance.wait(tr("Die Sicherung wird zurückgespielt"))
        page.setGeometry(window.geometry())
        window.close()
        window.deleteLater()
        self.window = self.screen_lock = None
        self.tasks.run(
            lambda progress: application.restore_backup(ready.backup, ready.brought, Steady(progress)),
            on_done=lambda restored: self._restored(page, restored),
            on_error=lambda error: self._not_restored(page, error),
            on_progress=page.progress.show_step,
        )

    def _restored(self, page: WaitingPage, restored: Restored) -> None:
        from desktop_app.retention.wording import repeated_sentences

        parts = (tr("Die Sicherung ist zurückgespielt."), *repeated_sentences(restored.repeated))
        self.entrance.end_wait(page, " ".join((*parts, tr("Bitte melden Sie sich an."))))

    def _not_restored(self, page: WaitingPage, error: Exception) -> None:
        from desktop_app.core.errors import QuartierslotseError

        if isinstance(error, QuartierslotseError):
            self.entrance.end_wait(page, error.message)
            return
        self.entrance.end_wait(page, tr("Die Sicherung wurde nicht zurückgespielt."))
        raise error

    # -- end -----------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close everything and wait for what still runs."""
        for widget in (self.window, *self.entrance.widgets()):
            if widget is not None and widget.isVisible():
                widget.close()
        self.tasks.close()

    def _window_closing(self) -> None:
        self.tasks.close()
        if self.screen_lock is not None:
            self.screen_lock.end()
        if self._warm_up is not None:
            self._warm_up.end()
            self._warm_up = None
        if self.application is not None:
            self.application.close()
            self.application = None

    def _raise(self, error: object) -> None:
        if isinstance(error, Exception):
            raise error
