"""The whole matrix: every role and every public method of every service that the application hands out."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import pytest

from desktop_app.access.guard import METHOD_ACTIONS, NotAllowed, guarded, guarded_kind
from desktop_app.access.wording import action_label, role_explanation, role_label
from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.contacts.vocabulary import Channel, Result
from desktop_app.core.permissions import CLIENT_DATA, MANAGED_ROLES, ROLE_ACTIONS, Action, Role, allowed, may_manage
from desktop_app.retention.records import DataKind
from desktop_app.retention.wording import due_text

ROOT = Path(__file__).resolve().parents[2]
#: what the application shows that is no service of its own
NO_SERVICES = {"folder", "store", "actor", "clock", "ids", "notices", "surroundings"}
ENTRY = ContactEntry(channel=Channel.OFFICE, needs=(NeedEntry("wohnen", Result.MET),), note="Streit mit dem Sohn")


def services(application: Application) -> dict[str, object]:
    lazy = {name for name, value in inspect.getmembers_static(Application) if isinstance(value, cached_property)}
    names = {name for name in vars(application) if not name.startswith("_")} | lazy
    return {name: getattr(application, name) for name in sorted(names - NO_SERVICES)}


def public_methods(kind: type) -> Iterator[str]:
    for name, member in inspect.getmembers(kind):
        if not name.startswith("_") and (callable(member) or isinstance(member, property)):
            yield name


def test_everything_the_application_hands_out_is_guarded(erika: Application) -> None:
    handed_out = services(erika)
    assert len(handed_out) >= 10
    assert [name for name, service in handed_out.items() if guarded_kind(service) is None] == []


def test_every_public_method_has_a_row_and_every_row_a_method(erika: Application) -> None:
    kinds = {guarded_kind(service) for service in services(erika).values()}
    methods = {(kind.__name__, name) for kind in kinds if kind for name in public_methods(kind)}
    assert methods - METHOD_ACTIONS.keys() == set(), "a new method needs a row in METHOD_ACTIONS"
    assert METHOD_ACTIONS.keys() - methods == set(), "a row without a method"


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_the_table_says_and_nothing_else(
    role: Role, as_role: Callable[[Role], Application]
) -> None:
    checked = 0
    for service in services(as_role(role)).values():
        kind = guarded_kind(service)
        assert kind is not None
        for name in public_methods(kind):
            refused = False
            try:
                getattr(service, name)()  # most stop at missing arguments: past the guard is all that counts here
            except NotAllowed:
                refused = True
            except Exception:  # noqa: BLE001, S110
                pass
            assert refused is not allowed(role, METHOD_ACTIONS[kind.__name__, name]), (role, kind.__name__, name)
            checked += 1
    assert checked == len(METHOD_ACTIONS)


def test_a_method_without_a_row_cannot_be_reached(erika: Application) -> None:
    class Newcomer:
        def surprise(self) -> None: ...

    with pytest.raises(AttributeError, match=r"Newcomer\.surprise has no row"):
        guarded(Newcomer(), erika.actor).surprise()


def test_a_permitted_method_is_the_services_own(erika: Application) -> None:
    # The guard costs nothing on the way of a saved contact.
    assert type(erika.contacts.record_contact).__name__ == "method"
    assert erika.contacts.record_contact.__name__ == "record_contact"


def test_nobody_without_client_work_reaches_client_data() -> None:
    for role in (Role.ADMINISTRATION, Role.ANALYSIS):
        assert ROLE_ACTIONS[role] & CLIENT_DATA == frozenset()
        assert not {Action.RENEW_RECOVERY_KEY, Action.MANAGE_SYNC} & ROLE_ACTIONS[role]
    numbers_only = {Action.SEE_STATISTICS, Action.SEE_OFFICE, Action.SEE_SYNC, Action.CHANGE_OWN_PASSWORD}
    assert ROLE_ACTIONS[Role.ANALYSIS] == numbers_only
    assert ROLE_ACTIONS[Role.COORDINATION] == frozenset(Action)


def test_nobody_gives_a_role_that_may_do_more_than_the_giver() -> None:
    for giver, given in MANAGED_ROLES.items():
        reachable = frozenset[Action]().union(*(ROLE_ACTIONS[role] for role in given))
        assert reachable & CLIENT_DATA <= ROLE_ACTIONS[giver]
    assert not may_manage(Role.ADMINISTRATION, Role.COORDINATION)
    assert not may_manage(Role.FRONT_DESK, Role.FRONT_DESK)


def test_real_contacts_are_out_of_reach_for_verwaltung_and_auswertung(
    erika: Application, as_role: Callable[[Role], Application]
) -> None:
    contact_id = erika.contacts.record_contact(erika.actor, ENTRY)
    day = erika.clock.today()
    for role in (Role.ADMINISTRATION, Role.ANALYSIS):
        other = as_role(role)
        for read in (
            lambda other=other: other.contact_queries.contacts_of_day(day),
            lambda other=other: other.contacts.read_note(other.actor, contact_id),
            lambda other=other: other.drafts.open_drafts(other.actor),
            lambda other=other: other.contacts.record_contact(other.actor, ENTRY),
        ):
            with pytest.raises(NotAllowed, match=rf"Rolle „{role_label(role)}“ nicht.*fragen Sie die Koordination"):
                read()
    assert len(erika.contact_queries.contacts_of_day(day)) == 1


def test_the_front_desk_sees_that_there_is_a_note_and_not_what_it_says(
    erika: Application, as_role: Callable[[Role], Application]
) -> None:
    contact_id = erika.contacts.record_contact(erika.actor, ENTRY)
    desk = as_role(Role.FRONT_DESK)
    assert desk.contact_queries.contact(contact_id).has_note
    with pytest.raises(NotAllowed, match="vertrauliche Notizen lesen"):
        desk.contacts.read_note(desk.actor, contact_id)
    counselling = as_role(Role.COUNSELLING)
    assert counselling.contacts.read_note(counselling.actor, contact_id) == ENTRY.note


@pytest.mark.parametrize(
    ("typed", "kept"), [("", "Streit mit dem Sohn"), ("ruft wieder an", "Streit mit dem Sohn\nruft wieder an")]
)
def test_a_correction_by_the_front_desk_keeps_the_note_it_cannot_read(
    typed: str, kept: str, erika: Application, as_role: Callable[[Role], Application]
) -> None:
    contact_id = erika.contacts.record_contact(erika.actor, ENTRY)
    desk = as_role(Role.FRONT_DESK)
    corrected = ContactEntry(channel=Channel.PHONE, needs=ENTRY.needs, note=typed)
    desk.contacts.correct_contact(desk.actor, contact_id, corrected, revision=1)
    assert erika.contact_queries.contact(contact_id).channel is Channel.PHONE
    assert erika.contacts.read_note(erika.actor, contact_id) == kept


def test_roles_and_actions_have_words() -> None:
    assert len({role_label(role) for role in Role}) == len(Role)
    assert len({role_explanation(role) for role in Role}) == len(Role)
    assert len({action_label(action) for action in Action}) == len(Action)


def test_the_window_never_goes_round_the_guard() -> None:
    """`application.store` is for ending a thread; reading or writing through it would pass by the table."""
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "store":
                # The program itself lets go of the key when it locks; pages only end the connection of a thread.
                known = (
                    {"end_thread", "forget_key", "know_key", "knows_key"}
                    if path.name == "screen_lock.py"
                    else {"end_thread"}
                )
                assert node.attr in known, f"{path.name}: store.{node.attr}"


def test_whoever_may_read_no_files_is_not_told_how_many_there_are(as_role: Callable[[Role], Application]) -> None:
    seen = {due.in_force.rule.kind: due for due in as_role(Role.COORDINATION).retention.due_lists()}
    assert seen[DataKind.NOTES].total is not None
    for due in as_role(Role.ADMINISTRATION).retention.due_lists():
        assert due.total is None
        assert "vorhanden" not in due_text(due)
