"""The log of the hub: one JSON line an event, routes and numbers, never a name, a token, an id or a record."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import IO

LOGGER = "quartierslotse.hub"
_logger = logging.getLogger(LOGGER)


class JsonLines(logging.Formatter):
    """Writes a record and the `facts` it was logged with."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        return json.dumps(line, ensure_ascii=False)


def start_logging(stream: IO[str] | None = None) -> logging.Handler:
    """Write the log to `stream` (standard error); return the handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger(LOGGER)
    root.setLevel(logging.INFO)
    root.propagate = False
    root.addHandler(handler)
    return handler


def log_request(method: str, route: str, status: int, milliseconds: float, received: int, sent: int) -> None:
    """Log an answered request by the pattern of its route: the path itself would name an office."""
    facts = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(milliseconds, 1),
        "received": received,
        "sent": sent,
    }
    _logger.info("request", extra={"facts": facts})


def log_event(event: str, **facts: str | int) -> None:
    """Log something else, with facts that are nobody's."""
    _logger.info(event, extra={"facts": facts})


def log_fault(route: str, error: BaseException) -> None:
    """Log a fault of ours by its kind and its places; its text could quote a record."""
    places = [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    facts = {"route": route, "kind": type(error).__name__, "places": places[-12:]}
    _logger.error("fault", extra={"facts": facts})
