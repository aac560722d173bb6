"""Whether the clock of this computer can be right: it never runs back behind what was recorded or behind the program.

An empty battery sets a computer to 1970 or to the day it was built. Contacts recorded then would stand at days that
never were, and statistics would be silently wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

BUILT_ON: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""The program can't run before this; moved with every release."""
_TOLERANCE: Final = timedelta(hours=6)
_LONGEST_LIFE: Final = timedelta(days=3653)


class ClockState(Enum):
    """What can be said about the clock."""

    PLAUSIBLE = "plausible"
    BEFORE_RECORDS = "before_records"
    BEFORE_PROGRAM = "before_program"
    FAR_AHEAD = "far_ahead"


@dataclass(frozen=True, slots=True)
class ClockVerdict:
    """The state, the moment the clock shows and the latest moment that is known to have been."""

    state: ClockState
    now: datetime
    known_past: datetime

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody should look at the clock."""
        return self.state is not ClockState.PLAUSIBLE


def judge_clock(now: datetime, newest_record: datetime | None, built_on: datetime = BUILT_ON) -> ClockVerdict:
    """Judge a moment by the newest record (None when there is none) and by the day the program was built."""
    if newest_record is not None and now < newest_record - _TOLERANCE:
        return ClockVerdict(ClockState.BEFORE_RECORDS, now, newest_record)
    if now < built_on - timedelta(days=1):
        return ClockVerdict(ClockState.BEFORE_PROGRAM, now, built_on)
    if now > built_on + _LONGEST_LIFE:
        return ClockVerdict(ClockState.FAR_AHEAD, now, max(built_on, newest_record or built_on))
    return ClockVerdict(ClockState.PLAUSIBLE, now, newest_record or built_on)
