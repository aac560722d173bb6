"""Opening hours as text. Nothing is worked out here: what a source says is shown, what it leaves open is said to be open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from desktop_app.core.translation import tr
from desktop_app.directory.records import HoursRow

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?")
_EVERY_WEEK = ("", "1")


def _day_names() -> tuple[str, ...]:
    return (tr("Mo"), tr("Di"), tr("Mi"), tr("Do"), tr("Fr"), tr("Sa"), tr("So"))


def unknown_hours() -> HoursRow:
    """Return the row for hours that nobody has told."""
    return HoursRow(days="", times=tr("nach Vereinbarung / bitte erfragen"))


def hours_rows(schedules: Iterable[Mapping[str, Any]], today: date) -> tuple[HoursRow, ...]:
    """Return a line per schedule that is not over before `today`, without doubles, in the order of the week."""
    rows: list[tuple[int, HoursRow]] = []
    for schedule in schedules:
        if _is_over(schedule, today):
            continue
        row = HoursRow(days=_days(schedule), times=_times(schedule), note=_note(schedule))
        if row != HoursRow("", "", "") and row not in (known for _, known in rows):
            rows.append((_position(schedule), row))
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))


def _is_over(schedule: Mapping[str, Any], today: date) -> bool:
    for column in ("valid_to", "until"):
        try:
            if date.fromisoformat((schedule.get(column) or "")[:10]) < today:
                return True
        except ValueError:
            continue
    return False


def _named_days(schedule: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return (which of the month, weekday from 0) as `byday` names them; nothing if a part is not understood."""
    found = []
    for part in (schedule.get("byday") or "").upper().replace(" ", "").split(","):
        match = _DAY.fullmatch(part)
        if match is None:
            return []
        found.append((match.group(1) or "", _DAYS.index(match.group(2))))
    return found


def _position(schedule: Mapping[str, Any]) -> int:
    days = _named_days(schedule)
    return min((day for _, day in days), default=len(_DAYS))


def _days(schedule: Mapping[str, Any]) -> str:
    days = _named_days(schedule)
    names = _day_names()
    if not days:
        # Not understood: better shown as it is than left out.
        return schedule.get("byday") or _rule_without_days(schedule)
    if any(which for which, _ in days):
        return ", ".join(_which_day(which, names[day]) for which, day in days) + " " + tr("im Monat")
    return _ranges(sorted({day for _, day in days}), names) + _rhythm(schedule)


def _which_day(which: str, name: str) -> str:
    if which == "-1":
        return tr("letzter {day}", day=name)
    return tr("{number}. {day}", number=which.lstrip("+"), day=name) if which else name


def _ranges(days: list[int], names: tuple[str, ...]) -> str:
    """Return „Mo–Mi, Fr“ for sorted weekdays."""
    parts: list[str] = []
    start = previous = days[0]
    for day in [*days[1:], 99]:
        if day == previous + 1:
            previous = day
            continue
        if previous >= start + 2:
            parts.append(f"{names[start]}–{names[previous]}")
        else:
            parts.extend(names[single] for single in range(start, previous + 1))
        start = previous = day
    return ", ".join(parts)


def _rhythm(schedule: Mapping[str, Any]) -> str:
    interval = schedule.get("interval") or ""
    if interval in _EVERY_WEEK or (schedule.get("freq") or "WEEKLY") != "WEEKLY":
        return ""
    return " " + tr("(alle {count} Wochen)", count=interval)


def _rule_without_days(schedule: Mapping[str, Any]) -> str:
    if schedule.get("bymonthday"):
        return tr("am {days}. des Monats", days=schedule["bymonthday"])
    return ""


def _clock(value: str | None) -> str:
    match = _CLOCK.match(value or "")
    # A time that is none is shown as it stands.
    return f"{int(match.group(1))}:{match.group(2)}" if match else (value or "")


def _times(schedule: Mapping[str, Any]) -> str:
    opens, closes = _clock(schedule.get("opens_at")), _clock(schedule.get("closes_at"))
    if opens and closes:
        return f"{opens}–{closes}"
    if opens:
        return tr("ab {time}", time=opens)
    if closes:
        return tr("bis {time}", time=closes)
    return ""


def _note(schedule: Mapping[str, Any]) -> str:
    parts = [schedule.get(column) or "" for column in ("description", "notes", "attending_type")]
    begins, ends = schedule.get("valid_from") or "", schedule.get("valid_to") or ""
    if begins or ends:
        parts.append(tr("gilt {period}", period=_period(begins, ends)))
    return "; ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _period(begins: str, ends: str) -> str:
    if begins and ends:
        return tr("von {begin} bis {end}", begin=_german_date(begins), end=_german_date(ends))
    return tr("ab {begin}", begin=_german_date(begins)) if begins else tr("bis {end}", end=_german_date(ends))


def _german_date(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).strftime("%d.%m.%Y")
    except ValueError:
        return text
