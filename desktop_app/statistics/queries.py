"""Reads the figures of a month."""

from __future__ import annotations

from datetime import timedelta

from desktop_app.core.clock import office_zone
from desktop_app.core.months import Month
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.settings.service import SettingsService
from desktop_app.statistics.counting import MonthCounts, count_day, count_other_answers
from desktop_app.statistics.records import MonthStatistics
from desktop_app.statistics.rules import Names, ServiceName, known_codes, month_tables, month_totals
from desktop_app.storage.store import Store

TEST_DATA_SETTING = "test_data"
"""Set to true by whatever fills the database with generated contacts."""

_SERVICE_NAMES = """
SELECT service.id, service.name, organization.id, organization.name
FROM service JOIN organization ON organization.id = service.organization_id
"""


class StatisticsQueries:
    """Counts contacts, needs and referrals; withdrawn ones are never in a number."""

    def __init__(self, store: Store, settings: SettingsService) -> None:
        """Read from `store`; names of office, topics and spaces come from `settings`."""
        self._store = store
        self._settings = settings

    def month(self, month: Month, progress: Progress | None = None) -> MonthStatistics:
        """Return the figures of a month, all from one snapshot of the database.

        Raises:
            UserError: the office has not been set up.
            Cancelled: `progress` asked to stop.
        """
        progress = progress or NoProgress()
        with self._store.reading():
            office = self._settings.office()
            topics = self._settings.topics(with_inactive=True)
            spaces = self._settings.social_spaces(with_inactive=True)
            counts = self._counts(month, known_codes(spaces), progress)
            services = self._service_names() if counts.referrals else {}
            test_data = bool(self._settings.value(TEST_DATA_SETTING, False))
        return MonthStatistics(
            month=month,
            office_name=office.name,
            carrier=office.carrier,
            generated_at=self._store.clock.now().astimezone(office_zone()),
            test_data=test_data,
            totals=month_totals(counts),
            tables=month_tables(counts, Names(topics, spaces, services)),
        )

    def _counts(self, month: Month, codes: dict[str, tuple[str, ...]], progress: Progress) -> MonthCounts:
        counts = MonthCounts()
        days = month.last_day.day
        for done in range(days):
            progress.step(done, days, tr("Kontakte werden gezählt."))
            count_day(self._store, month.first_day + timedelta(days=done), codes, counts)
        count_other_answers(self._store, month, counts)
        return counts

    def _service_names(self) -> dict[str, ServiceName]:
        return {
            service_id: ServiceName(name, organization_id, organization)
            for service_id, name, organization_id, organization in self._store.sql(_SERVICE_NAMES)
        }
