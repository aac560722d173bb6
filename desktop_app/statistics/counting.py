"""Counting one month in the database.

SQLite groups by sorting, which is dear for many questions over the same rows. So the contacts of a day are read once,
every answer with its own filtered count (rows come in the order of the index, nothing is sorted), and only needs and
referrals are grouped. Day by day, because a day's pages stay decrypted in the cache from one statement to the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from desktop_app.core.months import Month
from desktop_app.storage.store import Store

_CONTACTS_OF_DAY = """
SELECT local_hour, count(*){counts} FROM contact WHERE local_date = ? AND withdrawn = 0 GROUP BY local_hour
"""
_ONE_COUNT = ", count(*) FILTER (WHERE {column} = ?)"
_OTHER_ANSWERS = """
SELECT {column}, count(*) FROM contact WHERE local_date BETWEEN ? AND ? AND withdrawn = 0 GROUP BY {column}
"""
_NEEDS_OF_DAY = """
SELECT need.topic_id, need.result, need.unmet_reason, count(*)
FROM contact JOIN need ON need.contact_id = contact.id
WHERE contact.local_date = ? AND contact.withdrawn = 0
GROUP BY 1, 2, 3
"""
_REFERRALS_OF_DAY = """
SELECT referral.service_id, referral.mode, referral.state, count(*)
FROM contact JOIN referral ON referral.contact_id = contact.id
WHERE contact.local_date = ? AND contact.withdrawn = 0
GROUP BY 1, 2, 3
"""
_TALLY_OF_DAY = "SELECT kind, count(*) FROM tally_mark WHERE local_date = ? AND withdrawn = 0 GROUP BY kind"


@dataclass
class MonthCounts:
    """What was counted, by stored codes."""

    contacts: int = 0
    days: int = 0
    hours: Counter[tuple[int, int]] = field(default_factory=Counter)
    """By weekday (Monday is 0) and hour of the day."""
    answers: dict[str, Counter[str]] = field(default_factory=dict)
    """By column of the contact, then by code."""
    needs: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)
    """By topic id, result and reason."""
    referrals: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By service id, mode and state."""
    tally: Counter[str] = field(default_factory=Counter)


def count_day(store: Store, day: date, codes: Mapping[str, Sequence[str]], counts: MonthCounts) -> None:
    """Add one day to `counts`; `codes` are the known answers by column of the contact."""
    text = day.isoformat()
    columns = [(column, code) for column, known in codes.items() for code in known]
    sql = _CONTACTS_OF_DAY.format(counts="".join(_ONE_COUNT.format(column=column) for column, _ in columns))
    contacts = 0
    for hour, number, *numbers in store.sql(sql, (*(code for _, code in columns), text)):
        contacts += number
        counts.hours[day.weekday(), hour] += number
        for (column, code), count in zip(columns, numbers, strict=True):
            counts.answers.setdefault(column, Counter())[code] += count
    for *key, number in store.sql(_NEEDS_OF_DAY, (text,)):
        counts.needs[key[0], key[1], key[2]] += number
    for *key, number in store.sql(_REFERRALS_OF_DAY, (text,)):
        counts.referrals[key[0], key[1], key[2]] += number
    tally = dict(store.sql(_TALLY_OF_DAY, (text,)))
    counts.tally.update(tally)
    counts.contacts += contacts
    counts.days += bool(contacts or tally)


def count_other_answers(store: Store, month: Month, counts: MonthCounts) -> None:
    """Count again, by grouping, every column that holds codes this program does not know (yet)."""
    span = (month.first_day.isoformat(), month.last_day.isoformat())
    for column, known in counts.answers.items():
        if known.total() != counts.contacts:
            counts.answers[column] = Counter(dict(store.sql(_OTHER_ANSWERS.format(column=column), span)))
