"""What visitor files need to know of referrals: what was passed on, and that consents and people go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desktop_app.core.clock import from_text, office_zone
from desktop_app.exchange.records import Cause, ContentField, Direction, ExchangeChanged, OfferState, Outcome
from desktop_app.exchange.rows import answer_part, content_in, fields_in, offer_part
from desktop_app.exchange.rules import field_label, fields_text, outcome, outcome_label
from desktop_app.exchange.settling import empty, withdraw
from desktop_app.exchange.tables import ReferralTable
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.records import PassedOn

_OF_VISITOR = """
WITH person AS (SELECT id FROM visitor WHERE id = ?1 OR merged_into = ?1)
SELECT referral.id FROM exchange_referral AS referral
LEFT JOIN visitor_consent AS consent ON consent.id = referral.consent_id
WHERE consent.visitor_id IN person OR referral.visitor_id IN person
ORDER BY referral.offered_at DESC, referral.id
"""


class PassingOnReferrals:
    """Answers what visitor files ask, for a desk that has the exchange."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store

    def of_visitor(self, visitor_id: str) -> tuple[PassedOn, ...]:
        """Return what was passed on about a person, and from whom the person came; newest first."""
        return tuple(
            PassedOn(
                to_other=row["direction"] == Direction.SENT.value,
                office=row["office_name"],
                carrier=row["carrier_name"],
                on=_day(row["offered_at"]),
                fields=fields_text(fields_in(row)),
                state=outcome_label(outcome(offer_part(row), answer_part(row))),
                content=_content(row),
                answer=row["answer_text"],
            )
            for row in _rows(self._store, visitor_id)
        )

    @staticmethod
    def consent_revoked(unit: UnitOfWork, consent_id: str) -> None:
        """Withdraw what rests on a consent, in the transaction of its revocation."""
        for row in unit.rows(ReferralTable.select().where(ReferralTable.consent_id == consent_id)):
            if outcome(offer_part(row), answer_part(row)) not in {
                Outcome.WITHDRAWN,
                Outcome.WITHDRAWN_AFTER_ACCEPTANCE,
            }:
                withdraw(unit, row, Cause.REVOKED)


def forget_visitor(unit: UnitOfWork, visitor_id: str) -> int:
    """Withdraw what was offered about a person who is erased, and empty what came; return how many contents went.

    To be called before the file goes: the way to the referrals leads over its consents. The bare facts stay, without
    any tie to the person.
    """
    gone = 0
    for row in _rows(unit, visitor_id):
        gone += bool(row["content"])
        if row["direction"] == Direction.SENT.value and row["offer"] != OfferState.WITHDRAWN.value:
            withdraw(unit, row, Cause.ERASED)
        else:
            unit.update(ReferralTable, row["id"], {"consent_id": None, "visitor_id": None})
            empty(unit, row)
        unit.notify(ExchangeChanged())
    return gone


def _rows(source: Store | UnitOfWork, visitor_id: str) -> list[dict[str, Any]]:
    ids = [row[0] for row in source.sql(_OF_VISITOR, (visitor_id,))]
    if not ids:
        return []
    found = {row["id"]: row for row in source.rows(ReferralTable.select().where(ReferralTable.id.in_(ids)))}
    return [found[one] for one in ids]


def _content(row: Mapping[str, Any]) -> str:
    content = content_in(row)
    if content is None:
        return ""
    texts = {
        ContentField.NAME: content.name,
        ContentField.PHONE: content.phone,
        ContentField.BIRTH_YEAR: str(content.birth_year or ""),
        ContentField.TOPIC: content.topic_name,
        ContentField.MESSAGE: content.message,
    }
    return "\n".join(f"{field_label(field)}: {text}" for field, text in texts.items() if text)


def _day(moment: str) -> date:
    return from_text(moment).astimezone(office_zone()).date()
