"""Change notices: published after a commit, so that whoever hears one can already read the change."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

from desktop_app.core.tracebacks import traceback_without_values

Notice = TypeVar("Notice")
_logger = logging.getLogger("quartierslotse.notices")


class MergeableNotice(ABC):
    """A notice that can say what several of its kind say: a sync of thousands of records is then one notice."""

    __slots__ = ()

    @abstractmethod
    def merged_with(self, other: Any) -> MergeableNotice:
        """Return one notice that says what both say."""


class GatheredNotices:
    """Notices that wait to be told: equal ones once, those that can be merged as one per kind, in the order they came."""

    def __init__(self) -> None:
        """Start empty."""
        self._waiting: dict[object, object] = {}

    def __bool__(self) -> bool:
        """Whether any waits."""
        return bool(self._waiting)

    def add(self, notice: object) -> None:
        """Put one to the others."""
        if isinstance(notice, MergeableNotice):
            former = self._waiting.get(type(notice))
            self._waiting[type(notice)] = notice if former is None else notice.merged_with(former)
        else:
            self._waiting[notice] = notice

    def take(self) -> list[object]:
        """Return all and wait for none."""
        taken = list(self._waiting.values())
        self._waiting.clear()
        return taken


class NoticeBoard:
    """Hands typed notices to those who asked for that type, in the publishing thread."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._listeners: dict[type[Any], list[Callable[[Any], None]]] = {}
        self._lock = threading.Lock()

    def subscribe(self, notice_type: type[Notice], callback: Callable[[Notice], None]) -> Callable[[], None]:
        """Call `callback` with every later notice of exactly this type; return what ends that."""
        with self._lock:
            self._listeners.setdefault(notice_type, []).append(callback)

        def unsubscribe() -> None:
            with self._lock:
                listeners = self._listeners.get(notice_type, [])
                if callback in listeners:
                    listeners.remove(callback)

        return unsubscribe

    def publish(self, notice: object) -> None:
        """Hand out a notice. A listener that fails does not keep it from the others."""
        with self._lock:
            listeners = tuple(self._listeners.get(type(notice), ()))
        for listener in listeners:
            try:
                listener(notice)
            except Exception as error:  # noqa: BLE001 - the change is committed: a failing screen is no failed save
                # Not `exception`: the text of an error may quote what somebody typed.
                failure = traceback_without_values(error)
                _logger.error("a listener failed on %s\n%s", type(notice).__name__, failure)  # noqa: TRY400
