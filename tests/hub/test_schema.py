"""The schema on disk is that of the tables, on both engines; a database of another version is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import peewee
import pytest

import hub as hub_package
from hub.storage.database import MIGRATIONS, HubDatabase, NotPrepared
from hub.storage.tables import TABLES, Space
from tests.hub.running import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "sqlite":
        opened = HubDatabase(f"sqlite:///{tmp_path}/hub.db")
        opened.migrate()
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        opened = HubDatabase(postgres.new_database())
    yield opened
    opened.close()


def test_tables_and_columns_are_those_of_the_code(database: HubDatabase):
    inner = database._database
    with database.session():
        assert set(inner.get_tables()) == {table._meta.table_name for table in TABLES} | {"schema_migration"}
        for table in TABLES:
            found = {column.name: column.null for column in inner.get_columns(table._meta.table_name)}
            wanted = {field.column_name: field.null for field in table._meta.sorted_fields}
            if table is Space and database.engine == "sqlite":
                wanted["id"] = found["id"]  # INTEGER PRIMARY KEY is never null, whatever SQLite says
            assert found == wanted, table
            keys = table._meta.primary_key
            names = keys.field_names if isinstance(keys, peewee.CompositeKey) else (keys.name,)
            columns = [table._meta.fields[name].column_name for name in names]
            assert inner.get_primary_keys(table._meta.table_name) == columns, table


def test_a_prepared_database_is_taken(database: HubDatabase):
    database.check_schema()
    assert database.migrate() == []


def test_other_databases_are_refused(database: HubDatabase, tmp_path: Path):
    empty = HubDatabase(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(NotPrepared, match="noch leer"):
        empty.check_schema()
    empty.close()
    with database.session():
        database.sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')")
    with pytest.raises(NotPrepared, match="neueren Version"):
        database.check_schema()
    with database.session():
        database.sql("DELETE FROM schema_migration")
        database.sql("INSERT INTO schema_migration (name, applied) VALUES ('0000_other', '2026-01-01')")
    with pytest.raises(NotPrepared):
        database.check_schema()


def test_migrations_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in MIGRATIONS.glob("[0-9]*.py"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_hub_has_the_version_of_the_project():
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert hub_package.__version__ == project["project"]["version"]
