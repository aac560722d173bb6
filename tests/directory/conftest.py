"""Sources of directories to import, and a database that has the sample directory."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.directory.hsds.importer import DirectoryImporter
from desktop_app.directory.queries import DirectoryQueries
from desktop_app.storage.opening import create_store, open_store
from desktop_app.storage.store import Store

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = PROJECT / "resources" / "sample" / "directory"
SAMPLE_KEY = bytes(range(32))
MORNING = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)

ORGANIZATION = "11111111-1111-4111-8111-000000000001"
SERVICE = "22222222-2222-4222-8222-000000000001"
LOCATION = "33333333-3333-4333-8333-000000000001"

Tables = dict[str, list[dict[str, str]]]


def one_service() -> Tables:
    """A small but complete source: one organisation, one service, one place, one number."""
    return {
        "organizations": [{"id": ORGANIZATION, "name": "Nachbarschaftshaus", "description": "Ein Haus", "email": ""}],
        "services": [
            {
                "id": SERVICE, "organization_id": ORGANIZATION, "name": "Seniorenfrühstück", "status": "active",
                "description": "Frühstück mit Gesprächskreis", "email": "info@example.org",
            }
        ],
        "locations": [
            {"id": LOCATION, "organization_id": ORGANIZATION, "name": "Haus am Ring", "location_type": "physical"}
        ],
        "addresses": [
            {
                "id": "44444444-4444-4444-8444-000000000001", "location_id": LOCATION, "address_1": "Ringstr. 5",
                "city": "Musterstadt", "state_province": "NRW", "postal_code": "46045", "country": "DE",
                "address_type": "physical",
            }
        ],
        "phones": [
            {"id": "55555555-5555-4555-8555-000000000001", "service_id": SERVICE, "number": "+49 208 1234", "type": "voice"}
        ],
        "service_at_location": [
            {"id": "66666666-6666-4666-8666-000000000001", "service_id": SERVICE, "location_id": LOCATION}
        ],
    }  # fmt: skip


def two_organizations() -> Tables:
    """`one_service` and a second organisation with a service."""
    tables = one_service()
    tables["organizations"].append(
        {"id": ORGANIZATION[:-1] + "2", "name": "Pflegewerk", "description": "Pflege", "email": ""}
    )
    tables["services"].append(
        {
            "id": SERVICE[:-1] + "2", "organization_id": ORGANIZATION[:-1] + "2", "name": "Pflegeberatung",
            "status": "active", "description": "Beratung", "email": "",
        }
    )  # fmt: skip
    return tables


def write_tables(folder: Path, tables: Tables, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write CSV files; the columns of a table are those of its first row."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def first_of_sample(folder: Path, organizations: int) -> Path:
    """Write the first organisations of the sample with all that belongs to them."""
    tables = read_tables(SAMPLE)
    tables["organizations"] = tables["organizations"][:organizations]
    kept = {row["id"] for row in tables["organizations"]}
    for name in ("services", "locations"):
        tables[name] = [row for row in tables[name] if row["organization_id"] in kept]
    kept |= {row["id"] for name in ("services", "locations") for row in tables[name]}
    for name in tables.keys() - {"organizations", "services", "locations"}:
        owners = [column for column in ("service_id", "location_id") if column in tables[name][0]]
        tables[name] = [row for row in tables[name] if any(row[column] in kept for column in owners)]
    return write_tables(folder, {name: rows for name, rows in tables.items() if rows})


def read_tables(folder: Path) -> Tables:
    """Read CSV files as written by anybody sensible."""
    tables: Tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            tables[path.stem] = list(csv.DictReader(stream))
    return tables


def zip_folder(folder: Path, target: Path, inside: str = "") -> Path:
    """Put the files of a folder into an archive."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, inside + path.name)
    return target


def as_document(tables: Tables) -> dict[str, Any]:
    """Return the page of services that an HSDS API would answer for these tables: empty values left out."""

    def filled(row: dict[str, str], *links: str) -> dict[str, Any]:
        return {key: value for key, value in row.items() if value and key not in links}

    def by(table: str, column: str) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in tables[table]:
            if row.get(column):
                found[row[column]].append(row)
        return found

    organizations = {row["id"]: row for row in tables["organizations"]}
    locations = {row["id"]: row for row in tables["locations"]}
    links = by("service_at_location", "service_id")

    def details(column: str, owner: str, *names: str) -> dict[str, list[dict[str, Any]]]:
        """What the tables named (those that are there) have for an owner."""
        return {name: [filled(row, column) for row in by(name, column)[owner]] for name in names if tables.get(name)}

    contents = []
    for service in tables["services"]:
        item = filled(service, "organization_id", "program_id")
        item["organization"] = filled(organizations[service["organization_id"]])
        item |= details(
            "service_id", service["id"], "phones", "schedules", "languages", "cost_options", "required_documents"
        )
        item["service_at_locations"] = [
            {
                **filled(link, "service_id", "location_id"),
                **details("service_at_location_id", link["id"], "schedules"),
                "location": {
                    **filled(locations[link["location_id"]], "organization_id"),
                    **details("location_id", link["location_id"], "addresses", "accessibility"),
                },
            }
            for link in links[service["id"]]
        ]
        contents.append(item)
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "contents": contents,
    }


def write_json(path: Path, content: object) -> Path:
    """Write a JSON file."""
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of all tables, to see that nothing has changed."""
    names = [name for (name,) in store.sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {
        name: sorted(store.sql(f'SELECT * FROM "{name}"'), key=repr)
        for name in names
        if not name.startswith(("sqlite_", "search_index", "search_word_parts"))
    }


@dataclass
class Directory:
    """A database with its importer and its reads."""

    store: Store
    actor: Actor

    def __post_init__(self) -> None:
        self.importer = DirectoryImporter(self.store)
        self.queries = DirectoryQueries(self.store)

    def load(self, source: Path, **options: Any) -> Any:
        return self.importer.import_directory(self.actor, source, **options)

    def count_of(self, table: str) -> int:
        return int(self.store.sql(f'SELECT count(*) FROM "{table}"')[0][0])


@pytest.fixture
def directory(store: Store, actor: Actor) -> Directory:
    """An empty directory."""
    return Directory(store, actor)


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database file that has the sample directory; copy it before opening."""
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    clock = FixedClock(MORNING)
    store = create_store(path, SAMPLE_KEY, clock, UuidFactory(clock), NoticeBoard())
    DirectoryImporter(store).import_directory(Actor("018f0000-0000-7000-8000-000000000001", "Erika", "EM"), SAMPLE)
    store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


@pytest.fixture
def sample(sample_database: Path, tmp_path: Path, actor: Actor) -> Iterator[Directory]:
    """A directory of its own with the sample in it."""
    path = shutil.copy(sample_database, tmp_path / "copy.db")
    clock = FixedClock(MORNING)
    store = open_store(
        Path(path), SAMPLE_KEY, clock, UuidFactory(clock), NoticeBoard(), backups=Path(path).parent / "backups"
    )
    yield Directory(store, actor)
    store.close()


@pytest.fixture(scope="session")
def shared_sample(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    """The sample for tests that only read."""
    path = shutil.copy(sample_database, tmp_path_factory.mktemp("read") / "copy.db")
    clock = FixedClock(MORNING)
    store = open_store(
        Path(path), SAMPLE_KEY, clock, UuidFactory(clock), NoticeBoard(), backups=Path(path).parent / "backups"
    )
    yield Directory(store, Actor("018f0000-0000-7000-8000-000000000001", "Erika", "EM"))
    store.close()


@dataclass(frozen=True)
class Sources:
    """The helpers that make sources, for test modules (which can't import a conftest)."""

    sample: Path
    hsds: Path
    spectrum: Path
    texts: Path
    one_service: Callable[[], Tables]
    two_organizations: Callable[[], Tables]
    write_tables: Callable[..., Path]
    read_tables: Callable[[Path], Tables]
    first_of_sample: Callable[[Path, int], Path]
    zip_folder: Callable[..., Path]
    as_document: Callable[[Tables], dict[str, Any]]
    write_json: Callable[[Path, object], Path]
    everything: Callable[[Store], dict[str, list[tuple[Any, ...]]]]
    ORGANIZATION: str = ORGANIZATION
    SERVICE: str = SERVICE
    LOCATION: str = LOCATION


@pytest.fixture(scope="session")
def sources() -> Sources:
    """What there is to import."""
    data = PROJECT / "tests" / "data"
    return Sources(
        SAMPLE, data / "hsds", data / "csv-spectrum", data / "text", one_service, two_organizations, write_tables,
        read_tables, first_of_sample, zip_folder, as_document, write_json, everything,
    )  # fmt: skip
