"""What people do with conflicts, and take back: just what they did, whatever was settled before or since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from desktop_app.contacts.vocabulary import Channel, ReferralState
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Role
from desktop_app.sync.records import Choice, SyncChanged
from desktop_app.sync.service import SyncService
from tests.sync.desks import OfficeDesk, fonts, in_step


@pytest.fixture
def clashed(pair: tuple[OfficeDesk, OfficeDesk]) -> tuple[OfficeDesk, OfficeDesk]:
    """Two contacts of which both desks changed the channel, the material and the note."""
    one, two = pair
    contacts = [one.contact(), one.contact()]
    in_step(one, two)
    for contact in contacts:
        one.correct(contact, channel=Channel.PHONE, material="Rollator", note="Hat Schulden")
        two.correct(contact, channel=Channel.MAIL, material="Lupe", note="Hat die Kündigung")
    in_step(one, two)
    assert len(two.sync.conflicts()) == 2
    return one, two


def ids(desk: OfficeDesk) -> list[str]:
    return [conflict.conflict_id for conflict in desk.sync.conflicts()]


def rows(desk: OfficeDesk) -> list[tuple[object, ...]]:
    return desk.store.sql("SELECT * FROM sync_conflict ORDER BY id")


def stands(desk: OfficeDesk, conflict_id: str) -> dict[str, Choice]:
    return {field.name: field.stands for field in desk.sync.conflict(conflict_id).fields}


@contextmanager
def notices(desk: OfficeDesk) -> Iterator[list[SyncChanged]]:
    heard: list[SyncChanged] = []
    unsubscribe = desk.store.notices.subscribe(SyncChanged, heard.append)
    yield heard
    unsubscribe()


def test_all_go_at_once_and_come_back_at_once(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = clashed
    waiting, before, state = ids(two), rows(two), two.state()
    with notices(two) as heard:
        settled = two.sync.dismiss_all(two.actor, waiting)
    assert len(heard) == 1
    assert sorted(settled.conflict_ids) == sorted(waiting)
    assert ids(two) == []
    assert {key: text for key, text in two.state().items() if not key.startswith("sync_conflict/")} == {
        key: text for key, text in state.items() if not key.startswith("sync_conflict/")
    }
    in_step(one, two)
    assert ids(one) == []
    with notices(two) as heard:
        two.sync.take_back(two.actor, settled)
    assert len(heard) == 1
    assert rows(two) == before
    in_step(one, two)
    assert ids(one) == waiting


def test_the_log_names_each_of_them(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    _, two = clashed
    waiting = ids(two)
    settled = two.sync.dismiss_all(two.actor, waiting)
    two.sync.take_back(two.actor, settled)
    for action in ("dismiss_conflict", "undo_conflict_decision"):
        named = two.store.sql("SELECT subject_id FROM audit_entry WHERE action = ?", (action,))
        assert sorted(row[0] for row in named if row[0] in waiting) == sorted(waiting), action


def test_what_was_decided_before_all_were_put_away_stays_decided(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    _, two = clashed
    partly = ids(two)[0]
    two.sync.decide(two.actor, partly, "channel", Choice.THEIRS)
    before, state = rows(two), two.state()
    settled = two.sync.dismiss_all(two.actor, ids(two))
    two.sync.take_back(two.actor, settled)
    assert rows(two) == before
    assert two.state() == state
    assert stands(two, partly)["channel"] is Choice.THEIRS


def test_the_same_holds_where_one_alone_is_put_away(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    _, two = clashed
    partly = ids(two)[0]
    two.sync.decide(two.actor, partly, "channel", Choice.THEIRS)
    before = rows(two)
    two.sync.take_back(two.actor, two.sync.dismiss(two.actor, partly))
    assert rows(two) == before


def test_one_decision_is_taken_back_and_no_other(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    _, two = clashed
    conflict_id = ids(two)[0]
    two.sync.decide(two.actor, conflict_id, "channel", Choice.THEIRS)
    before, state = rows(two), two.state()
    settled = two.sync.decide(two.actor, conflict_id, "material", Choice.BEFORE)
    assert two.state() != state
    two.sync.take_back(two.actor, settled)
    assert rows(two) == before
    assert (
        two.state().items()
        >= {key: text for key, text in state.items() if not key.startswith(("sync_conflict/", "contact/"))}.items()
    )
    assert stands(two, conflict_id) == {"channel": Choice.THEIRS, "material": Choice.MINE, "note": Choice.MINE}


def test_a_second_choice_goes_back_to_the_first(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    _, two = clashed
    conflict_id = ids(two)[0]
    two.sync.decide(two.actor, conflict_id, "material", Choice.THEIRS)
    before = rows(two)
    settled = two.sync.decide(two.actor, conflict_id, "material", Choice.BEFORE)
    two.sync.take_back(two.actor, settled)
    assert rows(two) == before
    assert "Rollator" in materials(two)
    two.sync.undo_decision(two.actor, conflict_id)
    assert materials(two) == {"Lupe"}


def test_what_somebody_put_away_before_stays_away(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    """The front desk looks after what it may read; the note waits for another, who takes back only what they did."""
    _, two = clashed
    waiting = ids(two)
    front = as_role(two, Role.FRONT_DESK)
    first = front.dismiss_all(two.actor, waiting)
    assert front.conflicts() == ()
    before = rows(two)
    second = two.sync.dismiss_all(two.actor, waiting)
    assert [len(one.fields) for one in (first, second)] == [4, 2]
    two.sync.take_back(two.actor, second)
    assert rows(two) == before


def test_a_role_takes_back_nothing_that_it_may_not_read(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    _, two = clashed
    settled = two.sync.dismiss_all(two.actor, ids(two))
    as_role(two, Role.FRONT_DESK).take_back(two.actor, settled)
    waiting = [row for row in two.store.sql("SELECT field, state FROM sync_conflict") if row[1] == "kept"]
    assert sorted(field for field, _ in waiting) == ["channel", "channel", "material", "material"]


def test_what_was_decided_elsewhere_since_then_stays(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = clashed
    mine, other = ids(two)
    settled = two.sync.dismiss_all(two.actor, [mine, other])
    in_step(one, two)
    one.sync.undo_decision(one.actor, mine)
    one.sync.decide(one.actor, mine, "material", Choice.THEIRS)
    in_step(one, two)
    two.sync.take_back(two.actor, settled)
    assert stands(two, mine)["material"] is Choice.THEIRS
    assert "Rollator" in materials(two)
    assert set(ids(two)) == {mine, other}
    with pytest.raises(UserError, match="inzwischen"):
        two.sync.take_back(two.actor, settled)


def test_what_has_to_be_decided_is_not_put_away_with_the_others(pair: tuple[OfficeDesk, OfficeDesk]) -> None:
    """Not even where somebody took a decision back after the list was shown."""
    one, two = pair
    contact, other = one.contact(service="service-1"), one.contact()
    in_step(one, two)
    (referral,) = one.office.desk.queries.contact(contact).referrals
    for desk, state, channel in (
        (one, ReferralState.HELP_RECEIVED, Channel.PHONE),
        (two, ReferralState.DECLINED, Channel.MAIL),
    ):
        desk.office.desk.contacts.set_referral_state(desk.actor, referral.referral_id, state, reason="voll")
        desk.correct(other, channel=channel)
    in_step(one, two)
    listed = ids(two)
    assert len(listed) == 2
    settled = two.sync.dismiss_all(two.actor, listed)
    assert len(settled.conflict_ids) == 1
    (left,) = two.sync.conflicts()
    assert [field.is_open for field in left.fields if field.name.endswith("/state")] == [True]
    with pytest.raises(UserError, match="inzwischen"):
        two.sync.dismiss_all(two.actor, listed)


def as_role(desk: OfficeDesk, role: Role) -> SyncService:
    return SyncService(desk.store, replace(desk.actor, role=role), desk.engine, fonts)


def materials(desk: OfficeDesk) -> set[str]:
    return {row[0] for row in desk.store.sql("SELECT material FROM contact WHERE material <> ''")}
