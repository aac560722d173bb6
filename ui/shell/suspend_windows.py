"""Windows: power and session messages, which the system sends to every top-level window."""

from __future__ import annotations

import ctypes
import ctypes.wintypes
import sys
from collections.abc import Callable

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QWidget

WM_POWERBROADCAST = 0x0218
PBT_APMSUSPEND, PBT_APMRESUMEAUTOMATIC = 0x0004, 0x0012
WM_WTSSESSION_CHANGE = 0x02B1
WTS_SESSION_LOCK = 0x7
_NOTIFY_FOR_THIS_SESSION = 0


def means_lock(message: int, wish: int) -> bool:
    """Whether a window message with its ``wParam`` says that the computer sleeps, slept, or that its session is locked."""
    if message == WM_POWERBROADCAST:
        return wish in {PBT_APMSUSPEND, PBT_APMRESUMEAUTOMATIC}
    return message == WM_WTSSESSION_CHANGE and wish == WTS_SESSION_LOCK


class WindowsSuspendWatch(QWidget):
    """A window that is never shown: it hears what the system tells all windows, and nothing else slows down for it."""

    def __init__(self, lock: Callable[[], None]) -> None:
        super().__init__()
        self._lock = lock
        handle = int(self.winId())  # without a handle it is no window for the system
        if sys.platform == "win32":
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(
                ctypes.wintypes.HWND(handle), ctypes.wintypes.DWORD(_NOTIFY_FOR_THIS_SESSION)
            )

    def nativeEvent(self, eventType: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        if eventType == b"windows_generic_MSG":
            told = ctypes.wintypes.MSG.from_address(int(message))
            if means_lock(told.message, told.wParam):
                self._lock()
        return False, 0  # the system and Qt go on with it

    def end(self) -> None:
        """Hear nothing any more."""
        if sys.platform == "win32":
            ctypes.windll.wtsapi32.WTSUnRegisterSessionNotification(ctypes.wintypes.HWND(int(self.winId())))
        self.deleteLater()
