"""The page „Protokoll“ without widgets: rows in words, the check, the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.audit.export import AuditFormat
from desktop_app.audit.records import Anchor, AuditFilter, AuditKind, AuditRecord
from desktop_app.audit.wording import action_labels, kind_label, person_text, report_sentences, subject_text
from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from ui.widgets.choices import Choice

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class LogRow:
    """One entry in words; `record_id` is the whole identifier."""

    number: str
    at: str
    person: str
    action: str
    subject: str
    record_id: str


@dataclass(frozen=True, slots=True)
class LogView:
    """A page of entries; `older_before` asks for the next, None at the end."""

    rows: tuple[LogRow, ...]
    older_before: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: all is well, or the first place that is not; and the value to keep for next time."""

    is_whole: bool
    text: str
    anchor: str


class AuditPresenter:
    """Reads and checks the log. What takes a `progress` runs in a worker thread."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def people(self) -> list[Choice]:
        """Whom the log can be filtered by."""
        return [Choice(person.account_id, person.display_name) for person in self._application.audit_queries.people()]

    def kinds(self) -> list[Choice]:
        """What it can be filtered by."""
        return [Choice(kind.value, kind_label(kind)) for kind in AuditKind]

    def wanted(self, person: str, kind: str, day_text: str) -> AuditFilter:
        """Return the filter as it is set; empty codes mean everybody and everything.

        Raises:
            InputError: the day is none (field ``day``).
        """
        day = read_day(day_text)
        return AuditFilter(person or None, day, day, AuditKind(kind) if kind else None)

    def page(self, wanted: AuditFilter, before: int | None, progress: Progress) -> LogView:
        """Return the newest entries that fit, or those before a number."""
        progress.step(0, 0, "")
        try:
            found = self._application.audit_queries.page(wanted, before=before, size=ROWS_A_PAGE)
        finally:
            self._application.store.end_thread()
        labels = action_labels()
        return LogView(tuple(_row(record, labels.get(record.action, record.action)) for record in found.records),
                       found.older_before)  # fmt: skip

    def anchor(self, text: str) -> Anchor | None:
        """Return the value that was typed, None when there is none.

        Raises:
            InputError: it is no such value (field ``anchor``).
        """
        return Anchor.parse(text) if text.strip() else None

    def verify(self, anchor: Anchor | None, progress: Progress) -> Verdict:
        """Walk the whole log. Raises Cancelled."""
        try:
            report = self._application.audit.verify(progress, anchor=anchor)
        finally:
            self._application.store.end_thread()
        return Verdict(report.is_whole, " ".join(report_sentences(report)), report.head.short if report.head else "")

    def export(self, export_format: AuditFormat, target: Path, progress: Progress) -> Path:
        """Write the log to a file; the ending is added if it is missing. Returns the file.

        Raises:
            UserError: the folder is missing, or the added ending would hit a file that exists.
            EnvironmentProblem: the folder can't be written.
            Cancelled: the work was asked to stop; no file is left behind.
        """
        ending = f".{export_format.value}"
        chosen = target if target.suffix.lower() == ending else target.with_name(target.name + ending)
        try:
            # The system's dialog has asked before replacing the very file that was chosen.
            self._application.audit.export(
                self._application.actor, export_format, chosen, progress, overwrite=chosen == target
            )
        finally:
            self._application.store.end_thread()
        return chosen

    def file_name(self, export_format: AuditFormat) -> str:
        """A name for the file."""
        return f"{tr('Protokoll')} {self._application.clock.today().isoformat()}.{export_format.value}"


def read_day(text: str) -> date | None:
    """Return the day that was typed, None when nothing was.

    Raises:
        InputError: it is no day (field ``day``).
    """
    if not text.strip():
        return None
    for form in ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise InputError("day", tr("Bitte schreiben Sie den Tag als TT.MM.JJJJ, zum Beispiel 22.11.2026."))


def _row(record: AuditRecord, action: str) -> LogRow:
    return LogRow(
        number=str(record.sequence),
        at=f"{record.at:%d.%m.%Y %H:%M}",
        person=person_text(record),
        action=action,
        subject=subject_text(record),
        record_id=record.subject_id,
    )
