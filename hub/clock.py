"""Time of the hub. Handed in everywhere, so that tests can turn it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]


def system_now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


def moment_text(moment: datetime) -> str:
    """Write a moment as the tables have it: it sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_text(moment: datetime) -> str:
    """Write the day only; hours of people's work are nobody's business."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d")


def days_before(moment: datetime, days: int) -> str:
    """Return the day that lies so many days back."""
    return day_text(moment - timedelta(days=days))


def readable_day(text: str | None) -> str:
    """Return a day, or the day of a moment, as an operator reads it; a dash where there is none."""
    return f"{datetime.fromisoformat(text):%d.%m.%Y}" if text else "–"


def readable(moment: str) -> str:
    """Return the text of a moment as an operator reads it."""
    return datetime.fromisoformat(moment).strftime("%d.%m.%Y, %H:%M Uhr (UTC)")
