"""Waiting after wrong passwords: growing, kept in the data folder, and not shortened by setting the clock.

It slows down somebody who sits at this computer. Whoever has a copy of the files is slowed down by Argon2id alone.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop_app.core.clock import Clock
from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr, tr_count

_FREE_ATTEMPTS = 4
_FIRST_WAIT = 5.0
_LONGEST_WAIT = 15 * 60.0
_MINUTE = 60
_logger = logging.getLogger("quartierslotse.security")


class TooManyAttempts(UserError):
    """Wrong too often; `seconds` says how long to wait."""

    def __init__(self, seconds: float) -> None:
        """Say how long to wait, in whole seconds or minutes."""
        self.seconds = seconds
        whole = max(1, int(seconds + 0.999))
        if whole < _MINUTE:
            wait = tr_count("1 Sekunde", "{count} Sekunden", whole)
        else:
            wait = tr_count("1 Minute", "{count} Minuten", -(-whole // _MINUTE))
        super().__init__(
            tr("Das war zu oft falsch. Bitte warten Sie {wait} und versuchen Sie es dann noch einmal.", wait=wait)
        )


def wait_after(failures: int) -> float:
    """Return how many seconds to wait after so many wrong attempts in a row."""
    over = failures - _FREE_ATTEMPTS
    return 0.0 if over <= 0 else min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(over - 1, 10))


@dataclass(frozen=True, slots=True)
class _Record:
    """Wrong attempts in a row, and when the last one was: by the clock and since the computer was started.

    `unreported` counts those that are not in the audit log yet: that can be written only when the database is open.
    """

    failures: int
    wall: float
    monotonic: float
    unreported: int


class Attempts:
    """Counts wrong attempts per account in a small file without secrets."""

    def __init__(self, path: Path, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Keep the counts in `path`; `monotonic` goes on whatever the clock is set to."""
        self._path = path
        self._clock = clock
        self._monotonic = monotonic

    def begin(self, name: str) -> None:
        """Count an attempt before it is made, so that ending the program in the middle gains nothing.

        Raises:
            TooManyAttempts: it is too early for the next one.
        """
        records = self._read()
        record = records.get(name)
        if record is not None:
            left = self._left(record)
            if left > 0:
                raise TooManyAttempts(left)
        failures, unreported = (record.failures + 1, record.unreported + 1) if record else (1, 1)
        records[name] = _Record(failures, self._clock.now().timestamp(), self._monotonic(), unreported)
        self._write(records)

    def succeed(self, name: str) -> None:
        """Forget the wrong attempts: this one was right."""
        records = self._read()
        record = records.pop(name, None)
        if record is None:
            return
        if record.unreported > 1:
            records[name] = replace(record, failures=0, unreported=record.unreported - 1)
        self._write(records)

    def unreported(self, name: str) -> int:
        """Return how many wrong attempts the audit log does not know yet."""
        record = self._read().get(name)
        return record.unreported if record else 0

    def reported(self, name: str) -> None:
        """Note that the audit log knows them now."""
        records = self._read()
        record = records.pop(name, None)
        if record is None or not record.unreported:
            return
        if record.failures:
            records[name] = replace(record, unreported=0)
        self._write(records)

    def _left(self, record: _Record) -> float:
        wait = wait_after(record.failures)
        by_clock = self._clock.now().timestamp() - record.wall
        running = self._monotonic() - record.monotonic
        # A clock that was put forward must not shorten the wait, one put back must not make it endless.
        # After a restart of the computer only the clock is left.
        elapsed = by_clock if running < 0 else (running if by_clock < 0 else min(by_clock, running))
        return min(wait, wait - elapsed)

    def _read(self) -> dict[str, _Record]:
        try:
            content: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
            return {
                name: _Record(
                    int(row["failures"]), float(row["wall"]), float(row["monotonic"]), int(row.get("unreported", 0))
                )
                for name, row in content.items()
            }
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            _logger.warning("the count of wrong passwords could not be read; it begins anew")
            return {}

    def _write(self, records: dict[str, _Record]) -> None:
        rows = {
            name: {
                "failures": record.failures,
                "wall": record.wall,
                "monotonic": record.monotonic,
                "unreported": record.unreported,
            }
            for name, record in records.items()
        }
        unfinished = self._path.with_name(self._path.name + ".neu")
        try:
            if not rows:
                self._path.unlink(missing_ok=True)
                return
            unfinished.write_text(json.dumps(rows), encoding="utf-8")
            unfinished.replace(self._path)
        except OSError:
            # A folder that can't be written says so where it matters: signing in has to go on being possible.
            _logger.warning("the count of wrong passwords could not be written")
