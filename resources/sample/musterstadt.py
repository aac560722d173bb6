"""Rows of HSDS from `musterstadt.toml`: the invented organisations of the sample directory.

Ids are made of the keys, so the same text gives the same rows and an import knows them again.
"""

from __future__ import annotations

import tomllib
import uuid
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Row = dict[str, str]

SOURCE = Path(__file__).resolve().parent / "musterstadt.toml"
#: Tables that only the invented organisations have, by the name of their object in HSDS.
DETAIL_TABLES = {
    "schedule": "schedules",
    "language": "languages",
    "cost_option": "cost_options",
    "required_document": "required_documents",
    "accessibility": "accessibility",
}

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://musterstadt.example.org/verzeichnis")
_TOWN = {"city": "Musterstadt", "state_province": "Musterland", "postal_code": "12345", "country": "DE"}
_LANGUAGE_CODES = {
    "Deutsch": "de", "Englisch": "en", "Türkisch": "tr", "Arabisch": "ar", "Russisch": "ru", "Ukrainisch": "uk", "Polnisch": "pl",
}  # fmt: skip
#: Keys of the text and the columns of a service that they fill.
_SERVICE_COLUMNS = {
    "alternate_name": "alternate_name",
    "url": "url",
    "email": "email",
    "fees": "fees_description",
    "interpretation": "interpretation_services",
    "eligibility": "eligibility_description",
    "minimum_age": "minimum_age",
    "application": "application_process",
    "wait_time": "wait_time",
    "alert": "alert",
    "assured": "assured_date",
}
_ASSURER = "verzeichnis@musterstadt.example.org"


def tables(source: Path = SOURCE) -> dict[str, list[Row]]:
    """Return the rows of each table; columns that are left out are empty."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for organization in tomllib.loads(source.read_text(encoding="utf-8"))["organization"]:
        _add_organization(rows, organization)
    return dict(rows)


def _id(*keys: object) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, keys))))


def _add_organization(rows: dict[str, list[Row]], organization: dict[str, Any]) -> None:
    organization_id = _id("organization", organization["key"])
    columns = ("name", "alternate_name", "description", "email", "website", "legal_status")
    own = {column: organization[column] for column in columns if column in organization}
    rows["organizations"].append({"id": organization_id, **own})
    for place in organization["place"]:
        _add_place(rows, organization_id, place)
    for service in organization["service"]:
        _add_service(rows, organization_id, service)


def _add_place(rows: dict[str, list[Row]], organization_id: str, place: dict[str, Any]) -> None:
    location_id = _id("location", place["key"])
    rows["locations"].append(
        {
            "id": location_id,
            "organization_id": organization_id,
            "location_type": "physical",
            "name": place["name"],
            "transportation": place["transportation"],
        }
    )
    rows["addresses"].append(
        {
            "id": _id("address", place["key"]),
            "location_id": location_id,
            "address_1": place["street"],
            "region": place["district"],
            "address_type": "physical",
            **_TOWN,
        }
    )
    rows["accessibility"].extend(
        {"id": _id("accessibility", place["key"], number), "location_id": location_id, "description": feature}
        for number, feature in enumerate(place["accessibility"])
    )


def _add_service(rows: dict[str, list[Row]], organization_id: str, service: dict[str, Any]) -> None:
    key = service["key"]
    service_id = _id("service", key)
    row = {
        "id": service_id,
        "organization_id": organization_id,
        "name": service["name"],
        "description": service["description"].strip(),
        "status": "active",
    }
    row.update({column: service[name] for name, column in _SERVICE_COLUMNS.items() if name in service})
    if "assured" in service:
        row["assurer_email"] = _ASSURER
    rows["services"].append(row)
    for place in service["places"]:
        link_id = _id("service_at_location", key, place)
        rows["service_at_location"].append(
            {"id": link_id, "service_id": service_id, "location_id": _id("location", place)}
        )
        hours = service.get("place_hours", {}).get(place, ())
        rows["schedules"].extend(_schedules(hours, "service_at_location_id", link_id))
    rows["schedules"].extend(_schedules(service.get("hours", ()), "service_id", service_id))
    _add_details(rows, key, service_id, service)


def _add_details(rows: dict[str, list[Row]], key: str, service_id: str, service: dict[str, Any]) -> None:
    for number, phone in enumerate(service["phones"]):
        rows["phones"].append(
            {
                "id": _id("phone", key, number),
                "service_id": service_id,
                "number": phone["number"],
                "type": phone.get("type", "voice"),
                "description": phone.get("note", ""),
            }
        )
    for language in service["languages"]:
        code = _LANGUAGE_CODES[language]
        rows["languages"].append(
            {"id": _id("language", key, code), "service_id": service_id, "name": language, "code": code}
        )
    for number, cost in enumerate(service.get("costs", ())):
        amount = {"amount": cost["amount"], "currency": "EUR"} if "amount" in cost else {}
        rows["cost_options"].append(
            {
                "id": _id("cost_option", key, number),
                "service_id": service_id,
                "option": cost["option"],
                "amount_description": cost.get("note", ""),
                **amount,
            }
        )
    for number, document in enumerate(service.get("documents", ())):
        rows["required_documents"].append(
            {"id": _id("required_document", key, number), "service_id": service_id, "document": document}
        )


def _schedules(hours: Iterable[dict[str, str]], link: str, link_id: str) -> list[Row]:
    return [
        {
            "id": _id("schedule", link_id, number),
            link: link_id,
            **_rhythm(entry),
            "opens_at": entry.get("from", ""),
            "closes_at": entry.get("to", ""),
            "notes": entry.get("note", ""),
        }
        for number, entry in enumerate(hours)
    ]


def _rhythm(entry: dict[str, str]) -> Row:
    """Return how often: nothing without days, by the month if a day has a number („1TU“)."""
    if "days" not in entry:
        return {}
    monthly = any(day[0].isdigit() for day in entry["days"].split(","))
    return {
        "freq": "MONTHLY" if monthly else "WEEKLY",
        "interval": entry.get("interval", ""),
        "byday": entry["days"],
    }
