"""Change notices of the program, brought into the GUI thread.

::

    context.notices.listen(ContactsChanged, self._presenter.contacts_changed, owner=self)

The callback comes in the GUI thread, whatever thread made the change, and ends with ``owner``. Changes made in this thread are
told at once. What another thread does (a sync with thousands of records) is told at most twice a second, equal notices once,
those that can be merged as one, and between two of them the window gets its turn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from desktop_app.core.notices import GatheredNotices, NoticeBoard

Notice = TypeVar("Notice")
GATHER_MS = 500


class NoticeBridge(QObject):
    """Listens on the board once per type and hands notices on in the GUI thread."""

    _arrived = Signal(object)

    def __init__(self, board: NoticeBoard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._callbacks: dict[type, list[Callable[[object], None]]] = {}
        self._unsubscribe: list[Callable[[], None]] = []
        self._waiting = GatheredNotices()
        self._round: list[object] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._hand_out_next)
        self._arrived.connect(self._gather)

    def listen(self, notice_type: type[Notice], callback: Callable[[Notice], None], *, owner: QObject) -> None:
        """Call ``callback`` with every later notice of this type as long as ``owner`` lives."""
        if notice_type not in self._callbacks:
            self._callbacks[notice_type] = []
            self._unsubscribe.append(self._board.subscribe(notice_type, self._heard))
        listeners = self._callbacks[notice_type]
        listeners.append(callback)  # type: ignore[arg-type]  # only notices of this type reach it

        def forget() -> None:
            if callback in listeners:
                listeners.remove(callback)

        owner.destroyed.connect(forget)

    def close(self) -> None:
        """Hear nothing more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()
        self._callbacks.clear()
        self._waiting.take()
        self._round.clear()
        self._timer.stop()

    def _heard(self, notice: object) -> None:
        """Come in whatever thread made the change."""
        if QThread.currentThread() is self.thread():
            self._hand_out(notice)
        else:
            self._arrived.emit(notice)

    @Slot(object)
    def _gather(self, notice: object) -> None:
        self._waiting.add(notice)
        if not self._timer.isActive():
            self._timer.start(0)

    @Slot()
    def _hand_out_next(self) -> None:
        """Tell one notice; the next in a further turn of the event loop, those that come meanwhile after a while."""
        if not self._round:
            self._round = self._waiting.take()
        if self._round:
            notice = self._round.pop(0)
            self._timer.start(0 if self._round else GATHER_MS)
            self._hand_out(notice)

    def _hand_out(self, notice: object) -> None:
        for callback in tuple(self._callbacks.get(type(notice), ())):
            callback(notice)
