"""Linux: what ``systemd-logind`` tells on the system bus about sleep and the lock of the session."""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant

SERVICE = "org.freedesktop.login1"
MANAGER_PATH = "/org/freedesktop/login1"
MANAGER = f"{SERVICE}.Manager"
SESSION = f"{SERVICE}.Session"
PROPERTIES = "org.freedesktop.DBus.Properties"

#: so long the picture of the lock has until the sleep may begin; logind itself waits for 5 s at most
_PICTURE_MS = 100

_log = logging.getLogger("quartierslotse.suspend")
_numbers = itertools.count(1)


class LogindWatch(QObject):
    """Calls ``lock`` before the computer sleeps (which waits for it) and when its session is locked.

    ``address`` names another bus than the system's. Without a bus or without logind nothing is called and nothing fails.
    """

    def __init__(self, lock: Callable[[], None], address: str = "") -> None:
        super().__init__()
        self._lock, self._address = lock, address
        self._bus: QDBusConnection | None = None
        self._calls: dict[QDBusPendingCallWatcher, Callable[[list[Any]], None]] = {}
        #: an open file of logind's: as long as it is open, a sleep waits
        self._brake: object | None = None
        #: whether the lock of this session is heard
        self.knows_session = False
        self._is_hinted = False
        self._heard: list[tuple[str, str, str, str]] = []

    @property
    def holds_sleep_up(self) -> bool:
        """Whether the next sleep waits until we have locked."""
        return self._brake is not None

    def begin(self) -> bool:
        """Listen; ``False`` if there is no bus."""
        if self._address:
            bus = QDBusConnection.connectToBus(self._address, f"quartierslotse-{next(_numbers)}")
        else:
            bus = QDBusConnection.systemBus()
        if not bus.isConnected():
            _log.info("No word from the system before it sleeps: there is no system bus.")
            return False
        self._bus = bus
        self._listen(MANAGER_PATH, MANAGER, "PrepareForSleep", "1prepare_for_sleep(bool)")
        self._take_brake()
        # "auto" is the session of the caller, or the one with its screen.
        self._call("GetSession", [os.environ.get("XDG_SESSION_ID") or "auto"], self._session_found)
        return True

    def end(self) -> None:
        """Hear nothing any more and let the computer sleep when it likes."""
        self._let_sleep()
        self._calls.clear()
        if self._bus is not None:
            # The connection stays open till the program ends: Qt closes it in a thread of its own, and one that closes
            # while a receiver written in Python goes away brings the process down.
            for path, interface, name, slot in self._heard:
                self._bus.disconnect(SERVICE, path, interface, name, self, slot)  # type: ignore[call-overload]
            self._heard.clear()
            self._bus = None

    @Slot(bool)
    def prepare_for_sleep(self, is_near: bool) -> None:
        """The sleep begins when we let go, or is over."""
        if not is_near:
            self._take_brake()
            return
        try:
            self._lock()
        finally:
            QTimer.singleShot(_PICTURE_MS, self, self._let_sleep)

    @Slot()
    def session_locked(self) -> None:
        """``loginctl lock-session`` or a desktop that locks this way."""
        self._lock()

    @Slot(QDBusMessage)
    def session_changed(self, message: QDBusMessage) -> None:
        """Most desktops lock by themselves and leave word with logind that they did; which word it is must be asked."""
        if message.arguments()[:1] == [SESSION] and self._bus is not None:
            asked = QDBusMessage.createMethodCall(SERVICE, message.path(), PROPERTIES, "Get")
            asked.setArguments([SESSION, "LockedHint"])
            self._ask(asked, self._hint_read)

    def _hint_read(self, answer: list[Any]) -> None:
        hint = answer[0].variant() if isinstance(answer[0], QDBusVariant) else answer[0]
        if hint is True and not self._is_hinted:
            self._lock()
        self._is_hinted = hint is True

    def _let_sleep(self) -> None:
        self._brake = None  # Qt closes the file with the last reference to it

    def _listen(self, path: str, interface: str, name: str, slot: str) -> None:
        """``slot`` is text: Qt for Python says bytes in its types and refuses them."""
        if self._bus is not None:
            self._bus.connect(SERVICE, path, interface, name, self, slot)  # type: ignore[call-overload]
            self._heard.append((path, interface, name, slot))

    def _take_brake(self) -> None:
        why = "Lock the open data before the computer sleeps."
        self._call("Inhibit", ["sleep", "Quartierslotse", why, "delay"], self._brake_taken)

    def _brake_taken(self, answer: list[Any]) -> None:
        self._brake = answer[0]

    def _session_found(self, answer: list[Any]) -> None:
        path = answer[0].path() if hasattr(answer[0], "path") else str(answer[0])
        if self._bus is not None:
            self._listen(path, SESSION, "Lock", "1session_locked()")
            self._listen(path, PROPERTIES, "PropertiesChanged", "1session_changed(QDBusMessage)")
            self.knows_session = True

    def _call(self, method: str, arguments: list[Any], answered: Callable[[list[Any]], None]) -> None:
        message = QDBusMessage.createMethodCall(SERVICE, MANAGER_PATH, MANAGER, method)
        message.setArguments(arguments)
        self._ask(message, answered)

    def _ask(self, message: QDBusMessage, answered: Callable[[list[Any]], None]) -> None:
        """Ask logind without waiting; what it refuses is left alone."""
        if self._bus is None:
            return
        watcher = QDBusPendingCallWatcher(self._bus.asyncCall(message), self)
        self._calls[watcher] = answered
        watcher.finished.connect(self._finished)

    @Slot(QDBusPendingCallWatcher)
    def _finished(self, watcher: QDBusPendingCallWatcher) -> None:
        answered = self._calls.pop(watcher, None)
        if answered is not None and self._bus is not None:
            if watcher.isError():
                _log.info("logind refused: %s", watcher.error().name())
            else:
                arguments = watcher.reply().arguments()
                if arguments:
                    answered(arguments)
        watcher.deleteLater()
