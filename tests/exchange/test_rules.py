"""Which consent names an office, what withdraws an offer, and how parts come together in any order."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.exchange.merging import merged_row
from desktop_app.exchange.records import Answer, Cause, ContentField, DeclineReason, OfferState, Outcome, PartnerOffice
from desktop_app.exchange.rules import (
    AnswerPart,
    OfferPart,
    after_answer,
    cause_label,
    field_label,
    is_expired,
    joined_offer,
    lost_ground,
    names_office,
    outcome,
    outcome_label,
    reason_label,
    told_answer,
    withdrawn,
)
from desktop_app.visitors.records import Consent, ConsentKind

TODAY = date(2026, 11, 22)


def office(name: str, carrier: str, office_id: str = "1") -> PartnerOffice:
    return PartnerOffice(office_id, name, carrier, has_key=True, is_compared=True, key_changed=False)


@pytest.mark.parametrize(
    ("partner", "name", "carrier", "named"),
    [
        ("Quartiersbüro Süd", "Quartiersbüro Süd", "Caritas Musterstadt", True),
        ("Quartiersbuero Sued", "Quartiersbüro Süd", "Caritas Musterstadt", True),
        ("Caritas", "Quartiersbüro Süd", "Caritasverband Musterstadt e. V.", True),
        ("Caritas, Quartiersbüro Süd", "Quartiersbüro Süd", "Caritasverband Musterstadt e. V.", True),
        ("Caritasverband Musterstadt e. V.", "Quartiersbüro Süd", "Caritasverband Musterstadt e. V.", True),
        ("AWO Musterstadt", "Büro Süd", "AWO Kreisverband Musterstadt", True),
        ("das Quartiersbüro Süd der Caritas", "Quartiersbüro Süd", "Caritasverband Musterstadt", True),
        ("Pflegedienst Süd", "Quartiersbüro Süd", "Caritasverband Musterstadt", False),
        ("Caritas-Pflegedienst", "Quartiersbüro Süd", "Caritasverband Musterstadt", False),
        ("Quartiersbüro", "Quartiersbüro Süd", "Caritasverband Musterstadt", False),
        ("Quartiersbüro Nord", "Quartiersbüro Süd", "Caritasverband Musterstadt", False),
        ("Musterstadt", "Quartiersbüro Süd", "Caritasverband Musterstadt", False),
        ("Süd", "Quartiersbüro Süd", "Caritasverband Musterstadt", False),
        ("Verband", "Quartiersbüro Süd", "Verband", False),
        ("Caritas und AWO", "Quartiersbüro Süd", "Caritasverband Musterstadt", False),
        ("C", "Quartiersbüro Süd", "Caritasverband Musterstadt", False),
        ("", "Quartiersbüro Süd", "Caritasverband Musterstadt", False),
        ("e. V.", "Quartiersbüro Süd", "Caritasverband e. V.", False),
    ],
)
def test_a_consent_names_an_office_or_its_carrier_and_nobody_else(partner, name, carrier, named):
    assert names_office(partner, office(name, carrier)) is named


def test_of_two_offices_with_one_name_the_carrier_must_be_named():
    mine, other = office("Quartiersbüro Mitte", "AWO"), office("Quartiersbüro Mitte", "DRK", "2")
    assert not names_office("Quartiersbüro Mitte", mine, [mine, other])
    assert names_office("Quartiersbüro Mitte der AWO", mine, [mine, other])
    assert not names_office("Quartiersbüro Mitte der AWO", other, [mine, other])


def consent(*, given_on: date = TODAY, ends: date | None = None, revoked: date | None = None) -> Consent:
    return Consent("1", ConsentKind.PASS_ON, given_on, "2026-11", ends, "Caritas", "Pflege", revoked, "EM")


@pytest.mark.parametrize(
    ("found", "waiting", "answered"),
    [
        (consent(), None, None),
        (None, Cause.ERASED, Cause.ERASED),
        (consent(revoked=TODAY), Cause.REVOKED, Cause.REVOKED),
        (consent(given_on=date(2026, 1, 1), ends=date(2026, 11, 21)), Cause.ENDED, None),
        (consent(given_on=date(2026, 11, 23)), Cause.ENDED, None),
    ],
)
def test_what_takes_the_ground_from_an_offer(found, waiting, answered):
    last = date(2026, 12, 6)
    assert lost_ground(Outcome.WAITING, found, last, TODAY) is waiting
    for state in (Outcome.ACCEPTED, Outcome.DECLINED):
        assert lost_ground(state, found, last, TODAY) is answered
    for state in (Outcome.WITHDRAWN, Outcome.WITHDRAWN_AFTER_ACCEPTANCE):
        assert lost_ground(state, found, last, TODAY) is None


def test_the_last_day_counts():
    assert not is_expired(TODAY, TODAY)
    assert is_expired(date(2026, 11, 21), TODAY)
    assert lost_ground(Outcome.WAITING, consent(), date(2026, 11, 21), TODAY) is Cause.EXPIRED


OFFERS = st.one_of(
    st.sampled_from([OfferPart(OfferState.OFFERED), OfferPart(OfferState.CLOSED)]),
    st.builds(
        OfferPart, st.just(OfferState.WITHDRAWN), st.sampled_from(Cause), st.booleans(), st.sampled_from(["1", "2"])
    ),
)
ANSWERS = st.one_of(
    st.none(), st.just(AnswerPart(Answer.ACCEPTED)), st.builds(AnswerPart, st.just(Answer.DECLINED), st.sampled_from(DeclineReason))
)  # fmt: skip


@given(OFFERS, OFFERS, OFFERS)
def test_an_offer_never_goes_back(one, two, three):
    ends = {joined_offer(joined_offer(a, b), c).state for a, b, c in permutations((one, two, three))}
    assert len(ends) == 1
    assert joined_offer(one, one) == one


@given(OFFERS, ANSWERS, st.sampled_from(Cause))
def test_a_withdrawal_beats_every_answer_its_writer_had_not_seen(offer, answer, cause):
    gone = withdrawn(offer, answer, cause, "3")
    assert outcome(gone, answer) in {Outcome.WITHDRAWN, Outcome.WITHDRAWN_AFTER_ACCEPTANCE}
    assert withdrawn(gone, answer, Cause.EXPIRED, "4") == gone
    assert told_answer(gone, answer) is None
    if offer.state is not OfferState.WITHDRAWN:
        saw = answer is not None and answer.answer is Answer.ACCEPTED
        assert (outcome(gone, None) is Outcome.WITHDRAWN_AFTER_ACCEPTANCE) is saw
    for later in (None, AnswerPart(Answer.ACCEPTED), AnswerPart(Answer.DECLINED)):
        assert outcome(gone, later) is outcome(gone, answer)


@given(OFFERS, ANSWERS)
def test_an_answer_closes_what_is_offered(offer, answer):
    after = after_answer(offer, answer)
    assert (after.state is OfferState.OFFERED) is (offer.state is OfferState.OFFERED and answer is None)
    assert outcome(after, answer) is outcome(offer, answer)


ROWS = st.fixed_dictionaries(
    {
        "offer": st.sampled_from([state.value for state in OfferState]),
        "cause": st.sampled_from(["", "by_hand", "revoked"]),
        "after_acceptance": st.sampled_from([0, 1]),
        "withdrawn_at": st.sampled_from([None, "1", "2"]),
        "answer": st.sampled_from(["", "accepted", "declined"]),
        "answer_reason": st.sampled_from(["", "other"]),
        "answer_text": st.sampled_from(["", "text"]),
        "answered_at": st.sampled_from([None, "1", "2"]),
        "content": st.sampled_from(["", "content"]),
        "consent_id": st.sampled_from([None, "consent"]),
        "visitor_id": st.sampled_from([None, "a", "b"]),
        "account_id": st.sampled_from(["", "a", "b"]),
        "office_name": st.sampled_from(["", "Süd"]),
        "carrier_name": st.just(""),
    }
)


@given(ROWS, ROWS)
def test_two_desks_of_an_office_merge_to_the_same(mine: dict[str, Any], theirs: dict[str, Any]):
    merged = merged_row(mine, theirs)
    other_way = merged_row(theirs, mine)
    assert {name: merged[name] for name in ("offer", "answer", "content", "consent_id", "visitor_id")} == {
        name: other_way[name] for name in ("offer", "answer", "content", "consent_id", "visitor_id")
    }
    assert merged_row(merged, theirs)["offer"] == merged["offer"]
    if not (mine["content"] and theirs["content"]):
        assert merged["content"] == ""


def test_everything_has_words():
    assert len({reason_label(reason) for reason in DeclineReason}) == len(DeclineReason)
    assert len({cause_label(cause) for cause in Cause}) == len(Cause)
    assert len({outcome_label(state) for state in Outcome}) == len(Outcome)
    assert len({field_label(field) for field in ContentField}) == len(ContentField)
