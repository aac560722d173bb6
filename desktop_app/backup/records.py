"""What backups are, as screens, command line and paper see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from desktop_app.backup.account_changes import AccountChange
from desktop_app.core.translation import tr
from desktop_app.retention.records import NOTHING_REPEATED, RepeatedErasures

DATABASE_NAME = "quartierslotse.db"
SLOTS_NAME = "schluessel.json"


class BackupReason(StrEnum):
    """Why a backup was made."""

    DAILY = "daily"
    BY_HAND = "by_hand"
    BEFORE_IMPORT = "before_import"
    BEFORE_RESTORE = "before_restore"

    @property
    def label(self) -> str:
        """The reason in words."""
        return {
            BackupReason.DAILY: tr("zu Beginn des Tages"),
            BackupReason.BY_HAND: tr("von Hand"),
            BackupReason.BEFORE_IMPORT: tr("vor dem Einlesen eines Verzeichnisses"),
            BackupReason.BEFORE_RESTORE: tr("vor einer Rückspielung"),
        }[self]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds, in numbers: rows by table and the moment of the newest contact (stored text, may be empty)."""

    rows: Mapping[str, int]
    newest_contact: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is written beside a copy. `sealed` holds its `Contents`, readable with the data key only."""

    made_at: datetime
    reason: BackupReason
    program: str
    schema: int
    size: int
    sha256: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: a folder with the copy, the key slots and the manifest."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def made_at(self) -> datetime:
        """When it was made, aware, UTC."""
        return self.manifest.made_at

    @property
    def database(self) -> Path:
        """The encrypted copy."""
        return self.folder / DATABASE_NAME

    @property
    def key_slots(self) -> Path:
        """The key slots of the day."""
        return self.folder / SLOTS_NAME


@dataclass(frozen=True, slots=True)
class Verification:
    """What opening and counting a backup found. An empty `problem` means that it is good."""

    backup: Backup
    at: datetime
    problem: str = ""
    contents: Contents | None = None

    @property
    def is_good(self) -> bool:
        """Whether it can be restored."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class BackupStatus:
    """How things stand with the backups of this computer."""

    folder: Path
    chosen: bool
    """False: nobody chose a folder yet; the backups lie beside the data."""
    reachable: bool
    last_good: datetime | None
    """Of those that lie in `folder`."""
    last_drill: datetime | None
    warning: str
    """A sentence when something has to be done; else empty."""
    drill_due: bool
    last_protocol: Path | None = None
    stand_in: Backup | None = None
    """The newest backup beside the data that is younger than all in the chosen folder: it protects from no lost disk."""


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """A place besides the chosen one where backups lie, or may lie: a former folder, or the one beside the data."""

    folder: Path
    count: int
    gone_by: date | None
    """When the youngest of them is gone at the latest."""
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that a restore, a rescue or a change of the schema set aside."""

    file: Path
    at: datetime
    size: int
    gone_by: date

    @property
    def is_database(self) -> bool:
        """Whether everybody may be in it; else it holds key slots."""
        return self.file.suffix == ".db"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the preview: how many there are now and how many there would be."""

    label: str
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What restoring a backup would change. `present` is None when today's database can't be read."""

    backup: Backup
    lines: tuple[Comparison, ...]
    newest_now: datetime | None
    newest_then: datetime | None
    lost_contacts: int
    """Contacts recorded after the backup was made."""
    present_is_readable: bool
    returning_contacts: int = 0
    """How many of those have been sent to the desks this one is in step with, and come back with the next sync."""
    account_changes: tuple[AccountChange, ...] = ()
    """Accounts that come back, go, or have another role."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore left."""

    backup: Backup
    set_aside: Path | None
    """The former database, under its new name; None if there was none."""
    slots_replaced: bool
    repeated: RepeatedErasures = NOTHING_REPEATED
    """What had been erased after the backup and was erased again."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A backup's database that lies beside the present one and waits to take its place."""

    database: Path
    repeated: RepeatedErasures


@dataclass(frozen=True, slots=True)
class DrillStep:
    """One thing that the drill tried."""

    name: str
    remark: str
    is_good: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class DrillReport:
    """A restore drill: what was tried, on which backup, and how it went."""

    at: datetime
    backup: Backup
    steps: tuple[DrillStep, ...]
    contents: Contents | None
    protocol: Path | None = None

    @property
    def is_good(self) -> bool:
        """Whether the backup could be restored."""
        return all(step.is_good for step in self.steps)


@dataclass(frozen=True, slots=True)
class SalvagedTable:
    """How many rows of a table could be read, and whether some could not."""

    name: str
    rows: int
    has_gaps: bool


@dataclass(frozen=True, slots=True)
class Salvage:
    """What was saved from a damaged database."""

    tables: tuple[SalvagedTable, ...]
    dropped: int
    """Rows left out because what they belong to could not be read."""
    contents: Contents
    file: Path
    set_aside: Path | None = None

    @property
    def rows(self) -> int:
        """How many rows were saved."""
        return sum(table.rows for table in self.tables) - self.dropped

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be missing."""
        return not self.dropped and not any(table.has_gaps for table in self.tables)


@dataclass(frozen=True, slots=True)
class BackupsChanged:
    """Notice: a backup was made, checked or thinned, or the folder changed."""
