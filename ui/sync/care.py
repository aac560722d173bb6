"""The connection to others while the window is open: its line at the foot, its schedule, its rest while it is locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr, tr_count
from desktop_app.sync.records import ConnectionState, SyncChanged, SyncStatus
from ui.sync.wording import status_words

if TYPE_CHECKING:
    from ui.shell.main_window import MainWindow
    from ui.shell.notices import NoticeBridge
    from ui.sync.facade import SyncApplication

#: by now nobody waits for the window any more
_BEGIN_MS = 2_500
#: a round tells of itself many times; the line follows a few times a second at most
_RENEW_MS = 250

_ICONS = {
    ConnectionState.WAITING_FOR_ADMISSION: "hourglass",
    ConnectionState.IN_STEP: "circle-check",
    ConnectionState.WORKING: "refresh-cw",
    ConnectionState.WAITING: "clock",
    ConnectionState.PROBLEM: "triangle-alert",
}


class SyncCare(QObject):
    """Never asks for anything and never covers anything; a press on the line opens the page.

    A desk that is not connected shows no line and loads nothing.

    ``open_conflicts`` and ``open_state`` show the page.
    """

    def __init__(
        self,
        window: MainWindow,
        application: SyncApplication,
        notices: NoticeBridge,
        *,
        open_conflicts: Callable[[], object],
        open_state: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._open_conflicts, self._open_state = open_conflicts, open_state
        self._may_decide = self._application.may(Action.DECIDE_CONFLICTS)
        self._status = SyncStatus(ConnectionState.NOT_CONNECTED, "")
        self._is_stopping = self._ended = False
        self._renew_later = QTimer(self)
        self._renew_later.setSingleShot(True)
        self._renew_later.setInterval(_RENEW_MS)
        self._renew_later.timeout.connect(self.renew)
        window.foot.sync_pressed.connect(self.open_page)
        window.covered.connect(self._rest)
        window.uncovered.connect(self._go_on)
        window.closing.connect(self._end)
        notices.listen(SyncChanged, lambda _notice: self._changed(), owner=self)

    def begin_soon(self) -> None:
        """Look for a connection once the window has come to rest, and go on with it."""
        QTimer.singleShot(_BEGIN_MS, self, self.begin)

    def begin(self) -> None:
        """Show the line and start the schedule, if this desk is connected."""
        if not self._ended and not self._window.is_locked and self._application.sync_is_connected:
            self._application.start_sync()
            self.renew()

    def renew(self) -> None:
        """Show how things stand."""
        if self._ended or self._window.is_locked:
            return
        self._status = self._application.sync.status()
        if self._status.state is ConnectionState.NOT_CONNECTED:
            self._window.foot.show_sync("", "")
        else:
            self._window.foot.show_sync(*self._line(self._status))

    def open_page(self) -> None:
        """Show what the line speaks of."""
        if self._status.open_conflicts and self._may_decide and self._status.state is not ConnectionState.PROBLEM:
            self._open_conflicts()
        else:
            self._open_state()

    def _line(self, status: SyncStatus) -> tuple[str, str]:
        """The words and their icon: what needs a person first."""
        if status.state is ConnectionState.PROBLEM:
            return tr("Der Abgleich braucht Sie"), _ICONS[status.state]
        if status.open_conflicts and self._may_decide:
            words = tr_count("{count} Konflikt ansehen", "{count} Konflikte ansehen", status.open_conflicts)
            return words, "scale"
        if status.is_paused:
            return status_words(status), "pause"
        if status.state is ConnectionState.WAITING_FOR_ADMISSION:
            return tr("Wartet auf Aufnahme"), _ICONS[status.state]
        return status.sentence, _ICONS.get(status.state, "clock")

    def _changed(self) -> None:
        if not self._renew_later.isActive():
            self._renew_later.start()

    def _rest(self) -> None:
        """The window is locked: the schedule ends, so that the key can be let go of."""
        if not self._is_stopping and self._application.sync_is_connected:
            self._is_stopping = True
            self._window.tasks.run(lambda _progress: _stop(self._application), on_done=lambda _nothing: self._stopped())

    def _stopped(self) -> None:
        self._is_stopping = False
        if not self._window.is_locked:
            self.begin()  # unlocked again before it had come to rest

    def _go_on(self) -> None:
        if not self._is_stopping:
            self.begin()

    def _end(self) -> None:
        self._ended = True
        self._renew_later.stop()


def _stop(application: SyncApplication) -> None:
    try:
        application.stop_sync()
    finally:
        application.store.end_thread()
