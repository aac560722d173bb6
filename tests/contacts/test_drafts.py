"""Drafts: kept on every change, gone with their contact, and only for who typed them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.errors import InputError
from tests.contacts.office import FrontDesk

STARTED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SIMPLE = ContactEntry(needs=(NeedEntry("pflege"),))


def test_a_draft_is_kept_and_replaced(desk: FrontDesk) -> None:
    desk.drafts.keep(desk.erika, "d-1", 0, STARTED, {"note": "Frau"})
    desk.drafts.keep(desk.erika, "d-2", 1, STARTED, {"note": "zweite"})
    desk.drafts.keep(
        desk.erika, "d-1", 2, STARTED + timedelta(hours=1), {"note": "Frau Ä", "topics": ["pflege"], "n": None}
    )
    second, first = desk.drafts.open_drafts(desk.erika)
    assert (second.draft_id, first.draft_id, first.position) == ("d-2", "d-1", 2)
    assert first.content == {"note": "Frau Ä", "topics": ["pflege"], "n": None}
    assert first.started_at == STARTED
    assert first.started_at.hour == 10


def test_each_account_has_its_own_drafts(desk: FrontDesk) -> None:
    desk.drafts.keep(desk.erika, "d-1", 0, STARTED, {})
    assert desk.drafts.open_drafts(desk.karl) == ()


def test_a_discarded_draft_is_gone(desk: FrontDesk) -> None:
    desk.drafts.keep(desk.erika, "d-1", 0, STARTED, {})
    desk.drafts.discard(desk.erika, "d-1")
    desk.drafts.discard(desk.erika, "d-1")
    assert desk.drafts.open_drafts(desk.erika) == ()


def test_a_draft_goes_with_its_contact_and_stays_when_that_is_refused(desk: FrontDesk) -> None:
    desk.drafts.keep(desk.erika, "d-1", 0, STARTED, {"note": "x"})
    with pytest.raises(InputError):
        desk.contacts.record_contact(desk.erika, dataclasses.replace(SIMPLE, needs=()), draft_id="d-1")
    assert len(desk.drafts.open_drafts(desk.erika)) == 1
    contact_id = desk.contacts.record_contact(desk.erika, SIMPLE, draft_id="d-1")
    assert desk.drafts.open_drafts(desk.erika) == ()
    desk.drafts.keep(desk.erika, "d-2", 0, STARTED, {"corrects": contact_id})
    desk.contacts.correct_contact(desk.erika, contact_id, SIMPLE, revision=1, draft_id="d-2")
    assert desk.drafts.open_drafts(desk.erika) == ()


def test_drafts_leave_no_trail(desk: FrontDesk) -> None:
    before = desk.store.sql("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entry)")
    desk.drafts.keep(desk.erika, "d-1", 0, STARTED, {"note": "x"})
    desk.drafts.discard(desk.erika, "d-1")
    assert desk.store.sql("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entry)") == before
