"""The application: from the first run or the sign-in to the window, the lock, and a clean end."""

from __future__ import annotations

# isort: off
import ui.before_qt  # noqa: F401 - must come before PySide6

# isort: on
import argparse
import importlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DATA_FOLDER_VARIABLE, DataFolder, default_data_folder
from desktop_app.security.key_slots import SlotKind, read_slots
from ui.shell.errors import ErrorHandler
from ui.shell.garbage import GuiThreadCollector
from ui.shell.gate import Gate
from ui.shell.preferences import Preferences, PreferencesFile
from ui.shell.qt_messages import log_qt_messages
from ui.shell.tasks import TaskRunner
from ui.theme.theme import FUSION_PROPERTY, ThemeController, ThemeMode

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application, Surroundings
    from desktop_app.environment.crash_report import CrashLog
    from desktop_app.storage.database import DamagedDatabase
    from ui.setup.wizard import SetUpWizard
    from ui.shell.context import PageContext
    from ui.shell.main_window import MainWindow
    from ui.shell.restore_notice import RestoreReady
    from ui.shell.suspend import SuspendWatch
    from ui.sign_in.page import SignInPage
    from ui.sign_in.presenter import SignInPresenter

APPLICATION_NAME = "Quartierslotse"

#: what is loaded while the password is typed, so that the window opens at once
_REST = (
    "desktop_app.contacts.service",
    "desktop_app.directory.queries",
    "desktop_app.bootstrap",
    "ui.sign_in.presenter",
    "ui.shell.main_window",
    "ui.pages",
    "ui.reception.page",
)
_LOAD_PAUSE_MS = 15
#: the first picture comes before the log: its code takes a while to load
_LOG_BEGINS_MS = 250
_LOCK_WARNING_S = 30
_IDLE_CHECK_MS = 1_000
#: the clock went on so much longer than the program did: the computer slept
_SLEPT_S = 20.0
#: what there is to say about clock and drive comes before the first contact can be recorded
_REMARKS_MS = 200
#: the backup of the day begins when nobody waits for the window any more
_DAY_BACKUP_MS = 6_000
#: the way to the system's bus takes a few milliseconds; by now nobody waits for the window any more
_SUSPEND_WATCH_MS = 1_500
#: a window that has stood for so long has started well
_STARTED_MS = 10_000


class DesktopProgram(QObject):
    """Owns what is open: first run, sign-in or window, one at a time.

    ``start()`` shows the first of them. Whoever closes the last window ends the program.
    """

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
        self._sign_in_presenter: SignInPresenter | None = None
        self.wizard: SetUpWizard | None = None
        self.sign_in_page: SignInPage | None = None
        self.window: MainWindow | None = None
        self.lock_page: SignInPage | None = None
        self.application: Application | None = None
        self.problem_page: QWidget | None = None
        self.suspend_watch: SuspendWatch | None = None
        self._waits_for_search = False
        self._remarks_wait = False
        if gate is not None:
            gate.called.connect(self.bring_to_front)

    # -- start ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the first run, the sign-in, or why it can't be; after failed starts ask how to start."""
        if self.gate is not None:
            refusal = self.gate.enter()
            if refusal:
                self._show_unusable(refusal)
                return
            if self.gate.offers_safe_start:
                self._ask_how_to_start(self.gate)
                return
        self._begin()

    def _begin(self) -> None:
        try:
            if self._folder.database.exists() and self._folder.key_slots.exists():
                # The usual way stays clear of the services: their code is loaded while the password is typed.
                self._show_sign_in(self._login_names())
                return
            from desktop_app.bootstrap import is_set_up

            if not is_set_up(self._folder):
                self._show_set_up()
        except EnvironmentProblem as problem:
            self._show_unusable(problem.message)

    def _login_names(self) -> list[str]:
        return [slot.login_name for slot in read_slots(self._folder.key_slots) if slot.kind is not SlotKind.RECOVERY]

    def open_window(self, application: Application) -> MainWindow:
        """Show the window over an open application."""
        from ui.pages import ADMINISTRATION, HANDOUTS, allowed_entries, service_entries
        from ui.shell.basket import Basket
        from ui.shell.context import PageContext
        from ui.shell.main_window import MainWindow
        from ui.shell.notices import NoticeBridge

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
        window.lock_requested.connect(self.lock)
        window.switch_requested.connect(self.switch_user)
        window.basket_requested.connect(lambda: window.open_page(HANDOUTS))
        window.closing.connect(self._window_closing)
        self.window = window
        self._place(window)
        is_safe = self.gate is not None and self.gate.is_safe
        keys = [entry.key for entry in entries]
        window.open_page(ADMINISTRATION if is_safe and ADMINISTRATION in keys else keys[0])
        self._offer_recovery_sheet(window, context)
        window.show()
        self._leave_former()
        QTimer.singleShot(_REMARKS_MS, window, self._tell_remarks)
        self._begin_backups(window, context)
        if self.gate is not None:
            QTimer.singleShot(_STARTED_MS, window, self.gate.starts.succeed)
        self._idle = IdleWatch(window, self._preferences, self.lock)
        QTimer.singleShot(_SUSPEND_WATCH_MS, window, self._watch_suspend)
        if application.may(Action.SEE_DIRECTORY):
            self.qt.focusChanged.connect(self._focus_changed)
            self._waits_for_search = True
        return window

    def _begin_backups(self, window: MainWindow, context: PageContext) -> None:
        """Make the backup of the day in a while, and restore one when that is asked for."""

        def show_backups() -> None:
            from ui.administration.page import BACKUP_TARGET
            from ui.pages import ADMINISTRATION
            from ui.shell.page import Target

            window.open_page(ADMINISTRATION, Target(BACKUP_TARGET, ""))

        def begin() -> None:
            from ui.shell.day_backup import DayBackup

            DayBackup(window, context, show_backups).begin()

        QTimer.singleShot(_DAY_BACKUP_MS, window, begin)
        from ui.shell.restore_notice import RestoreReady

        context.notices.listen(RestoreReady, self._restore, owner=window)

    def _restore(self, ready: RestoreReady) -> None:
        """Close the window, let a backup take the database's place, and ask for the password again."""
        application = self.application
        if application is None:
            return
        from desktop_app.core.errors import QuartierslotseError

        self.switch_user()
        try:
            restored = application.restore_backup(ready.backup, ready.brought)
        except QuartierslotseError as problem:
            sentence = problem.message
        else:
            from desktop_app.retention.wording import repeated_sentences

            parts = (tr("Die Sicherung ist zurückgespielt."), *repeated_sentences(restored.repeated))
            sentence = " ".join((*parts, tr("Bitte melden Sie sich an.")))
        if self.sign_in_page is not None:
            self.sign_in_page.show_notice(sentence)

    def _show_rescue(self, problem: DamagedDatabase, login_name: str, password: str) -> None:
        """The database is damaged and the password fits: show the ways back."""
        from desktop_app.backup.rescue import open_rescue
        from ui.rescue.page import RescuePage

        surroundings = self._make_surroundings()
        page = RescuePage(
            problem.message,
            lambda: open_rescue(self._folder, login_name, password, surroundings.clock, surroundings.ids),
            self.tasks,
        )

        def back(sentence: str = "") -> None:
            self._sign_in_presenter = None
            self._show_sign_in(self._login_names())
            if self.sign_in_page is not None and sentence:
                self.sign_in_page.show_notice(sentence)
            page.close()
            page.deleteLater()
            self.problem_page = None

        page.finished.connect(back)
        page.left.connect(back)
        page.setWindowTitle(APPLICATION_NAME)
        page.resize(1280, 820)
        self.theme.dress(page)
        self._place(page)
        self.problem_page = page
        page.show()
        self._leave_former()
        page.look()

    @staticmethod
    def _offer_recovery_sheet(window: MainWindow, context: PageContext) -> None:
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

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Load what the first misspelt search needs once somebody is about to search; many a day nobody is."""
        from ui.widgets.search_list import SearchField  # loaded with the window

        if isinstance(now, SearchField) and self.application is not None and self.window is not None:
            self._stop_waiting_for_search()
            QTimer.singleShot(0, self.window, self.application.directory_queries.warm_up)

    def _stop_waiting_for_search(self) -> None:
        if self._waits_for_search:
            self._waits_for_search = False
            self.qt.focusChanged.disconnect(self._focus_changed)

    # -- sign-in and first run -----------------------------------------------------------------------

    def _show_sign_in(self, login_names: Sequence[str]) -> None:
        from ui.sign_in.page import SignInPage

        page = SignInPage(login_names)
        page.submitted.connect(self._sign_in)
        page.recovery_submitted.connect(self._recover)
        page.setWindowTitle(APPLICATION_NAME)
        page.resize(1280, 820)
        self.theme.dress(page)
        self.sign_in_page = page
        self._place(page)
        page.show()
        page.setFocus()
        # While the password is typed there is time to load the rest, piece by piece.
        self._load_rest(0)

    def _load_rest(self, place: int) -> None:
        if self.sign_in_page is None or place >= len(_REST):
            return
        QTimer.singleShot(_LOAD_PAUSE_MS, self.sign_in_page, lambda: self._load_piece(place))

    def _load_piece(self, place: int) -> None:
        importlib.import_module(_REST[place])
        self._load_rest(place + 1)

    def _sign_in(self, login_name: str, password: str) -> None:
        if self.sign_in_page is not None:
            self.sign_in_page.show_busy(True)
            self._presenter(self.sign_in_page).sign_in(login_name, password)

    def _recover(self, login_name: str, key: str, password: str) -> None:
        if self.sign_in_page is not None:
            self.sign_in_page.show_busy(True)
            self._presenter(self.sign_in_page).use_recovery_key(login_name, key, password)

    def _presenter(self, page: SignInPage) -> SignInPresenter:
        from ui.sign_in.presenter import SignInPresenter

        if self._sign_in_presenter is None:
            self._sign_in_presenter = SignInPresenter(
                self._folder, self._make_surroundings(), self.tasks, opened=self._opened, failed=page.show_problem
            )
            self._sign_in_presenter.damaged = self._show_rescue
        return self._sign_in_presenter

    def _opened(self, application: Application) -> None:
        self.open_window(application)

    def _show_set_up(self) -> None:
        from ui.setup.wizard import SetUpWizard

        self.wizard = SetUpWizard(self._folder, self._make_surroundings(), self.tasks)
        self.wizard.finished.connect(self._opened)
        self.theme.dress(self.wizard)
        self._place(self.wizard)
        self.wizard.show()

    def _show_unusable(self, sentence: str) -> None:
        from ui.widgets.feedback import EmptyState

        if self.gate is not None and self.gate.is_taken:
            icon, title = "info", tr("Quartierslotse ist schon geöffnet.")
        else:
            icon, title = "triangle-alert", tr("Quartierslotse kann nicht starten.")
        page = EmptyState(icon, title, detail=sentence, action=tr("Beenden"))
        page.setProperty("ground", "window")
        page.setWindowTitle(APPLICATION_NAME)
        page.resize(900, 560)
        page.action_requested.connect(page.close)
        self.theme.dress(page)
        self.problem_page = page
        self._place(page)
        page.show()

    def _ask_how_to_start(self, gate: Gate) -> None:
        from ui.shell.safe_start import SafeStartPage

        page = SafeStartPage()

        def go_on(is_safe: bool) -> None:
            gate.is_safe = is_safe
            if is_safe:
                self.theme.use_mode(ThemeMode.LIGHT)
                self.theme.use_text_percent(100)
            self._begin()
            page.close()

        page.safe_chosen.connect(lambda: go_on(True))
        page.ordinary_chosen.connect(lambda: go_on(False))
        page.setProperty("ground", "window")
        page.setWindowTitle(APPLICATION_NAME)
        page.resize(900, 560)
        self.theme.dress(page)
        self.problem_page = page
        self._place(page)
        page.show()
        page.safe.setFocus()

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

    # -- lock ----------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Cover the window with the sign-in; what is typed beneath stays."""
        window, application = self.window, self.application
        if window is None or application is None or window.is_locked:
            return
        for other in self.qt.topLevelWidgets():
            if other is not window and other.isVisible():
                other.close()  # an open dialog or menu must not stay in sight
        from ui.sign_in.page import SignInPage
        from ui.sign_in.presenter import UnlockPresenter

        page = SignInPage([application.actor.display_name], person=application.actor.display_name, locked=True)
        presenter = UnlockPresenter(
            self._folder,
            application.actor.account_id,
            self.tasks,
            self._make_surroundings(),
            unlocked=self._unlock,
            failed=page.show_problem,
        )

        def submit(_login_name: str, password: str) -> None:
            page.show_busy(True)
            presenter.unlock(password)

        page.submitted.connect(submit)
        page.switch_requested.connect(self.switch_user)
        self.lock_page = page
        window.lock(page)
        window.tasks.count_changed.connect(self._forget_key)
        self._forget_key()

    def _watch_suspend(self) -> None:
        if self.suspend_watch is None:
            from ui.shell.suspend import watch_suspend

            self.suspend_watch = watch_suspend(self._lock_for_system)

    def _lock_for_system(self) -> None:
        """Lock, and draw it at once: the picture of before must not be there when the computer wakes up."""
        self.lock()
        if self.window is not None and self.window.is_locked:
            self.window.repaint()

    def _forget_key(self) -> None:
        """Let the key go from memory while the screen is locked, once no work beside the window needs it."""
        window, application = self.window, self.application
        if window is not None and application is not None and window.is_locked and not window.tasks.running:
            application.store.forget_key()

    def _unlock(self, data_key: bytes) -> None:
        if self.application is not None and not self.application.store.knows_key:
            self.application.store.know_key(data_key)
        self.lock_page = None
        if self.window is not None:
            self.window.unlock()
        if self._remarks_wait:
            self._remarks_wait = False
            self._tell_remarks()

    def switch_user(self) -> None:
        """Let somebody else sign in; the open cards of whoever was here stay theirs."""
        window = self.window
        if window is None:
            return
        self.tasks.close()
        self._sign_in_presenter = None
        # The sign-in first: without any window the program would end.
        self._show_sign_in(self._login_names())
        if self.sign_in_page is not None:
            self.sign_in_page.setGeometry(window.geometry())
        window.close()
        window.deleteLater()
        self.window = self.lock_page = None

    # -- end -----------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close everything and wait for what still runs."""
        for widget in (self.window, self.wizard, self.sign_in_page, self.problem_page):
            if widget is not None and widget.isVisible():
                widget.close()
        self.tasks.close()
        if self.suspend_watch is not None:
            self.suspend_watch.end()
            self.suspend_watch = None

    def show_sentence(self, sentence: str) -> bool:
        """Show a problem where the person is now."""
        return self.window is not None and self.window.show_problem(sentence)

    def front(self) -> QWidget | None:
        """The window that is open."""
        return self.window or self.wizard or self.sign_in_page or self.problem_page

    def _window_closing(self) -> None:
        self.tasks.close()
        self._stop_waiting_for_search()
        if self.application is not None:
            self.application.close()
            self.application = None

    def _leave_former(self) -> None:
        """Take the sign-in or the first run away, after the window is there (the program must not end between)."""
        former, self.sign_in_page, wizard, self.wizard = self.sign_in_page, None, self.wizard, None
        for widget in (former, wizard):
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _place(self, window: QWidget) -> None:
        """Put a window where the one before was; on a small screen it fills the screen."""
        before = self.sign_in_page or self.wizard
        if before is not None and before is not window and before.isVisible():
            window.setGeometry(before.geometry())
            return
        screen = self.qt.primaryScreen()
        room = screen.availableSize()
        if room.width() <= 1400 or room.height() <= 900:
            window.resize(min(window.width(), room.width()), min(window.height(), room.height()))

    def _raise(self, error: object) -> None:
        if isinstance(error, Exception):
            raise error


class IdleWatch(QObject):
    """Locks after a while without a key or the mouse, and says so half a minute before; locks when the computer slept.

    ``lock_minutes`` of the preferences; 0 never locks by itself.
    """

    def __init__(
        self,
        window: MainWindow,
        preferences: PreferencesFile,
        lock: Callable[[], None],
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(window)
        self._window, self._preferences, self._lock = window, preferences, lock
        self._wall, self._last_wall = wall, wall()
        self._idle_ms = 0
        self._warned = False
        self._timer = QTimer(self)
        self._timer.setInterval(_IDLE_CHECK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)  # only input to the whole window, not every event of every widget

    def _tick(self) -> None:
        """A second went by for the program; how many for the clock?"""
        now = self._wall()
        slept, self._last_wall = now - self._last_wall, now
        if slept >= _SLEPT_S and not self._window.is_locked:
            self._idle_ms = 0
            self._warn(False)
            self._lock()
            return
        self.passed(_IDLE_CHECK_MS)

    def passed(self, milliseconds: int) -> None:
        """So much time went by without input."""
        limit = self._preferences.current.lock_minutes * 60_000
        if not limit or self._window.is_locked:
            self._idle_ms = 0
            return
        self._idle_ms += milliseconds
        if self._idle_ms >= limit:
            self._idle_ms = 0
            self._warn(False)
            self._lock()
        elif not self._warned and self._idle_ms >= limit - _LOCK_WARNING_S * 1000:
            self._warn(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {
            QEvent.Type.KeyPress,
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.Wheel,
        }:
            self._idle_ms = 0
            self._warn(False)
        return super().eventFilter(watched, event)

    def _warn(self, is_near: bool) -> None:
        if is_near != self._warned:
            self._warned = is_near
            words = tr("In 30 Sekunden wird gesperrt. Eine Taste oder die Maus genügt, um weiterzuarbeiten.")
            self._window.warn_of_lock(words if is_near else "")


def make_qt(arguments: Sequence[str]) -> QApplication:
    """The Qt application with its names; the one that runs already if there is one."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        qt = existing
    else:
        log_qt_messages()
        # As an argument the style of the system need not be loaded, nor Python's view of styles.
        qt = QApplication([APPLICATION_NAME, "-style", "fusion", *arguments])
        qt.setProperty(FUSION_PROPERTY, True)
        # Looking for rubbish finds none while everything is new; it begins when the window has come to rest.
        GuiThreadCollector(qt)
    qt.setApplicationName(APPLICATION_NAME)
    qt.setApplicationDisplayName(APPLICATION_NAME)
    qt.setDesktopFileName("quartierslotse")
    return qt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the application until its window is closed; the exit code."""
    options = _parser().parse_args(arguments)
    folder = DataFolder(options.data_dir.expanduser().absolute()) if options.data_dir else default_data_folder()
    is_named = options.data_dir is not None or DATA_FOLDER_VARIABLE in os.environ
    with running(folder, is_named=is_named, is_safe=options.safe) as program:
        program.start()
        return program.qt.exec()


@contextmanager
def running(folder: DataFolder, *, is_named: bool = False, is_safe: bool = False) -> Iterator[DesktopProgram]:
    """The application over ``folder`` with its look, its log and its care for errors; ended cleanly.

    A folder that ``is_named`` must have its drive; ``is_safe`` starts with the usual look and without the Empfang.

    ``with running(folder) as program: program.start(); program.qt.exec()``
    """
    qt = make_qt([])
    log = _Log(folder)
    preferences = PreferencesFile(folder.root)
    look = Preferences(mode=ThemeMode.LIGHT.value) if is_safe else preferences.current
    theme = ThemeController(qt, mode=ThemeMode(look.mode), text_percent=look.text_percent)
    gate = Gate(folder, named=is_named, safe=is_safe)
    program = DesktopProgram(qt, folder, _surroundings, theme, preferences, gate)
    errors = ErrorHandler(show_sentence=program.show_sentence, window=program.front)
    errors.bug_shown.connect(gate.starts.error_happened)
    errors.install()

    def begin_log() -> None:
        if gate.is_inside:  # a folder that refused, or that another window has, is left alone
            program.last_crash = log.begin()

    QTimer.singleShot(_LOG_BEGINS_MS, program, begin_log)
    try:
        yield program
    finally:
        program.close()
        errors.remove()
        log.end()
        gate.leave()


class _Log:
    """The program's log file; begins when the first window is there, because its code takes a while to load."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._handler: logging.Handler | None = None
        self._crashes: CrashLog | None = None

    def begin(self) -> str:
        """Write to the log from now on; return where the last run died, if it did."""
        from desktop_app.environment.crash_report import CrashLog
        from desktop_app.environment.logs import start_logging

        self._handler = start_logging(self._folder)
        self._crashes = CrashLog(self._folder)
        return self._crashes.begin()

    def end(self) -> None:
        """Close the file."""
        if self._handler is not None:
            logging.getLogger("quartierslotse").removeHandler(self._handler)
            self._handler.close()
        if self._crashes is not None:
            self._crashes.end()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quartierslotse", description=tr("Der Empfang eines Quartiersbüros."))
    parser.add_argument("--data-dir", type=Path, default=None, metavar=tr("ORDNER"), help=tr("Ordner der Daten"))
    parser.add_argument(
        "--safe", action="store_true", help=tr("sicherer Start: übliche Darstellung, zuerst die Verwaltung")
    )
    return parser


def _surroundings() -> Surroundings:
    """The real clock and ids; their code is loaded when they are needed."""
    from desktop_app.bootstrap import Surroundings

    return Surroundings.of_this_computer()
