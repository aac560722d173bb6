"""Every table and every column is named: as travelling, or as staying, with a reason."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import desktop_app
from desktop_app.storage.tables import Table
from desktop_app.storage.unit_of_work import table_name
from desktop_app.sync.records import SpaceKind
from desktop_app.sync.what_travels import COLLECTIONS, INSIDE, STAYS, Collection


def all_tables() -> dict[str, type[Table]]:
    for module in pkgutil.walk_packages(desktop_app.__path__, "desktop_app."):
        if module.name.rsplit(".", 1)[1] == "tables":
            importlib.import_module(module.name)
    found: list[type[Table]] = []
    waiting: list[type[Table]] = [Table]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return {table_name(table): table for table in found if table.__module__.startswith("desktop_app.")}


TABLES = all_tables()


def test_every_table_travels_or_stays() -> None:
    named = [*COLLECTIONS, *INSIDE, *STAYS]
    assert sorted(named) == sorted(TABLES), (
        "name a new table in sync/what_travels.py: does it travel, and how, or why not?"
    )
    assert all(reason for reason in STAYS.values())


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda collection: collection.name)
def test_every_column_travels_or_stays(collection: Collection) -> None:
    assert TABLES[collection.name] is collection.table
    columns = set(collection.table._meta.columns)
    assert columns - collection.fields.keys() - collection.stays.keys() == set()
    assert collection.fields.keys() & collection.stays.keys() == set()
    parts = set(collection.inner) | ({"note", "link"} if collection.name == "contact" else set())
    assert collection.fields.keys() - columns == parts
    assert all(reason for reason in collection.stays.values())
    assert set(collection.parents) - {""} <= collection.fields.keys()
    assert set(collection.parents.values()) <= COLLECTIONS.keys()


@pytest.mark.parametrize("name", INSIDE)
def test_every_column_of_a_part_travels_or_stays(name: str) -> None:
    whole, travels, stays = INSIDE[name]
    assert whole in COLLECTIONS
    assert travels | stays.keys() == set(TABLES[name]._meta.columns)
    assert travels & stays.keys() == set()


def test_local_tables_stay_and_shared_ones_travel() -> None:
    for name, table in TABLES.items():
        assert table.local_only == (name in STAYS), name


def test_nothing_about_visitors_or_people_of_the_office_goes_into_the_directory() -> None:
    plain = {name for name, collection in COLLECTIONS.items() if collection.space is SpaceKind.DIRECTORY}
    assert plain.isdisjoint(
        {"account", "contact", "contact_revision", "visitor", "visitor_consent", "visitor_merge", "visit_card"}
        | {"visit_card_salt", "tally_mark", "service_remark", "office", "sync_conflict", "exchange_referral"}
    )


def test_parents_come_first() -> None:
    order = list(COLLECTIONS)
    for collection in COLLECTIONS.values():
        for parent in collection.parents.values():
            assert order.index(parent) <= order.index(collection.name)
