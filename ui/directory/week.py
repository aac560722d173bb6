"""Opening hours as a week: what can be placed on a weekday goes there, everything else stays a sentence.

Nothing is worked out: a line that is not understood is shown as the source has it, never dropped, and a day nobody
mentions is not called closed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.core.translation import tr
from desktop_app.directory.records import HoursRow

_SHORTEST_DAY = 2
_RANGE = re.compile(r"\s*([^\W\d_]+)\.?\s*(?:[-–]\s*([^\W\d_]+)\.?\s*)?")


@dataclass(frozen=True, slots=True)
class DayHours:
    """One weekday with its openings, in the order of the source."""

    name: str
    times: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Seven days (empty if no line names one) and the sentences that belong to no single day."""

    days: tuple[DayHours, ...] = ()
    sentences: tuple[str, ...] = ()


def day_names() -> tuple[str, ...]:
    """The weekdays in full, Monday first."""
    return (
        *(tr("Montag"), tr("Dienstag"), tr("Mittwoch"), tr("Donnerstag")),
        *(tr("Freitag"), tr("Samstag"), tr("Sonntag")),
    )


def week_hours(rows: Sequence[HoursRow]) -> WeekHours:
    """Spread the lines over the week."""
    times: dict[int, list[str]] = {}
    remarks: dict[int, list[str]] = {}
    sentences: list[str] = []
    for row in rows:
        days = _days(row.days)
        if not days or not row.times:
            sentences.append(_sentence(row))
            continue
        for day in days:
            if row.times not in times.setdefault(day, []):
                times[day].append(row.times)
            if row.note and row.note not in remarks.setdefault(day, []):
                remarks[day].append(row.note)
    if not times:
        return WeekHours(sentences=tuple(dict.fromkeys(filter(None, sentences))))
    return WeekHours(
        tuple(
            DayHours(name, tuple(times.get(day, ())), "; ".join(remarks.get(day, ())))
            for day, name in enumerate(day_names())
        ),
        tuple(dict.fromkeys(filter(None, sentences))),
    )


def _days(text: str) -> list[int]:
    """The weekdays from 0 that „Mo–Mi, Fr“ names; nothing if any part says more than that."""
    found: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            return []
        first = _number(match.group(1))
        last = _number(match.group(2)) if match.group(2) else first
        if first is None or last is None or last < first:
            return []
        found.extend(range(first, last + 1))
    return list(dict.fromkeys(found))


def _number(word: str) -> int | None:
    for number, name in enumerate(day_names()):
        if len(word) >= _SHORTEST_DAY and name.casefold().startswith(word.casefold()):
            return number
    return None


def _sentence(row: HoursRow) -> str:
    text = " ".join(part for part in (row.days, row.times) if part)
    if row.note:
        text = tr("{text} ({note})", text=text, note=row.note) if text else row.note
    return text
