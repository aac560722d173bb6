"""Pages of the log, its filters and its words."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import desktop_app
from desktop_app.audit.queries import AuditQueries
from desktop_app.audit.records import AuditFilter, AuditKind
from desktop_app.audit.vocabulary import ACTION_KINDS, actions_of
from desktop_app.audit.wording import action_labels, action_text, kind_label, person_text, subject_text
from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.security.accounts import NewAccount, create_account
from desktop_app.storage.store import Store

Add = Callable[..., None]
#: an action that is no literal
MADE_OF_TWO = {"f'{action}_contact'": {"withdraw_contact", "restore_contact"}}
#: what takes an action: the unit of work, and methods that hand it on
TAKERS = {"unit_of_work", "_unit", "note_in_place"}


@pytest.fixture
def queries(store: Store) -> AuditQueries:
    return AuditQueries(store)


def numbers(queries: AuditQueries, **wanted: object) -> list[int]:
    return [record.sequence for record in queries.page(AuditFilter(**wanted)).records]  # type: ignore[arg-type]


def test_pages_go_back_in_time_without_gap_or_overlap(queries: AuditQueries, add_entries: Add) -> None:
    assert queries.page(AuditFilter()).records == ()
    add_entries(23)
    seen: list[int] = []
    before = None
    for expected in (10, 10, 3):
        page = queries.page(AuditFilter(), before=before, size=10)
        assert len(page.records) == expected
        seen += [record.sequence for record in page.records]
        before = page.older_before
    assert before is None
    assert seen == list(range(23, 0, -1))
    assert queries.page(AuditFilter(), size=23).older_before is None


def test_days_are_local_days(store: Store, actor: Actor, queries: AuditQueries, clock: FixedClock) -> None:
    for moment in (
        datetime(2026, 7, 1, 21, 59, 59, 999_000, tzinfo=UTC),  # 1 July, a millisecond before midnight in Berlin
        datetime(2026, 7, 1, 22, 0, tzinfo=UTC),
        datetime(2026, 7, 2, 21, 59, tzinfo=UTC),
        datetime(2026, 7, 2, 22, 0, tzinfo=UTC),
    ):
        clock.set(moment)
        with store.unit_of_work(actor, "try", ("thing", "1")):
            pass
    second = date(2026, 7, 2)
    assert numbers(queries, first_day=second, last_day=second) == [3, 2]
    assert numbers(queries, first_day=second) == [4, 3, 2]
    assert numbers(queries, last_day=second) == [3, 2, 1]
    assert queries.page(AuditFilter(first_day=second)).records[-1].at.isoformat() == "2026-07-02T00:00:00+02:00"


def test_by_person_and_by_kind(store: Store, queries: AuditQueries, add_entries: Add, actor: Actor) -> None:
    other = create_account(store, store.ids.new_id(), NewAccount("ida", "Ida Beispiel", "IB"))
    add_entries(2)
    with store.unit_of_work(other, "read_note", ("contact", store.ids.new_id())):
        pass
    with store.unit_of_work(other, "something_new", ("thing", "1")):
        pass
    assert numbers(queries, account_id=other.account_id) == [5, 4, 1]
    assert numbers(queries, account_id=actor.account_id, kind=AuditKind.READING) == []
    assert numbers(queries, kind=AuditKind.READING) == [4]
    assert numbers(queries, kind=AuditKind.CONTACTS) == [3, 2]
    assert numbers(queries, kind=AuditKind.OTHER) == [5]
    assert [person.display_name for person in queries.people()] == ["Ida Beispiel"]
    record = queries.page(AuditFilter(kind=AuditKind.READING)).records[0]
    assert person_text(record) == "Ida Beispiel"
    assert action_text(record.action) == "Vertrauliche Notiz gelesen"
    assert subject_text(record) == f"Kontakt …{record.subject_id[-12:]}"
    assert person_text(replace(record, account_name="")) == f"…{other.account_id[-12:]}"
    assert subject_text(replace(record, subject_kind="month", subject_id="2026-11")) == "Monat 2026-11"
    assert subject_text(replace(record, subject_kind="setting", subject_id="backup_folder")) == "Einstellung"


def actions_in_the_program() -> set[str]:
    found: set[str] = set()
    for path in Path(*desktop_app.__path__).rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or _name(call.func) not in TAKERS:
                continue
            if any(isinstance(argument, ast.Constant) and argument.value is None for argument in call.args):
                continue  # no subject, no entry
            for argument in call.args[1:3]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
                elif isinstance(argument, ast.JoinedStr):
                    found |= MADE_OF_TWO[ast.unparse(argument)]
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_action_of_the_program_has_a_kind_and_words() -> None:
    found = actions_in_the_program()
    assert {"record_contact", "restore_contact", "add_account"} <= found
    assert found - ACTION_KINDS.keys() == set(), "a new action needs a row in audit/vocabulary.py and audit/wording.py"
    assert ACTION_KINDS.keys() == action_labels().keys()
    assert len(set(action_labels().values())) == len(action_labels())
    assert len({kind_label(kind) for kind in AuditKind}) == len(AuditKind)
    assert actions_of(AuditKind.OTHER) == ()
