"""The one write path: all or nothing, its trail, and notices only after the commit."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import peewee
import pytest

from desktop_app.contacts.tables import NeedTable
from desktop_app.core.actor import Actor
from desktop_app.core.errors import UserError
from desktop_app.core.ids import UuidFactory
from desktop_app.settings.tables import SettingTable, SocialSpaceTable, TopicTable
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import delete_sql

SUBJECT = ("office", "social_spaces")


@dataclass(frozen=True)
class SpacesChanged:
    count: int


def space(space_id: str, name: str = "Nord", **more: object) -> dict[str, object]:
    return {"id": space_id, "name": name, "position": 0, "active": 1, **more}


def outbox(store: Store) -> list[tuple[Any, ...]]:
    return store.sql("SELECT collection, record_id, deleted FROM outbox ORDER BY sequence")


def audit(store: Store) -> list[tuple[Any, ...]]:
    return store.sql("SELECT at, account_id, action, subject_kind, subject_id FROM audit_entry ORDER BY sequence")


def names(store: Store) -> list[str]:
    return [
        row[0] for row in store.tuples(SocialSpaceTable.select(SocialSpaceTable.name).order_by(SocialSpaceTable.id))
    ]


def test_rows_outbox_and_audit_come_together(store: Store, actor: Actor) -> None:
    with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        unit.insert_many(SocialSpaceTable, [space("b", "Süd"), space("c", "West")])
        unit.also_subject("social_space", "a")
        assert names(store) == ["Nord", "Süd", "West"]
    assert names(store) == ["Nord", "Süd", "West"]
    assert outbox(store) == [("social_space", "a", 0), ("social_space", "b", 0), ("social_space", "c", 0)]
    assert audit(store) == [
        ("2026-11-22T09:40:00.000Z", actor.account_id, "add_space", "social_space", "a"),
        ("2026-11-22T09:40:00.000Z", actor.account_id, "add_space", *SUBJECT),
    ]


def test_an_exception_leaves_nothing(store: Store, actor: Actor) -> None:
    heard: list[SpacesChanged] = []
    store.notices.subscribe(SpacesChanged, heard.append)
    with pytest.raises(RuntimeError, match="mitten"), store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        unit.also_subject("social_space", "a")
        unit.notify(SpacesChanged(1))
        raise RuntimeError("mitten drin")
    assert (names(store), outbox(store), audit(store), heard) == ([], [], [], [])
    with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
    assert names(store) == ["Nord"]


def test_a_refused_commit_leaves_nothing(store: Store, actor: Actor) -> None:
    with (
        pytest.raises(ValueError, match="without naming its subject"),
        store.unit_of_work(actor, "add_space", None) as unit,
    ):
        unit.insert(SocialSpaceTable, space("a"))
    assert (names(store), outbox(store)) == ([], [])


def test_a_broken_rule_of_the_schema_is_our_bug_and_leaves_nothing(store: Store, actor: Actor) -> None:
    with pytest.raises(peewee.IntegrityError), store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        unit.insert(SocialSpaceTable, space("a"))
    assert (names(store), outbox(store)) == ([], [])


@pytest.mark.parametrize("word", ["full", "locked", "busy", "readonly", "malformed"])
def test_a_column_whose_name_sounds_like_trouble_is_still_our_bug(store: Store, actor: Actor, word: str) -> None:
    with pytest.raises(peewee.OperationalError), store.unit_of_work(actor, "x", None) as unit:
        unit.derived(f"INSERT INTO social_space ({word}_name) VALUES (1)")


def test_the_outbox_has_one_row_per_changed_record(store: Store, actor: Actor) -> None:
    with store.unit_of_work(actor, "juggle", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        unit.update(SocialSpaceTable, "a", {"name": "Nordstadt"})
        unit.update(SocialSpaceTable, "a", {"active": 0})
        unit.insert(SocialSpaceTable, space("b"))
        unit.delete(SocialSpaceTable, "b")
        unit.insert(SocialSpaceTable, space("c"))
        unit.delete(SocialSpaceTable, "c")
        unit.insert(SocialSpaceTable, space("c", "wieder"))
        unit.delete(SocialSpaceTable, "nie dagewesen")
        unit.update(SocialSpaceTable, "a", {})
    assert outbox(store) == [("social_space", "a", 0), ("social_space", "b", 1), ("social_space", "c", 0)]
    assert names(store) == ["Nordstadt", "wieder"]


def test_local_rows_leave_no_trail(store: Store, actor: Actor) -> None:
    with store.unit_of_work(actor, "set_value", None) as unit:
        unit.insert(SettingTable, {"name": "theme", "value": '"dark"'})
    assert (outbox(store), audit(store)) == ([], [])
    assert store.scalar(SettingTable.select(SettingTable.value)) == '"dark"'


def test_a_row_that_is_gone_says_so(store: Store, actor: Actor) -> None:
    with pytest.raises(UserError, match="nicht mehr vorhanden"), store.unit_of_work(actor, "rename", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        unit.update(SocialSpaceTable, "gone", {"name": "x"})
    assert names(store) == []


def test_unknown_columns_are_refused(store: Store, actor: Actor) -> None:
    with pytest.raises(ValueError, match="no column colour"), store.unit_of_work(actor, "x", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a", colour="blau"))
    with pytest.raises(ValueError, match="no column colour"), store.unit_of_work(actor, "x", SUBJECT) as unit:
        unit.update(SocialSpaceTable, "a", {"colour": "blau"})


def test_rows_that_name_their_columns_in_another_order_are_refused(store: Store, actor: Actor) -> None:
    rows = [space("a"), {"name": "Süd", "id": "b", "position": 0, "active": 1}]
    with pytest.raises(ValueError, match="different columns"), store.unit_of_work(actor, "x", SUBJECT) as unit:
        unit.insert_many(SocialSpaceTable, rows)
    assert names(store) == []


def test_notices_come_after_the_commit_and_once(store: Store, actor: Actor) -> None:
    seen_by_another_thread: list[list[str]] = []

    def read(_notice: SpacesChanged) -> None:
        def look() -> None:
            seen_by_another_thread.append(names(store))
            store.end_thread()

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    store.notices.subscribe(SpacesChanged, read)
    with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        unit.notify(SpacesChanged(1))
        unit.notify(SpacesChanged(1))
        assert seen_by_another_thread == []
    assert seen_by_another_thread == [["Nord"]]


def test_a_listener_that_fails_does_not_undo_the_save(store: Store, actor: Actor) -> None:
    heard: list[SpacesChanged] = []

    def fail(_notice: SpacesChanged) -> None:
        raise RuntimeError

    store.notices.subscribe(SpacesChanged, fail)
    store.notices.subscribe(SpacesChanged, heard.append)
    with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        unit.notify(SpacesChanged(1))
    assert names(store) == ["Nord"]
    assert heard == [SpacesChanged(1)]


def test_a_listener_may_write(store: Store, actor: Actor) -> None:
    def note(_notice: SpacesChanged) -> None:
        with store.unit_of_work(actor, "set_value", None) as unit:
            unit.insert(SettingTable, {"name": "heard", "value": "1"})

    store.notices.subscribe(SpacesChanged, note)
    with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        unit.notify(SpacesChanged(1))
    assert store.scalar(SettingTable.select(SettingTable.name)) == "heard"


def test_a_unit_within_a_unit_is_refused_instead_of_waiting_for_ever(store: Store, actor: Actor) -> None:
    with pytest.raises(RuntimeError, match="inside another"), store.unit_of_work(actor, "outer", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        with store.unit_of_work(actor, "inner", SUBJECT):
            pytest.fail("the inner unit began")
    assert names(store) == []
    with store.unit_of_work(actor, "later", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("b"))
    assert names(store) == ["Nord"]


def test_threads_write_one_after_another(store: Store, actor: Actor, ids: UuidFactory) -> None:
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(25):
                with store.unit_of_work(actor, "count", SUBJECT) as unit:
                    position = unit.sql("SELECT count(*) FROM social_space")[0][0]
                    unit.insert(SocialSpaceTable, space(ids.new_id(), position=position))
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)
        finally:
            store.end_thread()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    positions = [row[0] for row in store.sql("SELECT position FROM social_space ORDER BY position")]
    assert positions == list(range(100))
    assert len(outbox(store)) == len(audit(store)) == 100


def test_readers_do_not_wait_for_a_writer(store: Store, actor: Actor) -> None:
    with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert(SocialSpaceTable, space("a"))
        seen: list[list[str]] = []

        def look() -> None:
            seen.append(names(store))
            store.end_thread()

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert seen == [[]]


def test_a_reading_holds_one_snapshot(store: Store, actor: Actor) -> None:
    def write() -> None:
        with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
            unit.insert(SocialSpaceTable, space("a"))
        store.end_thread()

    with store.reading():
        assert names(store) == []
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        assert names(store) == []
    assert names(store) == ["Nord"]


def test_reads_give_what_they_say(store: Store, actor: Actor) -> None:
    with store.unit_of_work(actor, "add_space", SUBJECT) as unit:
        unit.insert_many(SocialSpaceTable, [space("a"), space("b", "Süd", active=0)])
        assert unit.first(SocialSpaceTable.select().where(SocialSpaceTable.id == "b"))["name"] == "Süd"  # type: ignore[index]
        assert unit.rows(TopicTable.select()) == []
    assert store.rows(SocialSpaceTable.select().order_by(SocialSpaceTable.id))[1] == space("b", "Süd", active=0)
    assert store.first(SocialSpaceTable.select().where(SocialSpaceTable.id == "x")) is None
    assert store.scalar(SocialSpaceTable.select(peewee.fn.COUNT(SocialSpaceTable.id))) == 2
    assert store.scalar(SocialSpaceTable.select().where(SocialSpaceTable.id == "x")) is None
    assert store.sql("SELECT name FROM social_space WHERE id = ?", ("a",)) == [("Nord",)]


def test_a_row_without_an_index_of_ids_is_not_searched_for(store: Store, actor: Actor) -> None:
    with store.unit_of_work(actor, "nothing", None) as unit:
        with pytest.raises(ValueError, match="need is stored under contact_id"):
            unit.delete(NeedTable, "n")
        with pytest.raises(ValueError, match="social_space is stored under its id"):
            unit.delete(SocialSpaceTable, "a", under="b")
        with pytest.raises(ValueError, match="need has no index of ids"):
            unit.update(NeedTable, "n", {"result": "met"})
    plan = store.sql(f"EXPLAIN QUERY PLAN {delete_sql(NeedTable)}", ("n", "c"))
    assert [row[3] for row in plan] == ["SEARCH need USING PRIMARY KEY (contact_id=?)"]


def test_the_store_says_that_it_is_being_rewritten(store: Store) -> None:
    seen: list[bool] = []
    connection = store._database.connection()
    connection.set_progress_handler(lambda: seen.append(store.is_rewriting) or 0, 50)
    assert store.compact()
    connection.set_progress_handler(None, 0)
    assert True in seen
    assert not store.is_rewriting
