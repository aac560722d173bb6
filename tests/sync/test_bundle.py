"""Desks of one office that meet only by file, and then the hub again: nothing lost, nothing doubled, erased stays erased."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop_app.contacts.records import NeedEntry
from desktop_app.contacts.vocabulary import Channel, ReferralState
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.progress import Cancelled, NoProgress
from desktop_app.sync.bundle_applying import OwnStateApplier
from desktop_app.sync.bundle_file import BundleRefused, opened_lines, sealed_pieces
from desktop_app.sync.bundle_lines import BundleRecord
from desktop_app.sync.bundle_records import BundleGiven, BundleTaken
from desktop_app.sync.bundle_service import BundleService
from desktop_app.sync.documents import canonical
from desktop_app.sync.hub_problems import HubProblem
from desktop_app.sync.records import Choice, ConflictKind
from desktop_app.visitors.records import VisitorEntry
from tests.sync.desks import Maker, OfficeDesk, in_step

Desks = tuple[OfficeDesk, OfficeDesk]


@pytest.fixture
def pair(make_desk: Maker) -> Desks:
    """Two desks of one office, in step."""
    return settled(make_desk("Empfang"), make_desk("Beratung"))


def settled(first: OfficeDesk, *others: OfficeDesk) -> Any:
    first.connect()
    for other in others:
        other.join(first)
        in_step(first, other)
    in_step(first, *others)
    for desk in (first, *others):
        for conflict in desk.sync.conflicts():
            desk.sync.dismiss(desk.actor, conflict.conflict_id)
    in_step(first, *others)
    return first, *others


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def give(desk: OfficeDesk, stick: Path, **options: Any) -> BundleGiven:
    desk.clock.advance(timedelta(seconds=1))
    return BundleService(desk.store, desk.engine).export(desk.actor, stick, **options)


def take(desk: OfficeDesk, path: Path, progress: Any = None) -> BundleTaken:
    desk.clock.advance(timedelta(seconds=1))
    return BundleService(desk.store, desk.engine).take_over(desk.actor, path, progress)


def carry(one: OfficeDesk, other: OfficeDesk, stick: Path) -> BundleTaken:
    """Give out at one desk and take over at the other."""
    return take(other, give(one, stick).path)


def alike(*desks: OfficeDesk) -> None:
    first = desks[0].state()
    for desk in desks[1:]:
        assert desk.state() == first


def waiting(desk: OfficeDesk) -> list[Any]:
    return [conflict for conflict in desk.sync.conflicts() if not conflict.is_decided]


def channel(desk: OfficeDesk, contact: str) -> Channel:
    return desk.office.desk.queries.contact(contact).channel


# What travels ---------------------------------------------------------------------------------------------


def test_everything_arrives_by_file_alone(pair: Desks, stick: Path) -> None:
    one, two = pair
    person = one.office.person("Frieda Fiktiv", phone="0123 456")
    contact = one.contact(note="Sagt, es eilt.", service="service-1")
    card = one.office.cards.issue_card(one.actor)
    taken = carry(one, two, stick)
    assert taken.received > 0
    assert (taken.left_out, taken.new_conflicts, taken.is_known, taken.labels) == (0, 0, False, ("Empfang",))
    alike(one, two)
    assert two.office.desk.queries.contact(contact).referrals[0].service_name == "Angebot 1"
    assert two.office.found.search("Frieda")[0].visitor_id == person
    assert two.office.cards.recognise(card.code).card_id == card.card_id
    in_step(two, one)
    in_step(one, two)
    assert waiting(one) == waiting(two) == []


def test_both_ways_and_then_the_hub(pair: Desks, stick: Path) -> None:
    one, two = pair
    both = one.contact()
    in_step(one, two)
    mine, theirs = one.contact("pflege"), two.contact("wohnen")
    one.correct(both, channel=Channel.PHONE, material="Rollator")
    two.correct(both, note="Ruft wieder an.", needs=(NeedEntry("wohnen"), NeedEntry("pflege")))
    carry(one, two, stick)
    carry(two, one, stick)
    alike(one, two)
    record = one.office.desk.queries.contact(both)
    assert (record.channel, record.material, record.has_note) == (Channel.PHONE, "Rollator", True)
    assert {need.topic_code for need in record.needs} == {"wohnen", "pflege"}
    in_step(one, two)
    assert waiting(one) == waiting(two) == []
    for desk in (one, two):
        ids = {row[0] for row in desk.store.sql("SELECT id FROM contact")}
        assert ids == {both, mine, theirs}
        assert len(desk.office.desk.queries.history(both)) == 2


def test_taking_over_twice_changes_nothing(pair: Desks, stick: Path) -> None:
    one, two = pair
    contact = one.contact(note="Sagt, es eilt.")
    given = give(one, stick)
    take(two, given.path)
    two.correct(contact, channel=Channel.PHONE)
    before, outbox = two.state(), two.store.sql("SELECT count(*) FROM outbox")
    again = take(two, given.path)
    assert again.is_known
    assert (again.received, again.new_conflicts, again.left_out) == (0, 0, 0)
    assert two.state() == before
    assert two.store.sql("SELECT count(*) FROM outbox") == outbox


def test_only_what_the_other_lacks_once_it_has_answered(pair: Desks, stick: Path) -> None:
    one, two = pair
    one.contact()
    first = give(one, stick)
    assert first.is_everything
    take(two, first.path)
    assert give(one, stick).is_everything, "nobody has said yet that the first one arrived"
    carry(two, one, stick)
    contact = one.contact("pflege")
    second = give(one, stick)
    assert not second.is_everything
    assert second.records < 5 < first.records
    take(two, second.path)
    assert two.office.desk.queries.contact(contact).contact_id == contact
    assert give(one, stick, everything=True).is_everything
    alike(one, two)


def test_a_file_that_builds_on_a_missing_one_is_refused(make_desk: Maker, stick: Path) -> None:
    one, two = settled(make_desk("Empfang"), make_desk("Beratung"))
    carry(one, two, stick)
    kept = stick / "beratung.db"
    two.store.close()
    two.engine.forget_client()
    shutil.copyfile(two.path, kept)
    two.reopen()
    one.contact()
    carry(one, two, stick)
    carry(two, one, stick)
    one.contact("pflege")
    small = give(one, stick)
    assert not small.is_everything
    # The other desk is put back to the day before yesterday.
    two.engine.forget_client()
    two.store.close()
    for rest in two.path.parent.glob("quartierslotse.db*"):
        rest.unlink()
    shutil.copyfile(kept, two.path)
    two.reopen()
    before = two.state()
    with pytest.raises(BundleRefused, match="Alles ausgeben"):
        take(two, small.path)
    assert two.state() == before
    take(two, give(one, stick, everything=True).path)
    alike(one, two)


# Meeting --------------------------------------------------------------------------------------------------


def test_a_value_that_was_seen_and_changed_stands_against_the_one_it_replaced(pair: Desks, stick: Path) -> None:
    one, two = pair
    contact = one.contact()
    in_step(one, two)
    one.correct(contact, channel=Channel.PHONE)
    carry(one, two, stick)
    two.correct(contact, channel=Channel.MAIL)
    two.round()
    one.round()
    in_step(one, two)
    assert channel(one, contact) is channel(two, contact) is Channel.MAIL
    assert waiting(one) == waiting(two) == []


def test_setting_a_value_back_is_a_change_too(pair: Desks, stick: Path) -> None:
    one, two = pair
    contact = one.contact()
    in_step(one, two)
    before = channel(one, contact)
    one.correct(contact, channel=Channel.PHONE)
    carry(one, two, stick)
    two.correct(contact, channel=before)
    one.round()
    two.round()
    in_step(one, two)
    assert channel(one, contact) is channel(two, contact) is before
    assert waiting(one) == []


def test_files_that_cross_come_to_the_same_on_both_desks(pair: Desks, stick: Path) -> None:
    one, two = pair
    contact = one.contact()
    in_step(one, two)
    one.correct(contact, channel=Channel.PHONE)
    two.correct(contact, channel=Channel.MAIL)
    to_two, to_one = give(one, stick), give(two, stick)
    assert take(two, to_two.path).new_conflicts == 1
    assert take(one, to_one.path).new_conflicts == 1
    assert channel(one, contact) is channel(two, contact)
    # Each found it by itself; it is one conflict all the same.
    carry(one, two, stick)
    carry(two, one, stick)
    assert len(waiting(one)) == len(waiting(two)) == 1
    two.correct(contact, channel=Channel.OUTREACH)
    carry(two, one, stick)
    assert channel(one, contact) is Channel.OUTREACH
    in_step(one, two)
    assert channel(one, contact) is channel(two, contact) is Channel.OUTREACH
    (conflict,) = waiting(one)
    assert {conflict.fields[0].mine, conflict.fields[0].theirs} == {"Telefon", "Brief, E-Mail"}
    assert len(waiting(two)) == 1


def test_what_the_inbox_keeps_comes_back(pair: Desks, stick: Path) -> None:
    one, two = pair
    contact = one.contact()
    in_step(one, two)
    one.correct(contact, channel=Channel.PHONE)
    two.correct(contact, channel=Channel.MAIL)
    carry(one, two, stick)
    (conflict,) = waiting(two)
    assert conflict.kind is ConflictKind.BOTH_CHANGED
    other = Choice.THEIRS if channel(two, contact) is Channel.MAIL else Choice.MINE
    stood = channel(two, contact)
    two.sync.decide(two.actor, conflict.conflict_id, "channel", other)
    carry(two, one, stick)
    assert channel(one, contact) is channel(two, contact) is not stood
    in_step(one, two)
    assert channel(one, contact) is channel(two, contact) is not stood
    assert waiting(one) == waiting(two) == []


def test_a_state_waits_for_a_person(pair: Desks, stick: Path) -> None:
    one, two = pair
    contact = one.contact(service="service-1")
    in_step(one, two)
    referral = one.office.desk.queries.contact(contact).referrals[0].referral_id
    one.office.desk.contacts.set_referral_state(one.actor, referral, ReferralState.HELP_RECEIVED)
    two.office.desk.contacts.set_referral_state(two.actor, referral, ReferralState.DECLINED, reason="voll")
    carry(one, two, stick)
    (conflict,) = waiting(two)
    assert [field.name for field in conflict.fields if field.is_open] == ["referrals/service-1/state"]


def test_the_hub_knows_more_than_the_file_and_the_file_more_than_the_desk(pair: Desks, stick: Path) -> None:
    """One desk has a network and brings the other what the hub has; later the other has one too."""
    one, two = pair
    contact = one.contact()
    in_step(one, two)
    one.correct(contact, channel=Channel.PHONE)
    one.round()
    carry(one, two, stick)
    assert channel(two, contact) is Channel.PHONE
    one.correct(contact, channel=Channel.MAIL)
    one.round()
    in_step(two, one)
    assert channel(one, contact) is channel(two, contact) is Channel.MAIL
    assert waiting(one) == waiting(two) == []


def test_a_state_reaches_the_hub_through_a_third_desk(make_desk: Maker, stick: Path) -> None:
    one, two, three = settled(make_desk("Empfang"), make_desk("Beratung"), make_desk("Keller"))
    contact = one.contact()
    in_step(one, two, three)
    one.correct(contact, channel=Channel.PHONE)
    carry(one, two, stick)
    carry(two, three, stick)
    three.correct(contact, channel=Channel.MAIL)
    three.round()
    two.round()
    one.round()
    in_step(one, two, three)
    for desk in (one, two, three):
        assert channel(desk, contact) is Channel.MAIL
        assert waiting(desk) == []


def test_deleted_here_and_changed_there(pair: Desks, stick: Path) -> None:
    from desktop_app.directory.service import DirectoryService
    from desktop_app.directory.tables import ServiceVerification

    one, two = pair
    kept = DirectoryService(one.store).confirm_verified(one.actor, "service-1", "telefonisch")
    gone = DirectoryService(one.store).confirm_verified(one.actor, "service-1", "vor Ort")
    in_step(one, two)
    for check in (kept, gone):
        DirectoryService(one.store).take_back_verification(one.actor, check)
    with two.store.unit_of_work(two.actor, "verify_service", ("service", "service-1")) as unit:
        unit.update(ServiceVerification, kept, {"how": "schriftlich"})
    carry(one, two, stick)
    assert two.store.sql("SELECT id FROM service_verification") == [(kept,)]
    (conflict,) = waiting(two)
    assert conflict.kind is ConflictKind.EDIT_AGAINST_DELETION
    carry(two, one, stick)
    in_step(one, two)
    assert one.store.sql("SELECT id, how FROM service_verification") == [(kept, "schriftlich")]


@pytest.mark.parametrize("is_online", [False, True], ids=["by file", "by the hub"])
def test_erased_stays_erased(pair: Desks, stick: Path, is_online: bool) -> None:
    one, two = pair
    person = one.office.person("Frieda Fiktiv")
    contact = one.contact(note="Vertraulich", material="Brief an Frieda")
    record = one.office.desk.queries.contact(contact)
    one.office.files.correct_contact(one.actor, contact, record.entry("Vertraulich"), person, revision=record.revision)
    if is_online:
        in_step(one, two)
    old = give(one, stick)
    take(two, old.path)
    file = two.office.files.open_file(two.actor, person)
    two.office.files.change_file(two.actor, person, VisitorEntry(name="Frieda Neu"), revision=file.revision)
    two.correct(contact, note="Noch vertraulicher")
    late = give(two, stick)
    one.retention.erase_visitor(one.actor, person)
    carry(one, two, stick)
    take(one, late.path)
    with pytest.raises(BundleRefused, match="älter"):
        take(two, old.path)
    in_step(one, two)
    carry(two, one, stick)
    for desk in (one, two):
        for table in ("visitor", "visitor_consent", "contact_visitor", "contact_note", "visitor_key"):
            assert desk.store.sql(f"SELECT count(*) FROM {table}") == [(0,)], (desk.name, table)
        tables = (
            "sync_shadow", "sync_push", "sync_parked", "sync_conflict", "sync_bundle_state", "sync_bundle_sent",
            "contact_revision",
        )  # fmt: skip
        everything = "".join(str(row) for table in tables for row in desk.store.sql(f"SELECT * FROM {table}"))
        assert "Frieda" not in everything
        assert "ertraulich" not in everything
    assert two.retention.needs_clean_up()


def test_a_desk_put_back_to_an_earlier_day_undoes_nothing(pair: Desks, stick: Path) -> None:
    one, two = pair
    contact, other = one.contact(), one.contact("pflege")
    in_step(one, two)
    kept = stick / "empfang.db"
    carry(one, two, stick)
    one.reopen()
    shutil.copyfile(one.path, kept)
    one.correct(contact, channel=Channel.PHONE)
    carry(one, two, stick)
    one.engine.forget_client()
    one.store.close()
    for rest in one.path.parent.glob("quartierslotse.db*"):
        rest.unlink()
    shutil.copyfile(kept, one.path)
    one.reopen()
    one.correct(contact, material="Rollator")
    one.correct(other, material="Lupe")
    carry(one, two, stick)
    record = two.office.desk.queries.contact(contact)
    assert (record.channel, record.material) == (Channel.PHONE, "Rollator")
    carry(two, one, stick)
    assert channel(one, contact) is Channel.PHONE
    in_step(one, two)
    in_step(two, one)
    assert two.office.desk.queries.contact(other).material == "Lupe"
    assert channel(two, contact) is Channel.PHONE


# Files that are not right ---------------------------------------------------------------------------------


def refused(desk: OfficeDesk, path: Path, words: str) -> None:
    """Refuse with this word, and leave everything as it was."""
    before, audit = desk.state(), desk.store.sql("SELECT count(*) FROM audit_entry")
    with pytest.raises(BundleRefused, match=words) as caught:
        take(desk, path)
    assert "nichts geändert" in caught.value.message
    assert desk.state() == before
    assert desk.store.sql("SELECT count(*) FROM audit_entry") == audit


def test_damaged_files_are_refused(pair: Desks, stick: Path) -> None:
    one, two = pair
    one.contact(note="Sagt, es eilt.")
    whole = give(one, stick).path.read_bytes()
    path = stick / "x.qlabgleich"
    for end in (41, 60, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:end])
        refused(two, path, "beschädigt|anderen Büro")
    for place in (41, 64, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        refused(two, path, "beschädigt")
    path.write_bytes(whole + b"x")
    refused(two, path, "beschädigt")
    path.write_bytes(b"Guten Tag")
    refused(two, path, "keine Abgleich-Datei")
    path.write_bytes(b"")
    refused(two, path, "keine Abgleich-Datei")
    path.write_bytes(whole[:8] + b"\x02" + whole[9:])
    refused(two, path, "neueren Version")
    path.write_bytes(whole[:9] + b"\x02" + whole[10:])
    refused(two, path, "anderen Büro")
    path.write_bytes(whole)
    assert take(two, path).received


def test_pieces_of_a_large_file_can_not_change_places(pair: Desks, stick: Path) -> None:
    one, two = pair
    noise = os.urandom(180_000).hex()
    for start in range(0, len(noise), 20_000):
        one.contact(note=noise[start : start + 20_000])
    whole = give(one, stick).path.read_bytes()
    start, size = 41 + 24, 64 * 1024 + 17
    assert len(whole) > start + 2 * size
    first, second = whole[start : start + size], whole[start + size : start + 2 * size]
    path = stick / "x.qlabgleich"
    path.write_bytes(whole[:start] + second + first + whole[start + 2 * size :])
    refused(two, path, "beschädigt")
    path.write_bytes(whole[:start] + whole[start + size :])
    refused(two, path, "beschädigt")
    path.write_bytes(whole[: start + 2 * size])
    refused(two, path, "beschädigt")
    path.write_bytes(whole)
    take(two, path)
    alike(one, two)


def test_an_older_file_is_refused_and_the_pieces_of_two_can_not_be_mixed(pair: Desks, stick: Path) -> None:
    one, two = pair
    for _ in range(16):
        one.contact(note=os.urandom(10_000).hex())
    old = give(one, stick)
    one.contact()
    new = give(one, stick)
    take(two, new.path)
    refused(two, old.path, "älter")
    with pytest.raises(BundleRefused, match="älter"):
        (stick / new.path.name).unlink()
        take(two, stick)
    first, second = old.path.read_bytes(), give(one, stick).path.read_bytes()
    start = 41 + 24
    path = stick / "x.qlabgleich"
    # The beginning of one with what follows in the other.
    path.write_bytes(second[:start] + first[start:])
    refused(two, path, "beschädigt")
    path.write_bytes(second[: start + 64 * 1024 + 17] + first[start + 64 * 1024 + 17 :])
    refused(two, path, "beschädigt")


def test_a_sealed_file_that_says_nonsense_is_refused_whole(pair: Desks, stick: Path) -> None:
    one, two = pair
    one.contact()
    keys = one.engine.post.office_keys(one.store)
    assert keys is not None
    whole = [canonical(line) for line in opened_lines(keys, give(one, stick).path.read_bytes(), NoProgress())]
    heading, *records, end = whole
    path = stick / "x.qlabgleich"
    for lines in (
        [],
        [heading],
        [heading, *records],
        [heading, *records[:-1], end],
        [heading, *records, records[0], end],
        [heading, *records[:-1], '{"k":"contact/x","s":[1]}', end],
        [heading, *records[:-1], '{"k":"unknown/x"}', end],
        [heading, *records[:-1], records[-1].replace('"k":"', '"k":"visitor/', 1), end],
        ["[]", *records, end],
        [heading.replace('"number":', '"nummer":'), *records, end],
    ):
        path.write_bytes(b"".join(sealed_pieces(keys, lines)))
        refused(two, path, "beschädigt")
    path.write_bytes(b"".join(sealed_pieces(keys, whole)))
    assert take(two, path).received


def test_files_of_others_and_of_oneself_are_refused(make_desk: Maker, pair: Desks, stick: Path) -> None:
    one, two = pair
    stranger = make_desk("Fremd", "Büro Süd")
    stranger.connect()
    alone = make_desk("Allein")
    given = give(one, stick)
    refused(stranger, given.path, "anderen Büro")
    refused(one, given.path, "selbst ausgegeben")
    with pytest.raises(UserError, match="aufgenommen"):
        take(alone, given.path)
    assert not BundleService(alone.store, alone.engine).status().is_possible
    with pytest.raises(UserError, match="gibt es nicht"):
        take(two, stick / "nichts.qlabgleich")


def test_a_file_of_a_newer_program_is_refused(pair: Desks, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = pair
    monkeypatch.setattr("desktop_app.sync.bundle_lines.DOCUMENT_VERSION", 2)
    path = give(one, stick).path
    monkeypatch.undo()
    refused(two, path, "neueren Version")


def test_after_a_change_of_the_key_old_files_say_nothing(make_desk: Maker, stick: Path) -> None:
    one, two, three = settled(make_desk("Empfang"), make_desk("Beratung"), make_desk("Keller"))
    old = give(three, stick)
    one.sync.revoke(one.actor, three.engine.connection.device_id)
    refused(one, old.path, "früheren Schlüssel")
    new = give(one, stick)
    refused(two, new.path, "noch nicht hat")
    two.round()
    assert not take(two, new.path).is_known


def test_nothing_can_be_read_in_the_file(pair: Desks, stick: Path) -> None:
    one, _ = pair
    one.office.person("Frieda Fiktiv", phone="0123 456")
    one.contact(note="Sagt, es eilt.", material="Rollator")
    path = give(one, stick).path
    raw = path.read_bytes()
    connection = one.engine.connection
    for text in (
        "Frieda", "Fiktiv", "0123", "eilt", "Rollator", "Angebot", "contact", "visitor", "Empfang", "Büro", "Nord",
        connection.office_id, connection.device_id, connection.hub_id,
    ):  # fmt: skip
        assert text.encode() not in raw
    assert path.name == f"Abgleich {one.clock.today().isoformat()}.qlabgleich"
    assert (len(raw) - 41 - 24 - 17) % 4096 == 0
    assert raw[65:] != give(one, stick).path.read_bytes()[65:]


# Writing --------------------------------------------------------------------------------------------------


def test_files_of_one_day_stand_side_by_side_and_a_folder_is_enough(pair: Desks, stick: Path) -> None:
    one, two = pair
    first = give(one, stick)
    contact = one.contact()
    second = give(one, stick)
    third = give(two, stick)
    assert [path.name.partition(" ")[2].partition(".")[0][10:] for path in (first.path, second.path, third.path)] == [
        "", " (2)", " (3)",
    ]  # fmt: skip
    (stick / "Brief.txt").write_text("anderes")
    taken = take(two, stick)
    assert (taken.labels, taken.is_known) == (("Empfang",), False)
    assert two.office.desk.queries.contact(contact).contact_id == contact
    assert take(two, stick).is_known
    status = BundleService(two.store, two.engine).status()
    assert status.is_possible
    assert [desk.label for desk in status.desks] == ["Empfang"]
    assert status.last_given is not None
    with pytest.raises(UserError, match="keine Abgleich-Datei"):
        take(two, stick.parent)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "kein Platz"), (errno.EROFS, "Schreibschutz"), (errno.EIO, "nicht mehr erreichbar")],
)
def test_a_stick_that_refuses_leaves_nothing(
    pair: Desks, stick: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    one, two = pair
    one.contact()
    fsync = os.fsync

    def refuse(descriptor: int) -> None:
        if "abgleich" in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            raise OSError(number, "refused")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(EnvironmentProblem, match=words):
        give(one, stick)
    assert list(stick.iterdir()) == []
    monkeypatch.undo()
    carry(one, two, stick)
    alike(one, two)


class StopAt:
    """Cancels at a given step."""

    def __init__(self, text: str, number: int) -> None:
        self.text, self.left = text, number

    def step(self, done: int, total: int, text: str) -> None:
        assert 0 <= done <= total
        if self.text in text:
            self.left -= 1
            if self.left <= 0:
                raise Cancelled


def test_giving_out_can_be_stopped(pair: Desks, stick: Path) -> None:
    one, two = pair
    contact = one.contact()
    with pytest.raises(Cancelled):
        give(one, stick, progress=StopAt("zusammengestellt", 5))
    assert list(stick.iterdir()) == []
    carry(one, two, stick)
    assert two.office.desk.queries.contact(contact).contact_id == contact


def test_taking_over_can_be_stopped_anywhere_and_goes_on(
    pair: Desks, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    monkeypatch.setattr("desktop_app.sync.bundle_import._PIECE", 2)
    monkeypatch.setattr("desktop_app.sync.bundle_import._TRANSACTION_SECONDS", 0)
    contacts = [one.contact(note=f"Notiz {number}") for number in range(30)]
    given = give(one, stick)
    stopped, corrected = 0, False
    for number in range(2, 100):
        try:
            take(two, given.path, StopAt("übernommen", number))
            break
        except Cancelled:
            stopped += 1
            if not corrected and two.store.sql("SELECT 1 FROM contact WHERE id = ?", (contacts[0],)):
                two.correct(contacts[0], material="Rollator")
                corrected = True
    assert stopped > 12
    assert corrected
    take(two, given.path)
    assert two.store.sql("SELECT count(*) FROM contact") == one.store.sql("SELECT count(*) FROM contact")
    assert two.office.desk.queries.contact(contacts[0]).material == "Rollator"
    in_step(one, two)
    assert waiting(one) == waiting(two) == []


def test_whoever_saves_meanwhile_does_not_wait_for_the_end(
    pair: Desks, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    for number in range(30):
        one.contact(note=f"Notiz {number}")
    given = give(one, stick)
    # Of itself the transaction would never end.
    monkeypatch.setattr("desktop_app.sync.bundle_import._PIECE", 4)
    monkeypatch.setattr("desktop_app.sync.bundle_import._TRANSACTION_SECONDS", 1_000)
    taken_over: list[int] = []

    def save() -> None:
        with two.store.unit_of_work(two.actor, "save", ("office", "x")) as unit:
            taken_over.append(unit.sql("SELECT count(*) FROM contact")[0][0])
        two.store.end_thread()

    saving = threading.Thread(target=save)
    note = OwnStateApplier.take

    def begin_to_save(applier: OwnStateApplier, records: Iterable[BundleRecord]) -> None:
        note(applier, records)
        if saving.ident is None and two.store.sql("SELECT count(*) FROM contact") != [(0,)]:
            saving.start()
            while not two.store.writer_lane.is_wanted:
                pass

    monkeypatch.setattr(OwnStateApplier, "take", begin_to_save)
    take(two, given.path)
    saving.join()
    assert 0 < taken_over[0] < 30
    alike(one, two)


def test_the_hub_is_not_asked(pair: Desks, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = pair
    contact = one.contact()
    for desk in (one, two):
        desk.address = "http://127.0.0.1:9"
        desk.engine.forget_client()
    carry(one, two, stick)
    assert two.office.desk.queries.contact(contact).contact_id == contact
    for desk in (one, two):
        desk.address = ""
        desk.engine.forget_client()
    in_step(one, two)


Change = Callable[[OfficeDesk, str, int], None]
CHANGES: tuple[Change, ...] = (
    lambda desk, contact, number: desk.correct(contact, material=f"Stand {number}"),
    lambda desk, contact, number: desk.correct(contact, channel=list(Channel)[number % len(Channel)]),
    lambda desk, contact, number: desk.correct(contact, note=f"Notiz {number}"),
    lambda desk, contact, number: desk.correct(
        contact, needs=(NeedEntry("wohnen"), NeedEntry("pflege"))[: number % 2 + 1]
    ),
)


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_edits_files_and_rounds_converges(make_desk: Maker, stick: Path, seed: int) -> None:
    import random

    chance = random.Random(seed)
    desks = settled(make_desk("Empfang"), make_desk("Beratung"), make_desk("Keller"))
    contacts = [desks[0].contact() for _ in range(3)]
    in_step(*desks)
    values: set[str] = set()
    for number in range(30):
        desk, other = chance.sample(desks, 2)
        what = chance.random()
        if what < 0.55:
            contact = chance.choice(contacts)
            chance.choice(CHANGES)(desk, contact, number)
            values |= {row[0] for row in desk.store.sql("SELECT material FROM contact WHERE id = ?", (contact,))}
        elif what < 0.65:
            contacts.append(desk.contact())
            contacts.pop()
        elif what < 0.9:
            carry(desk, other, stick)
        else:
            desk.round()
    for one in desks:
        for other in desks:
            if one is not other:
                carry(one, other, stick)
    in_step(*desks, rounds=8)
    for one in desks:
        assert one.store.sql("SELECT count(*), count(DISTINCT id) FROM contact") == desks[0].store.sql(
            "SELECT count(*), count(*) FROM contact"
        )
        # Every value stands, stood, or is in the inbox.
        kept = "".join(str(row) for row in one.store.sql("SELECT mine, theirs, before FROM sync_conflict"))
        kept += "".join(str(row) for row in one.store.sql("SELECT snapshot FROM contact_revision"))
        kept += "".join(str(row) for row in one.store.sql("SELECT material FROM contact"))
        assert [value for value in values if value not in kept] == []


def test_a_desk_that_was_shut_out_gives_nothing_out_and_takes_nothing(make_desk: Maker, stick: Path) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    one.sync.revoke(one.actor, two.engine.connection.device_id)
    with pytest.raises(HubProblem):
        two.round()
    one.contact()
    give(one, stick)
    bundles = BundleService(two.store, two.engine)
    for attempt in (bundles.export, bundles.take_over):
        with pytest.raises(UserError, match="vom Abgleich ausgeschlossen"):
            attempt(two.actor, stick)
