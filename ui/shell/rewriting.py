"""Rewrites the file while the window is locked, when something erased at another desk, or a full disk, left that to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.core.errors import QuartierslotseError

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.context import PageContext
    from ui.shell.main_window import MainWindow


class RewritingAtRest(QObject):
    """Nobody types beneath the lock, so nobody waits for it. Whoever is signed in: what goes was decided before."""

    def __init__(self, window: MainWindow, context: PageContext) -> None:
        super().__init__(window)
        self._context = context
        window.covered.connect(self._rewrite)

    def _rewrite(self) -> None:
        application = self._context.application
        try:
            is_waiting = application.retention.needs_clean_up()
        except QuartierslotseError:
            return  # the drive is gone: said where people work
        if is_waiting:
            # The lock lets go of the key once this is done.
            self._context.tasks.run(lambda _progress: _rewrite(application), on_error=_failed)


def _rewrite(application: Application) -> None:
    try:
        application.retention.rewrite_at_rest(application.actor)
    finally:
        application.store.end_thread()


def _failed(error: Exception) -> None:
    # A full disk or a long read elsewhere: the next lock tries again, and the page of retention says so.
    if not isinstance(error, QuartierslotseError):
        raise error
