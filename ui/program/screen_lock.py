"""The lock: covers the window with the sign-in, closes the data and lets go of the key until the password comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.core.errors import UserError
from desktop_app.environment.folders import DataFolder
from ui.program.idle_watch import IdleWatch
from ui.shell.preferences import PreferencesFile
from ui.shell.tasks import TaskRunner

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application, Surroundings
    from ui.shell.main_window import MainWindow
    from ui.shell.suspend import SuspendWatch
    from ui.sign_in.page import SignInPage

#: the way to the system's bus takes a few milliseconds; by now nobody waits for the window any more
_SUSPEND_WATCH_MS = 1_500


class ScreenLock(QObject):
    """Locks one window: by key, after idle time, when the computer sleeps.

    ``switch`` lets somebody else sign in; ``unlocked`` is called when the window is open again. Whoever was removed
    meanwhile stays outside, and whose role was changed is signed in anew. ``damaged`` gets the key when the password fits
    and the database can't be read any more.
    """

    def __init__(
        self,
        window: MainWindow,
        application: Application,
        folder: DataFolder,
        tasks: TaskRunner,
        surroundings: Callable[[], Surroundings],
        *,
        switch: Callable[[], None],
        unlocked: Callable[[], None],
        damaged: Callable[[bytes], None],
    ) -> None:
        super().__init__(window)
        self._window, self._application, self._folder, self._tasks = window, application, folder, tasks
        self._make_surroundings, self._switch, self._unlocked = surroundings, switch, unlocked
        self._damaged = damaged
        self.page: SignInPage | None = None
        self.suspend_watch: SuspendWatch | None = None
        window.lock_requested.connect(self.lock)

    def watch(self, preferences: PreferencesFile) -> None:
        """Lock by itself from now on: after idle time, and soon when the system says so."""
        self.idle_watch = IdleWatch(self._window, preferences, self.lock)
        QTimer.singleShot(_SUSPEND_WATCH_MS, self, self._watch_suspend)

    def lock(self) -> None:
        """Cover the window with the sign-in; what is typed beneath stays."""
        window, person = self._window, self._application.actor
        if window.is_locked:
            return
        for other in QApplication.topLevelWidgets():
            if other is not window and other.isVisible():
                other.close()  # an open dialog or menu must not stay in sight
        from ui.sign_in.page import SignInPage
        from ui.sign_in.presenter import UnlockPresenter

        page = SignInPage([person.display_name], person=person.display_name, locked=True)
        presenter = UnlockPresenter(
            self._folder,
            person.account_id,
            self._tasks,
            self._make_surroundings(),
            unlocked=lambda data_key: self._unlock(data_key, page, typed[-1]),
            failed=page.show_problem,
        )
        typed = [""]

        def submit(_login_name: str, password: str) -> None:
            page.show_busy(True)
            typed[:] = [password]
            presenter.unlock(password)

        page.submitted.connect(submit)
        page.switch_requested.connect(self._switch)
        self.page = page
        window.lock(page)
        window.tasks.count_changed.connect(self._forget_key)
        self._forget_key()

    def end(self) -> None:
        """The window closes: hear nothing of the system any more."""
        watch, self.suspend_watch = self.suspend_watch, None
        if watch is not None:
            watch.end()

    def _unlock(self, data_key: bytes, page: SignInPage, password: str) -> None:
        from desktop_app.storage.database import DamagedDatabase

        store = self._application.store
        try:
            if not store.knows_key:
                store.know_key(data_key)
            has_changed = self._application.account_has_changed()
        except DamagedDatabase:
            self._damaged(data_key)
            return
        except UserError as error:
            from ui.sign_in.problem import ACCOUNT_FIELD, Problem

            self._forget_key()
            page.show_problem(Problem(error.message, ACCOUNT_FIELD))
            return
        if has_changed:
            self._sign_in_anew(password)
            return
        self.page = None
        self._window.unlock()
        self._unlocked()

    def _sign_in_anew(self, password: str) -> None:
        """The role is another than the window was made for: a change of user to the same person, with what was typed."""
        from desktop_app.bootstrap import sign_in_names
        from ui.sign_in.page import SignInPage

        account_id = self._application.actor.account_id
        names = {name.account_id: name.login_name for name in sign_in_names(self._folder)}
        self._switch()
        for other in QApplication.topLevelWidgets():
            if isinstance(other, SignInPage) and other.isVisible():
                other.sign_in_as(names.get(account_id, ""), password)

    def _forget_key(self) -> None:
        """Let the key go from memory while the screen is locked, once no work beside the window needs it."""
        if self._window.is_locked and not self._window.tasks.running:
            self._application.store.forget_key()

    def _watch_suspend(self) -> None:
        if self.suspend_watch is None and self._window.isVisible():
            from ui.shell.suspend import watch_suspend

            self.suspend_watch = watch_suspend(self._lock_for_system)

    def _lock_for_system(self) -> None:
        """Lock, and draw it at once: the picture of before must not be there when the computer wakes up."""
        self.lock()
        self._window.repaint()
