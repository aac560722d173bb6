"""Two desks of one office say different things about a referral: what stands, without asking anybody. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from desktop_app.exchange.records import OfferState

_RANK: Final = {OfferState.OFFERED.value: 0, OfferState.CLOSED.value: 1, OfferState.WITHDRAWN.value: 2}
_OFFER: Final = ("offer", "cause", "after_acceptance", "withdrawn_at")
_ANSWER: Final = ("answer", "answer_reason", "answer_text", "answered_at")


def merged_row(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that stand, the same whichever comes first.

    What went on further stands; content that one of them has taken away is gone. Of two different answers the earlier
    one stands until the hub tells which one came first there.
    """
    merged = dict(mine)
    further = max(mine, theirs, key=lambda row: (_RANK.get(row["offer"], -1), _text(row["withdrawn_at"], low=True),
                                                 row["cause"], row["after_acceptance"]))  # fmt: skip
    answered = min(mine, theirs, key=lambda row: (not row["answer"], _text(row["answered_at"]), row["answer"],
                                                  row["answer_reason"]))  # fmt: skip
    merged |= {name: further[name] for name in _OFFER}
    merged |= {name: answered[name] for name in _ANSWER}
    for name in ("content", "answer_text"):
        if not (mine["content"] and theirs["content"]):
            merged[name] = ""
    for name in ("consent_id", "visitor_id", "account_id", "office_name", "carrier_name"):
        both = sorted(str(row[name]) for row in (mine, theirs) if row[name])
        merged[name] = both[0] if both else mine[name]
    if not (mine["consent_id"] and theirs["consent_id"]):
        merged["consent_id"] = None  # the person was erased on one of them
    return merged


def _text(value: str | None, *, low: bool = False) -> str:
    return value or ("" if low else "~")
