"""Which backups stay, when one is due, and when to warn. Days are the office's."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime, timedelta

from desktop_app.core.clock import office_zone

DAYS = 7
WEEKS = 4
MONTHS = 12
LONGEST_DAYS = 366
WARN_AFTER = timedelta(days=3)
DRILL_EVERY = timedelta(days=31)
_ALL_OF_DAYS = 2


def office_day(moment: datetime) -> date:
    """Return the office's day of an aware moment."""
    return moment.astimezone(office_zone()).date()


def kept(moments: Sequence[datetime], today: date, *, keep_newest: bool = True) -> set[datetime]:
    """Return those of `moments` whose backups stay.

    All of today and yesterday, then the newest of each of 7 days, 4 weeks and 12 months. The newest of all
    always stays, unless a newer one lies elsewhere (`keep_newest`); any other is gone after 366 days at the latest, so
    that erased data ages out of the backups.
    """
    newest_first = sorted(moments, reverse=True)
    stay = set(newest_first[:1] if keep_newest else ())
    stay |= {moment for moment in newest_first if _age(moment, today) < _ALL_OF_DAYS}
    periods: tuple[tuple[int, Callable[[date], Hashable]], ...] = (
        (DAYS, lambda day: day),
        (WEEKS * 7, lambda day: day.isocalendar()[:2]),
        (LONGEST_DAYS, lambda day: (day.year, day.month)),
    )
    for longest, period in periods:
        seen: set[Hashable] = set()
        for moment in newest_first:
            key = period(office_day(moment))
            if _age(moment, today) < longest and key not in seen and len(seen) < _most(longest):
                seen.add(key)
                stay.add(moment)
    return stay


def is_due_today(last_good: datetime | None, today: date) -> bool:
    """Tell whether today's backup is still to be made. A day in the future (wrong clock) does not count as made."""
    return last_good is None or office_day(last_good) != today


def is_overdue(last_good: datetime | None, first_use: datetime | None, now: datetime) -> bool:
    """Tell whether the last good backup is so old that people must be told; a new installation has as long to begin."""
    since = last_good or first_use
    return since is not None and now - since > WARN_AFTER


def is_drill_due(last_drill: datetime | None, first_use: datetime | None, now: datetime) -> bool:
    """Tell whether the monthly drill is to be done."""
    since = last_drill or first_use
    return since is not None and now - since > DRILL_EVERY


def _age(moment: datetime, today: date) -> int:
    return (today - office_day(moment)).days


def _most(longest: int) -> int:
    return MONTHS if longest == LONGEST_DAYS else longest
