"""Says above the pages that something is due to be erased, to whoever may erase it; one press leads to the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.retention.records import RetentionChanged
from ui.widgets.badge import Tone

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.context import PageContext
    from ui.shell.main_window import MainWindow
    from ui.widgets.feedback import Notice


class RetentionReminder(QObject):
    """Looks once the window is usable, and again after an erasure. ``notice`` is what had to be said, if anything."""

    def __init__(self, window: MainWindow, context: PageContext, open_list: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._context, self._open_list = window, context, open_list
        self.notice: Notice | None = None
        context.notices.listen(RetentionChanged, lambda _notice: self.look(), owner=self)

    def look(self) -> None:
        """Count what is due beside the window; for accounts that may not erase nothing is counted."""
        application = self._context.application
        if application.may(Action.ERASE_CLIENT_DATA):
            self._context.tasks.run(lambda _progress: _reminder(application), on_done=self._show, on_error=self._failed)

    def _show(self, sentence: str) -> None:
        if self.notice is not None:
            self.notice.hide()
            self.notice.deleteLater()
            self.notice = None
        if sentence:
            self.notice = self._window.add_notice(sentence, Tone.INFO, action=tr("Zum Fälligen"), do=self._open_list)

    def _failed(self, error: Exception) -> None:
        # Whatever hinders reading is said where people work; a reminder need not say it again.
        if not isinstance(error, QuartierslotseError):
            raise error


def _reminder(application: Application) -> str:
    try:
        return application.retention.reminder()
    finally:
        application.store.end_thread()
