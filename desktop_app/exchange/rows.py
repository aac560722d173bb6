"""Referrals between rows of the database and records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from desktop_app.core.clock import from_text, office_zone
from desktop_app.exchange.mailbox import ANSWER, OFFER
from desktop_app.exchange.records import (
    Answer,
    Cause,
    ContentField,
    DeclineReason,
    Direction,
    OfferState,
    PartnerOffice,
    Referral,
    ReferralContent,
)
from desktop_app.exchange.rules import AnswerPart, OfferPart, outcome, told_answer
from desktop_app.exchange.wire import content_data, content_of

Row = Mapping[str, Any]


def offer_part(row: Row) -> OfferPart:
    """Return what the sender of a referral says."""
    return OfferPart(
        OfferState(row["offer"]),
        Cause(row["cause"]) if row["cause"] else None,
        bool(row["after_acceptance"]),
        row["withdrawn_at"] or "",
    )


def offer_columns(part: OfferPart) -> dict[str, object]:
    """Return the columns of an offer."""
    return {
        "offer": part.state.value,
        "cause": part.cause.value if part.cause else "",
        "after_acceptance": int(part.after_acceptance),
        "withdrawn_at": part.at or None,
    }


def answer_part(row: Row) -> AnswerPart | None:
    """Return what the receiver of a referral says, None when nothing yet."""
    if not row["answer"]:
        return None
    reason = DeclineReason(row["answer_reason"]) if row["answer_reason"] else None
    return AnswerPart(Answer(row["answer"]), reason, row["answer_text"], row["answered_at"] or "")


def answer_columns(part: AnswerPart | None) -> dict[str, object]:
    """Return the columns of an answer."""
    return {
        "answer": part.answer.value if part else "",
        "answer_reason": part.reason.value if part and part.reason else "",
        "answer_text": part.text if part else "",
        "answered_at": (part.at or None) if part else None,
    }


def content_text(content: ReferralContent) -> str:
    """Return a content as it is stored."""
    return json.dumps(content_data(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_in(row: Row) -> ReferralContent | None:
    """Return the content of a row, None when it is gone."""
    return content_of(json.loads(row["content"])) if row["content"] else None


def fields_code(fields: Iterable[ContentField]) -> str:
    """Return fields as they are stored."""
    chosen = set(fields)
    return " ".join(field.value for field in ContentField if field in chosen)


def fields_in(row: Row) -> frozenset[ContentField]:
    """Return which fields were passed on; those that only a newer program knows are left out."""
    known = {field.value for field in ContentField}
    return frozenset(ContentField(code) for code in row["fields"].split() if code in known)


def wire_key(office_id: str, collection: str, record_id: str) -> str:
    """Return the id of what is known about a record of the hub."""
    return f"{office_id}/{collection}/{record_id}"


def own_wire_key(row: Row) -> str:
    """Return the id of the record that this office writes for a referral."""
    collection = OFFER if row["direction"] == Direction.SENT.value else ANSWER
    return wire_key(row["office_id"], collection, row["id"])


def partner_of(row: Row, compared: Row | None) -> PartnerOffice:
    """Return an office of the hub; `compared` is the row of its compared key, if there is one."""
    return PartnerOffice(
        office_id=row["id"],
        name=row["name"],
        carrier=row["carrier_name"],
        has_key=bool(row["public_key"]),
        is_compared=compared is not None and compared["public_key"] == row["public_key"],
        key_changed=compared is not None and bool(row["public_key"]) and compared["public_key"] != row["public_key"],
    )


def referral_of(row: Row, wire: Mapping[str, Row], problem: str, today: date) -> Referral:
    """Return a referral for a list. `wire` is what is known about the hub's records by their ids."""
    offer, answer = offer_part(row), answer_part(row)
    direction = Direction(row["direction"])
    content = content_in(row)
    offered_at = from_text(row["offered_at"]).astimezone(office_zone())
    known = wire.get(own_wire_key(row))
    if direction is Direction.SENT:
        # What was withdrawn before the hub heard of it needs no telling.
        is_told = known["state"] == row["offer"] if known is not None else offer.state is not OfferState.OFFERED
    else:
        # An answer that met a withdrawal is not told any more.
        told = told_answer(offer, answer)
        is_told = told is None or (known is not None and known["state"] == told.answer.value)
    return Referral(
        referral_id=row["id"],
        direction=direction,
        office_id=row["office_id"],
        office_name=row["office_name"],
        carrier=row["carrier_name"],
        person=content.name if content else "",
        offered_at=offered_at,
        expires_on=date.fromisoformat(row["expires_on"]),
        outcome=outcome(offer, answer),
        cause=offer.cause,
        answer=answer.answer if answer else None,
        reason=answer.reason if answer else None,
        answer_text=answer.text if answer else "",
        answered_at=_local(row["answered_at"]),
        withdrawn_at=_local(row["withdrawn_at"]),
        has_content=content is not None,
        is_told=is_told,
        problem=problem,
        days_waiting=max(0, (today - offered_at.date()).days),
        visitor_id=row["visitor_id"],
    )


def by_id(rows: Sequence[Row]) -> dict[str, Row]:
    """Return rows by their ids."""
    return {row["id"]: row for row in rows}


def _local(moment: str | None) -> Any:
    return from_text(moment).astimezone(office_zone()) if moment else None
