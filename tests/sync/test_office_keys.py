"""Desks of one office share keys over a real hub: the first one, further ones, shutting out, coming back."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.security.recovery_key import new_recovery_key
from desktop_app.storage.opening import open_store
from desktop_app.sync.hub_client import HubClient
from desktop_app.sync.membership import MemberKind, Standing
from desktop_app.sync.sealing import Place, UnknownKey, open_sealed, seal
from tests.hub.fixtures import hub  # noqa: F401
from tests.hub.running import HubThread
from tests.sync.key_desks import ACTOR, KeyDesk

PLACE = Place("office-x", "r", "id")


@pytest.fixture
def new_desk(hub: HubThread, tmp_path: Path, clock: FixedClock) -> Iterator[Callable[..., KeyDesk]]:  # noqa: F811
    office_id = hub.add_office("AWO", "Quartiersbüro Nord")
    made: list[KeyDesk] = []

    def make(name: str, *, enrolled: bool = True) -> KeyDesk:
        desk = KeyDesk(name, tmp_path / name, hub, office_id, clock)
        made.append(desk)
        if enrolled:
            desk.enrol()
        return desk

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def three(new_desk: Callable[..., KeyDesk]) -> tuple[KeyDesk, KeyDesk, KeyDesk]:
    """Three desks that are in."""
    first, second, third = map(new_desk, ("Empfang", "Beratung", "Leitung"))
    first.found()
    for desk in (second, third):
        desk.ask()
        first.admit(desk)
    settle(first, second, third)
    return first, second, third


def settle(*desks: KeyDesk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.poll()


def sealed(desk: KeyDesk, plain: bytes = b"Akte") -> str:
    return seal(desk.office_keys, PLACE, writer=desk.device_id, counter=1, base=0, version=1, plain=plain)


def test_the_first_desk_makes_the_keys_and_needs_nobody(new_desk: Callable[..., KeyDesk]) -> None:
    desk = new_desk("Empfang")
    assert desk.post.office_keys(desk.store) is None
    desk.found()
    assert open_sealed(desk.office_keys, PLACE, sealed(desk))[1] == b"Akte"
    assert desk.keys.is_member()
    assert not desk.keys.is_shut_out()
    assert desk.post.outgoing(desk.store) == []
    keys = desk.office_keys
    desk.found()
    assert desk.office_keys == keys


def test_a_second_desk_does_not_make_keys_of_its_own(new_desk: Callable[..., KeyDesk]) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    with pytest.raises(UserError, match="schon verbunden"):
        second.found()
    assert second.post.office_keys(second.store) is None
    assert second.keys.is_founded_elsewhere()


def test_two_desks_that_begin_at_once_end_with_one_set_of_keys(new_desk: Callable[..., KeyDesk]) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    second.hub.change = lambda _record: None  # it has not heard of the first one yet
    first.found()
    with pytest.raises(UserError, match="schon verbunden"):
        second.found()
    second.hub.change = lambda record: record
    second.ask()
    first.admit(second)
    assert second.office_keys == first.office_keys


def test_a_lost_answer_to_the_first_claim_is_no_hindrance(new_desk: Callable[..., KeyDesk]) -> None:
    desk = new_desk("Empfang")
    desk.keys.ask_to_join(ACTOR, desk.office_id, desk.space)
    desk.keys._push_founding(desk.hub, desk.space, desk.keys._own())
    desk.found()
    assert desk.keys.is_member()


def test_a_desk_that_was_let_in_reads_what_the_other_sealed(new_desk: Callable[..., KeyDesk]) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    second.ask()
    first.poll()
    assert [desk.public_key for desk in first.keys.joining()] == [second.public_key]
    first.admit(second)
    assert second.office_keys == first.office_keys
    assert open_sealed(second.office_keys, PLACE, sealed(first))[1] == b"Akte"
    assert first.keys.joining() == ()
    labels = {member.label for member in second.keys.members()}
    assert labels == {"Empfang", "Beratung"}


def test_no_keys_come_before_both_sides_have_said_yes(new_desk: Callable[..., KeyDesk]) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    second.ask()
    with pytest.raises(UserError, match="noch nicht da"):
        first.keys.admit(ACTOR, second.public_key, second.device_id, "x")
    with pytest.raises(UserError, match="noch nicht da"):
        second.keys.confirm_join(ACTOR)
    first.poll()
    first.keys.begin_admission(ACTOR, second.public_key, second.device_id)
    settle(first, second)
    first.keys.admit(ACTOR, second.public_key, second.device_id, "Beratung")
    settle(first, second)
    assert second.post.office_keys(second.store) is None  # nobody at the second desk has compared
    second.keys.confirm_join(ACTOR)
    assert second.office_keys == first.office_keys


def test_a_third_desk_is_known_to_all_and_can_let_in_a_fourth(
    three: tuple[KeyDesk, KeyDesk, KeyDesk], new_desk: Callable[..., KeyDesk]
) -> None:
    first, second, third = three
    assert first.state == second.state == third.state
    fourth = new_desk("Büro")
    fourth.ask()
    third.admit(fourth)
    settle(*three, fourth)
    assert first.state == second.state == third.state == fourth.state
    assert len(first.keys.members()) == 4


def test_two_desks_let_in_others_at_the_same_time(
    three: tuple[KeyDesk, KeyDesk, KeyDesk], new_desk: Callable[..., KeyDesk]
) -> None:
    first, second, third = three
    fourth, fifth = new_desk("Vier"), new_desk("Fünf")
    fourth.ask()
    fifth.ask()
    first.admit(fourth)
    second.admit(fifth)
    settle(*three, fourth, fifth)
    assert first.state == second.state == third.state == fourth.state == fifth.state
    assert len(first.keys.members()) == 5


def test_another_desk_sees_that_somebody_lets_it_in(
    three: tuple[KeyDesk, KeyDesk, KeyDesk], new_desk: Callable[..., KeyDesk]
) -> None:
    first, second, _ = three
    fourth = new_desk("Vier")
    fourth.ask()
    settle(first, second)
    first.keys.begin_admission(ACTOR, fourth.public_key, fourth.device_id)
    second.keys.begin_admission(ACTOR, fourth.public_key, fourth.device_id)
    settle(first, second, fourth)
    (one, other) = sorted(
        (first, second), key=lambda desk: bool(desk.state) and fourth.words() != own_words(desk, fourth)
    )
    assert own_words(one, fourth) == fourth.words()
    with pytest.raises(UserError, match="nimmt gerade ein anderer auf"):
        other.words_of(fourth)


def own_words(desk: KeyDesk, other: KeyDesk) -> tuple[str, ...]:
    try:
        return desk.words_of(other)
    except UserError:
        return ()


def test_words_that_differ_can_be_refused_and_begun_again(new_desk: Callable[..., KeyDesk]) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    second.ask()
    first.poll()
    first.keys.begin_admission(ACTOR, second.public_key, second.device_id)
    settle(first, second)
    words = second.words()
    first.keys.refuse(ACTOR, second.public_key)
    with pytest.raises(UserError, match="Bitte beginnen Sie auf beiden Rechnern neu"):
        first.words_of(second)
    with pytest.raises(UserError):
        first.keys.admit(ACTOR, second.public_key, second.device_id, "x")
    second.ask()
    first.admit(second)
    assert second.words() != words
    assert second.office_keys == first.office_keys


def test_who_was_shut_out_reads_nothing_new(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first, second, third = three
    before = sealed(first, b"vorher")
    old_keys, index_key = third.office_keys, first.office_keys.index_key
    first.revoke(third)
    settle(first, second)
    assert first.state == second.state
    assert first.office_keys.current != old_keys.current
    assert first.office_keys.index_key == index_key  # ids on the wire stay
    assert first.office_keys.office_private_key != old_keys.office_private_key
    assert first.office_keys.former_office_private_keys == (old_keys.office_private_key,)
    assert open_sealed(second.office_keys, PLACE, before)[1] == b"vorher"
    with pytest.raises(UnknownKey):
        open_sealed(old_keys, PLACE, sealed(second))
    assert [member.label for member in first.keys.members() if member.standing is Standing.REVOKED] == ["Leitung"]


def test_a_shut_out_desk_that_still_has_a_token_gets_no_key(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first, second, third = three
    first.revoke(third, at_hub=False)
    settle(first, second, third)
    settle(third, first, second)
    assert first.office_keys.current not in third.office_keys.keys
    assert first.state == second.state
    assert not first.state.needs_new_key


def test_under_the_former_key_nothing_new_is_taken_after_the_change(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first, second, third = three
    old = third.office_keys.current
    assert first.post.may_come_under(first.store, old, 10**9)
    first.revoke(third)
    settle(first, second)
    for desk in (first, second):
        changed_at = desk.client.pull(desk.space, 0, 1)["seq"]
        assert not desk.post.may_come_under(desk.store, old, changed_at + 1)
        assert desk.post.may_come_under(desk.store, old, 1)  # from before
        assert desk.post.may_come_under(desk.store, desk.office_keys.current, changed_at + 1)


def test_shutting_out_on_two_desks_at_once_ends_with_a_key_neither_outcast_knows(
    three: tuple[KeyDesk, KeyDesk, KeyDesk], new_desk: Callable[..., KeyDesk]
) -> None:
    first, second, third = three
    fourth = new_desk("Vier")
    fourth.ask()
    first.admit(fourth)
    settle(*three, fourth)
    first.keys.revoke(ACTOR, third.public_key)
    second.keys.revoke(ACTOR, fourth.public_key)
    settle(first, second, third, fourth, first, second)
    assert first.state == second.state
    current = first.office_keys.current
    assert current not in third.office_keys.keys
    assert current not in fourth.office_keys.keys
    assert not first.state.needs_new_key


def test_a_shut_out_desk_knows_it_and_can_come_back_with_new_keys_only(
    three: tuple[KeyDesk, KeyDesk, KeyDesk],
) -> None:
    first, second, third = three
    third.poll()
    first.keys.revoke(ACTOR, second.public_key)
    settle(first, third)
    second.ask()
    settle(first)
    assert first.keys.joining() == ()
    assert not first.keys.is_shut_out()
    with pytest.raises(UserError, match="kann sich nicht selbst"):
        first.keys.revoke(ACTOR, first.public_key)


def print_sheet(desk: KeyDesk) -> tuple[str, ...]:
    groups = desk.keys.new_recovery_groups()
    desk.keys.confirm_recovery(ACTOR, groups, f" {groups[0].lower()} ")
    desk.poll()
    return groups


def test_the_printed_key_brings_the_keys_to_a_new_desk(
    three: tuple[KeyDesk, KeyDesk, KeyDesk], new_desk: Callable[..., KeyDesk]
) -> None:
    first, second, _ = three
    assert not first.keys.has_recovery()
    groups = print_sheet(first)
    settle(first, second)
    assert second.keys.has_recovery()
    second.revoke(three[2])  # a change after printing: the sheet follows
    fresh = new_desk("Neu")
    fresh.keys.recover(ACTOR, fresh.hub, " ".join(groups).lower(), fresh.office_id, fresh.space, "Neu")
    assert fresh.office_keys.current == second.office_keys.current
    assert open_sealed(fresh.office_keys, PLACE, sealed(second))[1] == b"Akte"
    settle(fresh, first, second)
    assert first.state == second.state == fresh.state  # the printed key has introduced it
    fresh.keys.recover(ACTOR, fresh.hub, " ".join(groups), fresh.office_id, fresh.space, "Neu")


def test_a_new_sheet_ends_the_former_one(
    three: tuple[KeyDesk, KeyDesk, KeyDesk], new_desk: Callable[..., KeyDesk]
) -> None:
    first, second, third = three
    lost, key = print_sheet(first), first.office_keys.current
    groups = print_sheet(first)
    settle(first, second, third)
    assert first.office_keys.current != key
    fresh = new_desk("Neu")
    with pytest.raises(UserError, match="liegt auf dem Abgleich-Server nichts"):
        fresh.keys.recover(ACTOR, fresh.hub, "".join(new_other_sheet()), fresh.office_id, fresh.space, "Neu")
    fresh.keys.recover(ACTOR, fresh.hub, "".join(lost), fresh.office_id, fresh.space, "Neu")
    # Whoever holds the old sheet and a token still opens what was sealed to it then, but nobody believes that desk.
    settle(fresh, first, second)
    assert first.office_keys.current not in fresh.office_keys.keys
    assert fresh.public_key not in first.state.members
    assert groups != lost


def new_other_sheet() -> tuple[str, ...]:
    from desktop_app.sync.office_recovery import new_office_recovery

    return new_office_recovery()


def test_a_sheet_that_was_not_confirmed_leaves_nothing(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first = three[0]
    groups = first.keys.new_recovery_groups()
    with pytest.raises(InputError, match="nicht die erste Gruppe"):
        first.keys.confirm_recovery(ACTOR, groups, "ABCD")
    assert not first.keys.has_recovery()


def test_the_sheet_of_a_computer_is_told_from_the_sheet_of_the_office(new_desk: Callable[..., KeyDesk]) -> None:
    desk = new_desk("Neu")
    with pytest.raises(InputError, match="Wiederherstellungsblatt eines Rechners"):
        desk.keys.recover(ACTOR, desk.hub, " ".join(new_recovery_key()), desk.office_id, desk.space, "Neu")
    with pytest.raises(InputError, match="Tippfehler"):
        desk.keys.recover(ACTOR, desk.hub, "0000 " * 9, desk.office_id, desk.space, "Neu")
    with pytest.raises(InputError, match="neun Gruppen"):
        desk.keys.recover(ACTOR, desk.hub, "0000 " * 8, desk.office_id, desk.space, "Neu")


def restore(desk: KeyDesk, backup: Path) -> None:
    desk.store.close()
    shutil.copy(backup, desk.path)
    for left in desk.folder.glob("quartierslotse.db-*"):
        left.unlink()
    ids, notices = UuidFactory(desk.clock), NoticeBoard()
    desk.use(open_store(desk.path, desk.data_key, desk.clock, ids, notices, backups=desk.folder / "sicherungen"))


def back_up(desk: KeyDesk) -> Path:
    target = desk.folder / "sicherung.db"
    desk.store.write_backup_copy(target)
    return target


def go_on_as_successor(desk: KeyDesk) -> None:
    former, desk.device_id = desk.public_key, str(uuid.uuid4())
    public_key = desk.keys.prepare_successor(ACTOR, desk.device_id)
    assert desk.public_key == former
    assert desk.keys.prepare_successor(ACTOR, desk.device_id) == public_key
    token = desk.token[::-1]
    desk.client.successor({"device_id": desk.device_id, "token": token, "public_key": public_key})
    desk.client.close()
    desk.token = token
    desk.client = desk.hub.client = HubClient(desk.running.address, token)
    desk.poll(whole=True)
    desk.keys.succeed(ACTOR, desk.name)
    settle(desk)


def test_a_restored_desk_finds_the_key_it_missed_and_goes_on_under_a_new_name(
    three: tuple[KeyDesk, KeyDesk, KeyDesk],
) -> None:
    first, second, third = three
    backup, former = back_up(second), second.public_key
    first.revoke(third)
    settle(first, second)
    restore(second, backup)
    assert first.office_keys.current not in second.office_keys.keys
    go_on_as_successor(second)
    settle(first, second)
    assert second.office_keys == first.office_keys
    assert first.state == second.state
    assert first.state.members[former].standing is Standing.RETIRED
    assert first.state.trusts(second.public_key)
    assert second.public_key != former


def test_a_single_desk_restored_from_before_its_own_change_finds_it_at_the_hub(
    new_desk: Callable[..., KeyDesk],
) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    second.ask()
    first.admit(second)
    backup = back_up(first)
    first.revoke(second)
    settle(first)
    keys = first.office_keys
    restore(first, backup)
    first.poll(whole=True)
    assert first.office_keys == keys


def test_a_desk_restored_from_before_it_was_connected_has_to_ask_again(new_desk: Callable[..., KeyDesk]) -> None:
    first, second = new_desk("Empfang"), new_desk("Beratung")
    first.found()
    backup = back_up(second)
    second.ask()
    first.admit(second)
    restore(second, backup)
    go_on_as_successor(second)
    assert second.post.office_keys(second.store) is None
    second.ask()
    first.admit(second)
    assert second.office_keys == first.office_keys


def test_an_empty_hub_is_told_everything_again(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first, second, third = three
    first.revoke(third)
    settle(first, second)
    for desk in (first, second):
        with desk.store.unit_of_work(ACTOR, "sync_keys", None) as unit:
            desk.post.restarted(unit)
        assert {change["base"] for change in desk.post.outgoing(desk.store)} == {0}
        assert not desk.post.may_come_under(desk.store, third.office_keys.current, 1)
    settle(first, second)  # the records are there after all: the conflicts say at which number
    assert first.post.outgoing(first.store) == []
    assert first.state == second.state


def test_what_waits_is_sent_the_same_until_it_stands(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first, second, third = three
    first.keys.revoke(ACTOR, third.public_key)
    waiting = first.post.outgoing(first.store)
    assert waiting
    assert first.post.outgoing(first.store) == waiting
    first.keys.send(ACTOR, first.hub)
    assert first.post.outgoing(first.store) == []
    settle(second)
    assert second.office_keys == first.office_keys


def test_forgetting_leaves_no_key_behind(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first = three[0]
    first.keys.forget(ACTOR)
    assert first.post.office_keys(first.store) is None
    assert first.public_key == ""
    assert first.keys.members() == ()
    with pytest.raises(UserError, match="nicht verbunden"):
        first.keys.revoke(ACTOR, "x")


def test_the_hub_holds_no_key(three: tuple[KeyDesk, KeyDesk, KeyDesk]) -> None:
    first = three[0]
    print_sheet(first)
    page = first.client.pull(first.space, 0, 2000)
    text = "".join(record["data"] for record in page["records"])
    from desktop_app.sync.device_keys import key_text

    state = first.state
    secrets = [state.index_key, *(part for key in state.keys.values() for part in (key.secret, key.office_private_key))]
    secrets += [member.recovery_secret for member in state.members.values() if member.kind is MemberKind.RECOVERY]
    assert secrets
    assert not [secret for secret in secrets if key_text(secret) in text or secret.hex() in text]
    assert "Beratung" not in text  # names of desks stand in the hub's list only, not in records
