"""The shape of what an office will tell the coordination about a month, in the space `statistics`. Nothing is sent yet.

One record per office, month and preset, under an id made from the three, so that sending again overwrites. Only closed months
whose small numbers are suppressed may ever take this shape; what does both is not built, and no part of a round calls this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop_app.sync.protocol import ID_PATTERN

COLLECTION = "month"
VERSION = 1
_CODE = re.compile(r"[a-z0-9_-]{1,40}")
_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
_LARGEST = 10**9

#: question to answer to count; None: suppressed, which is not zero
Counts = Mapping[str, Mapping[str, int | None]]


@dataclass(frozen=True, slots=True)
class MonthRecord:
    """A closed month of one office. `month` is "2026-11"; `preset` names columns, age bands and suppression."""

    office_id: str
    month: str
    preset: str
    closed_on: date
    counts: Counts

    def __post_init__(self) -> None:
        """Refuse what could not be sent.

        Raises:
            ValueError: a part is not of the shape.
        """
        if not (_MONTH.fullmatch(self.month) and _CODE.fullmatch(self.preset)):
            raise ValueError("no month, or no preset")
        if not re.fullmatch(ID_PATTERN, self.record_id):
            raise ValueError("the office's id can't be part of a record's id")
        for question, answers in self.counts.items():
            if not _CODE.fullmatch(question) or not all(map(_CODE.fullmatch, answers)):
                raise ValueError("a question or an answer is no code")
            if not all(count is None or (type(count) is int and 0 <= count <= _LARGEST) for count in answers.values()):
                raise ValueError("a count is no count")

    @property
    def record_id(self) -> str:
        """The id on the hub; its beginning is what gives the office, and nobody else, the right to write it."""
        return f"{self.office_id}:{self.month}:{self.preset}"


def month_text(record: MonthRecord) -> str:
    """Return a month as `data` of its record: the same text for the same month."""
    document = {
        "v": VERSION,
        "office": record.office_id,
        "month": record.month,
        "preset": record.preset,
        "closed_on": record.closed_on.isoformat(),
        "counts": record.counts,
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def month_from(record_id: str, text: str) -> MonthRecord:
    """Return the month that a record says.

    Raises:
        ValueError: it is none, a newer one, or lies under another id.
    """
    try:
        document: Any = json.loads(text)
        if document["v"] != VERSION:
            raise ValueError("a shape of another program")
        found = MonthRecord(
            document["office"],
            document["month"],
            document["preset"],
            date.fromisoformat(document["closed_on"]),
            {question: dict(answers) for question, answers in document["counts"].items()},
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("no month") from error
    if found.record_id != record_id:
        raise ValueError("the month lies under another id")
    return found
