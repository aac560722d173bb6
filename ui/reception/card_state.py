"""What stands on one contact card, and how it is kept as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from desktop_app.contacts.records import ContactEntry, ContactRecord, NeedEntry, ReferralEntry
from desktop_app.contacts.rules import RESULTS_WITH_REASON
from desktop_app.contacts.vocabulary import NOT_ASKED, Channel, Depth, Fact, ReferralMode, Result, UnmetReason


@dataclass(frozen=True, slots=True)
class Pick:
    """A service picked for the visitor; it is a referral and stands on the Merkzettel."""

    service_id: str
    name: str
    organization: str
    mode: ReferralMode = ReferralMode.NAMED
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """The recorded contact that a card corrects."""

    contact_id: str
    revision: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """Whose contact it is, by number only: a visitor file or a visit card."""

    visitor_id: str = ""
    card_id: str = ""


@dataclass(slots=True)
class CardState:
    """One open card. A blank card has no time yet: it begins with the first thing entered."""

    card_id: str
    began_at: datetime | None = None
    channel: Channel = Channel.OFFICE
    depth: Depth = Depth.INFORMATION
    needs: dict[str, NeedEntry] = field(default_factory=dict)
    picks: list[Pick] = field(default_factory=list)
    facts: dict[Fact, str] = field(default_factory=dict)
    material: str = ""
    note: str = ""
    search_text: str = ""
    correction: Correction | None = None
    link: Link | None = None
    link_before: Link | None = None
    """Whose the contact was before its correction."""
    is_kept: bool = False
    """Whether there is a draft of it on disk."""
    is_erased: bool = False
    """What it speaks of was erased while it was open: nothing of it is written any more."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered that could be lost."""
        return (
            self.correction is None
            and not self.needs
            and not self.picks
            and not self.facts
            and not self.material
            and not self.note
            and not self.search_text
            and self.link is None
            and self.channel is Channel.OFFICE
            and self.depth is Depth.INFORMATION
        )

    def toggle_topic(self, code: str, *, on: bool) -> None:
        """Add a need with the commonest result, or take it away."""
        if on:
            self.needs.setdefault(code, NeedEntry(code))
        else:
            self.needs.pop(code, None)

    def set_result(self, code: str, result: Result, reason: UnmetReason | None) -> None:
        """Say what became of a need; a reason is dropped where none belongs."""
        if code in self.needs:
            self.needs[code] = NeedEntry(code, result, reason if result in RESULTS_WITH_REASON else None)

    def set_fact(self, fact: Fact, code: str) -> None:
        """Answer an optional question; not asked is no answer."""
        if code == NOT_ASKED:
            self.facts.pop(fact, None)
        else:
            self.facts[fact] = code

    def add_pick(self, pick: Pick) -> bool:
        """Add a service; False when it was there already."""
        if any(other.service_id == pick.service_id for other in self.picks):
            return False
        self.picks.append(pick)
        return True

    def replace_pick(self, pick: Pick) -> None:
        """Replace the pick of the same service."""
        self.picks = [pick if other.service_id == pick.service_id else other for other in self.picks]

    def remove_pick(self, service_id: str) -> None:
        """Take a service away."""
        self.picks = [pick for pick in self.picks if pick.service_id != service_id]

    def entry(self) -> ContactEntry:
        """Return what is saved."""
        return ContactEntry(
            channel=self.channel,
            needs=tuple(self.needs.values()),
            referrals=tuple(ReferralEntry(pick.service_id, pick.mode, pick.due_on) for pick in self.picks),
            depth=self.depth,
            facts=dict(self.facts),
            material=self.material,
            note=self.note,
            started_at=self.began_at,
        )

    def take_over(self, record: ContactRecord) -> None:
        """Fill the card with what a recorded contact says, but for its note."""
        self.channel, self.depth, self.material = record.channel, record.depth, record.material
        self.needs = {
            need.topic_code: NeedEntry(need.topic_code, need.result, need.unmet_reason) for need in record.needs
        }
        self.picks = [
            Pick(ref.service_id, ref.service_name, ref.organization_name, ref.mode, ref.due_on)
            for ref in record.referrals
        ]
        self.facts = {fact: code for fact, code in record.facts.items() if code != NOT_ASKED}

    def to_content(self) -> dict[str, object]:
        """Return the card as plain values for the draft."""
        return {
            "channel": self.channel.value,
            "depth": self.depth.value,
            "needs": [[need.topic_code, need.result.value, need.unmet_reason] for need in self.needs.values()],
            "picks": [
                [pick.service_id, pick.name, pick.organization, pick.mode.value, _day_text(pick.due_on)]
                for pick in self.picks
            ],
            "facts": {fact.value: code for fact, code in self.facts.items()},
            "material": self.material,
            "note": self.note,
            "search_text": self.search_text,
            "correction": self.correction
            and [self.correction.contact_id, self.correction.revision, self.correction.recorded_at.isoformat()],
            "link": self.link and [self.link.visitor_id, self.link.card_id],
            "link_before": self.link_before and [self.link_before.visitor_id, self.link_before.card_id],
        }

    @classmethod
    def from_content(cls, card_id: str, began_at: datetime, content: Mapping[str, Any]) -> CardState:
        """Return the card of a draft."""
        correction = content["correction"]
        return cls(
            card_id=card_id,
            began_at=began_at,
            channel=Channel(content["channel"]),
            depth=Depth(content["depth"]),
            needs={
                code: NeedEntry(code, Result(result), UnmetReason(reason) if reason else None)
                for code, result, reason in content["needs"]
            },
            picks=[
                Pick(service_id, name, organization, ReferralMode(mode), date.fromisoformat(due) if due else None)
                for service_id, name, organization, mode, due in content["picks"]
            ],
            facts={Fact(name): code for name, code in content["facts"].items()},
            material=content["material"],
            note=content["note"],
            search_text=content["search_text"],
            correction=Correction(correction[0], correction[1], datetime.fromisoformat(correction[2]))
            if correction
            else None,
            link=Link(*content["link"]) if content.get("link") else None,
            link_before=Link(*content["link_before"]) if content.get("link_before") else None,
            is_kept=True,
        )


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None
