"""Retention as screens, paper and the command line see it: rules, what is due, what was erased. Never any content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DataKind(StrEnum):
    """A kind of data with a lifetime of its own."""

    NOTES = "notes"
    HISTORY = "history"
    TEXTS = "texts"
    DRAFTS = "drafts"
    VISITORS = "visitors"
    CARDS = "cards"
    PASSED_ON = "passed_on"
    IMPORTS = "imports"
    LOGS = "logs"
    AUDIT = "audit"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long a kind of data stays, in months, and between which bounds the office may choose."""

    kind: DataKind
    default_months: int
    least_months: int
    most_months: int
    is_erased_here: bool = True
    """False: it goes by itself (backups) or not at all before its term (audit log)."""

    @property
    def is_editable(self) -> bool:
        """Whether the office may choose."""
        return self.least_months < self.most_months


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule with the term that the office chose."""

    rule: RetentionRule
    months: int
    label: str
    start: str
    basis: str


@dataclass(frozen=True, slots=True)
class DueList:
    """What is due of one kind: how much, and how old the oldest is.

    `total` counts what is there at all; None for whoever may not know how many people there are.
    """

    in_force: RuleInForce
    count: int
    total: int | None
    oldest: date | None
    held: int = 0
    """How many more would be due, if the erasure of their file were not suspended."""

    @property
    def can_erase(self) -> bool:
        """Whether there is something to erase."""
        return self.count > 0 and self.in_force.rule.is_erased_here


@dataclass(frozen=True, slots=True)
class DueItem:
    """One record on the due list: what it is and why it goes. No name; whoever may see files asks for that apart."""

    what: str
    record_id: str
    since: date
    """When its term began; of a file without consent, when the consent ended or the file was begun."""
    due_on: date
    lacks_consent: bool = False
    """Not the term but the missing consent makes it due."""
    is_held: bool = False
    """It is not erased before `due_on`, because the erasure of the file is suspended."""


@dataclass(frozen=True, slots=True)
class ErasedCount:
    """How many of what were erased."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class CopiesLeft:
    """Copies on this computer that no erasure reaches at once, as far as they are known."""

    set_aside: int = 0
    """Databases that a restore or a rescue set aside."""
    set_aside_gone_by: date | None = None
    not_reachable: tuple[str, ...] = ()
    """Former folders of backups that are not there: nothing is thinned in them."""


NO_COPIES = CopiesLeft()


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What an erasure would take, counted by really trying it and taking it back; and what stays."""

    goes: tuple[ErasedCount, ...]
    contacts: int
    """How many contacts become anonymous rows; what else statistics count from is not touched at all."""
    out_of_backups_by: date
    copies: CopiesLeft = NO_COPIES


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """What was erased, when, by whom, by which rule; no content, no name."""

    receipt_id: str
    subject: str
    rule: str
    at: datetime
    done_by: str
    counts: tuple[ErasedCount, ...]
    is_clean: bool
    """Whether the file was rewritten, so that the bytes are gone; else `clean_up` is still to be run."""
    out_of_backups_by: date
    copies: CopiesLeft = NO_COPIES

    @property
    def total(self) -> int:
        """How many records were erased."""
        return sum(counted.count for counted in self.counts)


@dataclass(frozen=True, slots=True)
class RepeatedErasures:
    """What was erased again after a backup had brought it back."""

    listed: int
    """How many erasures of single records were made after the backup."""
    erased: int
    """How many records of the backup that concerned."""
    source_was_read: bool = True
    """False: the database that knew of them could not be read; only younger backups were asked."""


NOTHING_REPEATED = RepeatedErasures(0, 0)


@dataclass(frozen=True, slots=True)
class RetentionChanged:
    """Notice: a rule was changed or something was erased."""
