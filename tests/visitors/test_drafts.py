"""The half-typed visitor file: one per account, for a day, gone with the person it speaks of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.storage.store import Store
from desktop_app.visitors.drafts import VisitorDrafts

OTHER = Actor("018f0000-0000-7000-8000-000000000002", "Karl Beispiel", "KB")
ANNA = {"name": "Anna Beispiel", "ticks": ["record"]}


@pytest.fixture
def drafts(store: Store) -> VisitorDrafts:
    return VisitorDrafts(store)


def test_it_is_the_accounts_own_and_kept_in_its_last_state(drafts: VisitorDrafts, actor: Actor) -> None:
    assert drafts.open_draft(actor) is None
    assert drafts.keep(actor, {"name": "Ann"})
    assert drafts.keep(actor, ANNA, is_known=True)
    assert drafts.open_draft(actor) == ANNA
    assert drafts.open_draft(OTHER) is None


def test_what_was_erased_is_not_written_back(drafts: VisitorDrafts, actor: Actor) -> None:
    drafts.keep(actor, ANNA)
    drafts.discard(actor)
    assert not drafts.keep(actor, ANNA, is_known=True)
    assert drafts.open_draft(actor) is None


def test_after_a_day_it_is_gone_whoever_looks(
    drafts: VisitorDrafts, store: Store, actor: Actor, clock: FixedClock
) -> None:
    drafts.keep(actor, ANNA)
    clock.advance(timedelta(hours=23))
    assert drafts.open_draft(actor) == ANNA
    clock.advance(timedelta(hours=2))
    assert drafts.open_draft(OTHER) is None
    assert store.sql("SELECT * FROM contact_draft") == []
