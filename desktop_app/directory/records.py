"""What the directory hands to screens, paper and the command line: frozen, without any table behind it.

Text fields hold plain text or the HTML of the source unchanged; who shows them escapes them once.
A field that the source leaves open is an empty string, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class OrganizationSummary:
    """The organisation (Träger oder Anbieter) behind a service."""

    organization_id: str
    name: str
    description: str = ""
    website: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class PhoneRecord:
    """One telephone number as the source writes it."""

    number: str
    extension: str = ""
    kind: str = ""
    """The HSDS type: voice, fax, cell, text, video, pager, textphone; empty if unknown."""
    description: str = ""


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One line of opening hours, ready to read: („Mo–Fr“, „9:00–12:00“, „nach Anmeldung“)."""

    days: str
    times: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place where a service is given."""

    location_id: str
    name: str
    address_lines: tuple[str, ...] = ()
    transportation: str = ""
    accessibility: tuple[str, ...] = ()
    phones: tuple[PhoneRecord, ...] = ()
    hours: tuple[HoursRow, ...] = ()
    postal_code: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class VerificationRecord:
    """When, how and by whom a record was last checked with the provider. An import never makes one."""

    verified_on: date
    how: str
    by: str

    @classmethod
    def from_row(cls, verified_on: str, how: str, by: str) -> VerificationRecord:
        """Build it from stored texts."""
        return cls(date.fromisoformat(verified_on), how, by)


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """Everything a desk needs to know about one service (Angebot)."""

    service_id: str
    name: str
    organization: OrganizationSummary
    alternate_name: str = ""
    description: str = ""
    url: str = ""
    email: str = ""
    status: str = ""
    """The HSDS status: active, inactive, defunct, temporarily closed."""
    phones: tuple[PhoneRecord, ...] = ()
    places: tuple[PlaceRecord, ...] = ()
    hours: tuple[HoursRow, ...] = ()
    """Never empty: unknown hours are one row that says so."""
    languages: tuple[str, ...] = ()
    interpretation: str = ""
    """Who interprets for other languages or sign language, in the words of the source."""
    costs: tuple[str, ...] = ()
    fees: str = ""
    eligibility: str = ""
    required_documents: tuple[str, ...] = ()
    application_process: str = ""
    wait_time: str = ""
    alert: str = ""
    last_verified: VerificationRecord | None = None
    topics: tuple[str, ...] = ()
    """Topic codes of ours, see `rules.TOPIC_CODES`."""
    internal_remark: str = ""
    """For colleagues only: never on paper, never in an export."""
    active: bool = True
    """False once the service or its organisation is withdrawn, closed or defunct."""


@dataclass(frozen=True, slots=True)
class ServiceHit:
    """One row of a result list."""

    service_id: str
    service_name: str
    organization_name: str
    place: str = ""
    """Street and district or city of the first place, in one line."""
    phone: str = ""
    topics: tuple[str, ...] = ()
    last_verified: VerificationRecord | None = None
    match_spans: tuple[tuple[int, int], ...] = ()
    """Half-open character ranges of `service_name` that were hit."""
    reason: str = ""
    """Why the row was found, in German, with the matching words."""


@dataclass(frozen=True, slots=True)
class DirectoryCounts:
    """Size of the directory without withdrawn records."""

    organizations: int
    services: int


class Severity(StrEnum):
    """How grave a finding of an import is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One finding of an import: where it is, what is wrong, why, and what was done about it."""

    file: str
    row: int | None
    """The line of the file where the row begins (the header is line 1), or the position in a JSON list from 1."""
    field: str
    value: str
    what: str
    why: str
    action: str
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What became of the rows of one object type."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    missing: int = 0
    """Known from an earlier import of this source, absent now. Nothing is deleted."""
    removed: int = 0
    """Details (a phone number, opening hours) that the source no longer names for a record it lists in full."""

    @property
    def total(self) -> int:
        """Rows that the source contains."""
        return self.new + self.changed + self.unchanged + self.rejected


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of one import or dry run."""

    source: str
    kind: str
    """folder, zip or json."""
    dry_run: bool
    fingerprint: str
    """SHA-256 of the content that was read."""
    started_at: str
    seconds: float
    counts: Mapping[str, ImportCounts] = field(default_factory=dict)
    """By HSDS object type: organization, service, location, ..."""
    problems: tuple[ImportProblem, ...] = ()
    problems_left_out: int = 0
    """Findings beyond the limit that a report holds."""
    cancelled: bool = False

    @property
    def changed_anything(self) -> bool:
        """Whether the directory differs (or, in a dry run, would differ) from before."""
        return any(count.new or count.changed or count.removed for count in self.counts.values())

    def count(self, object_type: str) -> ImportCounts:
        """The counts of one object type; zeros if the source has none."""
        return self.counts.get(object_type, ImportCounts())

    def with_severity(self, severity: Severity) -> tuple[ImportProblem, ...]:
        """The findings of one severity."""
        return tuple(problem for problem in self.problems if problem.severity is severity)


@dataclass(frozen=True, slots=True)
class DirectoryChanged:
    """Notice after a commit: something in the directory is different. Screens reload what they show."""

    organization_ids: tuple[str, ...] = ()
    service_ids: tuple[str, ...] = ()
