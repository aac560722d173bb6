"""One service in full."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import UserError
from desktop_app.directory.records import HoursRow, PhoneRecord
from desktop_app.directory.tables import ServiceVerification

SCHEDULE = "77777777-7777-4777-8777-00000000000"


def load(directory: Any, sources: Any, folder: Path, **more: list[dict[str, str]]) -> Any:
    tables = {**sources.one_service(), **more}
    directory.load(sources.write_tables(folder / "in", tables))
    return directory.queries.service(sources.SERVICE)


def test_a_small_service(directory: Any, sources: Any, tmp_path: Path) -> None:
    record = load(directory, sources, tmp_path)
    assert record.name == "Seniorenfrühstück"
    assert record.organization.name == "Nachbarschaftshaus"
    assert record.phones == (PhoneRecord("+49 208 1234", "", "voice", ""),)
    (place,) = record.places
    assert (place.name, place.address_lines) == ("Haus am Ring", ("Ringstr. 5", "46045 Musterstadt"))
    assert (place.postal_code, place.city) == ("46045", "Musterstadt")
    assert record.hours == (HoursRow("", "nach Vereinbarung / bitte erfragen", ""),)
    assert record.last_verified is None
    assert record.active


def test_the_official_example(directory: Any, sources: Any) -> None:
    directory.load(sources.hsds / "3.1.1" / "service_full.json")
    (hit,) = directory.queries.search("counselling")
    record = directory.queries.service(hit.service_id)
    assert record.alternate_name == "MyCity Counselling Services"
    assert record.languages[0].startswith("Urdu (")
    assert "interpret" in record.interpretation.casefold()
    assert record.costs == ("Under 18s and Over 60s, 35 GBP, per 1 hour session",)
    assert record.required_documents[0].startswith("Any official identification document")
    assert record.places[0].accessibility[0].startswith("The building is equipped")
    assert record.places[0].address_lines[-1] == "US"
    assert "Alter: 12 bis 100 Jahre" in record.eligibility
    assert record.alert.startswith("Following")
    # Its only schedule ended in 2005.
    assert record.hours[0].times.endswith("bitte erfragen")


def test_hours_of_the_service_come_first(directory: Any, sources: Any, tmp_path: Path) -> None:
    record = load(
        directory, sources, tmp_path,
        schedules=[
            {"id": SCHEDULE + "1", "service_id": sources.SERVICE, "location_id": "",
             "byday": "MO,TU,WE", "opens_at": "09:00", "closes_at": "12:00"},
            {"id": SCHEDULE + "2", "service_id": "", "location_id": sources.LOCATION,
             "byday": "FR", "opens_at": "08:00", "closes_at": "20:00"},
        ],
    )  # fmt: skip
    assert record.hours == (HoursRow("Mo–Mi", "9:00–12:00"),)
    assert record.places[0].hours == (HoursRow("Fr", "8:00–20:00"),)


def test_hours_of_the_only_place_count(directory: Any, sources: Any, tmp_path: Path) -> None:
    schedule = {
        "id": SCHEDULE + "1",
        "location_id": sources.LOCATION,
        "byday": "FR",
        "opens_at": "08:00",
        "closes_at": "",
    }
    record = load(directory, sources, tmp_path, schedules=[schedule])
    assert record.hours == (HoursRow("Fr", "ab 8:00"),)


def test_hours_that_differ_by_place_say_so(directory: Any, sources: Any, tmp_path: Path) -> None:
    tables = sources.one_service()
    second = sources.LOCATION[:-1] + "2"
    tables["locations"].append({**tables["locations"][0], "id": second, "name": "Treff"})
    tables["service_at_location"].append(
        {"id": tables["service_at_location"][0]["id"][:-1] + "2", "service_id": sources.SERVICE, "location_id": second}
    )
    tables["schedules"] = [
        {
            "id": SCHEDULE + "1",
            "location_id": sources.LOCATION,
            "byday": "MO",
            "opens_at": "08:00",
            "closes_at": "09:00",
        }
    ]
    directory.load(sources.write_tables(tmp_path / "in", tables))
    record = directory.queries.service(sources.SERVICE)
    assert [place.name for place in record.places] == ["Haus am Ring", "Treff"]
    assert record.hours == (HoursRow("", "je nach Ort verschieden"),)


def test_the_number_of_the_house_if_there_is_no_other(directory: Any, sources: Any, tmp_path: Path) -> None:
    phone = {"id": "55555555-5555-4555-8555-000000000001", "organization_id": sources.ORGANIZATION, "number": "0208 1"}
    record = load(directory, sources, tmp_path, phones=[phone])
    assert [phone.number for phone in record.phones] == ["0208 1"]


def test_numbers_of_contacts_are_named(directory: Any, sources: Any, tmp_path: Path) -> None:
    contact = "88888888-8888-4888-8888-000000000001"
    record = load(
        directory, sources, tmp_path,
        contacts=[{"id": contact, "service_id": sources.SERVICE, "name": "N. N.", "department": "Anmeldung"}],
        phones=[{"id": "55555555-5555-4555-8555-000000000001", "contact_id": contact, "number": "0208 2"}],
    )  # fmt: skip
    assert record.phones == (PhoneRecord("0208 2", "", "", "Anmeldung"),)


def test_prices_in_euro(directory: Any, sources: Any, tmp_path: Path) -> None:
    record = load(
        directory, sources, tmp_path,
        cost_options=[
            {"id": SCHEDULE + "1", "service_id": sources.SERVICE, "option": "Mittagessen", "currency": "EUR",
             "amount": "4.50", "amount_description": ""},
            {"id": SCHEDULE + "2", "service_id": sources.SERVICE, "option": "", "currency": "",
             "amount": "nach Einkommen", "amount_description": ""},
        ],
    )  # fmt: skip
    assert record.costs == ("Mittagessen, 4,50 €", "nach Einkommen")


def test_the_newest_verification_counts(directory: Any, sources: Any, tmp_path: Path) -> None:
    load(directory, sources, tmp_path)
    with directory.store.unit_of_work(directory.actor, "verify", ("service", sources.SERVICE)) as unit:
        for number, day in enumerate(("2026-03-01", "2026-09-03", "2025-12-24")):
            unit.insert(
                ServiceVerification,
                {
                    "id": str(number), "service_id": sources.SERVICE, "verified_on": day, "how": f"Weg {number}",
                    "verified_by": "EM",
                },
            )  # fmt: skip
    verified = directory.queries.service(sources.SERVICE).last_verified
    assert (verified.verified_on.isoformat(), verified.how) == ("2026-09-03", "Weg 1")
    assert directory.queries.search("frühstück")[0].last_verified == verified


def test_an_unknown_service(directory: Any) -> None:
    with pytest.raises(UserError, match="gibt es im Verzeichnis nicht"):
        directory.queries.service("nope")
    with pytest.raises(UserError):
        directory.queries.service("' OR 1=1 --")


def test_several_services_in_the_order_asked_for(shared_sample: Any) -> None:
    ids = [hit.service_id for hit in shared_sample.queries.search("", limit=5)]
    wanted = [ids[3], "unknown", ids[0], ids[4]]
    assert [record.service_id for record in shared_sample.queries.services_by_ids(wanted)] == [ids[3], ids[0], ids[4]]
    assert shared_sample.queries.services_by_ids([]) == []


def test_every_service_of_the_sample_can_be_shown(shared_sample: Any) -> None:
    ids = [service_id for (service_id,) in shared_sample.store.sql("SELECT id FROM service")]
    records = shared_sample.queries.services_by_ids(ids)
    assert len(records) == 395
    assert all(record.places and record.phones and record.hours for record in records)
