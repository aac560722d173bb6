"""Withdrawing what lost its ground, and taking content away where it must not be any more; inside a unit of work."""

from __future__ import annotations

from datetime import date

from desktop_app.exchange.records import Cause, Direction, ExchangeChanged, OfferState, Outcome
from desktop_app.exchange.rows import Row, answer_part, by_id, offer_columns, offer_part, own_wire_key
from desktop_app.exchange.rules import OfferPart, is_expired, lost_ground, outcome, withdrawn
from desktop_app.exchange.tables import ReferralTable, WireTable
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.rows import consent_of
from desktop_app.visitors.tables import ConsentTable

_GONE: dict[str, object] = {"content": "", "answer_text": ""}


def due(store: Store) -> list[tuple[Row, Cause | None]]:
    """Return the referrals to settle: sent ones with the cause to withdraw, received ones whose content must go."""
    today = store.clock.today()
    rows = store.rows(
        ReferralTable.select().where(
            (ReferralTable.content != "")
            | (ReferralTable.direction == Direction.SENT.value) & (ReferralTable.offer != OfferState.WITHDRAWN.value)
        )
    )
    if not rows:
        return []
    ids = [row["consent_id"] for row in rows if row["consent_id"]]
    consents = {row["id"]: consent_of(row) for row in store.rows(ConsentTable.select().where(ConsentTable.id.in_(ids)))}
    wire = by_id(store.rows(WireTable.select()))
    found: list[tuple[Row, Cause | None]] = []
    for row in rows:
        state = outcome(offer_part(row), answer_part(row))
        last_day = date.fromisoformat(row["expires_on"])
        is_sent = row["direction"] == Direction.SENT.value
        cause = lost_ground(state, consents.get(row["consent_id"]), last_day, today) if is_sent else None
        if cause is not None:
            found.append((row, cause))
        elif state is Outcome.WITHDRAWN and row["content"]:
            # The sender's own copy serves to take a withdrawal back, as long as the hub still holds the offer.
            known = wire.get(own_wire_key(row)) if is_sent else None
            if known is None or known["state"] == OfferState.WITHDRAWN.value:
                found.append((row, None))
        elif not is_sent and state is Outcome.WAITING and is_expired(last_day, today):
            found.append((row, None))
    return found


def withdraw(unit: UnitOfWork, row: Row, cause: Cause) -> None:
    """Withdraw a sent referral. What is withdrawn by hand keeps its content until the hub was told, to be undone."""
    part = withdrawn(offer_part(row), answer_part(row), cause, unit.moment)
    tie: dict[str, object] = {"consent_id": None} if cause is Cause.ERASED else {}
    unit.update(ReferralTable, row["id"], {**offer_columns(part), **tie})
    if cause is not Cause.BY_HAND:
        empty(unit, row)
    unit.notify(ExchangeChanged())


def take_offer(unit: UnitOfWork, row: Row, part: OfferPart) -> bool:
    """Write what an offer has become and take away content that must not stay; return whether anything changed."""
    has_changed = part != offer_part(row)
    if has_changed:
        unit.update(ReferralTable, row["id"], offer_columns(part))
    must_go = outcome(part, answer_part(row)) is Outcome.WITHDRAWN
    if must_go and empty(unit, row):
        has_changed = True
    if has_changed:
        unit.notify(ExchangeChanged())
    return has_changed


def empty(unit: UnitOfWork, row: Row) -> bool:
    """Take content and free text of a referral away for good, on every desk; return whether there was any."""
    if not (row["content"] or row["answer_text"]):
        return False
    unit.update(ReferralTable, row["id"], _GONE, erased=True)
    return True


def remove_content(unit: UnitOfWork, referral_id: str) -> bool:
    """Take the content of a referral away; the bare fact stays. Return whether there was any."""
    row = unit.first(ReferralTable.select().where(ReferralTable.id == referral_id))
    if row is None or not empty(unit, row):
        return False
    unit.notify(ExchangeChanged())
    return True
