"""The topics of services, which the program guesses: every desk has them, however the directory came there."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.directory.hsds.importer import DirectoryImporter
from desktop_app.directory.queries import DirectoryQueries
from desktop_app.directory.search_index import index_services
from desktop_app.directory.tables import Organization, Service, ServiceTopic
from desktop_app.settings.tables import SettingTable
from desktop_app.sync.bundle_service import BundleService
from tests.directory.conftest import first_of_sample
from tests.sync.desks import Maker, OfficeDesk, in_step
from tests.sync.sharing import NORTH, SOUTH

_ALL = "SELECT service_id, topic, suggested FROM service_topic ORDER BY service_id, topic"


def topics(desk: OfficeDesk) -> list[tuple[str, str, int]]:
    return [(row[0], row[1], row[2]) for row in desk.store.sql(_ALL)]


def topics_of(desk: OfficeDesk, service: str) -> dict[str, int]:
    return {topic: suggested for service_id, topic, suggested in topics(desk) if service_id == service}


def found(desk: OfficeDesk, topic: str) -> set[str]:
    return {hit.service_id for hit in DirectoryQueries(desk.store).search("", limit=300, topics=[topic])}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return first_of_sample(tmp_path / "directory", 4)


def load(desk: OfficeDesk, directory: Path) -> None:
    DirectoryImporter(desk.store).import_directory(desk.actor, directory)


def write(desk: OfficeDesk, service: str, description: str) -> None:
    """Write a service as an import or a person does."""
    with desk.store.unit_of_work(desk.actor, "write_service", ("service", service)) as unit:
        if unit.sql("SELECT 1 FROM service WHERE id = ?", (service,)):
            unit.update(Service, service, {"description": description})
        else:
            unit.insert(Organization, {"id": f"org-{service}", "name": "Verein", "description": "", "extra": "{}"})
            unit.insert(
                Service,
                {
                    "id": service,
                    "organization_id": f"org-{service}",
                    "name": "Stelle",
                    "description": description,
                    "status": "active",
                    "extra": "{}",
                },
            )
        index_services(unit, [service])


@pytest.mark.parametrize("office", [NORTH, SOUTH], ids=["same office", "other carrier"])
def test_a_directory_arrives_with_the_topics_it_had(make_desk: Maker, directory: Path, office: str) -> None:
    one, two = make_desk("Empfang", NORTH), make_desk("Beratung", office)
    load(one, directory)
    one.connect()
    one.round()
    if office == NORTH:
        two.join(one)
    else:
        two.connect()
    two.round()
    assert topics(one)
    assert topics(two) == topics(one)
    for topic in {row[1] for row in topics(one)}:
        assert found(two, topic) == found(one, topic) != set()
    # A guess is nothing to tell.
    assert two.sync.status().waiting_changes == one.sync.status().waiting_changes == 0


def test_a_directory_arrives_by_stick_with_its_topics(make_desk: Maker, directory: Path, tmp_path: Path) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    in_step(one, two)
    load(one, directory)
    stick = tmp_path / "stick"
    stick.mkdir()
    waiting = two.sync.status().waiting_changes
    BundleService(one.store, one.engine).export(one.actor, stick)
    BundleService(two.store, two.engine).take_over(two.actor, stick)
    assert topics(one)
    assert topics(two) == topics(one)
    for topic in {row[1] for row in topics(one)}:
        assert found(two, topic) == found(one, topic)
    assert two.store.sql("SELECT 1 FROM outbox WHERE collection = 'service_topic'") == []
    assert two.sync.status().waiting_changes >= waiting
    in_step(one, two)
    assert topics(two) == topics(one)


def test_what_people_chose_stays_and_what_they_removed_is_not_guessed_again(make_desk: Maker) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    write(one, "chosen", "Offen für alle")
    write(one, "emptied", "Offen für alle")
    in_step(one, two)
    assert topics_of(two, "chosen") == topics_of(one, "chosen") == {}
    with two.store.unit_of_work(two.actor, "tag_service", ("service", "chosen")) as unit:
        unit.insert(ServiceTopic, {"id": "t1", "service_id": "chosen", "topic": "recht", "suggested": 0})
        unit.insert(ServiceTopic, {"id": "t2", "service_id": "emptied", "topic": "pflege", "suggested": 0})
    in_step(one, two)
    write(one, "chosen", "Jetzt Pflegeberatung")
    in_step(one, two)
    assert topics_of(one, "chosen") == topics_of(two, "chosen") == {"recht": 0}
    write(one, "emptied", "Jetzt Pflegeberatung")
    in_step(one, two)
    with two.store.unit_of_work(two.actor, "tag_service", ("service", "emptied")) as unit:
        unit.delete(ServiceTopic, "t2")
    in_step(one, two)
    assert topics_of(one, "emptied") == topics_of(two, "emptied") == {}


def test_a_service_that_only_now_says_what_it_does_gets_its_topics(make_desk: Maker) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    write(one, "late", "Angebot")
    in_step(one, two)
    assert topics_of(two, "late") == {}
    write(one, "late", "Pflegeberatung")
    in_step(one, two)
    assert topics_of(two, "late") == {"pflege": 1}
    assert "late" in found(two, "pflege")


def test_a_desk_that_had_the_directory_before_makes_up_for_it_once(make_desk: Maker, directory: Path) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    load(one, directory)
    one.connect()
    two.join(one)
    in_step(one, two)
    # As an earlier version of the program left it.
    with two.store.unit_of_work(two.actor, "forget", None, from_outside=True) as unit:
        unit.derived("DELETE FROM service_topic")
        unit.derived("DELETE FROM setting WHERE name = 'directory.topics_guessed'")
        index_services(unit, [row[0] for row in unit.sql("SELECT id FROM service")])
    assert found(two, topics(one)[0][1]) == set()
    two.round()
    assert topics(two) == topics(one)
    for topic in {row[1] for row in topics(one)}:
        assert found(two, topic) == found(one, topic)
    # Once: what somebody empties later stays empty.
    service = topics(two)[0][0]
    with two.store.unit_of_work(two.actor, "tag_service", ("service", service)) as unit:
        for (row_id,) in unit.sql("SELECT id FROM service_topic WHERE service_id = ?", (service,)):
            unit.delete(ServiceTopic, row_id)
    two.round()
    assert topics_of(two, service) == {}
    assert two.store.scalar(
        SettingTable.select(SettingTable.value).where(SettingTable.name == "directory.topics_guessed")
    )


def test_a_desk_without_a_network_makes_up_for_it_with_the_next_stick(
    make_desk: Maker, directory: Path, tmp_path: Path
) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    load(one, directory)
    one.connect()
    two.join(one)
    in_step(one, two)
    with two.store.unit_of_work(two.actor, "forget", None, from_outside=True) as unit:
        unit.derived("DELETE FROM service_topic")
        unit.derived("DELETE FROM setting WHERE name = 'directory.topics_guessed'")
    one.contact()
    stick = tmp_path / "stick"
    stick.mkdir()
    BundleService(one.store, one.engine).export(one.actor, stick)
    BundleService(two.store, two.engine).take_over(two.actor, stick)
    assert topics(two) == topics(one)
