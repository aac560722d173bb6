"""The real window of the demo with everything that plays on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from PySide6.QtWidgets import QApplication

from desktop_app.bootstrap import Application, Surroundings
from desktop_app.core.clock import FixedClock, office_zone
from desktop_app.core.months import Month
from ui.demo.camera import Camera
from ui.demo.entrance import PASSWORD
from ui.demo.hands import Hands
from ui.program.desktop_program import DesktopProgram
from ui.shell.preferences import PreferencesFile

Result = TypeVar("Result")


class Stage:
    """One open main window with the clock, the hands and the camera of the demo."""

    def __init__(
        self, application: Application, surroundings: Surroundings, clock: FixedClock, month: Month, camera: Camera
    ) -> None:
        self.application, self.surroundings = application, surroundings
        self.camera = camera
        self._clock = clock
        self._month = month
        self._program = DesktopProgram(
            camera.qt, application.folder, lambda: surroundings, camera.theme, PreferencesFile(application.folder.root)
        )
        self.window = self._program.open_window(application)
        self.hands = Hands(self.window, self.window.tasks)
        self.window.activateWindow()
        QApplication.processEvents()

    def unlock(self) -> None:
        """Type the password at the lock and wait until the window is open again."""
        self.hands.play(f"'{PASSWORD}' enter")
        self.hands.wait_for(lambda: not self.window.is_locked)

    def go_to(self, day: int, time_of_day: str) -> None:
        """Move the clock to a day of the month."""
        hour, minute = map(int, time_of_day.split(":"))
        self._clock.set(datetime(self._month.year, self._month.number, day, hour, minute, tzinfo=office_zone()))

    def beside(self, work: Callable[[], Result]) -> Result:
        """Do something long beside the window and return what comes of it; its errors come here."""
        results: list[Result] = []
        errors: list[Exception] = []
        self.window.tasks.run(lambda _progress: work(), on_done=results.append, on_error=errors.append)
        self.hands.wait_for(lambda: bool(results or errors))
        if errors:
            raise errors[0]
        return results[0]

    def close(self) -> None:
        """Close the window; half-typed cards are kept."""
        self._program.close()
        QApplication.processEvents()
