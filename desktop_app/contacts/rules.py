"""What makes a contact complete; pure."""

from __future__ import annotations

from collections.abc import Collection

from desktop_app.contacts.records import ContactEntry
from desktop_app.contacts.vocabulary import (
    OUTSIDE_SOCIAL_SPACES,
    Fact,
    Result,
    answer_label,
    fact_answers,
    open_answers,
)
from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

LONGEST_NOTE = 20_000
LONGEST_MATERIAL = 500
RESULTS_WITH_REASON = frozenset({Result.UNMET, Result.PARTLY})


def check_entry(entry: ContactEntry, topic_codes: Collection[str], space_ids: Collection[str]) -> None:
    """Refuse an entry that can't be saved.

    Raises:
        InputError: no topic, an unknown or doubled topic, a doubled service, a reason without an unmet need, an
            unknown answer, or a text that is too long.
    """
    if not entry.needs:
        raise InputError("needs", tr("Bitte wählen Sie mindestens ein Thema."))
    codes = [need.topic_code for need in entry.needs]
    for code in codes:
        if code not in topic_codes:
            raise InputError("needs", tr("Das Thema „{code}“ gibt es nicht.", code=code))
    if len(set(codes)) != len(codes):
        raise InputError("needs", tr("Ein Thema ist doppelt gewählt."))
    for need in entry.needs:
        if need.unmet_reason is not None and need.result not in RESULTS_WITH_REASON:
            raise InputError(
                "needs", tr("Ein Grund gehört nur zu einem Anliegen, das nicht oder nur teilweise geklärt ist.")
            )
    services = [referral.service_id for referral in entry.referrals]
    if len(set(services)) != len(services):
        raise InputError("referrals", tr("Ein Angebot ist doppelt ausgewählt."))
    for fact, code in entry.facts.items():
        _check_fact(fact, code, space_ids)
    if len(entry.note) > LONGEST_NOTE:
        raise InputError("note", tr("Die vertrauliche Notiz ist zu lang (höchstens 20.000 Zeichen)."))
    if len(entry.material) > LONGEST_MATERIAL:
        raise InputError("material", tr("Die Angabe zum Material ist zu lang (höchstens 500 Zeichen)."))


def _check_fact(fact: Fact, code: str, space_ids: Collection[str]) -> None:
    if code in open_answers() or code in fact_answers(fact):
        return
    if fact is Fact.SOCIAL_SPACE and (code in space_ids or code == OUTSIDE_SOCIAL_SPACES):
        return
    raise InputError(
        fact.value,
        tr("Die Antwort „{code}“ gibt es bei „{question}“ nicht.", code=answer_label(fact, code), question=fact.label),
    )
