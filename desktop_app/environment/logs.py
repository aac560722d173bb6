"""Log files: what happened, never with whom or about what."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler

from desktop_app.environment.folders import DataFolder

_LARGEST = 1_000_000
_KEPT = 3


class _LogFile(RotatingFileHandler):
    """A log that may stay unwritten: on a read-only or full drive the work goes on, and nothing is printed over it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Say nothing when the drive refuses; anything else is a mistake of ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def start_logging(folder: DataFolder, *, level: int = logging.INFO) -> logging.Handler | None:
    """Write the program's own log to the data folder; return the handler, or None when the folder refuses.

    Peewee logs bound values and `rekey` even the key at DEBUG: its logger stays above that whatever `level` says.
    """
    logging.getLogger("peewee").setLevel(logging.WARNING)
    try:
        folder.logs.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(
            folder.logs / "quartierslotse.log", maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", delay=True
        )
    except OSError:
        # Without a log the front desk can still work.
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger("quartierslotse")
    root.setLevel(level)
    root.addHandler(handler)
    return handler
