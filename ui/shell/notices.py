"""Change notices of the program, brought into the GUI thread.

::

    context.notices.listen(ContactsChanged, self._presenter.contacts_changed, owner=self)

The callback comes in the GUI thread, whatever thread made the change, and ends with ``owner``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.notices import NoticeBoard

Notice = TypeVar("Notice")


class NoticeBridge(QObject):
    """Listens on the board once per type and hands notices on in the GUI thread."""

    _arrived = Signal(object)

    def __init__(self, board: NoticeBoard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._callbacks: dict[type, list[Callable[[object], None]]] = {}
        self._unsubscribe: list[Callable[[], None]] = []
        self._arrived.connect(self._hand_out)

    def listen(self, notice_type: type[Notice], callback: Callable[[Notice], None], *, owner: QObject) -> None:
        """Call ``callback`` with every later notice of this type as long as ``owner`` lives."""
        if notice_type not in self._callbacks:
            self._callbacks[notice_type] = []
            self._unsubscribe.append(self._board.subscribe(notice_type, self._arrived.emit))
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

    @Slot(object)
    def _hand_out(self, notice: object) -> None:
        for callback in tuple(self._callbacks.get(type(notice), ())):
            callback(notice)
