"""Referrals between offices as screens, paper and the wire see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Direction(StrEnum):
    """Which side of a referral this office is."""

    SENT = "sent"
    RECEIVED = "received"


class OfferState(StrEnum):
    """What the sender says. It only ever goes down this list."""

    OFFERED = "offered"
    CLOSED = "closed"  # the answer was read; the content is no longer at the hub
    WITHDRAWN = "withdrawn"


class Cause(StrEnum):
    """Why an offer was withdrawn."""

    BY_HAND = "by_hand"
    REVOKED = "revoked"
    ENDED = "ended"  # the consent ran out
    ERASED = "erased"
    EXPIRED = "expired"


class Answer(StrEnum):
    """What the receiver says."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class DeclineReason(StrEnum):
    """Why a referral is declined."""

    NO_CAPACITY = "no_capacity"
    NOT_RESPONSIBLE = "not_responsible"
    PERSON_UNREACHABLE = "person_unreachable"
    PERSON_DECLINED = "person_declined"
    ALREADY_SUPPORTED = "already_supported"
    INCOMPLETE = "incomplete"
    OTHER = "other"


class Outcome(StrEnum):
    """How a referral stands: the same on both sides once both have heard everything."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_AFTER_ACCEPTANCE = "withdrawn_after_acceptance"


class ContentField(StrEnum):
    """What may be passed on, each by itself."""

    NAME = "name"
    PHONE = "phone"
    BIRTH_YEAR = "birth_year"
    TOPIC = "topic"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """The consent as it travels: facts, never the form."""

    given_on: date
    form_version: str
    partner: str
    purpose: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ReferralContent:
    """All that the other office reads about the person. An empty text was not passed on."""

    consent: ConsentFact
    name: str = ""
    phone: str = ""
    birth_year: int | None = None
    topic_code: str = ""
    topic_name: str = ""
    message: str = ""
    callback: str = ""
    """Telephone number of the sending office."""


@dataclass(frozen=True, slots=True)
class PartnerOffice:
    """Another office of the hub. `is_compared`: its key is the one somebody compared by telephone."""

    office_id: str
    name: str
    carrier: str
    has_key: bool
    is_compared: bool
    key_changed: bool
    """It was compared once, and the hub now says another key."""

    @property
    def title(self) -> str:
        """Name and carrier."""
        return f"{self.name} ({self.carrier})" if self.carrier else self.name


@dataclass(frozen=True, slots=True)
class OfferEntry:
    """An offer as it is put together: to whom, on which consent, which fields."""

    office_id: str
    consent_id: str
    fields: frozenset[ContentField]
    topic_id: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class OfferPreview:
    """Exactly what the other office will read."""

    office: PartnerOffice
    content: ReferralContent
    expires_on: date


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral in a list, without what was passed on but the name."""

    referral_id: str
    direction: Direction
    office_id: str
    office_name: str
    carrier: str
    person: str
    """The name that was passed on, for the list; empty when none was, or when the content is gone."""
    offered_at: datetime
    expires_on: date
    outcome: Outcome
    cause: Cause | None
    answer: Answer | None
    reason: DeclineReason | None
    answer_text: str
    answered_at: datetime | None
    withdrawn_at: datetime | None
    has_content: bool
    is_told: bool
    """Whether the hub has this side's last word."""
    problem: str
    """Why it can't be sent or read now, as a code of `rules.problem_text`; empty when all is well."""
    days_waiting: int
    visitor_id: str | None


@dataclass(frozen=True, slots=True)
class ReferralDetail:
    """A referral with its content, which may be gone."""

    referral: Referral
    content: ReferralContent | None
    is_compared: bool
    """Whether the other office's key was compared."""


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """What waits for people: offers of other offices, and news on own ones are not counted."""

    received: int


@dataclass(frozen=True, slots=True)
class ExchangeChanged:
    """Notice: a referral, or the list of offices, changed."""
