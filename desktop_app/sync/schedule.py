"""When rounds run by themselves: soon after a change, else now and then, less often while the hub is out of reach."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from desktop_app.core.errors import LockedData, QuartierslotseError
from desktop_app.core.progress import Cancelled
from desktop_app.core.tracebacks import traceback_without_values
from desktop_app.sync.hub_problems import HubProblem
from desktop_app.sync.records import SyncChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.actor import Actor
    from desktop_app.storage.store import Store
    from desktop_app.sync.engine import SyncEngine

AFTER_CHANGE_SECONDS = 5.0
BETWEEN_SECONDS = 120.0
LONGEST_SECONDS = 900.0
NEEDS_PERSON_SECONDS = 1800.0
WAITING_SECONDS = 5.0  # while a desk waits to be let in
_JITTER = 0.2
_END_SECONDS = 2.0
_logger = logging.getLogger("quartierslotse.sync")


def delay_after(failures: int, problem: HubProblem | None, *, is_waiting: bool, chance: float) -> float:
    """Return how long to wait, in seconds; `chance` from 0 to 1 spreads the desks of a city."""
    if problem is None:
        pause = WAITING_SECONDS if is_waiting else BETWEEN_SECONDS
    elif problem.needs_person:
        pause = NEEDS_PERSON_SECONDS
    else:
        pause = min(AFTER_CHANGE_SECONDS * 2.0**failures, LONGEST_SECONDS)
        # The hub knows best; a little more, so that not all come back at once.
        pause = max(pause, problem.retry_after or 0.0)
        return pause * (1 + _JITTER * chance)
    return pause * (1 - _JITTER + 2 * _JITTER * chance)


class _Stopping:
    """Ends a round when the schedule is to end."""

    def __init__(self, is_ended: Callable[[], bool]) -> None:
        self._is_ended = is_ended

    def step(self, done: int, total: int, text: str) -> None:  # noqa: ARG002
        """Go on, or not."""
        if self._is_ended():
            raise Cancelled


class SyncSchedule:
    """A thread that runs rounds; `wake_on` are notices after which one follows soon."""

    def __init__(
        self,
        store: Store,
        engine: SyncEngine,
        actor: Actor,
        wake_on: Sequence[type[Any]],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Prepare; nothing runs before `start`."""
        self._store = store
        self._engine = engine
        self._actor = actor
        self._wake_on = tuple(wake_on)
        self._monotonic = monotonic
        self._chance = chance
        self._changed = threading.Condition()
        self._due = 0.0
        self._is_ended = False
        self._failures = 0
        self._thread: threading.Thread | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    def start(self) -> None:
        """Run rounds from now on; the first one soon."""
        if self._thread is not None:
            return
        self._unsubscribe = [self._store.notices.subscribe(notice, self._wake) for notice in self._wake_on]
        self._plan(0.0)
        self._thread = threading.Thread(target=self._work, name="sync", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; a round that runs is broken off at its next step. Waits at most a moment."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []
        with self._changed:
            self._is_ended = True
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_END_SECONDS)

    def wake(self) -> None:
        """Run a round at once."""
        with self._changed:
            self._due = self._monotonic()
            self._changed.notify_all()

    def run_once(self) -> float:
        """Do what is due now; return how long to wait then, in seconds."""
        connection = self._engine.connection
        if connection is None:
            return LONGEST_SECONDS
        if connection.is_paused:
            return BETWEEN_SECONDS
        problem: HubProblem | None = None
        try:
            self._engine.run(self._actor, _Stopping(lambda: self._is_ended))
            self._failures = 0
        except HubProblem as found:
            problem = found
            self._failures += 1
        connection = self._engine.connection
        is_waiting = connection is not None and connection.state == "waiting"
        return delay_after(self._failures, problem, is_waiting=is_waiting, chance=self._chance())

    # ------------------------------------------------------------------------------------------------

    def _wake(self, _notice: object) -> None:
        """Something was saved: a round soon, but not for every key somebody presses."""
        if threading.current_thread() is self._thread:
            return  # that was us
        soon = self._monotonic() + AFTER_CHANGE_SECONDS
        with self._changed:
            # While the hub is out of reach a saved contact does not make it come back sooner.
            if self._failures == 0 and soon < self._due:
                self._due = soon
                self._changed.notify_all()

    def _plan(self, pause: float) -> None:
        with self._changed:
            self._due = self._monotonic() + pause
        self._engine.next_try = self._store.clock.now() + timedelta(seconds=pause)
        self._store.notices.publish(SyncChanged())

    def _work(self) -> None:
        try:
            while self._wait():
                try:
                    self._plan(self.run_once())
                except (Cancelled, LockedData):
                    return
                except QuartierslotseError:
                    self._failures += 1
                    self._plan(LONGEST_SECONDS)
                except Exception as error:  # noqa: BLE001 - the thread has to live on
                    # Not `exception`: the text of an error may quote what somebody typed.
                    _logger.error("a round failed\n%s", traceback_without_values(error))  # noqa: TRY400
                    self._failures += 1
                    self._plan(LONGEST_SECONDS)
        finally:
            self._store.end_thread()

    def _wait(self) -> bool:
        """Wait until a round is due; False when it is the end."""
        with self._changed:
            while not self._is_ended:
                left = self._due - self._monotonic()
                if left <= 0:
                    return True
                self._changed.wait(left)
            return False
