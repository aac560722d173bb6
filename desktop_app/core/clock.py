"""Time is handed in, never fetched, so that tests decide what time it is.

Stored moments are text in UTC (`2026-11-22T08:40:58.123Z`): they sort as text and read the same on
every machine. Days are local days of the office (`2026-11-22`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

OFFICE_ZONE_NAME = "Europe/Berlin"


class Clock(Protocol):
    """Tells the current moment and the office's current day."""

    def now(self) -> datetime:
        """Return the current moment, aware, in UTC."""
        ...

    def local_now(self) -> datetime:
        """Return the current moment, aware, in the office's zone."""
        ...

    def today(self) -> date:
        """Return the current day in the office's zone."""
        ...


def office_zone() -> tzinfo:
    """Return the zone of the office: German law and German opening hours."""
    return ZoneInfo(OFFICE_ZONE_NAME)


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """Return the current moment, aware, in UTC."""
        return datetime.now(UTC)

    def local_now(self) -> datetime:
        """Return the current moment, aware, in the office's zone."""
        return self.now().astimezone(office_zone())

    def today(self) -> date:
        """Return the current day in the office's zone."""
        return self.local_now().date()


class CorrectedClock:
    """A clock that can be put right for this run when the computer's is wrong.

    Once put right it counts on by itself, so that the computer's clock may jump later without moving our days.
    """

    def __init__(self, clock: Clock, elapsed_seconds: Callable[[], float] = monotonic) -> None:
        """Follow `clock` until somebody puts it right; `elapsed_seconds` counts on from then."""
        self._clock = clock
        self._elapsed_seconds = elapsed_seconds
        self._right: tuple[datetime, float] | None = None

    @property
    def is_corrected(self) -> bool:
        """Whether somebody has put it right."""
        return self._right is not None

    def put_right(self, moment: datetime) -> None:
        """Go on from `moment`, which must be aware."""
        if moment.tzinfo is None:
            raise ValueError("a clock needs an aware moment")
        self._right = (moment.astimezone(UTC), self._elapsed_seconds())

    def now(self) -> datetime:
        """Return the current moment, aware, in UTC."""
        if self._right is None:
            return self._clock.now()
        moment, since = self._right
        return moment + timedelta(seconds=self._elapsed_seconds() - since)

    def local_now(self) -> datetime:
        """Return the current moment, aware, in the office's zone."""
        return self.now().astimezone(office_zone())

    def today(self) -> date:
        """Return the current day in the office's zone."""
        return self.local_now().date()


class FixedClock:
    """A clock that stands still until it is moved; for tests, the demo and generated data."""

    def __init__(self, moment: datetime) -> None:
        """Start at `moment`, which must be aware."""
        if moment.tzinfo is None:
            raise ValueError("a clock needs an aware moment")
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment the clock stands at, in UTC."""
        return self._moment

    def local_now(self) -> datetime:
        """Return the moment the clock stands at, in the office's zone."""
        return self._moment.astimezone(office_zone())

    def today(self) -> date:
        """Return the day the clock stands at, in the office's zone."""
        return self.local_now().date()

    def advance(self, by: timedelta) -> None:
        """Move the clock by `by` (backwards when negative)."""
        self._moment += by

    def set(self, moment: datetime) -> None:
        """Move the clock to `moment`, which must be aware."""
        self._moment = moment.astimezone(UTC)


def to_text(moment: datetime) -> str:
    """Return an aware moment as stored text, milliseconds, UTC, ending in `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Return the aware moment of a stored text.

    Raises:
        ValueError: the text is not an ISO 8601 moment.
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
