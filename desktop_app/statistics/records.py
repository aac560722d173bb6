"""The figures of a month as screens, files and paper show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop_app.core.months import Month
from desktop_app.core.translation import tr


class Counted(StrEnum):
    """What the rows of a table count."""

    CONTACTS = "contacts"
    NEEDS = "needs"
    REFERRALS = "referrals"

    @property
    def label(self) -> str:
        """The German word, as it heads the column of numbers."""
        return {
            Counted.CONTACTS: tr("Kontakte"),
            Counted.NEEDS: tr("Anliegen"),
            Counted.REFERRALS: tr("Weitervermittlungen"),
        }[self]


class TableKey(StrEnum):
    """The questions the month answers; the value is stable and names sheets, files and charts."""

    TOPICS = "topics"
    CHANNELS = "channels"
    AGE_BANDS = "age_bands"
    SOCIAL_SPACES = "social_spaces"
    WEEKDAYS = "weekdays"
    WEEKDAY_HOURS = "weekday_hours"
    RESULTS = "results"
    TOPIC_RESULTS = "topic_results"
    UNMET_REASONS = "unmet_reasons"
    PARTNERS = "partners"
    SERVICES = "services"
    REFERRAL_MODES = "referral_modes"
    REFERRAL_STATES = "referral_states"
    DEPTHS = "depths"
    VISIT_KINDS = "visit_kinds"
    FOR_WHOM = "for_whom"
    GENDERS = "genders"
    CARE_LEVELS = "care_levels"
    LANGUAGES = "languages"
    ACCESS_ROUTES = "access_routes"
    DURATIONS = "durations"


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """One line: a label, in tables with two columns of labels a second one, and a number."""

    label: str
    second_label: str | None
    count: int
    open_answer: bool = False
    """True for „nicht gefragt“, „weiß nicht“, „keine Angabe“ and a reason that was left out."""


@dataclass(frozen=True, slots=True)
class StatisticsTable:
    """The answer to one question.

    Either every row has a second label or none has. Closed lists (channels, age bands, weekdays ...) are complete, with
    their zeros and in their own order; open ones (partners, services, languages) hold what occurred, most frequent
    first.
    """

    key: TableKey
    title: str
    question: str
    columns: tuple[str, ...]
    """The headings: two, or three if the rows have a second label; the last one is the number's."""
    counted: Counted
    rows: tuple[StatisticsRow, ...]

    @property
    def total(self) -> int:
        """The sum of all rows: the month's contacts, needs or referrals, and in the unmet reasons the unmet needs."""
        return sum(row.count for row in self.rows)

    @property
    def answered(self) -> int:
        """The sum of the rows that are real answers: the base of shares."""
        return sum(row.count for row in self.rows if not row.open_answer)

    @property
    def has_second_label(self) -> bool:
        """Tell whether there are two columns of labels."""
        return len(self.columns) == 3


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the five figures at the top of the month."""

    key: str
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """The sums of the month. Withdrawn contacts and strokes are not in them."""

    contacts: int
    needs: int
    referrals: int
    unmet_needs: int
    """Needs with the result „Nicht geklärt“ or „Teilweise“."""
    days: int
    """Days on which anything was recorded or a stroke was made."""
    tally_visitors: int = 0
    tally_calls: int = 0
    tally_leaflets: int = 0

    @property
    def key_figures(self) -> tuple[KeyFigure, ...]:
        """The five figures that stand above everything else."""
        return (
            KeyFigure("contacts", tr("Kontakte"), self.contacts),
            KeyFigure("needs", tr("Anliegen"), self.needs),
            KeyFigure("referrals", tr("Weitervermittlungen"), self.referrals),
            KeyFigure("unmet_needs", tr("Anliegen nicht oder nur teilweise geklärt"), self.unmet_needs),
            KeyFigure("days", tr("Tage mit Einträgen"), self.days),
        )

    @property
    def tally_figures(self) -> tuple[KeyFigure, ...]:
        """The tally: what was not worth a contact."""
        return (
            KeyFigure("tally_visitors", tr("Besuche ohne Gespräch"), self.tally_visitors),
            KeyFigure("tally_calls", tr("Kurze Anrufe"), self.tally_calls),
            KeyFigure("tally_leaflets", tr("Mitgegebene Faltblätter"), self.tally_leaflets),
        )


@dataclass(frozen=True, slots=True)
class MonthStatistics:
    """Everything that is counted about one month, read in one snapshot."""

    month: Month
    office_name: str
    carrier: str
    generated_at: datetime
    """Aware, in the office's zone."""
    test_data: bool
    """The database holds generated data; every export says so."""
    totals: MonthTotals
    tables: tuple[StatisticsTable, ...]

    def table(self, key: TableKey) -> StatisticsTable:
        """Return the table that answers a question."""
        return next(table for table in self.tables if table.key is key)
