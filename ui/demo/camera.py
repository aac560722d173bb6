"""Pictures of the window: every screen at 100 % and 200 %, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr
from ui.shell.qt_messages import log_qt_messages
from ui.theme.theme import ThemeController, ThemeMode

LOOKS = ((ThemeMode.LIGHT, 100), (ThemeMode.LIGHT, 200), (ThemeMode.DARK, 100), (ThemeMode.DARK, 200))
_SIZES = {100: QSize(1280, 820), 200: QSize(1600, 1000)}
_WORDS = {ThemeMode.LIGHT: "hell", ThemeMode.DARK: "dunkel"}


def make_camera(folder: Path) -> Camera:
    """Start Qt if need be and return a camera, light at 100 %."""
    qt = QApplication.instance()
    if not isinstance(qt, QApplication):
        log_qt_messages()
        qt = QApplication(["quartierslotse"])
    return Camera(folder, qt, ThemeController(qt, mode=ThemeMode.LIGHT))


@dataclass
class Camera:
    """Takes pictures of one window into a folder, one look after the other.

    Changing the look styles every widget anew: all pictures of a look are taken before the next.
    """

    folder: Path
    qt: QApplication
    theme: ThemeController
    taken: int = 0

    def looks(self, window: QWidget) -> Iterator[str]:
        """Give the window each look in turn and yield its name; afterwards it is light at 100 % again."""
        for mode, percent in LOOKS:
            self._use(mode, percent)
            window.resize(_SIZES[percent])
            self._settle()
            yield f"{percent}-{_WORDS[mode]}"
        self._use(ThemeMode.LIGHT, 100)
        window.resize(_SIZES[100])
        self._settle()

    def take(self, window: QWidget, name: str) -> None:
        """Take the window as it is.

        Raises:
            EnvironmentProblem: the file can't be written.
        """
        self._settle()
        path = self.folder / f"{name}.png"
        if not window.grab().save(str(path)):
            raise EnvironmentProblem(tr("Das Bild „{name}“ ließ sich nicht speichern.", name=path.name))
        self.taken += 1

    def _use(self, mode: ThemeMode, percent: int) -> None:
        if self.theme.mode is not mode:
            self.theme.use_mode(mode)
        if self.theme.text_percent != percent:
            self.theme.use_text_percent(percent)

    @staticmethod
    def _settle() -> None:
        # The first round lays out, the next ones do what the layout asked for (scrolling, columns).
        for _ in range(3):
            QApplication.processEvents()
