"""What is shown of the audit log and of a check of its chain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

#: So many letters of a hash are enough: nobody finds a second log that agrees in 64 bits of a value written down before.
_FEWEST_LETTERS = 16
_SHORT_LETTERS = 16
_ANCHOR = re.compile(r"(\d+)[\s:\-–]+([0-9a-f][0-9a-f\s\-–]*)", re.IGNORECASE)


class AuditKind(StrEnum):
    """What an action is about; people filter by it."""

    READING = "reading"
    CONTACTS = "contacts"
    VISITORS = "visitors"
    DIRECTORY = "directory"
    ACCOUNTS = "accounts"
    OFFICE = "office"
    DATA = "data"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One entry. `at` is local time; the name is empty when the account is not known in this database."""

    sequence: int
    at: datetime
    account_id: str
    account_name: str
    action: str
    subject_kind: str
    subject_id: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to show; the days are local ones and belong both to the span."""

    account_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    kind: AuditKind | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, newest first; `older_before` asks for the next page, None when there is none."""

    records: tuple[AuditRecord, ...]
    older_before: int | None


@dataclass(frozen=True, slots=True)
class AuditPerson:
    """An account to filter by."""

    account_id: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The number and hash of an entry („Prüfwert“): kept outside, it shows that the end was cut off or rewritten."""

    sequence: int
    hash: str

    @property
    def text(self) -> str:
        """The whole value for a file: `4711-3f2a…`."""
        return f"{self.sequence}-{self.hash}"

    @property
    def short(self) -> str:
        """A value short enough to be written down by hand: `4711-3f2a-91c0-77de-0b1c`."""
        letters = self.hash[:_SHORT_LETTERS]
        return "-".join((str(self.sequence), *(letters[start : start + 4] for start in range(0, len(letters), 4))))

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """Return the anchor written in `text`, whole or short.

        Raises:
            InputError: it is none.
        """
        found = _ANCHOR.fullmatch(text.strip())
        letters = re.sub(r"[^0-9a-f]", "", found[2].lower()) if found else ""
        if not found or not _FEWEST_LETTERS <= len(letters) <= 64:
            raise InputError(
                "anchor",
                tr(
                    "„{text}“ ist kein Prüfwert. Er besteht aus einer Nummer und mindestens 16 Zeichen, zum Beispiel "
                    "4711-3f2a-91c0-77de-0b1c.",
                    text=text.strip()[:80],
                ),
            )
        return cls(int(found[1]), letters)


class BreakKind(StrEnum):
    """In which way the chain is broken."""

    BEGINS_LATE = "begins_late"  # the first entry is not number 1
    MISSING = "missing"  # numbers are left out
    CHANGED = "changed"  # an entry does not fit its hash and the one before
    END_MISSING = "end_missing"  # the anchor is newer than the last entry
    REWRITTEN = "rewritten"  # the anchor's entry has another hash


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A place where the chain is broken: the entry, the one before it (0: none), and when the entry says it was."""

    kind: BreakKind
    sequence: int
    before: int
    at: str = ""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check found."""

    entries: int
    head: Anchor | None
    first_break: ChainBreak | None
    breaks: int
    anchor: Anchor | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return self.first_break is None
