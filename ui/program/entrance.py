"""What stands before the window: the first run, the sign-in, the rescue, or why the program can't start."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_slots import SlotKind, read_slots
from ui.shell.gate import Gate
from ui.shell.tasks import TaskRunner
from ui.theme.theme import ThemeController, ThemeMode

if TYPE_CHECKING:
    from desktop_app.backup.rescue import Rescue
    from desktop_app.bootstrap import Application, Surroundings
    from ui.rescue.page import RescuePage
    from ui.rescue.waiting import WaitingPage
    from ui.setup.wizard import SetUpWizard
    from ui.sign_in.page import SignInPage
    from ui.sign_in.presenter import SignInPresenter

PROGRAM_NAME = "Quartierslotse"

#: what is loaded while the password is typed, so that the window opens at once
_REST = (
    "desktop_app.contacts.service",
    "desktop_app.directory.queries",
    "desktop_app.bootstrap",
    "ui.sign_in.presenter",
    "ui.program.first_minutes",
    "ui.program.screen_lock",
    "ui.shell.main_window",
    "ui.pages",
    "ui.reception.page",
)
_LOAD_PAUSE_MS = 15


class Entrance(QObject):
    """Shows one of these at a time, each where the one before was; ``opened`` gets the open application."""

    def __init__(
        self,
        folder: DataFolder,
        surroundings: Callable[[], Surroundings],
        theme: ThemeController,
        tasks: TaskRunner,
        gate: Gate | None,
        opened: Callable[[Application], None],
    ) -> None:
        super().__init__()
        self._folder, self._make_surroundings, self._theme, self._tasks = folder, surroundings, theme, tasks
        self._gate, self._on_opened = gate, opened
        self._sign_in_presenter: SignInPresenter | None = None
        self.wizard: SetUpWizard | None = None
        self.sign_in_page: SignInPage | None = None
        self.problem_page: QWidget | None = None
        self._missing: EnvironmentProblem | None = None

    def enter(self) -> None:
        """Show the first run, the sign-in, or why it can't be; after failed starts ask how to start."""
        if self._gate is not None:
            refusal = self._gate.enter()
            if refusal:
                self._show_unusable(refusal)
                return
            if self._gate.offers_safe_start:
                self._ask_how_to_start(self._gate)
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
            self._without_database(problem)

    def _without_database(self, problem: EnvironmentProblem) -> None:
        """A database or keys that are gone have a way back as long as there are keys, here or in a backup; else say it."""
        from desktop_app.backup.rescue import keys_are_lost, login_names_for_rescue
        from desktop_app.storage.database import MissingDatabase

        lacks_keys = self._folder.database.exists() and keys_are_lost(self._folder)
        if lacks_keys or isinstance(problem, MissingDatabase):
            names = login_names_for_rescue(self._folder)
            if names:
                self._show_sign_in(names)
                if self.sign_in_page is not None:
                    then = (
                        tr(
                            "Wenn Sie sich mit dem Passwort vom Tag der letzten Sicherung anmelden, sucht das Programm sie dort."
                        )
                        if lacks_keys
                        else tr("Wenn Sie sich anmelden, sucht das Programm die neueste gute Sicherung.")
                    )
                    self.sign_in_page.show_notice(f"{problem.message} {then}")
                self._missing = problem
                return
        if lacks_keys:
            stick = tr("Bitte stecken Sie den Stick mit den Sicherungen ein und starten Sie noch einmal: Dann holt das Programm "
                       "sie von dort.")  # fmt: skip
            self._show_unusable(f"{problem.message} {stick}")
            return
        self._show_unusable(problem.message)

    def _login_names(self) -> list[str]:
        return [slot.login_name for slot in read_slots(self._folder.key_slots) if slot.kind is not SlotKind.RECOVERY]

    def _show_sign_in(self, login_names: Sequence[str]) -> None:
        from ui.sign_in.page import SignInPage

        page = SignInPage(login_names)
        page.submitted.connect(self._sign_in)
        page.recovery_submitted.connect(self._recover)
        page.setWindowTitle(PROGRAM_NAME)
        page.resize(1280, 820)
        self._theme.dress(page)
        self.sign_in_page = page
        self.place(page)
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
        if self._missing is not None and password and self._lacks_keys():
            self._show_rescue(self._missing, login_name, password)
        elif self.sign_in_page is not None:
            self.sign_in_page.show_busy(True)
            self._presenter(self.sign_in_page).sign_in(login_name, password)

    def _lacks_keys(self) -> bool:
        from desktop_app.backup.rescue import keys_are_lost

        return keys_are_lost(self._folder)

    def _recover(self, login_name: str, key: str, password: str) -> None:
        if self._missing is not None and self._lacks_keys():
            self._show_rescue(self._missing, login_name, "", key)
        elif self.sign_in_page is not None:
            self.sign_in_page.show_busy(True)
            self._presenter(self.sign_in_page).use_recovery_key(login_name, key, password)

    def _presenter(self, page: SignInPage) -> SignInPresenter:
        from ui.sign_in.presenter import SignInPresenter

        if self._sign_in_presenter is None:
            self._sign_in_presenter = SignInPresenter(
                self._folder, self._make_surroundings(), self._tasks, opened=self._on_opened, failed=page.show_problem
            )
            self._sign_in_presenter.damaged = self._show_rescue
        return self._sign_in_presenter

    def _show_set_up(self) -> None:
        from ui.setup.wizard import SetUpWizard

        self.wizard = SetUpWizard(self._folder, self._make_surroundings(), self._tasks)
        self.wizard.finished.connect(self._on_opened)
        self._theme.dress(self.wizard)
        self.place(self.wizard)
        self.wizard.show()

    def _show_unusable(self, sentence: str) -> None:
        from ui.widgets.feedback import EmptyState

        if self._gate is not None and self._gate.is_taken:
            icon, title = "info", tr("Quartierslotse ist schon geöffnet.")
        else:
            icon, title = "triangle-alert", tr("Quartierslotse kann nicht starten.")
        page = EmptyState(icon, title, detail=sentence, action=tr("Beenden"))
        page.setProperty("ground", "window")
        page.setWindowTitle(PROGRAM_NAME)
        page.resize(900, 560)
        page.action_requested.connect(page.close)
        self._theme.dress(page)
        self.problem_page = page
        self.place(page)
        page.show()

    def _ask_how_to_start(self, gate: Gate) -> None:
        from ui.shell.safe_start import SafeStartPage

        page = SafeStartPage()

        def go_on(is_safe: bool) -> None:
            gate.is_safe = is_safe
            if is_safe:
                self._theme.use_mode(ThemeMode.LIGHT)
                self._theme.use_text_percent(100)
            self._begin()
            page.close()

        page.safe_chosen.connect(lambda: go_on(True))
        page.ordinary_chosen.connect(lambda: go_on(False))
        page.setProperty("ground", "window")
        page.setWindowTitle(PROGRAM_NAME)
        page.resize(900, 560)
        self._theme.dress(page)
        self.problem_page = page
        self.place(page)
        page.show()
        page.safe.setFocus()

    def _show_rescue(self, problem: EnvironmentProblem, login_name: str, password: str, recovery_key: str = "") -> None:
        """The database is damaged or gone and the secret fits: show the ways back."""
        from desktop_app.backup.rescue import open_rescue
        from desktop_app.storage.database import DamagedDatabase, MissingDatabase

        surroundings = self._make_surroundings()
        page = self.offer_rescue(
            problem.message,
            lambda: open_rescue(
                self._folder, login_name, password, surroundings.clock, surroundings.ids, recovery_key=recovery_key
            ),
            is_missing=isinstance(problem, MissingDatabase),
            lacks_keys=not isinstance(problem, DamagedDatabase),
        )
        page.look()

    def offer_rescue(
        self, sentence: str, open_rescue: Callable[[], Rescue], *, is_missing: bool = False, lacks_keys: bool = False
    ) -> RescuePage:
        """Show the ways back in place of the sign-in; `look` on it begins, once nobody has the database open."""
        from ui.rescue.page import RescuePage

        page = RescuePage(sentence, open_rescue, self._tasks, is_missing=is_missing, lacks_keys=lacks_keys)

        def back(sentence: str = "") -> None:
            self._sign_in_presenter = None
            self._missing = None
            self.problem_page = None
            self._begin()
            if self.sign_in_page is not None and sentence:
                self.sign_in_page.show_notice(sentence)
            page.close()
            page.deleteLater()

        page.finished.connect(back)
        page.left.connect(back)
        page.setWindowTitle(PROGRAM_NAME)
        page.resize(1280, 820)
        self._theme.dress(page)
        self.place(page)
        self.problem_page = page
        page.show()
        self.leave_former()
        return page

    def wait(self, title: str) -> WaitingPage:
        """Show that something is done now that nobody may disturb; the window may close then."""
        from ui.rescue.waiting import WaitingPage

        page = WaitingPage(title)
        page.setWindowTitle(PROGRAM_NAME)
        page.resize(1280, 820)
        self._theme.dress(page)
        self.problem_page = page
        page.show()
        return page

    def end_wait(self, page: WaitingPage, sentence: str) -> None:
        """Ask for the password again and say how it went."""
        self._sign_in_presenter = None
        self.problem_page = None
        self._begin()
        if self.sign_in_page is not None:
            self.sign_in_page.setGeometry(page.geometry())
            self.sign_in_page.show_notice(sentence)
        page.close()
        page.deleteLater()

    def sign_in_again(self) -> SignInPage | None:
        """Show the sign-in after somebody left."""
        self._sign_in_presenter = None
        self._show_sign_in(self._login_names())
        return self.sign_in_page

    def widgets(self) -> list[QWidget]:
        """What there is of it."""
        return [widget for widget in (self.wizard, self.sign_in_page, self.problem_page) if widget is not None]

    def leave_former(self) -> None:
        """Take the sign-in or the first run away, after the window is there (the program must not end between)."""
        former, self.sign_in_page, wizard, self.wizard = self.sign_in_page, None, self.wizard, None
        for widget in (former, wizard):
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def place(self, window: QWidget) -> None:
        """Put a window where the one before was; on a small screen it fills the screen."""
        before = self.sign_in_page or self.wizard
        if before is not None and before is not window and before.isVisible():
            window.setGeometry(before.geometry())
            return
        screen = QApplication.primaryScreen()
        room = screen.availableSize()
        if room.width() <= 1400 or room.height() <= 900:
            window.resize(min(window.width(), room.width()), min(window.height(), room.height()))
