"""What screens and commands see of the connection to other desks and offices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ConnectionState(StrEnum):
    """Where the connection stands; `SyncStatus.sentence` says it in words."""

    NOT_CONNECTED = "not_connected"  # this desk works alone; no network is ever asked
    WAITING_FOR_ADMISSION = "waiting_for_admission"  # a desk of the office has to let this one in
    IN_STEP = "in_step"  # nothing waits
    WORKING = "working"
    WAITING = "waiting"  # changes wait for the next round, or for the network to come back: normal
    PROBLEM = "problem"  # nothing goes on until a person has done something


class SpaceKind(StrEnum):
    """What a space of the hub is for."""

    DIRECTORY = "directory"
    OFFICE = "office"
    STATISTICS = "statistics"
    EXCHANGE = "exchange"


class ConflictKind(StrEnum):
    """How two states of one record came to disagree."""

    BOTH_CHANGED = "both_changed"
    EDIT_AGAINST_DELETION = "edit_against_deletion"  # the edit stands
    NOT_OURS = "not_ours"  # another carrier owns the record: its state stands, ours is kept here
    SAME_NAME = "same_name"  # two records took the same name; one got another


class Choice(StrEnum):
    """Which of three values of a field is meant."""

    MINE = "mine"
    THEIRS = "theirs"
    BEFORE = "before"


@dataclass(frozen=True)
class SyncStatus:
    """The connection at one moment."""

    state: ConnectionState
    #: for the status line, e.g. „Alles abgeglichen um 10:42“, „12 Änderungen warten, offline“
    sentence: str
    last_success: datetime | None = None
    next_try: datetime | None = None
    waiting_changes: int = 0
    open_conflicts: int = 0
    parked_records: int = 0
    #: what a person has to do, in words; only with PROBLEM
    problem: str = ""
    #: why the last try did not come to its end although nobody has to do anything; empty when it did
    trouble: str = ""
    #: the hub does not let this desk take part (any more): only a new enrolment code helps
    is_shut_out: bool = False
    #: somebody let it rest; nothing is sent or fetched until it is resumed
    is_paused: bool = False
    #: the last try found no way to the hub: normal, nothing to do
    is_offline: bool = False
    #: the first desk of the office has made its keys, but nobody has printed them yet
    needs_recovery_sheet: bool = False


@dataclass(frozen=True)
class Share:
    """One space in plain words, for the connect wizard and the sync page."""

    kind: SpaceKind
    title: str
    #: what goes there, who reads it, in which form
    sentence: str
    with_whom: tuple[str, ...]
    #: records of this desk that would go or have gone there
    records: int
    waiting: int = 0
    last_received: datetime | None = None
    last_sent: datetime | None = None


@dataclass(frozen=True)
class ConnectionPreview:
    """What connecting would mean; nothing has been sent yet but the question who the hub is."""

    hub_address: str
    carrier: str
    office: str
    #: how many desks of the office have been connected so far
    desks: int
    #: not an office: reads the directory, hands records over
    is_coordination: bool
    #: how whoever invited calls this desk; empty when nobody said
    label: str
    shares: tuple[Share, ...]
    #: that this desk was set up as another office, in words; empty when it was not
    other_office: str = ""

    @property
    def is_first_desk(self) -> bool:
        """Whether this desk makes the key of the office; else another one has to let it in."""
        return not self.desks and not self.is_coordination


@dataclass(frozen=True)
class Desk:
    """One device of the office."""

    device_id: str
    label: str
    is_this: bool
    is_admitted: bool
    enrolled_on: date | None
    last_seen_on: date | None
    revoked_on: date | None


@dataclass(frozen=True)
class Invitation:
    """A code with which a further desk of the office connects."""

    code: str
    expires_at: datetime


@dataclass(frozen=True)
class RoundResult:
    """What one round did."""

    received: int
    sent: int
    new_conflicts: int
    parked: int
    #: another round has to follow (cancelled, or more than one round takes)
    is_complete: bool


@dataclass(frozen=True)
class ConflictField:
    """One field on which two desks disagree; the three values as people read them."""

    name: str
    label: str
    before: str
    mine: str
    theirs: str
    stands: Choice
    #: a person has to decide (consent, status); until then `stands` is what everybody sees
    is_open: bool


@dataclass(frozen=True)
class Conflict:
    """One record on which two desks disagreed."""

    conflict_id: str
    kind: ConflictKind
    #: e.g. „Angebot“, „Kontakt“
    what: str
    #: e.g. the service's name; for a contact when, about what and how; never a visitor's name for who may not read files
    record: str
    happened_at: datetime
    fields: tuple[ConflictField, ...]
    is_decided: bool
    #: the name of the desk that found it; „mine“ is what stood there
    found_by: str = ""
    #: where „mine“ and „theirs“ were written, as people at this desk say it: „hier“, „an „Beratung““, „an einem anderen Rechner“
    mine_where: str = ""
    theirs_where: str = ""
    #: of an entry of another carrier: its name and that of its only office, where they are known
    owner: str = ""
    owner_office: str = ""


@dataclass(frozen=True)
class SettledField:
    """One field of a conflict that a command settled: what its row said before, and what it says since."""

    entry_id: str
    before: Mapping[str, str | None]
    since: Mapping[str, str | None]


@dataclass(frozen=True)
class Settled:
    """What one command did to conflicts; with it just that can be taken back."""

    conflict_ids: tuple[str, ...]
    fields: tuple[SettledField, ...]


@dataclass(frozen=True)
class ParkedRecord:
    """A record that came but can't be used yet."""

    what: str
    #: why, and what to do, in one sentence
    sentence: str
    since: datetime


@dataclass(frozen=True)
class SyncChanged:
    """Notice: the connection's status, desks or conflicts changed."""
