"""Who sees which conflict: of visitors' files and confidential notes nobody hears who may not read them, not even a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.vocabulary import Channel
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Action, Role, allowed
from desktop_app.core.progress import NoProgress
from desktop_app.sync.conflicts import ConflictInbox, may_read
from desktop_app.sync.records import Choice, SpaceKind
from desktop_app.sync.service import SyncService
from desktop_app.sync.what_travels import COLLECTIONS
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from tests.sync.desks import Maker, OfficeDesk, fonts, in_step

SECRETS = ("Frieda", "Frida", "Schulden", "Kündigung")


@pytest.fixture
def clashed(make_desk: Maker) -> tuple[OfficeDesk, OfficeDesk]:
    """Two desks that changed the same: a file, a consent, a note beside a channel, and the office's telephone number."""
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    in_step(one, two)
    person = one.office.person("Frieda Fiktiv")
    consent = one.office.files.add_consent(
        one.actor, person, ConsentEntry(ConsentKind.RECORD, one.clock.today(), "2026-11")
    )
    entry = ContactEntry(needs=(NeedEntry("pflege"),), referrals=(ReferralEntry("service-1"),))
    contact = one.office.files.record_contact(one.actor, entry, person)
    in_step(one, two)
    for desk, name, note, channel, phone in (
        (one, "Frieda Neu", "Hat Schulden", Channel.PHONE, "0208 111"),
        (two, "Frida Neu", "Hat die Kündigung", Channel.MAIL, "0208 222"),
    ):
        file = desk.office.files.open_file(desk.actor, person)
        desk.office.files.change_file(desk.actor, person, VisitorEntry(name=name), revision=file.revision)
        day = desk.clock.today().replace(day=20 if desk is one else 21)
        desk.office.files.revoke_consent(desk.actor, consent, on=day)
        desk.correct(contact, note=note, channel=channel)
        settings = desk.office.desk.settings
        settings.change_office(desk.actor, replace(settings.office(), phone=phone))
    one.round()
    return one, two


def as_role(desk: OfficeDesk, role: Role) -> SyncService:
    return SyncService(desk.store, replace(desk.actor, role=role), desk.engine, fonts)


def fields_of(service: SyncService) -> set[tuple[str, str]]:
    return {(conflict.what, field.name) for conflict in service.conflicts() for field in conflict.fields}


def test_the_front_desk_sees_neither_files_nor_notes(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = clashed
    in_step(one, two)
    for desk in (one, two):
        everything, front = as_role(desk, Role.COORDINATION), as_role(desk, Role.FRONT_DESK)
        assert {("Personenakte", "name"), ("Einwilligung", "revoked_on"), ("Kontakt", "note")} < fields_of(everything)
        assert fields_of(front) == {("Kontakt", "channel"), ("Büro", "phone")}
        shown = repr(front.conflicts(with_decided=True))
        assert not any(secret in shown for secret in SECRETS)
        assert front.status().open_conflicts == len(front.conflicts()) == 2


def test_a_number_alone_would_tell_that_there_is_something(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    """What a round says of new conflicts counts those that whoever runs it may read."""
    _, two = clashed
    result = two.sync.run(replace(two.actor, role=Role.FRONT_DESK), NoProgress())
    front = as_role(two, Role.FRONT_DESK)
    assert result.new_conflicts == len(front.conflicts()) == 2
    assert len(as_role(two, Role.COORDINATION).conflicts()) == 4


def test_the_front_desk_decides_nothing_of_what_it_does_not_see(clashed: tuple[OfficeDesk, OfficeDesk]) -> None:
    one, two = clashed
    in_step(one, two)
    front, everything = as_role(two, Role.FRONT_DESK), as_role(two, Role.COORDINATION)
    before = two.state()
    for conflict in everything.conflicts():
        hidden = [field.name for field in conflict.fields if (conflict.what, field.name) not in fields_of(front)]
        for name in hidden:
            with pytest.raises(UserError, match="gibt es nicht mehr"):
                front.decide(two.actor, conflict.conflict_id, name, Choice.THEIRS)
        if len(hidden) == len(conflict.fields):
            for refused in (front.conflict, lambda number: front.dismiss(two.actor, number)):
                with pytest.raises(UserError, match="gibt es nicht mehr"):
                    refused(conflict.conflict_id)
    assert two.state() == before
    (mixed,) = [conflict for conflict in front.conflicts() if conflict.what == "Kontakt"]
    front.dismiss(two.actor, mixed.conflict_id)
    assert ("Kontakt", "channel") not in fields_of(front)
    # The note is another matter: it waits for somebody who may read it.
    assert ("Kontakt", "note") in fields_of(everything)


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_what_it_may_read_anyway(clashed: tuple[OfficeDesk, OfficeDesk], role: Role) -> None:
    one, two = clashed
    in_step(one, two)
    expected = {("Büro", "phone")}
    if allowed(role, Action.SEE_CONTACTS):
        expected.add(("Kontakt", "channel"))
    if allowed(role, Action.READ_NOTES):
        expected.add(("Kontakt", "note"))
    if allowed(role, Action.READ_VISITOR_FILES):
        expected |= {("Personenakte", "name"), ("Einwilligung", "revoked_on")}
    found = ConflictInbox(two.store, role)
    assert {(one.what, field.name) for one in found.conflicts() for field in one.fields} == expected
    assert found.count_waiting() == len(found.conflicts())
    assert found.count_decided() == 0
    for conflict in found.conflicts():
        found.dismiss(two.actor, conflict.conflict_id)
    assert found.conflicts() == ()
    assert found.count_decided() == len(found.conflicts(with_decided=True)) == len({what for what, _ in expected})


def test_whoever_sees_no_client_data_sees_none_of_its_conflicts() -> None:
    """Of every kind of record of the office, whole or in part; what comes newly counts as confidential."""
    open_to_all = {"office", "social_space", "topic"}
    names = [name for name, one in COLLECTIONS.items() if one.space is SpaceKind.OFFICE]
    for name in (*names, "something_new"):
        for field in ("", "note", "name"):
            assert may_read(Role.ANALYSIS, name, field) is (name in open_to_all), name
            assert may_read(Role.ADMINISTRATION, name, field) is (
                name in {*open_to_all, "account", "service_remark"}
            ), name
    assert not may_read(Role.FRONT_DESK, "contact", "link")
    assert may_read(Role.FRONT_DESK, "contact", "needs/pflege/result")


def test_the_number_of_records_tells_nobody_of_files_who_may_not_read_them(make_desk: Maker) -> None:
    desk = make_desk("Empfang")
    desk.connect()

    def told(role: Role) -> int:
        return {share.kind: share.records for share in as_role(desk, role).shares()}[SpaceKind.OFFICE]

    before = {role: told(role) for role in Role}
    desk.office.person("Frieda Fiktiv")
    assert {role for role in Role if told(role) != before[role]} == {Role.COUNSELLING, Role.COORDINATION}
    desk.contact(note="Hat Schulden")
    assert told(Role.FRONT_DESK) == before[Role.FRONT_DESK] + 1
    assert told(Role.ADMINISTRATION) == before[Role.ADMINISTRATION]
