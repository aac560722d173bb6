"""The migrated schema and the live table classes are the same, column by column, both ways."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest
from peewee import AutoField, IntegerField

import desktop_app
from desktop_app.storage.store import Store
from desktop_app.storage.tables import Table
from desktop_app.storage.unit_of_work import primary_key, table_name

RUNNER_TABLE = "schema_migration"


def all_tables() -> list[type[Table]]:
    for module in pkgutil.walk_packages(desktop_app.__path__, "desktop_app."):
        if module.name.rsplit(".", 1)[1] == "tables":
            importlib.import_module(module.name)
    found: list[type[Table]] = []
    waiting: list[type[Table]] = [Table]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return sorted((table for table in found if table.__module__.startswith("desktop_app.")), key=table_name)


TABLES = all_tables()


def test_no_two_classes_share_a_table() -> None:
    names = [table_name(table) for table in TABLES]
    assert len(names) == len(set(names))
    assert {"contact", "service", "outbox", "account", "topic"} <= set(names)


@pytest.mark.parametrize("table", TABLES, ids=table_name)
def test_every_column_is_in_the_schema_and_in_the_class(store: Store, table: type[Table]) -> None:
    in_class: dict[str, tuple[Any, ...]] = {}
    for field in table._meta.sorted_fields:
        whole_number = isinstance(field, AutoField | IntegerField)
        kind = "INTEGER" if whole_number else "TEXT"
        in_class[field.column_name] = (kind, bool(field.null))
    in_schema: dict[str, tuple[Any, ...]] = {}
    for _, name, kind, not_null, _default, key in store.sql(f'PRAGMA table_info("{table_name(table)}")'):
        in_schema[name] = (kind, not not_null and not key)
    assert in_class == in_schema


@pytest.mark.parametrize("table", TABLES, ids=table_name)
def test_a_row_is_found_by_its_id_or_by_what_the_class_says(store: Store, table: type[Table]) -> None:
    name, key = table_name(table), primary_key(table)
    columns = store.sql(f'PRAGMA table_info("{name}")')
    stored_by = [column for _place, column in sorted((row[5], row[1]) for row in columns if row[5])]
    unique = {
        tuple(row[2] for row in store.sql(f'PRAGMA index_info("{index[1]}")'))
        for index in store.sql(f'PRAGMA index_list("{name}")')
        if index[2]
    }
    if table.stored_under is None:
        assert stored_by == [key] or (key,) in unique
    else:
        assert stored_by[0] == table.stored_under
        assert (key,) not in unique, "the class promises less than the schema holds"


def test_every_table_of_the_schema_has_a_class(store: Store) -> None:
    in_schema = {
        name
        for _schema, name, kind, *_ in store.sql("PRAGMA table_list")
        if kind == "table" and not name.startswith("sqlite_") and name != RUNNER_TABLE
    }
    assert in_schema == {table_name(table) for table in TABLES}


def test_every_table_that_others_hear_of_has_a_text_key(store: Store) -> None:
    shared = [table for table in TABLES if not table.local_only]
    assert {
        table_name(table): table._meta.primary_key.field_type for table in shared if table._meta.primary_key
    } == dict.fromkeys(map(table_name, shared), "TEXT")


def test_the_file_works_as_the_design_says(store: Store) -> None:
    assert store.sql("PRAGMA journal_mode") == [("wal",)]
    assert store.sql("PRAGMA synchronous") == [(2,)]
    assert store.sql("PRAGMA foreign_keys") == [(1,)]
    assert store.sql("PRAGMA temp_store") == [(2,)]
    assert store.sql("PRAGMA secure_delete") == [(1,)]
    assert store.sql("PRAGMA cache_size") == [(-65536,)]
    assert store.sql("PRAGMA foreign_key_check") == []
    assert store.sql("PRAGMA integrity_check") == [("ok",)]
