"""The month for screens and the command line: the figures, and the files made from them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.errors import InputError
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.environment.output_files import check_writable, write_whole
from desktop_app.statistics.queries import StatisticsQueries

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.core.months import Month
    from desktop_app.settings.service import SettingsService
    from desktop_app.statistics.records import MonthStatistics
    from desktop_app.storage.store import Store


class ExportFormat(StrEnum):
    """What the month can be written as; the value is the file's ending."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"

    @property
    def label(self) -> str:
        """The German words."""
        return {
            ExportFormat.CSV: tr("Tabelle als Text (CSV)"),
            ExportFormat.XLSX: tr("Arbeitsmappe für Excel oder LibreOffice (XLSX)"),
            ExportFormat.PDF: tr("Bericht mit Diagrammen (PDF)"),
        }[self]

    @classmethod
    def parse(cls, text: str) -> ExportFormat:
        """Return the format named `csv`, `xlsx` or `pdf`.

        Raises:
            InputError: there is no such format.
        """
        try:
            return cls(text.strip().lower())
        except ValueError:
            raise InputError(
                "format", tr("Das Format „{text}“ gibt es nicht. Möglich sind csv, xlsx und pdf.", text=text)
            ) from None


class StatisticsService:
    """Counts a month and writes it to a file. May be used from a worker thread."""

    def __init__(self, store: Store, settings: SettingsService) -> None:
        """Read from `store`."""
        self._store = store
        self._queries = StatisticsQueries(store, settings)

    def month(self, month: Month, progress: Progress | None = None) -> MonthStatistics:
        """Return the figures of a month.

        Raises:
            UserError: the office has not been set up.
            Cancelled: `progress` asked to stop.
        """
        return self._queries.month(month, progress)

    def export(
        self,
        actor: Actor,
        month: Month,
        export_format: ExportFormat | str,
        target: Path,
        progress: Progress | None = None,
        *,
        overwrite: bool = False,
    ) -> MonthStatistics:
        """Write the month to `target` and return the figures that are in the file.

        The file appears whole or not at all. That numbers leave the program is written down before.

        Raises:
            InputError: there is no such format.
            UserError: the folder is missing, or the file exists and must not be replaced.
            EnvironmentProblem: the folder can't be written.
            Cancelled: `progress` asked to stop; no file is left behind.
        """
        progress = progress or NoProgress()
        chosen = ExportFormat.parse(export_format)
        check_writable(target, overwrite=overwrite)
        statistics = self._queries.month(month, progress)
        progress.step(0, 1, tr("Die Datei wird geschrieben."))
        with self._store.unit_of_work(actor, "export_statistics", ("month", str(month))):
            pass
        write_whole(target, file_content(statistics, chosen), overwrite=overwrite)
        progress.step(1, 1, tr("Fertig."))
        return statistics


def file_content(statistics: MonthStatistics, export_format: ExportFormat | str) -> bytes:
    """Return the file with these figures, for whoever writes it.

    Raises:
        InputError: there is no such format.
    """
    # Each writer brings its own library; only the one that is needed is loaded.
    chosen = ExportFormat.parse(export_format)
    if chosen is ExportFormat.CSV:
        from desktop_app.statistics.export_csv import month_csv

        return month_csv(statistics)
    if chosen is ExportFormat.XLSX:
        from desktop_app.statistics.export_xlsx import month_xlsx

        return month_xlsx(statistics)
    from desktop_app.statistics.report_pdf import month_pdf

    return month_pdf(statistics)
