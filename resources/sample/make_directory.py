"""Make the sample directory: open data of Berlin-Lichtenberg without names of people, and invented organisations.

    python3 resources/sample/make_directory.py SOURCE_FOLDER

SOURCE_FOLDER is the tabular data package (HSDS) made of the rawdata of tursics/kiez-karte. The invented
organisations of „Musterstadt“ (`musterstadt.toml`) come after those of the source. The result is written
beside this file into `directory/`; the same sources give the same bytes. No name is listed here: names are
found by where they stand.

* Practices are named after their physician in the source („Fach: Dr. Nachname, Vorname“). They are named
  after subject and street instead, and get a number from the range that is reserved for invented numbers.
* A person behind the name of an organisation („…, Vorname Nachname, Funktion“) is cut off.
* An e-mail address is kept only if the part before the @ is made of the words of the organisation, its
  street or its function. One in place of a web address is moved to the e-mail column first.
* Mobile numbers, often private ones, are replaced like those of the practices.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import musterstadt

Row = dict[str, str]

TARGET = Path(__file__).resolve().parent / "directory"
SCHEMA = Path(__file__).resolve().parents[1] / "hsds" / "3.1.1" / "datapackage.json"
TABLES = ("organizations", "services", "locations", "addresses", "phones", "service_at_location")
FREE_MAIL = frozenset({"gmx", "web", "aol", "hotmail", "yahoo", "freenet", "online"})
FUNCTIONS = frozenset(
    {
        "info", "kontakt", "buero", "leitung", "presse", "netzwerk", "schulsozialarbeit", "sozialarbeit", "schulstation",
        "kita", "kontaktladen", "offenearbeit", "kieztreff", "sekretariat", "berlin", "lichtenberg", "hsh",
    }
)  # fmt: skip
GENERAL_PRACTICE = frozenset({"Allgemeinmedizin", "Arzt/Praktischer Arzt"})
PHYSICIAN = re.compile(r"(SR |Dr\. |Prof\. )*[^,]+, ?[^,]+")
PERSON_BEHIND = re.compile(r", [A-ZÄÖÜ]\w+ [A-ZÄÖÜ][\w-]+, \w+(?=$| – )")
MAIL_AS_ADDRESS = re.compile(r"https?://([^/@\s]+@[^/@\s]+)")
MOBILE = re.compile(r"(?:\+49 ?|0)1[567]\d[\d /-]{5,}")
INVENTED_NUMBERS = "030 23125{:03}"


def main(arguments: list[str]) -> int:
    """Make the sample; return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write(__doc__ or "")
        return 2
    source = Path(arguments[0])
    tables = {name: read(source / f"{name}.csv") for name in TABLES}
    clean(tables)
    columns = {name: list(rows[0]) for name, rows in tables.items()}
    details = [described for described in described_objects(SCHEMA) if described["name"] in musterstadt.DETAIL_TABLES]
    for described in details:
        columns[musterstadt.DETAIL_TABLES[described["name"]]] = [
            field["name"] for field in described["schema"]["fields"]
        ]
    for name, rows in musterstadt.tables().items():
        tables.setdefault(name, []).extend(rows)
    TARGET.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (TARGET / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns[name], restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    (TARGET / "datapackage.json").write_text(description(source, details), encoding="utf-8")
    return 0


def read(path: Path) -> list[Row]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def clean(tables: dict[str, list[Row]]) -> None:
    """Take the names of people out of all tables."""
    organizations = {row["id"]: row for row in tables["organizations"]}
    locations = {row["id"]: row for row in tables["locations"]}
    streets = {row["location_id"]: row["address_1"].strip() for row in tables["addresses"]}
    location_of = {row["service_id"]: row["location_id"] for row in tables["service_at_location"]}
    invented = iter(range(1000))
    practices: set[str] = set()
    for service in tables["services"]:
        organization = organizations[service["organization_id"]]
        location = locations[location_of[service["id"]]]
        street = streets[location["id"]]
        subject, _, name = service["name"].partition(": ")
        if organization["id"] in practices or (name.strip() and PHYSICIAN.fullmatch(organization["name"].strip())):
            practices.add(organization["id"])
            kind = "Hausarztpraxis" if subject in GENERAL_PRACTICE else f"Praxis für {subject}"
            service["name"] = location["name"] = f"{kind}, {street}"
            organization["name"] = f"Arztpraxis {street}"
            service["email"] = service["url"] = ""
        else:
            clean_service(service, organization, location, street)
    for organization in tables["organizations"]:
        organization["name"] = PERSON_BEHIND.sub("", organization["name"])
        organization["description"] = f"Träger/Einrichtung {organization['name']}"
    practice_services = {row["id"] for row in tables["services"] if row["organization_id"] in practices}
    for phone in tables["phones"]:
        if phone["service_id"] in practice_services:
            phone["number"] = INVENTED_NUMBERS.format(next(invented))
        else:
            phone["number"] = MOBILE.sub(lambda _: INVENTED_NUMBERS.format(next(invented)), phone["number"])


def clean_service(service: Row, organization: Row, location: Row, street: str) -> None:
    """Take names of people out of a service that is no practice."""
    misplaced = MAIL_AS_ADDRESS.fullmatch(service["url"])
    if misplaced:
        service["url"] = ""
        service["email"] = service["email"] or misplaced.group(1)
    service["name"] = location["name"] = PERSON_BEHIND.sub("", service["name"])
    house = (service["name"], PERSON_BEHIND.sub("", organization["name"]), street)
    if service["email"] and not is_of_the_house(service["email"], house):
        service["email"] = ""


def is_of_the_house(address: str, names: Iterable[str]) -> bool:
    """Whether the part before the @ speaks of the organisation and not of a person."""
    local, _, domain = address.casefold().partition("@")
    parts = [part for part in re.split(r"[^a-zäöüß0-9]+", local) if part]
    if any(len(part) == 1 for part in parts):
        return False
    known = " ".join([*names, *(label for label in domain.split(".")[:-1] if label not in FREE_MAIL)])
    words = [word for word in re.split(r"[^a-z0-9]+", spelled(known)) if len(word) >= 4]
    return all(
        part in FUNCTIONS or any(part in word or word in part for word in words)
        for part in map(spelled, parts)
        if len(part) > 2
    )


def spelled(text: str) -> str:
    """Return the text as it is spelled in an e-mail address."""
    return text.casefold().translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))


def described_objects(package: Path) -> list[dict[str, Any]]:
    """Return the descriptions of the tables in a data package."""
    resources: list[dict[str, Any]] = json.loads(package.read_text(encoding="utf-8"))["resources"]
    return resources


def description(source: Path, details: list[dict[str, Any]]) -> str:
    """Return the description of the package: that of the source, for the tables that are there, and `details`."""
    package = json.loads((source / "datapackage.json").read_text(encoding="utf-8"))
    package["name"] = "quartierslotse-sample"
    package["title"] = (
        "Beispielverzeichnis: Einrichtungen in Berlin-Lichtenberg, ohne Namen von Personen, "
        "dazu erfundene Angebote für ältere Menschen in Musterstadt"
    )
    package["licenses"] = [{"name": "CC-BY-3.0-DE"}, {"name": "CC0-1.0"}]
    known = [resource for resource in package["resources"] if Path(resource["path"]).stem in TABLES]
    package["resources"] = [*known, *(without_links_to_absent(resource) for resource in details)]
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def without_links_to_absent(resource: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a table, its path flat and its links only to tables that are in this package."""
    present = {
        *musterstadt.DETAIL_TABLES,
        "organization",
        "service",
        "location",
        "address",
        "phone",
        "service_at_location",
    }
    schema = dict(resource["schema"])
    links = [link for link in schema.get("foreignKeys", ()) if link["reference"]["resource"] in present]
    schema["foreignKeys"] = links
    return {**resource, "path": f"{musterstadt.DETAIL_TABLES[resource['name']]}.csv", "schema": schema}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
