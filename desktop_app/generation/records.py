"""What is asked of the generator and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.core.months import Month

#: The setting that marks a database as holding invented contacts; screens and exports show it.
TEST_DATA_SETTING = "test_data"
MOST_CONTACTS = 5_000_000
MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class GenerationWishes:
    """How many contacts over how many months; the same seed gives the same contacts.

    `until` is the last month; None ends with the last working day before today.
    """

    contacts: int
    months: int
    seed: int
    until: Month | None = None


@dataclass(frozen=True, slots=True)
class GenerationReport:
    """What was written."""

    contacts: int
    needs: int
    referrals: int
    first_day: date
    last_day: date
