"""A calendar month as people and files write it: `2026-11`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

_PATTERN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of one year."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month written `YYYY-MM`.

        Raises:
            InputError: the text is not such a month.
        """
        match = _PATTERN.fullmatch(text.strip())
        if match is None or int(match[1]) < 1:
            raise InputError("month", tr("„{text}“ ist kein Monat. Bitte schreiben Sie ihn so: 2026-11.", text=text))
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month that `day` lies in."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def next(self) -> Month:
        """Return the month after this one."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def previous(self) -> Month:
        """Return the month before this one."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    def __str__(self) -> str:
        """Return the month as `YYYY-MM`."""
        return f"{self.year:04d}-{self.number:02d}"
