"""The two records of a referral as canonical JSON, before they are sealed; checked closely when they come back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from desktop_app.exchange.mailbox import OFFER
from desktop_app.exchange.records import Answer, Cause, ConsentFact, DeclineReason, OfferState, ReferralContent
from desktop_app.exchange.rules import LONGEST_ANSWER, LONGEST_MESSAGE, AnswerPart, OfferPart

VERSION: Final = 1
_LONGEST_LINE: Final = 200
_MOMENT_LETTERS: Final = 24


class BadRecord(Exception):
    """What was sealed makes no sense here, such as what a faulty program wrote."""


class MovedRecord(BadRecord):
    """It was sealed for another place than the one where the hub has it."""


class NewerRecord(Exception):
    """A newer program wrote it."""


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """The offer as it travels. `content` only while it stands."""

    offered_at: str
    expires_on: date
    part: OfferPart
    content: ReferralContent | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record belongs; it stands inside and is checked."""

    collection: str
    record_id: str
    sender: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record and whether the own office wrote it."""

    is_own: bool
    record: OfferRecord | AnswerPart


def offer_bytes(place: Place, offer: OfferRecord) -> bytes:
    """Return an offer for the wire."""
    body: dict[str, Any] = {"offered_at": offer.offered_at, "expires_on": offer.expires_on.isoformat()}
    if offer.part.state is OfferState.OFFERED and offer.content is not None:
        body["content"] = content_data(offer.content)
    if offer.part.state is OfferState.WITHDRAWN:
        body["cause"] = offer.part.cause.value if offer.part.cause else ""
        body["after_acceptance"] = offer.part.after_acceptance
        body["at"] = offer.part.at
    return _canonical(place, offer.part.state.value, body)


def answer_bytes(place: Place, answer: AnswerPart) -> bytes:
    """Return an answer for the wire."""
    body = {"reason": answer.reason.value if answer.reason else "", "text": answer.text, "at": answer.at}
    return _canonical(place, answer.answer.value, body)


def parsed(collection: str, record_id: str, own: str, other: str, plain: bytes) -> Parsed:
    """Return what a record of the space between two offices says, and which of them wrote it.

    Raises:
        NewerRecord: a newer program wrote it.
        MovedRecord: it belongs elsewhere.
        BadRecord: it makes no sense.
    """
    try:
        document = json.loads(plain)
        if document["v"] != VERSION:
            if isinstance(document["v"], int) and document["v"] > VERSION:
                raise NewerRecord("a newer program wrote this")
            raise BadRecord("no such version")
        claimed = Place(document["c"], document["i"], document["from"], document["to"])
        if claimed not in {Place(collection, record_id, own, other), Place(collection, record_id, other, own)}:
            raise MovedRecord("the record belongs elsewhere")
        state, body = document["state"], document["f"]
        return Parsed(claimed.sender == own, _offer(state, body) if collection == OFFER else _answer(state, body))
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadRecord("the record makes no sense") from error


def content_data(content: ReferralContent) -> dict[str, Any]:
    """Return a content as data; what was not passed on is left out."""
    fact = content.consent
    data: dict[str, Any] = {
        "consent": {
            "given_on": fact.given_on.isoformat(),
            "form_version": fact.form_version,
            "partner": fact.partner,
            "purpose": fact.purpose,
            "ends_on": fact.ends_on.isoformat() if fact.ends_on else None,
        }
    }
    for name in ("name", "phone", "birth_year", "topic_code", "topic_name", "message", "callback"):
        value = getattr(content, name)
        if value:
            data[name] = value
    return data


def content_of(data: Any) -> ReferralContent:
    """Return the content that data say.

    Raises:
        KeyError, TypeError, ValueError: they make no sense.
    """
    fact = data["consent"]
    year = data.get("birth_year")
    if year is not None and (not isinstance(year, int) or isinstance(year, bool) or not 1900 <= year <= 2100):
        raise ValueError("no year of birth")
    return ReferralContent(
        consent=ConsentFact(
            given_on=date.fromisoformat(fact["given_on"]),
            form_version=_line(fact["form_version"]),
            partner=_line(fact["partner"]),
            purpose=_line(fact["purpose"]),
            ends_on=date.fromisoformat(fact["ends_on"]) if fact["ends_on"] else None,
        ),
        name=_line(data.get("name", "")),
        phone=_line(data.get("phone", "")),
        birth_year=year,
        topic_code=_line(data.get("topic_code", "")),
        topic_name=_line(data.get("topic_name", "")),
        message=_text(data.get("message", ""), LONGEST_MESSAGE),
        callback=_line(data.get("callback", "")),
    )


def _canonical(place: Place, state: str, body: dict[str, Any]) -> bytes:
    document = {
        "v": VERSION,
        "c": place.collection,
        "i": place.record_id,
        "from": place.sender,
        "to": place.receiver,
        "state": state,
        "f": body,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _offer(state: str, body: Any) -> OfferRecord:
    found = OfferState(state)
    if found is OfferState.WITHDRAWN:
        part = OfferPart(found, Cause(body["cause"]), _truth(body["after_acceptance"]), _moment(body["at"]))
    else:
        part = OfferPart(found)
    content = content_of(body["content"]) if found is OfferState.OFFERED else None
    return OfferRecord(_moment(body["offered_at"]), date.fromisoformat(body["expires_on"]), part, content)


def _answer(state: str, body: Any) -> AnswerPart:
    reason = DeclineReason(body["reason"]) if body["reason"] else None
    return AnswerPart(Answer(state), reason, _text(body["text"], LONGEST_ANSWER), _moment(body["at"]))


def _line(value: Any) -> str:
    return _text(value, _LONGEST_LINE)


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise ValueError("no text, or too long")
    value.encode()  # a lone surrogate can't be stored
    return value


def _moment(value: Any) -> str:
    from desktop_app.core.clock import from_text

    if not isinstance(value, str) or len(value) != _MOMENT_LETTERS:
        raise ValueError("no moment")
    from_text(value)
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value
