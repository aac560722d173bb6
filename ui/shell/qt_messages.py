"""Qt's own messages, brought into the program's log."""

from __future__ import annotations

import atexit
import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger("quartierslotse.qt")

#: The platform without a screen says this of every window; it means nothing there.
_EMPTY_TALK = "This plugin does not support propagateSizeHints()"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_qt_messages() -> None:
    """Hand Qt's messages to the logger ``quartierslotse.qt`` from now until Python ends."""
    qInstallMessageHandler(_to_log)
    atexit.register(qInstallMessageHandler, None)


def _to_log(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if message != _EMPTY_TALK:
        _log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
