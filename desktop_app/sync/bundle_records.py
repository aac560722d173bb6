"""What screens and commands see of the exchange by file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class BundleDeskStatus:
    """Another desk of the office and when its last file was taken over here."""

    label: str
    taken_at: datetime


@dataclass(frozen=True)
class BundleStatus:
    """How it stands with the exchange by file."""

    is_possible: bool
    #: why not, and what to do; empty when it is possible
    sentence: str
    last_given: datetime | None
    desks: tuple[BundleDeskStatus, ...]


@dataclass(frozen=True)
class BundleGiven:
    """A file that was written."""

    path: Path
    records: int
    #: False: only what the other desks lack
    is_everything: bool
    size: int


@dataclass(frozen=True)
class BundleTaken:
    """What taking files over did."""

    #: names of the desks the files came from
    labels: tuple[str, ...]
    made_at: datetime | None
    received: int
    new_conflicts: int
    #: records that could not be taken over; they come with the next file, or from the hub
    left_out: int
    #: everything was taken over before; nothing changed
    is_known: bool
