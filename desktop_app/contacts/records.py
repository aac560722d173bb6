"""Contacts as screens, paper and the command line see them, and as they are handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from desktop_app.contacts.vocabulary import (
    NOT_ASKED,
    Channel,
    Depth,
    Fact,
    ReferralMode,
    ReferralState,
    Result,
    TallyKind,
    UnmetReason,
)
from desktop_app.core.notices import MergeableNotice


@dataclass(frozen=True, slots=True)
class NeedEntry:
    """A need as it is entered; a reason belongs to `UNMET` and `PARTLY` only."""

    topic_code: str
    result: Result = Result.MET
    unmet_reason: UnmetReason | None = None


@dataclass(frozen=True, slots=True)
class ReferralEntry:
    """A referral as it is entered."""

    service_id: str
    mode: ReferralMode = ReferralMode.NAMED
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """A contact as it is entered. Facts not named are not asked; `started_at` None means now."""

    channel: Channel = Channel.OFFICE
    needs: tuple[NeedEntry, ...] = ()
    referrals: tuple[ReferralEntry, ...] = ()
    depth: Depth = Depth.INFORMATION
    facts: Mapping[Fact, str] = field(default_factory=dict)
    material: str = ""
    note: str = ""
    started_at: datetime | None = None

    def fact(self, fact: Fact) -> str:
        """Return the code of an answer."""
        return self.facts.get(fact, NOT_ASKED)


@dataclass(frozen=True, slots=True)
class NeedRecord:
    """A need of a recorded contact."""

    topic_code: str
    topic_name: str
    result: Result
    unmet_reason: UnmetReason | None


@dataclass(frozen=True, slots=True)
class ReferralRecord:
    """A referral of a recorded contact."""

    referral_id: str
    contact_id: str
    service_id: str
    service_name: str
    organization_name: str
    mode: ReferralMode
    state: ReferralState
    state_reason: str | None
    due_on: date | None
    referred_on: date


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A recorded contact. `recorded_at` is aware, in the office's zone."""

    contact_id: str
    recorded_at: datetime
    channel: Channel
    depth: Depth
    needs: tuple[NeedRecord, ...]
    referrals: tuple[ReferralRecord, ...]
    facts: Mapping[Fact, str]
    material: str
    has_note: bool
    account_id: str
    initials: str
    withdrawn: bool
    revision: int

    def entry(self, note: str = "") -> ContactEntry:
        """Return the contact as an entry, to correct or to repeat it."""
        return ContactEntry(
            channel=self.channel,
            needs=tuple(NeedEntry(need.topic_code, need.result, need.unmet_reason) for need in self.needs),
            referrals=tuple(ReferralEntry(ref.service_id, ref.mode, ref.due_on) for ref in self.referrals),
            depth=self.depth,
            facts=dict(self.facts),
            material=self.material,
            note=note,
        )


@dataclass(frozen=True, slots=True)
class ContactRevision:
    """One earlier state of a contact: what was done to it, by whom, when, and what it was before."""

    revision: int
    action: str
    at: datetime
    initials: str
    before: ContactEntry


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A half-typed contact card: JSON-like content that only the contact form reads."""

    draft_id: str
    position: int
    started_at: datetime
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DayTally:
    """The strokes of one day by kind."""

    counts: Mapping[TallyKind, int]


@dataclass(frozen=True, slots=True)
class ContactsChanged(MergeableNotice):
    """Notice: contacts of these days were recorded, corrected, withdrawn or restored."""

    days: frozenset[date]

    def merged_with(self, other: ContactsChanged) -> ContactsChanged:
        """Return one notice for the days of both."""
        return ContactsChanged(self.days | other.days)


@dataclass(frozen=True, slots=True)
class DraftsErased:
    """Notice: these half-typed cards were erased with what they speak of; whoever has one open must let go of it."""

    draft_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class TallyChanged(MergeableNotice):
    """Notice: the tally of these days changed."""

    days: frozenset[date]

    def merged_with(self, other: TallyChanged) -> TallyChanged:
        """Return one notice for the days of both."""
        return TallyChanged(self.days | other.days)


@dataclass(frozen=True, slots=True)
class ReferralsChanged(MergeableNotice):
    """Notice: the state or due date of these referrals changed."""

    referral_ids: frozenset[str]

    def merged_with(self, other: ReferralsChanged) -> ReferralsChanged:
        """Return one notice for the referrals of both."""
        return ReferralsChanged(self.referral_ids | other.referral_ids)
