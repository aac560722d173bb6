"""Visitor files, consents and visit cards as screens, paper and the command line see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from desktop_app.contacts.records import ContactRecord, ContactRevision
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.storage.unit_of_work import UnitOfWork


class ConsentKind(StrEnum):
    """What a visitor can consent to; each apart from the others."""

    RECORD = "record"
    CONTACT_AGAIN = "contact_again"
    PASS_ON = "pass_on"  # noqa: S105 - a kind of consent

    @property
    def label(self) -> str:
        """The German name."""
        return {
            ConsentKind.RECORD: tr("Personenakte führen"),
            ConsentKind.CONTACT_AGAIN: tr("wieder Kontakt aufnehmen"),
            ConsentKind.PASS_ON: tr("Angaben weitergeben"),
        }[self]


class ConsentState(StrEnum):
    """What a consent is worth on a day."""

    VALID = "valid"
    NOT_YET = "not_yet"
    ENDED = "ended"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """The German word."""
        return {
            ConsentState.VALID: tr("gültig"),
            ConsentState.NOT_YET: tr("noch nicht gültig"),
            ConsentState.ENDED: tr("abgelaufen"),
            ConsentState.REVOKED: tr("widerrufen"),
        }[self]


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """A consent as it is entered; partner and purpose belong to `PASS_ON` only."""

    kind: ConsentKind
    given_on: date
    form_version: str
    ends_on: date | None = None
    partner: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """A recorded consent. It is valid on `ends_on` itself, and no more on `revoked_on`."""

    consent_id: str
    kind: ConsentKind
    given_on: date
    form_version: str
    ends_on: date | None
    partner: str
    purpose: str
    revoked_on: date | None
    initials: str

    def state(self, day: date) -> ConsentState:
        """Return what the consent is worth on a day."""
        if self.revoked_on is not None and day >= self.revoked_on:
            return ConsentState.REVOKED
        if self.ends_on is not None and day > self.ends_on:
            return ConsentState.ENDED
        return ConsentState.VALID if day >= self.given_on else ConsentState.NOT_YET


@dataclass(frozen=True, slots=True)
class VisitorEntry:
    """A visitor file as it is entered. A full date of birth names the year as well."""

    name: str = ""
    former_name: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    phone: str = ""
    address: str = ""
    language: str = ""
    remarks: str = ""

    @property
    def year(self) -> int | None:
        """The year of birth, however it was given."""
        return self.birth_date.year if self.birth_date else self.birth_year

    @property
    def birth_text(self) -> str:
        """Date or year of birth for people; empty when neither is known."""
        if self.birth_date:
            return f"{self.birth_date:%d.%m.%Y}"
        return str(self.birth_year) if self.birth_year else ""


@dataclass(frozen=True, slots=True)
class VisitorHit:
    """A file in a list of search results; `by_sound` when only the sound of the name fits."""

    visitor_id: str
    name: str
    former_name: str
    birth_text: str
    by_sound: bool = False
    has_consent: bool = True


@dataclass(frozen=True, slots=True)
class VisitorContact:
    """A contact of a person with its confidential note, which may be empty."""

    contact: ContactRecord
    note: str = ""
    former: tuple[ContactRevision, ...] = ()
    """Its earlier states, oldest first; only for an access request."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that can be taken back."""

    merge_id: str
    merged_name: str
    merged_on: date
    initials: str


@dataclass(frozen=True, slots=True)
class ErasureHold:
    """Why and until when a file is not erased although it is due. It holds on `until` itself."""

    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class VisitorFile:
    """All of one visitor file. `day` is the day it was read, which decides what the consents are worth."""

    visitor_id: str
    entry: VisitorEntry
    consents: tuple[Consent, ...]
    contacts: tuple[ContactRecord, ...]
    merges: tuple[Merge, ...]
    created_on: date
    revision: int
    day: date
    hold: ErasureHold | None = None
    """In force on `day`."""

    @property
    def may_be_kept(self) -> bool:
        """Whether the consent to keep the file is valid."""
        return self.may(ConsentKind.RECORD)

    def may(self, kind: ConsentKind) -> bool:
        """Whether there is a valid consent of a kind."""
        return any(consent.kind is kind and consent.state(self.day) is ConsentState.VALID for consent in self.consents)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """That something was passed on to another office, or came from there: when, which fields, what became of it."""

    to_other: bool
    office: str
    carrier: str
    on: date
    fields: str
    state: str
    content: str = ""
    """What was passed on, line by line, as long as it is kept."""
    answer: str = ""
    """What the other office wrote with its answer, as long as it is kept."""


@dataclass(frozen=True, slots=True)
class OtherValue:
    """Values of a field that two desks wrote differently: what stood before, what each of them wrote."""

    what: str
    field: str
    texts: tuple[str, ...]


class OtherValues(Protocol):
    """Who keeps values that did not stand (`desktop_app.sync`, above)."""

    def of_visitor(self, visitor_id: str) -> tuple[OtherValue, ...]:
        """Return them for a person's file, consents and contacts."""
        ...

    def is_connected(self) -> bool:
        """Tell whether this desk is connected to a hub."""
        ...


class PassingOn(Protocol):
    """Who passes on what visitors consented to (`desktop_app.exchange`, above), as far as files need to know."""

    def of_visitor(self, visitor_id: str) -> tuple[PassedOn, ...]:
        """Return what was passed on about a person, newest first."""
        ...

    def consent_revoked(self, unit: UnitOfWork, consent_id: str) -> None:
        """Withdraw what rests on a consent, in the transaction of its revocation."""
        ...


@dataclass(frozen=True, slots=True)
class AccessReport:
    """Everything that is stored about one person, for an access request (Art. 15 DSGVO and alike)."""

    file: VisitorFile
    contacts: tuple[VisitorContact, ...]
    former_files: tuple[VisitorEntry, ...]
    social_spaces: Mapping[str, str]
    """Names of the social spaces by the code that contacts hold."""
    passed_on: tuple[PassedOn, ...] = ()
    others: tuple[OtherValue, ...] = ()
    is_synced: bool = False
    """Whether a hub keeps it too, sealed."""
    topics: Mapping[str, str] = field(default_factory=dict)
    """Names of topics by the code that former states hold."""


@dataclass(frozen=True, slots=True)
class ContactLink:
    """Whose contact it is: a visitor file or the holder of a visit card, exactly one of them."""

    visitor_id: str | None = None
    card_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse neither and both; our bug."""
        if (self.visitor_id is None) == (self.card_id is None):
            raise ValueError("a contact belongs to a file or to a visit card")


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A new visit card. The code is here only: it is printed and forgotten."""

    card_id: str
    code: str


@dataclass(frozen=True, slots=True)
class VisitCard:
    """A visit card that was recognised by its code."""

    card_id: str
    visits: int
    last_visit: date | None


@dataclass(frozen=True, slots=True)
class VisitorsChanged:
    """Notice: this file was created, changed, merged or erased, or its consents changed."""

    visitor_id: str
